"""Puts the scene together: the root layer and its sublayers by concern, then the scenarios."""

from pathlib import Path

from pxr import Usd

from scenes.authoring.stage import author_cameras, author_physics
from scenes.body_shop.authoring.control import author_programs, author_welders
from scenes.body_shop.authoring.hall import author_hall
from scenes.body_shop.authoring.layout import (
    VIEWS,
    author_line,
    author_products,
    author_spot_robot,
)
from scenes.body_shop.authoring.process import author_process
from scenes.body_shop.authoring.scenarios import author_scenarios
from twin.scene.author import new_layer, new_stage

__all__ = ["author"]

CONCERNS = {  # weakest first
    "layout": "What stands where: line, products, hall, cameras.",
    "process": "What it does: parameters with source and confidence, links, sequence.",
    "control": "How robots do it: one program for each robot and product.",
}
ABOUT = (
    "Framing and respot line of a body shop: 12 stations at 7 m pitch, 60 robots, 60 jobs/h, three "
    "bodies in a levelled sequence. Written by author.py: change the numbers there, or override "
    "them in a layer such as those in scenarios/."
)


def author(folder: Path) -> list[Path]:
    """Write all layers into a folder; return their paths."""
    (folder / "scenarios").mkdir(parents=True, exist_ok=True)
    author_spot_robot(folder / "spot_robot.usda")
    layers = {name: new_layer(folder / f"{name}.usda", "BodyShop") for name in CONCERNS}
    for name, text in CONCERNS.items():
        layers[name].documentation = text
    root = new_stage(folder / "body_shop.usda", "BodyShop")
    root.GetRootLayer().documentation = ABOUT
    root.GetRootLayer().subLayerPaths = [f"./{name}.usda" for name in reversed(CONCERNS)]
    with Usd.EditContext(root, layers["layout"]):
        author_line(root)
        author_products(root)
        author_hall(root)
        author_cameras(root, "/BodyShop", VIEWS)
        author_physics(root, "/BodyShop")
    with Usd.EditContext(root, layers["process"]):
        author_process(root)
    with Usd.EditContext(root, layers["control"]):
        author_welders(root)
        author_programs(root)
    for layer in (*layers.values(), root.GetRootLayer()):
        layer.Save()
    scenarios = author_scenarios(folder / "scenarios", folder / "body_shop.usda")
    written = [folder / f"{name}.usda" for name in ("body_shop", *CONCERNS, "spot_robot")]
    return [*written, *scenarios]
