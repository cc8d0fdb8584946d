"""Robot programs of a scene: joint positions, or targets as frames in the robot's base."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from twin.core.parameters import problems_of
from twin.errors import Problem, SceneError, nearest
from twin.motion import Arm
from twin.motion.frame import invert_matrix, matrix_from
from twin.motion.rows import read_only
from twin.plant import Interlock, Pose, Program, Robot, Route
from twin.plant.declared import ProductParams, ProgramParams, RobotParams
from twin.scene.chain import chain_of
from twin.scene.links import read_numbers, relative_frame
from twin.scene.robots import pose_of
from twin.scene.survey import kinds_of
from twin.scene.values import read_values

__all__ = ["Stand", "read_home", "read_program", "unread"]

Array = NDArray[np.float64]
Item = TypeVar("Item")

JOINT_SPEED = 1.0  # of the axes' speed
TOOL_SPEED = 0.5  # m/s
DIGITS = 10  # of frames: far above rounding, so robots that do the same share their plan


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a robot works: its prim, what is known of it, and where parts stand before it."""

    prim: Usd.Prim
    robot: Robot
    station: Pose
    frames: UsdGeom.XformCache


def read_home(robot: Usd.Prim, arm: Arm) -> Array:
    """Joint positions [rad] where a robot's programs of targets begin, shape [1, J], or [0, J].

    Those of a joint that slides are metres, here and in the scene.

    Raises:
        SceneError: they are not as many as the joints.
    """
    reading = read_values(robot, RobotParams)
    params = reading.params
    assert isinstance(params, RobotParams)
    if reading.problems:
        raise SceneError(reading.problems)
    if len(params.home) not in {0, arm.joint_count}:
        rule = f"must have {arm.joint_count} positions, as the robot has joints"
        raise SceneError([Problem(f"{robot.GetPath()} twin:home", rule, str(len(params.home)))])
    return read_only(_positions(arm, params.home))


def _positions(arm: Arm, numbers: Sequence[float]) -> Array:
    """Joint positions [rad] or [m] of degrees or metres, shape [n, J]."""
    given = np.array(numbers, dtype=np.float64).reshape(-1, arm.joint_count)
    return np.where(arm.prismatic, given, np.radians(given))


def unread(prim: Usd.Prim, joint_count: int) -> Program:
    """A stand-in for a program that can't be read: for all products, without waypoints."""
    nowhere = read_only(np.empty((0, joint_count)))
    return Program(
        path=str(prim.GetPath()), products=(), waypoints=nowhere, dwells=read_only(np.empty(0))
    )


def read_program(prim: Usd.Prim, stand: Stand) -> Program:
    """Read one robot program.

    Raises:
        SceneError: its lists do not fit each other or the arm, or a target can't be read.
    """
    reading = read_values(prim, ProgramParams)
    params = reading.params
    assert isinstance(params, ProgramParams)
    where = str(prim.GetPath())
    problems = [*reading.problems, *problems_of(where, params)]
    if params.targets and params.waypoints:
        rule, way_out = "must not have waypoints besides targets", "remove either"
        problems.append(Problem(f"{where} twin:waypoints", rule, way_out=way_out))
    if not params.targets and not params.waypoints and not reading.problems:
        rule, way_out = "needs targets or waypoints", "give twin:targets, or twin:waypoints"
        problems.append(Problem(where, rule, way_out=way_out))
    if problems:
        raise SceneError(problems)
    if params.targets:
        return _by_targets(prim, params, stand)
    return _by_waypoints(where, params, stand.robot.arm)


def _by_waypoints(where: str, params: ProgramParams, arm: Arm) -> Program:
    count, left = divmod(len(params.waypoints), arm.joint_count)
    if left or not count:
        rule = f"must have {arm.joint_count} positions for each waypoint, as the robot has joints"
        raise SceneError([Problem(f"{where} twin:waypoints", rule, str(len(params.waypoints)))])
    if len(params.dwells) != count:
        rule = f"must have one wait for each of the {count} waypoints"
        raise SceneError([Problem(f"{where} twin:dwells", rule, str(len(params.dwells)))])
    return Program(
        path=where,
        products=params.products,
        waypoints=read_only(_positions(arm, params.waypoints)),
        dwells=read_only(np.array(params.dwells)),
    )


def _by_targets(prim: Usd.Prim, params: ProgramParams, stand: Stand) -> Program:
    where, problems = str(prim.GetPath()), list[Problem]()
    if not len(stand.robot.home):
        rule, way_out = "needs a home, as it has programs of targets", "give the joint positions"
        problems.append(Problem(f"{stand.robot.path} twin:home", rule, "nothing", way_out))
    problems += _lists(where, params)
    frames = [_target(prim, path, stand, problems) for path in params.targets]
    problems += _of_others(prim, params)
    tool = _tool(where, params, stand, problems)
    if problems:
        raise SceneError(problems)
    visits = [number - 1 for number in params.visits or range(1, len(frames) + 1)]
    count = len(visits)
    moves = _each(params.moves, count, "joint")
    usual = np.where(np.array(moves) == "joint", JOINT_SPEED, TOOL_SPEED)
    speeds = np.broadcast_to(params.speeds or usual, count)
    route = Route(
        targets=read_only(np.stack(frames)[visits]),
        names=tuple(params.targets[row] for row in visits),
        moves=moves,
        speeds=read_only(speeds.astype(np.float64)),
        zones=read_only(np.array(_each(params.zones, count, 0.0))),
        actions=_each(params.actions, count, "none"),
        durations=read_only(np.array(_each(params.durations, count, 0.0))),
        signals=_each(params.signals, count, ""),
        tool=read_only(tool),
        tool_path="".join(params.tool),
        interlocks=tuple(
            Interlock(zone, first - 1, last - 1)
            for zone, first, last in zip(
                params.interlocks, params.interlock_first, params.interlock_last, strict=True
            )
        ),
    )
    return Program(
        path=where,
        products=params.products,
        waypoints=stand.robot.home,
        dwells=read_only(np.zeros(1)),
        route=route,
    )


def _each(items: Sequence[Item], count: int, usual: Item) -> tuple[Item, ...]:
    """An item for each of so many: all are given, or one for all, or none."""
    given = items or (usual,)
    return tuple(given) * count if len(given) == 1 else tuple(given)


def _lists(where: str, params: ProgramParams) -> list[Problem]:
    """Lists whose lengths don't fit."""
    count, problems = len(params.visits) or len(params.targets), list[Problem]()
    beyond = [number for number in params.visits if number > len(params.targets)]
    if beyond:
        rule = f"must be numbers of its {len(params.targets)} targets"
        problems.append(Problem(f"{where} twin:visits", rule, ", ".join(map(str, beyond))))
    for name in ("moves", "speeds", "zones", "actions", "durations", "signals"):
        given = len(getattr(params, name))
        if given not in {0, 1, count}:
            rule = f"must have an entry for each of the {count} visits, or one for all"
            problems.append(Problem(f"{where} twin:{name}", rule, str(given)))
    for name, usd in (("first", "interlockFirst"), ("last", "interlockLast")):
        numbers = getattr(params, f"interlock_{name}")
        if len(numbers) != len(params.interlocks):
            rule = f"must have an entry for each of the {len(params.interlocks)} interlocks"
            problems.append(Problem(f"{where} twin:{usd}", rule, str(len(numbers))))
        elif any(number > count for number in numbers):
            rule = f"must be numbers of its {count} visits"
            problems.append(Problem(f"{where} twin:{usd}", rule, ", ".join(map(str, numbers))))
    return problems


def _of_others(program: Usd.Prim, params: ProgramParams) -> list[Problem]:
    """Targets on a product that the program is not for."""
    found = [_product_above(program.GetStage().GetPrimAtPath(path)) for path in params.targets]
    rule = f"must be on a product that the program is for ({', '.join(params.products)})"
    return [
        Problem(f"{program.GetPath()} twin:targets", rule, path)
        for path, product in zip(params.targets, found, strict=True)
        if params.products and product and product.GetName() not in params.products
    ]


def _target(program: Usd.Prim, path: str, stand: Stand, problems: list[Problem]) -> Array:
    """The frame of a target in the robot's base, shape [4, 4]."""
    where, prim = f"{program.GetPath()} twin:targets", program.GetStage().GetPrimAtPath(path)
    if not prim or not prim.IsA("Xformable"):
        above = program.GetStage().GetPrimAtPath(path.rpartition("/")[0] or "/")
        children = cast("list[Usd.Prim]", above.GetAllChildren()) if above else []
        known = [str(each.GetPath()) for each in children]
        problems.append(Problem(where, "must name frames (Xform)", path, nearest(path, known)))
        return np.eye(4)
    world = _frame(prim, stand, problems)
    product = _product_above(prim)
    if product is not None:
        above = _look_above(prim, product).GetParent()
        part = np.eye(4) if above.IsPseudoRoot() else _frame(above, stand, problems)
        world = _matrix(stand.station) @ invert_matrix(part) @ world
    return np.round(invert_matrix(_matrix(stand.robot.base)) @ world, DIGITS)


def _product_above(prim: Usd.Prim) -> Usd.Prim | None:
    while prim and not prim.IsPseudoRoot():
        if ProductParams in kinds_of(prim):
            return prim
        prim = prim.GetParent()
    return None


def _look_above(prim: Usd.Prim, product: Usd.Prim) -> Usd.Prim:
    """The prim that shows the product and has a target below it; a part stands where its parent is.

    That is a form. What is in no form of a product is in the frame of all of them.
    """
    params = read_values(product, ProductParams).params
    assert isinstance(params, ProductParams)
    if not params.forms:
        return product
    below = str(prim.GetPath()).removeprefix(f"{product.GetPath()}/").split("/")[0]
    form = below if below in params.forms else params.forms[0]
    return product.GetChild(form) or prim


def _frame(prim: Usd.Prim, stand: Stand, problems: list[Problem]) -> Array:
    pose, wrong = pose_of(prim, stand.frames)
    problems += wrong
    return _matrix(pose)


def _matrix(pose: Pose) -> Array:
    return matrix_from(pose.xyz, pose.wxyz)


def _tool(where: str, params: ProgramParams, stand: Stand, problems: list[Problem]) -> Array:
    """The frame of the tool in the flange, shape [4, 4]."""
    if not params.tool:
        return np.eye(4)
    path = params.tool[0]
    tool, chain = stand.prim.GetStage().GetPrimAtPath(path), chain_of(stand.prim)
    last = chain.links[-1]
    if len(params.tool) > 1 or not tool or not tool.GetPath().HasPrefix(last.GetPath()):
        rule = f"must name one frame in {last.GetPath()}"
        problems.append(Problem(f"{where} twin:tool", rule, ", ".join(params.tool)))
        return np.eye(4)
    shift = matrix_from(read_numbers(chain, problems).shift[-1], (1.0, 0.0, 0.0, 0.0))
    return invert_matrix(stand.robot.arm.tail) @ shift @ relative_frame(tool, last)
