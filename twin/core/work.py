"""Work on one part at a time: the parameters that kinds share, and the way in that comes first.

A part is brought in over the transfer time, along the link's path, while the place counts as
working. Then the kind begins its work, with `begin_work` of `twin.core.failure`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.compiled import compilable_apart
from twin.core.directory import Surroundings
from twin.core.distribution import time_problems
from twin.core.draw import DISTRIBUTIONS
from twin.core.failure import duration
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import coordinate, move, stay
from twin.core.parameters import LONGEST, Params, param
from twin.core.state import WORKING, enter_state
from twin.core.world import SHAPE, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["WORK_COLUMNS", "Work", "bring_in", "go_on_bringing_in", "load_work"]
__all__ += ["stop_bringing_in", "work_problems"]

RAMP_SHARE = 0.2  # of the transfer time, to get to full speed


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Params):
    """What every kind has that brings a part in, works on it, and may fail."""

    process_time: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Mean time of work.", live=True
    )
    process_distribution: str = param(
        "constant", choices=DISTRIBUTIONS, doc="How the process time varies around its mean."
    )
    process_spread: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Half width or standard deviation of the process time.",
        live=True,
    )
    transfer_time: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Time to bring the base in from the place before.",
        live=True,
    )
    mtbf: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Mean time between failures; 0 is never.", live=True
    )
    mttr: float = param(0.0, unit="s", ge=0, le=LONGEST, doc="Mean time to repair.", live=True)
    failure_clock: str = param(
        "operating",
        choices=("operating", "calendar"),
        doc="Whether the time to failure runs only during work, or always.",
    )


WORK_COLUMNS: list[tuple[str, Any]] = [
    ("process", SHAPE),
    ("transfer_time", "i8"),
    ("phase", "i8"),
    ("base_part", "i8"),  # part that is worked on, or NONE
]


def load_work(row: Any, params: Work) -> None:
    """Write the shared parameters into a place's row."""
    row.process = duration(params.process_distribution, params.process_time, params.process_spread)
    row.transfer_time = round(params.transfer_time * TICKS_PER_SECOND)
    row.life = duration("exponential", params.mtbf)
    row.repair = duration("exponential", params.mttr)
    row.operating_clock = params.failure_clock == "operating"


def work_problems(params: Work, around: Surroundings) -> Iterator[Problem]:
    """Rules between the shared parameters."""
    if params.mtbf > 0 and params.mttr <= 0:
        rule = "must be > 0 s where twin:mtbf is set"
        yield Problem(f"{around.path} twin:mttr", rule, f"{params.mttr:g}")
    where = f"{around.path} twin:processSpread"
    kind, mean, spread = params.process_distribution, params.process_time, params.process_spread
    yield from time_problems(where, kind, mean, spread)


@compilable_apart
def bring_in(world: World, i: int, slot: int, link: int) -> bool:
    """Let a part come into place `i` over a link; whether it is there at once.

    If not, NEXT goes off when it is.
    """
    place = world.place[i]
    world.part[slot].link = link
    enter_state(world, i, WORKING)
    way = world.link[link]
    ticks = place.transfer_time
    move(world, slot, way.path, 0.0, way.length, ticks, ticks * 1e-6 * RAMP_SHARE)
    if ticks == 0:
        return True
    place.work_start = world.clock[0].now
    place.work_ticks = ticks
    schedule(world, i, NEXT, place.work_start + ticks)
    return False


@compilable_apart
def stop_bringing_in(world: World, i: int, slot: int) -> None:
    """Stop a part on its way into place `i`."""
    place = world.place[i]
    place.work_ticks -= world.clock[0].now - place.work_start
    cancel(world, i, NEXT)
    stay(world, slot)


@compilable_apart
def go_on_bringing_in(world: World, i: int, slot: int) -> None:
    """Let a part that was stopped come on."""
    place = world.place[i]
    enter_state(world, i, WORKING)
    ticks = place.work_ticks
    place.work_start = world.clock[0].now
    schedule(world, i, NEXT, place.work_start + ticks)
    part = world.part[slot]
    way = world.link[part.link]
    ramp = ticks * 1e-6 * RAMP_SHARE
    move(world, slot, part.track, coordinate(world, slot), way.length, ticks, ramp)
