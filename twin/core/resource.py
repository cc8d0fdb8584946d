"""Requests for a limited resource, such as workers: asked of a pool, granted by rank, given back.

Whoever asks waits in the pool's queue: the higher priority first, then the earlier request. The
pool serves its queue when the engine attends to it; the asker then has its units in `got`.
"""

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.world import NONE, World

__all__ = ["give_up", "release", "request", "serve_next"]


@compilable_apart
def request(world: World, i: int, pool: int, count: int) -> None:
    """Ask a pool for so many units for place `i`, which has none and asks for none."""
    place = world.place[i]
    place.pool = pool
    place.asked = count
    before = NONE
    other = world.place[pool].first_asking
    while other >= 0 and world.place[other].priority >= place.priority:
        before = other
        other = world.place[other].next_asking
    place.next_asking = other
    if before < 0:
        world.place[pool].first_asking = i
    else:
        world.place[before].next_asking = i
    announce(world, pool)


@compilable_apart
def serve_next(world: World, pool: int) -> int:
    """Give units to the first in the pool's queue if there are enough; returns it, or NONE."""
    row = world.place[pool]
    i = row.first_asking
    if i < 0 or row.down != 0 or world.place[i].asked > row.free:
        return NONE
    place = world.place[i]
    row.first_asking = place.next_asking
    row.free -= place.asked
    place.got = place.asked
    place.asked = 0
    place.next_asking = NONE
    return i


@compilable_apart
def release(world: World, i: int) -> None:
    """Give back what place `i` has."""
    place = world.place[i]
    if place.got > 0:
        world.place[place.pool].free += place.got
        place.got = 0
        announce(world, place.pool)


@compilable_apart
def give_up(world: World, i: int) -> None:
    """Take the request of place `i` back."""
    place = world.place[i]
    if place.asked == 0:
        return
    place.asked = 0
    before = NONE
    other = world.place[place.pool].first_asking
    while other != i:
        before = other
        other = world.place[other].next_asking
    if before < 0:
        world.place[place.pool].first_asking = place.next_asking
    else:
        world.place[before].next_asking = place.next_asking
    place.next_asking = NONE
    announce(world, place.pool)  # somebody behind it may need less
