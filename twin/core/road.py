"""Traffic on a lane graph: vehicles reserve waypoints, queue for them, and give them free.

A waypoint is held by one vehicle at most, and a zone of waypoints by as many as its limit. Whoever
can't have the waypoint that it wants stands at its own, holds nothing else, and queues at the zone;
it is served in the order of asking. `twin.core.gridlock` frees those who wait for one another.
"""

from twin.core.agenda import announce
from twin.core.compiled import compilable, compilable_apart
from twin.core.heap import NEXT, cancel
from twin.core.world import NONE, World

__all__ = [
    "ARRIVAL",
    "CLEAR",
    "COMING",
    "DRIVING",
    "LANE",
    "LEAVING",
    "LENGTH",
    "NUMBER",
    "RADIUS",
    "SPEED",
]
__all__ += ["STANDING", "TICKS", "TO", "TURNING", "WAITING", "head_for", "hop", "queue_up"]
__all__ += ["reserve", "serve_queue", "step_out", "trip", "vacate"]
__all__ += ["CHARGING", "IDLE", "LOADING", "TO_CHARGER", "TO_LOAD", "TO_UNLOAD", "UNLOADING"]

IDLE, TO_LOAD, LOADING, TO_UNLOAD, UNLOADING, TO_CHARGER, CHARGING = range(7)  # column `task`
STANDING, WAITING, DRIVING, TURNING = range(4)  # column `drive` of a vehicle

# A lane, as the fleet keeps it in a row among the world's numbers: the waypoint that it leads to,
# its length [um], its speed limit [um/s] or 0, its number among the lanes of its waypoint, the
# driving time of the fleet's fastest vehicle, the headings at its start and its end [urad], its
# radius [um] or 0, the number of its last heading among those with which lanes come there, and how
# far on it vehicles are clear of all that may be at its first waypoint [um], or 0.
TO, LENGTH, SPEED, NUMBER, TICKS, LEAVING, COMING, RADIUS, ARRIVAL, CLEAR = range(10)
LANE = 10  # numbers of a lane


@compilable
def hop(world: World, i: int, here: int) -> int:
    """The lane on which the way of vehicle `i` from a waypoint to its destination begins."""
    vehicle = world.place[i]
    knot = world.place[here].knot
    if vehicle.detour != 0:
        lane = world.number[vehicle.detour_first + knot]
        if lane >= 0:
            return lane
    row = world.place[vehicle.fleet]
    goal = world.number[row.goals_first + world.place[vehicle.destination].knot]
    return world.number[row.hops_first + goal * row.knots + knot]


@compilable
def trip(world: World, fleet: int, here: int, there: int) -> int:
    """The time of the way from one waypoint to another without any wait [ticks]."""
    row = world.place[fleet]
    goal = world.number[row.goals_first + world.place[there].knot]
    return world.number[row.trips_first + goal * row.knots + world.place[here].knot]


@compilable
def head_for(world: World, i: int, waypoint: int) -> None:
    """Let vehicle `i` drive to a waypoint from now on, by the shortest way."""
    vehicle = world.place[i]
    vehicle.destination = waypoint
    vehicle.detour = 0


@compilable
def reserve(world: World, i: int, lane: int) -> bool:
    """Let vehicle `i` have the waypoint at the end of a lane from its front, if it can."""
    vehicle = world.place[i]
    w = world.number[lane + TO]
    waypoint = world.place[w]
    if waypoint.holder >= 0 or waypoint.down != 0:
        return False
    front = world.place[vehicle.front]
    if front.zone != waypoint.zone:
        zone = world.place[waypoint.zone]
        if zone.zone_count >= zone.zone_limit:
            return False
        zone.zone_count += 1
    waypoint.holder = i
    front.onward = lane
    vehicle.front = w
    vehicle.front_lane = lane
    vehicle.reserved += world.number[lane + LENGTH]
    return True


@compilable
def vacate(world: World, i: int) -> None:
    """Vehicle `i` has left the waypoint behind it with its whole length."""
    vehicle = world.place[i]
    vehicle.tail = 0
    waypoint = world.place[vehicle.at]
    if waypoint.holder != i:
        return  # it was handed on
    waypoint.holder = NONE
    zone = world.place[waypoint.zone]
    if waypoint.zone != world.place[world.number[vehicle.lane + TO]].zone:
        zone.zone_count -= 1
    if zone.first_waiting >= 0:
        announce(world, waypoint.zone)


@compilable_apart
def queue_up(world: World, i: int, lane: int) -> None:
    """Let vehicle `i`, which stands, wait for the waypoint at the end of a lane.

    An idle vehicle that stays where it is in this zone is told, by its fleet, to make way.
    """
    vehicle = world.place[i]
    vehicle.drive = WAITING
    vehicle.lane = lane
    vehicle.next_waiting = NONE
    vehicle.queued_at = world.clock[0].now
    zone = world.place[world.place[world.number[lane + TO]].zone]
    for k in range(zone.zone_size):
        j = world.place[world.number[zone.zone_first + k]].holder
        if j >= 0 and world.place[j].task == IDLE and world.place[j].drive == STANDING:
            announce(world, world.place[j].fleet)
    if zone.first_waiting < 0:
        zone.first_waiting = i
        return
    other = zone.first_waiting
    while world.place[other].next_waiting >= 0:
        other = world.place[other].next_waiting
    world.place[other].next_waiting = i


@compilable_apart
def step_out(world: World, i: int) -> None:
    """Vehicle `i` waits no more."""
    vehicle = world.place[i]
    vehicle.drive = STANDING
    if world.place[vehicle.fleet].patience > 0:
        cancel(world, i, NEXT)
    zone = world.place[world.place[world.number[vehicle.lane + TO]].zone]
    if zone.first_waiting == i:
        zone.first_waiting = vehicle.next_waiting
        return
    other = zone.first_waiting
    while world.place[other].next_waiting != i:
        other = world.place[other].next_waiting
    world.place[other].next_waiting = vehicle.next_waiting


@compilable_apart
def serve_queue(world: World, zone: int) -> int:
    """Give the first of those who wait at a zone, and can be served, its waypoint; or NONE."""
    i = world.place[zone].first_waiting
    while i >= 0:
        if reserve(world, i, world.place[i].lane):
            step_out(world, i)
            return i
        i = world.place[i].next_waiting
    return NONE
