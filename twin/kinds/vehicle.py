"""Vehicle: fetches a part at one dock and brings it to another, drives home, and charges.

How it drives is in `twin.core.drive`, what it does where it arrives in `twin.core.task`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.chassis import (
    CHASSIS_COLUMNS,
    Chassis,
    chassis_problems,
    load_chassis,
    place_chassis,
)
from twin.core.compiled import compilable_apart
from twin.core.detour import bar, find_detour, next_lane
from twin.core.directory import Directory, Surroundings
from twin.core.drive import (
    drive_on,
    enter_lane,
    go_through,
    keep_pace,
    on_the_way,
    pass_waypoint,
    set_off,
    stand_still,
)
from twin.core.failure import begin_work, interrupt_work, work_done
from twin.core.gridlock import find_circle, move_circle
from twin.core.heap import NEXT, schedule
from twin.core.motion import coordinate, move, stay
from twin.core.parameters import LONGEST, param, relation
from twin.core.parts import hold, make_part
from twin.core.road import (
    CHARGING,
    DRIVING,
    LEAVING,
    TURNING,
    WAITING,
    hop,
    queue_up,
    reserve,
    step_out,
)
from twin.core.road_map import road_map
from twin.core.task import arrive, draw_handling, finish_task, is_at_work, show_task
from twin.core.world import NONE, World
from twin.errors import Problem, nearest
from twin.units import TICKS_PER_SECOND

__all__ = ["COLUMNS", "PARAMS", "Vehicle", "granted", "halt", "load", "on_timer", "problems"]
__all__ += ["resolve", "resume", "start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle(Chassis):
    """An AMR or AGV: it carries one part at a time for its fleet.

    Below a share of its battery it charges after its job. It works from its call to a part until
    the part is set down, sets up while it drives to a charger and charges, is blocked while it
    stands before a waypoint that it can't have, and starved otherwise.
    """

    takes: ClassVar[bool] = False
    gives: ClassVar[bool] = False

    fleet: tuple[str, ...] = relation(to=("fleet",), most=1, doc="Who sends it.")
    home: tuple[str, ...] = relation(
        to=("waypoint",), most=1, doc="Where it begins, and where it waits without a task."
    )
    range: float = param(
        0.0, unit="m", ge=0, le=1e7, doc="Way on a full battery; 0: it needs no charging."
    )
    charge_below: float = param(
        0.2, unit="1", ge=0, le=1, doc="Share of the battery at which it charges after its job."
    )
    charge_time: float = param(
        1800.0, unit="s", ge=0, le=LONGEST, doc="Time to charge an empty battery in full."
    )
    look: str = param("", doc="Product whose prim shows it; empty: only its load is seen.")


PARAMS = Vehicle
COLUMNS = [
    *CHASSIS_COLUMNS,
    ("fleet", "i8"),
    ("home", "i8"),
    ("task", "i8"),
    ("job_from", "i8"),
    ("job_to", "i8"),
    ("job_part", "i8"),
    ("loaded", "i8"),  # 1 while it holds its load
    ("charger", "i8"),
    ("battery", "i8"),  # um on a full battery, or 0
    ("charge", "i8"),  # um on what is in it
    ("charge_below", "i8"),  # um
    ("charge_time", "i8"),
    ("look", "i8"),  # product that shows it, or NONE
    ("withdrawn", "i8"),  # 1 if it gets no task any more
    ("queued_at", "i8"),  # tick since which it waits for a waypoint
    ("driven_loaded", "i8"),  # um
    ("driven_empty", "i8"),  # um
]
COUNTERS = ("driven_loaded", "driven_empty")


def load(row: Any, params: Vehicle) -> None:
    """Write the parameters into a place's row."""
    row.capacity = 2
    load_chassis(row, params)
    row.battery = row.charge = round(params.range * 1e6)
    row.charge_below = round(params.range * params.charge_below * 1e6)
    row.charge_time = round(params.charge_time * TICKS_PER_SECOND)


def resolve(row: Any, params: Vehicle, directory: Directory) -> None:
    """Find its fleet, its home and what it looks like."""
    row.fleet = directory.row(params.fleet[0])
    row.home = directory.row(params.home[0])
    row.look = directory.product(params.look) if params.look else NONE
    place_chassis(row, params, params.home[0], directory)


@compilable_apart
def start(world: World, i: int) -> None:
    """Stand at home."""
    place = world.place[i]
    home = world.place[place.home]
    home.holder = i
    world.place[home.zone].zone_count += 1
    if place.look >= 0:
        body = make_part(world, i, place.look)
        hold(world, i, body)
        move(world, body, home.path + place.style * home.lane_count, 0.0, 0.0, 0, 0.0)


@compilable_apart
def granted(world: World, i: int, pool: int) -> None:
    """Its fleet has sent it somewhere, or the waypoint that it waits for is its own."""
    place = world.place[i]
    if pool != place.fleet:
        _start(world, i)
    elif place.drive in (DRIVING, TURNING):
        show_task(world, i)
    else:
        if place.drive == WAITING:
            step_out(world, i)
        _depart(world, i)


@compilable_apart
def _depart(world: World, i: int) -> None:
    """Go on from rest: do what it came for, or drive on, or wait for the next waypoint."""
    place = world.place[i]
    if place.at == place.destination:
        arrive(world, i)
        show_task(world, i)
        return
    lane = next_lane(world, i, place.at)
    if reserve(world, i, lane):
        place.lane = lane
        _start(world, i)
        return
    queue_up(world, i, lane)
    show_task(world, i)
    first = find_circle(world, i)
    if first >= 0:
        move_circle(world, first)
        _start_circle(world, first)
    elif world.place[place.fleet].patience > 0:
        schedule(world, i, NEXT, world.clock[0].now + world.place[place.fleet].patience)


@compilable_apart
def _start_circle(world: World, first: int) -> None:
    keep_pace(world, first)
    i = first
    while True:
        _start(world, i)
        i = world.place[i].trail
        if i == first:
            break


@compilable_apart
def _start(world: World, i: int) -> None:
    set_off(world, i)
    show_task(world, i)


@compilable_apart
def _look_round(world: World, i: int) -> None:
    """It has waited for its fleet's patience: go another way, or wait as long again."""
    place = world.place[i]
    if find_detour(world, i, place.at):
        lane = hop(world, i, place.at)
        if reserve(world, i, lane):
            step_out(world, i)
            place.lane = lane
            _start(world, i)
            return
        place.detour = 0
    schedule(world, i, NEXT, world.clock[0].now + world.place[place.fleet].patience)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """A waypoint is reached, or left, or must be reserved; or handling or charging is done."""
    place = world.place[i]
    if timer == NEXT:
        if place.drive == WAITING:
            _look_round(world, i)
        else:
            on_the_way(world, i)
        return
    work_done(world, i)
    if place.drive == TURNING:
        place.heading = world.number[place.lane + LEAVING]
        enter_lane(world, i, 1)
    elif place.drive == DRIVING:
        if pass_waypoint(world, i) and place.down == 0:
            _depart(world, i)
    elif finish_task(world, i):
        _depart(world, i)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop where it is, or behind its lane if it frees a gridlock; it keeps what it holds."""
    place = world.place[i]
    bar(world, place.fleet, 1)
    if go_through(world, i):
        return
    if place.drive == WAITING:
        step_out(world, i)
    elif place.drive in (DRIVING, TURNING):
        stand_still(world, i)
    elif is_at_work(world, i):
        interrupt_work(world, i)
        if place.task != CHARGING:
            stay(world, place.job_part)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Go on where it stopped, or ask for the next waypoint again."""
    place = world.place[i]
    bar(world, place.fleet, -1)
    show_task(world, i)
    if place.drive in (DRIVING, TURNING):
        if place.pace == 0:
            drive_on(world, i)
    elif is_at_work(world, i):
        begin_work(world, i, place.work_ticks)
        if place.task != CHARGING and world.clock[0].motion != 0:
            draw_handling(world, i, coordinate(world, place.job_part))
    else:
        _depart(world, i)


def problems(params: Vehicle, around: Surroundings) -> Iterator[Problem]:
    """It has a fleet, and a home that is its own."""
    if not params.fleet:
        yield Problem(f"{around.path} twin:fleet", "must name who sends it", "nothing")
    if not params.home:
        yield Problem(f"{around.path} twin:home", "must name where it begins", "nothing")
    for home in params.home:
        for path in around.once(road_map).homes[home]:
            if path != around.path:
                rule = f"must be its own: {path} has the same"
                yield Problem(f"{around.path} twin:home", rule, home)
    if params.look and params.look not in around.names:
        where, rule = f"{around.path} twin:look", "must name a product of the plant"
        yield Problem(where, rule, params.look, nearest(params.look, around.names))
    yield from chassis_problems(params, around)
    if params.range > 0.0 and params.charge_below == 0.0:
        yield Problem(f"{around.path} twin:chargeBelow", "must be > 0 where twin:range is", "0")
