"""The event loop: take the earliest event, let its place act, hand parts on, until time is up."""

from twin.core.compiled import compilable, compilable_apart
from twin.core.heap import FAIL, REPAIR, arrange, place_of, pop, timer_of, version_of
from twin.core.world import World
from twin.engine.breakdown import fail, fail_for, repair, start_again, stop, watch_clock
from twin.engine.calls import calls
from twin.engine.transfer import settle

__all__ = ["BEGIN", "DONE", "FAIL_NOW", "FULL", "GO_ON", "LIVELOCK", "START", "STOP", "WATCH"]
__all__ += ["run"]

DONE, FULL, LIVELOCK = range(3)  # results
GO_ON, BEGIN, STOP, START, FAIL_NOW, WATCH = range(6)  # what to do first

BURST_LIMIT = 1_000_000  # events at one tick; more is a loop without time

on_timer = calls().on_timer
start = calls().start


@compilable
def run(world: World, until: int, action: int, i: int, ticks: int) -> int:
    """Do an action now, then handle every event up to and including a tick.

    Args:
        world: the state, changed in place.
        until: the tick to reach.
        action: what to do first; GO_ON is nothing.
        i: the place that acts.
        ticks: for FAIL_NOW, how long.

    Returns:
        DONE; FULL if a table must grow or be emptied before going on; LIVELOCK.
    """
    clock = world.clock[0]
    while True:
        if action != GO_ON:
            _act(world, action, i, ticks)
            action = GO_ON
        elif clock.pending == 0 or world.heap[0].tick > until:
            clock.now = until
            return DONE
        elif _is_full(world):
            return FULL
        elif clock.burst > BURST_LIMIT:
            return LIVELOCK
        else:
            _handle_first(world)
        settle(world)
        arrange(world)


@compilable
def _is_full(world: World) -> bool:
    """Whether a table might not hold what one more event can bring."""
    clock = world.clock[0]
    return (
        clock.free_parts == 0
        or clock.pending > clock.most_pending
        or clock.event_count > clock.most_events
        or clock.segment_count > clock.most_segments
    )


@compilable
def _handle_first(world: World) -> None:
    """Take the earliest event and let its place act, unless it has become stale."""
    clock = world.clock[0]
    event = world.heap[0]
    what = event.what
    i = place_of(what)
    timer = timer_of(what)
    if event.tick != clock.now:
        clock.now = event.tick
        clock.burst = 0
    clock.burst += 1
    clock.processed += 1
    pop(world)
    if version_of(what) != world.place[i].version[timer]:
        return
    if timer == FAIL:
        fail(world, i)
    elif timer == REPAIR:
        repair(world, i)
    else:
        on_timer(world, i, timer)


@compilable_apart
def _act(world: World, action: int, i: int, ticks: int) -> None:
    if action == BEGIN:
        for row in range(len(world.place)):
            watch_clock(world, row)
            start(world, row)
    elif action == STOP:
        stop(world, i)
    elif action == START:
        start_again(world, i)
    elif action == FAIL_NOW:
        fail_for(world, i, ticks)
    elif action == WATCH and world.place[i].to_failure == 0:
        watch_clock(world, i)
