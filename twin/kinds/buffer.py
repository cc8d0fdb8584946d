"""Buffer: a number of places, from which parts leave first in, first out, or last in, first out."""

from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable
from twin.core.motion import hide
from twin.core.parameters import Params, param
from twin.core.parts import hold, hold_first, let_go
from twin.core.state import STARVED, WORKING, enter_state
from twin.core.world import NONE, World

__all__ = ["COLUMNS", "PARAMS", "Buffer", "blocked", "gave", "halt", "load", "resume", "starved"]
__all__ += ["take"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer(Params):
    """Holds parts out of sight; a part can leave in the tick in which it came."""

    capacity: int = param(1, ge=1, le=1_000_000, doc="Number of parts that fit.")
    order: str = param(
        "fifo",
        choices=("fifo", "lifo"),
        doc="Which part leaves next: the first that came in, or the last, as from a stack.",
    )


PARAMS = Buffer
COLUMNS = [("stacked", "i2")]


def load(row: Any, params: Buffer) -> None:
    """Write the parameters into a place's row."""
    row.capacity = params.capacity
    row.stacked = params.order == "lifo"


@compilable
def take(world: World, i: int, part: int, link: int) -> None:
    """Store the part; the first in order is on offer."""
    place = world.place[i]
    if place.stacked != 0:
        hold_first(world, i, part)
        place.offer = NONE
    else:
        hold(world, i, part)
    hide(world, part)
    if place.offer == NONE and place.down == 0:
        place.offer = place.first


@compilable
def blocked(world: World, i: int) -> None:
    """The oldest part can't go on at once: store it."""
    enter_state(world, i, WORKING)


@compilable
def gave(world: World, i: int, part: int) -> None:
    """Offer the next part."""
    place = world.place[i]
    let_go(world, i)
    if place.count > 0:
        place.offer = place.first


@compilable
def starved(world: World, i: int) -> None:
    """Nothing is left, and nothing comes at once."""
    enter_state(world, i, STARVED)


@compilable
def halt(world: World, i: int) -> None:
    """Neither take nor give."""
    world.place[i].offer = NONE


@compilable
def resume(world: World, i: int) -> None:
    """Offer the first part again."""
    place = world.place[i]
    enter_state(world, i, WORKING if place.count > 0 else STARVED)
    if place.count > 0:
        place.offer = place.first
    announce(world, i)
