"""Control layer: the fourteen robots that unscrew doors and screw them on again.

They go by targets: spots beside the doors, which stand in the station and are the same for all
bodies. The tool comes within 5 to 9 cm of the widest body and the narrowest.
"""

from functools import cache
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom

from scenes.authoring.boxes import Box, boxes
from scenes.authoring.usd import about_z, group, material, refer
from scenes.body_shop.authoring.welding import arm_of
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import ASSETS, path
from twin.motion import inverse
from twin.motion.frame import matrix_from, pose_from
from twin.plant.declared import ProgramParams, RobotParams
from twin.scene.author import apply, new_stage, stand

__all__ = ["COUNTS", "author_door_robot", "author_robots", "author_spots"]

COUNTS = {"T02": 8, "F35": 6}
ASIDE, UP = 2.85, 0.30  # where a robot stands on its pedestal, beside the body [m]
HOME = (1.15, 0.0, 1.05)  # of the flange, in the robot's frame [m]; it always looks at the body
TIP = 0.36  # of the cups, along the flange's X axis [m]
BESIDE, BEFORE = 1.02, 1.28  # of the tip at a spot and before it, from the body's middle [m]
ALONG = (0.5**0.5, 0.0, 0.5**0.5, 0.0)  # Z of the tip along X of the flange
KINDS = "before", "spot"
TOOL = "link_6/Gripper/tcp"
PASSING = 0.08  # m, how near it passes the point before a spot
NEAR = 0.3  # m/s, at the body
STAND = {"T02": (-2.0, -0.65, 0.65, 2.0), "F35": (-2.2, 0.0, 2.2)}  # x on each side [m]
SPOTS = {  # for each robot of a side: x, z of its spots [m] and time there [s]
    "T02": (
        ((-1.22, 1.10, 20.0),),
        ((-0.45, 0.80, 7.0), (-0.45, 1.30, 8.0)),
        ((0.28, 1.10, 20.0),),
        ((1.05, 0.80, 7.0), (1.05, 1.30, 8.0)),
    ),
    "F35": (
        ((-1.15, 0.80, 9.0), (-1.15, 1.25, 9.0)),
        ((-0.40, 1.00, 8.0), (0.20, 1.00, 8.0)),
        ((1.00, 0.85, 11.0), (1.00, 1.15, 6.0)),
    ),
}
DIGITS = 3  # of joint positions [deg]


def author_door_robot(path: Path) -> None:
    """Write the robot with its gripper, standing at home."""
    stage = new_stage(path, "DoorRobot", kind="component")
    root = stage.GetDefaultPrim()
    root.SetDocumentation("HS220 with a frame of suction cups for doors, at home.")
    root.GetReferences().AddReference(f"{ASSETS}/robots/hs220/hs220.usda")
    frames = arm_of().link_frames(np.array([_home()]))[0]
    for number, frame in enumerate(frames[1:], start=1):
        xyz, wxyz = (np.round(part, 9).tolist() for part in pose_from(frame))
        link = stage.OverridePrim(f"/DoorRobot/link_{number}")
        link.CreateAttribute("xformOp:translate", Sdf.ValueTypeNames.Double3).Set(Gf.Vec3d(*xyz))
        turn = link.CreateAttribute("xformOp:orient", Sdf.ValueTypeNames.Quatd)
        turn.Set(Gf.Quatd(wxyz[0], *wxyz[1:]))
    _gripper(stage, "/DoorRobot/link_6/Gripper")
    stand(stage.DefinePrim(f"/DoorRobot/{TOOL}", "Xform"), (TIP, 0.0, 0.0), ALONG)
    stage.GetRootLayer().Save()


def _gripper(stage: Usd.Stage, at: str) -> None:
    """A mast, a frame across it and four cups, along the flange's X axis."""
    group(stage, at, kind="subcomponent")
    UsdGeom.Scope.Define(stage, f"{at}/Looks")
    frame = material(stage, f"{at}/Looks/Frame", (0.62, 0.64, 0.66), 0.4)
    cup = material(stage, f"{at}/Looks/Cup", (0.05, 0.05, 0.05), 0.9)
    frames: list[Box] = [(0.10, 0, 0, 0.20, 0.12, 0.12), (0.23, 0, 0, 0.06, 0.46, 0.06)]
    frames += [(0.23, y, 0, 0.06, 0.06, 0.44) for y in (-0.2, 0.2)]
    boxes(stage, f"{at}/frame", frames, frame)
    cups: list[Box] = [(0.31, y, z, 0.10, 0.09, 0.09) for y in (-0.2, 0.2) for z in (-0.19, 0.19)]
    boxes(stage, f"{at}/cups", cups, cup)


@cache
def _home() -> tuple[float, ...]:
    """Joint positions [rad]."""
    start = np.array([0.0, np.pi / 2, 0.0, 0.0, 0.0, 0.0])
    frame = matrix_from(HOME, (1.0, 0.0, 0.0, 0.0))
    joints = inverse.nearest(arm_of(), inverse.solve(arm_of(), frame[None]), start)[0]
    return tuple(joints.tolist())


def author_spots(path: Path) -> None:
    """Write the frames of all spots, and of the points before them, in the frames of stations."""
    stage = new_stage(path, "Spots", kind="component")
    stage.GetDefaultPrim().SetDocumentation("Where tools come to doors, in the frame of a station.")
    for name, sides in SPOTS.items():
        UsdGeom.Xform.Define(stage, f"/Spots/{name}")
        for number in range(1, COUNTS[name] + 1):
            side = 1 if number <= len(sides) else -1
            facing = matrix_from((0.0, 0.0, 0.0), about_z(-90.0 * side))
            facing = facing @ matrix_from((0.0, 0.0, 0.0), ALONG)
            wxyz = tuple(np.round(pose_from(facing)[1], 9).tolist())
            UsdGeom.Xform.Define(stage, f"/Spots/{name}/robot_{number}")
            for k, (x, z, _) in enumerate(sides[(number - 1) % len(sides)], start=1):
                for kind, y in (("before", BEFORE), ("spot", BESIDE)):
                    prim = stage.DefinePrim(f"/Spots/{name}/robot_{number}/{kind}_{k}", "Xform")
                    stand(prim, (x, y * side, z), wxyz)
    stage.GetRootLayer().Save()


def author_robots(stage: Usd.Stage) -> None:
    """Stand all robots on their pedestals, each with one program for all bodies."""
    home = tuple((np.round(np.degrees(np.array(_home())), DIGITS) + 0.0).tolist())
    for name, count in COUNTS.items():
        refer(stage, f"{path(name)}/Spots", "./spots.usda")
        places = [(x, side) for side in (1, -1) for x in STAND[name]]
        assert len(places) == count
        for number, (x, side) in enumerate(places, start=1):
            at = f"{path(name)}/Robot_{number}"
            pedestal = f"{ASSETS}/robots/robot_pedestal/robot_pedestal.usda"
            refer(stage, f"{path(name)}/Pedestal_{number}", pedestal, (x, side * ASIDE, 0.0))
            robot = stage.DefinePrim(at, "Xform")
            robot.GetReferences().AddReference("./door_robot.usda")
            stand(robot, (x, side * ASIDE, UP), about_z(-90.0 * side))
            params = RobotParams(home=home)
            apply(robot, params, source=plan.ROBOTS[0], confidence=plan.ROBOTS[1])
            UsdGeom.Scope.Define(stage, f"{at}/Programs")
            _program(stage, name, number)


def _program(stage: Usd.Stage, name: str, number: int) -> None:
    """From spot to spot, each come to from the point before it."""
    at, sides = f"{path(name)}/Robot_{number}", SPOTS[name]
    spots = f"{path(name)}/Spots/{name}/robot_{number}"
    times = [time for *_, time in sides[(number - 1) % len(sides)]]
    count = len(times)
    params = ProgramParams(
        targets=tuple(f"{spots}/{kind}_{k + 1}" for k in range(count) for kind in KINDS),
        visits=tuple(2 * k + each for k in range(count) for each in (1, 2, 1)),
        moves=("joint", "line", "line") * count,
        speeds=(1.0, NEAR, NEAR) * count,
        zones=(PASSING, 0.0, PASSING) * count,
        durations=tuple(each for time in times for each in (0.0, time, 0.0)),
        tool=(f"{at}/{TOOL}",),
    )
    prim = stage.DefinePrim(f"{at}/Programs/Doors", "Scope")
    apply(prim, params, source="own way to the door, solved for the HS220", confidence="proposal")
