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
from twin.motion.cubic import CubicTable
from twin.motion.lever import bend, levers, tool_rows
from twin.motion.rows import read_only

__all__ = ["BlendedMove", "plan_blended", "zone_shares"]

Array = NDArray[np.float64]

HALVINGS = 80  # of a bracket: to the last bit
WIDEST = 0.5  # a zone takes at most half of a line, so two never meet


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlendedMove:
    """A planned way through waypoints."""

    table: CubicTable  # joint positions over time
    via: Array  # when each waypoint is passed, or its corner half done [s], shape [n]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Corner:
    """A turn from one line's velocity to the next one's."""

    before: float  # speed along the line that comes in [lines/s]
    after: float  # speed along the line that goes out [lines/s]
    duration: float  # [s]; 0 at a waypoint where the robot stops
    rise: float  # jerk-phase time [s]

    def slowed(self, share: float) -> "_Corner":
        """The same corner in space at a share of its speed."""
        if share >= 1:
            return self
        return _Corner(
            before=self.before * share,
            after=self.after * share,
            duration=self.duration / share,
            rise=self.rise / share,
        )


STOP = _Corner(before=0.0, after=0.0, duration=0.0, rise=0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Line:
    """A straight line between waypoints, without the zones at its ends."""

    way: Array  # from waypoint to waypoint [rad], shape [J]
    length: float  # share of it outside zones
    speed: float  # limits along it [lines/s]
    acceleration: float
    jerk: float

    def ramp(self, change: float) -> tuple[float, float]:
        """Shortest time to change speed, and its jerk-phase time [s]."""
        a, j = self.acceleration, self.jerk
        if change * j >= a * a:
            return change / a + a / j, a / j
        return 2 * float(np.sqrt(change / j)), float(np.sqrt(change / j))

    def distance(self, one: float, other: float) -> float:
        """How much of the line a change of speed takes."""
        return (one + other) / 2 * self.ramp(abs(other - one))[0]


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
        _line(arm, way, 1.0 - out - into)
        for way, out, into in zip(ways, zones[:-1, 1], zones[1:, 0], strict=True)
    ]
    inner = zip(ways[:-1], ways[1:], zones[1:-1], strict=True)
    corners = [STOP, *(_corner(arm, *each) for each in inner), STOP]
    return _assembled(points[0], lines, _passable(lines, corners))


def zone_shares(
    arm: Arm, waypoints: ArrayLike, radius: ArrayLike, *, tool: ArrayLike | None = None
) -> Array:
    """Turn zone radii of the tool into shares of the lines before and after each waypoint.

    While the robot is in a zone, its tool centre is never further than the radius from where it is
    at the waypoint. That holds by the levers of the joints, not by samples.

    Args:
        arm: Of revolute joints.
        waypoints: Joint positions [rad], shape [n, J].
        radius: Of each zone [m], shape [n] or one for all.
        tool: Pose of the tool in the flange, shape [4, 4]; None: the flange.

    Returns:
        Shares in [0, 0.5], shape [n, 2].
    """
    points = np.asarray(waypoints, dtype=np.float64)
    radius = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(points))[:, None]
    ways = np.zeros((len(points), 2, points.shape[1]))
    ways[1:, 0] = ways[:-1, 1] = np.diff(points, axis=0)
    straight = np.einsum("nij,nkj->nki", tool_rows(arm, points, tool), ways)
    one = np.linalg.norm(straight, axis=2)
    two = bend(levers(arm, tool), ways)
    root = one + np.sqrt(one * one + 4 * two * radius)  # of one z + two z^2 = radius
    return np.minimum(2 * radius / np.where(root > 0, root, np.inf), WIDEST)


def _checked(
    arm: Arm, waypoints: ArrayLike, zone: ArrayLike, where: str
) -> tuple[Array, Array]:
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
    outside, same = ~arm.within_limits(points), ~np.diff(points, axis=0).any(axis=1)
    wide = ~((zones >= 0) & (zones <= WIDEST)).all(axis=1)
    way_out = "leave one out, or plan two ways with a wait between"
    problems = [
        *(_problem(where, i, "must be within joint limits", points[i]) for i in _which(outside)),
        *(
            replace(_problem(where, i + 1, "must not repeat the one before", points[i]), way_out=way_out)
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


def _line(arm: Arm, way: Array, length: float) -> _Line:
    speed, acceleration, jerk = (
        _least(limit, way) for limit in (arm.speed, arm.acceleration, arm.jerk)
    )
    return _Line(way=way, length=length, speed=speed, acceleration=acceleration, jerk=jerk)


def _least(limit: Array, way: Array) -> float:
    """The largest factor of a way in joint space that no joint's limit forbids."""
    size = np.abs(way)
    return float(np.min(limit[size > 0] / size[size > 0], initial=np.inf))


def _corner(arm: Arm, way_in: Array, way_out: Array, zone: Array) -> _Corner:
    """The fastest turn in a zone.

    It takes b seconds; with v = 2 zone way / b on either side, the velocity changes by 2 / b times
    the difference d of the two vectors zone way. Within limits a and j per unit of d that takes
    b = (2 / b) / a + a / j, or b = 2 sqrt((2 / b) / j) where a is not reached.
    """
    into, out = way_in * zone[0], way_out * zone[1]
    if not (into.any() and out.any()):
        return STOP
    turn = out - into
    a, j = _least(arm.acceleration, turn), _least(arm.jerk, turn)
    slowest = max(2 / _least(arm.speed, into), 2 / _least(arm.speed, out))
    rise, duration = slowest / 4, slowest  # straight on: no acceleration at all
    if turn.any():
        rise = a / j
        duration = rise / 2 + float(np.sqrt(rise * rise / 4 + 2 / a))
        if 2 * rise > duration:
            duration = 2 / float(np.cbrt(j))
            rise = duration / 2
    stretch = max(1.0, slowest / duration)
    duration, rise = duration * stretch, rise * stretch
    before, after = 2 * float(zone[0]) / duration, 2 * float(zone[1]) / duration
    return _Corner(before=before, after=after, duration=duration, rise=rise)


def _passable(lines: list[_Line], corners: list[_Corner]) -> list[_Corner]:
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


def _assembled(start: Array, lines: list[_Line], corners: list[_Corner]) -> BlendedMove:
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
    table = CubicTable.of_pieces(duration, start, at_rest, np.array(acceleration), np.array(jerk))
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
