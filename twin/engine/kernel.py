"""The event loop: take the earliest event, let its place act, hand parts on, until time is up."""

from twin.core.agenda import announce
from twin.core.compiled import compilable, compilable_apart
from twin.core.heap import BELL, FAIL, NEXT, REPAIR, arrange, place_of, pop, timer_of, version_of
from twin.core.world import NONE, World, widened
from twin.engine.breakdown import fail, fail_for, repair, start_again, stop, watch_clock
from twin.engine.calls import calls
from twin.engine.shift import begin_calendar, bell, close
from twin.engine.standstill import changes_nothing, stands_still
from twin.engine.statistics import reset
from twin.engine.transfer import BURST_LIMIT, settle

__all__ = ["ANSWER", "ASK", "BEGIN", "DEADLOCK", "DONE", "FAIL_NOW", "FULL", "GO_ON", "LIVELOCK"]
__all__ += ["RESET", "STANDSTILL", "START", "STOP", "WATCH", "run"]

DONE, FULL, LIVELOCK, DEADLOCK, ASK, STANDSTILL = range(6)  # results
GO_ON, BEGIN, STOP, START, FAIL_NOW, WATCH, ANSWER, RESET = range(8)  # what to do first

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
        ticks: for FAIL_NOW, how long; for ANSWER, the number of the exit.

    Returns:
        DONE; FULL if a table must grow or be emptied before going on; ASK if the place
        `clock.asking` waits for an answer; LIVELOCK or DEADLOCK if the run can't go on;
        STANDSTILL if nothing can move any more, though parts are in the plant.
    """
    clock = world.clock[0]
    while True:
        if action != GO_ON:
            _act(world, action, i, ticks)
            action = GO_ON
        elif clock.pending == 0 or world.heap[0].tick > until:
            if stands_still(world):
                return STANDSTILL
            clock.now = until
            return DONE
        elif _is_full(world):
            return FULL
        elif timer_of(world.heap[0].what) > NEXT and _is_idle(world):
            return STANDSTILL
        else:
            _handle_first(world)
        settle(world)
        arrange(world)
        if clock.burst > BURST_LIMIT:
            return LIVELOCK
        if clock.stuck >= 0 or clock.asking >= 0:
            return DEADLOCK if clock.stuck >= 0 else ASK


@compilable_apart
def _is_idle(world: World) -> bool:
    """Count a bell or failure that comes next; whether nothing moves but for such."""
    if not changes_nothing(world, 0):
        return False
    if stands_still(world):
        return True
    world.clock[0].idle += 1
    return False


@compilable
def _is_full(world: World) -> bool:
    """Whether a table might not hold what one more event can bring."""
    clock = world.clock[0]
    if clock.free_parts == 0 or clock.pending + clock.far > clock.most_pending:
        return True
    return clock.recording != 0 and (
        clock.event_count > clock.most_events or clock.segment_count > clock.most_segments
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
    elif timer == BELL:
        bell(world, i)
    else:
        on_timer(world, i, timer)
        if world.place[i].closing != 0:
            close(world, i)


@compilable_apart
def _act(world: World, action: int, i: int, ticks: int) -> None:
    world.clock[0].judged = NONE
    if action == BEGIN:
        for row in range(len(world.place)):
            watch_clock(world, row)
            start(world, row)
        for row in range(len(world.place)):
            begin_calendar(world, row)
    elif action == STOP:
        stop(world, i)
    elif action == START:
        start_again(world, i)
    elif action == FAIL_NOW:
        fail_for(world, i, ticks)
    elif action == WATCH:
        watch_clock(world, i)
    elif action == ANSWER:
        _answer(world, i, ticks)
    elif action == RESET:
        reset(world)


@compilable_apart
def _answer(world: World, i: int, way_out: int) -> None:
    """Let the part that place `i` has asked about leave by an exit."""
    place = world.place[i]
    world.clock[0].asking = place.next_asking
    link = widened(place.first_out)
    for _ in range(way_out):
        link = world.link[link].next_out
    place.way = link
    place.offer = place.first
    announce(world, i)
