"""Overall equipment effectiveness (OEE) of a station, defined so that its factors multiply exactly.

    planned       time in which the station was meant to work: all but its time off shift
    available     planned time in which it was neither down nor being set up
    ideal         time that its parts need if nothing ever waits: transfer, longest robot program
                  and mean process time, for the mix of products that the sources released
    availability  available / planned
    performance   ideal / available; waiting for other places, starved or blocked, is lost here
    quality       good / (good + scrapped): what is not scrapped is good
    oee           availability x performance x quality = ideal cycle x good / planned

ISO 22400-2 takes the same OEE apart in another way, see twin.report.iso22400.

Performance is not cut off at 1: random process times may well be shorter than their mean.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.parameters import Params
from twin.core.state import DOWN, OFF_SHIFT, SETUP
from twin.engine.layout import Layout
from twin.plant import Plant
from twin.report.totals import Totals
from twin.units import to_seconds

__all__ = ["Oee", "ideal_cycles", "oees_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oee:
    """What the OEE of one station is made of; times in seconds."""

    planned: float
    available: float
    ideal_cycle: float
    passed: int
    good: int

    @property
    def availability(self) -> float:
        """Share of the planned time in which the station could work."""
        return self.available / self.planned if self.planned > 0 else 0.0

    @property
    def performance(self) -> float:
        """Share of the available time that its parts need at the ideal cycle."""
        return self.ideal_cycle * self.passed / self.available if self.available > 0 else 0.0

    @property
    def quality(self) -> float:
        """Share of its parts that are good; 1 before the first."""
        return self.good / self.passed if self.passed > 0 else 1.0

    @property
    def oee(self) -> float:
        """Share of the planned time that its good parts need at the ideal cycle."""
        return self.ideal_cycle * self.good / self.planned if self.planned > 0 else 0.0


def oees_of(plant: Plant, layout: Layout, totals: Totals) -> list[Oee | None]:
    """The OEE of every station, None for other places; in the order of the places."""
    cycles = ideal_cycles(plant, layout)
    mix = totals.created if totals.created.any() else np.ones_like(totals.created)
    mean_cycle = cycles @ mix / mix.sum()
    return [
        _oee(totals, row, float(mean_cycle[row])) if _works(place.params) else None
        for row, place in enumerate(plant.places)
    ]


def _oee(totals: Totals, row: int, ideal_cycle: float) -> Oee:
    planned = totals.elapsed - int(totals.times[row, OFF_SHIFT])
    good = int(totals.passed[row])
    return Oee(
        planned=to_seconds(planned),
        available=to_seconds(planned - int(totals.times[row, [DOWN, SETUP]].sum())),
        ideal_cycle=ideal_cycle,
        passed=good + int(totals.scrapped[row].sum()),
        good=good,
    )


def ideal_cycles(plant: Plant, layout: Layout) -> NDArray[np.float64]:
    """Ideal cycle of each place and product [s], shape [place_count, product_count].

    Places that do no work on parts have none: 0.
    """
    count = len(plant.products)
    cycles = np.zeros((len(plant.places), count))
    programs = layout.programs.duration.reshape(-1, count)  # a row per robot, place by place
    robot = 0
    for row, place in enumerate(plant.places):
        if _works(place.params):
            own = programs[robot : robot + len(place.robots)]
            cycles[row] = _work(plant, place.params) + own.max(axis=0, initial=0.0)
        robot += len(place.robots)
    return cycles


def _works(params: Params) -> bool:
    """Whether a place works on parts, one after another or several at once."""
    return hasattr(params, "process_time")


def _work(plant: Plant, params: Any) -> NDArray[np.float64]:
    """Time that a place needs for each product by itself [s], shape [product_count]."""
    names = [product.name for product in plant.products]
    times = np.full(len(names), params.process_time)
    for name, time in zip(params.products, params.product_times, strict=True):
        times[names.index(name)] = time
    return (getattr(params, "transfer_time", 0.0) + times) / params.at_once
