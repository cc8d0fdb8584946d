"""The lane graph of a fleet before a run: its lanes, and what is wrong with the ways on them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

import numpy as np

from twin.core.directory import Surroundings
from twin.core.lane_shape import arrivals, lane_shape, lanes_from, microradians
from twin.core.ways import Leg, Ways, shortest_ways
from twin.core.world import LATER
from twin.errors import Problem

__all__ = ["Lane", "Lanes", "lanes_of", "tour_problems"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane between two waypoints, named by their paths."""

    start: str
    end: str
    length: int  # um
    speed: int  # um/s; 0: the vehicle's own
    number: int  # among the lanes of its first waypoint
    ticks: int  # driving time of the fleet's fastest vehicle
    radius: float  # m; 0: straight
    leaving: float  # heading at its start [rad]
    coming: float  # heading at its end [rad]
    arrival: int  # number of that heading among those with which lanes come to its end


@dataclass(frozen=True, kw_only=True)
class Lanes:
    """What a fleet drives on."""

    waypoints: tuple[str, ...]  # all of the plant
    lanes: tuple[Lane, ...]
    vehicles: tuple[str, ...]
    givers: tuple[str, ...]  # docks whose parts this fleet carries
    jobs: tuple[tuple[str, str], ...]  # waypoints where a load is fetched, and where it goes
    homes: tuple[str, ...]
    chargers: tuple[str, ...]
    ends: frozenset[str]  # waypoints that are not driven through
    delays: dict[str, int]  # what driving through a dock's waypoint costs besides [ticks]

    @property
    def stops(self) -> tuple[str, ...]:
        """Waypoints where vehicles load and unload."""
        return tuple(dict.fromkeys([stop for job in self.jobs for stop in job]))

    @cached_property
    def goals(self) -> tuple[str, ...]:
        """Waypoints that vehicles of this fleet drive to."""
        return tuple(dict.fromkeys([*self.stops, *self.homes, *self.chargers]))

    @property
    def out_of(self) -> dict[str, list[Lane]]:
        """Lanes by their starts."""
        lanes: dict[str, list[Lane]] = {path: [] for path in self.waypoints}
        for lane in self.lanes:
            lanes[lane.start].append(lane)
        return lanes

    @cached_property
    def ways(self) -> Ways:
        """The shortest ways from all waypoints to all goals, both in their order."""
        number = {path: knot for knot, path in enumerate(self.waypoints)}
        return shortest_ways(
            len(number),
            [
                Leg(start=number[lane.start], end=number[lane.end], ticks=lane.ticks,
                    length=lane.length)
                for lane in self.lanes
            ],
            [number[goal] for goal in self.goals],
            closed=frozenset(number[path] for path in self.ends),
            delays={number[path]: ticks for path, ticks in self.delays.items() if path in number},
        )  # fmt: skip


def lanes_of(around: Surroundings) -> Lanes:
    """The lanes, vehicles and docks of the fleet that these are the surroundings of."""
    params: dict[str, Any] = dict(around.params)
    waypoints = {path: each for path, each in params.items() if hasattr(each, "lanes")}
    own = [path for path, each in params.items() if around.path in getattr(each, "fleet", ())]
    vehicles = [path for path in own if hasattr(params[path], "home")]
    givers = [path for path in own if hasattr(params[path], "waypoint")]
    jobs = [
        (load, unload)
        for giver in givers
        for taker in around.onward[giver]
        for load in _known(waypoints, [params[giver]], "waypoint")
        for unload in _known(waypoints, [params.get(taker)], "waypoint")
    ]
    homes = _known(waypoints, [params[path] for path in vehicles], "home")
    chargers = _known(waypoints, [params[around.path]], "chargers")
    drivers = [params[path] for path in vehicles]
    delays: dict[str, int] = {}
    for each in params.values():
        for path in getattr(each, "waypoint", ()):
            delays[path] = max(delays.get(path, 0), round(each.handling_time * 1e6))
    headings = arrivals(params, around.xyz)
    lanes = [
        _lane(around, path, end, number, radius, each.speed, drivers, headings[end])
        for path, each in waypoints.items()
        for number, (end, radius) in enumerate(lanes_from(each))
        if end in waypoints
    ]
    ends = [*_known(waypoints, params.values(), "home")]
    ends += _known(waypoints, params.values(), "chargers")
    return Lanes(
        waypoints=tuple(waypoints),
        lanes=tuple(lanes),
        vehicles=tuple(vehicles),
        givers=tuple(givers),
        jobs=tuple(dict.fromkeys(jobs)),
        homes=homes,
        chargers=chargers,
        ends=frozenset(ends),
        delays=delays,
    )


def _known(waypoints: dict[str, Any], params: Iterable[Any], relation: str) -> tuple[str, ...]:
    """Waypoints that parameters name in a relation, each once."""
    paths = [path for each in params for path in getattr(each, relation, ())]
    return tuple(dict.fromkeys(path for path in paths if path in waypoints))


def _lane(
    around: Surroundings, start: str, end: str, number: int, radius: float, limit: float,
    drivers: list[Any], headings: list[int],
) -> Lane:  # fmt: skip
    shape = lane_shape(around.xyz[start], around.xyz[end], radius)
    speeds = [each.speed for each in drivers if not radius or not each.lateral_acceleration]
    if radius:
        lateral = [(each.speed, each.lateral_acceleration) for each in drivers]
        speeds += [min(speed, sqrt(a * abs(radius))) for speed, a in lateral if a > 0.0]
    speed = max(speeds, default=1.0)
    speed = min(limit, speed) if limit > 0.0 else speed
    return Lane(
        start=start, end=end, number=number, length=round(shape.length * 1e6),
        speed=round(limit * 1e6), ticks=round(shape.length / speed * 1e6), radius=radius,
        leaving=shape.leaving, coming=shape.coming,
        arrival=headings.index(microradians(shape.coming)),
    )  # fmt: skip


def tour_problems(lanes: Lanes, around: Surroundings) -> Iterator[Problem]:
    """Every vehicle must get from its home to every dock, between them, to a charger, and back."""
    params: dict[str, Any] = dict(around.params)
    ranges = [path for path in lanes.vehicles if params[path].range > 0.0]
    if ranges and not lanes.chargers:
        rule = f"must name a waypoint: {ranges[0]} has a battery for {params[ranges[0]].range:g} m"
        yield Problem(f"{around.path} twin:chargers", rule, "nothing")
    for stop in lanes.stops:
        if stop in lanes.ends:
            rule = "must not be a home or a charger: other vehicles stop there at a dock"
            yield Problem(stop, rule, way_out="give it a waypoint of its own beside the lane")
    knots = [lanes.waypoints.index(goal) for goal in lanes.goals]
    for goal, ticks in zip(lanes.goals, lanes.ways.ticks[knots].T, strict=True):
        if (ticks >= LATER).any():
            cut = lanes.goals[int(np.argmax(ticks >= LATER))]
            rule = f"can't be reached by vehicles of {around.path} from {cut}"
            way_out = "add lanes; homes and chargers are not driven through"
            yield Problem(goal, rule, way_out=way_out)
            return
    yield from _curve_problems(lanes, params)
    if lanes.chargers and lanes.jobs:
        yield from _battery_problems(lanes, params, _longest_tour(lanes))


def _longest_tour(lanes: Lanes) -> float:
    """From anywhere to a load, with it to its dock, and on to the nearest charger [m]."""
    knot = {path: number for number, path in enumerate(lanes.waypoints)}
    column = {path: number for number, path in enumerate(lanes.goals)}
    metres = lanes.ways.length() * 1e-6
    starts = metres[[knot[path] for path in lanes.goals]]
    plugs = [column[path] for path in lanes.chargers]
    return max(
        float(starts[:, column[load]].max() + metres[knot[load], column[unload]])
        + float(metres[knot[unload], plugs].min())
        for load, unload in lanes.jobs
    )


def _battery_problems(lanes: Lanes, params: dict[str, Any], tour: float) -> Iterator[Problem]:
    """A vehicle that may take one more job must come to a charger after it."""
    for path in lanes.vehicles:
        reach, share = params[path].range, params[path].charge_below
        what = "for the longest job and the way to a charger"
        if 0.0 < reach < tour:
            yield Problem(f"{path} twin:range", f"must be >= {tour:g} m {what}", f"{reach:g}")
        elif reach > 0.0 and share * reach < tour:
            rule = f"must be >= {tour / reach:.3g}: {tour:g} m {what}"
            yield Problem(f"{path} twin:chargeBelow", rule, f"{share:g}")


def _curve_problems(lanes: Lanes, params: dict[str, Any]) -> Iterator[Problem]:
    """No vehicle comes to a curve that it can't take."""
    for path in lanes.vehicles:
        least = params[path].turning_radius
        for lane in _reached(lanes, params[path].home) if least > 0.0 else ():
            if 0.0 < abs(lane.radius) < least:
                rule = f"must be >= {least:g} m to {lane.end}, the turning radius of {path}"
                yield Problem(f"{lane.start} twin:radii", rule, f"{abs(lane.radius):g}")
                break


def _reached(lanes: Lanes, homes: tuple[str, ...]) -> list[Lane]:
    """All lanes on which a vehicle can come from its home."""
    out_of, seen, found = lanes.out_of, set(homes), list[Lane]()
    stack = list(homes)
    while stack:
        for lane in out_of.get(stack.pop(), ()):
            found.append(lane)
            if lane.end not in seen:
                seen.add(lane.end)
                stack.append(lane.end)
    return found
