"""Whether vehicles whose outlines are known can ever touch, decided from the lanes before a run.

A vehicle on a lane from A to B holds B all the way, and A until it is `clear` of it; one that
stands at C holds C. Two vehicles never hold the same waypoint, nor two of a zone for one. So they
can touch only where they hold different ones, and where what they sweep overlaps:

    lanes A-B and C-D, all four held apart      both whole lanes must be apart
    D or C is A (or shares a zone with it)      the other one is there only after A was left: the
                                                lane behind its clear way must be apart
    B is D                                      never at once

From each lane follows the least clear way that keeps it apart from all that can hold its first
waypoint, up to the whole lane. What overlaps otherwise is told before the run. Vehicles that free a
gridlock all move at the same share of their lanes, so they are looked at share by share.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from twin.core.directory import Surroundings
from twin.core.lane_shape import (
    DIFFERENTIAL,
    course_of,
    heading_at,
    lanes_from,
    microradians,
)
from twin.core.outline import NEAREST, Course, Outline, Swept, gaps, near, spun, swept, together
from twin.errors import Problem

__all__ = ["Traffic", "clear_ways", "touch_problems", "traffic_of"]

STEP = 0.1  # m between clear ways that are tried
STRAIGHT = 0.0088  # rad: a turn that a vehicle takes on the way


@dataclass(frozen=True, slots=True)
class Sort:
    """Vehicles that are alike."""

    outline: Outline
    spins: bool
    fixed: int | None  # heading that they keep [urad]


@dataclass(frozen=True, slots=True)
class Stay:
    """Vehicles of a sort on a lane, or standing at its end, which is its start as well."""

    sort: Sort
    start: str
    end: str


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Where vehicles with outlines can be."""

    around: Surroundings
    sorts: Mapping[Sort, tuple[str, ...]]  # vehicles of each

    @cached_property
    def lanes(self) -> dict[tuple[str, str], float]:
        """Radius of every lane, by its ends."""
        params: Mapping[str, Any] = self.around.params
        return {
            (path, end): radius
            for path, each in params.items()
            if hasattr(each, "lanes")
            for end, radius in lanes_from(each)
            if hasattr(params.get(end), "lanes")
        }

    @cached_property
    def ends(self) -> frozenset[str]:
        """Waypoints that are not driven through."""
        params = self.around.params.values()
        names = ("home", "chargers")
        return frozenset(path for each in params for n in names for path in getattr(each, n, ()))

    @cached_property
    def zones(self) -> dict[str, str]:
        """The zone for one that a waypoint belongs to, or its own path."""
        params: Mapping[str, Any] = self.around.params
        alone = {p: each for p, each in params.items() if hasattr(each, "lanes")}
        return {
            path: f"zone {each.zone}" if each.zone and each.zone_limit == 1 else path
            for path, each in alone.items()
        }

    @cached_property
    def stays(self) -> dict[Stay, Swept]:
        """Where vehicles of each sort can be, and what they sweep there."""
        found: dict[Stay, Swept] = {}
        for sort, vehicles in self.sorts.items():
            at = self._reached(vehicles)
            lanes = [ends for ends in self.lanes if set(ends) <= at]
            for start, end in lanes:
                course = self.course(Stay(sort, start, end))
                found[Stay(sort, start, end)] = swept(*course)
            for path in at:
                found[Stay(sort, path, path)] = self._stand(sort, path, lanes)
        return found

    def course(self, stay: Stay) -> Course:
        """The way of a sort along a lane."""
        xyz, radius = self.around.xyz, self.lanes[stay.start, stay.end]
        points, headings, _ = course_of(xyz[stay.start], xyz[stay.end], radius)
        if stay.sort.fixed is not None:
            headings = [stay.sort.fixed * 1e-6] * len(points)
        return Course(stay.sort.outline, points, headings)

    def _reached(self, vehicles: tuple[str, ...]) -> set[str]:
        """Waypoints that vehicles drive to: not the homes and chargers of others."""
        params: Mapping[str, Any] = self.around.params
        own = {path for each in vehicles for path in params[each].home}
        for fleet in {path for each in vehicles for path in params[each].fleet}:
            own.update(params[fleet].chargers)
            if params[fleet].idle_vehicles == "nearest":
                each_home = [p.home for p in params.values() if fleet in getattr(p, "fleet", ())
                             and hasattr(p, "home")]  # fmt: skip
                own.update(path for home in each_home for path in home)
        seen = {path for each in vehicles for path in params[each].home}
        stack = list(seen)
        while stack:
            here = stack.pop()
            for start, end in self.lanes:
                if start == here and end not in seen and (end not in self.ends or end in own):
                    seen.add(end)
                    stack.append(end)
        return seen

    def _stand(self, sort: Sort, path: str, lanes: list[tuple[str, str]]) -> Swept:
        """What a vehicle sweeps that comes to a waypoint, turns, and leaves."""
        at = self.around.xyz[path]
        if sort.fixed is not None:
            return swept(sort.outline, [at], [sort.fixed * 1e-6])
        headings = [self.course(Stay(sort, *ends)).headings for ends in lanes if path in ends]
        ends = [each for each in lanes if path in each]
        looks = [h[-1] if each[1] == path else h[0] for h, each in zip(headings, ends, strict=True)]
        looks = looks or [heading_at(path, self.around.params, self.around.xyz) * 1e-6]
        if sort.spins and any(_turn(looks[0], each) > STRAIGHT for each in looks):
            return spun(sort.outline, at)
        return Swept.of([swept(sort.outline, [at], [each]) for each in dict.fromkeys(looks)])

    def meetings(self) -> Iterator[tuple[Stay, Stay]]:
        """Pairs of stays of different vehicles whose sweeps touch."""
        stays = list(self.stays)
        owner = np.repeat(np.arange(len(stays)), [len(s.sliver) for s in self.stays.values()])
        everything = Swept.of(list(self.stays.values()))
        i, j = near(everything, everything)
        i, j = i[i < j], j[i < j]
        touching = gaps(everything, i, everything, j) < NEAREST
        pairs = np.unique(np.stack([owner[i[touching]], owner[j[touching]]], axis=1), axis=0)
        for one, other in ((int(row[0]), int(row[1])) for row in pairs):
            a, b = stays[one], stays[other]
            if one != other and (a.sort != b.sort or len(self.sorts[a.sort]) > 1):
                yield a, b

    @cached_property
    def judged(self) -> tuple[dict[Stay, list[Stay]], list[tuple[Stay, Stay]]]:
        """What each lane must be clear of behind its clear way, and what must not be at all."""
        clear, wrong = defaultdict[Stay, list[Stay]](list), list[tuple[Stay, Stay]]()
        zone = self.zones
        for a, b in self.meetings():
            if zone[a.end] == zone[b.end]:
                continue
            from_b, from_a = zone[a.start] == zone[b.end], zone[b.start] == zone[a.end]
            both = zone[a.start] == zone[b.start]
            if from_b and from_a:
                continue  # who comes took the waypoint before the other one left it
            if (from_b or both) and zone[a.start] != zone[a.end]:
                clear[a].append(b)
            if (from_a or both) and zone[b.start] != zone[b.end]:
                clear[b].append(a)
            if not (from_a or from_b or both):
                wrong.append((a, b))
        return clear, wrong

    def clear_way(self, stay: Stay) -> float:
        """The way after which it is clear of all that can hold its first waypoint [m]."""
        course, least = self.course(stay), stay.sort.outline.length
        others = [self.stays[each] for each in self.judged[0].get(stay, ())]
        length = course.way
        if not others:
            return min(least, length)
        stops = Swept.of(others)
        while least < length:
            rest = course.after(least)
            i, j = near(rest, stops)
            if not (gaps(rest, i, stops, j) < NEAREST).any():
                return least
            least += STEP
        return length

    def exchanges(self) -> Iterator[tuple[Stay, Stay]]:
        """Lanes on which two vehicles touch that follow each other as they free a gridlock."""
        zone = self.zones
        lanes = [
            each for each in self.stays
            if zone[each.start] != zone[each.end] and not {each.start, each.end} & self.ends
        ]  # fmt: skip
        out = defaultdict[str, list[Stay]](list)
        for each in lanes:
            out[zone[each.start]].append(each)
        for one in lanes:
            for two in out[zone[one.end]]:
                alone = one.sort == two.sort and len(self.sorts[one.sort]) < 2
                if one != two and not alone and together(self.course(one), self.course(two)):
                    yield one, two


def _turn(one: float, other: float) -> float:
    return abs(microradians(other - one)) * 1e-6


def traffic_of(around: Surroundings) -> Traffic:
    """The traffic of all vehicles of a plant whose width is given."""
    params: Mapping[str, Any] = around.params
    sorts = defaultdict[Sort, list[str]](list)
    for path, each in params.items():
        if getattr(each, "width", 0.0) > 0.0 and each.length > 0.0 and _is_placed(each, params):
            still = each.drive != DIFFERENTIAL
            fixed = heading_at(each.home[0], params, around.xyz) if still else None
            outline = Outline(each.length, each.width)
            sorts[Sort(outline, each.turn_speed > 0.0, fixed)].append(path)
    return Traffic(around=around, sorts={sort: tuple(paths) for sort, paths in sorts.items()})


def _is_placed(vehicle: Any, params: Mapping[str, Any]) -> bool:
    """Whether it has a fleet and a home on the lanes."""
    fleets, homes = (
        [params.get(path) for path in paths] for paths in (vehicle.fleet, vehicle.home)
    )
    return any(hasattr(each, "chargers") for each in fleets) and any(
        hasattr(each, "lanes") for each in homes
    )


def clear_ways(around: Surroundings) -> dict[tuple[str, str], float]:
    """How far a vehicle of this fleet must be on each lane to give its first waypoint free [m]."""
    params: Mapping[str, Any] = around.params
    traffic = traffic_of(around)
    ways = defaultdict[tuple[str, str], float](float)
    for stay in traffic.stays:
        mine = any(around.path in params[path].fleet for path in traffic.sorts[stay.sort])
        if mine and stay.start != stay.end:
            ends = stay.start, stay.end
            ways[ends] = max(ways[ends], traffic.clear_way(stay))
    return dict(ways)


def touch_problems(around: Surroundings) -> Iterator[Problem]:
    """Where vehicles could touch though they hold different waypoints; each waypoint or lane once.

    Only the plant's first fleet tells it, for all.
    """
    traffic = traffic_of(around)
    fleets = [path for path, each in around.params.items() if hasattr(each, "chargers")]
    if not traffic.sorts or around.path != fleets[0]:
        return
    told = set[str]()
    for one, other in traffic.judged[1] or traffic.exchanges():
        where = _name(one)
        if where not in told:
            told.add(where)
            yield Problem(where, *_rule(other, freed=not traffic.judged[1]))


def _rule(other: Stay, *, freed: bool) -> tuple[str, str, str]:
    where = f"{'at' if other.start == other.end else 'from'} {_name(other)}"
    if freed:
        rule = f"lets vehicles touch those {where} as they free a gridlock"
        return rule, "", "give one of both a way around the other, or put them in one twin:zone"
    rule = f"lets vehicles touch those {where}, as they hold waypoints of their own"
    return rule, "", "move them apart, or put them in one twin:zone with a twin:zoneLimit of 1"


def _name(stay: Stay) -> str:
    return stay.end if stay.start == stay.end else f"{stay.start} to {stay.end}"
