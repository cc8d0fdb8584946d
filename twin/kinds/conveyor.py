"""Conveyor: carries parts along its length, closing up behind a waiting one, or stopping with it.

Accumulating: every part runs at belt speed until it reaches the part ahead, which it follows at the
spacing; when the first leaves, all behind it move up at once (Newell, "A simplified car-following
theory", 2002, without reaction time). Not accumulating: the whole belt stands while the first part
waits at the end. Its way may bend and climb; where parts are is measured along it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable
from twin.core.directory import Surroundings
from twin.core.failure import enter_running, switch_clock
from twin.core.heap import FINISH, NEXT, cancel, schedule
from twin.core.motion import coordinate, move, stay
from twin.core.parameters import Params, Track, Vector, param
from twin.core.parts import hold, let_go
from twin.core.state import BLOCKED, DOWN, STARVED, WORKING
from twin.core.world import NONE, World
from twin.errors import Problem
from twin.motion import with_headings
from twin.units import TICKS_PER_SECOND

__all__ = ["COLUMNS", "PARAMS", "Conveyor", "blocked", "gave", "halt", "has_room", "load"]
__all__ += ["on_timer", "problems", "resume", "start", "take"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conveyor(Params):
    """A conveyor from its origin, straight along its own X axis or along given points.

    Its failures on the operating clock count the time in which it moves parts: it is empty, blocked
    or down in none of it.
    """

    length: float = param(
        0.0, unit="m", ge=0, le=10_000, doc="From the entry to the exit; 0 is that of its points."
    )
    speed: float = param(unit="m/s", gt=0, le=100, doc="Speed of a part that moves freely.")
    spacing: float = param(
        unit="m", gt=0, doc="Least distance between the same points of two parts; not above length."
    )
    accumulating: bool = param(
        True, doc="Whether parts close up behind a waiting one, or the whole belt stops with it."
    )
    points: tuple[float, ...] = param(
        (),
        unit="m",
        doc="X, y and z of the points of its way, the first 0, 0, 0; parts turn with it in the"
        " plane. Empty: straight.",
    )

    @property
    def way(self) -> float:
        """From the entry to the exit, along the points if there are any [m]."""
        corners = self.track()
        return sum(math.dist(*leg) for leg in pairwise(corners)) if self.points else self.length

    def track(self) -> tuple[Vector, ...]:
        """Straight along the X axis, or along the points."""
        if not self.points:
            return ((0.0, 0.0, 0.0), (self.length, 0.0, 0.0))
        points = zip(self.points[::3], self.points[1::3], self.points[2::3], strict=False)
        return tuple(points) or ((0.0, 0.0, 0.0),)

    @property
    def capacity(self) -> int:
        """How many parts fit."""
        return int(self.way / self.spacing + 1e-9)

    @property
    def transit(self) -> int:
        """Ticks from the entry to the exit for a part that moves freely."""
        return round(self.way / self.speed * TICKS_PER_SECOND)

    @property
    def headway(self) -> int:
        """Ticks per spacing, rounded so that as many as there are parts are no longer than all."""
        ticks = round(self.spacing / self.speed * TICKS_PER_SECOND)
        return max(1, min(ticks, self.transit // max(1, self.capacity)))

    @property
    def nearest(self) -> float:
        """The least distance from a point of its way to the next [m]."""
        return min((math.dist(*leg) for leg in pairwise(self.track())), default=0.0)

    def tracks(self) -> tuple[Track, ...]:
        """The same way, with the headings of parts."""
        if not self.points or self.nearest < NEAREST:
            return (Track(self.track()),)
        knots, turns = with_headings(self.track())
        return (Track(tuple((x, y, z) for x, y, z in knots.tolist()), tuple(turns.tolist())),)


PARAMS = Conveyor
COLUMNS = [
    ("length", "f8"),
    ("speed", "f8"),
    ("spacing", "f8"),
    ("accumulating", "i8"),
    ("standing", "i8"),  # 1 while a belt that does not accumulate waits with its first part
    ("transit", "i8"),  # ticks from entry to exit
    ("headway", "i8"),  # ticks per spacing
    ("entry_free", "i8"),  # tick from which the entry is free
    ("head_left", "i8"),  # tick at which the last first part left
    ("stopped_at", "i8"),
    ("reminded", "i8"),  # 1 if a timer will announce the free entry
]

NEAREST = 1e-3  # m between points, and between the length and that of the points
ALWAYS = -(1 << 62)  # a tick before all others, also after every pause


def load(row: Any, params: Conveyor) -> None:
    """Write the parameters into a place's row."""
    row.length = params.way
    row.speed = params.speed
    row.spacing = params.spacing
    row.accumulating = params.accumulating
    row.rigid = not params.accumulating
    row.transit = params.transit
    row.headway = params.headway
    row.capacity = params.capacity


@compilable
def start(world: World, i: int) -> None:
    """Begin as if no part had ever come."""
    world.place[i].entry_free = ALWAYS
    world.place[i].head_left = ALWAYS


@compilable
def has_room(world: World, i: int, part: int) -> bool:
    """Whether the entry is free; if it soon is, be reminded."""
    place = world.place[i]
    if place.standing != 0:
        return False
    now = world.clock[0].now
    if now >= place.entry_free and (place.accumulating != 0 or not _head_comes(world, i)):
        return True
    if place.reminded == 0:
        place.reminded = 1
        schedule(world, i, NEXT, max(now, place.entry_free))
    return False


@compilable
def _head_comes(world: World, i: int) -> bool:
    """Whether the first part is to reach the exit now: it is looked at before the entry."""
    place = world.place[i]
    return place.count > 0 and place.offer < 0 and world.part[place.first].due == world.clock[0].now


@compilable
def take(world: World, i: int, part: int, link: int) -> None:
    """Let the part run towards the exit, or to its place in the queue."""
    place = world.place[i]
    now = world.clock[0].now
    target = place.length - place.count * place.spacing
    hold(world, i, part)
    world.part[part].due = now + place.transit
    place.entry_free = now + place.headway
    if place.count == 1:
        enter_running(world, i, WORKING)
        schedule(world, i, FINISH, now + place.transit)
    if place.accumulating == 0:
        target = place.length
    move(world, part, place.path, 0.0, target, _ticks(target, place.speed), 0.0)


@compilable
def _ticks(distance: float, speed: float) -> int:
    return round(distance / speed * 1e6)


@compilable
def on_timer(world: World, i: int, timer: int) -> None:
    """The first part has reached the exit, or the entry has become free."""
    place = world.place[i]
    if timer == NEXT:
        place.reminded = 0
    else:
        place.offer = place.first
    announce(world, i)


@compilable
def blocked(world: World, i: int) -> None:
    """The first part waits at the exit; a belt that does not accumulate stands."""
    place = world.place[i]
    enter_running(world, i, BLOCKED)
    if place.accumulating == 0 and place.standing == 0:
        place.standing = 1
        _freeze(world, i)


@compilable
def gave(world: World, i: int, part: int) -> None:
    """Let the parts behind move up."""
    place = world.place[i]
    let_go(world, i)
    place.head_left = world.clock[0].now
    if place.standing != 0:
        place.standing = 0
        _thaw(world, i)
    else:
        _follow(world, i)
    enter_running(world, i, WORKING if place.count > 0 else STARVED)


@compilable
def _follow(world: World, i: int) -> None:
    """Send the first part to the exit and, where parts accumulate, those behind to their places.

    One that waited at the exit when the belt stopped is on offer again at once.
    """
    place = world.place[i]
    if place.count == 0:
        return
    head = world.part[place.first]
    now = world.clock[0].now
    if place.accumulating != 0:
        head.due = max(head.due, place.head_left + place.headway)
    if head.due <= now:
        place.offer = place.first
    else:
        schedule(world, i, FINISH, head.due)
    if place.accumulating != 0:
        _move_up(world, i)


@compilable
def _move_up(world: World, i: int) -> None:
    """Give every part its way from where it is now, if anybody watches."""
    if world.clock[0].motion == 0:
        return
    place = world.place[i]
    slot = place.first
    target = place.length
    ticks = max(0, world.part[slot].due - world.clock[0].now)
    for _ in range(place.count):
        at = coordinate(world, slot)
        move(world, slot, place.path, at, target, ticks, 0.0)
        slot = world.part[slot].next
        if place.accumulating != 0:
            target -= place.spacing
        if slot != NONE:
            ticks = _ticks(target - coordinate(world, slot), place.speed)


@compilable
def _freeze(world: World, i: int) -> None:
    """Stop every part where it is."""
    place = world.place[i]
    place.stopped_at = world.clock[0].now
    place.reminded = 0
    cancel(world, i, FINISH)
    cancel(world, i, NEXT)
    slot = place.first
    for _ in range(place.count):
        stay(world, slot)
        slot = world.part[slot].next


@compilable
def _thaw(world: World, i: int) -> None:
    """Let every part go on; all that was to come is later by the pause."""
    place = world.place[i]
    pause = world.clock[0].now - place.stopped_at
    place.entry_free += pause
    place.head_left += pause
    slot = place.first
    for _ in range(place.count):
        world.part[slot].due += pause
        slot = world.part[slot].next
    _follow(world, i)
    if place.count > 0 and place.accumulating == 0:
        _move_up(world, i)


@compilable
def halt(world: World, i: int) -> None:
    """Stop the belt; the first part can't leave."""
    place = world.place[i]
    place.offer = NONE
    if place.striker >= 0 and place.state == WORKING:
        switch_clock(world, i, DOWN)
    if place.standing == 0:
        _freeze(world, i)


@compilable
def resume(world: World, i: int) -> None:
    """Run again, or offer the part for which the belt stands."""
    place = world.place[i]
    enter_running(world, i, WORKING if place.count > 0 else STARVED)
    if place.standing != 0:
        place.offer = place.first
    else:
        _thaw(world, i)
    announce(world, i)


def problems(params: Conveyor, around: Surroundings) -> Iterator[Problem]:
    """It has a length, its points make a way, and at least one part fits."""
    wrong = list(_way_problems(params, around.path))
    yield from wrong
    if not wrong and params.spacing > params.way:
        rule = f"must be <= twin:length ({params.way:g} m)"
        yield Problem(f"{around.path} twin:spacing", rule, f"{params.spacing:g}")


def _way_problems(params: Conveyor, path: str) -> Iterator[Problem]:
    count, where = len(params.points), f"{path} twin:points"
    if count == 0 and params.length <= 0:
        yield Problem(f"{path} twin:length", "must be > 0 m where there are no twin:points", "0")
    elif count % 3 or count == 3:
        yield Problem(where, "must be x, y and z of at least two points", f"{count} numbers")
    elif count and params.points[:3] != (0.0, 0.0, 0.0):
        way_out = "move the prim to where the way begins"
        yield Problem(where, "must begin with 0, 0, 0", repr(params.points[:3]), way_out)
    elif count and params.nearest < NEAREST:
        rule = f"must be at least {NEAREST:g} m apart, each from the next"
        yield Problem(where, rule, repr(params.points))
    elif count and params.length > 0 and abs(params.way - params.length) > NEAREST:
        rule = f"must be that of twin:points ({params.way:.4f} m), or 0"
        yield Problem(f"{path} twin:length", rule, f"{params.length:g}")
