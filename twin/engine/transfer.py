"""Hand parts on: every offer that finds room is taken, downstream first, in the same tick.

A place that gives has room afterwards, and one that takes may have something to offer; both go on
the agenda, the receiver on top, so releases run from the end of the line to its beginning.
"""

from twin.core.agenda import announce, next_on_agenda
from twin.core.compiled import compilable
from twin.core.heap import widened
from twin.core.record import MOVE, note
from twin.core.world import NONE, World, row
from twin.engine.calls import calls

__all__ = ["settle"]

blocked = calls().blocked
gave = calls().gave
has_room = calls().has_room
take = calls().take


@compilable
def settle(world: World) -> None:
    """Work through the agenda until nothing can move in this tick."""
    i = next_on_agenda(world)
    while i >= 0:
        link = _way_out(world, i)
        if link < 0:
            link = _way_in(world, i)
        i = _hand_over(world, link) if link >= 0 else next_on_agenda(world)


@compilable
def _way_out(world: World, i: int) -> int:
    """The link to the first receiver with room for the part that place `i` offers, or NONE."""
    place = world.place[i]
    part = place.offer
    if part < 0:
        return NONE
    link = place.first_out
    while link >= 0:
        if _is_free(world, widened(world.link[link].taker), part):
            return link
        link = world.link[link].next_out
    if place.down == 0:
        blocked(world, i)
    return NONE


@compilable
def _way_in(world: World, i: int) -> int:
    """The link from the first giver that waits for room at place `i`, or NONE."""
    link = world.place[i].first_in
    while link >= 0:
        part = world.place[widened(world.link[link].giver)].offer
        if part >= 0 and _is_free(world, i, part):
            return link
        link = world.link[link].next_in
    return NONE


@compilable
def _is_free(world: World, i: int, part: int) -> bool:
    """Whether place `i` is up, not full, and its kind has room for this part."""
    place = world.place[i]
    return place.count < place.capacity and place.down == 0 and has_room(world, i, part)


@compilable
def _hand_over(world: World, link: int) -> int:
    """Move a part over a link; returns the place to look at next, or NONE.

    That is the one that the agenda would give back at once if both places were put on it.
    """
    giver = widened(world.link[link].giver)
    taker = widened(world.link[link].taker)
    part = row(world.place[giver].offer)
    offered = world.place[taker].offer
    serial = world.part[part].serial  # a sink lets go of it
    world.place[giver].offer = NONE
    gave(world, giver, part)
    take(world, taker, part, link)
    note(world, MOVE, taker, serial, giver)
    if world.place[taker].offer != offered and world.place[taker].on_agenda == 0:
        announce(world, giver)
        return taker
    if world.place[giver].on_agenda == 0:
        return giver
    return next_on_agenda(world)
