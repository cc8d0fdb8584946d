"""Exporters in lock-step: at each of their steps a run waits until they say that it may go on.

A step's ticks are the multiples of the step, counted from the run's beginning, so that what an
exporter is shown depends neither on when it came nor on how fast it is. Whoever is slower than it
promised is left behind, and the run goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from twin.errors import CommandError
from twin.units import TICKS_PER_SECOND

__all__ = ["MOST_GATES", "PATIENCE", "SHORTEST_STEP", "STEP_RATE", "LockStep"]

SHORTEST_STEP, LONGEST_STEP = 0.001, 3600.0  # s of the run
PATIENCE = (0.1, 600.0)  # s
MOST_GATES = 16
STEP_RATE = 80.0  # steps a second of an exporter: its answers must stay below the rate of messages


@dataclass(slots=True)
class _Gate:
    """One exporter."""

    step: float  # s of the run
    patience: float  # s
    due: int  # tick of its next step
    told: float | None = None  # when the run came there and began to wait [s]
    last: float = -inf  # when it was told of the step before [s]

    def next_at(self, tick: int, *, beyond: bool) -> int:
        """The first tick of the step at a tick or later; or, beyond it, later."""
        number = int(tick / TICKS_PER_SECOND / self.step) - 1
        while (at := self._at(number)) < tick or (beyond and at == tick):
            number += 1
        return at

    def _at(self, number: int) -> int:
        return round(number * self.step * TICKS_PER_SECOND)


class LockStep:
    """Says how far a run may go, and who is waited for."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Wait for nobody.

        Args:
            clock: gives the wall time [s].
        """
        self._clock = clock
        self._gates: dict[str, _Gate] = {}
        self._reached = -1  # tick to which the run has come

    def __len__(self) -> int:
        return len(self._gates)

    @property
    def limit(self) -> int:
        """The tick beyond which the run may not go; call it only while somebody is waited for."""
        return min(gate.due for gate in self._gates.values())

    def open(self, name: str, step: float, patience: float, now: int) -> int:
        """Take an exporter in; returns the tick of its first step.

        Args:
            name: of the client.
            step: s of the run.
            patience: s that it may take for one.
            now: tick that the run has reached.

        Raises:
            CommandError: a number is out of range, or there are too many.
        """
        if not SHORTEST_STEP <= step <= LONGEST_STEP:
            rule = f"step must be >= {SHORTEST_STEP:g} and <= {LONGEST_STEP:g} s"
            raise CommandError(f"{rule}, got {step:g}")
        least, most = PATIENCE
        if not least <= patience <= most:
            rule = f"patience must be >= {least:g} and <= {most:g} s"
            raise CommandError(f"{rule}, got {patience:g}")
        if len(self._gates) >= MOST_GATES and name not in self._gates:
            raise CommandError(f"a run waits for at most {MOST_GATES} exporters")
        gate = _Gate(step, patience, 0)
        gate.due = gate.next_at(now, beyond=False)
        self._gates[name] = gate
        return gate.due

    def done(self, name: str, tick: int) -> None:
        """An exporter has all it wants of what was up to a tick.

        Raises:
            CommandError: nobody waits for it: it was too slow, or never asked.
        """
        gate = self._gates.get(name)
        if gate is None:
            rule = "the run does not wait for this client"
            raise CommandError(f"{rule}: it took longer than its patience, or never asked for it")
        if gate.due <= min(tick, self._reached):
            gate.told = None
            gate.due = gate.next_at(gate.due, beyond=True)

    def close(self, name: str) -> None:
        """Wait for an exporter no longer."""
        self._gates.pop(name, None)

    def reach(self, tick: int) -> list[float]:
        """The run has come to a tick: the steps [s] of those who are to be told so."""
        now = self._clock()
        self._reached = tick
        steps: list[float] = []
        for gate in self._gates.values():
            if gate.due == tick and gate.told is None and now - gate.last >= 1.0 / STEP_RATE:
                gate.told = gate.last = now
                steps.append(gate.step)
        return sorted(set(steps))

    def leave_behind(self) -> list[tuple[str, float]]:
        """Wait no longer for those who have taken too long: their names and patience [s]."""
        now = self._clock()
        late = [
            (name, gate.patience)
            for name, gate in self._gates.items()
            if gate.told is not None and now - gate.told > gate.patience
        ]
        for name, _ in late:
            self.close(name)
        return late
