"""Gridlock: vehicles that wait for one another in a circle, found when it closes, and freed.

All vehicles of a circle are moved on by one waypoint at once. Lanes are one-way, so each of them
has a lane of its own to the waypoint that the next one leaves; two that meet head-on pass each
other.
Whoever waits holds one waypoint only, which is what makes the exchange possible; and a vehicle at
rest that does not wait drives on by itself, for idle ones park where nobody drives through. So no
gridlock lasts.
"""

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.road import LENGTH, TO, WAITING, step_out
from twin.core.world import NONE, World

__all__ = ["find_circle", "move_circle"]


@compilable_apart
def find_circle(world: World, i: int) -> int:
    """A vehicle of a circle in which vehicle `i` is stuck, chained by `trail`; NONE if it is not.

    It is stuck if all for whom it waits, and all for whom they wait, wait for one another.
    """
    clock = world.clock[0]
    clock.mark += 1
    world.place[i].mark = clock.mark
    world.place[i].trail = NONE
    last = i
    while i >= 0:
        after = world.place[i].trail
        w = world.number[world.place[i].lane + TO]
        zone = world.place[world.place[w].zone]
        if world.place[w].down != 0:
            return NONE
        first, count = zone.zone_first, zone.zone_size
        blocked = 0
        for k in range(count):
            other = world.number[first + k]
            j = world.place[other].holder
            if j < 0 or (world.place[w].holder >= 0 and other != w):
                continue
            blocked = 1
            if world.place[j].drive != WAITING:
                return NONE
            if world.place[j].mark != clock.mark:
                world.place[j].mark = clock.mark
                world.place[j].trail = after
                after = j
        if blocked == 0:
            return NONE  # it will be served in this tick
        last = i
        i = after
    return _chained(world, last)


@compilable_apart
def _chained(world: World, i: int) -> int:
    """Go from a stuck vehicle to one that it waits for, and on, until the way closes."""
    clock = world.clock[0]
    clock.mark += 1
    while world.place[i].mark != clock.mark:
        world.place[i].mark = clock.mark
        j = _waits_for(world, i)
        world.place[i].trail = j
        i = j
    return i


@compilable_apart
def _waits_for(world: World, i: int) -> int:
    w = world.number[world.place[i].lane + TO]
    j = world.place[w].holder
    if j >= 0:
        return j
    zone = world.place[world.place[w].zone]
    k = zone.zone_first
    while world.place[world.number[k]].holder < 0:
        k += 1
    return world.place[world.number[k]].holder


@compilable_apart
def move_circle(world: World, first: int) -> None:
    """Hand the waypoint of every vehicle in a circle on to the one that waits for it."""
    i = first
    while True:
        step_out(world, i)
        vehicle = world.place[i]
        waypoint = world.place[vehicle.at]
        waypoint.holder = NONE
        if waypoint.zone != world.place[world.number[vehicle.lane + TO]].zone:
            world.place[waypoint.zone].zone_count -= 1
            announce(world, waypoint.zone)
        i = vehicle.trail
        if i == first:
            break
    while True:
        vehicle = world.place[i]
        w = world.number[vehicle.lane + TO]
        if world.place[vehicle.at].zone != world.place[w].zone:
            world.place[world.place[w].zone].zone_count += 1
        world.place[w].holder = i
        vehicle.front = w
        vehicle.front_lane = vehicle.lane
        vehicle.reserved = world.number[vehicle.lane + LENGTH]
        i = vehicle.trail
        if i == first:
            break
