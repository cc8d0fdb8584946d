"""Dock: where vehicles fetch parts, and where they set them down."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import dist
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.heap import FINISH, schedule
from twin.core.motion import come_over
from twin.core.parameters import LONGEST, Params, param, relation
from twin.core.parts import hold, take_out
from twin.core.state import BLOCKED, STARVED, WORKING, enter_state
from twin.core.worktime import length_problems
from twin.core.world import NONE, World, widened
from twin.errors import Problem, nearest
from twin.units import TICKS_PER_SECOND

__all__ = ["COLUMNS", "PARAMS", "Dock", "attend", "blocked", "gave", "halt", "has_room", "load"]
__all__ += ["on_timer", "problems", "resolve", "resume", "take"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dock(Params):
    """Holds parts between the line and vehicles.

    Where it gives to docks, a vehicle of its fleet carries each part to the first of them with
    room, counting the parts on their way there; a vehicle is sent only when there is one. To other
    places it gives parts by itself. A dock that is down calls no vehicle and takes nothing from the
    line; vehicles that are on their way still load and unload.
    """

    capacity: int = param(1, ge=1, le=100_000, doc="Number of parts that fit.")
    waypoint: tuple[str, ...] = relation(to=("waypoint",), most=1, doc="Where vehicles stop.")
    fleet: tuple[str, ...] = relation(
        to=("fleet",), most=1, doc="Who carries its parts to other docks."
    )
    handling_time: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Time to load a vehicle, and to unload it."
    )
    transfer_time: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Time to bring a part in from the line."
    )
    products: tuple[str, ...] = param(
        (), doc="Products that go to one exit only, or to some; others go to any."
    )
    exits: tuple[int, ...] = param(
        (), ge=0, doc="Number of an exit for each name in twin:products; empty: first to first."
    )


PARAMS = Dock
COLUMNS = [
    ("waypoint", "i8"),
    ("fleet", "i8"),
    ("handling_time", "i8"),
    ("transfer_time", "i8"),
    ("carried", "i8"),  # 1 if vehicles carry its parts on
    ("waiting", "i8"),  # parts that are ready, and for which no vehicle is sent
    ("coming", "i8"),  # parts for which a vehicle is sent, to be brought here
    ("filter_first", "i8"),  # numbers: by exit, whether each product may go there; or NONE
    ("reach", "f8"),  # to its waypoint [m]
]


def load(row: Any, params: Dock) -> None:
    """Write the parameters into a place's row."""
    row.capacity = params.capacity
    row.handling_time = round(params.handling_time * TICKS_PER_SECOND)
    row.transfer_time = round(params.transfer_time * TICKS_PER_SECOND)


def resolve(row: Any, params: Dock, directory: Directory) -> None:
    """Find its waypoint and fleet."""
    around = directory.around
    row.waypoint = directory.row(params.waypoint[0])
    row.reach = directory.distance(around.path, params.waypoint[0])
    row.fleet = directory.row(params.fleet[0]) if params.fleet else NONE
    row.carried = isinstance(around.params[around.exits[0]], Dock)
    row.filter_first = NONE
    if params.products:
        exits = params.exits or range(len(params.products))
        pairs = set(zip(params.products, exits, strict=True))
        row.filter_first = directory.keep(
            [
                int((name, k) in pairs or name not in params.products)
                for k in range(len(around.exits))
                for name in around.names
            ]
        )


@compilable_apart
def has_room(world: World, i: int, part: int) -> bool:
    """Whether there is room besides that for parts on their way; from docks vehicles bring them."""
    place = world.place[i]
    if world.place[world.part[part].place].kind == place.kind:
        return False
    return place.count + place.coming < place.capacity


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Bring a part in from the line."""
    place = world.place[i]
    hold(world, i, part)
    come_over(world, part, link, place.transfer_time, 0.0)
    world.part[part].due = world.clock[0].now + place.transfer_time
    if place.transfer_time > 0:
        schedule(world, i, FINISH, world.part[part].due)
        _show(world, i)
    else:
        on_timer(world, i, FINISH)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """A part has come in."""
    world.place[i].waiting += 1
    announce(world, i)


@compilable_apart
def attend(world: World, i: int) -> int:
    """Offer the first part that waits; call vehicles that fetch parts, or bring them."""
    place = world.place[i]
    if place.down == 0:
        _show(world, i)
        if place.offer < 0 and place.waiting > 0:
            place.offer = _first_waiting(world, i)
            announce(world, i)
        if place.carried != 0 and place.waiting > 0:
            announce(world, place.fleet)
    if place.count + place.coming < place.capacity:
        _call_givers(world, i)
    return NONE


@compilable_apart
def _first_waiting(world: World, i: int) -> int:
    now = world.clock[0].now
    slot = world.place[i].first
    while world.part[slot].due > now:
        slot = world.part[slot].next
    return slot


@compilable_apart
def _call_givers(world: World, i: int) -> None:
    """Tell the fleets that there is room here for the parts of docks."""
    link = widened(world.place[i].first_in)
    while link >= 0:
        giver = world.place[widened(world.link[link].giver)]
        if giver.kind == world.place[i].kind and giver.waiting > 0:
            announce(world, giver.fleet)
        link = world.link[link].next_in


@compilable_apart
def _show(world: World, i: int) -> None:
    place = world.place[i]
    if place.down == 0 and (place.offer < 0 or place.state != BLOCKED):
        enter_state(world, i, WORKING if place.count > 0 else STARVED)


@compilable_apart
def blocked(world: World, i: int) -> None:
    """A part waits for room, or for a vehicle."""
    enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """The line has taken a part."""
    take_out(world, i, part)
    world.place[i].waiting -= 1
    _show(world, i)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Neither take from the line nor give."""
    world.place[i].offer = NONE


@compilable_apart
def resume(world: World, i: int) -> None:
    """Offer parts again."""
    enter_state(world, i, WORKING if world.place[i].count > 0 else STARVED)
    announce(world, i)


def problems(params: Dock, around: Surroundings) -> Iterator[Problem]:
    """It has a waypoint, and a fleet if vehicles carry its parts on."""
    if not params.waypoint:
        yield Problem(f"{around.path} twin:waypoint", "must name where vehicles stop", "nothing")
    docks = [path for path in around.exits if isinstance(around.params.get(path), Dock)]
    if docks and len(docks) < len(around.exits):
        rule = "must point at docks only, or at none"
        yield Problem(f"{around.path} twin:next", rule, ", ".join(around.exits))
    if docks and not params.fleet:
        yield Problem(f"{around.path} twin:fleet", "must name who carries its parts", "nothing")
    if params.exits and not params.products:
        rule = "must be empty where twin:products is"
        yield Problem(f"{around.path} twin:exits", rule, str(len(params.exits)))
    if params.products:
        yield from _product_problems(params, around)
    for path in params.waypoint:
        apart = dist(around.xyz.get(path, around.xyz[around.path]), around.xyz[around.path])
        if apart > 0.01 and params.handling_time == 0.0:
            rule = f"must be > 0 s: the waypoint is {apart:.3f} m away"
            yield Problem(f"{around.path} twin:handlingTime", rule, "0")


def _product_problems(params: Dock, around: Surroundings) -> Iterator[Problem]:
    where = f"{around.path} twin:products"
    if not params.fleet:
        yield Problem(where, "must be empty where no vehicle carries parts on")
    count = len(around.exits)
    if params.exits:
        lists = {"twin:exits": params.exits}
        yield from length_problems(around.path, "twin:products", len(params.products), lists)
    elif len(params.products) != count:
        rule = f"must name one for each of the {count} docks in twin:next"
        way_out = "or say with twin:exits where each goes"
        yield Problem(where, rule, str(len(params.products)), way_out)
    for number in sorted({each for each in params.exits if each >= count}):
        rule = f"must be numbers from 0 to {count - 1} of the docks in twin:next"
        yield Problem(f"{around.path} twin:exits", rule, str(number))
    for name in dict.fromkeys(params.products):
        if name not in around.names:
            rule = "must name products of the plant"
            yield Problem(where, rule, name, nearest(name, around.names))
