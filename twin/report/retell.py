"""Totals from a journal: the same numbers as the world's counters, told from the events alone."""

import numpy as np
from numpy.typing import NDArray

from twin.core.state import BLOCKED, DOWN, STARVED, STATES
from twin.journal import Journal
from twin.report.flow import work_in_process
from twin.report.moves import moves_of
from twin.report.parts import NEVER, Parts, parts_of
from twin.report.roles import Role, role_of
from twin.report.states import states_of
from twin.report.steps import Column, Steps, counted
from twin.report.totals import Totals

__all__ = ["totals_from"]


def totals_from(journal: Journal, *, since: int = 0) -> Totals:
    """The totals of a recorded run up to the tick at which its journal was closed.

    A failure of a place that a command has stopped leaves no event and is not counted.

    Args:
        journal: of the run.
        since: only what happened after this tick counts, as after the reset of the counters at the
            end of a warm-up; a place that is active then begins an active period there.
    """
    parts = parts_of(journal)
    count = len(journal.plant.products)
    made = counted(parts.created, since)
    done = (parts.finished != NEVER) & counted(parts.finished, since)
    leads = (parts.finished - parts.created)[done]
    stays = states_of(journal, since=since)
    times = np.zeros((len(journal.plant.places), len(STATES)), np.int64)
    np.add.at(times, (stays.place, stays.value), stays.ticks)
    passed, level = _traffic(journal, parts, since)
    return Totals(
        elapsed=journal.until - since,
        created=np.bincount(parts.product[made], minlength=count),
        finished=np.bincount(parts.product[done], minlength=count),
        lead_ticks=int(leads.sum()),
        longest_lead=int(leads.max(initial=0)),
        part_ticks=int(work_in_process(journal, since=since).integral().sum()),
        times=times,
        active_periods=_active_periods(journal, stays.place, stays.value, stays.ticks),
        passed=passed,
        scrapped=np.zeros_like(passed),
        level=level,
        failures=_failures(journal, stays),
    )


def _first_of_each(place: Column) -> NDArray[np.bool_]:
    """Where a new place begins in rows sorted by place, shape [n]."""
    return np.diff(place, prepend=-1) != 0


def _active_periods(journal: Journal, place: Column, state: Column, lasted: Column) -> Column:
    """How often each place began to be active; a wait of no length is none."""
    waits = (state == STARVED) | (state == BLOCKED)
    kept = ~(waits & (lasted == 0))
    place, waits = place[kept], waits[kept]
    waited = np.concatenate([[True], waits[:-1]])[: len(place)]
    begun = ~waits & (_first_of_each(place) | waited)
    return np.bincount(place[begun], minlength=len(journal.plant.places))


def _traffic(journal: Journal, parts: Parts, since: int) -> tuple[Column, Column]:
    """Parts that have left each place (in a sink: that have come), and those in it now."""
    plant, moves = journal.plant, moves_of(journal)
    count = len(plant.places)
    came = np.bincount(moves.taker, minlength=count)
    left = np.bincount(moves.giver, minlength=count)
    is_sink = [role_of(plant, row) is Role.SINK for row in range(count)]
    made = np.bincount(parts.source, minlength=count)
    level = np.where(is_sink, 0, made + came - left)
    if since:
        after = counted(moves.tick, since)
        came = np.bincount(moves.taker[after], minlength=count)
        left = np.bincount(moves.giver[after], minlength=count)
    return np.where(is_sink, came, left), level


def _failures(journal: Journal, stays: Steps) -> Column:
    """How often each place went down without a command to stop in that tick."""
    commands = journal.commands[journal.commands["action"] == "stop"]
    stops = set(zip(commands["place"].tolist(), commands["tick"].tolist(), strict=True))
    downs = stays.kept((stays.value == DOWN) & counted(stays.start, stays.since))
    ends = zip(downs.place.tolist(), downs.start.tolist(), strict=True)
    failed = np.array([each not in stops for each in ends], bool)
    return np.bincount(downs.place[failed], minlength=len(journal.plant.places))
