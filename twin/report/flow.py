"""Moves of parts told from a journal: levels over time, who gives to whom next, flows of links."""

import numpy as np

from twin.core.record import ATTACHED, DETACHED, FINISHED, MADE, MOVE, SCRAPPED
from twin.core.world import NONE
from twin.journal import Journal
from twin.plant import Plant
from twin.report.moves import moves_of
from twin.report.parts import NEVER, work_of
from twin.report.steps import Column, Steps, by_place, counted, steps_of

__all__ = ["levels", "link_flows", "next_givers", "next_takers", "work_in_process"]


def levels(journal: Journal, *, since: int = 0) -> Steps:
    """How many parts are in each place, but for those attached to others."""
    events = journal.events
    alone = events[events["value"] == 0]
    gains = [events["place"][events["code"] == code] for code in (MADE, MOVE, DETACHED)]
    ticks = [events["tick"][events["code"] == code] for code in (MADE, MOVE, DETACHED)]
    losses = [events["value"][events["code"] == MOVE], events["place"][events["code"] == ATTACHED]]
    left = [events["tick"][events["code"] == code] for code in (MOVE, ATTACHED)]
    for code in (FINISHED, SCRAPPED):
        losses.append(alone["place"][alone["code"] == code])
        left.append(alone["tick"][alone["code"] == code])
    place = np.concatenate([*gains, *losses]).astype(np.int64)
    gain = np.ones(len(place), np.int64)
    gain[sum(map(len, gains)) :] = -1
    first = np.zeros(len(journal.plant.places), np.int64)
    tick = np.concatenate([*ticks, *left])
    return _summed(place, tick, gain, first=first, until=journal.until).cut(since)


def work_in_process(journal: Journal, *, since: int = 0) -> Steps:
    """How many parts are in the plant: one step function, of place 0."""
    parts = work_of(journal)
    ends = np.concatenate([parts.finished, parts.built_in, parts.scrapped])
    done = ends[ends != NEVER]
    tick = np.concatenate([parts.created, done])
    gain = np.ones(len(tick), np.int64)
    gain[len(parts.created) :] = -1
    return _summed(
        np.zeros(len(tick), np.int64), tick, gain, first=np.zeros(1, np.int64), until=journal.until
    ).cut(since)


def _summed(place: Column, tick: Column, gain: Column, *, first: Column, until: int) -> Steps:
    order = np.argsort(tick, kind="stable")  # a few sorted runs are merged
    order = order[by_place(place[order])]
    place, tick, gain = place[order], tick[order], gain[order]
    total = np.cumsum(gain)
    before = np.append(0, total)[np.searchsorted(place, place)]  # at the first row of its place
    steps = steps_of(place, tick, total - before, first=first, until=until)
    return steps.lasting() if until else steps


def next_givers(journal: Journal) -> Steps:
    """From whom the next part comes into each place, NONE where nobody gives to it.

    After the last part, it is the first giver in the order of the plant's places.
    """
    return _next(journal, 1, _first_links(journal.plant, 1, 0))


def next_takers(journal: Journal) -> Steps:
    """To whom the next part of each place goes, NONE where nobody takes from it.

    After the last part, it is the first of its receivers.
    """
    return _next(journal, 0, _first_links(journal.plant, 0, 1))


def _first_links(plant: Plant, one: int, other: int) -> Column:
    """The other end of each place's first link, or NONE; 0 is the giver, 1 the taker."""
    found = np.full(len(plant.places), NONE, np.int64)
    for link in reversed(plant.links):
        found[link[one]] = link[other]
    return found


def _next(journal: Journal, one: int, after: Column) -> Steps:
    """A step begins with a move, and tells of the move that ends it."""
    moves = moves_of(journal)
    ends = (moves.giver, moves.taker)
    order = by_place(ends[one])
    place, tick, partner = ends[one][order], moves.tick[order], ends[1 - one][order]
    last = np.append(np.diff(place) != 0, True)[: len(place)]
    following = np.where(last, after[place], np.append(partner[1:], NONE)[: len(place)])
    first = after.copy()
    begun = np.append(True, np.diff(place) != 0)[: len(place)]
    first[place[begun]] = partner[begun]
    return steps_of(place, tick, following, first=first, until=journal.until)


def link_flows(journal: Journal, *, since: int = 0) -> list[tuple[int, int, int]]:
    """Giver row, taker row and number of parts of every link; in the order of the links."""
    moves = moves_of(journal)
    after = counted(moves.tick, since)
    width = len(journal.plant.places)
    keys = moves.giver[after] * width + moves.taker[after]
    keys, counts = np.unique(keys, return_counts=True)
    count = dict(zip(keys.tolist(), counts.tolist(), strict=True))
    return [
        (giver, taker, count.get(giver * width + taker, 0)) for giver, taker in journal.plant.links
    ]
