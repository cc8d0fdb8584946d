"""Commands: the only way from outside into a running plant, each stamped with a tick."""

from dataclasses import dataclass

from twin.engine import kernel

__all__ = ["ACTIONS", "Command"]

ACTIONS = {
    "stop": kernel.STOP,
    "start": kernel.START,
    "fail": kernel.FAIL_NOW,
    "set": kernel.WATCH,
    "route": kernel.ANSWER,
    "reset": kernel.RESET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is asked of a place, or of the whole run.

    `stop` and `start` need nothing more, `fail` a `value` [s] for which the place is down, and
    `set` an `attribute` such as twin:processTime with its new `value` in the attribute's unit.
    `route` answers a router that asks: `value` is the number of the exit. `reset`, at the end of
    a warm-up, begins all statistics anew; it has no path.
    """

    action: str
    path: str = ""
    attribute: str = ""
    value: float = 0.0
    tick: int = -1  # when it was carried out; the simulation fills it in
