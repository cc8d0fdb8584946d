"""Hand parts on: every offer that finds room is taken, downstream first, in the same tick.

A place that gives has room afterwards, and one that takes may have something to offer; both go on
the agenda, the receiver on top, so releases run from the end of the line to its beginning.
"""

from twin.core.agenda import announce, next_on_agenda
from twin.core.compiled import compilable, compilable_apart
from twin.core.record import MOVE, note
from twin.core.world import NONE, OFF_AGENDA, ROOM, World, row, widened
from twin.engine.calls import NO_RULE, calls
from twin.engine.deadlock import can_never_leave

__all__ = ["BURST_LIMIT", "hand_over", "settle"]

BURST_LIMIT = 1_000_000  # events and moves at one tick; more is a loop without time

attend = calls().attend
blocked = calls().blocked
gave = calls().gave
granted = calls().granted
has_room = calls().has_room
pick = calls().pick
starved = calls().starved
take = calls().take


@compilable
def settle(world: World) -> None:
    """Work through the agenda until nothing can move in this tick, or too much has."""
    i = next_on_agenda(world)
    while i >= 0:
        giver, taker = i, i
        link = _way_out(world, i)
        if link >= 0:
            taker = _taker(world, i, link)
        else:
            link = _way_in(world, i)
            giver = _giver(world, i, link)
        if link >= 0:
            i = _hand_over(world, giver, taker, link)
            if i >= 0 and world.clock[0].burst > BURST_LIMIT:
                announce(world, i)
                return
        else:
            if world.place[i].count == 0 and world.place[i].down == 0:
                starved(world, i)
            _serve(world, i)
            i = next_on_agenda(world)


@compilable
def _way_out(world: World, i: int) -> int:
    """The link to the first receiver with room for the part that place `i` offers, or NONE."""
    place = world.place[i]
    part = place.offer
    if part < 0:
        return NONE
    if place.receiver >= 0:
        if _is_free(world, row(place.receiver), part):
            return widened(place.first_out)
    else:
        link = widened(place.first_out if place.way < 0 else place.way)
        while link >= 0:
            if _is_free(world, widened(world.link[link].taker), part):
                return link
            link = world.link[link].next_out if place.way < 0 else NONE
    if place.down == 0:
        blocked(world, i)
        if place.looped != 0 and can_never_leave(world, i):
            world.clock[0].stuck = i
    return NONE


@compilable
def _way_in(world: World, i: int) -> int:
    """The link from the giver that place `i` takes from now, or NONE."""
    place = world.place[i]
    if place.feeder < 0:
        return NONE if place.first_in < 0 else _picked(world, i)
    giver = world.place[row(place.feeder)]
    link = widened(place.first_in)
    part = giver.offer
    if part < 0 or (giver.way >= 0 and giver.way != link) or not _is_free(world, i, part):
        return NONE
    return link


@compilable_apart
def _picked(world: World, i: int) -> int:
    """The link from one of several givers: the one that the kind picks, else the first."""
    link = pick(world, i)
    if link != NO_RULE:
        link = link if link >= 0 and _is_offered(world, i, link) else NONE
    else:
        link = widened(world.place[i].first_in)
        while link >= 0 and not _is_offered(world, i, link):
            link = world.link[link].next_in
    if link >= 0:
        announce(world, i)  # there may be room for the part of another giver
    return link


@compilable_apart
def _is_offered(world: World, i: int, link: int) -> bool:
    """Whether the giver of a link waits for room at place `i`, and there is room."""
    giver = world.place[widened(world.link[link].giver)]
    part = giver.offer
    return part >= 0 and (giver.way < 0 or giver.way == link) and _is_free(world, i, part)


@compilable
def _is_free(world: World, i: int, part: int) -> bool:
    """Whether place `i` is open, not full, and its kind has room for this part."""
    place = world.place[i]
    return place.count < place.capacity and place.shut == 0 and has_room(world, i, part)


@compilable
def _taker(world: World, i: int, link: int) -> int:
    """Where one of the links out of place `i` leads to."""
    only = world.place[i].receiver
    return row(widened(only if only >= 0 else world.link[link].taker))


@compilable
def _giver(world: World, i: int, link: int) -> int:
    """Where one of the links into place `i` comes from; place `i` itself if it is NONE."""
    only = world.place[i].feeder
    if only < 0 <= link:
        only = world.link[link].giver
    return row(widened(only if only >= 0 else i))


@compilable
def _hand_over(world: World, giver: int, taker: int, link: int) -> int:
    """Move a part over a link; returns the place to look at next, or NONE.

    That is the one that the agenda would give back at once if both places were put on it.
    """
    if world.place[giver].way == ROOM:
        _tell_of_room(world, giver, taker)
        return next_on_agenda(world)
    offered = world.place[taker].offer
    hand_over(world, giver, taker, link)
    if world.place[taker].offer != offered and world.place[taker].agenda == OFF_AGENDA:
        announce(world, giver)
        return taker
    if world.place[giver].agenda == OFF_AGENDA:
        return giver
    return next_on_agenda(world)


@compilable_apart
def _tell_of_room(world: World, giver: int, taker: int) -> None:
    """Let a place begin what needs room in another one; the part that it showed stays."""
    world.place[giver].offer = NONE
    world.place[giver].way = NONE
    granted(world, giver, taker)
    announce(world, taker)


@compilable
def hand_over(world: World, giver: int, taker: int, link: int) -> None:
    """Let a part go from one place to another; the link says by which way, if there is one.

    Both places may have something new to offer or room for it afterwards; the caller announces it.
    """
    part = row(world.place[giver].offer)
    serial = world.part[part].serial if world.clock[0].recording != 0 else 0  # a sink lets go of it
    world.place[giver].offer = NONE
    world.place[giver].passed += 1
    world.clock[0].burst += 1
    gave(world, giver, part)
    take(world, taker, part, link)
    note(world, MOVE, taker, serial, giver)


@compilable
def _serve(world: World, i: int) -> None:
    """Let a place that has something to give to others than parts, as a pool has, give it."""
    other = attend(world, i)
    if other >= 0:
        _grant(world, i, other)


@compilable_apart
def _grant(world: World, i: int, other: int) -> None:
    granted(world, other, i)
    announce(world, i)
