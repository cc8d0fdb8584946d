"""Which place holds the plant back, and how one can tell.

The active period method: the bottleneck is the machine whose active periods, stretches in which it
waits for no other place, are longest on average (Roser, Nakano and Tanaka, "A practical bottleneck
detection method", WSC 2001). Being down is active: others wait for it. Machines are stations and
sources; a source that is the bottleneck means that the plant could do more than it is given.
"""

from dataclasses import dataclass

import numpy as np

from twin.core.state import BLOCKED, STARVED
from twin.kinds.source import Source
from twin.plant import Plant
from twin.report.reason import explain, is_machine
from twin.report.totals import Totals
from twin.units import to_seconds

__all__ = ["Bottleneck", "bottleneck_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """The machine that holds the plant back, and the one that comes closest; times in seconds."""

    path: str
    mean_active: float
    runner_up: str | None
    runner_up_mean_active: float
    why: str


def bottleneck_of(plant: Plant, totals: Totals) -> Bottleneck | None:
    """The bottleneck of a run; None while no machine has done anything."""
    active = _mean_active(totals)
    ranked = sorted(
        (row for row in range(len(plant.places)) if is_machine(plant, row) and active[row] > 0),
        key=lambda row: (-active[row], isinstance(plant.places[row].params, Source), row),
    )
    if not ranked:
        return None
    first, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    return Bottleneck(
        path=plant.places[first].path,
        mean_active=active[first],
        runner_up=None if second is None else plant.places[second].path,
        runner_up_mean_active=0.0 if second is None else active[second],
        why=explain(plant, totals, active, ranked),
    )


def _mean_active(totals: Totals) -> list[float]:
    """Mean length of each place's active periods [s]."""
    waiting = totals.times[:, STARVED] + totals.times[:, BLOCKED]
    ticks = (totals.elapsed - waiting) / np.maximum(totals.active_periods, 1)
    return [to_seconds(each) for each in ticks.tolist()]
