"""Deadlock: places whose parts wait for one another in a circle, and can never move again.

A part can never leave if every place that might take it is full, with a part on offer that can
never leave either. Gaps on a belt that stands while its first part waits are no room: no part comes
in before that one has left. The search goes from place to place that the part waits for; it begins
when a part finds no room, so the last place of a circle to get stuck finds the circle.
"""

from twin.core.compiled import compilable_apart
from twin.core.world import NONE, World, widened

__all__ = ["can_never_leave", "circle"]


@compilable_apart
def can_never_leave(world: World, i: int) -> bool:
    """Whether the part on offer at place `i` waits for ever."""
    clock = world.clock[0]
    clock.mark += 1
    world.place[i].mark = clock.mark
    world.place[i].trail = NONE
    while i >= 0:
        place = world.place[i]
        if place.offer < 0 or place.down != 0:
            return False
        after = place.trail
        link = place.way if place.way >= 0 else place.first_out
        while link >= 0:
            j = widened(world.link[link].taker)
            taker = world.place[j]
            if taker.count < taker.capacity and (taker.rigid == 0 or taker.offer < 0):
                return False
            if taker.mark != clock.mark:
                taker.mark = clock.mark
                taker.trail = after
                after = j
            link = NONE if place.way >= 0 else world.link[link].next_out
        i = after
    return True


def circle(world: World, i: int) -> list[int]:
    """The places that wait for one another, beginning with one that place `i` waits for."""
    seen: list[int] = []
    while i not in seen:
        seen.append(i)
        place = world.place[i]
        link = place.way if place.way >= 0 else place.first_out
        i = int(world.link[link].taker)
    return seen[seen.index(i) :]
