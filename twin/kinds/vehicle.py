"""Vehicle: fetches a part at one dock and brings it to another, drives home, and charges.

How it drives is in `twin.core.drive`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.drive import drive_on, enter_lane, on_the_way, pass_waypoint, stand_still
from twin.core.failure import begin_work, interrupt_work, work_done
from twin.core.gridlock import find_circle, move_circle
from twin.core.heap import NEXT
from twin.core.motion import coordinate, move, stay
from twin.core.parameters import LONGEST, Params, param, relation
from twin.core.parts import hold, make_part
from twin.core.road import DRIVING, WAITING, hop, queue_up, reserve, step_out
from twin.core.state import BLOCKED, SETUP, STARVED, WORKING, enter_state
from twin.core.transport import pick_up, set_down
from twin.core.world import LATER, NONE, World
from twin.errors import Problem, nearest
from twin.units import TICKS_PER_SECOND

__all__ = ["COLUMNS", "PARAMS", "Vehicle", "granted", "halt", "load", "on_timer", "problems"]
__all__ += ["resolve", "resume", "start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle(Params):
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
    speed: float = param(1.5, unit="m/s", gt=0, le=100, doc="Speed on lanes without a lower limit.")
    acceleration: float = param(
        0.0, unit="m/s2", ge=0, le=100, doc="Of starts and stops; 0: they take no time."
    )
    length: float = param(
        0.0, unit="m", ge=0, le=100, doc="How far it must leave a waypoint to give it free."
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
    ("fleet", "i8"),
    ("home", "i8"),
    ("task", "i8"),
    ("drive", "i8"),
    ("at", "i8"),  # waypoint that it stands at, or has passed last
    ("front", "i8"),  # last waypoint that it has reserved
    ("destination", "i8"),
    ("lane", "i8"),  # that it drives on, or waits for
    ("stopping", "i8"),  # 1 if it will stop at its front
    ("reserved", "i8"),  # from `at` to its front [um]
    ("tail", "i8"),  # 1 until it has left `at`
    ("rest", "i8"),  # 1 if it began its lane from rest
    ("run_from", "i8"),  # tick at which it would have begun its lane at full speed
    ("clear_at", "i8"),  # tick at which its tail leaves `at`; LATER: with its lane
    ("decide_at", "i8"),  # tick at which it must brake or reserve; LATER for none on this lane
    ("halted_at", "i8"),
    ("next_waiting", "i8"),
    ("job_from", "i8"),
    ("job_to", "i8"),
    ("job_part", "i8"),
    ("loaded", "i8"),  # 1 while it holds its load
    ("charger", "i8"),
    ("speed", "f8"),  # m/s, which is um per tick
    ("acceleration", "f8"),
    ("vehicle_length", "f8"),  # um
    ("battery", "i8"),  # um on a full battery, or 0
    ("charge", "i8"),  # um on what is in it
    ("charge_below", "i8"),  # um
    ("charge_time", "i8"),
    ("look", "i8"),  # product that shows it, or NONE
    ("driven_loaded", "i8"),  # um
    ("driven_empty", "i8"),  # um
]
COUNTERS = ("driven_loaded", "driven_empty")

IDLE, TO_LOAD, LOADING, TO_UNLOAD, UNLOADING, TO_CHARGER, CHARGING = range(7)  # tasks


def load(row: Any, params: Vehicle) -> None:
    """Write the parameters into a place's row."""
    row.capacity = 2
    row.speed = params.speed
    row.acceleration = params.acceleration
    row.vehicle_length = params.length * 1e6
    row.battery = row.charge = round(params.range * 1e6)
    row.charge_below = round(params.range * params.charge_below * 1e6)
    row.charge_time = round(params.charge_time * TICKS_PER_SECOND)
    row.clear_at = row.decide_at = LATER
    row.next_waiting = NONE


def resolve(row: Any, params: Vehicle, directory: Directory) -> None:
    """Find its fleet, its home and what it looks like."""
    row.fleet = directory.row(params.fleet[0])
    row.home = row.at = row.front = row.destination = directory.row(params.home[0])
    row.look = directory.product(params.look) if params.look else NONE


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
        move(world, body, home.path, 0.0, 0.0, 0, 0.0)


@compilable_apart
def granted(world: World, i: int, pool: int) -> None:
    """Its fleet has sent it somewhere, or the waypoint that it waits for is its own."""
    place = world.place[i]
    if pool != place.fleet:
        _start(world, i)
    elif place.drive == DRIVING:
        _show(world, i)
    else:
        if place.drive == WAITING:
            step_out(world, i)
        _depart(world, i)


@compilable_apart
def _depart(world: World, i: int) -> None:
    """Go on from rest: do what it came for, or drive on, or wait for the next waypoint."""
    place = world.place[i]
    if place.at == place.destination:
        _arrive(world, i)
        _show(world, i)
        return
    lane = hop(world, place.fleet, place.at, place.destination)
    if reserve(world, i, lane):
        place.lane = lane
        _start(world, i)
        return
    queue_up(world, i, lane)
    _show(world, i)
    first = find_circle(world, i)
    if first >= 0:
        move_circle(world, first)
        _start_circle(world, first)


@compilable_apart
def _start_circle(world: World, first: int) -> None:
    i = first
    while True:
        _start(world, i)
        i = world.place[i].trail
        if i == first:
            break


@compilable_apart
def _start(world: World, i: int) -> None:
    enter_lane(world, i, 1)
    _show(world, i)


@compilable_apart
def _show(world: World, i: int) -> None:
    """Enter the state that its task and its drive are."""
    place = world.place[i]
    if place.down != 0:
        return
    state = WORKING
    if place.task == IDLE:
        state = STARVED
    elif place.drive == WAITING:
        state = BLOCKED
    elif place.task >= TO_CHARGER:
        state = SETUP
    enter_state(world, i, state)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """A waypoint is reached, or left, or must be reserved; or handling or charging is done."""
    place = world.place[i]
    if timer == NEXT:
        on_the_way(world, i)
        return
    work_done(world, i)
    if place.drive == DRIVING:
        if pass_waypoint(world, i):
            _depart(world, i)
    elif place.task == LOADING:
        pick_up(world, i)
        place.task = TO_UNLOAD
        place.destination = world.place[place.job_to].waypoint
        _depart(world, i)
    elif place.task == UNLOADING:
        _become_idle(world, i)
        set_down(world, i)
    elif place.task == CHARGING:
        place.charge = place.battery
        world.place[place.charger].charging = NONE
        _become_idle(world, i)


@compilable_apart
def _become_idle(world: World, i: int) -> None:
    place = world.place[i]
    place.task = IDLE
    world.place[place.fleet].idle += 1
    _show(world, i)
    announce(world, place.fleet)


@compilable_apart
def _arrive(world: World, i: int) -> None:
    """Begin what it came for."""
    place = world.place[i]
    if place.task == TO_LOAD:
        place.task = LOADING
        begin_work(world, i, world.place[place.job_from].handling_time)
        _handle(world, i, 0.0)
    elif place.task == TO_UNLOAD:
        place.task = UNLOADING
        begin_work(world, i, world.place[place.job_to].handling_time)
        _handle(world, i, 0.0)
    elif place.task == TO_CHARGER:
        place.task = CHARGING
        missing = (place.battery - place.charge) / place.battery
        begin_work(world, i, round(missing * place.charge_time))
    else:
        announce(world, place.fleet)


@compilable_apart
def _handle(world: World, i: int, start: float) -> None:
    """Show its load on the way between dock and vehicle."""
    place = world.place[i]
    dock = world.place[place.job_from if place.task == LOADING else place.job_to]
    path = dock.path if place.task == LOADING else dock.path + 1
    move(world, place.job_part, path, start, dock.reach, place.work_ticks, 0.0)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop where it is; what it has reserved it keeps."""
    place = world.place[i]
    if place.drive == WAITING:
        step_out(world, i)
    elif place.drive == DRIVING:
        stand_still(world, i)
    elif _at_work(world, i):
        interrupt_work(world, i)
        if place.task != CHARGING:
            stay(world, place.job_part)


@compilable_apart
def _at_work(world: World, i: int) -> bool:
    task = world.place[i].task
    return task in (LOADING, UNLOADING, CHARGING)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Go on where it stopped, or ask for the next waypoint again."""
    place = world.place[i]
    _show(world, i)
    if place.drive == DRIVING:
        drive_on(world, i)
    elif _at_work(world, i):
        begin_work(world, i, place.work_ticks)
        if place.task != CHARGING and world.clock[0].motion != 0:
            _handle(world, i, coordinate(world, place.job_part))
    elif place.at != place.destination:
        _depart(world, i)
    else:
        announce(world, place.fleet)


def problems(params: Vehicle, around: Surroundings) -> Iterator[Problem]:
    """It has a fleet, and a home that is its own."""
    if not params.fleet:
        yield Problem(f"{around.path} twin:fleet", "must name who sends it", "nothing")
    if not params.home:
        yield Problem(f"{around.path} twin:home", "must name where it begins", "nothing")
    for path, each in around.params.items():
        if path != around.path and set(params.home) & set(getattr(each, "home", ())):
            rule = f"must be its own: {path} has the same"
            yield Problem(f"{around.path} twin:home", rule, params.home[0])
    if params.look and params.look not in around.names:
        where, rule = f"{around.path} twin:look", "must name a product of the plant"
        yield Problem(where, rule, params.look, nearest(params.look, around.names))
    if params.range > 0.0 and params.charge_below == 0.0:
        yield Problem(f"{around.path} twin:chargeBelow", "must be > 0 where twin:range is", "0")
