"""Work that takes time and may be interrupted: by a failure of its place, or by a command.

The failure clock of a place runs either only while it works, or all the time. Work that is
interrupted goes on where it stopped (preemptive resume).
"""

from twin.core.compiled import compilable
from twin.core.draw import EXPONENTIAL, draw_ticks
from twin.core.heap import FAIL, FINISH, cancel, schedule
from twin.core.world import World

__all__ = [
    "FAILED",
    "STOPPED",
    "begin_work",
    "draw",
    "draw_time_to_failure",
    "interrupt_work",
    "work_done",
]

FAILED, STOPPED = 1, 2  # bits of a place's `down`
PROCESS, FAILURE, REPAIRING = range(3)  # rows of twin.core.world.PURPOSES


@compilable
def draw(world: World, i: int, purpose: int, distribution: int, mean: float, spread: float) -> int:
    """Draw a duration [ticks] from one of the place's own streams."""
    place = world.place[i]
    count = place.draws[purpose]
    place.draws[purpose] += 1
    return draw_ticks(distribution, mean, spread, place.key[purpose], count)


@compilable
def draw_time_to_failure(world: World, i: int) -> int:
    """Draw the time to the next failure [ticks] of a place that fails."""
    return draw(world, i, FAILURE, EXPONENTIAL, world.place[i].mtbf, 0.0)


@compilable
def begin_work(world: World, i: int, ticks: int) -> None:
    """Start work of `ticks`; the place's FINISH goes off then, or its FAIL before."""
    place = world.place[i]
    now = world.clock[0].now
    place.work_start = now
    place.work_ticks = ticks
    if place.mtbf > 0.0 and place.operating_clock != 0 and place.to_failure < ticks:
        schedule(world, i, FAIL, now + place.to_failure)
    else:
        schedule(world, i, FINISH, now + ticks)


@compilable
def work_done(world: World, i: int) -> None:
    """Take finished work off the failure clock."""
    place = world.place[i]
    place.to_failure -= place.work_ticks


@compilable
def interrupt_work(world: World, i: int) -> None:
    """Stop work; what is left of it is in `work_ticks`."""
    place = world.place[i]
    done = world.clock[0].now - place.work_start
    place.work_ticks -= done
    place.to_failure -= done
    cancel(world, i, FINISH)
    if place.operating_clock != 0:
        cancel(world, i, FAIL)
