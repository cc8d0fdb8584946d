"""How a run went over time, from its journal: output, takt, waits and their causes, bottlenecks."""

from dataclasses import dataclass

import numpy as np

from twin.journal import Journal
from twin.report.because import sentences
from twin.report.chains import Cause, causes_of
from twin.report.flow import levels
from twin.report.gantt import Bar, gantt_of
from twin.report.parts import NEVER, work_of
from twin.report.roles import is_machine
from twin.report.sankey import Flow, flows_of
from twin.report.shifting import Shifting, shifting_of
from twin.report.steps import Column, counted
from twin.report.takt import (
    QUANTILES,
    CycleTimes,
    LeadTimes,
    Takt,
    cycle_times_of,
    lead_times_of,
    takts_of,
)
from twin.units import TICKS_PER_SECOND, to_seconds

__all__ = ["HOUR", "QUANTILES", "History", "history_of"]

HOUR = 3600 * TICKS_PER_SECOND
MOST_BARS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What only a journal knows."""

    finished_by_hour: tuple[int, ...]  # hour k is after k h, up to and including k + 1 h
    jph_by_hour: tuple[float, ...]  # the same per hour; the last hour may be a part of one
    lead_quantiles: tuple[float, ...]  # of the finished parts [s], at QUANTILES; empty without any
    lead_times: tuple[LeadTimes, ...]  # by product
    cycle_times: tuple[CycleTimes, ...]  # by machine and product
    takts: tuple[Takt, ...]  # by sink
    levels: tuple[float, ...]  # parts in each place, mean over time
    causes: tuple[Cause, ...]  # of the waits of machines
    waits: dict[tuple[int, int], str]  # row of a machine and its waiting state, in words
    shifting: Shifting
    flows: tuple[Flow, ...]
    gantt: tuple[Bar, ...]  # of the machines in the last hour, or less where there are many


def history_of(journal: Journal, *, since: int = 0) -> History:
    """The history of a recorded run up to where its journal was closed.

    Args:
        journal: of the run.
        since: tick from which on things count; hours are counted from there.
    """
    parts = work_of(journal)
    done = (parts.finished != NEVER) & counted(parts.finished, since)
    finished, lengths = _by_hour(parts.finished[done] - since, journal.until - since)
    plant = journal.plant
    machines = [row for row in range(len(plant.places)) if is_machine(plant, row)]
    causes = causes_of(journal, machines, since=since)
    return History(
        finished_by_hour=tuple(finished),
        jph_by_hour=tuple(
            each * HOUR / ticks if ticks else 0.0
            for each, ticks in zip(finished, lengths, strict=True)
        ),
        lead_quantiles=_quantiles((parts.finished - parts.created)[done].tolist()),
        lead_times=lead_times_of(journal, since=since),
        cycle_times=cycle_times_of(journal, since=since),
        takts=takts_of(journal, since=since),
        levels=tuple(levels(journal, since=since).mean().tolist()),
        causes=tuple(causes),
        waits=sentences(plant, causes, journal.until - since),
        shifting=shifting_of(journal, since=since),
        flows=flows_of(journal, since=since),
        gantt=gantt_of(journal, machines, since=max(since, journal.until - HOUR), most=MOST_BARS),
    )


def _by_hour(ticks: Column, elapsed: int) -> tuple[list[int], list[int]]:
    """How many of these ticks lie in each hour, and the lengths of the hours."""
    hours = max(1, -(-elapsed // HOUR))
    hour = np.maximum(ticks - 1, 0) // HOUR
    lengths = [min(HOUR, elapsed - k * HOUR) for k in range(hours)]
    return np.bincount(hour, minlength=hours).tolist(), lengths


def _quantiles(leads: list[int]) -> tuple[float, ...]:
    """Smallest lead times that at least such shares of the parts do not exceed [s]."""
    if not leads:
        return ()
    found = np.quantile(leads, QUANTILES, method="inverted_cdf")
    return tuple(to_seconds(int(each)) for each in found)
