"""State intervals of places: the data of a Gantt chart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.core.state import STATES
from twin.journal import Journal
from twin.report.states import states_of
from twin.units import to_seconds

__all__ = ["Bar", "gantt_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One place in one state; times in seconds."""

    place: int
    state: str
    start: float
    end: float


def gantt_of(
    journal: Journal, rows: Sequence[int] | None = None, *, since: int = 0, most: int | None = None
) -> tuple[Bar, ...]:
    """Every stay of some length in a state, place by place in the order of time.

    Args:
        journal: of the run.
        rows: of the places that are wanted; None for all.
        since: tick from which on; a stay that began before is cut there.
        most: bars at most; half of the time is left out from its beginning until they are as few.
    """
    steps = states_of(journal, since=since).lasting()
    if rows is not None:
        steps = steps.kept(np.isin(steps.place, rows))
    while most is not None and len(steps.place) > most and steps.since < journal.until - 1:
        steps = steps.cut((steps.since + journal.until + 1) // 2).lasting()
    table: list[list[int]] = np.stack(
        [steps.place, steps.value, steps.start, steps.end], axis=1
    ).tolist()
    return tuple(
        Bar(place=place, state=STATES[state], start=to_seconds(start), end=to_seconds(end))
        for place, state, start, end in table
    )
