"""When parts come by the crossings of a conveyor, exactly, in Newell's form.

All parts move at the speed of the belt or stand, at least one spacing apart, so part k can't be at
a point before part k - m has gone on from m spacings further on:

    tick(k, x) = max(tick(k, x') + x - x', tick(k - m, y) + x + m s - y   for all stops y)

with distances in ticks at the speed of the belt, x' the crossing before, and for each stop y from x
on (a gate, or the end) the least m with x + m s > y (Newell, "A simplified car-following theory",
2002; Daganzo, "A variational formulation of kinematic waves", 2005). A tick is known as soon as all
of these parts have gone by; until then the part stands, or waits for news.
"""

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.heap import FINISH, NEXT, cancel, schedule
from twin.core.motion import coordinate, move
from twin.core.world import LATER, World

__all__ = [
    "COMING",
    "FULL",
    "HERE",
    "IDLE",
    "cross",
    "entry_tick",
    "forget",
    "go_on",
    "line_up",
    "plan",
]
__all__ += ["part_at", "plan_all", "watch_cover"]

FULL = -1  # column `full_at` of a sensor while the line is full
IDLE, COMING, HERE = range(3)  # phases: no part is expected yet, one is, it is held here


@compilable_apart
def plan(world: World, c: int) -> None:
    """Let FINISH of crossing `c` go off when the next part comes, if that is known.

    Nothing is known while the conveyor stands, even if a part came by at the tick of the stop.
    """
    crossing = world.place[c]
    belt = world.place[crossing.belt]
    if belt.down != 0 or belt.standing != 0:
        return
    if crossing.rear_ticks > 0:
        _plan_rear(world, c)
    if crossing.phase != IDLE:
        return
    tick = _tick(world, c)
    if tick < LATER:
        crossing.phase = COMING
        schedule(world, c, FINISH, max(world.clock[0].now, tick))


@compilable_apart
def _plan_rear(world: World, c: int) -> None:
    """Let NEXT of sensor `c` go off when the rear of the part that covers it leaves, if known."""
    sensor = world.place[c]
    before = world.place[sensor.rear_before]
    k = sensor.cleared
    if sensor.rear_at < LATER or sensor.crossed <= k or before.crossed <= k:
        return
    reach = sensor.from_entry + sensor.rear_ticks
    tick = world.number[before.ring_first + k % before.ring_size] + reach - before.from_entry
    tick = max(tick, _free_from(world, sensor.rear_after, k, reach), world.clock[0].now)
    if tick < LATER:
        sensor.rear_at = tick
        watch_cover(world, c)


@compilable_apart
def watch_cover(world: World, c: int) -> None:
    """Let NEXT of sensor `c` go off when it is covered no more, or has been for too long."""
    cancel(world, c, NEXT)
    tick, full_at = world.place[c].rear_at, world.place[c].full_at
    if full_at != FULL:
        tick = min(tick, full_at)
    if tick < LATER:
        schedule(world, c, NEXT, tick)


@compilable_apart
def plan_all(world: World, i: int) -> None:
    """Look again at what is known about the crossings of conveyor `i`."""
    c = world.place[i].first_crossing
    while c >= 0:
        plan(world, c)
        if world.place[c].phase == HERE and c != i and world.place[c].down == 0:
            cancel(world, c, NEXT)
            schedule(world, c, NEXT, world.clock[0].now)
        c = world.place[c].downstream


@compilable_apart
def _tick(world: World, c: int) -> int:
    """When the next part comes by crossing `c`; LATER if that is not known."""
    crossing = world.place[c]
    belt = world.place[crossing.belt]
    k = crossing.crossed
    tick = crossing.from_entry
    if crossing.upstream < 0:
        if belt.entered <= k:
            return LATER
        tick += world.number[belt.entry_first + k % belt.ring_size]
    else:
        before = world.place[crossing.upstream]
        if before.crossed <= k:
            return LATER
        tick += world.number[before.ring_first + k % before.ring_size] - before.from_entry
    return max(tick, _free_from(world, c, k, crossing.from_entry))


@compilable_apart
def _free_from(world: World, c: int, k: int, reach: int) -> int:
    """From when on part `k` can be at a point for those ahead, by the stops from `c` on."""
    belt = world.place[world.place[c].belt]
    free = -LATER
    while c >= 0 and belt.accumulating != 0:
        stop = world.place[c]
        m = (stop.from_entry - reach) // belt.headway + 1
        if stop.holds != 0 and k >= m:
            if stop.crossed <= k - m:
                return LATER
            gone = world.number[stop.ring_first + (k - m) % stop.ring_size]
            free = max(free, gone + reach + m * belt.headway - stop.from_entry)
        c = stop.downstream
    return free


@compilable_apart
def entry_tick(world: World, i: int) -> int:
    """From when on the next part may come into conveyor `i`; LATER if that is not known."""
    belt = world.place[i]
    return max(belt.entry_free, _free_from(world, belt.first_crossing, belt.entered, 0))


@compilable_apart
def cross(world: World, c: int) -> None:
    """Let the next part go by crossing `c`, or leave conveyor `c`, now."""
    crossing = world.place[c]
    ring = crossing.ring_first + crossing.crossed % crossing.ring_size
    world.number[ring] = world.clock[0].now
    crossing.crossed += 1
    crossing.phase = IDLE
    if crossing.belt != c:
        crossing.passed += 1
    if crossing.belt != c and crossing.holds != 0:
        announce(world, crossing.belt)  # its entry may be free


@compilable_apart
def forget(world: World, i: int) -> None:
    """Expect no part at the crossings of conveyor `i`, which stands from now on."""
    c = world.place[i].first_crossing
    while c >= 0:
        crossing = world.place[c]
        if crossing.phase == COMING and (c == i or _tick(world, c) > world.clock[0].now):
            crossing.phase = IDLE
            cancel(world, c, FINISH)
        if world.clock[0].now < crossing.rear_at < LATER:
            crossing.rear_at = LATER
            watch_cover(world, c)
        c = crossing.downstream


@compilable_apart
def go_on(world: World, i: int, pause: int) -> None:
    """Let all that was known about conveyor `i` be later by a pause."""
    belt = world.place[i]
    for k in range(belt.ring_size):
        world.number[belt.entry_first + k] += pause
    c = belt.first_crossing
    while c >= 0:
        for k in range(belt.ring_size):
            world.number[world.place[c].ring_first + k] += pause
        c = world.place[c].downstream
    plan_all(world, i)


@compilable_apart
def part_at(world: World, c: int) -> int:
    """The part that comes next to crossing `c`."""
    crossing = world.place[c]
    belt = world.place[crossing.belt]
    slot = belt.first
    for _ in range(crossing.crossed - belt.crossed):
        slot = world.part[slot].next
    return slot


@compilable_apart
def line_up(world: World, i: int) -> None:
    """Give every part on conveyor `i` its way from where it is now, if anybody watches."""
    belt = world.place[i]
    if world.clock[0].motion == 0 or belt.down != 0 or belt.standing != 0:
        return
    limit = belt.length
    slot = belt.first
    for number in range(belt.count):
        if belt.accumulating == 0:
            limit = belt.length
        limit = min(limit, _held_at(world, i, belt.crossed + number))
        at = coordinate(world, slot)
        part = world.part[slot]
        if part.end != limit:
            move(world, slot, belt.path, at, limit, round((limit - at) / belt.speed * 1e6), 0.0)
        limit -= belt.spacing
        slot = part.next


@compilable_apart
def _held_at(world: World, i: int, k: int) -> float:
    """Where part `k` is held on conveyor `i` [m], or its end."""
    c = world.place[i].first_crossing
    while c != i:
        crossing = world.place[c]
        if crossing.phase == HERE and crossing.crossed == k:
            return crossing.position
        c = crossing.downstream
    return world.place[i].length
