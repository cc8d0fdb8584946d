"""Work on one part at a time, the base: how an assembler and a disassembler do it.

The base is brought in over the transfer time, along the link's path, while the place counts as
working. It may wait for other parts. Then operators are called, if the work needs them, and the
work begins: the longest robot program for the base's product, and the process time. Whatever takes
time goes on where it stopped when the place has been down; a request for operators is made anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.failure import begin_work, interrupt_work, work_done
from twin.core.form import Form, form_problems, put_in_form
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import come_over, coordinate, move, stay
from twin.core.parameters import LONGEST, param
from twin.core.power import Power
from twin.core.reliability import Reliability, load_reliability, reliability_problems
from twin.core.resource import give_up, release, request
from twin.core.robot import brake_robots, restart_robots, run_robots
from twin.core.staffing import (
    STAFFING_COLUMNS,
    Staffing,
    keep_staffing,
    load_staffing,
    staffing_problems,
)
from twin.core.state import (
    BLOCKED,
    STARVED,
    WAITING_OPERATOR,
    WAITING_PART,
    WORKING,
    enter_state,
)
from twin.core.worktime import (
    WORK_TIME_COLUMNS,
    WorkTime,
    draw_work,
    keep_work_time,
    load_work_time,
    work_time_problems,
)
from twin.core.world import NONE, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["ARRIVING", "AT_WORK", "DONE", "EMPTY", "RAMP_SHARE", "WAITING", "WORK_COLUMNS", "Work"]
__all__ += ["bring_in", "finish_work", "halt_work", "keep_work", "load_work", "resume_work"]
__all__ += ["start_work", "work_problems", "work_with_operators"]

EMPTY, DONE, WAITING, CALLING, ARRIVING, COMING, AT_WORK = range(7)  # phases
RAMP_SHARE = 0.2  # of the transfer time, to get to full speed


@dataclass(frozen=True, kw_only=True)
class Work(Power, Form, Staffing, Reliability, WorkTime):
    """What every kind has that brings a base in and works on it, alone or with operators."""

    transfer_time: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Time to bring the base in from the place before.",
        live=True,
    )
    component_form: int = param(
        0,
        ge=0,
        le=1000,
        doc="Form of components once they are built in or taken off; 0 leaves it as it is.",
    )


WORK_COLUMNS: list[tuple[str, Any]] = [
    *WORK_TIME_COLUMNS,
    *STAFFING_COLUMNS,
    ("form", "i8"),
    ("component_form", "i8"),
    ("transfer_time", "i8"),
    ("phase", "i1"),
    ("work_total", "i8"),
    ("base_part", "i8"),  # part that is worked on, or NONE
]


def load_work(row: Any, params: Work) -> None:
    """Write the shared parameters into a place's row."""
    load_work_time(row, params)
    load_reliability(row, params)
    load_staffing(row, params)
    row.form = params.form
    row.component_form = params.component_form
    row.transfer_time = round(params.transfer_time * TICKS_PER_SECOND)


def keep_work(row: Any, params: Work, directory: Directory) -> None:
    """Turn the names of products and pools into numbers."""
    keep_work_time(row, params, directory)
    keep_staffing(row, params, directory)
    row.base_part = NONE


def work_problems(params: Work, around: Surroundings, bases: tuple[str, ...]) -> Iterator[Problem]:
    """Rules between the shared parameters, for a place that works on these products."""
    yield from work_time_problems(params, around)
    yield from reliability_problems(params, around)
    yield from staffing_problems(params, around)
    yield from form_problems(params, around, bases)


@compilable_apart
def bring_in(world: World, i: int, slot: int, link: int) -> bool:
    """Let a base come into place `i` over a link; whether it is there at once.

    If not, NEXT goes off when it is.
    """
    place = world.place[i]
    place.base_part = slot
    place.phase = ARRIVING
    world.part[slot].link = link
    enter_state(world, i, WORKING)
    ticks = place.transfer_time
    come_over(world, slot, link, ticks, ticks * 1e-6 * RAMP_SHARE)
    if ticks > 0:
        _wait(world, i, ticks)
    return ticks == 0


@compilable_apart
def _wait(world: World, i: int, ticks: int) -> None:
    place = world.place[i]
    place.work_start = world.clock[0].now
    place.work_ticks = ticks
    schedule(world, i, NEXT, place.work_start + ticks)


@compilable_apart
def start_work(world: World, i: int) -> None:
    """All parts are there: call operators, if the work needs them, and begin."""
    place = world.place[i]
    if place.worker_count > 0:
        place.phase = CALLING
        enter_state(world, i, WAITING_OPERATOR)
        request(world, i, place.workers, place.worker_count)
    else:
        _begin(world, i)


@compilable_apart
def work_with_operators(world: World, i: int) -> None:
    """Operators are on their way, or, when NEXT has gone off, here."""
    place = world.place[i]
    if place.phase == CALLING and place.walk > 0:
        place.phase = COMING
        _wait(world, i, place.walk)
    else:
        _begin(world, i)


@compilable_apart
def _begin(world: World, i: int) -> None:
    place = world.place[i]
    place.phase = AT_WORK
    enter_state(world, i, WORKING)
    ticks = draw_work(world, i, place.base_part)
    if place.robot_count > 0:
        product = world.part[place.base_part].product
        ticks += world.product[place.product + product].robot_ticks
    place.work_total = ticks
    begin_work(world, i, ticks)
    run_robots(world, i, world.part[place.base_part].product)


@compilable_apart
def finish_work(world: World, i: int) -> None:
    """The work is done: operators go, and the base has its form."""
    place = world.place[i]
    work_done(world, i)
    release(world, i)
    place.phase = DONE
    put_in_form(world, place.base_part, place.form)


@compilable_apart
def halt_work(world: World, i: int) -> None:
    """Stop where it is; what is on offer stays on offer."""
    place = world.place[i]
    if place.phase == AT_WORK:
        interrupt_work(world, i)
        brake_robots(world, i)
    elif place.phase == CALLING:
        give_up(world, i)
    elif place.phase >= ARRIVING:
        place.work_ticks -= world.clock[0].now - place.work_start
        cancel(world, i, NEXT)
        if place.phase == ARRIVING:
            stay(world, place.base_part)


@compilable_apart
def resume_work(world: World, i: int) -> None:
    """Go on where it stopped."""
    place = world.place[i]
    if place.phase == AT_WORK:
        enter_state(world, i, WORKING)
        begin_work(world, i, place.work_ticks)
        restart_robots(world, i)
    elif place.phase == CALLING:
        start_work(world, i)
    elif place.phase >= ARRIVING:
        _wait(world, i, place.work_ticks)
        enter_state(world, i, WORKING if place.phase == ARRIVING else WAITING_OPERATOR)
        if place.phase == ARRIVING:
            _come_on(world, place.base_part, place.work_ticks)
    elif place.phase == WAITING:
        enter_state(world, i, WAITING_PART)
    else:
        enter_state(world, i, BLOCKED if place.phase == DONE else STARVED)
    announce(world, i)


@compilable_apart
def _come_on(world: World, slot: int, ticks: int) -> None:
    """Let a base that was stopped come on."""
    part = world.part[slot]
    way = world.link[part.link]
    at, ramp = coordinate(world, slot), ticks * 1e-6 * RAMP_SHARE
    move(world, slot, part.track, at, way.length, ticks, ramp)
