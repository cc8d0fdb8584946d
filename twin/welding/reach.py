"""How robots can reach weld spots: attitudes of the gun and branches of the arm, and why not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem
from twin.motion.batch import plan_moves
from twin.motion.choice import SINGULAR_MARGIN, rule_of
from twin.motion.closed_form import solve
from twin.motion.frame import invert_matrix
from twin.motion.reach import explain
from twin.welding.line import Settings, Spots, Welder

__all__ = ["Choices", "move_times", "reach", "why_not"]

Array = NDArray[np.float64]

WHOLE = 2.0 * np.pi
DRAWN = 1.2  # most that a joint turns from gate to spot: the same branch [rad]
SLACK = 1e-9  # [rad]
BRANCHES = 8  # of an arm with a spherical wrist


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """Ways in which one robot can weld n spots: each of k is a turn of the gun and a branch.

    What there is not, costs infinity.
    """

    spot: Array  # joint positions at the spot [rad], shape [n, k, J]
    gate: Array  # the gun drawn back from it, shape [n, k, J]
    turn: Array  # of the gun about the spot's Z [rad], shape [k]
    branch: NDArray[np.int64]  # of the arm, from 1, shape [k]
    cost: Array  # time from rest and back, and nearness to singularities [s], shape [n, k]

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Which spots can be welded at all, shape [n]."""
        return np.asarray(np.isfinite(self.cost).any(axis=1))


def reach(welder: Welder, frames: Array, settings: Settings) -> Choices:
    """All attitudes and branches in which a robot welds spots within its limits.

    Args:
        welder: the robot.
        frames: of the spots, shape [n, 4, 4].
        settings: turns of the gun, and how far it is drawn back.
    """
    spots = _turned(frames, settings.turns)
    gates = spots.copy()
    gates[..., :3, 3] -= settings.gate * spots[..., :3, 0]
    at, back = (_branches(welder, each, settings) for each in (spots, gates))
    back += WHOLE * np.round((at - back) / WHOLE)
    usable = np.abs(at - back).max(axis=-1) < DRAWN  # not-a-number is not
    usable &= welder.arm.within_limits(back)
    turn = np.repeat(settings.turns, at.shape[1] // len(settings.turns))
    branch = np.tile(np.arange(1, BRANCHES + 1), len(settings.turns))
    cost = np.full(at.shape[:2], np.inf)
    way = move_times(welder, welder.rest, back[usable]) + move_times(
        welder, back[usable], at[usable]
    )
    cost[usable] = 2.0 * way + _closeness(welder, at[usable])
    cost += settings.upright * np.abs(turn)
    return Choices(spot=at, gate=back, turn=turn, branch=branch, cost=cost)


def _turned(frames: Array, turns: tuple[float, ...]) -> Array:
    """Frames turned about their Z axes, shape [n, turn_count, 4, 4]."""
    turn = np.tile(np.eye(4), (len(turns), 1, 1))
    cosine, sine = np.cos(turns), np.sin(turns)
    turn[:, 0, 0], turn[:, 0, 1], turn[:, 1, 0], turn[:, 1, 1] = cosine, -sine, sine, cosine
    return frames[:, None] @ turn


def _branches(welder: Welder, frames: Array, settings: Settings) -> Array:
    """Joint positions [n, turns * 8, J], wound nearest to rest; not-a-number beyond limits."""
    poses = (frames @ invert_matrix(welder.tool)).reshape(-1, 4, 4)
    joints = solve(welder.arm, poses, welder.base).reshape(len(frames), -1, welder.arm.joint_count)
    joints += WHOLE * np.round((welder.rest - joints) / WHOLE)
    for way in (-WHOLE, WHOLE):  # a limit may forbid the nearest turn
        beyond = (joints < welder.arm.lower - SLACK) | (joints > welder.arm.upper + SLACK)
        other = joints + way
        inside = (other >= welder.arm.lower) & (other <= welder.arm.upper)
        joints = np.where(beyond & inside, other, joints)
    bad = ~welder.arm.within_limits(joints)
    bad |= np.abs(joints[..., 0]) > settings.facing
    joints[bad] = np.nan
    return joints


def _closeness(welder: Welder, joints: Array) -> Array:
    """What nearness to singularities costs, by the rule of `twin.motion.choice`."""
    rule = rule_of(welder.arm)
    sine = np.abs(np.sin(joints + rule.singular)) / np.sin(SINGULAR_MARGIN)
    return (rule.weight * np.maximum(0.0, 1.0 - sine)).sum(axis=-1)


def move_times(welder: Welder, start: Array, end: Array) -> Array:
    """Times of joint moves from rest to rest [s]; shapes [..., J] give [...].

    Where a position is not-a-number, so is the time.
    """
    arm = welder.arm
    start, end = np.broadcast_arrays(start, end)
    flat = [np.ascontiguousarray(each.reshape(-1, arm.joint_count)) for each in (start, end)]
    timing = plan_moves(
        flat[0], flat[1], speed=arm.speed, acceleration=arm.acceleration, jerk=arm.jerk
    )
    times = timing.duration.reshape(start.shape[:-1])
    nowhere = np.isnan(start).any(axis=-1) | np.isnan(end).any(axis=-1)
    return np.where(nowhere, np.nan, times)


def why_not(spots: Spots, row: int, welders: tuple[Welder, ...]) -> Problem:
    """Why no robot can weld a spot: no station, no gun, or out of the nearest robot's reach."""
    name, step, gun = spots.names[row], spots.step[row], spots.gun[row]
    of_step = [each for each in welders if step in each.steps]
    if not of_step:
        known = ", ".join(sorted({word for each in welders for word in each.steps}))
        return Problem(name, "needs a station for its step", step, f"stations weld {known or '-'}")
    able = [each for each in of_step if gun in each.guns]
    if not able:
        known = ", ".join(sorted({word for each in of_step for word in each.guns}))
        return Problem(name, "needs a robot with its gun", gun, f"robots there have {known or '-'}")
    frame = spots.frames[row]
    away = [float(np.linalg.norm(each.base[:3, 3] - frame[:3, 3])) for each in able]
    nearest = able[int(np.argmin(away))]
    flange = frame @ invert_matrix(nearest.tool)
    problem = explain(
        nearest.arm, flange, base=nearest.base, where=name, target=f"from {nearest.path}"
    )
    if problem is not None:
        return problem
    rule = "must be welded with the gun square in its seam, drawn back before and after"
    value = f"{nearest.path} reaches it, but not the way out, or with its back to the body"
    return Problem(name, rule, value, "turn the spot's frame or move the robot")
