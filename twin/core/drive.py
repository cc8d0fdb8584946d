"""Driving: how a vehicle runs along lanes, reserves waypoints ahead, brakes and starts again.

On a lane it drives at the lower of its own and the lane's speed v, which it takes on at the
waypoint at once. A start from rest and a stop to rest take v / (2 a) more each, as with constant
acceleration a; a start and a stop on one lane shorter than v^2 / a take 2 sqrt(length / a).
Whoever runs through several lanes shorter than the ramp has the same total time, and all of the
ramp's loss on the first or the last lane. It is drawn with ramps where it starts and stops on one
lane, and elsewhere at the mean speed of the lane.

A vehicle reserves the next waypoint when it is its braking distance v^2 / (2 a) before the last one
that it has; if it can't have it, it stops there, and starts again when it is given. The waypoint
behind is free when it has driven its own length, or has reached the next one.
"""

from math import sqrt

from twin.core.compiled import compilable, compilable_apart
from twin.core.failure import begin_work, interrupt_work
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import coordinate, move, stay
from twin.core.road import (
    DRIVING,
    LENGTH,
    NUMBER,
    SPEED,
    STANDING,
    TO,
    hop,
    reserve,
    vacate,
)
from twin.core.world import LATER, World

__all__ = ["drive_on", "enter_lane", "on_the_way", "pass_waypoint", "stand_still"]


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
def enter_lane(world: World, i: int, rest: int) -> None:
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
def on_the_way(world: World, i: int) -> None:
    """Its tail has left the waypoint behind, or it must brake or reserve the next one."""
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
def pass_waypoint(world: World, i: int) -> bool:
    """The end of its lane is reached: go on, or come to rest; returns whether it rests."""
    place = world.place[i]
    length = world.number[place.lane + LENGTH]
    if place.clear_at < LATER or place.decide_at < LATER:
        cancel(world, i, NEXT)
    if place.tail != 0:
        vacate(world, i)
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
        return True
    place.lane = world.place[place.at].onward
    enter_lane(world, i, 0)
    return False


@compilable_apart
def stand_still(world: World, i: int) -> None:
    """Stop where it is on its lane; what it has reserved it keeps."""
    place = world.place[i]
    place.halted_at = world.clock[0].now
    interrupt_work(world, i)
    if place.clear_at < LATER or place.decide_at < LATER:
        cancel(world, i, NEXT)
    slot = place.first
    for _ in range(place.count):
        stay(world, slot)
        slot = world.part[slot].next


@compilable_apart
def drive_on(world: World, i: int) -> None:
    """Go on from where it stood still."""
    place = world.place[i]
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
