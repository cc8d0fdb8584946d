"""Gated conveyor: what a conveyor with gates or sensors on it does more than a plain one.

Parts move, queue up and leave as on a plain conveyor; with open gates, at the very same ticks.
`twin.core.passing` says when each part comes where.
"""

from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.crossing import CROSSING_COLUMNS, crossings_of, lay_crossing
from twin.core.directory import Directory
from twin.core.failure import enter_running, switch_clock
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import move, stay
from twin.core.parts import hold, let_go
from twin.core.passing import HERE, cross, entry_tick, forget, go_on, line_up, plan, plan_all
from twin.core.state import BLOCKED, DOWN, STARVED, WORKING
from twin.core.world import LATER, NONE, World
from twin.kinds import conveyor
from twin.kinds.conveyor import Conveyor

__all__ = ["COLUMNS", "PARAMS", "blocked", "gave", "halt", "has_room", "load", "on_timer"]
__all__ += ["resolve", "resume", "start", "take"]

PARAMS = Conveyor
COLUMNS = [
    *conveyor.COLUMNS,
    *CROSSING_COLUMNS,
    ("first_crossing", "i8"),  # from the entry on
    ("entered", "i8"),  # parts that have come in since the run began
    ("entry_first", "i8"),  # ticks of the last ones, a ring in `World.number`
]

load, start = conveyor.load, conveyor.start


def resolve(row: Any, params: Conveyor, directory: Directory) -> None:
    """Its end is the last of its crossings."""
    around = directory.around
    lay_crossing(row, around.path, directory)
    row.first_crossing = directory.row(crossings_of(around.path, around.params)[0])
    row.holds = 1
    row.entry_first = directory.keep([0] * row.ring_size)


@compilable_apart
def has_room(world: World, i: int, part: int) -> bool:
    """Whether the entry is free; if it soon is, be reminded."""
    place = world.place[i]
    if place.standing != 0:
        return False
    now, free = world.clock[0].now, entry_tick(world, i)
    if now >= free and (place.accumulating != 0 or not _head_comes(world, i)):
        return True
    if free < LATER and place.reminded == 0:
        place.reminded = 1
        schedule(world, i, NEXT, max(now, free))
    return False


@compilable_apart
def _head_comes(world: World, i: int) -> bool:
    """Whether the first part is to reach the end now: it is looked at before the entry."""
    place = world.place[i]
    came_in = world.number[place.entry_first + place.crossed % place.ring_size]
    due = came_in + place.from_entry
    return place.count > 0 and place.phase != HERE and due == world.clock[0].now


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Let the part run to the end, or to its place in a queue."""
    place = world.place[i]
    now = world.clock[0].now
    hold(world, i, part)
    world.number[place.entry_first + place.entered % place.ring_size] = now
    place.entered += 1
    place.entry_free = now + place.headway
    if place.count == 1:
        enter_running(world, i, WORKING)
    plan(world, place.first_crossing)
    move(world, part, place.path, 0.0, 0.0, 0, 0.0)
    line_up(world, i)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """The first part has reached the end, or the entry has become free."""
    place = world.place[i]
    if timer == NEXT:
        place.reminded = 0
    else:
        place.phase = HERE
        place.offer = place.first
    announce(world, i)


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The first part waits at the end; a belt that does not accumulate stands."""
    place = world.place[i]
    enter_running(world, i, BLOCKED)
    if place.accumulating == 0 and place.standing == 0:
        place.standing = 1
        _freeze(world, i)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """Let the parts behind move up."""
    place = world.place[i]
    let_go(world, i)
    if place.standing != 0:
        place.standing = 0
        _thaw(world, i)
    cross(world, i)
    plan_all(world, i)
    line_up(world, i)
    enter_running(world, i, WORKING if place.count > 0 else STARVED)


@compilable_apart
def _freeze(world: World, i: int) -> None:
    """Stop every part where it is."""
    place = world.place[i]
    place.stopped_at = world.clock[0].now
    place.reminded = 0
    cancel(world, i, NEXT)
    forget(world, i)
    slot = place.first
    for _ in range(place.count):
        stay(world, slot)
        slot = world.part[slot].next


@compilable_apart
def _thaw(world: World, i: int) -> None:
    """Let every part go on; all that was to come is later by the pause."""
    place = world.place[i]
    pause = world.clock[0].now - place.stopped_at
    place.entry_free += pause
    go_on(world, i, pause)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop the belt; the first part can't leave."""
    place = world.place[i]
    place.offer = NONE
    if place.striker >= 0 and place.state == WORKING:
        switch_clock(world, i, DOWN)
    if place.standing == 0:
        _freeze(world, i)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Run again, or offer the part for which the belt stands."""
    place = world.place[i]
    enter_running(world, i, WORKING if place.count > 0 else STARVED)
    if place.standing == 0:
        _thaw(world, i)
        line_up(world, i)
    if place.phase == HERE:
        place.offer = place.first
    announce(world, i)
