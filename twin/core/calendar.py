"""Events that are not due soon, in a calendar: a ring of days, and of each day a list in any order.

What comes today lies in the heap, in order. When the heap is empty, the next day's events move into
it. About two events fall on a day, so that neither putting one off nor coming to its day depends on
how many there are (Brown, "Calendar queues: a fast O(1) priority queue implementation for the
simulation event set problem", Communications of the ACM 31, 1988). An event of a later year stays
on its day's list until its year comes.

The heap and the calendar share a table: the events of the calendar lie in its upper half.
"""

from typing import Any

from twin.core.compiled import compilable, compilable_apart
from twin.core.prefetch import prefetch
from twin.core.world import LINE, NONE, World, row, widened

__all__ = ["EVER", "lay_out_days", "next_day", "put", "put_off"]

EVER = (1 << 63) - 1  # a tick after all others: the end of today where there is no calendar
MOST_BITS = 40  # of the length of a day: 13 days of simulated time
FEW_DAYS = 64
PATIENCE = 8  # events and days, by days of the ring, until the calendar is looked at again
AHEAD, SOON = 2, 1  # days from the call for places, and for their parts, until they are needed
PLACES, PARTS = range(2)
STATE_LINES, WORK_LINES = 2, 5  # of a place's row, see twin.core.world.FIRST_COLUMNS


@compilable
def put(heap: Any, hole: int, tick: int, sequence: int, what: int) -> None:
    """Write an event word by word: numba copies a whole row byte by byte."""
    event = heap[hole]
    event.tick = tick
    event.sequence = sequence
    event.what = what


@compilable
def put_off(world: World, tick: int, sequence: int, what: int) -> None:
    """Note an event that comes after today."""
    heap = world.heap
    clock = world.clock[0]
    k = row(clock.free_event)
    clock.free_event = heap[k].next
    clock.far += 1
    put(heap, k, tick, sequence, what)
    _hang(world, k)


@compilable
def _hang(world: World, k: int) -> None:
    """Put the event in row `k` on the list of its day."""
    heap = world.heap
    clock = world.clock[0]
    day = row(heap[k].tick >> clock.day_bits & (clock.days - 1))
    heap[k].next = widened(world.day[day])
    world.day[day] = k


@compilable
def next_day(world: World) -> None:
    """Move the events of the next day that has any into the heap, unsorted; there must be one."""
    clock = world.clock[0]
    heap = world.heap
    while clock.pending == 0:
        counted = clock.turned + clock.processed - clock.reviewed_events
        if counted > PATIENCE * clock.days:
            _look_at_days(world)
        bits = clock.day_bits
        today = clock.today_ends >> bits
        clock.today_ends = (today + 1) << bits
        clock.turned += 1
        _turn(world, row(today & (clock.days - 1)))
        prefetch(heap, widened(world.day[row(today + AHEAD + 1 & (clock.days - 1))]), 0)
        _ask_for_day(world, today + AHEAD, PLACES)
        _ask_for_day(world, today + SOON, PARTS)


@compilable
def _turn(world: World, day: int) -> None:
    """Move what comes before the end of today from a day's list into the heap."""
    heap = world.heap
    clock = world.clock[0]
    k = widened(world.day[day])
    later = NONE
    while k >= 0:
        k = row(k)
        event = heap[k]
        behind = event.next
        if event.tick < clock.today_ends:
            put(heap, row(clock.pending), event.tick, event.sequence, event.what)
            clock.pending += 1
            clock.far -= 1
            event.what = NONE
            event.next = clock.free_event
            clock.free_event = k
        else:
            event.next = later
            later = k
        k = behind
    world.day[day] = later


@compilable
def _ask_for_day(world: World, day: int, what: int) -> None:
    """Ask the processor's cache for what the events of a day will need."""
    heap = world.heap
    clock = world.clock[0]
    ends = (day + 1) << clock.day_bits
    k = widened(world.day[row(day & (clock.days - 1))])
    while k >= 0:
        event = heap[row(k)]
        if event.tick < ends:
            if what == PLACES:
                _ask_for_places(world, row(event.what >> 32))
            else:
                _ask_for_parts(world, row(event.what >> 32))
        k = event.next


@compilable
def _ask_for_places(world: World, i: int) -> None:
    """Ask for the row of place `i`, and of those of its neighbours what a move needs.

    The place behind the next one may begin to work as soon as this one has finished.
    """
    places = world.place
    for line in range(WORK_LINES):
        prefetch(places, i, LINE * line)
        prefetch(places, i + 2, LINE * line)
    for line in range(STATE_LINES):
        prefetch(places, i - 1, LINE * line)
        prefetch(places, i + 1, LINE * line)
    prefetch(places, i - 2, 0)


@compilable
def _ask_for_parts(world: World, i: int) -> None:
    """Ask for the parts that place `i` and its neighbours name."""
    places = world.place
    prefetch(world.part, places[i].first, 0)
    prefetch(world.part, places[row(max(i - 1, 0))].first, 0)
    prefetch(world.part, places[row(min(i + 1, len(places) - 1))].last, 0)


@compilable_apart
def lay_out_days(world: World, bits: int) -> None:
    """Put all events off, into a calendar of about as many days as there are events.

    A day takes 2^bits ticks. No day is open then: `next_day` opens the first that has events.
    """
    heap = world.heap
    clock = world.clock[0]
    for k in range(clock.pending):
        free = row(clock.free_event)
        clock.free_event = heap[free].next
        put(heap, free, heap[k].tick, heap[k].sequence, heap[k].what)
    clock.far += clock.pending
    clock.pending = 0
    clock.arranged = 0
    clock.day_bits = bits
    clock.days = FEW_DAYS
    half = len(heap) // 2
    while clock.days < clock.far and 2 * clock.days <= half:
        clock.days *= 2
    world.day[:] = NONE
    first = EVER
    for k in range(half, len(heap)):
        if heap[k].what >= 0:
            _hang(world, k)
            first = min(first, heap[k].tick)
    clock.today_ends = first >> bits << bits
    _begin_count(clock)


@compilable_apart
def _look_at_days(world: World) -> None:
    """Change the calendar if far more or less than two events have fallen on a day lately."""
    clock = world.clock[0]
    events = clock.processed - clock.reviewed_events
    gap = (clock.now - clock.reviewed) // max(1, events)
    bits = 0
    while bits < MOST_BITS and 1 << bits <= 2 * gap:
        bits += 1
    if events == 0:
        bits = min(clock.day_bits + 4, MOST_BITS)
    too_few = 2 * clock.days < clock.far
    if abs(bits - clock.day_bits) > 1 or too_few or clock.days > FEW_DAYS + 4 * clock.far:
        lay_out_days(world, bits)
    else:
        _begin_count(clock)


@compilable
def _begin_count(clock: Any) -> None:
    clock.turned = 0
    clock.reviewed = clock.now
    clock.reviewed_events = clock.processed
