"""Joint moves through via points without stopping: each corner is cut within its zone.

Between zones the joints go along the straight lines between waypoints. In a zone the velocity turns
from one line's to the next along an S-curve of three phases, common to all joints: the corner is
entered as far before the via point as half the turn takes, and left as far behind. So the way stays
inside the triangle of entry, via point and exit, it consists of cubics, and position, velocity and
acceleration never jump. Corners are as fast as the limits allow, lines as fast as the corners.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm
from twin.motion.corner import STOP, Corner, Line, corner_in, line_between
from twin.motion.cubic import CubicTable
from twin.motion.rows import read_only
from twin.motion.zone import WIDEST

__all__ = ["BlendedMove", "plan_blended"]

Array = NDArray[np.float64]

HALVINGS = 80  # of a bracket: to the last bit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlendedMove:
    """A planned way through waypoints."""

    table: CubicTable  # joint positions over time
    via: Array  # when each waypoint is passed, or its corner half done [s], shape [n]


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
    ways = np.diff(points, axis=0)
    lines = [
        line_between(arm, way, 1.0 - out - into)
        for way, out, into in zip(ways, zones[:-1, 1], zones[1:, 0], strict=True)
    ]
    inner = zip(ways[:-1], ways[1:], zones[1:-1], strict=True)
    corners = [STOP, *(corner_in(arm, *each) for each in inner), STOP]
    return _assembled(points[0], lines, _passable(lines, corners))


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


def _passable(lines: list[Line], corners: list[Corner]) -> list[Corner]:
    """Slow corners down until every line is long enough to change from one speed to the next."""
    corners = list(corners)
    for i, line in enumerate(lines):  # gaining speed, forwards
        slow, fast = corners[i].after, corners[i + 1].before
        if fast > slow:
            most = _highest(lambda v: line.distance(slow, v) <= line.length, slow, fast)  # noqa: B023
            corners[i + 1] = corners[i + 1].slowed(most / fast)
    for i, line in reversed(list(enumerate(lines))):  # losing it, backwards
        fast, slow = corners[i].after, corners[i + 1].before
        if fast > slow:
            most = _highest(lambda v: line.distance(slow, v) <= line.length, slow, fast)  # noqa: B023
            corners[i] = corners[i].slowed(most / fast)
    return corners


def _highest(allowed: Callable[[float], bool], low: float, high: float) -> float:
    """The largest number in a bracket that is allowed; `low` is, and all below the result are."""
    if allowed(high):
        return high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if allowed(middle) else (low, middle)
    return low


def _assembled(start: Array, lines: list[Line], corners: list[Corner]) -> BlendedMove:
    pieces: list[tuple[float, Array, Array]] = []  # duration, acceleration at its start, jerk
    via = [0.0]
    clock = 0.0
    for i, line in enumerate(lines):
        enter, leave = corners[i].after, corners[i + 1].before
        peak = _highest(
            lambda v: line.distance(enter, v) + line.distance(leave, v) <= line.length,  # noqa: B023
            max(enter, leave),
            line.speed,
        )
        left = line.length - line.distance(enter, peak) - line.distance(leave, peak)
        nothing = np.zeros_like(line.way)
        run = _turn(line.way * (peak - enter), *line.ramp(peak - enter))
        run.append((max(left, 0.0) / peak, nothing, nothing))
        run += _turn(line.way * (leave - peak), *line.ramp(peak - leave))
        pieces += run
        clock += sum(duration for duration, _, _ in run)
        corner = corners[i + 1]
        via.append(clock + corner.duration / 2)
        clock += corner.duration
        if corner.duration > 0:
            change = lines[i + 1].way * corner.after - line.way * corner.before
            pieces += _turn(change, corner.duration, corner.rise)
    duration, acceleration, jerk = zip(*pieces, strict=True)
    at_rest = np.zeros_like(start)
    table = CubicTable.of_pieces(
        duration, start, at_rest, acceleration=np.array(acceleration), jerk=np.array(jerk)
    )
    return BlendedMove(table=table, via=read_only(np.array(via)))


def _turn(change: Array, duration: float, rise: float) -> list[tuple[float, Array, Array]]:
    """Three phases that change velocity by a vector."""
    nothing = np.zeros_like(change)
    if duration <= 0:
        return []
    peak = change / (duration - rise)
    jerk = peak / rise if rise > 0 else nothing
    return [
        (rise, nothing, jerk),
        (max(duration - 2 * rise, 0.0), peak, nothing),
        (rise, peak, -jerk),
    ]
