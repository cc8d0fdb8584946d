"""A simulation with a short memory: it can go back to what is shown, and forgets what is past."""

from typing import Any

from server.figures import Ledger
from server.tape import Tape
from twin.engine.command import Command
from twin.engine.simulation import Simulation, Snapshot
from twin.plant import Plant

__all__ = ["Run"]

FAILURE = 60.0  # s
ROWS = 4096  # kept before those no longer needed are dropped


class Run:
    """A run, what it said lately, and its figures."""

    def __init__(self, plant: Plant, *, seed: int, interpreted: bool = False) -> None:
        """Make the run at tick 0; this compiles the engine where that has not been done before.

        Raises:
            SceneError: the plant breaks a rule.
        """
        self.plant = plant
        self.tape = Tape(plant)
        self.ledger = Ledger(plant)
        self._replaying = False
        self.sim = Simulation(plant, seed=seed, motion=True, recorder=self, interpreted=interpreted)
        self.sim.advance(0)
        self._beginning = self.sim.snapshot()
        self.restart()

    @property
    def now(self) -> int:
        """The tick up to which everything has happened."""
        return self.sim.now

    def record(self, events: Any, segments: Any) -> None:
        """Keep log rows; this makes a `twin.engine.simulation.Recorder`."""
        if not self._replaying:
            self.tape.record(events, segments)
            self.ledger.record(events)

    def command(self, command: Command) -> None:
        """Keep a command that was carried out."""
        self.tape.command(command)

    def restart(self) -> None:
        """Go back to tick 0; parameters are as in the scene again."""
        self.sim.restore(self._beginning)
        self.tape.begin(self.sim.world)
        self.ledger.clear()
        self._decided = 0  # tick of the last command: what it changed is not taken back
        self._snapshots: list[tuple[int, Snapshot]] = []
        self.note()
        self.save()

    def advance(self, tick: int) -> None:
        """Let everything happen up to a tick.

        Raises:
            RunError: events go round in a circle without time passing.
        """
        self.sim.advance(tick)

    def apply(self, command: Command) -> Command:
        """Carry a command out now.

        Raises:
            CommandError: it names what isn't there or breaks a rule; nothing has changed.
        """
        stamped = self.sim.apply(command)
        self._decided = self.now
        self.note()
        self.save()
        return stamped

    def repair_time(self, path: str) -> float:
        """How long a failure of a place lasts on average [s]; a minute if it never fails by itself.

        Raises:
            CommandError: there is no such place.
        """
        params = self.sim.params[self.plant.index(path)]
        return getattr(params, "mttr", 0.0) or FAILURE

    def go_back(self, shown: int) -> bool:
        """Take back what is later than a tick, but no command; false if there is nothing to do."""
        tick = max(shown, self._decided)
        if tick >= self.now:
            return False
        self._snapshots = [each for each in self._snapshots if each[0] <= tick]
        self.sim.restore(self._snapshots[-1][1])
        self._replaying = True
        self.sim.advance(tick)
        self._replaying = False
        self.tape.cut(tick)
        self.ledger.cut(tick)
        self.note()
        self.save()
        return True

    def note(self) -> None:
        """Take the figures as they are now."""
        self.ledger.note(self.sim)

    def save(self) -> None:
        """Take a snapshot, to come back to."""
        self._snapshots.append((self.now, self.sim.snapshot()))

    def forget(self, shown: int) -> None:
        """Drop what no longer matters once a tick is shown."""
        past = sum(tick <= shown for tick, _ in self._snapshots)
        self._snapshots = self._snapshots[max(0, past - 1) :]
        self.ledger.forget(shown)
        if self.tape.size > ROWS:
            self.tape.forget(shown)
