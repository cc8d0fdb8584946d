"""Hand parts on: every offer that finds room is taken, downstream first, in the same tick.

A place that gives has room afterwards, and one that takes may have something to offer; both go on
the agenda, the receiver on top, so releases run from the end of the line to its beginning.
"""

from twin.core.agenda import announce, next_on_agenda
from twin.core.compiled import compilable
from twin.core.heap import widened
from twin.core.record import MOVE, note
from twin.core.world import NONE, World
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
        if link >= 0:
            _hand_over(world, link)
        i = next_on_agenda(world)


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
def _hand_over(world: World, link: int) -> None:
    giver = widened(world.link[link].giver)
    taker = widened(world.link[link].taker)
    part = world.place[giver].offer
    offered = world.place[taker].offer
    serial = world.part[part].serial  # a sink lets go of it
    world.place[giver].offer = NONE
    gave(world, giver, part)
    take(world, taker, part, link)
    note(world, MOVE, taker, serial, giver)
    announce(world, giver)
    if world.place[taker].offer != offered:
        announce(world, taker)
