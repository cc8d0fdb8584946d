"""Carriers of this hall that no asset shows: for doors, for bodies at the marriage, for chassis."""

from pathlib import Path

from pxr import UsdGeom

from scenes.authoring.boxes import Box, boxes
from scenes.authoring.usd import Vector, material
from twin.scene.author import new_stage

__all__ = ["GONDOLA_RAIL", "author_carriers"]

RAIL, GONDOLA_RAIL = 4.0, 4.8  # undersides of the monorails [m]
YELLOW: Vector = (0.80, 0.58, 0.05)
DARK: Vector = (0.10, 0.11, 0.12)


def author_carriers(folder: Path, *, hoisted: float, raised: float) -> list[Path]:
    """Write them, each in the frame of what it carries; they hang so far above their low place."""
    return [
        _author(
            folder / "hanger.usda",
            "A frame over the roof with arms that hold four doors as they stand in the body.",
            _hanger(RAIL - hoisted),
            [(x, s * 1.05, 1.25, 0.10, 0.14, 0.10) for x in DOORS for s in (-1, 1)],
        ),
        _author(
            folder / "gondola.usda",
            "A frame over the roof with four arms that hold a body by its sills.",
            _gondola(GONDOLA_RAIL - raised),
            [(x, s * 0.85, 0.60, 0.10, 0.12, 0.03) for x in SILLS for s in (-1, 1)],
        ),
        _author(
            folder / "chassis_agv.usda",
            "A low AGV for chassis, 4.1 x 1.4 x 0.18 m.",
            [(0, 0, 0.165, 4.1, 1.4, 0.03)],
            [(0, 0, 0.095, 4.0, 1.3, 0.11)],
        ),
        _author(
            folder / "chassis_lift.usda",
            "A lift's table, 0.18 m high when it is down; its columns come out of the floor.",
            [(0, 0, 0.165, 4.5, 0.9, 0.03)],
            [(x, 0, 0.15 - raised / 2, 0.12, 0.25, raised) for x in (-2.18, 2.18)],
        ),
    ]


DOORS = (-0.75, 0.45)  # x of the arms for doors [m]
SILLS = (-0.85, 0.85)  # x of the arms for sills [m]


def _hanger(top: float) -> list[Box]:
    spine: list[Box] = [(-0.15, 0, top - 0.05, 1.6, 0.12, 0.10)]
    for x in DOORS:
        spine.append((x, 0, top - 0.13, 0.08, 2.50, 0.06))
        for s in (-1, 1):
            middle, height = (top - 0.10 + 1.20) / 2, top - 0.10 - 1.20
            spine.append((x, s * 1.22, middle, 0.06, 0.06, height))
            spine.append((x, s * 1.16, 1.25, 0.06, 0.10, 0.06))
    return spine


def _gondola(top: float) -> list[Box]:
    frame: list[Box] = [(0, 0, top - 0.06, 2.4, 0.16, 0.12)]
    for x in SILLS:
        frame.append((x, 0, top - 0.17, 0.12, 2.60, 0.10))
        for s in (-1, 1):
            middle, height = (top - 0.12 + 0.52) / 2, top - 0.12 - 0.52
            frame.append((x, s * 1.25, middle, 0.10, 0.10, height))
            frame.append((x, s * 1.05, 0.555, 0.10, 0.50, 0.06))
    return frame


def _author(path: Path, doc: str, frame: list[Box], pads: list[Box]) -> Path:
    name = "".join(each.title() for each in path.stem.split("_"))
    stage = new_stage(path, name, kind="component")
    stage.GetDefaultPrim().SetDocumentation(doc)
    UsdGeom.Scope.Define(stage, f"/{name}/Looks")
    boxes(stage, f"/{name}/frame", frame, material(stage, f"/{name}/Looks/Frame", YELLOW, 0.5))
    boxes(stage, f"/{name}/pads", pads, material(stage, f"/{name}/Looks/Pads", DARK, 0.9))
    stage.GetRootLayer().Save()
    return path
