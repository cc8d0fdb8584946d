"""Station: works on one part at a time, alone or with the robots that stand at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable
from twin.core.directory import Surroundings
from twin.core.distribution import time_problems
from twin.core.draw import DISTRIBUTIONS
from twin.core.failure import PROCESS, begin_work, draw, duration, interrupt_work, work_done
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import coordinate, hold_robot, move, run_program, stay
from twin.core.parameters import LONGEST, Params, param
from twin.core.parts import hold, let_go
from twin.core.state import BLOCKED, STARVED, WORKING, enter_state
from twin.core.world import SHAPE, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = [
    "COLUMNS",
    "PARAMS",
    "Station",
    "blocked",
    "gave",
    "halt",
    "load",
    "on_timer",
    "problems",
    "resume",
    "take",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Station(Params):
    """Takes a part in, works on it, and holds it until the next place takes it.

    That is blocking after service.
    With robots, the longest robot program for the part's product comes before the process time.
    """

    process_time: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Mean time of work besides the robots' programs.",
        live=True,
    )
    process_distribution: str = param(
        "constant", choices=DISTRIBUTIONS, doc="How the process time varies around its mean."
    )
    process_spread: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Half width of a uniform process time.", live=True
    )
    transfer_time: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Time to bring a part in from the place before.",
        live=True,
    )
    mtbf: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Mean time between failures; 0 is never.", live=True
    )
    mttr: float = param(0.0, unit="s", ge=0, le=LONGEST, doc="Mean time to repair.", live=True)
    failure_clock: str = param(
        "operating",
        choices=("operating", "calendar"),
        doc="Whether the time to failure runs only while the station works, or always.",
    )
    form: int = param(
        0, ge=0, le=1000, doc="Form that the part has after the work; 0 leaves it as it is."
    )


PARAMS = Station
COLUMNS = [
    ("process", SHAPE),
    ("form", "i8"),
    ("transfer_time", "i8"),
    ("work_total", "i8"),
    ("phase", "i8"),
]

EMPTY, ARRIVING, AT_WORK, DONE = range(4)  # phases
RAMP_SHARE = 0.2  # of the transfer time, to get to full speed


def load(row: Any, params: Station) -> None:
    """Write the parameters into a place's row."""
    row.process = duration(params.process_distribution, params.process_time, params.process_spread)
    row.transfer_time = round(params.transfer_time * TICKS_PER_SECOND)
    row.life = duration("exponential", params.mtbf)
    row.repair = duration("exponential", params.mttr)
    row.operating_clock = params.failure_clock == "operating"
    row.form = params.form
    row.capacity = 1
    row.finishes = 1


@compilable
def take(world: World, i: int, part: int, link: int) -> None:
    """Bring the part in; work begins when it has arrived."""
    place = world.place[i]
    hold(world, i, part)
    world.part[part].link = link
    enter_state(world, i, WORKING)
    way = world.link[link]
    move(world, part, way.path, 0.0, way.length, place.transfer_time, _ramp(place.transfer_time))
    if place.transfer_time > 0:
        place.phase = ARRIVING
        place.work_start = world.clock[0].now
        place.work_ticks = place.transfer_time
        schedule(world, i, NEXT, place.work_start + place.work_ticks)
    else:
        _begin(world, i)


@compilable
def _ramp(ticks: int) -> float:
    return ticks * 1e-6 * RAMP_SHARE


@compilable
def _begin(world: World, i: int) -> None:
    place = world.place[i]
    place.phase = AT_WORK
    ticks = draw(world, i, PROCESS, place.process)
    if place.robot_count > 0:
        ticks += world.product[place.product + world.part[place.first].product].robot_ticks
    place.work_total = ticks
    begin_work(world, i, ticks)
    _run_robots(world, i)


@compilable
def _run_robots(world: World, i: int) -> None:
    """Let the robots go on with their programs from the work done so far."""
    if world.clock[0].motion == 0:
        return
    place = world.place[i]
    done = place.work_total - place.work_ticks
    for robot in range(place.first_robot, place.first_robot + place.robot_count):
        run_program(world, robot, world.part[place.first].product, done)


@compilable
def on_timer(world: World, i: int, timer: int) -> None:
    """The part has arrived, or the work on it is done."""
    place = world.place[i]
    if timer == NEXT:
        _begin(world, i)
        return
    work_done(world, i)
    place.phase = DONE
    if place.form > 0 and world.part[place.first].form != place.form:
        world.part[place.first].form = place.form
        stay(world, place.first)
    place.offer = place.first
    announce(world, i)


@compilable
def blocked(world: World, i: int) -> None:
    """The part that is done can't leave (blocking after service)."""
    enter_state(world, i, BLOCKED)


@compilable
def gave(world: World, i: int, part: int) -> None:
    """Become free for the next part."""
    place = world.place[i]
    let_go(world, i)
    place.phase = EMPTY
    if place.down == 0:
        enter_state(world, i, STARVED)


@compilable
def halt(world: World, i: int) -> None:
    """Stop arriving, or working, where it is; a part that is done stays on offer."""
    place = world.place[i]
    if place.phase == AT_WORK:
        interrupt_work(world, i)
        for robot in range(place.first_robot, place.first_robot + place.robot_count):
            hold_robot(world, robot)
    elif place.phase == ARRIVING:
        place.work_ticks -= world.clock[0].now - place.work_start
        cancel(world, i, NEXT)
        stay(world, place.first)


@compilable
def resume(world: World, i: int) -> None:
    """Go on where it stopped."""
    place = world.place[i]
    if place.phase == AT_WORK:
        enter_state(world, i, WORKING)
        begin_work(world, i, place.work_ticks)
        _run_robots(world, i)
    elif place.phase == ARRIVING:
        enter_state(world, i, WORKING)
        place.work_start = world.clock[0].now
        schedule(world, i, NEXT, place.work_start + place.work_ticks)
        _finish_arrival(world, place.first, place.work_ticks)
    else:
        enter_state(world, i, BLOCKED if place.phase == DONE else STARVED)
        announce(world, i)


@compilable
def _finish_arrival(world: World, slot: int, ticks: int) -> None:
    part = world.part[slot]
    way = world.link[part.link]
    move(world, slot, part.track, coordinate(world, slot), way.length, ticks, _ramp(ticks))


def problems(params: Station, around: Surroundings) -> Iterator[Problem]:
    """Rules between several parameters, or between parameters and products."""
    if params.mtbf > 0 and params.mttr <= 0:
        rule = "must be > 0 s where twin:mtbf is set"
        yield Problem(f"{around.path} twin:mttr", rule, f"{params.mttr:g}")
    where = f"{around.path} twin:processSpread"
    kind, mean, spread = params.process_distribution, params.process_time, params.process_spread
    yield from time_problems(where, kind, mean, spread)
    for name, count in around.forms.items():
        if params.form >= count:
            rule = f"must be below {count}, the number of forms of {name}"
            yield Problem(f"{around.path} twin:form", rule, str(params.form))
