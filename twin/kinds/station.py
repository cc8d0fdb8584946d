"""Station: works on one part at a time, alone, with robots that stand at it, or with operators.

A part comes in, the station gets ready for it (maintenance, then setup), operators come, and the
work begins. Whatever takes time goes on where it stopped when the station has been down. Operators
stay with a station that goes down in the work; a request for them is made anew.

Blocking before service holds the part until a place after the station has room, and only then calls
operators and works; the held part occupies the station (BBS-SO in Perros, "Queueing Networks with
Blocking", 1994). The room is looked at, not reserved: in a line nobody else can take it, but after
a merge, or when the next place goes down meanwhile, the part may wait after the work as well.

A station with nothing but process times takes the short way from the part's arrival to its work;
`extras` tells it from the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable, compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.failure import ITS_PART, PROCESS, begin_work, draw, interrupt_work, work_done
from twin.core.form import Form, form_problems, put_in_form
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import come_over, coordinate, move, stay
from twin.core.parameters import LONGEST, param
from twin.core.parts import hold, let_go, scrap_part
from twin.core.power import Power
from twin.core.preparation import (
    PREPARATION_COLUMNS,
    Preparation,
    keep_preparation,
    load_preparation,
    preparation,
    preparation_problems,
)
from twin.core.quality import (
    QUALITY_COLUMNS,
    Quality,
    keep_quality,
    load_quality,
    passes,
    quality_problems,
)
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
from twin.core.state import BLOCKED, SETUP, STARVED, WAITING_OPERATOR, WORKING, enter_state
from twin.core.worktime import (
    WORK_TIME_COLUMNS,
    WorkTime,
    draw_work,
    keep_work_time,
    load_work_time,
    work_time_problems,
)
from twin.core.world import NONE, ROOM, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = [
    "COLUMNS",
    "PARAMS",
    "Station",
    "blocked",
    "gave",
    "granted",
    "halt",
    "load",
    "on_timer",
    "problems",
    "resolve",
    "resume",
    "starved",
    "take",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Station(Power, Form, Staffing, Quality, Preparation, Reliability, WorkTime):
    """Takes a part in, works on it, and holds it until the next place takes it.

    That is blocking after service. Before service, work begins only when the next place has room.
    With robots, the longest robot program for the part's product comes before the process time.
    """

    transfer_time: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Time to bring a part in from the place before.",
        live=True,
    )
    blocking: str = param(
        "after",
        choices=("after", "before"),
        doc="Whether a part waits for room in the next place after the work, or before it.",
    )


PARAMS = Station
COLUMNS: list[tuple[str, Any]] = [
    *WORK_TIME_COLUMNS,
    *PREPARATION_COLUMNS,
    *QUALITY_COLUMNS,
    *STAFFING_COLUMNS,
    ("form", "i8"),
    ("transfer_time", "i8"),
    ("extras", "i1"),  # 1 if it has more than process times
    ("needs_room", "i8"),  # 1 if it is blocked before service
    ("work_total", "i8"),
    ("phase", "i1"),
]

EMPTY, DONE, READY, ARRIVING, PREPARING, COMING, CALLING, AT_WORK = range(8)  # phases
RAMP_SHARE = 0.2  # of the transfer time, to get to full speed


def load(row: Any, params: Station) -> None:
    """Write the parameters into a place's row."""
    load_work_time(row, params)
    load_reliability(row, params)
    load_preparation(row, params)
    load_quality(row, params)
    load_staffing(row, params)
    row.needs_room = params.blocking == "before"
    row.extras = bool(row.needs_room or params.products or params.workers or params.rework) or (
        max(params.setup_time, params.maintenance_count, params.defects, *params.setup_times, 0) > 0
    )
    row.transfer_time = round(params.transfer_time * TICKS_PER_SECOND)
    row.form = params.form
    row.capacity = 1
    row.finishes = ITS_PART


def resolve(row: Any, params: Station, directory: Directory) -> None:
    """Turn the names of products, pools and exits into numbers."""
    keep_work_time(row, params, directory)
    keep_preparation(row, params, directory)
    keep_quality(row, params, directory)
    keep_staffing(row, params, directory)


@compilable
def take(world: World, i: int, part: int, link: int) -> None:
    """Bring the part in; work begins when it has arrived."""
    place = world.place[i]
    hold(world, i, part)
    world.part[part].link = link
    enter_state(world, i, WORKING)
    come_over(world, part, link, place.transfer_time, _ramp(place.transfer_time))
    if place.transfer_time > 0:
        place.phase = ARRIVING
        _wait(world, i, place.transfer_time)
    else:
        _begin(world, i)


@compilable
def _ramp(ticks: int) -> float:
    return ticks * 1e-6 * RAMP_SHARE


@compilable
def _begin(world: World, i: int) -> None:
    """The part is there: work on it, or get ready for that."""
    place = world.place[i]
    if place.extras != 0:
        _prepare(world, i)
    else:
        _work(world, i, draw(world, i, PROCESS, place.process))


@compilable_apart
def _prepare(world: World, i: int) -> None:
    """Get ready for the part."""
    place = world.place[i]
    ticks = preparation(world, i, world.part[place.first].product)
    if ticks > 0:
        place.phase = PREPARING
        enter_state(world, i, SETUP)
        _wait(world, i, ticks)
    else:
        _look_for_room(world, i)


@compilable_apart
def _look_for_room(world: World, i: int) -> None:
    """Go on when the next place has room, if it may not begin before."""
    place = world.place[i]
    if place.needs_room != 0:
        place.phase = READY
        place.offer = place.first
        place.way = ROOM
        announce(world, i)
    else:
        _call(world, i)


@compilable_apart
def _call(world: World, i: int) -> None:
    """Ask for operators, if the work needs them."""
    place = world.place[i]
    if place.worker_count > 0:
        place.phase = CALLING
        enter_state(world, i, WAITING_OPERATOR)
        request(world, i, place.workers, place.worker_count)
    else:
        _work_on_product(world, i)


@compilable_apart
def granted(world: World, i: int, pool: int) -> None:
    """There is room in the next place, or operators are on their way."""
    place = world.place[i]
    if place.phase == READY:
        _call(world, i)
    elif place.walk > 0:
        place.phase = COMING
        _wait(world, i, place.walk)
    else:
        _work_on_product(world, i)


@compilable_apart
def _work_on_product(world: World, i: int) -> None:
    """All is ready for the part."""
    enter_state(world, i, WORKING)
    _work(world, i, draw_work(world, i, world.place[i].first))


@compilable
def _wait(world: World, i: int, ticks: int) -> None:
    place = world.place[i]
    place.work_start = world.clock[0].now
    place.work_ticks = ticks
    schedule(world, i, NEXT, place.work_start + ticks)


@compilable
def _work(world: World, i: int, ticks: int) -> None:
    place = world.place[i]
    place.phase = AT_WORK
    if place.robot_count > 0:
        ticks += world.product[place.product + world.part[place.first].product].robot_ticks
        place.work_total = ticks
    begin_work(world, i, ticks)
    run_robots(world, i, world.part[place.first].product)


@compilable
def on_timer(world: World, i: int, timer: int) -> None:
    """The part has arrived, a wait is over, or the work is done."""
    place = world.place[i]
    if timer == NEXT:
        if place.phase == ARRIVING:
            _begin(world, i)
        else:
            _go_on(world, i)
        return
    work_done(world, i)
    place.phase = DONE
    if place.form > 0 and world.part[place.first].form != place.form:
        put_in_form(world, place.first, place.form)
    if place.extras != 0 and _is_scrap(world, i):
        return
    place.offer = place.first
    announce(world, i)


@compilable_apart
def _go_on(world: World, i: int) -> None:
    """It is ready for the part, or the operators are there."""
    if world.place[i].phase == PREPARING:
        _look_for_room(world, i)
    else:
        _work_on_product(world, i)


@compilable_apart
def _is_scrap(world: World, i: int) -> bool:
    """Let the operators go, and judge the part: a bad one leaves the plant, or by its own exit."""
    place = world.place[i]
    slot = place.first
    release(world, i)
    if passes(world, i, slot):
        return False
    let_go(world, i)
    place.phase = EMPTY
    enter_state(world, i, STARVED)
    scrap_part(world, i, slot)
    announce(world, i)
    return True


@compilable
def blocked(world: World, i: int) -> None:
    """The part that is done can't leave, or the one that is ready could not."""
    enter_state(world, i, BLOCKED)


@compilable
def gave(world: World, i: int, part: int) -> None:
    """Become free for the next part."""
    place = world.place[i]
    let_go(world, i)
    place.phase = EMPTY


@compilable
def starved(world: World, i: int) -> None:
    """No part is there, and none comes at once."""
    enter_state(world, i, STARVED)


@compilable
def halt(world: World, i: int) -> None:
    """Stop where it is; a part that is done stays on offer."""
    place = world.place[i]
    if place.phase == AT_WORK:
        interrupt_work(world, i)
        brake_robots(world, i)
    elif place.phase == CALLING:
        give_up(world, i)
        announce(world, place.pool)  # somebody behind it may need fewer
    elif place.phase == READY:
        place.offer = NONE
    elif place.phase >= ARRIVING:
        place.work_ticks -= world.clock[0].now - place.work_start
        cancel(world, i, NEXT)
        if place.phase == ARRIVING:
            stay(world, place.first)


@compilable
def resume(world: World, i: int) -> None:
    """Go on where it stopped."""
    place = world.place[i]
    if place.phase == AT_WORK:
        enter_state(world, i, WORKING)
        begin_work(world, i, place.work_ticks)
        restart_robots(world, i)
    elif place.phase == CALLING:
        _call(world, i)
    elif place.phase == READY:
        enter_state(world, i, BLOCKED)
        _look_for_room(world, i)
    elif place.phase >= ARRIVING:
        _wait_again(world, i)
    else:
        enter_state(world, i, BLOCKED if place.phase == DONE else STARVED)
        announce(world, i)


@compilable
def _wait_again(world: World, i: int) -> None:
    """Go on with the arrival, the setup, or the operators' way."""
    place = world.place[i]
    _wait(world, i, place.work_ticks)
    if place.phase == ARRIVING:
        enter_state(world, i, WORKING)
        _finish_arrival(world, place.first, place.work_ticks)
    else:
        enter_state(world, i, SETUP if place.phase == PREPARING else WAITING_OPERATOR)


@compilable
def _finish_arrival(world: World, slot: int, ticks: int) -> None:
    part = world.part[slot]
    way = world.link[part.link]
    move(world, slot, part.track, coordinate(world, slot), way.length, ticks, _ramp(ticks))


def problems(params: Station, around: Surroundings) -> Iterator[Problem]:
    """Rules between several parameters, or between parameters, products and other places."""
    yield from work_time_problems(params, around)
    yield from reliability_problems(params, around)
    yield from preparation_problems(params, around)
    yield from quality_problems(params, around)
    yield from staffing_problems(params, around)
    yield from form_problems(params, around)
    if params.rework and params.blocking == "before":
        where, rule = f"{around.path} twin:blocking", "must be after where twin:rework is given"
        yield Problem(where, rule, "before", "only the work shows which exit needs room")
