"""The state of every place at any tick, told from a journal."""

import numpy as np

from twin.core.record import STATE
from twin.core.state import BLOCKED, STARVED
from twin.errors import CommandError
from twin.journal import Journal
from twin.report.steps import Column, Steps, steps_of
from twin.report.told import told_once

__all__ = ["active_of", "states_at", "states_of"]


def states_of(journal: Journal, *, since: int = 0) -> Steps:
    """Every stay of every place in a state, from a tick on; values as in twin.core.state.

    At tick 0, before its first event, every place is starved.
    """
    steps = _all_states(journal)
    return steps.cut(since) if since else steps


@told_once
def _all_states(journal: Journal) -> Steps:
    events = journal.events[journal.events["code"] == STATE]
    first = np.full(len(journal.plant.places), STARVED)
    return steps_of(
        events["place"], events["tick"], events["value"], first=first, until=journal.until
    )


def states_at(journal: Journal, tick: int) -> Column:
    """The state of each place when everything of a tick has happened, shape [place_count].

    Raises:
        CommandError: the tick is outside the run.
    """
    if not 0 <= tick <= journal.until:
        raise CommandError(f"a journal from 0 to {journal.until} has no states at {tick}")
    return states_of(journal).at(tick)


def active_of(states: Steps) -> Steps:
    """The active periods of every place: stretches in which it is neither starved nor blocked.

    A wait of no length does not end one. All values are 1.
    """
    long = states.kept(states.ticks > 0)
    waits = (long.value == STARVED) | (long.value == BLOCKED)
    whole = Steps(
        place=long.place, start=long.start, end=long.end, value=(~waits).astype(np.int64),
        since=long.since, until=long.until,
    ).lasting()  # fmt: skip
    return whole.kept(whole.value == 1)
