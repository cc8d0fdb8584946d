"""Pool: people or crews that places ask for, such as operators or repair crews."""

from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.parameters import Params, param
from twin.core.resource import serve_next
from twin.core.state import STARVED, enter_state
from twin.core.world import World

__all__ = ["COLUMNS", "PARAMS", "Pool", "attend", "load", "resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Params):
    """A number of people, all with the same skills, lent to places one request after another."""

    takes: ClassVar[bool] = False
    gives: ClassVar[bool] = False

    size: int = param(1, ge=1, le=10_000, doc="How many there are.")
    skills: tuple[str, ...] = param((), doc="What each of them can do; empty is everything.")
    walking_speed: float = param(
        0.0, unit="m/s", ge=0, le=10, doc="Speed to the place that asks; 0: they are there at once."
    )


PARAMS = Pool
COLUMNS = [("first_asking", "i8"), ("free", "i8")]


def load(row: Any, params: Pool) -> None:
    """Write the parameters into a place's row."""
    row.first_asking = -1
    row.free = params.size


@compilable_apart
def attend(world: World, i: int) -> int:
    """Give to the first in the queue, if there are enough."""
    return serve_next(world, i)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Back on shift: serve the queue."""
    enter_state(world, i, STARVED)
    announce(world, i)
