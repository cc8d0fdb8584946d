"""Commands: the only way from outside into a running plant, each stamped with a tick."""

from dataclasses import dataclass

from twin.core.compiled import compilable
from twin.core.world import World
from twin.engine.breakdown import fail_for, start_again, stop, watch_clock
from twin.engine.transfer import settle

__all__ = ["ACTIONS", "FAIL", "SET", "START", "STOP", "Command", "carry_out"]

ACTIONS = ("stop", "start", "fail", "set")
STOP, START, FAIL, SET = ACTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is asked of a place.

    `stop` and `start` need nothing more, `fail` a `value` [s] for which the place is down, and `set`
    an `attribute` such as twin:processTime with its new `value` in the attribute's unit.
    """

    action: str
    path: str
    attribute: str = ""
    value: float = 0.0
    tick: int = -1  # when it was carried out; the simulation fills it in


@compilable
def carry_out(world: World, i: int, action: int, ticks: int) -> None:
    """Do an action, by its row in ACTIONS, at place `i` now; `set` has changed the row already."""
    if action == 0:
        stop(world, i)
    elif action == 1:
        start_again(world, i)
    elif action == 2:
        fail_for(world, i, ticks)
    elif world.place[i].to_failure == 0:
        watch_clock(world, i)
    settle(world)
