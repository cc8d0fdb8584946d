"""Commands as a run's record keeps them: carried out once, answered alike when they come again.

For every place there is what was asked of it (desired) and what it does (reported).
"""

import dataclasses
from dataclasses import dataclass, replace
from typing import Any, Protocol

from server.live import Live
from server.refusal import RefusalError
from twin.core.failure import EMERGENCY, FAILED, HELD, OFF, STOPPED
from twin.core.parameters import parameters
from twin.core.state import STATES
from twin.engine.command import ACTIONS, Command
from twin.errors import CommandError, RunError, nearest

__all__ = ["BY_HAND", "Order", "Orders"]

MOST_KEPT = 10_000  # records; the oldest are forgotten
BY_HAND = tuple(action for action in ACTIONS if action != "route")  # what people may ask
DOWN_REASONS = {
    "failed": FAILED, "stopped": STOPPED, "off shift": OFF, "emergency stop": EMERGENCY,
    "on hold": HELD,
}  # fmt: skip
ENDS = {"start": "stop", "clear": "estop", "release": "hold", "return": "withdraw"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command: what was asked, by whom, and what became of it."""

    number: int  # 1 for the run's first
    action: str
    path: str = ""
    attribute: str = ""
    value: float | None = None  # as it was carried out; None: to be what it is on average
    key: str = ""  # idempotency key
    correlation: str = ""  # ties it to the request that it came with
    issuer: str = ""
    state: str = "done"  # or rejected
    tick: int = 0  # at which it was carried out, or rejected
    reason: str = ""  # why it was rejected
    carried: Command | None = None  # as the engine carried it out

    def answers(self, wanted: "Order") -> bool:
        """Whether another one asks for the same; a value left out is like any."""
        same = (self.action, self.path, self.attribute) == (
            wanted.action, wanted.path, wanted.attribute,
        )  # fmt: skip
        return same and (None in (self.value, wanted.value) or self.value == wanted.value)

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values."""
        return dataclasses.asdict(self)


class Keep(Protocol):
    """Who makes commands durable."""

    def find(self, key: str) -> Order | None:
        """The command that came with an idempotency key."""
        ...

    def keep(self, order: Order) -> Order:
        """Make one durable; returns it with its number.

        Raises:
            RunError: it could not be written: it must not be acknowledged.
        """
        ...


class Orders:
    """Carries commands out on a live run, and remembers them."""

    def __init__(self, live: Live, *, keep: Keep | None = None) -> None:
        """Begin without any.

        Args:
            live: the run.
            keep: makes each durable before it is answered; None: they live in memory.
        """
        self._live = live
        self._keep = keep
        self._kept: dict[int, Order] = {}
        self._by_key: dict[str, Order] = {}
        self._last = 0
        self._broken: RunError | None = None  # the journal can't be written any more

    def remember(self, order: Order) -> None:
        """Take over one that was given before, from a journal or a parent."""
        self._last = max(self._last, order.number)
        self._kept[order.number] = order
        if order.key:
            self._by_key[order.key] = order
        if len(self._kept) > MOST_KEPT:
            oldest = self._kept.pop(next(iter(self._kept)))
            if self._by_key.get(oldest.key) is oldest:
                del self._by_key[oldest.key]

    def perform(self, wanted: Order) -> Order:
        """Carry a command out at what is shown, or give the answer that it had before.

        Raises:
            RefusalError: its key came with another command.
        """
        if self._broken is not None:
            raise self._broken
        known = self._known(wanted.key) if wanted.key else None
        if known is not None:
            if not known.answers(wanted):
                rule = f"key {wanted.key!r} came with another command, number {known.number}"
                raise RefusalError("refused", f"{rule}; use a new key", wanted.path)
            return known
        wanted = replace(wanted, number=self._last + 1)
        try:
            command = self._live.command(self._complete(wanted))
            order = replace(wanted, tick=command.tick, value=command.value, carried=command)
        except CommandError as error:
            order = replace(
                wanted, value=wanted.value or 0.0, state="rejected", tick=self._live.shown,
                reason=str(error),
            )  # fmt: skip
        if self._keep is not None:
            order = self._kept_by(self._keep, order)
        self.remember(order)
        return order

    def _known(self, key: str) -> Order | None:
        known = self._by_key.get(key)
        return known if known is not None or self._keep is None else self._keep.find(key)

    def _kept_by(self, keep: Keep, order: Order) -> Order:
        """Make a command durable, or let the run stand: it has done what nobody will know of."""
        try:
            return keep.keep(order)
        except RunError as error:
            self._broken = error
            self._live.play(playing=False)
            raise

    def listed(self, after: int = 0, most: int = 100) -> list[dict[str, Any]]:
        """Those behind a number, oldest first."""
        rows = [order.to_json() for order in self._kept.values() if order.number > after]
        return rows[:most]

    def place(self, path: str) -> dict[str, Any]:
        """What is desired of a place, and what it reports.

        Raises:
            CommandError: there is no such place.
        """
        row = self._live.run.plant.index(path)
        return {"path": path, "desired": self._desired(path), "reported": self._reported(row)}

    def _complete(self, wanted: Order) -> Command:
        """The command as the engine takes it: a failure without a value lasts as on average."""
        if wanted.action not in BY_HAND:
            hint = nearest(wanted.action, BY_HAND)
            raise CommandError(f"{wanted.path} has no action {wanted.action!r}; {hint}")
        value = wanted.value
        if value is None:
            failing = wanted.action == "fail"
            value = self._live.run.repair_time(wanted.path) if failing else 0.0
        return Command(
            action=wanted.action, path=wanted.path, attribute=wanted.attribute, value=value
        )

    def _desired(self, path: str) -> dict[str, Any]:
        """What commands ask of a place, the last of each kind."""
        reasons: dict[str, bool] = {}
        values: dict[str, float] = {}
        for command in self._live.run.commands:
            if command.path != path and not path.startswith(command.path.rstrip("/") + "/"):
                continue
            if command.action == "set" and command.path == path:
                values[command.attribute] = command.value
            elif command.action in ENDS.values():
                reasons[command.action] = True
            elif command.action in ENDS:
                reasons[ENDS[command.action]] = False
        asked = [reason for reason, holds in reasons.items() if holds]
        return {"running": not set(asked) - {"withdraw"}, "reasons": asked, "parameters": values}

    def _reported(self, row: int) -> dict[str, Any]:
        sim = self._live.run.sim
        place, params = sim.world.place[row], sim.params[row]
        down = int(place.down)
        live = [each for each in parameters(type(params)) if each.live]
        return {
            "tick": sim.now,
            "state": STATES[int(place.state)],
            "running": down == 0,
            "reasons": [name for name, bit in DOWN_REASONS.items() if down & bit],
            "parts": int(place["count"]),
            "completed": int(place.passed),
            "parameters": {each.usd_name: getattr(params, each.name) for each in live},
        }
