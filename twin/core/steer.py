"""Steering: how a vehicle turns on the spot, and how it is shown on its lane.

A vehicle with differential drive looks along its lane. Where its next lane leaves in another
direction it stops at the waypoint, and turns at its turn speed; half a degree it takes on the way.
With a turn speed of 0 turning takes no time, and it drives on at once. A vehicle with
omnidirectional drive never turns, and drives any lane as it stands.

On a lane it is drawn with a ramp where it starts from rest, and with both where it also knows that
it will stop there; where it brakes later, at the mean speed of what is left of the lane.
"""

from twin.core.compiled import compilable, compilable_apart
from twin.core.motion import fraction, move
from twin.core.ramps import speed_on_lane, stops_here
from twin.core.road import CLEAR, LEAVING, LENGTH, NUMBER
from twin.core.world import LATER, World

__all__ = [
    "FULL_TURN",
    "along",
    "dock_path",
    "draw_on_lane",
    "draw_turn",
    "turn_from",
    "turn_ticks",
]

FULL_TURN = 6_283_185  # urad
STRAIGHT = 8_727  # urad


@compilable
def turn_from(heading: int, lane_heading: int) -> int:
    """The shorter turn from one heading to another [urad]."""
    turn = (lane_heading - heading) % FULL_TURN
    return turn - FULL_TURN if turn > FULL_TURN // 2 else turn


@compilable
def turn_ticks(world: World, i: int, heading: int, lane: int) -> int:
    """How long vehicle `i` turns on the spot from a heading before it can take a lane."""
    place = world.place[i]
    if place.turn_speed == 0.0:
        return 0
    turn = abs(turn_from(heading, world.number[lane + LEAVING]))
    return round(turn / place.turn_speed) if turn > STRAIGHT else 0


@compilable_apart
def draw_turn(world: World, i: int) -> None:
    """Show vehicle `i` and its load turning on the spot, with `work_ticks` of it left."""
    place = world.place[i]
    if world.clock[0].motion == 0 or place.turn_speed == 0.0:
        return
    turn = turn_from(place.heading, world.number[place.lane + LEAVING])
    end = (place.heading + turn) * 1e-6
    left = abs(turn) * 1e-6 if place.pace > 0 else place.work_ticks * place.turn_speed * 1e-6
    start = end - left if turn > 0 else end + left
    waypoint = world.place[place.at]
    slot = place.first
    for _ in range(place.count):
        move(world, slot, waypoint.path + waypoint.spin, start, end, place.work_ticks, 0.0)
        slot = world.part[slot].next


@compilable
def dock_path(world: World, i: int, dock: int) -> int:
    """The path of a load from a dock to vehicle `i`, as it stands there; the way back is next."""
    place, waypoint = world.place[i], world.place[world.place[dock].waypoint]
    number = place.arrival if place.style == 0 else waypoint.arrival_count + place.style - 1
    return world.place[dock].path + 2 * number


@compilable_apart
def draw_on_lane(world: World, i: int, start: float, ticks: int) -> None:
    """Show it and its load from `start` [m] to the end of its lane, in so many ticks.

    Notes when its tail leaves the waypoint behind: when its middle is its length away.
    """
    place = world.place[i]
    length = world.number[place.lane + LENGTH] * 1e-6
    end, duration, ramp = length, ticks, 0.0
    if place.pace > 0:
        ramp = 0.5e-6 * duration
    elif start == 0.0 and place.rest != 0 and place.acceleration > 0.0:
        speed = speed_on_lane(world, i)
        full = speed / place.acceleration
        if stops_here(world, i) != 0:
            ramp = min(duration * 0.5e-6, full)
        elif length > 0.5 * speed * full:  # it would come to rest so far beyond the lane
            ramp = full
            end += 0.5 * speed * full
            duration += round(full * 1e6)
    place.drawn_at = world.clock[0].now
    place.drawn_from, place.drawn_to = start, end
    place.drawn_ticks, place.drawn_ramp = duration, ramp
    place.clear_at = _tail_leaves(world, i)
    if world.clock[0].motion == 0:
        return
    waypoint = world.place[place.at]
    path = waypoint.path + place.style * waypoint.lane_count + world.number[place.lane + NUMBER]
    slot = place.first
    for _ in range(place.count):
        move(world, slot, path, start, end, duration, ramp)
        slot = world.part[slot].next


@compilable_apart
def _tail_leaves(world: World, i: int) -> int:
    """The tick at which it will be clear of its first waypoint, or LATER: when it leaves the lane.

    That is when it is its length on its lane, or what `twin.core.apart` has found.

    Within a ramp at the start that is too late by less than half of the ramp.
    """
    place = world.place[i]
    clear = max(place.vehicle_length, float(world.number[place.lane + CLEAR]))
    if place.tail == 0 or clear >= world.number[place.lane + LENGTH]:
        return LATER
    way = place.drawn_to - place.drawn_from
    gone = max(0.0, clear * 1e-6 - place.drawn_from) / way if way > 0.0 else 0.0
    even = place.drawn_ticks - 1e6 * place.drawn_ramp
    if gone * even > even - 0.5e6 * place.drawn_ramp:
        return LATER
    return place.drawn_at + round(0.5e6 * place.drawn_ramp + gone * even)


@compilable
def along(world: World, i: int) -> float:
    """How far along its lane vehicle `i` is [m]."""
    place = world.place[i]
    elapsed = (world.clock[0].now - place.drawn_at) * 1e-6
    ramp = place.drawn_ramp
    done = fraction(elapsed, place.drawn_ticks * 1e-6, ramp, 0.5 * ramp)
    return place.drawn_from + (place.drawn_to - place.drawn_from) * done
