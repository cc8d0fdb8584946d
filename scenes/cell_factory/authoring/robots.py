"""Control layer: a robot at each cell that screws along the body, from its right side.

It is the HS220 of the other scenes with a nut runner; what stands in the cells of HMGICS is not
known. Its program takes a part of the step's time; the rest is the worker's. It goes by targets:
frames that stand where the body's screws come to be, in every cell.
"""

from functools import cache
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade

from scenes.authoring.usd import about_z, group, material, refer
from scenes.body_shop.authoring.welding import arm_of
from scenes.cell_factory.authoring import plan
from scenes.cell_factory.authoring.plan import ASSETS, path
from scenes.cell_factory.authoring.roads import CELLS
from twin.kinds.station import Station
from twin.motion import inverse
from twin.motion.frame import matrix_from, pose_from
from twin.plant import Place, Pose, Program, Robot, Route
from twin.plant.declared import ProgramParams, RobotParams
from twin.plant.planning import plan_place
from twin.scene.author import apply, new_stage, stand

__all__ = ["author_cell_robot", "author_robots", "author_screws", "robot_time"]

ASIDE, UP = -2.85, 0.30  # m, where it stands in its cell: beside the body, on a pedestal
HOME = (0.90, 0.0, 1.45)  # of the flange, in the robot's frame [m]; it always looks at the body
REACH = 1.20  # m
SCREWS = (-0.80, -0.45, 0.10, 0.45, 0.80)  # along the body [m]
HEIGHTS = (0.55, 0.85)  # in the robot's frame, one per cell in turn [m]
SCREWING = 8.0  # s at each
BEFORE = 0.15  # m, from where the runner comes to a screw
PASSING = 0.05  # m, how near it passes there
TIP = 0.52  # of the runner, along the flange's X axis [m]
ALONG = (0.5**0.5, 0.0, 0.5**0.5, 0.0)  # Z of the tip along X of the flange
FACING = (0.5, -0.5, 0.5, 0.5)  # the same, seen in the cell
RUNNER = "link_6/NutRunner/tcp"
DIGITS = 3  # of joint positions [deg]


def author_cell_robot(path: Path) -> None:
    """Write the robot with its nut runner, standing at home."""
    stage = new_stage(path, "CellRobot", kind="component")
    root = stage.GetDefaultPrim()
    root.SetDocumentation("HS220 with a nut runner on its flange, at home.")
    root.GetReferences().AddReference(f"{ASSETS}/robots/hs220/hs220.usda")
    frames = arm_of().link_frames(np.array([_home()]))[0]
    for number, frame in enumerate(frames[1:], start=1):
        xyz, wxyz = (np.round(part, 9).tolist() for part in pose_from(frame))
        link = stage.OverridePrim(f"/CellRobot/link_{number}")
        link.CreateAttribute("xformOp:translate", Sdf.ValueTypeNames.Double3).Set(Gf.Vec3d(*xyz))
        turn = link.CreateAttribute("xformOp:orient", Sdf.ValueTypeNames.Quatd)
        turn.Set(Gf.Quatd(wxyz[0], *wxyz[1:]))
    _runner(stage, "/CellRobot/link_6/NutRunner")
    stand(stage.DefinePrim(f"/CellRobot/{RUNNER}", "Xform"), (TIP, 0.0, 0.0), ALONG)
    stage.GetRootLayer().Save()


def _runner(stage: Usd.Stage, at: str) -> None:
    """A motor and a spindle along the flange's X axis, as one mesh each."""
    group(stage, at, kind="subcomponent")
    UsdGeom.Scope.Define(stage, f"{at}/Looks")
    motor = material(stage, f"{at}/Looks/Motor", (0.80, 0.30, 0.06), 0.5)
    steel = material(stage, f"{at}/Looks/Steel", (0.62, 0.64, 0.66), 0.35)
    _rod(stage, f"{at}/motor", along=(0.0, 0.26), radius=0.065, look=motor)
    _rod(stage, f"{at}/spindle", along=(0.26, 0.52), radius=0.022, look=steel)


def _rod(
    stage: Usd.Stage, at: str, *, along: tuple[float, float], radius: float, look: UsdShade.Material
) -> None:
    """A prism of twelve sides along X, closed at its end."""
    turns = 2 * np.pi * np.arange(12) / 12
    ring = np.column_stack([np.zeros(12), np.cos(turns), np.sin(turns)]) * radius
    points = np.round(np.vstack([ring + [x, 0, 0] for x in along]), 5).tolist()
    faces = [[k, (k + 1) % 12, 12 + (k + 1) % 12, 12 + k] for k in range(12)]
    normals = [(0.0, float(np.cos(t)), float(np.sin(t))) for t in turns + np.pi / 12]
    corners = [*(corner for face in faces for corner in face), *range(12, 24)]
    facing = [n for n in normals for _ in range(4)] + [(1.0, 0.0, 0.0)] * 12
    mesh = UsdGeom.Mesh.Define(stage, at)
    mesh.CreatePointsAttr([Gf.Vec3f(*each) for each in points])
    mesh.CreateFaceVertexCountsAttr([4] * 12 + [12])
    mesh.CreateFaceVertexIndicesAttr(corners)
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(mesh.GetPointsAttr().Get()))
    mesh.CreateNormalsAttr([Gf.Vec3f(*(round(v, 6) for v in each)) for each in facing])
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.faceVarying)
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(look)


@cache
def _home() -> tuple[float, ...]:
    """Joint positions [rad]."""
    start = np.array([0.0, np.pi / 2, 0.0, 0.0, 0.0, 0.0])
    frame = matrix_from(HOME, (1.0, 0.0, 0.0, 0.0))
    joints = inverse.nearest(arm_of(), inverse.solve(arm_of(), frame[None]), start)[0]
    return tuple(joints.tolist())


def author_screws(path: Path) -> None:
    """Write the frames of the screws, in two rows, and of the points before them."""
    stage = new_stage(path, "Screws", kind="component")
    stage.GetDefaultPrim().SetDocumentation("Where screws of a body are, in the frame of a cell.")
    for row, height in enumerate(HEIGHTS, start=1):
        UsdGeom.Xform.Define(stage, f"/Screws/row_{row}")
        for number, y in enumerate(SCREWS, start=1):
            for name, back in (("before", BEFORE), ("screw", 0.0)):
                prim = stage.DefinePrim(f"/Screws/row_{row}/{name}_{number}", "Xform")
                xyz = (-y, ASIDE + REACH + TIP - back, UP + height)
                stand(prim, tuple(round(each, 9) for each in xyz), FACING)
    stage.GetRootLayer().Save()


def _program(number: int, at: str) -> ProgramParams:
    """What the robot of a cell does on any body."""
    row = f"{at}/Screws/row_{number % len(HEIGHTS) + 1}"
    count = len(SCREWS)
    names = [f"{row}/{name}_{k}" for k in range(1, count + 1) for name in ("before", "screw")]
    return ProgramParams(
        targets=tuple(names),
        visits=tuple(2 * k + each for k in range(count) for each in (1, 2, 1)),
        moves=("joint", "line", "line") * count,
        zones=(PASSING, 0.0, PASSING) * count,
        durations=(0.0, SCREWING, 0.0) * count,
        tool=(f"{at}/Robot/{RUNNER}",),
    )


@cache
def robot_time(number: int) -> float:
    """How long the program of a cell's robot takes [s]."""
    params, height = _program(number, ""), HEIGHTS[number % len(HEIGHTS)]
    frames = [
        matrix_from((REACH + TIP - back, y, height), ALONG) for y in SCREWS for back in (BEFORE, 0)
    ]
    home = np.radians(np.array([_home_degrees()]))
    count = len(params.visits)
    route = Route(
        targets=np.stack([frames[visit - 1] for visit in params.visits]),
        names=tuple(params.targets[visit - 1] for visit in params.visits),
        moves=params.moves,
        speeds=np.array([1.0 if move == "joint" else 0.5 for move in params.moves]),
        zones=np.array(params.zones),
        actions=("none",) * count,
        durations=np.array(params.durations),
        signals=("",) * count,
        tool=matrix_from((TIP, 0.0, 0.0), ALONG),
        tool_path=params.tool[0],
    )
    own = Program(path="Screws", products=(), waypoints=home, dwells=np.zeros(1), route=route)
    robot = Robot(path="Robot", arm=arm_of(), base=Pose(), programs=(own,), home=home)
    place = Place(path="Cell", params=Station(process_time=0.0), robots=(robot,))
    return plan_place(place, ["body"])[0].planned.length


def _home_degrees() -> tuple[float, ...]:
    return tuple((np.round(np.degrees(np.array(_home())), DIGITS) + 0.0).tolist())


def author_robots(stage: Usd.Stage) -> None:
    """Stand a robot on its pedestal in each cell, with one program for all bodies.

    It stands south of the body, also where work goes west: bodies come in from the north.
    """
    for cell in CELLS:
        prim, side = path(f"C{cell.number:02d}"), cell.towards
        pedestal = f"{ASSETS}/robots/robot_pedestal/robot_pedestal.usda"
        refer(stage, f"{prim}/Pedestal", pedestal, (0.0, ASIDE * side, 0.0))
        robot = stage.DefinePrim(f"{prim}/Robot", "Xform")
        robot.GetReferences().AddReference("./cell_robot.usda")
        stand(robot, (0.0, ASIDE * side, UP), about_z(90.0 * side))
        refer(stage, f"{prim}/Screws", "./screws.usda", turn=0.0 if side > 0 else 180.0)
        apply(
            robot,
            RobotParams(home=_home_degrees()),
            source=plan.PEOPLE[0],
            confidence=plan.PEOPLE[1],
        )
        UsdGeom.Scope.Define(stage, f"{prim}/Robot/Programs")
        own = stage.DefinePrim(f"{prim}/Robot/Programs/Screws", "Scope")
        source = "own way along the body, solved for the HS220"
        apply(own, _program(cell.number, prim), source=source, confidence="proposal")
