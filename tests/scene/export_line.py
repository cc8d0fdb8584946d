"""A small line to export: two robots, two products, a buffer, failures, and turning ways."""

import shutil
from pathlib import Path

import numpy as np
from pxr import Sdf, Usd, UsdGeom

from twin.data import share_folder
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant.declared import ProductParams, ProgramParams, RobotParams
from twin.scene.author import apply, link, new_stage, stand

__all__ = ["write_line"]

ORIGIN = {"source": "made for a test", "confidence": "proposal"}
QUARTER = (np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5))  # a quarter turn left
PLACES = (  # name, parameters, xyz, wxyz
    ("In", Source(interval=9.0), (0, 0, 0.4), (1, 0, 0, 0)),
    ("Feed", Conveyor(length=6.0, speed=0.7, spacing=2.0), (0, 0, 0.4), (1, 0, 0, 0)),
    (
        "Weld",
        Station(transfer_time=3.0, form=1, mtbf=20.0, mttr=3.0),
        (9, 1, 0.4),
        (0.9238795325112867, 0, 0, 0.3826834323650898),
    ),
    ("Store", Buffer(capacity=1), (9, 1, 0.4), (1, 0, 0, 0)),
    ("Check", Station(process_time=16.0, transfer_time=2.0), (12, 4, 0.4), QUARTER),
    (
        "Out",
        Conveyor(length=4.0, speed=0.5, spacing=2.0, accumulating=False),
        (12, 4, 0.4),
        QUARTER,
    ),
    ("End", Sink(), (12, 8, 0.4), (1, 0, 0, 0)),
)
ROBOT = "robots/hs220/hs220.usda"
WAYPOINTS = (
    (0, 90, 0, 0, 0, 0),
    (40, 70, 20, -60, 50, 170),
    (55, 62, 31, -45, 40, 120),
    (-35, 110, -15, 80, -70, -200),
    (0, 90, 0, 0, 0, 0),
)


def write_line(folder: Path, *, copied: bool = True) -> Path:
    """Write scenes/line/line.usda, with its robot's asset beside it or where it is."""
    assets = share_folder() / "assets"
    if copied:
        shutil.copytree((assets / ROBOT).parent, (folder / "assets" / ROBOT).parent)
    robot = f"../../assets/{ROBOT}" if copied else str(assets / ROBOT)
    (folder / "scenes" / "line").mkdir(parents=True)
    path = folder / "scenes" / "line" / "line.usda"
    stage = new_stage(path, "Line")
    before: Usd.Prim | None = None
    for name, params, xyz, wxyz in PLACES:
        prim = UsdGeom.Xform.Define(stage, f"/Line/{name}").GetPrim()
        apply(prim, params, **ORIGIN)
        stand(prim, xyz, wxyz)
        if before:
            link(before, prim)
        before = prim
    for number, side in ((1, -2.2), (2, 2.2)):
        _robot(stage, f"/Line/Weld/Robot_{number}", robot, side)
    for name in ("Car", "Van"):
        _product(stage, f"/Line/Products/{name}")
    UsdGeom.Imageable(stage.DefinePrim("/Line/Products", "Scope")).MakeInvisible()
    stage.Save()
    return path


def _robot(stage: Usd.Stage, path: str, asset: str, side: float) -> None:
    prim = UsdGeom.Xform.Define(stage, path).GetPrim()
    prim.GetReferences().AddReference(asset)
    apply(prim, RobotParams(), **ORIGIN)
    turn = QUARTER if side < 0 else (QUARTER[0], 0.0, 0.0, -QUARTER[3])
    stand(prim, (0.0, side, 0.0), turn)
    for joint in ("joint_1", "joint_2", "joint_3", "joint_4", "joint_5", "joint_6"):
        _drive(stage.GetPrimAtPath(f"{path}/joints/{joint}"))
    for name, products, turned in (("Usual", (), 0.0), ("Van", ("Van",), 25.0)):
        program = stage.DefinePrim(f"{path}/Programs/{name}", "Scope")
        points = np.array(WAYPOINTS, float) * (1.0 if side < 0 else 0.9)
        points[:, 1] = np.clip(points[:, 1], 20, 150)
        points[1, 0] += turned
        points[-1] = points[0]
        dwells = (0.5, 0.7, 0.0, 1.1, 0.2)
        waypoints = tuple(points.ravel().tolist())
        values = ProgramParams(products=products, waypoints=waypoints, dwells=dwells)
        apply(program, values, **ORIGIN)


def _drive(joint: Usd.Prim) -> None:
    for name, value in (("maxSpeed", 120.0), ("maxAcceleration", 350.0), ("maxJerk", 3500.0)):
        if not joint.GetAttribute(f"twin:{name}").HasAuthoredValue():
            joint.CreateAttribute(f"twin:{name}", Sdf.ValueTypeNames.Double, custom=False).Set(
                value
            )


def _product(stage: Usd.Stage, path: str) -> None:
    prim = UsdGeom.Xform.Define(stage, path).GetPrim()
    apply(prim, ProductParams(forms=("raw", "welded")), **ORIGIN)
    for form, height in (("raw", 0.6), ("welded", 1.2)):
        UsdGeom.Xform.Define(stage, f"{path}/{form}")
        cube = UsdGeom.Cube.Define(stage, f"{path}/{form}/body")
        cube.CreateSizeAttr(height)
        cube.CreateExtentAttr([(-height / 2,) * 3, (height / 2,) * 3])
