"""A run in memory: its plant, seed and commands, and every event and segment that followed."""

from functools import cached_property
from typing import Any

import numpy as np

from twin.core.record import EVENT, MOVE
from twin.engine.command import Command
from twin.engine.layout import Layout, lay_out
from twin.engine.poses import Poses, poses_from
from twin.errors import CommandError
from twin.journal.column import Column, Rows
from twin.motion import SEGMENT, Timeline
from twin.plant import Plant

__all__ = ["COMMAND", "Journal"]

COMMAND = np.dtype(
    [
        ("tick", "i8"),  # when it was carried out, after everything else of that tick
        ("place", "i8"),  # row of the place, or -1
        ("action", "U8"),  # one of twin.engine.command.ACTIONS
        ("attribute", "U64"),  # of `set`, such as twin:processTime; see twin.engine.command
        ("value", "f8"),  # of `fail` [s], of `set` in the attribute's unit, of `route` an exit
    ]
)


class Journal:
    """Keeps what a simulation hands over; a `twin.engine.simulation.Recorder`.

    Give it to the simulation as its recorder, and say with `close` how far the run went. Rows of
    events name places by their row in the plant, see twin.core.record and twin.motion.segment.
    """

    def __init__(self, plant: Plant, *, seed: int = 0, replication: int = 0) -> None:
        """Begin the record of a run.

        Args:
            plant: what the run is of, as it was at tick 0.
            seed: that the run was made with.
            replication: that the run was made with.
        """
        self.plant = plant
        self.seed = seed
        self.replication = replication
        self._events = Column(EVENT)
        self._segments = Column(SEGMENT)
        self._commands = Column(COMMAND)
        self._until = 0
        self._timeline: Timeline | None = None

    @property
    def events(self) -> Rows:
        """All events in the order in which they happened, dtype EVENT, shape [n]."""
        return self._events.rows

    @property
    def segments(self) -> Rows:
        """All motion segments by rising tick, dtype SEGMENT, shape [n]."""
        return self._segments.rows

    @property
    def commands(self) -> Rows:
        """All commands that were carried out, dtype COMMAND, shape [n]."""
        return self._commands.rows

    @property
    def until(self) -> int:
        """The tick up to which everything that happened is here."""
        return self._until

    @cached_property
    def layout(self) -> Layout:
        """The static side of motion, which segments refer to."""
        return lay_out(self.plant)

    def record(self, events: Any, segments: Any) -> None:
        """Keep copies of log rows, in the order of their ticks."""
        self._events.append(events)
        self._segments.append(segments)
        self._timeline = None if len(segments) else self._timeline
        if len(events):
            self._until = max(self._until, int(events["tick"][-1]))

    def command(self, command: Command) -> None:
        """Keep a command that was carried out."""
        place = self.plant.index(command.path) if command.path else -1
        row = (command.tick, place, command.action, command.attribute, command.value)
        self._commands.append(np.array([row], COMMAND))
        self._until = max(self._until, command.tick)

    def close(self, until: int) -> None:
        """Say that nothing more happened up to a tick.

        Raises:
            CommandError: something later is recorded already.
        """
        if until < self._until:
            raise CommandError(f"a journal that goes to {self._until} can't be closed at {until}")
        self._until = until

    def command_of(self, row: Rows) -> Command:
        """One row of `commands`, as the simulation takes it."""
        return Command(
            action=str(row["action"]),
            path=self.plant.places[int(row["place"])].path if row["place"] >= 0 else "",
            attribute=str(row["attribute"]),
            value=float(row["value"]),
            tick=int(row["tick"]),
        )

    def poses(self, at: int) -> Poses:
        """Where everything was at any tick of the run.

        Raises:
            CommandError: the tick is outside the run, or the run was recorded without motion.
        """
        if not 0 <= at <= self._until:
            raise CommandError(f"a journal from 0 to {self._until} has no poses at {at}")
        if not len(self._segments) and (self.events["code"] == MOVE).any():
            raise CommandError("this journal holds no motion; record the run with motion=True")
        if self._timeline is None:
            self._timeline = Timeline.build(self.segments)
        return poses_from(self._timeline.at(at), self.layout, at)
