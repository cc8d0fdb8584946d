"""Commands: the only way from outside into a running plant, each stamped with a tick."""

from dataclasses import dataclass

from twin.core.failure import EMERGENCY, HELD, STOPPED
from twin.engine import kernel

__all__ = ["ACTIONS", "REASONS", "ZONED", "Command"]

ACTIONS = {
    "stop": kernel.STOP,
    "start": kernel.START,
    "fail": kernel.FAIL_NOW,
    "set": kernel.WATCH,
    "route": kernel.ANSWER,
    "reset": kernel.RESET,
    "estop": kernel.STOP,
    "clear": kernel.START,
    "hold": kernel.STOP,
    "release": kernel.START,
    "order": kernel.START,
    "withdraw": kernel.START,
    "return": kernel.START,
    "seed": kernel.GO_ON,
}

# Why a place is down after a command, or no more: each reason has to end by itself.
REASONS = {
    "stop": STOPPED, "start": STOPPED, "estop": EMERGENCY, "clear": EMERGENCY, "hold": HELD,
    "release": HELD,
}  # fmt: skip
ZONED = ("estop", "clear")  # act on all equipment below a prim path


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is asked of a place, or of the whole run.

    `stop` and `start` need nothing more, `fail` a `value` [s] for which the place is down, and
    `set` an `attribute` such as twin:processTime with its new `value` in the attribute's unit.
    `route` answers a router that asks: `value` is the number of the exit. `reset`, at the end of
    a warm-up, begins all statistics anew; it has no path.

    `estop` stops a place, or all equipment below a prim path, until `clear`; `start` does not lift
    it. `hold` keeps the one part that a place has there, until `release`; a `value` > 0 must be
    its serial number. `order` lets a source make a part at once; `attribute` may name its product.
    `withdraw` lets a vehicle end its task, go home and get no other, until `return`. `seed` draws
    all that is random anew from here on, by the seed `attribute` and the replication `value`; it
    has no path.
    """

    action: str
    path: str = ""
    attribute: str = ""
    value: float = 0.0
    tick: int = -1  # when it was carried out; the simulation fills it in
