"""The event heap: a binary heap of (tick, sequence), in one record array.

An event names a place and one of its timers. Cancelling a timer raises its version, and an event of
an older version is passed over when its time comes.

Handlers only add rows at the end; `arrange` sorts them in after the event. Nearly every event
brings about another one, which so takes the root's place at once: one way down the heap instead of
one down and one up.
"""

from typing import Any

import numpy as np

from twin.core.compiled import compilable, compilable_apart
from twin.core.prefetch import prefetch
from twin.core.world import LINE, World, row

__all__ = ["BELL", "FAIL", "FINISH", "NEXT", "PENDING", "REPAIR", "another_due", "arrange"]
__all__ += ["cancel", "place_of", "pop", "schedule", "timer_of", "version_of", "widened"]

# what: place, timer and version in one number, so that a row is three words to move
PENDING = np.dtype([("tick", "i8"), ("sequence", "i8"), ("what", "i8")])

FEW = 64  # events of a plant that lies in the cache anyway
NEXT_BUT_ONE, NEAR = 3, 7  # rows of the heap: events that come soon
STATE_LINES, WORK_LINES = 3, 7  # of a place's row, see twin.core.world.FIRST_COLUMNS

FINISH, NEXT, FAIL, REPAIR, BELL = range(5)  # timers of a place


@compilable
def schedule(world: World, i: int, timer: int, tick: int) -> None:
    """Let a timer of place `i` go off at a tick, after all that is already due then."""
    clock = world.clock[0]
    what = i << 32 | timer << 16 | world.place[i].version[timer]
    _put(world.heap, row(clock.pending), tick, clock.sequence, what)
    clock.pending += 1
    clock.sequence += 1


@compilable
def cancel(world: World, i: int, timer: int) -> None:
    """Make every pending event of this timer stale."""
    version = world.place[i].version
    version[timer] = (version[timer] + 1) & 0x7FFF


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
        _sift_down(world, last, min(clock.arranged, last))
    for last in range(max(clock.arranged, 1), clock.pending):
        _sift_up(world.heap, row(last))
    clock.arranged = clock.pending


@compilable
def _sift_down(world: World, last: int, count: int) -> None:
    """Move the event in row `last` to row 0, and down to where it belongs in `count` rows."""
    heap = world.heap
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
        _put(heap, hole, below.tick, below.sequence, below.what)
        if count > FEW and 0 < hole < NEAR:
            _prepare(world, hole, place_of(below.what))
        hole = child
        child = 2 * hole + 1
    _put(heap, hole, tick, sequence, what)


@compilable
def _prepare(world: World, hole: int, i: int) -> None:
    """Ask for what the event of place `i`, now in row `hole`, will need: it is among the next.

    First the place's own row; later what it names, its neighbours and its part.
    """
    places = world.place
    if hole >= NEXT_BUT_ONE:
        for line in range(WORK_LINES):
            prefetch(places, i, LINE * line)
        for line in range(STATE_LINES):
            prefetch(places, i - 1, LINE * line)
            prefetch(places, i + 1, LINE * line)
        prefetch(places, i - 2, 0)
        prefetch(places, i + 2, 0)
    else:
        prefetch(world.link, places[i].first_in, 0)
        prefetch(world.link, places[i].first_out, 0)
        prefetch(world.part, places[i].first, 0)
        prefetch(world.part, places[row(max(i - 1, 0))].first, 0)
        prefetch(world.part, places[row(min(i + 1, len(places) - 1))].last, 0)


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
        _put(heap, hole, above.tick, above.sequence, above.what)
        hole = parent
    _put(heap, hole, tick, sequence, what)


@compilable
def _put(heap: Any, hole: int, tick: int, sequence: int, what: int) -> None:
    """Write an event word by word: numba copies a whole row byte by byte."""
    event = heap[hole]
    event.tick = tick
    event.sequence = sequence
    event.what = what


@compilable
def _before(heap: Any, a: int, b: int) -> bool:
    """Whether the event in row `a` is the earlier one; without branches, as chance decides it."""
    one, two = heap[a], heap[b]
    return (one.tick < two.tick) | ((one.tick == two.tick) & (one.sequence < two.sequence))


@compilable
def widened(value: int) -> int:
    """A narrow column's value as int64: numba compiles its users once for every type."""
    return int(np.int64(value))
