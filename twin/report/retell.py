"""Totals from a journal: the same numbers as the world's counters, told from the events alone."""

import numpy as np
from numpy.typing import NDArray

from twin.core.record import MOVE
from twin.core.state import BLOCKED, DOWN, STARVED, STATES
from twin.journal import Journal
from twin.kinds.sink import Sink
from twin.report.parts import NEVER, Column, Parts, parts_of
from twin.report.states import states_of
from twin.report.totals import Totals

__all__ = ["totals_from"]


def totals_from(journal: Journal) -> Totals:
    """The totals of a recorded run up to the tick at which its journal was closed.

    A failure of a place that a command has stopped leaves no event and is not counted.
    """
    parts = parts_of(journal)
    product_count = len(journal.plant.products)
    done = parts.finished != NEVER
    in_plant_until = np.where(done, parts.finished, journal.until)
    stays = states_of(journal)
    place, state, since, lasted = stays.place, stays.value, stays.start, stays.ticks
    times = np.zeros((len(journal.plant.places), len(STATES)), np.int64)
    np.add.at(times, (place, state), lasted)
    passed, level = _traffic(journal, parts)
    return Totals(
        elapsed=journal.until,
        created=np.bincount(parts.product, minlength=product_count),
        finished=np.bincount(parts.product[done], minlength=product_count),
        lead_ticks=int(parts.lead_ticks.sum()),
        longest_lead=int(parts.lead_ticks.max(initial=0)),
        part_ticks=int((in_plant_until - parts.created).sum()),
        times=times,
        active_periods=_active_periods(journal, place, state, lasted),
        passed=passed,
        scrapped=np.zeros_like(passed),
        level=level,
        failures=_failures(journal, place, state, since),
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


def _traffic(journal: Journal, parts: Parts) -> tuple[Column, Column]:
    """Parts that have left each place (in a sink: that have come), and those in it now."""
    plant, events = journal.plant, journal.events[journal.events["code"] == MOVE]
    count = len(plant.places)
    came = np.bincount(events["place"], minlength=count)
    left = np.bincount(events["value"], minlength=count)
    is_sink = [isinstance(place.params, Sink) for place in plant.places]
    made = np.bincount(parts.source, minlength=count)
    return np.where(is_sink, came, left), np.where(is_sink, 0, made + came - left)


def _failures(journal: Journal, place: Column, state: Column, since: Column) -> Column:
    """How often each place went down without a command to stop in that tick."""
    commands = journal.commands[journal.commands["action"] == "stop"]
    stops = set(zip(commands["place"].tolist(), commands["tick"].tolist(), strict=True))
    downs = np.flatnonzero(state == DOWN)
    failed = [(int(place[row]), int(since[row])) not in stops for row in downs]
    return np.bincount(place[downs[np.array(failed, bool)]], minlength=len(journal.plant.places))
