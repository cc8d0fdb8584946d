"""Robot programs of a scene: joint positions, or targets as frames in the robot's base."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pxr import Usd

from twin.core.parameters import problems_of
from twin.errors import Problem, SceneError
from twin.motion import Arm
from twin.motion.rows import read_only
from twin.plant import Interlock, Program, Route
from twin.plant.declared import ProgramParams, RobotParams
from twin.scene.targets import Stand
from twin.scene.values import read_values

__all__ = ["read_home", "read_program", "unread"]

Array = NDArray[np.float64]
Item = TypeVar("Item")

JOINT_SPEED = 1.0  # of the axes' speed
TOOL_SPEED = 0.5  # m/s
EACH_VISIT = ("moves", "speeds", "zones", "turns", "branches", "actions", "durations", "signals")
DIGITS = 10  # of frames: far above rounding, so robots that do the same share their plan


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
    frames = [stand.targets.frame(prim, path, stand, problems) for path in params.targets]
    problems += stand.targets.of_others(prim, params)
    tool = stand.targets.tool(where, params.tool, stand, problems)
    if problems:
        raise SceneError(problems)
    visits = [number - 1 for number in params.visits or range(1, len(frames) + 1)]
    count = len(visits)
    moves = _each(params.moves, count, "joint")
    usual = np.where(np.array(moves) == "joint", JOINT_SPEED, TOOL_SPEED)
    speeds = np.broadcast_to(params.speeds or usual, count)
    route = Route(
        targets=read_only(np.round(_placed(np.stack(frames)[visits], params), DIGITS)),
        names=tuple(params.targets[row] for row in visits),
        moves=moves,
        speeds=read_only(speeds.astype(np.float64)),
        zones=read_only(np.array(_each(params.zones, count, 0.0))),
        actions=_each(params.actions, count, "none"),
        durations=read_only(np.array(_each(params.durations, count, 0.0))),
        signals=_each(params.signals, count, ""),
        tool=read_only(tool),
        tool_path="".join(params.tool),
        branches=tuple(params.branches) and _each(params.branches, count, 0),
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


def _placed(frames: Array, params: ProgramParams) -> Array:
    """Where the tool is at each visit: the target's frame turned about its Z, then shifted."""
    own = np.tile(np.eye(4), (len(frames), 1, 1))
    turns = np.radians(np.array(params.turns or (0.0,)))
    own[:, 0, 0] = own[:, 1, 1] = np.cos(turns)
    own[:, 1, 0], own[:, 0, 1] = np.sin(turns), -np.sin(turns)
    placed = frames @ own
    shifts = np.array(params.offsets or (0.0, 0.0, 0.0)).reshape(-1, 3, 1)
    placed[:, :3, 3:] += placed[:, :3, :3] @ shifts
    return placed


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
    for name in EACH_VISIT:
        given = len(getattr(params, name))
        if given not in {0, 1, count}:
            rule = f"must have an entry for each of the {count} visits, or one for all"
            problems.append(Problem(f"{where} twin:{name}", rule, str(given)))
    if len(params.offsets) not in {0, 3, 3 * count}:
        rule = f"must have x, y and z for each of the {count} visits, or once for all"
        problems.append(Problem(f"{where} twin:offsets", rule, str(len(params.offsets))))
    for name, usd in (("first", "interlockFirst"), ("last", "interlockLast")):
        numbers = getattr(params, f"interlock_{name}")
        if len(numbers) != len(params.interlocks):
            rule = f"must have an entry for each of the {len(params.interlocks)} interlocks"
            problems.append(Problem(f"{where} twin:{usd}", rule, str(len(numbers))))
        elif any(number > count + 1 for number in numbers):
            rule = f"must be numbers of its {count} visits"
            problems.append(Problem(f"{where} twin:{usd}", rule, ", ".join(map(str, numbers))))
    return problems
