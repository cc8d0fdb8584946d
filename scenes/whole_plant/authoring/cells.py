"""Weld cells of the library: robots with their programs, solved once and used again and again."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from pxr import Usd, UsdGeom

from scenes.authoring.usd import refer
from scenes.body_shop.authoring.layout import mounts
from scenes.whole_plant.authoring import numbers as n
from scenes.whole_plant.authoring.kit import BODY
from scenes.whole_plant.authoring.weld_jobs import Weld, welds
from twin.kinds.station import Station
from twin.plant.declared import ProgramParams, RobotParams
from twin.scene.author import apply, new_stage, stand

__all__ = ["CELLS", "author_cells"]

PLAN = ("planned by twin weld for the scene body_shop, cut to fewer spots", "proposal")
WELD = (
    "stroke 0.5 s, squeeze 0.5 s, 14 cycles of 60 Hz for 0.8 mm, hold a third (bestamp.co.kr)",
    "D",
)
DIGITS = 3  # of a joint position [deg]: a tool tip stays within 0.1 mm
DRESS: tuple[str, str] = ("tip dress every 10 to 20 bodies, 8 to 10 s, engineering judgement", "U")
COMMON = "Suv"  # the type whose program robots run for all that has no own
SPOTS = 18  # of a robot on the main line
FEW = 8  # of a robot at a sub-assembly
BODY_SHOP = "../../body_shop"
ROUNDS = {"a": "Station_030", "b": "Station_050", "c": "Station_070", "d": "Station_090"}
CELLS = {  # name: equipment, station of the body shop that works as it does, robots by number
    **{f"respot_{p}": ("respot", station, (1, 2, 3, 4, 5, 6)) for p, station in ROUNDS.items()},
    **{f"pair_{p}": ("respot", station, (1, 4)) for p, station in ROUNDS.items()},
    "single": ("respot", ROUNDS["a"], (2,)),
    "framing": ("framing", "Station_020", (1, 2, 3, 4, 5, 6, 7, 8)),
    "roof": ("roof", "Station_110", (1, 2, 3, 4)),
}


def author_cells(folder: Path) -> list[Path]:
    """Write all weld cells; return their files."""
    return [_author(folder / f"{name}.usda", name) for name in CELLS]


def _author(path: Path, name: str) -> Path:
    equipment, station, numbers = CELLS[name]
    main = len(numbers) > 2
    root = name.title().replace("_", "")
    stage = new_stage(path, root, kind="component")
    prim = stage.GetDefaultPrim()
    prim.SetDocumentation(f"Weld cell with {len(numbers)} robots.")
    params = Station(
        process_time=3.0 if main else 10.0, transfer_time=10.0, maintenance_count=15,
        maintenance_time=8.0, form={"framing": 1, "roof": 2}.get(name, 0), **BODY,
    )  # fmt: skip
    apply(
        prim, params, source=n.ROUTE[0], confidence=n.ROUTE[1],
        provenance={
            "transfer_time": n.TRANSFER, "mtbf": n.BODY_FAILS, "mttr": n.BODY_FAILS,
            "maintenance_count": DRESS, "maintenance_time": DRESS,
        },
    )  # fmt: skip
    asset = "../../../assets/stations/station/station.usda"
    refer(stage, f"/{root}/Equipment", asset, variant=("equipment", equipment))
    types = n.TYPES if main else (COMMON,)
    found = {t: welds(station, numbers, t, SPOTS if main else FEW) for t in types}
    for row, number in enumerate(numbers):
        own = {product: each[row] for product, each in found.items()}
        _robot(stage, f"/{root}", equipment, number, found=own)
    stage.GetRootLayer().Save()
    return path


def _robot(
    stage: Usd.Stage,
    cell: str,
    equipment: str,
    number: int,
    *,
    found: Mapping[str, Weld],
) -> None:
    xyz, wxyz = mounts(equipment)[number - 1]
    robot = stage.DefinePrim(f"{cell}/Robot_{number}", "Xform")
    robot.GetReferences().AddReference(f"{BODY_SHOP}/spot_robot.usda")
    stand(robot, xyz, wxyz)
    apply(robot, RobotParams(), source=PLAN[0], confidence=PLAN[1])
    UsdGeom.Scope.Define(stage, f"{robot.GetPath()}/Programs")
    for product, weld in found.items():
        path = f"{robot.GetPath()}/Programs/{product}"
        params = _program(product, weld)
        if product == COMMON:
            params = replace(params, products=())
        prim = stage.DefinePrim(path, "Scope")
        apply(prim, params, source=PLAN[0], confidence=PLAN[1], provenance={"dwells": WELD})


def _program(product: str, solved: Weld) -> ProgramParams:
    """Joint positions in degrees, rounded."""
    degrees = np.round(np.degrees(solved.waypoints), DIGITS) + 0.0  # without -0
    return ProgramParams(
        products=(product,),
        waypoints=tuple(degrees.ravel().tolist()),
        dwells=tuple(solved.dwells.tolist()),
    )
