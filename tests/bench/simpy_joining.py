"""Assemblers and disassemblers for SimPy."""

from collections import Counter
from random import Random
from typing import Any

import simpy

from tests.bench.simpy_places import Part, Steps, Takers
from tests.bench.simpy_station import Workplace
from tests.bench.simpy_time import ALWAYS, Shifts
from twin.kinds.assembler import Assembler
from twin.kinds.disassembler import Disassembler

__all__ = ["Join", "TakeOff"]


class Join(Workplace):
    """Builds components into a base; a component's process ends here."""

    def __init__(
        self,
        env: simpy.Environment,
        params: Assembler,
        rng: Random,
        shifts: Shifts = ALWAYS,
        *,
        ranked: bool = False,
    ) -> None:
        super().__init__(env, params, rng, shifts, ranked=ranked)
        self.params = params
        self.components = frozenset(params.components)
        self.base: Part | None = None
        self.queue: list[tuple[Part, simpy.Event]] = []  # components at the places before
        self.inside: list[Part] = []
        self.missing = self._needs(None)
        self.complete: simpy.Event | None = None

    def claim(self, part: Part, rank: int) -> simpy.Event | None:
        if part.product not in self.components:
            return super().claim(part, rank)
        taken = self.env.event()
        self.queue.append((part, taken))
        self._take()
        return taken

    def keeps(self, part: Part) -> bool:
        return part.product in self.components

    def admit(self) -> Steps:
        """Wait for the shift; components have come in already."""
        yield from super().admit()

    def work(self, part: Part) -> Steps:
        """Bring the base in, wait for the last component, and work."""
        self.base = part
        if self.params.bases:
            self.missing = self._needs(part)
        self._take()
        yield from self._until_work(self.transfer)
        if self.missing:
            self.complete = self.env.event()
            yield self.complete
        now = self.env.now
        yield self.env.timeout(self.worked(now, self.service()) - now)
        part.attached += self.inside

    def leave(self, seat: Any) -> None:
        super().leave(seat)
        self.base, self.inside = None, []
        self.missing = self._needs(None)
        self._take()

    def _needs(self, base: Part | None) -> Counter[str]:
        """Components that a base needs; without one, those that any base needs."""
        params = self.params
        counts = params.counts or [1] * len(params.components)
        bases = params.bases or [base and base.product] * len(params.components)
        if base is None and (params.bases or params.match_own):
            return Counter()
        wanted = base and base.product
        rows = zip(params.components, counts, bases, strict=True)
        return Counter({name: count for name, count, needs in rows if needs == wanted})

    def _take(self) -> None:
        """Take what is needed of the components that wait."""
        for part, taken in list(self.queue):
            fits = not self.params.match_own or part.origin is self.base
            if self.missing[part.product] and fits:
                self.missing[part.product] -= 1
                self.queue.remove((part, taken))
                self.inside.append(part)
                taken.succeed()
        self.missing += Counter()  # drops zeros
        if self.complete is not None and not self.missing:
            self.complete.succeed()
            self.complete = None


class TakeOff(Workplace):
    """Takes parts off a base; they leave before it, one by one."""

    def __init__(
        self,
        env: simpy.Environment,
        params: Disassembler,
        rng: Random,
        shifts: Shifts = ALWAYS,
        *,
        ranked: bool = False,
    ) -> None:
        super().__init__(env, params, rng, shifts, ranked=ranked)
        self.params = params

    def exits(self, part: Part) -> Takers:  # noqa: ARG002
        return self.takers[:1]

    def taken_off(self, base: Part) -> list[tuple[Part, Takers]]:
        """Take the parts off a base; gives each with its exit."""
        params = self.params
        names = params.components or sorted({part.product for part in base.attached})
        numbers = dict(zip(names, params.exits or [1] * len(names), strict=True))
        parts = [part for part in base.attached if part.product in numbers]
        base.attached = [part for part in base.attached if part.product not in numbers]
        for part in parts:
            part.origin = base
        return [(part, [self.takers[numbers[part.product]]]) for part in parts]
