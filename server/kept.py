"""A run's durable journal: what is acknowledged outlives the process, however that ends."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from server.orders import Order
from server.refusal import RefusalError
from server.run import Run
from server.spec import RunSpec
from twin.core.record import EVENT
from twin.engine.command import Command
from twin.errors import RunError
from twin.journal import CommandRow, Keeper, RunRecord, open_store, recover
from twin.plant import Plant

__all__ = ["Kept"]

DURABLE_WITHIN = 30.0  # s; a disk that takes longer is as good as lost


class Kept:
    """The journal of one run, held by its process; makes the run anew from it."""

    def __init__(self, spec: RunSpec, plant: Plant) -> None:
        """Open the run's journal, or begin one.

        Raises:
            CommandError: another process has it open, or nothing can be written there.
            RefusalError: the scene is another one than that of the run.
            RunError: it is damaged beyond repair.
        """
        store = open_store(spec.journal)
        self.is_new = all(record.id != spec.id for record in store.runs())
        self._spec = spec
        self._plant = plant
        self._run = store.create(_record(spec, plant)) if self.is_new else store.open(spec.id)
        if self._run.record.plant != plant.digest:
            self._run.close()
            rule = f"run {spec.id} was made from the scene as it was before it changed"
            raise RefusalError("scene", f"{spec.scene} {rule}; bring that back, or make a new run")
        self.keeper = Keeper(self._run, plant)

    @property
    def damage(self) -> Sequence[str]:
        """What was found damaged at opening, and what became of it, a sentence each."""
        return self._run.damage

    def make_run(self) -> Run:
        """The run: a new one with the commands of its spec, or as it was when it ended.

        Raises:
            CommandError: the plant is not the one of the run, or a command can't be carried out.
            RunError: a command is lost.
        """
        spec, plant = self._spec, self._plant
        if self.is_new:
            run = Run(plant, seed=spec.seed, interpreted=spec.interpreted, keeper=self.keeper)
            commands = [Command(**each) for each in spec.commands]
            run.catch_up(commands, spec.until, told=self._inherit)
            self.keeper.settle(run.now, whole=True)
            return run
        run = Run(plant, seed=spec.seed, interpreted=spec.interpreted)
        sim = recover(self._run, plant, keeper=self.keeper, interpreted=spec.interpreted)
        self.keeper.settle(sim.now, whole=True)
        self._run.flush()
        rows = [row for row in self._run.commands() if not row.refused and row.action != "route"]
        run.take_up(sim, [row.command for row in rows], self._events(), keeper=self.keeper)
        return run

    def orders(self) -> list[Order]:
        """All commands that were given, those rejected among them."""
        return [_order(row) for row in self._run.commands() if row.action != "route"]

    def find(self, key: str) -> Order | None:
        """The command that came with an idempotency key."""
        row = self._run.find(key)
        return None if row is None else _order(row)

    def keep(self, order: Order) -> Order:
        """Make a command durable; returns it with its number.

        Raises:
            RunError: it could not be written: it must not be acknowledged.
        """
        if order.carried is not None:
            row = CommandRow.of(order.carried)
        else:
            value = 0.0 if order.value is None else order.value
            row = CommandRow(
                tick=order.tick, action=order.action, path=order.path, attribute=order.attribute,
                value=value, refused=order.reason or "refused",
            )  # fmt: skip
        row = replace(
            row, key=order.key, correlation=order.correlation, issuer=order.issuer,
            received=time.time(),
        )  # fmt: skip
        try:
            kept = self._run.submit(row).result(DURABLE_WITHIN)
        except TimeoutError:
            rule = f"the journal has not written for {DURABLE_WITHIN:g} s"
            raise RunError(f"{rule}; see to its disk, then start the run again") from None
        return replace(order, number=kept.sequence)

    def finish(self, run: Run) -> None:
        """Keep all that has happened, and let the journal go."""
        with suppress(RunError):
            run.go_live()
            self.keeper.finish(run.sim)
        self._run.close()

    def _inherit(self, command: Command) -> None:
        self._run.submit(CommandRow.of(command))

    def _events(self) -> Any:
        """All events that are kept; none where the journal has dropped some."""
        try:
            return self._run.events()
        except RunError:
            return np.zeros(0, EVENT)


def _record(spec: RunSpec, plant: Plant) -> RunRecord:
    return RunRecord(
        id=spec.id, scene=spec.scene, scenarios=spec.scenarios, overrides=spec.overrides,
        plant=plant.digest, seed=spec.seed, parent=spec.parent, parent_tick=spec.parent_tick,
        created=spec.created,
    )  # fmt: skip


def _order(row: CommandRow) -> Order:
    return Order(
        number=row.sequence, action=row.action, path=row.path, attribute=row.attribute,
        value=row.value, key=row.key, correlation=row.correlation, issuer=row.issuer,
        state="rejected" if row.refused else "done", tick=row.tick, reason=row.refused,
        carried=None if row.refused else row.command,
    )  # fmt: skip
