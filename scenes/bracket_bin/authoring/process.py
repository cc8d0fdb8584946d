"""Process and control layers: the places, the robot with its magnet, its program, the cell."""

from functools import cache
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom

from scenes.authoring.equipment import equip
from scenes.authoring.usd import group
from scenes.bracket_bin.authoring.layout import BODIES, DROPPING, VOLUME
from scenes.bracket_bin.authoring.plan import (
    ASSETS,
    BIN,
    BRACKET,
    CLEAR,
    DROP,
    HOME,
    OWN,
    PICK,
    PLACE,
    ROOT,
    TOOL,
)
from scenes.bracket_bin.authoring.shapes import looks, rod
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.store import Store
from twin.motion import Arm
from twin.motion.frame import about, matrix_from, pose_from
from twin.motion.inverse import follow
from twin.plant.declared import CellParams, ProgramParams, RobotParams
from twin.scene.author import apply, new_stage, stand
from twin.scene.robots import ArmReader

__all__ = ["author_control", "author_process", "author_robot"]

PLANT = f"{ROOT}/Plant"
ROBOT = f"{PLANT}/Pick/Robot"
GRIP, SLACK = 0.4, 1.2  # s: wait at pick and place, and at home for brackets that lie far
REST = (0.0, 90.0, 0.0, 0.0, 0.0, 0.0)  # deg
BELT = 0.2  # m/s


def author_process(stage: Usd.Stage) -> None:
    """Source, bin, picking station, belt, spot welder and the way out."""
    group(stage, PLANT)
    path = {name: f"{PLANT}/{name}" for name in ("Supply", "Bin", "Pick", "Belt", "Weld", "Out")}
    supply = Source(interval=1.5, interval_distribution="uniform", interval_spread=1.0)
    equip(stage, path["Supply"], supply, OWN, xyz=DROP, to=[path["Bin"]])
    equip(stage, path["Bin"], Store(capacity=24), OWN, xyz=BIN, to=[path["Pick"]])
    equip(
        stage,
        path["Pick"],
        Station(process_time=0.0, transfer_time=0.1),
        OWN,
        xyz=PLACE,
        to=[path["Belt"]],
    )
    belt = Conveyor(length=1.5, speed=BELT, spacing=0.15)
    equip(stage, path["Belt"], belt, OWN, xyz=PLACE, turn=180.0, to=[path["Weld"]])
    weld = Station(process_time=4.0, mtbf=600.0, mttr=20.0)
    at = (PLACE[0] - 1.5, PLACE[1], PLACE[2])
    equip(stage, path["Weld"], weld, OWN, xyz=at, turn=180.0, to=[path["Out"]])
    equip(stage, path["Out"], Sink(), OWN, xyz=at)


def author_robot(path: Path) -> None:
    """Write the robot with a magnet on a rod, standing at home."""
    stage = new_stage(path, "BinRobot", kind="component")
    root = stage.GetDefaultPrim()
    root.SetDocumentation("HH020 with a magnet on a rod, at home.")
    root.GetReferences().AddReference(f"{ASSETS}/robots/hh020/hh020.usda")
    for number, frame in enumerate(_arm().link_frames(np.array([_program()[0]]))[0][1:], start=1):
        xyz, wxyz = (np.round(part, 9).tolist() for part in pose_from(frame))
        link = stage.OverridePrim(f"/BinRobot/link_{number}")
        link.CreateAttribute("xformOp:translate", Sdf.ValueTypeNames.Double3).Set(Gf.Vec3d(*xyz))
        turn = link.CreateAttribute("xformOp:orient", Sdf.ValueTypeNames.Quatd)
        turn.Set(Gf.Quatd(wxyz[0], *wxyz[1:]))
    tool = "/BinRobot/link_6/Magnet"
    group(stage, tool, kind="subcomponent")
    look = looks(stage, f"{tool}/Looks", "Steel", "Pad")
    rod(stage, f"{tool}/mount", (0.0, 0.03), radius=0.04, look=look["Steel"])
    rod(stage, f"{tool}/rod", (0.03, TOOL - 0.012), radius=0.012, look=look["Steel"])
    rod(stage, f"{tool}/pad", (TOOL - 0.012, TOOL), radius=0.018, look=look["Pad"])
    stand(UsdGeom.Xform.Define(stage, f"{tool}/tip").GetPrim(), (TOOL, 0.0, 0.0))
    stage.GetRootLayer().Save()


def author_control(stage: Usd.Stage) -> None:
    """The robot of the picking station, its program, and the cell around the bin."""
    robot = stage.DefinePrim(ROBOT, "Xform")
    robot.GetReferences().AddReference("./bin_robot.usda")
    stand(robot, (-PLACE[0], -PLACE[1], -PLACE[2]))
    apply(robot, RobotParams(), source=OWN[0], confidence=OWN[1])
    UsdGeom.Scope.Define(stage, f"{ROBOT}/Programs")
    own = stage.DefinePrim(f"{ROBOT}/Programs/Fetch", "Scope")
    degrees = np.round(np.degrees(np.array(_program())), 4) + 0.0
    dwells = (0.0, 0.0, GRIP, 0.0, 0.0, GRIP, 0.0, SLACK)
    params = ProgramParams(waypoints=tuple(degrees.ravel().tolist()), dwells=dwells)
    apply(own, params, source="own way, solved for the HH020", confidence="proposal")
    cell = stage.DefinePrim(f"{ROOT}/Cell", "Scope")
    params = CellParams(
        holds=(f"{PLANT}/Bin",), drop=(DROPPING,), bodies=tuple(BODIES), picker=(ROBOT,),
        tool=(f"{ROBOT}/link_6/Magnet/tip",), volume=(VOLUME,), pick=3, place=6, friction=0.3,
        capacity=28, scatter=40.0,
    )  # fmt: skip
    apply(cell, params, source=OWN[0], confidence=OWN[1])


@cache
def _arm() -> Arm:
    stage = Usd.Stage.Open(str(Path(__file__).parents[3] / "assets/robots/hh020/hh020.usda"))
    return ArmReader().read(stage.GetDefaultPrim())[0]


@cache
def _program() -> tuple[tuple[float, ...], ...]:
    """Home, over the bin, pick, up, over the belt, place, up, home: joints [rad]."""
    over_bin, over_belt = (*PICK[:2], PICK[2] + CLEAR), (*PLACE[:2], PLACE[2] + 0.25)
    place = (*PLACE[:2], PLACE[2] + BRACKET[3])
    tips = [HOME, over_bin, PICK, over_bin, over_belt, place, over_belt, HOME]
    down = about((0.0, 1.0, 0.0), np.pi / 2)  # the tool's X axis points at the floor
    flanges = np.array([matrix_from((x, y, z + TOOL), down) for x, y, z in tips])
    joints = follow(_arm(), flanges, np.radians(REST))
    joints[:, 5] = np.unwrap(joints[:, 5])  # no whole turns of the flange
    return tuple(tuple(row) for row in joints.tolist())
