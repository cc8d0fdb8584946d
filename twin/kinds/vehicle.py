"""Vehicle: drives from waypoint to waypoint, carries a part from dock to dock, and charges.

On a lane it drives at the lower of its own and the lane's speed v, which it takes on at the
waypoint at once. A start from rest and a stop to rest take v / (2 a) more each, as with constant
acceleration a; a stop and a start on one lane shorter than v^2 / a take 2 sqrt(length / a).
It reserves the next waypoint when it is its braking distance v^2 / (2 a) before the last one that
it has; if it can't have it, it stops there and starts again when it is given. The waypoint behind
is free when it has driven its own length, or has reached the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any, ClassVar

from twin.core.agenda import announce
from twin.core.compiled import compilable, compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.failure import begin_work, interrupt_work, work_done
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import coordinate, move, stay
from twin.core.parameters import LONGEST, Params, param, relation
from twin.core.parts import hold, make_part
from twin.core.road import (
    DRIVING,
    LENGTH,
    NUMBER,
    SPEED,
    STANDING,
    TO,
    WAITING,
    find_circle,
    hop,
    move_circle,
    queue_up,
    reserve,
    step_out,
    vacate,
)
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
        _enter_lane(world, i, 1)
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
        _enter_lane(world, i, 1)
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
        _enter_lane(world, i, 1)
        i = world.place[i].trail
        if i == first:
            break


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


@compilable
def _speed(world: World, i: int) -> float:
    """Speed on its lane [um/tick]."""
    limit = world.number[world.place[i].lane + SPEED]
    speed = world.place[i].speed
    return min(speed, limit * 1e-6) if limit > 0 else speed


@compilable
def _braking(world: World, i: int, speed: float) -> float:
    """Braking distance [um]."""
    acceleration = world.place[i].acceleration
    return 0.5 * speed * speed / acceleration * 1e6 if acceleration > 0.0 else 0.0


@compilable
def _lane_ticks(world: World, i: int, stops: int) -> int:
    """Time on its lane, from where it began it."""
    place = world.place[i]
    length = float(world.number[place.lane + LENGTH])
    speed = _speed(world, i)
    ticks = length / speed
    ramps = place.rest + stops
    if place.acceleration > 0.0 and ramps > 0:
        ramp = speed / place.acceleration * 1e6
        if ramps == 2 and length < speed * ramp:
            return round(2.0 * sqrt(length / place.acceleration * 1e6))
        ticks += 0.5 * ramps * ramp
    return round(ticks)


@compilable
def _stops_here(world: World, i: int) -> int:
    """1 if it will stop at the end of its lane."""
    place = world.place[i]
    return 1 if place.stopping != 0 and place.front == world.number[place.lane + TO] else 0


@compilable_apart
def _enter_lane(world: World, i: int, rest: int) -> None:
    """Begin its lane, whose end it has reserved, from rest or at full speed."""
    place = world.place[i]
    speed = _speed(world, i)
    lag = _braking(world, i, speed) / speed if rest != 0 else 0.0
    place.drive = DRIVING
    place.tail = 1
    place.rest = rest
    place.run_from = world.clock[0].now + round(lag)
    _look_ahead(world, i)
    place.clear_at = LATER
    if place.vehicle_length == 0.0:
        vacate(world, i)
    elif place.vehicle_length < world.number[place.lane + LENGTH]:
        place.clear_at = place.run_from + round(place.vehicle_length / speed)
    _show(world, i)
    begin_work(world, i, _lane_ticks(world, i, _stops_here(world, i)))
    _await_next(world, i)
    _move_on(world, i, 0.0)


@compilable_apart
def _look_ahead(world: World, i: int) -> None:
    """Reserve waypoints until the last is beyond the braking distance, or stop at the last."""
    place = world.place[i]
    place.decide_at = LATER
    speed = _speed(world, i)
    braking = _braking(world, i, speed)
    gone = max(0.0, (world.clock[0].now - place.run_from) * speed)
    while place.stopping == 0:
        ahead = place.reserved - braking
        if ahead - gone > speed:  # by more than a tick
            if ahead < world.number[place.lane + LENGTH]:
                place.decide_at = place.run_from + round(ahead / speed)
            return
        if not _extend(world, i):
            place.stopping = 1


@compilable
def _extend(world: World, i: int) -> bool:
    """Reserve the next waypoint on the way, if there is one, and it can be had."""
    place = world.place[i]
    if place.front == place.destination:
        return False
    return reserve(world, i, hop(world, place.fleet, place.front, place.destination))


@compilable
def _await_next(world: World, i: int) -> None:
    """Let NEXT go off when its tail leaves a waypoint, or when it must brake or reserve."""
    place = world.place[i]
    tick = min(place.clear_at, place.decide_at)
    if tick < LATER:
        schedule(world, i, NEXT, tick)


@compilable_apart
def _move_on(world: World, i: int, start: float) -> None:
    """Show it and its load on the way to the end of its lane."""
    if world.clock[0].motion == 0:
        return
    place = world.place[i]
    length = world.number[place.lane + LENGTH] * 1e-6
    ramp = 0.0
    ramps = place.rest + _stops_here(world, i)
    if start == 0.0 and ramps == 2 and place.acceleration > 0.0:
        ramp = min(place.work_ticks * 0.5e-6, _speed(world, i) / place.acceleration)
    path = world.place[place.at].path + world.number[place.lane + NUMBER]
    slot = place.first
    for _ in range(place.count):
        move(world, slot, path, start, length, place.work_ticks, ramp)
        slot = world.part[slot].next


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """A waypoint is reached, or left, or must be reserved; or handling or charging is done."""
    place = world.place[i]
    if timer == NEXT:
        _on_the_way(world, i)
        return
    work_done(world, i)
    if place.drive == DRIVING:
        _pass_waypoint(world, i)
    elif place.task == LOADING:
        pick_up(world, i)
        place.task = TO_UNLOAD
        place.destination = world.place[place.job_to].waypoint
        _depart(world, i)
    elif place.task == UNLOADING:
        set_down(world, i)
        _become_idle(world, i)
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
def _on_the_way(world: World, i: int) -> None:
    place = world.place[i]
    now = world.clock[0].now
    if place.clear_at <= now:
        place.clear_at = LATER
        vacate(world, i)
    if place.decide_at <= now:
        before = _stops_here(world, i)
        _look_ahead(world, i)
        if _stops_here(world, i) != before:
            _brake(world, i)
    _await_next(world, i)


@compilable_apart
def _brake(world: World, i: int) -> None:
    """It stops at the end of its lane after all, and so is there later."""
    place = world.place[i]
    later = _lane_ticks(world, i, 1) - _lane_ticks(world, i, 0)
    if later == 0:
        return
    interrupt_work(world, i)
    begin_work(world, i, place.work_ticks + later)
    if place.count > 0 and world.clock[0].motion != 0:
        _move_on(world, i, coordinate(world, place.first))


@compilable_apart
def _pass_waypoint(world: World, i: int) -> None:
    """The end of its lane is reached."""
    place = world.place[i]
    length = world.number[place.lane + LENGTH]
    if place.clear_at < LATER or place.decide_at < LATER:
        cancel(world, i, NEXT)
        place.decide_at = LATER
    if place.tail != 0:
        vacate(world, i)
    place.clear_at = LATER
    place.at = world.number[place.lane + TO]
    place.reserved -= length
    if place.battery > 0:
        place.charge -= length
    if place.loaded != 0:
        place.driven_loaded += length
    else:
        place.driven_empty += length
    if place.front == place.at and (place.stopping != 0 or not _extend(world, i)):
        place.stopping = 0
        place.drive = STANDING
        _depart(world, i)
    else:
        place.lane = world.place[place.at].onward
        _enter_lane(world, i, 0)


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
    place.halted_at = world.clock[0].now
    if place.drive == WAITING:
        step_out(world, i)
    elif place.drive == DRIVING:
        interrupt_work(world, i)
        if place.clear_at < LATER or place.decide_at < LATER:
            cancel(world, i, NEXT)
        _stay(world, i)
    elif _at_work(world, i):
        interrupt_work(world, i)
        if place.task != CHARGING:
            stay(world, place.job_part)


@compilable_apart
def _at_work(world: World, i: int) -> bool:
    task = world.place[i].task
    return task in (LOADING, UNLOADING, CHARGING)


@compilable_apart
def _stay(world: World, i: int) -> None:
    slot = world.place[i].first
    for _ in range(world.place[i].count):
        stay(world, slot)
        slot = world.part[slot].next


@compilable_apart
def resume(world: World, i: int) -> None:
    """Go on where it stopped, or ask for the next waypoint again."""
    place = world.place[i]
    _show(world, i)
    if place.drive == DRIVING:
        pause = world.clock[0].now - place.halted_at
        place.run_from += pause
        if place.clear_at < LATER:
            place.clear_at += pause
        if place.decide_at < LATER:
            place.decide_at += pause
        begin_work(world, i, place.work_ticks)
        _await_next(world, i)
        if place.count > 0 and world.clock[0].motion != 0:
            _move_on(world, i, coordinate(world, place.first))
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
