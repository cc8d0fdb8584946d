"""Legs of a journey: how the robot moves from each stop to the next, by the clock.

It stops at a target without a zone, where it acts or waits, and before it enters an interlock. On
the way it passes the others within their zones. Joint moves in a row are blended in the space of
joints. Where a line or an arc begins or ends in a zone, the next motion begins before the one
before it has ended; that overlap is as long as zone and limits allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem, SceneError
from twin.motion.blend import plan_blended
from twin.motion.cubic import CubicTable
from twin.motion.lever import tool_centres
from twin.motion.overlap import overlapped
from twin.motion.pace import ToolLimits
from twin.motion.profile import Timing, synchronised, to_whole_ticks
from twin.motion.tool_move import plan_tool_move
from twin.motion.zone import zone_shares
from twin.plant.hops import Hop, Journey
from twin.units import TICKS_PER_SECOND

__all__ = ["Leg", "legs_of", "stops_of"]

Array = NDArray[np.float64]

STANDING = ("weld", "pick", "place", "wait")  # actions for which a robot stands still
STILL = 1e-9  # rad, m: less is no way
ROUNDING = 1e-12  # of a duration
LOOKS = 200  # at a motion, for how near a target it passes
TRIES = 40  # overlaps, the longest first: where phases of jerk fall together, limits forbid it
KEPT_EXACTLY = 1 + 1e-9  # of a joint's limit: rounding
KEPT = 1.01  # of a zone and of a tool's speed, between looks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leg:
    """A motion from rest to rest."""

    timing: Timing  # whole microseconds; of a table the duration only
    joints_from: Array  # [rad], shape [J]
    joints_to: Array
    table: CubicTable | None  # None: an S-curve
    visits: tuple[int, ...]  # where it comes by; at the last it stops
    passed: tuple[float, ...]  # and when [s]
    sealing: float  # for how long it works while it moves [s]

    @property
    def duration(self) -> float:
        """How long it takes [s]."""
        return float(self.timing.duration)


def stops_of(journey: Journey, joints: Array) -> set[int]:
    """Visits at which the robot comes to rest."""
    route, count = journey.route, len(journey.route)
    ends = {hop.end for hop in journey.hops}
    stops = {count}
    for visit in range(count):
        stands = route.zones[visit] == 0 or route.actions[visit] in STANDING
        if stands or route.durations[visit] > 0:
            stops.add(visit)
    starts = [-1, *(hop.end for hop in journey.hops)]
    before = {hop.end: start for hop, start in zip(journey.hops, starts, strict=False)}
    for lock in route.interlocks:
        entering = lock.first if lock.first in ends else lock.first + 1
        stops.add(before[entering])
    for end, start in before.items():
        if np.all(np.abs(joints[end + 1] - joints[start + 1]) <= STILL):
            stops |= {start, end}
    return stops & ends


def legs_of(journey: Journey, joints: Array) -> list[Leg]:
    """Plan all legs, the last one home.

    Args:
        journey: What is to be planned.
        joints: Joint positions at visits; home first and last, shape [n + 2, J].

    Raises:
        SceneError: a zone is too wide, or a line can't be gone along.
    """
    stops = stops_of(journey, joints)
    _check_zones(journey, stops)
    legs: list[Leg] = []
    run: list[Hop] = []
    start = -1
    for hop in journey.hops:
        run.append(hop)
        if hop.end in stops:
            legs.append(_leg(journey, joints, run, start))
            run, start = [], hop.end
    return legs


def _check_zones(journey: Journey, stops: set[int]) -> None:
    problems: list[Problem] = []
    starts = [-1, *(hop.end for hop in journey.hops)]
    lengths = [journey.length(*each) for each in zip(journey.hops, starts, strict=False)]
    for number, hop in enumerate(journey.hops[:-1]):
        most = min(lengths[number : number + 2]) / 2
        zone = 0.0 if hop.end in stops else float(journey.route.zones[hop.end])
        if zone > most:
            rule = f"must be at most half of the ways to and from {journey.name(hop.end)}"
            way_out = f"{most:.3g} m at most, or 0 to stop there"
            problems.append(Problem(f"{journey.where} twin:zones", rule, f"{zone:g} m", way_out))
    if problems:
        raise SceneError(problems)


def _leg(journey: Journey, joints: Array, run: list[Hop], start: int) -> Leg:
    visits, first, last = tuple(hop.end for hop in run), joints[start + 1], joints[run[-1].end + 1]
    if len(run) == 1 and run[0].kind == "joint":
        speed = journey.arm.speed * run[0].speed
        limits = {"acceleration": journey.arm.acceleration, "jerk": journey.arm.jerk}
        column = synchronised(first[None], last[None], speed=speed, **limits)
        timing = to_whole_ticks(Timing(*(np.asarray(phase)[0] for phase in column)))
        table, passed = None, (float(timing.duration),)
    else:
        table, times = _through(journey, joints, run, start)
        ticks = ceil(table.duration * TICKS_PER_SECOND * (1 - ROUNDING))
        factor = ticks / TICKS_PER_SECOND / table.duration
        table = table.stretched(factor)
        nothing = np.array(0.0)
        timing = Timing(np.array(ticks / TICKS_PER_SECOND), nothing, nothing)
        passed = tuple(time * factor for time in times)
    begins = (0.0, *passed)
    sealing = sum(
        end - begin
        for hop, begin, end in zip(run, begins, passed, strict=False)
        if hop.end < len(journey.route) and journey.route.actions[hop.end] == "seal"
    )
    return Leg(
        timing=timing, joints_from=first, joints_to=last, table=table, visits=visits,
        passed=passed, sealing=sealing,
    )  # fmt: skip


def _through(
    journey: Journey, joints: Array, run: list[Hop], start: int
) -> tuple[CubicTable, list[float]]:
    """A motion without a stop, and when it passes each visit [s]."""
    table: CubicTable | None = None
    before: CubicTable | None = None  # the last part alone
    times: list[float] = []
    for part in _parts(run):
        own, passed = _part(journey, joints, part, start)
        if table is None or before is None:
            table, times = own, passed
        else:
            overlap = _overlap(journey, before, own, start)
            begins = table.duration - overlap
            times[-1] -= overlap / 2
            times += [begins + time for time in passed]
            table = overlapped(table, own, overlap)
        before, start = own, part[-1].end
    assert table is not None
    return table, times


def _parts(run: Sequence[Hop]) -> list[list[Hop]]:
    """Joint moves of one speed in a row; a line or an arc is a part by itself."""
    keys = ((hop.kind, hop.speed, -1 if hop.kind == "joint" else hop.end) for hop in run)
    numbered = zip(keys, run, strict=True)
    return [[hop for _, hop in group] for _, group in groupby(numbered, key=lambda each: each[0])]


def _part(
    journey: Journey, joints: Array, hops: list[Hop], start: int
) -> tuple[CubicTable, list[float]]:
    """The motion of one part, and when it passes each visit [s]."""
    arm, route, hop = journey.arm, journey.route, hops[0]
    if hop.kind == "joint":
        slower = replace(arm, speed=arm.speed * hop.speed)
        visits = [start, *(each.end for each in hops)]
        points = joints[np.array(visits) + 1]
        radius = [0.0, *(float(route.zones[visit]) for visit in visits[1:-1]), 0.0]
        shares = zone_shares(arm, points, radius, tool=route.tool)
        move = plan_blended(slower, points, shares, where=journey.where)
        return move.table, move.via[1:].tolist()
    move = plan_tool_move(
        arm, journey.path(hop, start), joints[start + 1], tool=route.tool, base=journey.base,
        limits=ToolLimits(speed=hop.speed), where=f"{journey.where} {journey.name(hop.end)}",
    )  # fmt: skip
    return move.table, [move.table.duration]


def _overlap(journey: Journey, one: CubicTable, other: CubicTable, visit: int) -> float:
    """For how long two parts may overlap at a visit [s]: its zone, the limits, the tool's speed."""
    arm, zone = journey.arm, float(journey.route.zones[visit])
    share = np.linspace(0.0, 1.0, LOOKS)
    near = [_apart(journey, table, share * table.duration, visit) for table in (one, other)]
    inside = one.duration * (1 - share[int(np.flatnonzero(near[0] > zone).max(initial=-1)) + 1])
    leaving = np.flatnonzero(near[1] > zone)
    outside = other.duration * share[max(int(leaving[0]) - 1, 0) if len(leaving) else -1]
    most = min(inside, outside, one.duration / 2, other.duration / 2)
    fastest = max(_speed(journey, table, share * table.duration) for table in (one, other))
    limits = np.stack([arm.speed, arm.acceleration, arm.jerk]) * KEPT_EXACTLY
    for overlap in most * np.arange(TRIES, 0, -1) / TRIES if most > 0 else ():
        both = overlapped(one, other, float(overlap))
        if np.any((both.peaks() > limits) & np.isfinite(limits)):
            continue
        times = one.duration - overlap * share[::-1]
        close = _apart(journey, both, times, visit).max() <= zone * KEPT
        if close and _speed(journey, both, times) <= fastest * KEPT:
            return float(overlap)
    return 0.0


def _tool(journey: Journey, table: CubicTable, times: Array) -> Array:
    """Where the tool is in the robot's base at times, shape [n, 3]."""
    return tool_centres(journey.arm, table.at(times), journey.route.tool)


def _apart(journey: Journey, table: CubicTable, times: Array, visit: int) -> Array:
    """How far the tool is from a target at times [m], shape [n]."""
    return np.linalg.norm(
        _tool(journey, table, times) - journey.route.targets[visit, :3, 3], axis=1
    )


def _speed(journey: Journey, table: CubicTable, times: Array) -> float:
    """The tool's largest speed between times [m/s]."""
    way = np.linalg.norm(np.diff(_tool(journey, table, times), axis=0), axis=1)
    return float(np.max(way / np.diff(times)))
