"""Mover: a turntable, a lift or a cross-transfer; carries one part at a time to one of its exits.

It chooses the exit when it takes the part: by product, or else the first exit whose next place is
up and not full at that time, or the first of all if none is. The part then leaves by that exit.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.failure import ITS_PART, begin_work, interrupt_work, work_done
from twin.core.motion import coordinate, move, stay
from twin.core.parameters import LONGEST, Params, Track, Vector, param
from twin.core.parts import hold, let_go
from twin.core.state import BLOCKED, STARVED, WORKING, enter_state
from twin.core.world import NONE, World, widened
from twin.errors import Problem, nearest
from twin.units import TICKS_PER_SECOND

__all__ = [
    "COLUMNS",
    "PARAMS",
    "Mover",
    "blocked",
    "gave",
    "halt",
    "has_room",
    "load",
    "on_timer",
    "problems",
    "resolve",
    "resume",
    "take",
]

FINEST_TURN = 15.0  # degrees from knot to knot of a path


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover(Params):
    """Takes a part at its origin, moves it to an exit, gives it there, and comes back empty.

    Lists have one value for each place of twin:next, or one for all. A part that cannot leave waits
    at the exit; no other comes in before the mover is back.
    """

    mode: str = param(
        choices=("turn", "lift", "cross"),
        doc="Turns on the spot, moves up its own Z axis, or sideways along its own Y axis.",
    )
    move_times: tuple[float, ...] = param(
        unit="s", ge=0, le=LONGEST, doc="Time to move a part to each exit."
    )
    travels: tuple[float, ...] = param(
        (), unit="m", ge=-1000, le=1000, doc="How far each exit is up or sideways."
    )
    turns: tuple[float, ...] = param(
        (),
        unit="deg",
        ge=-360,
        le=360,
        doc="How far a part is turned about Z on its way to each exit; empty: not at all.",
    )
    return_time: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Time to come back for the next part.", live=True
    )
    products: tuple[str, ...] = param(
        (), doc="Names of products that leave by an exit of their own."
    )
    exits: tuple[int, ...] = param(
        (), ge=0, doc="Number of the exit of each of these products; 0 is the first of twin:next."
    )

    def track(self) -> tuple[Vector, ...]:
        """To the first exit."""
        return self.tracks()[0].points

    def tracks(self) -> tuple[Track, ...]:
        """To each exit, or to all; the coordinate is the share of the way."""
        lists = (self.travels, self.turns, self.move_times)
        return tuple(
            self._track(_of(self.travels, number), _of(self.turns, number))
            for number in range(max(1, *map(len, lists)))
        )

    def _track(self, travel: float, turn: float) -> Track:
        count = max(1, math.ceil(abs(turn) / FINEST_TURN - 1e-9))
        shares = [k / count for k in range(count + 1)]
        up, aside = self.mode == "lift", self.mode == "cross"
        return Track(
            points=tuple((0.0, share * travel * aside, share * travel * up) for share in shares),
            turns=tuple(share * math.radians(turn) for share in shares),
            s=tuple(shares),
        )


PARAMS = Mover
COLUMNS = [
    ("phase", "i1"),
    ("way_out", "i8"),  # number of the exit that it moves to
    ("times_first", "i8"),  # ticks of the move to each exit, in `World.number`
    ("tracks_count", "i8"),  # its paths: 1, or one for each exit
    ("return_ticks", "i8"),
]

EMPTY, MOVING, AT_EXIT, RETURNING = range(4)  # phases
RAMP_SHARE = 0.2  # of a move, to get to full speed


def load(row: Any, params: Mover) -> None:
    """Write the parameters into a place's row."""
    row.return_ticks = round(params.return_time * TICKS_PER_SECOND)
    row.tracks_count = len(params.tracks())
    row.capacity = 1
    row.finishes = ITS_PART


def resolve(row: Any, params: Mover, directory: Directory) -> None:
    """Keep the times of the moves, and the exits of products."""
    count = len(directory.around.exits)
    times = [round(_of(params.move_times, k) * TICKS_PER_SECOND) for k in range(count)]
    row.times_first = directory.keep(times)
    for name, number in zip(params.products, params.exits, strict=True):
        directory.products[directory.product(name)].exit = number


def _of(values: tuple[float, ...], number: int) -> float:
    """The value for an exit: its own, the only one, or 0."""
    return values[min(number, len(values) - 1)] if values else 0.0


@compilable_apart
def has_room(world: World, i: int, part: int) -> bool:
    """Whether it is empty and back."""
    return world.place[i].phase == EMPTY


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Choose the exit and move the part to it."""
    place = world.place[i]
    hold(world, i, part)
    place.phase = MOVING
    place.way_out = _exit_for(world, i, world.part[part].product)
    enter_state(world, i, WORKING)
    ticks = world.number[place.times_first + place.way_out]
    move(world, part, _path(world, i), 0.0, 1.0, ticks, _ramp(ticks))
    begin_work(world, i, ticks)


@compilable_apart
def _path(world: World, i: int) -> int:
    place = world.place[i]
    return place.path + min(place.way_out, place.tracks_count - 1)


@compilable_apart
def _ramp(ticks: int) -> float:
    return ticks * 1e-6 * RAMP_SHARE


@compilable_apart
def _exit_for(world: World, i: int, product: int) -> int:
    """The number of the exit for a product, or of the first one that is open now."""
    number = world.product[world.place[i].product + product].exit
    if number >= 0:
        return number
    number = 0
    link = widened(world.place[i].first_out)
    while link >= 0:
        taker = world.place[widened(world.link[link].taker)]
        if taker.count < taker.capacity and taker.shut == 0:
            return number
        number += 1
        link = world.link[link].next_out
    return 0


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """The part is at its exit, or the mover is back."""
    place = world.place[i]
    work_done(world, i)
    if place.phase == MOVING:
        place.phase = AT_EXIT
        _offer(world, i)
    else:
        place.phase = EMPTY
        enter_state(world, i, STARVED)
    announce(world, i)


@compilable_apart
def _offer(world: World, i: int) -> None:
    place = world.place[i]
    link = widened(place.first_out)
    for _ in range(place.way_out):
        link = world.link[link].next_out
    place.way = link
    place.offer = place.first


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The part waits at its exit."""
    enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """Go back for the next part."""
    place = world.place[i]
    let_go(world, i)
    place.way = NONE
    if place.return_ticks > 0:
        place.phase = RETURNING
        enter_state(world, i, WORKING)
        begin_work(world, i, place.return_ticks)
    else:
        place.phase = EMPTY
        enter_state(world, i, STARVED)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop where it is; a part at the exit can't leave."""
    place = world.place[i]
    place.offer = NONE
    if place.phase in (MOVING, RETURNING):
        interrupt_work(world, i)
    if place.phase == MOVING:
        stay(world, place.first)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Go on where it stopped."""
    place = world.place[i]
    if place.phase == AT_EXIT:
        enter_state(world, i, BLOCKED)
        _offer(world, i)
    elif place.phase == EMPTY:
        enter_state(world, i, STARVED)
    else:
        enter_state(world, i, WORKING)
        begin_work(world, i, place.work_ticks)
    if place.phase == MOVING:
        at, ticks = coordinate(world, place.first), place.work_ticks
        move(world, place.first, _path(world, i), at, 1.0, ticks, _ramp(ticks))
    announce(world, i)


def problems(params: Mover, around: Surroundings) -> Iterator[Problem]:
    """Lists fit the exits, no part jumps, and exits of products exist."""
    count = len(around.exits)
    for name in ("move_times", "travels", "turns"):
        values = getattr(params, name)
        if len(values) not in {1, count} and (values or name == "move_times"):
            rule = f"must have one value, or {count}: one for each of twin:next"
            yield Problem(f"{around.path} {_usd(name)}", rule, f"{len(values)} values")
    if params.mode == "turn" and any(params.travels):
        way_out = "set twin:mode to lift or cross, which may turn the part as well"
        yield Problem(f"{around.path} twin:travels", "must be empty to turn", way_out=way_out)
    moves = [_of(params.travels, k) or _of(params.turns, k) for k in range(count)]
    if any(way and not _of(params.move_times, k) for k, way in enumerate(moves)):
        rule = "must be > 0 s where a part is moved"
        yield Problem(f"{around.path} twin:moveTimes", rule, repr(params.move_times))
    yield from _exit_problems(params, around)


def _usd(name: str) -> str:
    return "twin:moveTimes" if name == "move_times" else f"twin:{name}"


def _exit_problems(params: Mover, around: Surroundings) -> Iterator[Problem]:
    for name in params.products:
        if name not in around.names:
            rule, way_out = "must name products of the plant", nearest(name, around.names)
            yield Problem(f"{around.path} twin:products", rule, name, way_out)
    where = f"{around.path} twin:exits"
    if len(params.exits) != len(params.products):
        rule = f"must have {len(params.products)} values, one for each of twin:products"
        yield Problem(where, rule, f"{len(params.exits)} values")
    for number in params.exits:
        if number >= len(around.exits):
            rule = f"must be below {len(around.exits)}, the number of places of twin:next"
            yield Problem(where, rule, str(number))
