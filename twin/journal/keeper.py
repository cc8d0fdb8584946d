"""Takes over what a simulation tells, and hands it to a store when nothing can change it any more.

A live run is a little ahead of what is shown, and goes back when someone intervenes. So rows wait
here until their tick is settled; only then are they the run's.
"""

from typing import Any, NamedTuple

import numpy as np

from twin.core.record import EVENT
from twin.engine.command import Command
from twin.engine.simulation import Simulation, Snapshot
from twin.errors import CommandError
from twin.journal.column import Rows
from twin.journal.packing import packed_snapshot
from twin.journal.store import Batch, CommandRow, Mark, RunStore, SnapshotRow
from twin.motion import SEGMENT
from twin.plant import Plant

__all__ = ["Keeper"]

WHOLE = 1 << 16  # rows that are worth a batch


class _Waiting(NamedTuple):
    mark: Mark
    snapshot: Snapshot


class Keeper:
    """A `twin.engine.simulation.Recorder` that writes to a store; of one thread.

    Commands go to the store by themselves, as they are acknowledged there. Only answers of routing
    rules, which nobody waits for, are handed over here.
    """

    def __init__(self, run: RunStore, plant: Plant) -> None:
        self.run = run
        self.muted = False  # True while a past that is kept already is played again
        self.replaying = False  # True while recorded commands are carried out again
        self._plant = plant
        self._settled = run.until.tick
        self._events: list[Rows] = []
        self._segments: list[Rows] = []
        self._snapshots: list[_Waiting] = []

    def record(self, events: Any, segments: Any) -> None:
        """Keep log rows, of dtypes EVENT and SEGMENT, in the order of their ticks."""
        if self.muted:
            return
        if len(events):
            self._events.append(events)
        if len(segments):
            self._segments.append(segments)

    def command(self, command: Command) -> None:
        """Keep a command that was carried out, if it is the answer of a rule.

        What is up to its tick is settled by that, as no one goes back behind a decision.
        """
        self._settled = max(self._settled, command.tick)
        if command.action == "route" and not self.muted and not self.replaying:
            self.run.submit(CommandRow.of(command))

    def take(self, simulation: Simulation) -> None:
        """Take a snapshot, which is kept once its tick is settled."""
        mark = Mark(simulation.now, self.run.sequence)
        self._snapshots = [each for each in self._snapshots if each.mark < mark]
        self._snapshots.append(_Waiting(mark, simulation.snapshot()))

    def cut(self, tick: int) -> None:
        """Drop what is later than a tick: it will not happen.

        Raises:
            CommandError: it has happened, as its tick is settled.
        """
        if tick < self._settled:
            rule = f"what is up to tick {self._settled} is settled"
            raise CommandError(f"can't go back to tick {tick}: {rule}; fork the run there")
        self._events = [rows[rows["tick"] <= tick] for rows in self._events]
        self._segments = [rows[rows["tick"] <= tick] for rows in self._segments]
        self._snapshots = [each for each in self._snapshots if each.mark.tick <= tick]

    def settle(self, tick: int, *, whole: bool = False) -> None:
        """Say that nothing up to a tick will change; hand it over when it is worth a batch.

        Args:
            tick: at most the run's now.
            whole: hand it over however little it is.

        Raises:
            RunError: a write to the store has failed.
        """
        self._settled = max(self._settled, tick)
        count = sum(map(len, self._events)) + sum(map(len, self._segments))
        due = [each for each in self._snapshots if each.mark.tick <= self._settled]
        if whole or due or count >= WHOLE:
            self._hand_over(due)

    def _hand_over(self, snapshots: list[_Waiting]) -> None:
        mark = Mark(self._settled, self.run.sequence)
        events, self._events = _parted(self._events, self._settled, EVENT)
        segments, self._segments = _parted(self._segments, self._settled, SEGMENT)
        if mark > self.run.until or len(events) or len(segments):
            self.run.append(Batch(until=mark, events=events, segments=segments))
        for each in snapshots:
            content = packed_snapshot(each.snapshot, self._plant)
            digest = each.snapshot.digest
            self.run.put_snapshot(SnapshotRow(mark=each.mark, digest=digest, content=content))
        self._snapshots = [each for each in self._snapshots if each not in snapshots]

    def finish(self, simulation: Simulation) -> None:
        """Keep all up to now, with a snapshot of it; it is durable when this returns."""
        self.take(simulation)
        self.settle(simulation.now, whole=True)
        self.run.flush()


def _parted(pieces: list[Rows], tick: int, dtype: Any) -> tuple[Rows, list[Rows]]:
    """Rows up to a tick, and what is later."""
    rows: Rows = np.concatenate([np.zeros(0, dtype), *pieces])
    count = int(np.searchsorted(rows["tick"], tick, "right"))
    return rows[:count], [rows[count:]] if count < len(rows) else []
