"""Puts the scene together: the root layer and its sublayers by concern."""

from pathlib import Path

from pxr import Usd

from scenes.authoring.stage import author_cameras, author_physics
from scenes.bracket_bin.authoring.layout import VIEWS, author_bracket, author_layout
from scenes.bracket_bin.authoring.plan import ROOT
from scenes.bracket_bin.authoring.process import author_control, author_process, author_robot
from twin.scene.author import new_layer, new_stage

__all__ = ["author"]

NAME = "bracket_bin"
CONCERNS = {  # weakest first
    "layout": "What stands in the cell: bin, chute, belt, floor, the bracket, cameras.",
    "process": "Where every place stands and what it does: parameters with origin, and links.",
    "control": "The robot with its program, and the cell whose parts are bodies.",
}
ABOUT = (
    "A bin of brackets fed to a spot welder: brackets slide down a chute into a bin and pile up, a "
    "robot picks them one by one with a magnet and lays them on a belt. With the extra hifi the "
    "brackets in the bin are bodies that slide, tip and pile. Written by author.py."
)


def author(folder: Path) -> list[Path]:
    """Write all layers into a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    author_robot(folder / "bin_robot.usda")
    layers = {name: new_layer(folder / f"{name}.usda", ROOT[1:]) for name in CONCERNS}
    for name, text in CONCERNS.items():
        layers[name].documentation = text
    root = new_stage(folder / f"{NAME}.usda", ROOT[1:])
    root.GetRootLayer().documentation = ABOUT
    root.GetRootLayer().subLayerPaths = [f"./{name}.usda" for name in reversed(CONCERNS)]
    with Usd.EditContext(root, layers["process"]):
        author_process(root)
    with Usd.EditContext(root, layers["control"]):
        author_control(root)
    with Usd.EditContext(root, layers["layout"]):
        author_bracket(root)
        author_layout(root)
        author_cameras(root, ROOT, VIEWS)
        author_physics(root, ROOT)
    for layer in (*layers.values(), root.GetRootLayer()):
        layer.Save()
    return [folder / f"{name}.usda" for name in (NAME, *CONCERNS, "bin_robot")]
