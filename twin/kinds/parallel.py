"""Parallel: a station with several servers, each of which works on a part of its own.

Parts wait in the order in which they will be finished: those that are done come first. A part that
is done keeps its server until it leaves (blocking after service).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.failure import ITS_WORK, begin_work, interrupt_work, work_done
from twin.core.form import Form, form_problems, put_in_form
from twin.core.motion import hide
from twin.core.parameters import param
from twin.core.parts import let_go
from twin.core.power import Power
from twin.core.reliability import Reliability, load_reliability, reliability_problems
from twin.core.state import BLOCKED, STARVED, WORKING, enter_state
from twin.core.worktime import (
    WORK_TIME_COLUMNS,
    WorkTime,
    draw_work,
    keep_work_time,
    load_work_time,
    work_time_problems,
)
from twin.core.world import NONE, World
from twin.errors import Problem

__all__ = ["COLUMNS", "PARAMS", "Parallel", "blocked", "gave", "halt", "load", "on_timer"]
__all__ += ["problems", "resolve", "resume", "take"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel(Power, Form, Reliability, WorkTime):
    """Works on several parts at once, out of sight, each for a time of its own, as ovens do.

    Parts leave in the order in which they are finished. A failure stops the work on all of them.
    """

    servers: int = param(1, ge=1, le=10_000, doc="Number of parts that are worked on at once.")

    @property
    def at_once(self) -> int:
        """Number of parts that are worked on together."""
        return self.servers


PARAMS = Parallel
COLUMNS: list[tuple[str, Any]] = [
    *WORK_TIME_COLUMNS,
    ("form", "i8"),
    ("last_done", "i8"),  # last part in the order that is done, or NONE
    ("stopped_at", "i8"),
]


def load(row: Any, params: Parallel) -> None:
    """Write the parameters into a place's row."""
    load_work_time(row, params)
    load_reliability(row, params)
    row.form = params.form
    row.capacity = params.servers


def resolve(row: Any, params: Parallel, directory: Directory) -> None:
    """Keep the times by product."""
    keep_work_time(row, params, directory)
    row.last_done = NONE


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Begin to work on one more part."""
    hide(world, part)
    due = world.clock[0].now + draw_work(world, i, part)
    earliest = _next_part(world, i)
    world.part[part].due = due
    if earliest != NONE and world.part[earliest].due <= due:
        _insert(world, i, part, earliest)
        return
    if earliest != NONE:
        interrupt_work(world, i)
    _insert(world, i, part, world.place[i].last_done)
    enter_state(world, i, WORKING)
    _work(world, i)


@compilable_apart
def _next_part(world: World, i: int) -> int:
    """The part that will be done next, or NONE."""
    place = world.place[i]
    if place.last_done >= 0:
        return world.part[place.last_done].next
    return place.first if place.count > 0 else NONE


@compilable_apart
def _insert(world: World, i: int, slot: int, before: int) -> None:
    """Put a part into the order by its end, but behind part `before`, or first if that is NONE."""
    place = world.place[i]
    part = world.part[slot]
    after = place.first if place.count > 0 else NONE
    if before >= 0:
        after = world.part[before].next
        while after >= 0 and world.part[after].due <= part.due:
            before = after
            after = world.part[after].next
    part.place = i
    part.entered = world.clock[0].now
    part.next = after
    if before >= 0:
        world.part[before].next = slot
    else:
        place.first = slot
    if after < 0:
        place.last = slot
    place.count += 1


@compilable_apart
def _work(world: World, i: int) -> None:
    """Work until the next part is done."""
    slot = _next_part(world, i)
    world.place[i].finishes = ITS_WORK if slot >= 0 else 0
    if slot >= 0:
        begin_work(world, i, world.part[slot].due - world.clock[0].now)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """One more part is done."""
    place = world.place[i]
    work_done(world, i)
    slot = _next_part(world, i)
    place.last_done = slot
    if place.form > 0:
        put_in_form(world, slot, place.form)
    place.offer = place.first
    _work(world, i)
    announce(world, i)


@compilable_apart
def blocked(world: World, i: int) -> None:
    """A part that is done can't leave; as long as there are others, work goes on."""
    if _next_part(world, i) < 0:
        enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """Offer the next part that is done."""
    place = world.place[i]
    let_go(world, i)
    if place.last_done == part:
        place.last_done = NONE
    else:
        place.offer = place.first
    if place.count == 0 and place.down == 0:
        enter_state(world, i, STARVED)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop all work; parts that are done stay on offer."""
    world.place[i].stopped_at = world.clock[0].now
    if _next_part(world, i) >= 0:
        interrupt_work(world, i)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Go on with every part; all ends are later by the pause."""
    place = world.place[i]
    pause = world.clock[0].now - place.stopped_at
    slot = _next_part(world, i)
    busy = slot >= 0
    while slot >= 0:
        world.part[slot].due += pause
        slot = world.part[slot].next
    if busy:
        enter_state(world, i, WORKING)
        _work(world, i)
    else:
        enter_state(world, i, BLOCKED if place.count > 0 else STARVED)
    announce(world, i)


def problems(params: Parallel, around: Surroundings) -> Iterator[Problem]:
    """Times and forms are possible."""
    yield from work_time_problems(params, around)
    yield from reliability_problems(params, around)
    yield from form_problems(params, around)
