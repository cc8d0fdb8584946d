"""Control layer: the fourteen robots that take doors off and put them on again."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade

from scenes.authoring.usd import about_z, group, material, refer
from scenes.body_shop.authoring.welding import arm_of
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import ASSETS, path
from twin.motion import inverse
from twin.motion.frame import matrix_from, pose_from
from twin.plant.declared import ProgramParams, RobotParams
from twin.scene.author import apply, new_stage, stand

__all__ = ["COUNTS", "author_door_robot", "author_robots"]

COUNTS = {"T02": 8, "F35": 6}
ASIDE, UP = 2.85, 0.30  # where a robot stands on its pedestal, beside the body [m]
LINE_UP = {8: (-2.55, -0.85, 0.85, 2.55), 6: (-2.2, 0.0, 2.2)}  # x on each side [m]
HOME = (0.95, 0.0, 1.35)  # of the flange, in the robot's frame [m]; it always looks at the body
PATHS = {  # flange positions after home [m], and waits at them [s]; robots take them in turn
    "T02": (
        (((1.20, 0.28, 0.85), (1.42, 0.28, 0.80), (1.10, 0.28, 0.95)), (0.0, 20.0, 2.0)),
        (((1.15, -0.1, 0.62), (1.44, -0.1, 0.45), (1.44, -0.1, 1.02), (1.1, 0, 1.1)),
         (0.0, 7.0, 8.0, 0.0)),
    ),
    "F35": (
        (((1.20, 0.2, 0.60), (1.44, 0.2, 0.45), (1.44, 0.2, 0.95), (1.2, 0.2, 1.1)),
         (0.0, 9.0, 9.0, 0.0)),
        (((1.20, -0.35, 0.9), (1.43, -0.35, 0.70), (1.43, 0.35, 0.70), (1.2, 0.35, 0.95)),
         (0.0, 8.0, 8.0, 0.0)),
        (((1.20, -0.2, 0.8), (1.44, -0.2, 0.55), (1.44, -0.2, 0.85), (1.2, -0.2, 1.0)),
         (0.0, 11.0, 6.0, 0.0)),
    ),
}  # fmt: skip
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
    stage.GetRootLayer().Save()


def _gripper(stage: Usd.Stage, at: str) -> None:
    """A mast, a frame across it and four cups, along the flange's X axis."""
    group(stage, at, kind="subcomponent")
    UsdGeom.Scope.Define(stage, f"{at}/Looks")
    frame = material(stage, f"{at}/Looks/Frame", (0.62, 0.64, 0.66), 0.4)
    cup = material(stage, f"{at}/Looks/Cup", (0.05, 0.05, 0.05), 0.9)
    boxes = [(0.10, 0, 0, 0.20, 0.12, 0.12), (0.23, 0, 0, 0.06, 0.62, 0.06)]
    boxes += [(0.23, y, 0, 0.06, 0.06, 0.44) for y in (-0.28, 0.28)]
    _boxes(stage, f"{at}/frame", boxes, frame)
    cups = [(0.31, y, z, 0.10, 0.09, 0.09) for y in (-0.28, 0.28) for z in (-0.19, 0.19)]
    _boxes(stage, f"{at}/cups", cups, cup)


def _boxes(
    stage: Usd.Stage,
    at: str,
    boxes: list[tuple[float, float, float, float, float, float]],
    look: UsdShade.Material,
) -> None:
    """One mesh of boxes: middle and size along X, Y and Z [m]."""
    corners = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
    sides = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    points, faces = [], []
    for box in boxes:
        faces += [k + len(points) for side in sides for k in side]
        middle, size = np.array(box[:3]), np.array(box[3:])
        points += [Gf.Vec3f(*(middle + size * each).round(5).tolist()) for each in corners]
    normals = [(-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, -1), (0, 0, 1)]
    mesh = UsdGeom.Mesh.Define(stage, at)
    mesh.CreatePointsAttr(points)
    mesh.CreateFaceVertexCountsAttr([4] * (6 * len(boxes)))
    mesh.CreateFaceVertexIndicesAttr(faces)
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(points))
    mesh.CreateNormalsAttr([Gf.Vec3f(*n) for _ in boxes for n in normals for _ in range(4)])
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.faceVarying)
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(look)


@cache
def _home() -> tuple[float, ...]:
    return _reach([HOME], (0.0, np.pi / 2, 0.0, 0.0, 0.0, 0.0))[0]


def _reach(
    positions: list[tuple[float, float, float]], start: tuple[float, ...]
) -> list[tuple[float, ...]]:
    """Joint positions [rad] with the flange at positions in the robot's frame, one by one."""
    found = [start]
    for xyz in positions:
        frame = matrix_from(xyz, (1.0, 0.0, 0.0, 0.0))
        branches = inverse.solve(arm_of(), frame[None])
        found.append(tuple(inverse.nearest(arm_of(), branches, np.array(found[-1]))[0].tolist()))
    return found[1:]


def author_robots(stage: Usd.Stage) -> None:
    """Stand all robots on their pedestals, each with one program for all bodies."""
    for name, count in COUNTS.items():
        ways = PATHS[name]
        spots = [(x, side) for side in (1, -1) for x in LINE_UP[count]]
        for number, (x, side) in enumerate(spots, start=1):
            at = f"{path(name)}/Robot_{number}"
            turn = -90.0 * side
            pedestal = f"{ASSETS}/robots/robot_pedestal/robot_pedestal.usda"
            refer(stage, f"{path(name)}/Pedestal_{number}", pedestal, (x, side * ASIDE, 0.0))
            robot = stage.DefinePrim(at, "Xform")
            robot.GetReferences().AddReference("./door_robot.usda")
            stand(robot, (x, side * ASIDE, UP), about_z(turn))
            apply(robot, RobotParams(), source=plan.ROBOTS[0], confidence=plan.ROBOTS[1])
            UsdGeom.Scope.Define(stage, f"{at}/Programs")
            positions, waits = ways[(number - 1) % len(ways)]
            _program(stage, f"{at}/Programs/Doors", list(positions), waits)


def _program(
    stage: Usd.Stage,
    at: str,
    positions: list[tuple[float, float, float]],
    waits: tuple[float, ...],
) -> None:
    joints = [_home(), *_reach(positions, _home()), _home()]
    assert all(one != two for one, two in pairwise(joints))
    degrees = np.round(np.degrees(np.array(joints)), DIGITS) + 0.0
    params = ProgramParams(waypoints=tuple(degrees.ravel().tolist()), dwells=(0.0, *waits, 0.0))
    prim = stage.DefinePrim(at, "Scope")
    apply(prim, params, source="own way to the door, solved for the HS220", confidence="proposal")
