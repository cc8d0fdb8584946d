"""Failures and stops: a place goes down, and comes back when the last reason is gone."""

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.draw import EXPONENTIAL
from twin.core.failure import (
    FAILED,
    FAILURE,
    OFF,
    begin_repair,
    draw,
    find_next_strike,
)
from twin.core.heap import FAIL, REPAIR, cancel, schedule
from twin.core.record import FAILED as MODE_FAILED
from twin.core.record import REPAIRED, note
from twin.core.resource import release, request
from twin.core.state import DOWN, OFF_SHIFT, STARVED, WAITING_OPERATOR, enter_state
from twin.core.world import LATER, World
from twin.engine.calls import calls

__all__ = ["come_back", "fail", "fail_for", "go_down", "repair", "watch_clock"]

halt = calls().halt
resume = calls().resume


@compilable_apart
def watch_clock(world: World, k: int) -> None:
    """Start the clock of failure mode `k`, if it ever fails and its clock does not run yet."""
    mode = world.place[k]
    never = mode.life.distribution <= EXPONENTIAL and mode.life.a <= 0.0
    if never or mode.failed != 0 or mode.strike != LATER:
        return
    ticks = draw(world, k, FAILURE, mode.life)
    if mode.operating_clock != 0:
        mode.strike = world.place[mode.target].operated + ticks
        find_next_strike(world, mode.target)
    else:
        mode.strike = world.clock[0].now + ticks
        schedule(world, k, FAIL, mode.strike)


@compilable_apart
def fail(world: World, k: int) -> None:
    """The clock of failure mode `k` has run out: its repair begins, or waits for a crew."""
    mode = world.place[k]
    _strike(world, k)
    if mode.crew >= 0:
        enter_state(world, k, WAITING_OPERATOR)
        request(world, k, mode.crew, 1)
    else:
        begin_repair(world, k)


@compilable_apart
def fail_for(world: World, k: int, ticks: int) -> None:
    """Fail now, for a given time; a mode that has failed already stays as it is."""
    if world.place[k].failed == 0:
        _strike(world, k)
        schedule(world, k, REPAIR, world.clock[0].now + ticks)


@compilable_apart
def _strike(world: World, k: int) -> None:
    mode = world.place[k]
    i = mode.target
    cancel(world, k, FAIL)
    mode.strike = LATER
    mode.failed = 1
    mode.failures += 1
    if i != k:
        world.place[i].failures += 1
        enter_state(world, k, DOWN)
    note(world, MODE_FAILED, i, 0, k)
    world.place[i].failed_modes += 1
    go_down(world, i, FAILED)
    find_next_strike(world, i)


@compilable_apart
def repair(world: World, k: int) -> None:
    """The repair is done; the failure clock starts anew."""
    mode = world.place[k]
    i = mode.target
    mode.failed = 0
    note(world, REPAIRED, i, 0, k)
    if mode.crew >= 0:
        release(world, k)
    watch_clock(world, k)
    if i != k:
        enter_state(world, k, STARVED)
    world.place[i].failed_modes -= 1
    if world.place[i].failed_modes == 0:
        come_back(world, i, FAILED)


@compilable_apart
def go_down(world: World, i: int, reason: int) -> None:
    """Put a place down for one more reason."""
    place = world.place[i]
    before = place.down
    place.down = before | reason
    place.shut = 1
    if before == 0:
        halt(world, i)
    _show(world, i)


@compilable_apart
def come_back(world: World, i: int, reason: int) -> None:
    """Take a reason away; with the last one the place goes on."""
    place = world.place[i]
    was = place.down
    place.down = was & ~reason
    place.shut = place.down | place.closing
    if was & reason == 0:
        announce(world, i)
    elif place.down == 0:
        resume(world, i)
    else:
        _show(world, i)


@compilable_apart
def _show(world: World, i: int) -> None:
    """Off shift hides all else: nobody expects the place to work."""
    down = world.place[i].down
    enter_state(world, i, OFF_SHIFT if down & OFF != 0 else DOWN)
