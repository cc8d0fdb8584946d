"""Totals from a journal: the same numbers as the world's counters, told from the events alone."""

import numpy as np
from numpy.typing import NDArray

from twin.core.record import (
    ATTACHED,
    DETACHED,
    FAILED,
    FINISHED,
    MADE,
    MOVE,
    PASSED,
    RESET,
    SCRAPPED,
    STATE,
)
from twin.core.state import BLOCKED, STARVED, STATES
from twin.journal import Journal
from twin.journal.column import Rows
from twin.report.parts import NEVER, Column, Parts, parts_of, work_of
from twin.report.totals import Totals

__all__ = ["began_of", "totals_from"]


def totals_from(journal: Journal, *, since: int | None = None) -> Totals:
    """The totals of a recorded run up to the tick at which its journal was closed.

    Args:
        journal: of the run.
        since: only what happened after this tick counts, as after a reset of the statistics; a
            place that is active then begins an active period there. None: since the last reset.
    """
    events, cut, began = _span(journal, since)
    counted = events[cut:]
    place_count, product_count = len(journal.plant.places), len(journal.plant.products)
    parts = parts_of(journal)
    product = np.full(int(parts.serial.max(initial=0)) + 1, 0, np.int64)
    created = product.copy()
    product[parts.serial], created[parts.serial] = parts.product, parts.created
    done = counted[(counted["code"] == FINISHED) & (counted["value"] == 0)]
    built_in = counted[(counted["code"] == FINISHED) & (counted["value"] > 0)]
    scrap = counted[counted["code"] == SCRAPPED]
    scrapped = np.zeros((place_count, product_count), np.int64)
    np.add.at(scrapped, (scrap["place"], product[scrap["part"]]), 1)
    by = counted[counted["code"] == PASSED]
    seen = np.zeros((place_count, product_count), np.int64)
    np.add.at(seen, (by["place"], by["value"]), 1)
    work = ~np.array(journal.plant.carriers)
    leads = (done["tick"] - created[done["part"]])[work[product[done["part"]]]]
    place, state, _, lasted = _stays(journal, events, cut, began)
    times = np.zeros((place_count, len(STATES)), np.int64)
    np.add.at(times, (place, state), lasted)
    return Totals(
        elapsed=journal.until - began,
        created=_by_product(counted[counted["code"] == MADE]["value"], product_count) * work,
        finished=_by_product(product[done["part"]], product_count) * work,
        built_in=_by_product(product[built_in["part"]], product_count) * work,
        scrapped=scrapped,
        lead_ticks=int(leads.sum()),
        longest_lead=int(leads.max(initial=0)),
        part_ticks=_part_ticks(journal, began),
        in_process=_present(work_of(journal)),
        carriers=_present(parts_of(journal)) - _present(work_of(journal)),
        times=times,
        active_periods=_active_periods(journal, place, state, lasted),
        passed=_count(counted, MOVE, place_count, "value")
        + np.bincount(done["place"], minlength=place_count)
        + _count(counted, PASSED, place_count),
        seen=seen,
        level=_levels(events, place_count),
        failures=_failures(counted, place_count),
    )


def began_of(journal: Journal) -> int:
    """The tick from which the statistics of a run count: that of their last reset, or 0."""
    return _span(journal, None)[2]


def _span(journal: Journal, since: int | None) -> tuple[Rows, int, int]:
    """All events, the first of them that counts, and the tick from which statistics count."""
    if since is not None:
        cut = int(np.searchsorted(journal.events["tick"], since, side="right")) if since else 0
        return journal.events, cut, since
    resets = np.flatnonzero(journal.events["code"] == RESET)
    if not len(resets):
        return journal.events, 0, 0
    return journal.events, int(resets[-1]) + 1, int(journal.events["tick"][resets[-1]])


def _by_product(products: Column, count: int) -> Column:
    return np.bincount(products, minlength=count)


def _count(events: Rows, code: int, count: int, column: str = "place") -> Column:
    return np.bincount(events[column][events["code"] == code], minlength=count)


def _present(parts: Parts) -> int:
    """How many of these parts are in the plant at the end."""
    ends = np.stack([parts.finished, parts.built_in, parts.scrapped])
    return int((ends == NEVER).all(axis=0).sum())


def _part_ticks(journal: Journal, began: int) -> int:
    """Integral of work in process over time [part ticks]."""
    parts = work_of(journal)
    ends = np.stack([parts.finished, parts.built_in, parts.scrapped])
    end = np.where(ends == NEVER, journal.until, ends).min(axis=0)
    return int((np.maximum(end, began) - np.maximum(parts.created, began)).sum())


def _levels(events: Rows, count: int) -> Column:
    """Parts in each place at the end."""
    alone = events[events["value"] == 0]
    came = sum(_count(events, code, count) for code in (MADE, MOVE, DETACHED))
    left = _count(events, MOVE, count, "value") + _count(events, ATTACHED, count)
    return np.asarray(
        came - left - _count(alone, FINISHED, count) - _count(alone, SCRAPPED, count), np.int64
    )


def _failures(events: Rows, count: int) -> Column:
    """How often each place has failed, and each failure mode that is a row of its own."""
    failed = events[events["code"] == FAILED]
    modes = failed["value"][failed["value"] != failed["place"]]
    return np.bincount(failed["place"], minlength=count) + np.bincount(modes, minlength=count)


def _stays(
    journal: Journal, events: Rows, cut: int, began: int
) -> tuple[Column, Column, Column, Column]:
    """Every stay of a place in a state: place, state, first tick, ticks; place by place in order.

    At tick 0, before its first event, every place is starved.
    """
    count = len(journal.plant.places)
    changes = events["code"] == STATE
    before, after = events[:cut][changes[:cut]], events[cut:][changes[cut:]]
    state_then = np.full(count, STARVED, np.int64)
    state_then[before["place"]] = before["value"]
    place = np.concatenate([np.arange(count), after["place"]])
    order = np.argsort(place, kind="stable")
    place = place[order]
    state = np.concatenate([state_then, after["value"]])[order]
    since = np.concatenate([np.full(count, began, np.int64), after["tick"]])[order]
    until = np.append(since[1:], journal.until)
    until[np.append(_first_of_each(place)[1:], True)] = journal.until
    return place, state, since, until - since


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
