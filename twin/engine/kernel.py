"""The event loop: take the earliest event, let its place act, hand parts on, until the time is up."""

from twin.core.compiled import compilable
from twin.core.heap import FAIL, REPAIR, pop
from twin.core.world import World
from twin.engine.breakdown import fail, repair, watch_clock
from twin.engine.dispatch import calls
from twin.engine.transfer import settle

__all__ = ["DONE", "FULL", "LIVELOCK", "begin", "run"]

DONE, FULL, LIVELOCK = range(3)

BURST_LIMIT = 1_000_000  # events at one tick; more is a loop without time

on_timer = calls().on_timer
start = calls().start


@compilable
def begin(world: World) -> None:
    """Start every place at tick 0."""
    for i in range(len(world.place)):
        watch_clock(world, i)
        start(world, i)
    settle(world)


@compilable
def run(world: World, until: int, event_room: int, segment_room: int) -> int:
    """Handle every event up to and including a tick.

    Args:
        world: the state, changed in place.
        until: the tick to reach.
        event_room: log rows that one event may fill at most.
        segment_room: the same for segments.

    Returns:
        DONE; FULL if a table must grow or be emptied before going on; LIVELOCK.
    """
    clock = world.clock[0]
    heap = world.heap
    while clock.pending > 0 and heap[0].tick <= until:
        if (
            clock.free_parts == 0
            or clock.pending + len(world.place) * 4 > len(heap)
            or clock.recording * (clock.event_count + event_room) > len(world.event)
            or clock.recording * (clock.segment_count + segment_room) > len(world.segment)
        ):
            return FULL
        event = heap[0]
        i = event.place
        timer = event.timer
        current = event.version == world.place[i].version[timer]
        if event.tick != clock.now:
            clock.now = event.tick
            clock.burst = 0
        pop(world)
        clock.processed += 1
        clock.burst += 1
        if clock.burst > BURST_LIMIT:
            return LIVELOCK
        if current:
            _handle(world, i, timer)
            settle(world)
    clock.now = until
    return DONE


@compilable
def _handle(world: World, i: int, timer: int) -> None:
    if timer == FAIL:
        fail(world, i)
    elif timer == REPAIR:
        repair(world, i)
    else:
        on_timer(world, i, timer)
