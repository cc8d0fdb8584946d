"""Puts the scene together: the root layer and its sublayers by concern."""

from pathlib import Path

from pxr import Usd

from scenes.authoring.stage import author_cameras, author_physics
from scenes.authoring.usd import group
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.bodies import author_bodies
from scenes.general_assembly.authoring.carriers import author_carriers
from scenes.general_assembly.authoring.doors import author_doors
from scenes.general_assembly.authoring.hall import VIEWS, author_hall
from scenes.general_assembly.authoring.plan import ROOT
from scenes.general_assembly.authoring.products import author_kit, author_products
from scenes.general_assembly.authoring.robots import author_door_robot, author_robots, author_spots
from scenes.general_assembly.authoring.scenarios import author_scenarios
from scenes.general_assembly.authoring.supply import author_supply
from scenes.general_assembly.authoring.testing import author_tests
from twin.scene.author import new_layer, new_stage

__all__ = ["author"]

NAME = "general_assembly"
CONCERNS = {  # weakest first
    "layout": "What stands around the places: equipment, people, hall, products, cameras.",
    "process": "Where every place stands and what it does: parameters with origin, and links.",
    "control": "The robots at the doors and what they do.",
}
ABOUT = (
    "General assembly of an electric-car plant after HMGMA: trim, chassis, final and test with 120 "
    "stations, of which 48 are AGV islands and cells and 72 are sections of paced slat lines; a "
    "door loop with 14 robots, marriage, part AMRs on their rounds; 60 jobs/h gross. Written by "
    "author.py: change the numbers in authoring/plan.py, or override them in a layer."
)


def author(folder: Path) -> list[Path]:
    """Write all layers into a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    author_kit(folder / "kit.usda")
    author_door_robot(folder / "door_robot.usda")
    author_spots(folder / "spots.usda")
    carriers = author_carriers(folder, hoisted=plan.HOISTED, raised=plan.RAISED)
    layers = {name: new_layer(folder / f"{name}.usda", ROOT[1:]) for name in CONCERNS}
    for name, text in CONCERNS.items():
        layers[name].documentation = text
    root = new_stage(folder / f"{NAME}.usda", ROOT[1:])
    root.GetRootLayer().documentation = ABOUT
    root.GetRootLayer().subLayerPaths = [f"./{name}.usda" for name in reversed(CONCERNS)]
    with Usd.EditContext(root, layers["process"]):
        group(root, f"{ROOT}/Plant")
        author_tests(root)
        author_bodies(root)
        author_doors(root)
        author_supply(root)
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
    written = [folder / f"{name}.usda" for name in (NAME, *CONCERNS, "kit", "door_robot", "spots")]
    return [*written, *carriers, *scenarios]
