"""Detours: ways round waypoints that are closed, or held by vehicles that stand.

A vehicle goes on by the shortest way until something on it is down: a closed waypoint, or one that
is held by a vehicle that has failed, is stopped or off shift. Then, or when it has waited for its
fleet's patience, it looks for the way of least time, on which

    a waypoint that is down, or held by a vehicle that is, can't be passed;
    one that is held by another vehicle that stands costs the patience, or as long as this
    vehicle has waited already;

and takes it if its first waypoint is free. So it drives round where that is shorter than to wait as
long again, and waits where there is no way round. The search is A* (Hart, Nilsson and Raphael, "A
formal basis for the heuristic determination of minimum cost paths", 1968); what is left to the
destination without traffic is known from the fleet's table, and never too long. Of equal ways it
takes that found first, in the order of the lanes, so that the same run finds the same way.
"""

from twin.core.compiled import compilable, compilable_apart
from twin.core.road import DRIVING, LANE, TICKS, TO, hop
from twin.core.world import LATER, NONE, World

__all__ = ["SCRATCH", "bar", "find_detour", "next_lane"]

SCRATCH = 5  # numbers that a fleet needs for each waypoint
BARRED = -1


@compilable
def next_lane(world: World, i: int, here: int) -> int:
    """The lane on which vehicle `i` goes on from a waypoint, round those that are down."""
    row = world.place[world.place[i].fleet]
    if row.patience > 0 and world.place[world.number[row.rows_first]].barred > 0:
        _avoid(world, i, here)
    return hop(world, i, here)


@compilable_apart
def _avoid(world: World, i: int, here: int) -> None:
    vehicle = world.place[i]
    w = here
    for _ in range(world.place[vehicle.fleet].knots):
        if w == vehicle.destination:
            return
        w = world.number[hop(world, i, w) + TO]
        if w != vehicle.destination and _extra(world, i, w) == BARRED:
            find_detour(world, i, here)
            return


@compilable_apart
def bar(world: World, fleet: int, count: int) -> None:
    """Something on the lanes has gone down (1), or come back (-1)."""
    row = world.place[fleet]
    world.place[world.number[row.rows_first]].barred += count


@compilable_apart
def _extra(world: World, i: int, w: int) -> int:
    """What a waypoint on the way costs besides driving there; BARRED if it can't be passed."""
    vehicle, waypoint = world.place[i], world.place[w]
    if waypoint.down != 0:
        return BARRED
    j = waypoint.holder
    delay = waypoint.delay if w != vehicle.destination else 0
    if j < 0 or j == i:
        return delay
    if world.place[j].down != 0:
        return BARRED
    if world.place[j].drive == DRIVING:
        return delay
    return delay + max(world.place[vehicle.fleet].patience, world.clock[0].now - vehicle.queued_at)


@compilable_apart
def find_detour(world: World, i: int, here: int) -> bool:
    """Find the way of least time for vehicle `i` from a waypoint, as it is now, and keep to it.

    Returns:
        Whether there is one whose first waypoint is free.
    """
    vehicle = world.place[i]
    row = world.place[vehicle.fleet]
    row.search += 1
    seen = row.scratch_first
    cost = seen + row.knots
    into = cost + row.knots
    back = into + row.knots
    waiting = back + row.knots
    start, goal = world.place[here].knot, world.place[vehicle.destination].knot
    trips = row.trips_first + world.number[row.goals_first + goal] * row.knots
    world.number[seen + start], world.number[cost + start] = row.search, 0
    world.number[waiting] = start
    count = 1
    while count > 0:
        best, least = 0, LATER
        for k in range(count):
            knot = world.number[waiting + k]
            value = world.number[cost + knot] + world.number[trips + knot]
            if value < least:
                best, least = k, value
        node = world.number[waiting + best]
        if node == goal:
            return _keep(world, i, start, goal, into, back)
        count -= 1
        world.number[waiting + best] = world.number[waiting + count]
        if node != start and world.place[world.number[row.rows_first + node]].is_end != 0:
            continue
        lane = world.number[row.exits_first + 2 * node]
        for _ in range(world.number[row.exits_first + 2 * node + 1]):
            w = world.number[lane + TO]
            knot = world.place[w].knot
            extra = _extra(world, i, w)
            if extra != BARRED and world.number[trips + knot] < LATER:
                more = world.number[cost + node] + world.number[lane + TICKS] + extra
                if world.number[seen + knot] != row.search:
                    world.number[seen + knot] = row.search
                    world.number[cost + knot] = LATER
                    world.number[waiting + count] = knot
                    count += 1
                if more < world.number[cost + knot]:
                    world.number[cost + knot] = more
                    world.number[into + knot] = lane
                    world.number[back + knot] = node
            lane += LANE
    return False


@compilable_apart
def _keep(world: World, i: int, start: int, goal: int, into: int, back: int) -> bool:
    """Write a way that was found down for vehicle `i`, if it can begin it."""
    lane = NONE
    knot = goal
    while knot != start:
        lane = world.number[into + knot]
        knot = world.number[back + knot]
    if lane < 0 or world.place[world.number[lane + TO]].holder >= 0:
        return False
    vehicle = world.place[i]
    knot = goal
    while knot != start:
        lane = world.number[into + knot]
        knot = world.number[back + knot]
        world.number[vehicle.detour_first + knot] = lane
    vehicle.detour = 1
    return True
