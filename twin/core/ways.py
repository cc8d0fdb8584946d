"""The shortest ways on a fleet's lanes, from every waypoint to every goal at once.

Driving times are those of Bellman ("On a routing problem", 1958), for all goals in one row each:
waypoints are gone through so that those ahead come before those behind, and again until nothing
changes, which in a hall takes a few rounds. Homes and chargers are not driven through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.core.world import LATER, NONE

__all__ = ["Leg", "Ways", "shortest_ways"]

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A lane between two waypoints, by their numbers."""

    start: int
    end: int
    ticks: int  # driving time
    length: int  # um


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """From every waypoint to every goal; arrays of shape [waypoints, goals]."""

    ticks: Counts  # driving time; LATER without a way
    hops: Counts  # number of the first lane; NONE at the goal or without a way
    legs: tuple[Leg, ...]

    def length(self) -> Counts:
        """How long the ways are [um]; 0 without a way."""
        ends = np.array([*(leg.end for leg in self.legs), NONE])
        total = np.array([*(leg.length for leg in self.legs), 0])[self.hops]
        rows = np.arange(len(self.hops))[:, None]
        onward = np.where(self.hops < 0, rows, ends[self.hops])
        columns: Counts = np.arange(len(self.hops.T), dtype=np.int64)
        while (onward != onward[onward, columns]).any():  # twice as many lanes at a time
            total = total + total[onward, columns]
            onward = onward[onward, columns]
        return total


def shortest_ways(
    count: int,
    legs: Sequence[Leg],
    goals: Sequence[int],
    *,
    closed: frozenset[int],
    delays: Mapping[int, int],
) -> Ways:
    """Of equal ways that is taken whose next waypoint is nearest to the goal, then numbered first.

    Args:
        count: how many waypoints there are.
        legs: the lanes.
        goals: numbers of the waypoints to come to.
        closed: waypoints that are driven to, and not through.
        delays: what driving through a waypoint costs besides [ticks].
    """
    into = {goal: column for column, goal in enumerate(goals)}
    ticks = np.full((count, len(goals)), LATER)
    ticks[list(goals), np.arange(len(goals))] = 0
    order = _ahead_first(count, legs)
    more = True
    while more:
        more = False
        for number in order:
            leg = legs[number]
            found = np.minimum(ticks[leg.start], _over(leg, ticks, into, closed, delays))
            if (found < ticks[leg.start]).any():
                ticks[leg.start] = found
                more = True
    hops = _first_lanes(legs, ticks, into, closed, delays)
    return Ways(ticks=ticks, hops=hops, legs=tuple(legs))


def _over(
    leg: Leg, ticks: Counts, into: Mapping[int, int], closed: frozenset[int],
    delays: Mapping[int, int],
) -> Counts:  # fmt: skip
    """Driving times to all goals over one lane."""
    column = into.get(leg.end, NONE)
    if leg.end in closed:
        times = np.full(ticks.shape[1], LATER)
    else:
        times = ticks[leg.end] + leg.ticks + delays.get(leg.end, 0)
    if column >= 0:
        times[column] = leg.ticks
    return times


def _first_lanes(
    legs: Sequence[Leg], ticks: Counts, into: Mapping[int, int], closed: frozenset[int],
    delays: Mapping[int, int],
) -> Counts:  # fmt: skip
    """The lane with which each way begins."""
    hops = np.full(ticks.shape, NONE)
    nearest = np.full(ticks.shape, LATER)
    for number in sorted(range(len(legs)), key=lambda n: legs[n].end):
        leg = legs[number]
        fits = _over(leg, ticks, into, closed, delays) == ticks[leg.start]
        fits &= (ticks[leg.start] < LATER) & (ticks[leg.end] < nearest[leg.start])
        hops[leg.start, fits] = number
        nearest[leg.start, fits] = ticks[leg.end, fits]
    return hops


def _ahead_first(count: int, legs: Sequence[Leg]) -> list[int]:
    """Lanes in such an order that of two in a row the one ahead comes first, but for rounds."""
    out: list[list[int]] = [[] for _ in range(count)]
    for number, leg in enumerate(legs):
        out[leg.start].append(number)
    order: list[int] = []
    seen = [False] * count
    for first in range(count):
        stack = [] if seen[first] else [(first, iter(out[first]))]
        seen[first] = True
        while stack:
            here, lanes = stack[-1]
            ahead = next((legs[n].end for n in lanes if not seen[legs[n].end]), NONE)
            if ahead >= 0:
                seen[ahead] = True
                stack.append((ahead, iter(out[ahead])))
            else:
                order += out[here]
                stack.pop()
    return order
