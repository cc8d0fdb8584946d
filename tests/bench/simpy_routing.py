"""Stores, routers and merges for SimPy."""

from collections import defaultdict, deque
from typing import Any

import simpy

from tests.bench.simpy_places import Part, Seats, Steps, Takers
from tests.bench.simpy_time import ALWAYS, Shifts
from twin.kinds.router import Router
from twin.kinds.store import Store

__all__ = ["Shelf", "Turns"]


class Shelf(Seats):
    """A store that gives products in the order of a target list."""

    def __init__(
        self,
        env: simpy.Environment,
        params: Store,
        shifts: Shifts = ALWAYS,
        *,
        ranked: bool = False,
    ) -> None:
        if params.release != "target" or params.lane_count:
            raise NotImplementedError("this model's stores have a target and no lanes")
        super().__init__(env, params.capacity, shifts, ranked=ranked)
        self.params = params
        self.parts: dict[Part, simpy.Event] = {}  # not chosen yet, the oldest first
        self.rows: dict[str, deque[Part]] = defaultdict(deque)
        self.given = 0  # places of the target that are filled
        self.offers = False
        self.is_patient = True
        self.timer: simpy.Process | None = None

    @property
    def level(self) -> int:
        """How many parts it holds."""
        return len(self.parts) + self.offers

    def work(self, part: Part) -> Steps:
        """Wait to be chosen."""
        chosen = self.parts[part] = self.env.event()
        self.rows[part.product].append(part)
        self._choose()
        yield chosen

    def leave(self, seat: Any) -> None:
        super().leave(seat)
        self.offers = False
        self._choose()

    def _choose(self) -> None:
        """Offer the product that is wanted, or the oldest where that can't be waited for."""
        if self.offers or not self.parts:
            return
        target = self.params.target
        row = self.rows[target[self.given % len(target)]]
        if row:
            self.given += 1
        elif len(self.parts) == self.params.capacity or not self.is_patient:
            row = self.rows[next(iter(self.parts)).product]
        else:
            if self.params.patience and self.timer is None:
                self.timer = self.env.process(self._wait())
            return
        self.offers = self.is_patient = True
        if self.timer is not None and self.timer.is_alive:
            self.timer.interrupt()
        self.timer = None
        self.parts.pop(row.popleft()).succeed()

    def _wait(self) -> Steps:
        """Wait for the product that is wanted, and then no more."""
        try:
            yield self.env.timeout(self.params.patience)
        except simpy.Interrupt:
            return
        self.timer = None
        self.is_patient = False
        self._choose()


class Turns(Seats):
    """A router that gives to each exit in turn, and passes over those without room."""

    def __init__(
        self,
        env: simpy.Environment,
        params: Router,
        shifts: Shifts = ALWAYS,
        *,
        ranked: bool = False,
    ) -> None:
        if params.rule != "turn" or not params.skip_full:
            raise NotImplementedError("this model's routers take turns and pass over full exits")
        super().__init__(env, 1, shifts, ranked=ranked)
        self.next = 0

    def exits(self, part: Part) -> Takers:  # noqa: ARG002
        """The next exit with room, or all of them."""
        takers = self.takers[self.next :] + self.takers[: self.next]
        for taker in takers:
            if taker[0].is_open():
                self.next = (self.takers.index(taker) + 1) % len(takers)
                return [taker]
        return takers
