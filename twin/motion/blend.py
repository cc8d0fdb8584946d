"""Joint moves through via points without stopping: each corner is cut within its zone.

Between zones the joints go along the straight lines between waypoints. A corner is cut in one of
two ways, whichever is quicker. Either the velocity turns in the zone from one line's to the next
one's, so the robot hardly slows; or the next line begins before the last one ends, each with its
own S-curve, which suits tight zones. Both stay inside the triangle of entry, via point and exit,
consist of cubics, and let neither position nor velocity nor acceleration jump.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm
from twin.motion.crossing import crossings
from twin.motion.cubic import CubicTable
from twin.motion.overlap import longest_overlap, overlapped
from twin.motion.rows import read_only
from twin.motion.run import run_through
from twin.motion.zone import WIDEST

__all__ = ["BlendedMove", "plan_blended"]

Array = NDArray[np.float64]

INSIDE = 1 - 1e-9  # of a zone: its edge is crossed for sure, rounding or not


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlendedMove:
    """A planned way through waypoints."""

    table: CubicTable  # joint positions over time
    via: Array  # when each waypoint is passed, or its corner half done [s], shape [n]
    overlaps: frozenset[int]  # waypoints at which two runs overlap; at the others corners are cut


def plan_blended(
    arm: Arm, waypoints: ArrayLike, zone: ArrayLike, *, where: str = "program"
) -> BlendedMove:
    """Time the way through waypoints, from rest to rest, without a stop where a zone allows.

    Args:
        arm: Gives the limits.
        waypoints: Joint positions [rad], shape [n, J], n >= 2, no two in a row the same.
        zone: How much of the line before and of the line after each waypoint its corner may take,
            in [0, 0.5], shape [n, 2], [n, 1] or one for all; 0 stops there. `zone_shares` gives it
            for a radius of the tool. The first and the last are not used.
        where: Whose program it is, for messages: a prim path.

    Raises:
        SceneError: a waypoint is misshapen, beyond a limit or twice in a row, or a zone can't be.
    """
    points, zones = _checked(arm, waypoints, zone, where)
    inner = range(1, len(points) - 1)
    tries = [_planned(arm, points, zones, frozenset(cut)) for cut in ((), inner)]
    best = min(tries, key=_duration)
    for via in inner:
        best = min(best, _planned(arm, points, zones, best.overlaps ^ {via}), key=_duration)
    return best


def _duration(move: BlendedMove) -> float:
    return move.table.duration


def _planned(arm: Arm, points: Array, zones: Array, overlaps: frozenset[int]) -> BlendedMove:
    """Plan with overlapping runs at some waypoints, and cut corners at the others."""
    ends = [0, *sorted(overlaps), len(points) - 1]
    runs: list[tuple[CubicTable, Array]] = []
    for first, last in pairwise(ends):
        within = zones[first : last + 1].copy()
        within[[0, -1]] = 0.0
        runs.append(run_through(arm, points[first : last + 1], within))
    table, via = runs[0]
    passed = [via]
    for at, (before, _), (after, times) in zip(ends[1:-1], runs, runs[1:], strict=False):
        into, out = zones[at] * INSIDE
        overlap = 0.0
        if into > 0 and out > 0:
            left = before.duration - _when(before, points[at - 1 : at + 1], 1 - into)[-1]
            most = min(left, _when(after, points[at : at + 2], out)[0])
            overlap = longest_overlap(arm, before, after, float(most))
            if overlap == 0:  # the limits allow none
                return _planned(arm, points, zones, overlaps - {at})
        begins = table.duration - overlap
        passed[-1][-1] -= overlap / 2
        passed.append(times[1:] + begins)
        table = overlapped(table, after, overlap)
    return BlendedMove(table=table, via=read_only(np.concatenate(passed)), overlaps=overlaps)


def _when(table: CubicTable, ends: Array, share: float) -> Array:
    """When the joints are at a share of a line, seen along it [s]."""
    way = ends[1] - ends[0]
    along = table.coefficients @ (way / (way @ way))
    along[:, 0] -= ends[0] @ way / (way @ way)
    return crossings(CubicTable.build(table.time, along[..., None]), 0, share)


def _checked(arm: Arm, waypoints: ArrayLike, zone: ArrayLike, where: str) -> tuple[Array, Array]:
    """Waypoints [n, J] and zones [n, 2], or what is wrong with them."""
    points = np.asarray(waypoints, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != arm.joint_count or len(points) < 2:
        rule = f"waypoints must have shape [n, {arm.joint_count}], n >= 2"
        raise SceneError([Problem(where, rule, str(points.shape))])
    zones = np.asarray(zone, dtype=np.float64)
    if zones.shape not in {(), (len(points), 1), (len(points), 2)}:
        rule = f"zones must have shape [{len(points)}, 2], or be one number"
        raise SceneError([Problem(where, rule, str(zones.shape))])
    zones = np.broadcast_to(zones, (len(points), 2)).copy()
    outside = ~arm.within_limits(points)
    same = np.all(np.diff(points, axis=0) == 0, axis=1)
    wide = np.any(~((zones >= 0) & (zones <= WIDEST)), axis=1)
    way_out = "leave one out, or plan two ways with a wait between"
    problems = [
        *(_problem(where, i, "must be within joint limits", points[i]) for i in _which(outside)),
        *(
            replace(
                _problem(where, i + 1, "must not repeat the one before", points[i]), way_out=way_out
            )
            for i in _which(same)
        ),
        *(_problem(where, i, f"zone must be in [0, {WIDEST}]", zones[i]) for i in _which(wide)),
    ]
    if problems:
        raise SceneError(problems)
    zones[0] = zones[-1] = 0.0
    return points, zones


def _which(flags: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(flags).tolist()


def _problem(where: str, i: int, rule: str, value: Array) -> Problem:
    return Problem(f"{where} waypoint {i + 1}", rule, str(np.round(value, 6).tolist()))
