"""Energy of each place and of each finished part: times in states, times the power drawn in them.

    working, setup                            power_working
    starved, blocked, waiting for an operator
    or a part, down                           power_waiting: whoever waits or is repaired is on
    off shift                                 power_off

A place whose kind has no such parameters takes none.
"""

from dataclasses import dataclass

import numpy as np

from twin.core.state import OFF_SHIFT, SETUP, STATES, WORKING
from twin.plant import Plant
from twin.report.totals import Totals
from twin.units import TICKS_PER_SECOND

__all__ = ["JOULES_PER_KWH", "Energy", "energy_of"]

JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """What a run has drawn."""

    places: tuple[float, ...]  # of each place [J]
    total: float  # J
    per_part: float | None  # of each finished part [J]; None before the first

    @property
    def kwh(self) -> float:
        """The total in kilowatt hours."""
        return self.total / JOULES_PER_KWH


def energy_of(plant: Plant, totals: Totals) -> Energy:
    """The energy of a run."""
    power = np.array([_powers(place.params) for place in plant.places])
    joules = (power * totals.times).sum(axis=1) / TICKS_PER_SECOND
    total, finished = float(joules.sum()), int(totals.finished.sum())
    return Energy(
        places=tuple(joules.tolist()),
        total=total,
        per_part=total / finished if finished else None,
    )


def _powers(params: object) -> list[float]:
    """Power drawn in each state [W], shape [state_count]."""
    names = dict.fromkeys(range(len(STATES)), "power_waiting")
    names |= {WORKING: "power_working", SETUP: "power_working", OFF_SHIFT: "power_off"}
    return [float(getattr(params, names[state], 0.0)) for state in range(len(STATES))]
