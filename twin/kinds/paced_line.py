"""Paced line: slats that carry parts at a constant speed past stations; it stops as a whole.

Slots lie one pitch apart on the line, and a part comes in only when one is at the entry: slots pass
empty while none is offered. Belt time is the time that the line has run; slot k is at the entry at
belt time k pitch / speed, so at these ticks every part goes from one station, one pitch long, to
the next.

At each station a cord may be pulled for a part, at any moment with equal chance. The line then
stands until the cord is released. With fixed positions it runs on to the end of the pitch first,
where it stands only if a cord is not released yet. A line that stands for a cord is `waiting
operator`; one that stands because its first part can't leave is `blocked`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.distribution import time_problems
from twin.core.failure import (
    PROCESS,
    begin_work,
    chance,
    draw,
    duration,
    interrupt_work,
    work_done,
)
from twin.core.heap import FINISH, NEXT, cancel, schedule
from twin.core.motion import coordinate, move, stay
from twin.core.parameters import LONGEST, Params, Vector, param
from twin.core.parts import hold, let_go
from twin.core.state import BLOCKED, STARVED, WAITING_OPERATOR, WORKING, enter_state
from twin.core.worktime import FORMULAS
from twin.core.world import LATER, NONE, SHAPE, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = [
    "COLUMNS",
    "PARAMS",
    "PacedLine",
    "blocked",
    "gave",
    "halt",
    "has_room",
    "load",
    "on_timer",
    "problems",
    "resolve",
    "resume",
    "start",
    "take",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacedLine(Params):
    """A moving line along its own X axis, from its origin; its rate is speed over pitch."""

    length: float = param(
        unit="m", gt=0, le=10_000, doc="From the entry to the exit; a whole number of pitches."
    )
    speed: float = param(unit="m/s", gt=0, le=100, doc="Speed while it runs.")
    pitch: float = param(unit="m", gt=0, le=1000, doc="From part to part; length of a station.")
    andon_share: float = param(
        0.0,
        unit="per part",
        ge=0,
        le=1,
        doc="Chance of a cord pulled per part and station.",
        live=True,
    )
    andon_time: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Mean time until a cord is released.", live=True
    )
    andon_distribution: str = param(
        "constant", choices=FORMULAS, doc="How that time varies around its mean."
    )
    andon_spread: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Half width or deviation of that time.", live=True
    )
    fixed_position: bool = param(
        True, doc="Whether it runs on to the end of the pitch before it stops for a cord."
    )

    def track(self) -> tuple[Vector, ...]:
        """Straight along the X axis."""
        return ((0.0, 0.0, 0.0), (self.length, 0.0, 0.0))

    @property
    def stations(self) -> int:
        """The number of stations, each one pitch long."""
        return max(1, round(self.length / self.pitch))


PARAMS = PacedLine
COLUMNS = [
    ("length", "f8"),
    ("headway", "i8"),  # ticks per pitch
    ("standing", "i8"),  # bits CORD and EXIT: why it stands
    ("stopped_at", "i8"),
    ("lag", "i8"),  # ticks that it has stood: belt time is the time less this
    ("slot", "i8"),  # belt time of the slot at the entry, if a part may come in; or NONE
    ("boundary", "i8"),  # belt time of the next slot
    ("reminded", "i8"),  # 1 if an empty line will announce its next slot
    ("pulls_first", "i8"),  # belt time of the pull at each station, or LATER, in `World.number`
    ("held_until", "i8"),  # tick at which the last cord is released
    ("held_left", "i8"),  # ticks until then, while it is down
    ("andon_share", "f8"),
    ("andon", SHAPE),
    ("fixed_position", "i8"),
    ("cords", "i8"),  # pulled so far
    ("andon_stops", "i8"),  # stops of the line for them
]
COUNTERS = ("cords", "andon_stops")

CORD, EXIT = 1, 2  # bits of `standing`
NEAREST = 1e-3  # m between the length and a whole number of pitches


def load(row: Any, params: PacedLine) -> None:
    """Write the parameters into a place's row."""
    row.length = params.length
    row.headway = round(params.length / params.stations / params.speed * TICKS_PER_SECOND)
    row.capacity = params.stations
    row.rigid = 1
    row.andon_share = params.andon_share
    row.andon = duration(params.andon_distribution, params.andon_time, params.andon_spread)
    row.fixed_position = params.fixed_position


def resolve(row: Any, params: PacedLine, directory: Directory) -> None:
    """Keep a pull for each station."""
    row.pulls_first = directory.keep([LATER] * params.stations)


@compilable_apart
def start(world: World, i: int) -> None:
    """The first slot is at the entry at once."""
    world.place[i].slot = NONE


@compilable_apart
def has_room(world: World, i: int, part: int) -> bool:
    """Whether a free slot is at the entry; an empty line will announce the next one."""
    place = world.place[i]
    if place.standing != 0:
        return False
    belt = world.clock[0].now - place.lag
    if place.slot == belt:
        return True
    if place.count == 0 and place.reminded == 0:
        place.reminded = 1
        place.boundary = (belt + place.headway - 1) // place.headway * place.headway
        schedule(world, i, FINISH, place.boundary + place.lag)
    return False


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Put the part into the slot."""
    place = world.place[i]
    belt = place.slot
    hold(world, i, part)
    place.slot = NONE
    transit = place.capacity * place.headway
    world.part[part].due = belt + transit
    move(world, part, place.path, 0.0, place.length, transit, 0.0)
    if place.count > 1:
        interrupt_work(world, i)
    place.boundary = belt + place.headway
    _draw_pull(world, i, 0, belt)
    _run(world, i)


@compilable_apart
def _draw_pull(world: World, i: int, station: int, belt: int) -> None:
    """Draw whether, and when within the next pitch, a cord is pulled at a station."""
    place = world.place[i]
    if place.andon_share <= 0.0:
        return
    share = chance(world, i)
    pull = LATER
    if share < place.andon_share:
        pull = belt + 1 + int(share / place.andon_share * place.headway)
    world.number[place.pulls_first + station] = pull


@compilable_apart
def _run(world: World, i: int) -> None:
    """Run on to the next pull or the end of the pitch; an empty line has nothing to do."""
    place = world.place[i]
    if place.count == 0:
        enter_state(world, i, STARVED)
        return
    enter_state(world, i, WORKING)
    belt = world.clock[0].now - place.lag
    begin_work(world, i, min(place.boundary, _next_pull(world, i)) - belt)


@compilable_apart
def _next_pull(world: World, i: int) -> int:
    place = world.place[i]
    pull = LATER
    for k in range(place.pulls_first, place.pulls_first + place.capacity):
        pull = min(pull, world.number[k])
    return pull


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """The line has run to a pull or the end of a pitch, or the last cord is released."""
    place = world.place[i]
    if timer == NEXT:
        _clear(world, i, CORD)
        announce(world, i)
        return
    place.reminded = 0
    if place.count > 0:
        work_done(world, i)
    belt = world.clock[0].now - place.lag
    _pull(world, i, belt)
    if belt == place.boundary:
        _end_pitch(world, i, belt)
    if place.standing == 0:
        _run(world, i)


@compilable_apart
def _pull(world: World, i: int, belt: int) -> None:
    """Pull the cords whose time has come."""
    place = world.place[i]
    now = world.clock[0].now
    if _next_pull(world, i) > belt:
        return
    for k in range(place.pulls_first, place.pulls_first + place.capacity):
        if world.number[k] == belt:
            world.number[k] = LATER
            place.cords += 1
            place.held_until = max(place.held_until, now + draw(world, i, PROCESS, place.andon))
    if place.fixed_position == 0:
        _stand_for_cords(world, i)


@compilable_apart
def _stand_for_cords(world: World, i: int) -> None:
    """Stand until the last cord is released, unless that has happened."""
    place = world.place[i]
    if place.held_until > world.clock[0].now:
        place.andon_stops += 1
        _stand(world, i, CORD)
        schedule(world, i, NEXT, place.held_until)


@compilable_apart
def _end_pitch(world: World, i: int, belt: int) -> None:
    """Every part goes on to its next station, and the first may leave."""
    place = world.place[i]
    place.slot = belt
    place.boundary = belt + place.headway
    if place.fixed_position != 0 and place.standing == 0:
        _stand_for_cords(world, i)
    slot = place.first
    for _ in range(place.count):
        station = place.capacity - (world.part[slot].due - belt) // place.headway
        if station < place.capacity:
            _draw_pull(world, i, station, belt)
        else:
            place.offer = slot
        slot = world.part[slot].next
    announce(world, i)


@compilable_apart
def _stand(world: World, i: int, reason: int) -> None:
    """Stop every part where it is."""
    place = world.place[i]
    if place.standing == 0:
        _freeze(world, i)
    place.standing |= reason
    enter_state(world, i, WAITING_OPERATOR if place.standing & CORD != 0 else BLOCKED)


@compilable_apart
def _freeze(world: World, i: int) -> None:
    place = world.place[i]
    place.stopped_at = world.clock[0].now
    slot = place.first
    for _ in range(place.count):
        stay(world, slot)
        slot = world.part[slot].next


@compilable_apart
def _clear(world: World, i: int, reason: int) -> None:
    """Take a reason to stand away; with the last one the line runs."""
    place = world.place[i]
    was = place.standing
    place.standing = was & ~reason
    if place.standing == 0 and was != 0:
        _thaw(world, i)
    elif place.standing != 0:
        enter_state(world, i, WAITING_OPERATOR if place.standing & CORD != 0 else BLOCKED)


@compilable_apart
def _thaw(world: World, i: int) -> None:
    """Let every part go on."""
    place = world.place[i]
    place.lag += world.clock[0].now - place.stopped_at
    belt = world.clock[0].now - place.lag
    slot = place.first
    for _ in range(place.count):
        at, left = coordinate(world, slot), world.part[slot].due - belt
        move(world, slot, place.path, at, place.length, left, 0.0)
        slot = world.part[slot].next
    _run(world, i)


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The first part can't leave: the line stands."""
    place = world.place[i]
    if place.standing & EXIT == 0:
        if place.standing == 0:
            interrupt_work(world, i)
        _stand(world, i, EXIT)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """The first part has left; the line runs on, if nothing else holds it."""
    let_go(world, i)
    place = world.place[i]
    if place.standing & EXIT != 0:
        _clear(world, i, EXIT)
    elif place.standing == 0 and place.count == 0:
        interrupt_work(world, i)
        enter_state(world, i, STARVED)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop the line, and the time for which cords are held; the first part can't leave."""
    place = world.place[i]
    now = world.clock[0].now
    place.offer = NONE
    place.held_left = max(0, place.held_until - now)
    cancel(world, i, NEXT)
    if place.standing == 0:
        if place.count > 0:
            interrupt_work(world, i)
        else:
            cancel(world, i, FINISH)
            place.reminded = 0
        _freeze(world, i)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Run again, or stand for the reasons for which it stood."""
    place = world.place[i]
    place.held_until = world.clock[0].now + place.held_left
    if place.standing == 0:
        _thaw(world, i)
    else:
        enter_state(world, i, WAITING_OPERATOR if place.standing & CORD != 0 else BLOCKED)
    if place.standing & CORD != 0:
        schedule(world, i, NEXT, place.held_until)
    if place.standing & EXIT != 0:
        place.offer = place.first
    announce(world, i)


def problems(params: PacedLine, around: Surroundings) -> Iterator[Problem]:
    """The stations fill the line, and times are possible."""
    if abs(params.stations * params.pitch - params.length) > NEAREST:
        rule = f"must be a whole number of twin:pitch ({params.pitch:g} m)"
        fitting = f"{params.stations * params.pitch:g} fits"
        yield Problem(f"{around.path} twin:length", rule, f"{params.length:g}", fitting)
    if params.andon_share > 0 and params.andon_time <= 0:
        rule = "must be > 0 s where twin:andonShare is set"
        yield Problem(f"{around.path} twin:andonTime", rule, f"{params.andon_time:g}")
    where = f"{around.path} twin:andonSpread"
    kind, mean, spread = params.andon_distribution, params.andon_time, params.andon_spread
    yield from time_problems(where, kind, mean, spread)
