"""The tables of a scene pack: plain lists and numbers, small enough to send.

Matrices are 16 numbers, row by row, and act on column vectors; lengths are metres, angles radians.
"""

from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike
from pxr import Usd, UsdGeom

from twin.engine.layout import Layout
from twin.motion import Arm
from twin.motion.cubic import CubicTable
from twin.motion.frame import pose_from
from twin.plant import Plant
from twin.scene.chain import chain_of
from twin.scene.pack.chains import link_prims, viewer_chain
from twin.scene.pack.prototypes import Prototypes, world_matrix

__all__ = [
    "Table",
    "camera_table",
    "instance_table",
    "look_table",
    "numbers",
    "path_table",
    "program_table",
    "robot_table",
]

Table = dict[str, Any]
TOOL_TIP = "tcp"
CUBIC_DIGITS = 9  # of coefficients [rad/s3]: far below what is seen
VIEW_DISTANCE = 20.0  # m to the target of a camera that does not say what it is focused on


def numbers(values: ArrayLike, digits: int = 7) -> list[Any]:
    """Nested lists of rounded numbers, whole ones as integers: shorter in JSON."""
    rounded = np.round(np.asarray(values, np.float64), digits) + 0.0
    return cast("list[Any]", _whole(rounded.tolist()))


def _whole(value: object) -> object:
    if isinstance(value, list):
        return [_whole(each) for each in cast("list[object]", value)]
    number = cast("float", value)
    return int(number) if number == int(number) else number


def robot_table(stage: Usd.Stage, plant: Plant, layout: Layout) -> list[Table]:
    """One row per robot, in the plant's order."""
    home = layout.programs.joints(layout.first_program, np.zeros(len(layout.first_program)))
    owners = [row for row, place in enumerate(plant.places) for _ in place.robots]
    rows: list[Table] = []
    for number, robot in enumerate(plant.robots):
        row: Table = {
            "path": robot.path,
            "place": owners[number],
            "base": numbers(layout.bases[number].ravel()),
            "chain": _chain(robot.arm),
            "limits": numbers(np.stack([robot.arm.lower, robot.arm.upper], axis=1)),
            "home": numbers(home[number, : robot.arm.joint_count], 9),
        }
        tool = _tool(stage, robot.path, robot.arm)
        rows.append(row if tool is None else row | {"tool": tool})
    return rows


def _chain(arm: Arm) -> list[Table]:
    fixed, letters = viewer_chain(arm)
    xyz, wxyz = pose_from(fixed)
    return [
        {"origin": numbers(xyz[row], 9), "wxyz": numbers(wxyz[row], 12), "axis": axis}
        | ({"slides": True} if arm.prismatic[row] else {})
        for row, axis in enumerate(letters)
    ]


def _tool(stage: Usd.Stage, path: str, arm: Arm) -> list[float] | None:
    """Where a robot's tool works, in the frame of the link that carries it [m]."""
    robot = stage.GetPrimAtPath(path)
    if not robot:
        return None
    prims = Usd.PrimRange(robot, Usd.TraverseInstanceProxies())
    tip = next((prim for prim in prims if prim.GetName() == TOOL_TIP), None)
    if tip is None:
        return None
    link = tip
    while link.GetParent() != robot:
        link = link.GetParent()
    frames = UsdGeom.XformCache()
    matrix = np.linalg.solve(world_matrix(link, frames), world_matrix(tip, frames))
    links = [str(each.GetPath()) for each in chain_of(robot).links]
    if str(link.GetPath()) in links:
        matrix = link_prims(arm)[links.index(str(link.GetPath()))] @ matrix
    return numbers(matrix[:3, 3], 6)


def path_table(layout: Layout) -> Table:
    """Paths with their knots: way along the path, position, orientation."""
    paths = layout.paths
    return {
        "first": paths.first.tolist(),
        "count": paths.count.tolist(),
        "length": numbers(paths.length, 9),
        "knots": numbers(paths.knots, 9),
    }


def program_table(layout: Layout) -> Table:
    """Robot programs with their moves; programs with equal moves share them."""
    programs = layout.programs
    every = programs.moves
    rows: list[int] = []  # of all moves, those that are sent
    seen: dict[bytes, int] = {}
    firsts: list[int] = []
    for program, (first, count) in enumerate(
        zip(programs.first.tolist(), programs.count.tolist(), strict=True)
    ):
        key = programs.content(program)
        if key not in seen:
            seen[key] = len(rows)
            rows += range(first, first + count)
        firsts.append(seen[key])
    table: Table = {
        "first": firsts,
        "count": programs.count.tolist(),
        "duration": numbers(programs.duration, 6),
        "moves": numbers(every[rows]) if rows else [],
    }
    cubics = {
        str(row): _cubics(programs.table(move))
        for row, move in enumerate(rows)
        if programs.piece_count[move]
    }
    idle = [row for row, move in enumerate(rows) if programs.idle[move]]
    return table | ({"cubics": cubics} if cubics else {}) | ({"idle": idle} if idle else {})


def _cubics(table: CubicTable) -> Table:
    """Pieces of a move: when each begins in it [s], and c0 to c3, all joints of each in turn."""
    pieces = table.coefficients.reshape(len(table.coefficients), -1)
    return {"knots": numbers(table.time[:-1], 9), "pieces": numbers(pieces, CUBIC_DIGITS)}


def look_table(layout: Layout, drawn: Prototypes) -> list[Table]:
    """What every form of every product looks like."""
    rows: list[Table] = [
        {"product": product, "form": form, "prototypes": []} for product, form in layout.looks
    ]
    for instance in drawn.instances:
        if instance.frame.look >= 0:
            matrix = numbers(instance.matrix.ravel())
            shown = {"prototype": instance.prototype, "matrix": matrix}
            rows[instance.frame.look]["prototypes"].append(shown)
    return rows


def instance_table(drawn: Prototypes) -> list[Table]:
    """Where every prototype is drawn, in the world or on a robot."""
    return [
        {
            "prototype": instance.prototype,
            "matrix": numbers(instance.matrix.ravel()),
            "robot": instance.frame.robot,
            "link": instance.frame.link,
            "place": instance.place,
            "lamp": instance.lamp,
        }
        for instance in drawn.instances
        if instance.frame.look < 0
    ]


def camera_table(stage: Usd.Stage) -> Table | None:
    """The view of the stage's first camera."""
    prim = next((prim for prim in stage.Traverse() if prim.IsA("Camera")), None)
    if prim is None:
        return None
    matrix = world_matrix(prim, UsdGeom.XformCache())
    distance = float(UsdGeom.Camera(prim).GetFocusDistanceAttr().Get() or VIEW_DISTANCE)
    eye, forward = matrix[:3, 3], -matrix[:3, 2]
    return {"eye": numbers(eye, 4), "target": numbers(eye + distance * forward, 4)}
