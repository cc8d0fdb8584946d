"""Sink: where finished parts leave the plant and are counted."""

from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.agenda import announce
from twin.core.compiled import compilable
from twin.core.parameters import Params
from twin.core.parts import hold, let_go, remove_part
from twin.core.state import STARVED, enter_state
from twin.core.world import World

__all__ = ["COLUMNS", "PARAMS", "Sink", "load", "resume", "take"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink(Params):
    """Takes every part at once and counts it, with its lead time."""

    gives: ClassVar[bool] = False


PARAMS = Sink
COLUMNS: list[tuple[str, str]] = []


def load(row: Any, params: Sink) -> None:
    """Write the parameters into a place's row."""
    row.capacity = 1


@compilable
def take(world: World, i: int, part: int, link: int) -> None:
    """Count the part and its lead time, and let it leave the plant."""
    hold(world, i, part)
    let_go(world, i)
    remove_part(world, i, part)


@compilable
def resume(world: World, i: int) -> None:
    """Take parts again."""
    enter_state(world, i, STARVED)
    announce(world, i)
