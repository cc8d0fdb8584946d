"""How a run went over time, from its journal: output hour by hour, how lead times spread."""

from dataclasses import dataclass

import numpy as np

from twin.journal import Journal
from twin.report.parts import NEVER, parts_of
from twin.units import TICKS_PER_SECOND, to_seconds

__all__ = ["QUANTILES", "History", "history_of"]

HOUR = 3600 * TICKS_PER_SECOND
QUANTILES = (0.05, 0.5, 0.95, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What only a journal knows."""

    finished_by_hour: tuple[int, ...]  # hour k is after k h, up to and including k + 1 h
    jph_by_hour: tuple[float, ...]  # the same per hour; the last hour may be a part of one
    lead_quantiles: tuple[float, ...]  # of the finished parts [s], at QUANTILES; empty without any


def history_of(journal: Journal) -> History:
    """The history of a recorded run up to where its journal was closed."""
    parts = parts_of(journal)
    done = parts.finished[parts.finished != NEVER]
    hours = max(1, -(-journal.until // HOUR))
    hour = np.maximum(done - 1, 0) // HOUR
    finished = np.bincount(hour, minlength=hours).tolist()
    lengths = [min(HOUR, journal.until - k * HOUR) for k in range(hours)]
    return History(
        finished_by_hour=tuple(finished),
        jph_by_hour=tuple(
            count * HOUR / ticks if ticks else 0.0
            for count, ticks in zip(finished, lengths, strict=True)
        ),
        lead_quantiles=_quantiles(parts.lead_ticks.tolist()),
    )


def _quantiles(leads: list[int]) -> tuple[float, ...]:
    """Smallest lead times that at least such shares of the parts do not exceed [s]."""
    if not leads:
        return ()
    found = np.quantile(leads, QUANTILES, method="inverted_cdf")
    return tuple(to_seconds(int(each)) for each in found)
