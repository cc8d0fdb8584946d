"""Hand parts on: every offer that finds room is taken, downstream first, in the same tick.

A place that gives has room afterwards, and one that takes may have something to offer; both go on
the agenda, the receiver on top, so releases run from the end of the line to its beginning.
"""

from twin.core.agenda import announce, next_on_agenda
from twin.core.compiled import compilable
from twin.core.record import MOVE, note
from twin.core.world import NONE, World
from twin.engine.dispatch import calls

__all__ = ["settle"]

blocked = calls().blocked
gave = calls().gave
has_room = calls().has_room
take = calls().take


@compilable
def settle(world: World) -> None:
    """Work through the agenda until nothing can move in this tick."""
    i = next_on_agenda(world)
    while i != NONE:
        if world.place[i].offer != NONE:
            _give(world, i)
        _pull(world, i)
        i = next_on_agenda(world)


@compilable
def _give(world: World, i: int) -> None:
    """Hand the offered part to the first receiver with room."""
    part = world.place[i].offer
    link = world.place[i].first_out
    while link != NONE:
        if has_room(world, world.link[link].taker, part):
            _hand_over(world, link, part)
            return
        link = world.link[link].next_out
    if world.place[i].down == 0:
        blocked(world, i)


@compilable
def _pull(world: World, i: int) -> None:
    """Let a giver that waits for this place hand its part over."""
    link = world.place[i].first_in
    while link != NONE:
        part = world.place[world.link[link].giver].offer
        if part != NONE and has_room(world, i, part):
            _hand_over(world, link, part)
            return
        link = world.link[link].next_in


@compilable
def _hand_over(world: World, link: int, part: int) -> None:
    giver = world.link[link].giver
    taker = world.link[link].taker
    world.place[giver].offer = NONE
    gave(world, giver, part)
    take(world, taker, part, link)
    note(world, MOVE, taker, world.part[part].serial, giver)
    announce(world, giver)
    announce(world, taker)
