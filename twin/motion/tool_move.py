"""Moves of the tool along a line or an arc, from rest to rest, as cubic tables of the joints.

The way gone, s(t), is one S-curve at a pace that no joint and no tool limit forbids. Its joint
positions are fitted by a cubic table, which is then what the robot does. So the table itself is
checked: its largest speeds, accelerations and jerks are known exactly, and where one is above its
limit the whole move is slowed by just enough.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm
from twin.motion.cubic import CubicTable
from twin.motion.follow import follow
from twin.motion.frame import pose_from
from twin.motion.pace import Pace, ToolLimits, fastest_pace
from twin.motion.profile import Timing, profile, travel
from twin.motion.spline import knots_of, spline_through
from twin.motion.tool_path import ToolPath

__all__ = ["ToolMove", "plan_tool_move"]

Array = NDArray[np.float64]

COARSE, FINE = 24, 768  # pieces of a table: the first try, and the last
LOOKS = 8  # at every piece, for the tool's error
SURE = 0.8  # of the tolerance: the error between two looks is larger than at them by less
CREEPING = 30
AWAY = "keep off the singularity near it, turn the tool, or use a joint move"
SLOWER = 1.02  # a finer table is tried before a move is slowed by more than this


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ToolMove:
    """A planned move of the tool."""

    path: ToolPath
    table: CubicTable  # joint positions over time
    timing: Timing  # of s(t), the share of the way gone: the `profile` with these phases
    pace: Pace  # limits that s(t) keeps; any other s(t) within them is allowed as well
    error: float  # largest distance of the tool centre from where s(t) wants it [m]
    turn_error: float  # largest turn of the tool from how s(t) wants it [rad]


def plan_tool_move(
    arm: Arm,
    path: ToolPath,
    reference: ArrayLike,
    *,
    limits: ToolLimits | None = None,
    tool: ArrayLike | None = None,
    base: ArrayLike | None = None,
    tolerance: float = 1e-4,
    turn_tolerance: float = 1e-3,
    where: str = "tool path",
) -> ToolMove:
    """Plan a move along a path as fast as the joints and the tool may go.

    Args:
        arm: A six-axis arm with a spherical wrist.
        path: Where the tool goes.
        reference: Joint positions to come from, which choose the branch [rad], shape [6].
        limits: Of the tool; None: the defaults of `ToolLimits`.
        tool: Pose of the tool in the flange, shape [4, 4]; None: the flange is the tool.
        base: Where the arm stands in the world, shape [4, 4]; None: the origin.
        tolerance: How far the tool centre may be from the path [m].
        turn_tolerance: How far the tool may be turned from the path's orientation [rad].
        where: Whose path it is, for messages: a prim path.

    Raises:
        SceneError: the path has no length, leaves reach or limits, or passes a singularity.
    """
    if path.length <= 0 and path.turn <= 0:
        raise SceneError([Problem(where, "must lead somewhere", "one pose", "leave the move out")])

    limits = limits or ToolLimits()

    def joints_at(s: Array) -> Array:
        return follow(arm, path, s, reference, tool=tool, base=base, where=where)

    def tool_at(joints: Array) -> Array:
        flange = arm.flange(joints, base)
        return flange if tool is None else flange @ np.asarray(tool, dtype=np.float64)

    pieces = COARSE
    while True:
        move = _fitted(arm, path, pieces, joints_at, tool_at, limits)
        close = move.error <= SURE * tolerance and move.turn_error <= SURE * turn_tolerance
        slower = max(1.0, _excess(arm, move.table))
        if close and (slower <= SLOWER or 2 * pieces > FINE):
            break
        pieces *= 2
        if pieces > FINE:
            rule = f"must keep the tool within {tolerance * 1e3:g} mm of its path"
            found = f"{move.error * 1e3:.3g} mm and {np.degrees(move.turn_error):.3g} degrees"
            raise SceneError([Problem(where, rule, found, AWAY)])
    _check_time(path, float(move.timing.duration) * slower, limits, where)
    return _slowed(move, slower)


def _fitted(
    arm: Arm,
    path: ToolPath,
    pieces: int,
    joints_at: Callable[[Array], Array],
    tool_at: Callable[[Array], Array],
    limits: ToolLimits,
) -> ToolMove:
    """A table of about so many pieces at the fastest pace, which may still be above a limit.

    Args:
        arm: Gives the limits of the joints.
        path: Where the tool goes.
        pieces: Of the table, and looks at the path for its pace.
        joints_at: Joint positions [n, J] at shares of the way [n].
        tool_at: Poses of the tool [n, 4, 4] for joint positions.
        limits: Of the tool.
    """
    s = np.linspace(0.0, 1.0, pieces + 1)
    pace = fastest_pace(arm, path, s=s, joints=joints_at(s), limits=limits)
    timing = travel(1.0, *pace)
    knots = knots_of(_phases(timing), pieces)
    table = spline_through(knots, joints_at(profile(knots, *timing)))
    looks = (knots[:-1, None] + np.diff(knots)[:, None] * np.arange(LOOKS) / LOOKS).ravel()
    error, turn_error = _errors(path.poses(profile(looks, *timing)), tool_at(table.at(looks)))
    return ToolMove(
        path=path, table=table, timing=timing, pace=pace, error=error, turn_error=turn_error
    )


def _slowed(move: ToolMove, factor: float) -> ToolMove:
    """The same move, `factor` times as long."""
    pace = move.pace
    return replace(
        move,
        table=move.table.stretched(factor),
        timing=Timing(*(np.asarray(phase) * factor for phase in move.timing)),
        pace=Pace(pace.speed / factor, pace.acceleration / factor**2, pace.jerk / factor**3),
    )


def _check_time(path: ToolPath, takes: float, limits: ToolLimits, where: str) -> None:
    """Refuse to creep: where joints must turn so much, people want another path."""
    going = travel(path.length, limits.speed, limits.acceleration, limits.jerk).duration
    turning = travel(
        path.turn, limits.turn_speed, limits.turn_acceleration, limits.turn_jerk
    ).duration
    if takes > CREEPING * max(float(going), float(turning)):
        rule = f"must not take {CREEPING} times as long as its tool needs: a singularity is near"
        raise SceneError([Problem(where, rule, f"{takes:.1f} s", AWAY)])


def _phases(timing: Timing) -> Array:
    """How long each of the seven phases is [s]."""
    duration, ramp, jerk = (float(phase) for phase in timing)
    return np.array([jerk, ramp - 2 * jerk, jerk, duration - 2 * ramp, jerk, ramp - 2 * jerk, jerk])


def _excess(arm: Arm, table: CubicTable) -> float:
    """By how much a table must be slowed to keep the joints' limits; below 1: not at all."""
    speed, acceleration, jerk = table.peaks()
    return max(
        float(np.max(speed / arm.speed)),
        float(np.sqrt(np.max(acceleration / arm.acceleration))),
        float(np.cbrt(np.max(jerk / arm.jerk))),
    )


def _errors(wanted: Array, found: Array) -> tuple[float, float]:
    """Largest distance [m] and largest turn [rad] between poses [n, 4, 4]."""
    apart = np.linalg.norm(wanted[:, :3, 3] - found[:, :3, 3], axis=1)
    relative = np.swapaxes(wanted[:, :3, :3], 1, 2) @ found[:, :3, :3]
    poses = np.zeros_like(wanted)
    poses[:, :3, :3] = relative
    _, wxyz = pose_from(poses)
    turn = 2 * np.arctan2(np.linalg.norm(wxyz[:, 1:], axis=1), wxyz[:, 0])
    return float(apart.max()), float(turn.max())
