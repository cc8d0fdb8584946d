"""Puts the scene together: the root layer and its sublayers by concern."""

from pathlib import Path

from pxr import Usd

from scenes.authoring.stage import author_cameras, author_physics
from scenes.authoring.usd import group
from scenes.cell_factory.authoring.cells import author_cells, author_people
from scenes.cell_factory.authoring.hall import VIEWS, author_hall
from scenes.cell_factory.authoring.plan import ROOT
from scenes.cell_factory.authoring.products import author_kit, author_products
from scenes.cell_factory.authoring.roads import author_roads
from scenes.cell_factory.authoring.robots import author_cell_robot, author_robots, author_screws
from scenes.cell_factory.authoring.scenarios import author_scenarios
from scenes.cell_factory.authoring.supply import author_fleets, author_supply
from twin.scene.author import new_layer, new_stage

__all__ = ["author"]

NAME = "cell_factory"
CONCERNS = {  # weakest first
    "layout": "What stands around the places: equipment, people, hall, products, cameras.",
    "process": "Where every place stands and what it does: parameters with origin, and links.",
    "control": "The robots of the cells and what they do.",
}
ABOUT = (
    "Cell factory for electric cars after HMGICS: 27 oval cells in three rows (an assumed count "
    "that no source confirms), one worker and a robot at each, four models with their own routes, "
    "bodies carried by 20 AGVs and kits by 21 AMRs on shared one-way lanes; 7.5 cars/h. Written by "
    "author.py: change the numbers in authoring/plan.py, or override them in a layer."
)


def author(folder: Path) -> list[Path]:
    """Write all layers into a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    author_kit(folder / "kit.usda")
    author_cell_robot(folder / "cell_robot.usda")
    author_screws(folder / "screws.usda")
    layers = {name: new_layer(folder / f"{name}.usda", ROOT[1:]) for name in CONCERNS}
    for name, text in CONCERNS.items():
        layers[name].documentation = text
    root = new_stage(folder / f"{NAME}.usda", ROOT[1:])
    root.GetRootLayer().documentation = ABOUT
    root.GetRootLayer().subLayerPaths = [f"./{name}.usda" for name in reversed(CONCERNS)]
    with Usd.EditContext(root, layers["process"]):
        group(root, f"{ROOT}/Plant")
        group(root, f"{ROOT}/Plant/Lanes")
        author_people(root)
        author_cells(root)
        author_fleets(root)
        author_supply(root)
        author_roads(root)
    with Usd.EditContext(root, layers["control"]):
        author_robots(root)
    with Usd.EditContext(root, layers["layout"]):
        author_products(root)
        author_hall(root)
        author_cameras(root, ROOT, VIEWS)
        author_physics(root, ROOT)
    for layer in (*layers.values(), root.GetRootLayer()):
        layer.Save()
    scenarios = author_scenarios(folder / "scenarios", folder / f"{NAME}.usda")
    written = [folder / f"{name}.usda" for name in (NAME, *CONCERNS, "kit", "cell_robot", "screws")]
    return [*written, *scenarios]
