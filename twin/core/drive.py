"""Driving: how a vehicle runs along lanes, reserves waypoints ahead, brakes and starts again.

A vehicle reserves the next waypoint when it is its braking distance v^2 / (2 a) before the last one
that it has; if it can't have it, or must turn on the spot there, it stops, and starts again when it
is given. The waypoint behind is free when it has driven its own length, or has reached the next
one. Whoever runs through several lanes shorter than a ramp has the same total time, and all of the
ramp's loss on the first or the last lane.
"""

from twin.core.compiled import compilable, compilable_apart
from twin.core.detour import next_lane
from twin.core.failure import begin_work, interrupt_work
from twin.core.heap import FINISH, NEXT, cancel, schedule
from twin.core.motion import stay
from twin.core.ramps import CREEP, braking_distance, lane_ticks, speed_on_lane, stops_here
from twin.core.road import (
    ARRIVAL,
    CLEAR,
    COMING,
    DRIVING,
    LENGTH,
    STANDING,
    TO,
    TO_LOAD,
    TO_UNLOAD,
    TURNING,
    reserve,
    vacate,
)
from twin.core.steer import along, draw_on_lane, draw_turn, turn_ticks
from twin.core.world import LATER, World

__all__ = ["drive_on", "enter_lane", "go_through", "keep_pace", "on_the_way", "pass_waypoint"]
__all__ += ["set_off", "stand_still"]


@compilable_apart
def set_off(world: World, i: int) -> None:
    """Begin its lane, whose end it has reserved, from rest: turn towards it, and drive."""
    place = world.place[i]
    ticks = turn_ticks(world, i, place.heading, place.lane)
    if place.pace > 0:
        ticks = place.pace_turn
    if ticks == 0:
        enter_lane(world, i, 1)
        return
    place.drive = TURNING
    begin_work(world, i, ticks)
    draw_turn(world, i)


@compilable_apart
def keep_pace(world: World, first: int) -> None:
    """Let the vehicles of a circle, chained by `trail`, turn and drive for the same times.

    They stop at the ends of their lanes. So each is at the same share of its lane at any time.
    """
    turn, pace, known = 0, 0, True
    i = first
    for k in range(3):
        while known:
            place = world.place[i]
            if k == 0:
                known = world.number[place.lane + CLEAR] > 0  # else outlines are not
            elif k == 1:
                place.stopping = place.rest = 1
                turn = max(turn, turn_ticks(world, i, place.heading, place.lane))
                pace = max(pace, lane_ticks(world, i, 1))
            else:
                place.pace = pace
                place.pace_turn = turn
            i = place.trail
            if i == first:
                break


@compilable_apart
def go_through(world: World, i: int) -> bool:
    """Let a vehicle that frees a circle, and is down now, come to the end of its lane; if it is."""
    place = world.place[i]
    if place.pace == 0 or place.drive not in (DRIVING, TURNING):
        return False
    interrupt_work(world, i)
    _end_work(world, i, place.work_ticks)
    return True


@compilable
def _end_work(world: World, i: int, ticks: int) -> None:
    """Let FINISH go off, on no failure clock."""
    world.place[i].work_ticks = 0
    schedule(world, i, FINISH, world.clock[0].now + ticks)


@compilable_apart
def enter_lane(world: World, i: int, rest: int) -> None:
    """Begin its lane, whose end it has reserved, from rest or at full speed."""
    place = world.place[i]
    speed = speed_on_lane(world, i)
    lag = braking_distance(world, i, speed) / speed if rest != 0 else 0.0
    place.drive = DRIVING
    place.tail = 1
    place.rest = rest
    place.run_from = world.clock[0].now + round(lag)
    _look_ahead(world, i)
    if place.vehicle_length == 0.0:
        vacate(world, i)
    ticks = place.pace if place.pace > 0 else lane_ticks(world, i, stops_here(world, i))
    begin_work(world, i, ticks)
    draw_on_lane(world, i, 0.0, ticks)
    if place.down != 0:
        go_through(world, i)
    _await_next(world, i)


@compilable_apart
def _look_ahead(world: World, i: int) -> None:
    """Reserve waypoints until the last is beyond the braking distance, or stop at the last."""
    place = world.place[i]
    place.decide_at = LATER
    speed = speed_on_lane(world, i)
    braking = braking_distance(world, i, speed)
    if place.creep_speed > 0.0 and place.task in (TO_LOAD, TO_UNLOAD):
        braking += CREEP
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
    lane = next_lane(world, i, place.front)
    if place.turn_speed > 0.0:
        coming = world.number[place.front_lane + COMING]
        if turn_ticks(world, i, coming, lane) > 0:
            return False
    return reserve(world, i, lane)


@compilable
def _await_next(world: World, i: int) -> None:
    """Let NEXT go off when its tail leaves a waypoint, or when it must brake or reserve."""
    place = world.place[i]
    tick = min(place.clear_at, place.decide_at)
    if tick < LATER:
        schedule(world, i, NEXT, tick)


@compilable_apart
def on_the_way(world: World, i: int) -> None:
    """Its tail has left the waypoint behind, or it must brake or reserve the next one."""
    place = world.place[i]
    now = world.clock[0].now
    if place.clear_at <= now:
        place.clear_at = LATER
        vacate(world, i)
    if place.decide_at <= now:
        before = stops_here(world, i)
        _look_ahead(world, i)
        if stops_here(world, i) != before:
            _brake(world, i)
    _await_next(world, i)


@compilable_apart
def _brake(world: World, i: int) -> None:
    """It stops at the end of its lane after all, and so is there later."""
    place = world.place[i]
    later = lane_ticks(world, i, 1) - lane_ticks(world, i, 0)
    if later == 0:
        return
    here = along(world, i)
    interrupt_work(world, i)
    begin_work(world, i, place.work_ticks + later)
    draw_on_lane(world, i, here, place.work_ticks)


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
    place.heading = world.number[place.lane + COMING]
    place.arrival = world.number[place.lane + ARRIVAL]
    place.reserved -= length
    if place.battery > 0:
        place.charge -= length
    if place.loaded != 0:
        place.driven_loaded += length
    else:
        place.driven_empty += length
    if place.front == place.at and (place.stopping != 0 or not _extend(world, i)):
        place.stopping = place.pace = 0
        place.drive = STANDING
        return True
    place.lane = world.place[place.at].onward
    enter_lane(world, i, 0)
    return False


@compilable_apart
def stand_still(world: World, i: int) -> None:
    """Stop where it is; what it has reserved it keeps."""
    place = world.place[i]
    place.halted_at = world.clock[0].now
    if place.drive == DRIVING:
        place.drawn_from = along(world, i)
        if place.clear_at < LATER or place.decide_at < LATER:
            cancel(world, i, NEXT)
    interrupt_work(world, i)
    slot = place.first
    for _ in range(place.count):
        stay(world, slot)
        slot = world.part[slot].next


@compilable_apart
def drive_on(world: World, i: int) -> None:
    """Go on from where it stood still."""
    place = world.place[i]
    begin_work(world, i, place.work_ticks)
    if place.drive == TURNING:
        draw_turn(world, i)
        return
    pause = world.clock[0].now - place.halted_at
    place.run_from += pause
    if place.decide_at < LATER:
        place.decide_at += pause
    draw_on_lane(world, i, place.drawn_from, place.work_ticks)
    _await_next(world, i)
