"""The past of a run: snapshots, ever farther apart, and the commands that were carried out.

From the snapshot before a tick and the commands since then, the state at the tick follows exactly.
"""

from typing import Any, NamedTuple

from twin.engine.command import Command
from twin.engine.simulation import Simulation, Snapshot

__all__ = ["Past", "Point"]

MOST = 64  # snapshots
MOST_BYTES = 256 * 2**20  # of all snapshots
NEWEST = 8  # are never thinned out
STRIDE = 5_000_000  # ticks between two snapshots at first


class Point(NamedTuple):
    """A state of the run: at a tick, after so many commands."""

    tick: int
    commands: int
    snapshot: Snapshot


class Past:
    """What is needed to go back to any tick of a run."""

    def __init__(self, beginning: Snapshot) -> None:
        """Begin with the state at tick 0."""
        self.commands: list[Command] = []
        self._points = [Point(0, 0, beginning)]
        self._stride = STRIDE

    def __len__(self) -> int:
        return len(self._points)

    def add(self, command: Command) -> None:
        """Note a command that was carried out, later than all others."""
        self.commands.append(command)

    def save(self, sim: Simulation, *, always: bool = False) -> bool:
        """Take a snapshot, unless the last one is near enough; returns whether it did."""
        last = self._points[-1]
        if not always and sim.now - last.tick < self._stride:
            return False
        point = Point(sim.now, len(self.commands), sim.snapshot())
        if last.tick == point.tick and last.commands == point.commands and len(self._points) > 1:
            self._points.pop()
        self._points.append(point)
        self._thin_out()
        return True

    def before(self, tick: int) -> Point:
        """The last snapshot at or before a tick."""
        return next(each for each in reversed(self._points) if each.tick <= tick)

    def between(self, point: Point, tick: int) -> list[Command]:
        """The commands after a snapshot, up to and including a tick."""
        return [each for each in self.commands[point.commands :] if each.tick <= tick]

    def cut(self, tick: int) -> None:
        """Drop what is later than a tick: it will not happen."""
        self._points = [each for each in self._points if each.tick <= tick]
        self.commands = [each for each in self.commands if each.tick <= tick]

    def _thin_out(self) -> None:
        while len(self._points) > MOST or (
            len(self._points) > NEWEST + 2 and self._bytes() > MOST_BYTES
        ):
            first, *older = self._points[:-NEWEST]
            self._points = [first, *older[1::2], *self._points[-NEWEST:]]
            self._stride *= 2

    def _bytes(self) -> int:
        tables: Any = self._points[-1].snapshot.tables
        return len(self._points) * sum(int(table.nbytes) for table in tables)
