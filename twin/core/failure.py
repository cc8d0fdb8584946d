"""Work that takes time and may be interrupted: by a failure of its place, or by a command.

A place fails in one or more modes, each a row of its own; the first is the place's own row. The
clock of a mode runs either only while its place works, or all the time. Work that is interrupted
goes on where it stopped (preemptive resume).
"""

from typing import Any

from twin.core.compiled import compilable, compilable_apart
from twin.core.distribution import shape
from twin.core.draw import CONSTANT, DISTRIBUTIONS, ONE, draw_share, draw_ticks, philox
from twin.core.heap import FAIL, FINISH, REPAIR, cancel, schedule
from twin.core.state import WORKING, enter_state
from twin.core.world import LATER, NONE, World
from twin.units import TICKS_PER_SECOND

__all__ = [
    "CHOICE",
    "EMERGENCY",
    "FAILED",
    "FAILURE",
    "HELD",
    "ITS_PART",
    "ITS_WORK",
    "OFF",
    "PROCESS",
    "REPAIRING",
    "STOPPED",
    "begin_repair",
    "begin_work",
    "chance",
    "draw",
    "duration",
    "enter_running",
    "find_next_strike",
    "interrupt_work",
    "switch_clock",
    "work_done",
]

FAILED, STOPPED, OFF, EMERGENCY, HELD = 1, 2, 4, 8, 16  # bits of a place's `down`
ITS_PART, ITS_WORK = 1, 2  # what a place finishes after the bell: until it offers one, or says 0
PROCESS, FAILURE, REPAIRING, CHOICE = range(4)  # rows of twin.core.world.PURPOSES


def duration(distribution: str, mean: float, spread: float = 0.0, mode: float = 0.0) -> Any:
    """A random duration given in seconds as the world keeps it: a row of dtype SHAPE."""
    code = DISTRIBUTIONS.index(distribution)
    numbers = (each * TICKS_PER_SECOND for each in (mean, spread, mode))
    return (code, *shape(code, *numbers))


@compilable
def draw(world: World, i: int, purpose: int, time: Any) -> int:
    """Draw a duration [ticks] from one of the place's own streams; a constant leaves it as it is.

    The random bits were made at the draw before: so the run need not wait for them, and the
    processor makes the next ones beside other work.
    """
    if time.distribution == CONSTANT:
        return int(time.a + 0.5)
    stream = world.place[i].stream
    key, count, word = stream[purpose, 0], stream[purpose, 1], stream[purpose, 2]
    stream[purpose, 1] = count + ONE
    stream[purpose, 2] = philox(key, count + ONE)
    a, b, c = time.a, time.b, time.c
    return draw_ticks(time.distribution, a, b, c, world.number, word, key, count)


@compilable_apart
def chance(world: World, i: int) -> float:
    """Draw a share in [0, 1) from the place's own stream for choices."""
    place = world.place[i]
    key, count = place.stream[CHOICE, 0], place.stream[CHOICE, 1]
    place.stream[CHOICE, 1] += 1
    return draw_share(key, count)


@compilable
def begin_work(world: World, i: int, ticks: int) -> None:
    """Start work of `ticks`; the place's FINISH goes off then, or a mode's FAIL before."""
    place = world.place[i]
    now = world.clock[0].now
    place.work_start = now
    place.work_ticks = ticks
    left = place.next_strike - place.operated
    if left < ticks:
        schedule(world, place.striker, FAIL, now + left)
    else:
        schedule(world, i, FINISH, now + ticks)


@compilable
def work_done(world: World, i: int) -> None:
    """Put finished work on the operating clock."""
    place = world.place[i]
    place.operated += place.work_ticks


@compilable_apart
def interrupt_work(world: World, i: int) -> None:
    """Stop work; what is left of it is in `work_ticks`."""
    place = world.place[i]
    done = world.clock[0].now - place.work_start
    place.work_ticks -= done
    place.operated += done
    cancel(world, i, FINISH)
    if place.striker >= 0:
        cancel(world, place.striker, FAIL)


@compilable
def enter_running(world: World, i: int, state: int) -> None:
    """Put place `i` into a state; it is one that is at work as long as it runs with parts on it.

    While it works a mode on the operating clock may strike.
    """
    place = world.place[i]
    if place.striker >= 0 and (place.state == WORKING) != (state == WORKING):
        switch_clock(world, i, state)
    enter_state(world, i, state)


@compilable_apart
def switch_clock(world: World, i: int, state: int) -> None:
    """Let the operating clock of place `i` run from now on, or stop it."""
    place = world.place[i]
    now = world.clock[0].now
    if state == WORKING:
        place.work_start = now
        schedule(world, place.striker, FAIL, now + place.next_strike - place.operated)
    else:
        place.operated += now - place.work_start
        cancel(world, place.striker, FAIL)


@compilable_apart
def find_next_strike(world: World, i: int) -> None:
    """Note which mode of place `i` comes next on its operating clock."""
    place = world.place[i]
    place.next_strike = LATER
    place.striker = NONE
    k = place.first_mode
    while k >= 0:
        mode = world.place[k]
        if mode.operating_clock != 0 and mode.strike < place.next_strike:
            place.next_strike = mode.strike
            place.striker = k
        k = mode.next_mode


@compilable_apart
def begin_repair(world: World, k: int) -> None:
    """Let the repair of failure mode `k` begin; its REPAIR goes off when it is done."""
    ticks = draw(world, k, REPAIRING, world.place[k].repair)
    schedule(world, k, REPAIR, world.clock[0].now + ticks)
