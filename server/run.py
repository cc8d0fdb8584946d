"""A simulation with its past: it can go back to any tick and forward again to where it has come.

Where it has come farthest is its head. There it is live: commands act, and its recorder keeps what
happens. Behind the head it shows its past: the same happens again, and nothing can be changed.
"""

from collections.abc import Callable, Sequence
from typing import Any

from server.figures import Ledger
from server.past import Past, Point
from server.tape import Note, Tape
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError, RunError
from twin.journal import Keeper
from twin.plant import Plant
from twin.units import to_seconds

__all__ = ["Run"]

FAILURE = 60.0  # s
HASTE = 60_000_000  # ticks between two points in the history of a run that catches up, or more
HASTE_SLICES = 120
ROWS = 4096  # kept before those no longer needed are dropped


class Run:
    """A run, what it said lately, its figures and its past."""

    def __init__(
        self,
        plant: Plant,
        *,
        seed: int,
        interpreted: bool = False,
        keeper: Keeper | None = None,
    ) -> None:
        """Make the run at tick 0; this compiles the engine where that has not been done before.

        Args:
            plant: what exists.
            seed: of all random streams.
            interpreted: run the engine as plain Python.
            keeper: who makes durable what happens at the head.

        Raises:
            SceneError: the plant breaks a rule.
        """
        self.plant = plant
        self.tape = Tape(plant)
        self.ledger = Ledger(plant)
        self._keeper = keeper
        self._replaying = False
        self._unkept = False  # a snapshot is due that the keeper has not taken yet
        self._head: tuple[Point, list[Note]] | None = None  # while the past is shown
        self.sim = Simulation(plant, seed=seed, motion=True, recorder=self, interpreted=interpreted)
        self.sim.advance(0)
        self._beginning = self.sim.snapshot()
        self._seed = seed
        self.restart()

    @property
    def now(self) -> int:
        """The tick up to which everything has happened."""
        return self.sim.now

    @property
    def head(self) -> int:
        """The farthest tick that the run has reached."""
        return self.now if self._head is None else self._head[0].tick

    @property
    def is_live(self) -> bool:
        """Whether it is at its head, where commands act."""
        return self._head is None

    @property
    def commands(self) -> Sequence[Command]:
        """All commands that were carried out, in their order."""
        return self.past.commands

    def record(self, events: Any, segments: Any) -> None:
        """Keep log rows; this makes a `twin.engine.simulation.Recorder`."""
        if self._keeper is not None and self._head is None and not self._replaying:
            self._keeper.record(events, segments)
        if not self._replaying:
            self.tape.record(events, segments)
        if self._head is None and not self._replaying:
            self.ledger.record(events)

    def command(self, command: Command) -> None:
        """Keep a command that was carried out; a zone's are told one by one."""
        if not self._replaying:
            self.tape.command(command)
            if self._keeper is not None and self._head is None:
                self._keeper.command(command)

    def restart(self) -> None:
        """Go back to tick 0; parameters are as in the scene again, and nothing has happened."""
        self.sim.restore(self._beginning)
        self.sim.seed = self._seed
        self._head = None
        self.tape.begin(self.sim.world)
        self.ledger.clear()
        self._decided = 0  # tick of the last command: what it changed is not taken back
        self.past = Past(self._beginning)
        self.note()

    def take_up(
        self, sim: Simulation, commands: Sequence[Command], events: Any, *, keeper: Keeper
    ) -> None:
        """Go on where a durable journal ends.

        Args:
            sim: the run there.
            commands: all that were carried out.
            events: all that happened, dtype EVENT.
            keeper: who makes durable what happens from here on.
        """
        self._keeper = keeper
        self.sim.restore(sim.snapshot())
        self.sim.seed, self.sim.replication = sim.seed, sim.replication
        self.ledger.record(events)
        self.past.commands.extend(commands)
        self._decided = self.now
        self.tape.begin(self.sim.world)
        self.note()
        self.save(always=True)

    def catch_up(
        self,
        commands: Sequence[Command],
        until: int,
        *,
        told: Callable[[Command], None] = lambda _: None,
    ) -> None:
        """Go on to a tick at once, with commands at their ticks, and keep the past of that way.

        Args:
            commands: in their order.
            until: the tick.
            told: called with each that was carried out.

        Raises:
            CommandError: a command can't be carried out.
            RunError: the run can't go on.
        """
        for command in commands:
            self._hasten(command.tick)
            told(self.apply(command))
        self._hasten(until)

    def _hasten(self, tick: int) -> None:
        stride = max(HASTE, (tick - self.now) // HASTE_SLICES)
        while self.now < tick:
            self.advance(min(tick, self.now + stride))
            self.note()
            self.save()
            self.tape.forget(self.now)
            self._settle(self.now)

    def advance(self, tick: int) -> None:
        """Let everything happen up to a tick; in the past, what happened then.

        Raises:
            RunError: events go round in a circle without time passing.
        """
        if self._head is None:
            self.sim.advance(tick)
            return
        head = self._head[0]
        self._repeat(Point(self.now, self._done, self._beginning), min(tick, head.tick))
        if self.now == head.tick and self._done == head.commands:
            self._come_back()
            self.sim.advance(max(tick, self.now))

    def apply(self, command: Command) -> Command:
        """Carry a command out now.

        Raises:
            CommandError: it names what isn't there or breaks a rule, or the past is shown; nothing
                has changed.
        """
        if self._head is not None:
            where = f"{to_seconds(self.now):.3f} s of {to_seconds(self.head):.3f} s"
            raise CommandError(f"the run shows its past, {where}; go live, or fork it here")
        stamped = self.sim.apply(command)
        self.past.add(stamped)
        self._decided = self.now
        self.note()
        self.save(always=True)
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
        if tick >= self.now or self._head is not None:
            return False
        self._restore(tick)
        self.past.cut(tick)
        self.tape.cut(tick)
        self.ledger.cut(tick)
        if self._keeper is not None:
            self._keeper.cut(tick)
        self.note()
        return True

    def decide(self, tick: int) -> None:
        """Take nothing back any more up to a tick: somebody relies on it."""
        if self._head is None:
            self._decided = max(self._decided, tick)

    def seek(self, tick: int) -> None:
        """Show another tick of the past, or the head.

        Raises:
            CommandError: the run has not come so far.
        """
        if not 0 <= tick <= self.head:
            rule = f"tick must be >= 0 and <= {self.head}, as far as the run has come"
            raise CommandError(f"{rule}, got {tick}")
        if tick == self.head:
            self.go_live()
            return
        if self._head is None:
            point = Point(self.now, len(self.past.commands), self.sim.snapshot())
            self._head = (point, self.tape.notes)
        self._restore(tick)
        self.tape.begin(self.sim.world)
        self.ledger.show(self.sim)

    def go_live(self) -> None:
        """Go to the head."""
        if self._head is None:
            return
        self.sim.restore(self._head[0].snapshot)
        self._come_back()
        self.tape.begin(self.sim.world)
        self.ledger.show(self.sim)

    def note(self) -> None:
        """Take the figures as they are now."""
        if self._head is None:
            self.ledger.note(self.sim)
        else:
            self.ledger.show(self.sim)

    def save(self, *, always: bool = False) -> None:
        """Take a snapshot, to come back to."""
        if self._head is None and self.past.save(self.sim, always=always):
            self._unkept = True

    def forget(self, shown: int) -> None:
        """Drop what no longer matters once a tick is shown; it is settled then.

        Raises:
            RunError: the journal could not be written.
        """
        self.ledger.forget(shown)
        if self.tape.size > ROWS:
            self.tape.forget(shown)
        if self._head is None:
            self._settle(min(shown, self.now))

    def _settle(self, tick: int) -> None:
        """Let the keeper write what is not taken back any more."""
        if self._keeper is None:
            return
        if self._unkept:
            self._unkept = False
            self._keeper.take(self.sim)
        self._keeper.settle(tick)

    def _restore(self, tick: int) -> None:
        """The state at a tick, from the last snapshot before it."""
        self._replaying = True
        try:
            point = self.past.before(tick)
            self.sim.restore(point.snapshot)
            self._repeat(point, tick)
        finally:
            self._replaying = False

    def _repeat(self, point: Point, tick: int) -> None:
        """Let everything happen again up to a tick, with the commands after a point."""
        repeated = self.past.between(point, tick)
        for command in repeated:
            self.sim.advance(command.tick)
            self.sim.apply(command)
        self.sim.advance(tick)
        self._done = point.commands + len(repeated)

    def _come_back(self) -> None:
        """Be live again; what was replayed must be what was there.

        Raises:
            RunError: it is not.
        """
        assert self._head is not None
        (point, notes), self._head = self._head, None
        self.tape.notes = notes
        if self.sim.digest() != point.snapshot.digest:
            self.sim.restore(point.snapshot)
            where = f"{to_seconds(point.tick):.6f} s"
            raise RunError(f"replaying the run gave another state at {where}; this is our fault")
