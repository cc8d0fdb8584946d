"""The key figures of a run as it goes, and their past: output, lead time, parts, states."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.record import EVENT, MOVE
from twin.engine.simulation import Simulation
from twin.journal.column import Column
from twin.kinds.sink import Sink
from twin.plant import Plant
from twin.units import TICKS_PER_SECOND, to_seconds

__all__ = ["Figures", "Ledger"]

HOUR = 3600 * TICKS_PER_SECOND
END = np.dtype([("tick", "i8")])
POINTS = 600  # of history at most; then every second one is dropped


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """The figures at one tick."""

    tick: int
    totals: NDArray[np.float64]  # finished, wip, jph, jph of all, lead mean and max [s], created, 0
    times: NDArray[np.float64]  # in each state [s], shape [place_count, 8]
    finished: NDArray[np.int32]  # parts that each place has completed, shape [place_count]
    level: NDArray[np.int32]  # parts now in each place, shape [place_count]

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """By the names that the wire gives them."""
        names = ("totals", "times", "finished", "level")
        return {name: getattr(self, name) for name in names}


class Ledger:
    """Notes the figures of a run from time to time."""

    def __init__(self, plant: Plant) -> None:
        is_sink = [isinstance(place.params, Sink) for place in plant.places]
        self._sinks = np.flatnonzero(is_sink)
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self._ends = Column(END)  # when parts left the plant
        self._figures: list[Figures] = []
        self.history: list[tuple[int, int, int]] = []  # tick, parts finished, parts in the plant

    def record(self, events: NDArray[Any]) -> None:
        """Count the parts that leave; events of dtype EVENT, shape [n]."""
        assert events.dtype == EVENT
        ends = events["tick"][(events["code"] == MOVE) & np.isin(events["place"], self._sinks)]
        self._ends.append(_rows(ends))

    def look(self, sim: Simulation) -> Figures:
        """The figures of a run as it is now."""
        ends = self._ends.rows["tick"]
        first, last = np.searchsorted(ends, [sim.now - HOUR, sim.now], side="right")
        return _figures(sim, int(last - first))

    def show(self, sim: Simulation) -> Figures:
        """Let only the figures hold that a run has now, in its past; the history stays."""
        self._figures = [self.look(sim)]
        return self._figures[0]

    def note(self, sim: Simulation) -> Figures:
        """Take the figures of a run as it is now."""
        figures = self.look(sim)
        if self._figures and self._figures[-1].tick == figures.tick:
            self._figures.pop()
        if self.history and self.history[-1][0] == figures.tick:
            self.history.pop()
        self._figures.append(figures)
        self.history.append((sim.now, int(figures.totals[0]), int(figures.totals[1])))
        if len(self.history) > POINTS:
            self.history = self.history[len(self.history) % 2 :: 2]
        return figures

    def since(self, tick: int) -> list[Figures]:
        """The figures that hold at a tick, and all later ones."""
        past = sum(figures.tick <= tick for figures in self._figures)
        return self._figures[max(0, past - 1) :]

    def forget(self, tick: int) -> None:
        """Drop figures that no longer matter at a tick; their history stays."""
        self._figures = self.since(tick)

    def cut(self, tick: int) -> None:
        """Drop what is later than a tick: it will not happen."""
        ends, self._ends = self._ends.rows, Column(END)
        self._ends.append(ends[ends["tick"] <= tick].copy())
        self._figures = [figures for figures in self._figures if figures.tick <= tick]
        self.history = [point for point in self.history if point[0] <= tick]


def _rows(ends: NDArray[Any]) -> NDArray[Any]:
    rows = np.zeros(len(ends), END)
    rows["tick"] = ends
    return rows


def _figures(sim: Simulation, last_hour: int) -> Figures:
    world, clock = sim.world, sim.world.clock[0]
    now = sim.now
    times = world.place.times.astype(np.float64)
    times[np.arange(len(times)), world.place.state] += now - world.place.since
    work = ~np.array(sim.plant.carriers)
    product = world.product.reshape(-1, len(work))[:, work]
    finished = int(product["finished"].sum())
    lead = product["lead_ticks"].sum() / max(1, finished) / TICKS_PER_SECOND
    longest = to_seconds(int(product["longest_lead"].max(initial=0)))
    jph = last_hour * HOUR / min(now, HOUR) if now else 0.0
    jph_total = finished * HOUR / now if now else 0.0
    created = int(product["created"].sum())
    wip = int(clock.created - clock.finished - clock.scrapped - clock.carriers)
    totals = [finished, wip, jph, jph_total, lead, longest, created, 0.0]
    return Figures(
        tick=now,
        totals=np.array(totals, np.float64),
        times=times / TICKS_PER_SECOND,
        finished=world.place.passed.astype(np.int32),
        level=world.place["count"].astype(np.int32),
    )
