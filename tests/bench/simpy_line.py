"""The reference serial line for SimPy, written twice: with Stores, and stripped to the bone.

Ten stations, exponential service of mean 1, five places between stations, blocking after service;
the first station is never starved, the last never blocked. Failures run on the operating clock: a
service that outlasts the time to the next failure stops there, is repaired and goes on.

`StoreLine` is what SimPy is made for: a Store between stations, parts as items, 2.8 kernel events
per service. `LeanLine` gives up SimPy's resources: counters instead of parts, an Event only where
a station must wait, 1.3 kernel events per service. Draws come in blocks in both.
"""

from collections.abc import Generator, Iterator
from itertools import chain, count, pairwise, repeat
from math import inf
from typing import Any

import numpy as np
import simpy

from tests.bench.line import PLACES, STATIONS

__all__ = ["Clocks", "LeanLine", "Steps", "StoreLine", "exponential"]

BLOCK = 4096  # draws at a time

Steps = Generator[simpy.Event, Any, None]
Clocks = tuple[Iterator[float], Iterator[float], Iterator[float]]  # service, life, repair


def exponential(rng: np.random.Generator, mean: float) -> Iterator[float]:
    """Endless exponential draws; an infinite mean gives infinities."""
    if mean == inf:
        return repeat(inf)
    return chain.from_iterable(rng.exponential(mean, BLOCK).tolist() for _ in repeat(None))


class StoreLine:
    """The line with a Store between stations; `mtbf` and `mttr` [time units] are means."""

    def __init__(self, *, mtbf: float = inf, mttr: float = 0.0, seed: int = 1) -> None:
        self.env = simpy.Environment()
        self.finished = 0
        stores = [simpy.Store(self.env, capacity=PLACES) for _ in range(STATIONS - 1)]
        rng = np.random.default_rng(seed)
        for inlet, outlet in pairwise([None, *stores, None]):
            clocks = exponential(rng, 1.0), exponential(rng, mtbf), exponential(rng, mttr)
            self.env.process(self._station(inlet, outlet, clocks))

    def run(self, until: float) -> None:
        self.env.run(until=until)

    def _station(
        self, inlet: simpy.Store | None, outlet: simpy.Store | None, clocks: Clocks
    ) -> Steps:
        """Take a part, serve it with repairs in between, give it on; for ever."""
        timeout = self.env.timeout
        services, lives, repairs = clocks
        life = next(lives)
        for part, service in zip(count(), services, strict=False):
            if inlet is not None:
                part = yield inlet.get()
            while service > life:
                yield timeout(life)
                service -= life
                yield timeout(next(repairs))
                life = next(lives)
            life -= service
            yield timeout(service)
            if outlet is not None:
                yield outlet.put(part)
            else:
                self.finished += 1


class Shelf:
    """Places between two stations: how many parts they hold, and who waits for a change."""

    __slots__ = ("capacity", "parts", "reader", "writer")

    def __init__(self, capacity: float, parts: float = 0) -> None:
        self.capacity, self.parts = capacity, parts
        self.reader: simpy.Event | None = None
        self.writer: simpy.Event | None = None


class LeanLine:
    """The same line with counters for places and parts without identity."""

    def __init__(self, *, mtbf: float = inf, mttr: float = 0.0, seed: int = 1) -> None:
        self.env = simpy.Environment()
        self.outlet = Shelf(inf)
        shelves = [Shelf(inf, inf), *(Shelf(PLACES) for _ in range(STATIONS - 1)), self.outlet]
        rng = np.random.default_rng(seed)
        for inlet, outlet in pairwise(shelves):
            clocks = exponential(rng, 1.0), exponential(rng, mtbf), exponential(rng, mttr)
            self.env.process(self._station(inlet, outlet, clocks))

    @property
    def finished(self) -> int:
        """Parts that have left the line."""
        return int(self.outlet.parts)

    def run(self, until: float) -> None:
        self.env.run(until=until)

    def _station(self, inlet: Shelf, outlet: Shelf, clocks: Clocks) -> Steps:
        timeout, event = self.env.timeout, self.env.event
        services, lives, repairs = clocks
        life = next(lives)
        for service in services:
            if not inlet.parts:
                inlet.reader = event()
                yield inlet.reader
            inlet.parts -= 1
            if inlet.writer is not None:
                inlet.writer.succeed()
                inlet.writer = None
            while service > life:
                yield timeout(life)
                service -= life
                yield timeout(next(repairs))
                life = next(lives)
            life -= service
            yield timeout(service)
            if outlet.parts == outlet.capacity:
                outlet.writer = event()
                yield outlet.writer
            outlet.parts += 1
            if outlet.reader is not None:
                outlet.reader.succeed()
                outlet.reader = None
