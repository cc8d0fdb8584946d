"""The agenda: places about which something became true in this tick, newest first.

Handlers announce; the transfer step in `twin.engine` takes places off and moves parts.
"""

from twin.core.compiled import compilable, compilable_apart
from twin.core.world import OFF_AGENDA, World

__all__ = ["announce", "ask", "next_on_agenda"]


@compilable
def announce(world: World, i: int) -> None:
    """Say that place `i` has a part to offer or room for one."""
    place = world.place[i]
    if place.agenda == OFF_AGENDA:
        clock = world.clock[0]
        place.agenda = clock.agenda
        clock.agenda = i


@compilable
def next_on_agenda(world: World) -> int:
    """Take the place announced last off the agenda; NONE when it is empty."""
    clock = world.clock[0]
    i = clock.agenda
    if i >= 0:
        place = world.place[i]
        clock.agenda = place.agenda
        place.agenda = OFF_AGENDA
    return i


@compilable_apart
def ask(world: World, i: int) -> None:
    """Let place `i` ask its rule outside the engine, when the tick is settled."""
    clock = world.clock[0]
    world.place[i].next_asking = clock.asking
    clock.asking = i
