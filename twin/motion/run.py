"""A run through waypoints from rest to rest: straight lines, and corners that are cut.

In a zone the velocity turns from one line's to the next along an S-curve of three phases, common to
all joints. Corners are as fast as the limits allow, lines as fast as the corners at their ends.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twin.motion.arm import Arm
from twin.motion.corner import STOP, Corner, Line, corner_in, line_between
from twin.motion.cubic import CubicTable

__all__ = ["run_through"]

Array = NDArray[np.float64]

HALVINGS = 80  # of a bracket: to the last bit


def run_through(arm: Arm, points: Array, zones: Array) -> tuple[CubicTable, Array]:
    """Time a run through waypoints [n, J] with zones [n, 2], of which the first and last are 0.

    Returns:
        The joints over time, and when each waypoint is passed or its corner half done [s], [n].
    """
    ways = np.diff(points, axis=0)
    lines = [
        line_between(arm, way, 1.0 - out - into)
        for way, out, into in zip(ways, zones[:-1, 1], zones[1:, 0], strict=True)
    ]
    inner = zip(ways[:-1], ways[1:], zones[1:-1], strict=True)
    corners = [STOP, *(corner_in(arm, *each) for each in inner), STOP]
    return _assembled(points[0], lines, _passable(lines, corners))


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


def _assembled(start: Array, lines: list[Line], corners: list[Corner]) -> tuple[CubicTable, Array]:
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
    return table, np.array(via)


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
