"""How long a vehicle takes for a lane: speed limits, starts, stops, and the creep before a dock.

On a lane it drives at the lowest of its own speed, the lane's, and on a curve of radius r that at
which its lateral acceleration is a: sqrt(a r). It takes that speed v on at the waypoint at once. A
start from rest and a stop to rest take v / (2 a) more each, as with constant acceleration a; a
start and a stop on one lane shorter than v^2 / a take 2 sqrt(length / a).

At a dock it may creep: over the last c = 1 m at speed u. Braking from v to u before that, and from
u to rest at its end, takes

    (v - u)^2 / (2 a v) + c (1 / u - 1 / v) + u / (2 a)

more than to drive through at v. On a lane from rest that is too short to reach v, it reaches
w = sqrt(a (length - c) + u^2 / 2) before it creeps, or only u where that is less.
"""

from math import sqrt

from twin.core.compiled import compilable, compilable_apart
from twin.core.road import LENGTH, RADIUS, SPEED, TO, TO_LOAD, TO_UNLOAD
from twin.core.world import World

__all__ = ["CREEP", "braking_distance", "lane_ticks", "speed_on_lane", "stops_here"]

CREEP = 1e6  # um before a dock


@compilable
def speed_on_lane(world: World, i: int) -> float:
    """Speed of vehicle `i` on its lane [um/tick]."""
    place = world.place[i]
    limit = world.number[place.lane + SPEED]
    speed = min(place.speed, limit * 1e-6) if limit > 0 else place.speed
    radius = world.number[place.lane + RADIUS]
    if radius > 0 and place.lateral > 0.0:
        speed = min(speed, sqrt(place.lateral * (radius * 1e-6)))
    return speed


@compilable
def braking_distance(world: World, i: int, speed: float) -> float:
    """Braking distance from a speed [um]."""
    acceleration = world.place[i].acceleration
    return 0.5 * speed * speed / acceleration * 1e6 if acceleration > 0.0 else 0.0


@compilable
def stops_here(world: World, i: int) -> int:
    """1 if vehicle `i` will stop at the end of its lane."""
    place = world.place[i]
    return 1 if place.stopping != 0 and place.front == world.number[place.lane + TO] else 0


@compilable
def _creeps(world: World, i: int) -> bool:
    """Whether its lane ends at the dock that it has come for, which it nears slowly."""
    place = world.place[i]
    if place.creep_speed <= 0.0 or world.number[place.lane + TO] != place.destination:
        return False
    return place.task in (TO_LOAD, TO_UNLOAD)


@compilable
def lane_ticks(world: World, i: int, stops: int) -> int:
    """Time of vehicle `i` on its lane, from where it began it."""
    place = world.place[i]
    length = float(world.number[place.lane + LENGTH])
    speed = speed_on_lane(world, i)
    if stops != 0 and _creeps(world, i) and place.creep_speed < speed:
        return _creeping_ticks(world, i, length, speed)
    ticks = length / speed
    ramps = place.rest + stops
    if place.acceleration > 0.0 and ramps > 0:
        ramp = speed / place.acceleration * 1e6
        if ramps == 2 and length < speed * ramp:
            return round(2.0 * sqrt(length / place.acceleration * 1e6))
        ticks += 0.5 * ramps * ramp
    return round(ticks)


@compilable_apart
def _creeping_ticks(world: World, i: int, length: float, speed: float) -> int:
    place = world.place[i]
    slow = place.creep_speed
    way = min(CREEP, length)
    ticks = length / speed + way * (1.0 / slow - 1.0 / speed)
    if place.acceleration == 0.0:
        return round(ticks)
    a = place.acceleration * 1e-6  # um/tick2
    if place.rest != 0:
        top = a * (length - way) + 0.5 * slow * slow  # square of the speed that it reaches
        if top < slow * slow:
            if length < slow * slow / a:
                return round(2.0 * sqrt(length / a))
            return round(length / slow + slow / a)
        if top < speed * speed:
            top = sqrt(top)
            return round((2.0 * top - slow) / a + (way + 0.5 * slow * slow / a) / slow)
        ticks += 0.5 * speed / a
    return round(ticks + 0.5 * (speed - slow) * (speed - slow) / (a * speed) + 0.5 * slow / a)
