"""Buffer: a store with a number of places, first in, first out."""

from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable
from twin.core.motion import hide
from twin.core.parameters import Params, param
from twin.core.parts import hold, let_go
from twin.core.state import STARVED, WORKING, enter_state
from twin.core.world import NONE, World

__all__ = ["COLUMNS", "PARAMS", "Buffer", "gave", "halt", "load", "resume", "take"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer(Params):
    """Holds parts out of sight; a part can leave in the tick in which it came."""

    capacity: int = param(1, ge=1, le=1_000_000, doc="Number of parts that fit.")


PARAMS = Buffer
COLUMNS: list[tuple[str, str]] = []


def load(row: Any, params: Buffer) -> None:
    """Write the parameters into a place's row."""
    row.capacity = params.capacity


@compilable
def take(world: World, i: int, part: int, link: int) -> None:
    """Store the part; the oldest is on offer."""
    place = world.place[i]
    hold(world, i, part)
    hide(world, part)
    if place.offer == NONE and place.down == 0:
        place.offer = place.first
        enter_state(world, i, WORKING)


@compilable
def gave(world: World, i: int, part: int) -> None:
    """Offer the next part."""
    place = world.place[i]
    let_go(world, i)
    if place.count > 0:
        place.offer = place.first
    else:
        enter_state(world, i, STARVED)


@compilable
def halt(world: World, i: int) -> None:
    """Neither take nor give."""
    world.place[i].offer = NONE


@compilable
def resume(world: World, i: int) -> None:
    """Offer the oldest part again."""
    place = world.place[i]
    enter_state(world, i, WORKING if place.count > 0 else STARVED)
    if place.count > 0:
        place.offer = place.first
    announce(world, i)
