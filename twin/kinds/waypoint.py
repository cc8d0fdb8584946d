"""Waypoint: where lanes begin and end; one vehicle at most holds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import dist
from typing import Any, ClassVar

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.detour import bar
from twin.core.directory import Directory, Surroundings
from twin.core.lane_shape import lanes_from
from twin.core.parameters import Params, param, relation
from twin.core.road import serve_queue
from twin.core.road_map import road_map
from twin.core.state import STARVED, enter_state
from twin.core.world import NONE, World
from twin.errors import Problem

__all__ = ["COLUMNS", "PARAMS", "Waypoint", "attend", "halt", "load", "problems", "resolve"]
__all__ += ["resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waypoint(Params):
    """A node of the lane graph on which vehicles drive, at its prim's position.

    A vehicle reserves a waypoint before it comes within its braking distance, and holds it until it
    has left it with its whole length. A waypoint that is a vehicle's home, or a charger, is driven
    to but not through.
    """

    takes: ClassVar[bool] = False
    gives: ClassVar[bool] = False

    lanes: tuple[str, ...] = relation(
        to=("waypoint",), doc="Waypoints to which one-way lanes lead from here."
    )
    radii: tuple[float, ...] = param(
        (), unit="m", doc="Radius of each lane as an arc: > 0 to the left, < 0 to the right, "
        "0 straight; empty: all are straight.",
    )  # fmt: skip
    speed: float = param(
        0.0, unit="m/s", ge=0, le=100, doc="Limit on these lanes; 0: only the vehicle's own."
    )
    zone: str = param("", doc="Name of a zone in which vehicles are limited; empty: none.")
    zone_limit: int = param(1, ge=1, le=10_000, doc="How many vehicles may be in the zone.")


PARAMS = Waypoint
COLUMNS = [
    ("knot", "i8"),  # number among all waypoints
    ("zone", "i8"),  # first waypoint of its zone, which keeps count for all
    ("zone_limit", "i8"),
    ("zone_count", "i8"),
    ("zone_first", "i8"),  # numbers: the waypoints of the zone
    ("zone_size", "i8"),
    ("holder", "i8"),  # vehicle, or NONE
    ("onward", "i8"),  # lane on which its holder will go on
    ("first_waiting", "i8"),  # vehicle that waits for a waypoint of the zone
    ("charging", "i8"),  # vehicle that is, or is sent, here to charge, or NONE
    ("parking", "i8"),  # vehicle whose home it is, or NONE
    ("is_end", "i8"),  # 1 if it is not driven through: a home or a charger
    ("delay", "i8"),  # what driving through it costs besides: the handling time of its docks
    ("fleet", "i8"),  # one that drives here
    ("barred", "i8"),  # of the first waypoint: how many vehicles and waypoints are down
    ("lane_count", "i8"),
    ("arrival_count", "i8"),  # headings with which lanes come here
    ("spin", "i8"),  # from its first path to that on which vehicles turn on the spot
]


def load(row: Any, params: Waypoint) -> None:
    """Write the parameters into a place's row."""
    row.zone_limit = params.zone_limit if params.zone else 1
    row.holder = row.onward = row.first_waiting = row.charging = row.parking = NONE


def resolve(row: Any, params: Waypoint, directory: Directory) -> None:
    """Number it, and find its zone and whose home it is."""
    around = directory.around
    roads = around.once(road_map)
    row.knot = roads.knots[around.path]
    zone = roads.zones[params.zone] if params.zone else [around.path]
    row.zone = directory.row(zone[0])
    row.zone_first = directory.keep([directory.row(path) for path in zone])
    row.zone_size = len(zone)
    row.is_end = around.path in roads.ends
    row.delay = roads.delays.get(around.path, 0)
    if around.path in roads.homes:
        row.parking = directory.row(roads.homes[around.path][-1])
    row.lane_count = len(params.lanes)
    row.arrival_count = len(roads.headings[around.path])
    row.spin = row.lane_count * (1 + len(roads.fixed))
    row.fleet = directory.row(roads.fleets[0]) if roads.fleets else NONE


@compilable_apart
def attend(world: World, i: int) -> int:
    """Let a vehicle that waits for a waypoint of this zone go on."""
    return serve_queue(world, i)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Let no vehicle in; those that have it already come."""
    if world.place[i].fleet >= 0:
        bar(world, world.place[i].fleet, 1)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Open again."""
    if world.place[i].fleet >= 0:
        bar(world, world.place[i].fleet, -1)
    enter_state(world, i, STARVED)
    announce(world, world.place[i].zone)


def problems(params: Waypoint, around: Surroundings) -> Iterator[Problem]:
    """Its lanes lead somewhere else, and its zone has one limit."""
    where = f"{around.path} twin:lanes"
    if not params.lanes:
        yield Problem(where, "must name a waypoint, or a vehicle can never leave", "nothing")
    for path in params.lanes:
        if path in around.xyz and dist(around.xyz[path], around.xyz[around.path]) < 1e-3:
            yield Problem(where, "must lead at least 1 mm away", path, "move one of the waypoints")
    yield from _arc_problems(params, around)
    if len(set(params.lanes)) < len(params.lanes):
        yield Problem(where, "must name each waypoint once", ", ".join(params.lanes))
    for path in around.once(road_map).zones[params.zone] if params.zone else ():
        each = around.params[path]
        if getattr(each, "zone_limit", 1) < params.zone_limit:
            rule = f"must be the same in all of zone {params.zone}"
            found = f"{params.zone_limit} here and {getattr(each, 'zone_limit', 1)} at {path}"
            yield Problem(f"{around.path} twin:zoneLimit", rule, found)
            return


def _arc_problems(params: Waypoint, around: Surroundings) -> Iterator[Problem]:
    """A radius for each lane, and none too small to reach the lane's end."""
    where = f"{around.path} twin:radii"
    if params.radii and len(params.radii) != len(params.lanes):
        rule = f"must give one for each of the {len(params.lanes)} lanes"
        yield Problem(where, rule, str(len(params.radii)))
        return
    for path, radius in lanes_from(params):
        if path in around.xyz and radius != 0.0:
            (x, y, _), (u, v, _) = around.xyz[around.path], around.xyz[path]
            least = dist((x, y), (u, v)) / 2
            if abs(radius) < least * (1 - 1e-9):
                rule = f"must be 0, or at least {least:.3f} m either way to reach {path}"
                yield Problem(where, rule, f"{radius:g}")
