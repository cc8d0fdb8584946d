"""Failures and stops: a place goes down, and comes back when the last reason is gone."""

from twin.core.compiled import compilable_apart
from twin.core.draw import EXPONENTIAL
from twin.core.failure import FAILED, REPAIRING, STOPPED, draw, draw_time_to_failure
from twin.core.heap import FAIL, REPAIR, cancel, schedule
from twin.core.state import DOWN, enter_state
from twin.core.world import World
from twin.engine.calls import calls

__all__ = ["fail", "fail_for", "repair", "start_again", "stop", "watch_clock"]

halt = calls().halt
resume = calls().resume


@compilable_apart
def watch_clock(world: World, i: int) -> None:
    """Start the failure clock of a place that fails."""
    place = world.place[i]
    if place.mtbf <= 0.0:
        return
    place.to_failure = draw_time_to_failure(world, i)
    if place.operating_clock == 0:
        schedule(world, i, FAIL, world.clock[0].now + place.to_failure)


@compilable_apart
def fail(world: World, i: int) -> None:
    """The failure clock has run out: repair takes a random time."""
    fail_for(world, i, draw(world, i, REPAIRING, EXPONENTIAL, world.place[i].mttr, 0.0))


@compilable_apart
def fail_for(world: World, i: int, ticks: int) -> None:
    """Fail now, for a given time; a place that has failed already stays as it is."""
    place = world.place[i]
    if place.down & FAILED != 0:
        return
    place.failures += 1
    _go_down(world, i, FAILED)
    cancel(world, i, FAIL)
    schedule(world, i, REPAIR, world.clock[0].now + ticks)


@compilable_apart
def repair(world: World, i: int) -> None:
    """The repair is done; the failure clock starts anew."""
    watch_clock(world, i)
    _come_back(world, i, FAILED)


@compilable_apart
def stop(world: World, i: int) -> None:
    """Stop a place by command."""
    _go_down(world, i, STOPPED)


@compilable_apart
def start_again(world: World, i: int) -> None:
    """Start a place that a command has stopped."""
    _come_back(world, i, STOPPED)


@compilable_apart
def _go_down(world: World, i: int, reason: int) -> None:
    place = world.place[i]
    before = place.down
    place.down = before | reason
    if before == 0:
        halt(world, i)
        enter_state(world, i, DOWN)


@compilable_apart
def _come_back(world: World, i: int, reason: int) -> None:
    place = world.place[i]
    if place.down & reason == 0:
        return
    place.down &= ~reason
    if place.down == 0:
        resume(world, i)
