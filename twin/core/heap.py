"""The event heap: a binary heap of (tick, sequence), in one record array.

Of many events only those of today are in it; the others are in `twin.core.calendar`.

An event names a place and one of its timers. Cancelling a timer raises its version, and an event of
an older version is passed over when its time comes.

Handlers only add rows at the end; `arrange` sorts them in after the event. Nearly every event
brings about another one, which so takes the root's place at once: one way down the heap instead of
one down and one up.
"""

from typing import Any

import numpy as np

from twin.core.calendar import lay_out_days, next_day, put, put_off
from twin.core.compiled import compilable, compilable_apart
from twin.core.world import World, row, widened

__all__ = ["BELL", "FAIL", "FINISH", "NEXT", "PENDING", "REPAIR", "another_due", "arrange"]
__all__ += ["cancel", "place_of", "pop", "schedule", "timer_of", "version_of"]

# what: place, timer and version in one number, so that an event is three words to move
# next: of an event in the calendar, see there
PENDING = np.dtype([("tick", "i8"), ("sequence", "i8"), ("what", "i8"), ("next", "i8")])

FEW = 64  # events that need no calendar
FIRST_BITS = 10  # of the length of the calendar's day, until it is known how events come

FINISH, NEXT, FAIL, REPAIR, BELL = range(5)  # timers of a place


@compilable
def schedule(world: World, i: int, timer: int, tick: int) -> None:
    """Let a timer of place `i` go off at a tick, after all that is already due then."""
    clock = world.clock[0]
    what = widened(i) << 32 | timer << 16 | widened(world.place[i].version[timer])
    if tick < clock.today_ends:
        put(world.heap, row(clock.pending), tick, clock.sequence, what)
        clock.pending += 1
    else:
        put_off(world, tick, clock.sequence, what)
    clock.sequence += 1


@compilable
def cancel(world: World, i: int, timer: int) -> None:
    """Make every pending event of this timer stale."""
    version = world.place[i].version
    version[timer] = (widened(version[timer]) + 1) & 0x7FFF


@compilable
def place_of(what: int) -> int:
    """The place that an event is about."""
    return row(what >> 32)


@compilable
def timer_of(what: int) -> int:
    """The timer that goes off."""
    return what >> 16 & 0xFFFF


@compilable
def version_of(what: int) -> int:
    """The timer's version when it was set."""
    return what & 0xFFFF


@compilable_apart
def another_due(world: World) -> bool:
    """Whether anything but bells is due at this tick besides the event in row 0."""
    clock = world.clock[0]
    for other in range(1, clock.pending):
        event = world.heap[other]
        if event.tick == clock.now and timer_of(event.what) != BELL:
            return True
    return False


@compilable
def pop(world: World) -> None:
    """Take the earliest event out of row 0; `arrange` fills the row."""
    world.clock[0].hole = 1


@compilable
def arrange(world: World) -> None:
    """Fill row 0 if its event was taken, and sort in what was scheduled since."""
    clock = world.clock[0]
    if clock.hole != 0:
        clock.hole = 0
        clock.pending -= 1
        last = row(clock.pending)
        _sift_down(world.heap, last, min(clock.arranged, last))
    _sort_in(world.heap, clock, max(clock.arranged, 1))
    if clock.pending > FEW and clock.days == 0:
        lay_out_days(world, FIRST_BITS)
    if clock.pending == 0 and clock.far > 0:
        next_day(world)
        _sort_in(world.heap, clock, 1)


@compilable
def _sort_in(heap: Any, clock: Any, first: int) -> None:
    for last in range(first, clock.pending):
        _sift_up(heap, row(last))
    clock.arranged = clock.pending


@compilable
def _sift_down(heap: Any, last: int, count: int) -> None:
    """Move the event in row `last` to row 0, and down to where it belongs in `count` rows."""
    event = heap[last]
    tick = event.tick
    sequence = event.sequence
    what = event.what
    hole = 0
    child = 1
    while child < count:
        right = row(min(child + 1, count - 1))
        child = row(right if _before(heap, right, child) else child)
        below = heap[child]
        if tick < below.tick or (tick == below.tick and sequence < below.sequence):
            break
        put(heap, hole, below.tick, below.sequence, below.what)
        hole = child
        child = 2 * hole + 1
    put(heap, hole, tick, sequence, what)


@compilable
def _sift_up(heap: Any, last: int) -> None:
    """Move the event in row `last` up to where it belongs in the rows before it."""
    event = heap[last]
    tick = event.tick
    sequence = event.sequence
    what = event.what
    hole = last
    while hole > 0:
        parent = (hole - 1) >> 1
        above = heap[parent]
        if above.tick < tick or (above.tick == tick and above.sequence < sequence):
            break
        put(heap, hole, above.tick, above.sequence, above.what)
        hole = parent
    put(heap, hole, tick, sequence, what)


@compilable
def _before(heap: Any, a: int, b: int) -> bool:
    """Whether the event in row `a` is the earlier one; without branches, as chance decides it."""
    one, two = heap[a], heap[b]
    return (one.tick < two.tick) | ((one.tick == two.tick) & (one.sequence < two.sequence))
