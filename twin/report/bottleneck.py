"""Which place holds the plant back, and how one can tell.

The active period method: the bottleneck is the machine whose active periods, stretches in which it
waits for no other place, are longest on average (Roser, Nakano and Tanaka, "A practical bottleneck
detection method", WSC 2001). Being down is active: others wait for it.

Only stations work on parts, so only they are compared. Whether the line or the release limits the
output is told by how often the sources are blocked. Where no station has done anything, the sources
are compared instead.
"""

from dataclasses import dataclass

import numpy as np

from twin.core.state import BLOCKED, STARVED
from twin.kinds.station import Station
from twin.plant import Plant
from twin.report.reason import effective_cycle, explain, takt_of
from twin.report.roles import is_machine
from twin.report.totals import Totals
from twin.units import to_seconds

__all__ = ["Bottleneck", "bottleneck_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """The machine that holds the plant back, and the one that comes closest; times in seconds."""

    path: str
    mean_active: float
    effective_cycle: float | None  # for a part, downtime included; None before the first part
    takt: float | None  # from release to release; None where there is none to compare with
    runner_up: str | None
    runner_up_mean_active: float
    why: str


def bottleneck_of(plant: Plant, totals: Totals, *, runs: int = 1) -> Bottleneck | None:
    """The bottleneck of a run, or of many; None while no machine has done anything.

    Args:
        plant: what exists.
        totals: of the run, or summed over many.
        runs: how many the totals are summed over.
    """
    active = _mean_active(totals)
    machines = [row for row in range(len(plant.places)) if is_machine(plant, row)]
    busy = sorted((row for row in machines if active[row] > 0), key=lambda row: (-active[row], row))
    ranked = [row for row in busy if isinstance(plant.places[row].params, Station)] or busy
    if not ranked:
        return None
    first, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    return Bottleneck(
        path=plant.places[first].path,
        mean_active=active[first],
        effective_cycle=effective_cycle(totals, first),
        takt=takt_of(plant, first),
        runner_up=None if second is None else plant.places[second].path,
        runner_up_mean_active=0.0 if second is None else active[second],
        why=explain(plant, totals, active, ranked, runs=runs),
    )


def _mean_active(totals: Totals) -> list[float]:
    """Mean length of each place's active periods [s]."""
    waiting = totals.times[:, STARVED] + totals.times[:, BLOCKED]
    ticks = (totals.elapsed - waiting) / np.maximum(totals.active_periods, 1)
    return [to_seconds(each) for each in ticks.tolist()]
