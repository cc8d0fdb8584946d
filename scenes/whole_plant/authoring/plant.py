"""Puts the scene together: the library of stations, the shops, and the root layer over them."""

from pathlib import Path

from pxr import Usd

from scenes.authoring.stage import author_cameras, author_physics
from scenes.whole_plant.authoring import numbers as n
from scenes.whole_plant.authoring.assembly import author_assembly
from scenes.whole_plant.authoring.body import author_body
from scenes.whole_plant.authoring.cells import CELLS, author_cells
from scenes.whole_plant.authoring.halls import VIEWS, author_halls
from scenes.whole_plant.authoring.kit import KINDS, author_kit
from scenes.whole_plant.authoring.paint import author_paint
from scenes.whole_plant.authoring.press import author_press
from scenes.whole_plant.authoring.products import author_products
from scenes.whole_plant.authoring.scenarios import author_scenarios
from scenes.whole_plant.authoring.walk import CALENDAR, Site
from twin.kinds.calendar import Calendar
from twin.scene.author import apply, new_layer, new_stage

__all__ = ["author"]

CONCERNS = {  # weakest first
    "site": "Shifts, products, cameras.",
    "press": "Press shop: five lines, lots, die changes, panel stores.",
    "body": "Body shop: underbody, sides, framing, closures; 475 robots.",
    "paint": "Paint shop: pretreatment, coats, ovens, inspection, rework; the store after it.",
    "assembly": "General assembly: trim, chassis, final, test, and the lines of their modules.",
}
ABOUT = (
    "A car plant of 61 cars an hour: press, body, paint and assembly, from blanks to the finished "
    "car. Written by author.py: change the numbers there, or override them in a layer of your own."
)


def author(folder: Path) -> list[Path]:
    """Write all layers into a folder; return their paths."""
    (folder / "stations").mkdir(parents=True, exist_ok=True)
    library = [*author_kit(folder / "stations"), *author_cells(folder / "stations")]
    layers = {name: new_layer(folder / f"{name}.usda", "WholePlant") for name in CONCERNS}
    for name, text in CONCERNS.items():
        layers[name].documentation = text
    root = new_stage(folder / "whole_plant.usda", "WholePlant")
    root.GetRootLayer().documentation = ABOUT
    root.GetRootLayer().subLayerPaths = [f"./{name}.usda" for name in reversed(CONCERNS)]
    site = Site(root)
    site.pitches = {name: kind.pitch for name, kind in KINDS.items()} | dict.fromkeys(CELLS, 7.0)
    root.SetEditTarget(layers["site"])
    _site(root)
    root.SetEditTarget(layers["press"])
    press = author_press(site)
    root.SetEditTarget(layers["body"])
    body = author_body(site, press)
    root.SetEditTarget(layers["paint"])
    painted = author_paint(site, body)
    root.SetEditTarget(layers["assembly"])
    author_assembly(site, painted)
    site.write_links()
    for layer in (*layers.values(), root.GetRootLayer()):
        layer.Save()
    scenarios = author_scenarios(folder / "scenarios", folder / "whole_plant.usda")
    written = [folder / f"{name}.usda" for name in ("whole_plant", *CONCERNS)]
    return [*written, *library, *scenarios]


def _site(stage: Usd.Stage) -> None:
    shifts = Calendar(starts=(0.0, 43_200.0), ends=(36_000.0, 79_200.0))
    apply(stage.DefinePrim(CALENDAR, "Scope"), shifts, source=n.SHIFTS[0], confidence=n.SHIFTS[1])
    author_products(stage)
    author_halls(stage)
    author_cameras(stage, "/WholePlant", VIEWS)
    author_physics(stage, "/WholePlant")
