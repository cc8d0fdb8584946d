"""Shifts: at each bell of a calendar its places go off, or come back."""

from twin.core.compiled import compilable_apart
from twin.core.failure import ITS_PART, ITS_WORK, OFF
from twin.core.heap import BELL, another_due, schedule
from twin.core.state import OFF_SHIFT, WORKING, enter_state
from twin.core.world import NONE, World
from twin.engine.breakdown import come_back, go_down

__all__ = ["begin_calendar", "bell", "close"]


@compilable_apart
def begin_calendar(world: World, k: int) -> None:
    """Send the places of calendar `k` home, if the run does not begin in a shift."""
    row = world.place[k]
    if row.bells_count == 0:
        return
    if world.number[row.bells_first] > 0:
        _send_home(world, k)
    _wait(world, k)


@compilable_apart
def bell(world: World, k: int) -> None:
    """A shift of calendar `k` begins or ends, after all else that happens at this tick."""
    if another_due(world):
        schedule(world, k, BELL, world.clock[0].now)
        return
    row = world.place[k]
    begins = row.bells_done % 2 == 0
    row.bells_done += 1
    if begins:
        enter_state(world, k, WORKING)
        i = row.first_member
        while i >= 0:
            world.place[i].closing = 0
            come_back(world, i, OFF)
            i = world.place[i].next_member
    else:
        _send_home(world, k)
    _wait(world, k)


@compilable_apart
def _wait(world: World, k: int) -> None:
    row = world.place[k]
    schedule(world, k, BELL, _tick(world, k, row.bells_done))


@compilable_apart
def _tick(world: World, k: int, number: int) -> int:
    row = world.place[k]
    periods = number // row.bells_count
    return periods * row.period + world.number[row.bells_first + number % row.bells_count]


@compilable_apart
def _send_home(world: World, k: int) -> None:
    row = world.place[k]
    if row.bells_done > 0 and _tick(world, k, row.bells_done) == world.clock[0].now:
        return  # the next shift begins at once
    enter_state(world, k, OFF_SHIFT)
    i = row.first_member
    while i >= 0:
        place = world.place[i]
        if row.finish != 0 and place.down == 0 and _has_begun(world, i):
            place.closing = 1
            place.shut = 1
        else:
            go_down(world, i, OFF)
        i = world.place[i].next_member


@compilable_apart
def _has_begun(world: World, i: int) -> bool:
    """Whether place `i` has work to finish."""
    place = world.place[i]
    if place.finishes == ITS_PART:
        return place.count > 0 and place.offer == NONE
    return place.finishes == ITS_WORK


@compilable_apart
def close(world: World, i: int) -> None:
    """Place `i` has finished its work after the bell: it goes off."""
    place = world.place[i]
    if not _has_begun(world, i):
        place.closing = 0
        go_down(world, i, OFF)
