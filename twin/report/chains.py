"""For whom a place waits: starvation and blocking chains, from a journal and exact to the tick.

At each instant of a wait one walks from place to place until one is found that does not wait:

    starved, or waiting for a part   on to the giver of the next part that comes into it
    blocked                          on to the taker of the next part that leaves it
    a store met on the way down      on to its next taker, as it only holds what nobody takes
    anything else                    it is the cause: it works, is down, is set up, is off shift ...

So at a merge or a branch the walk follows the part that ends the wait, which is known from the
journal. A wait that does not end in the run follows the first link: to the first giver in the order
of the places, to the first receiver of the place. The walk ends early at a place without such a
link, such as a source that has no more parts, and where it comes back to the place that waits or
goes round in a circle; then the last place met is the cause, in the state that it is in.

The causes of a place's waits add up to the time that it is starved and blocked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.core.state import BLOCKED, DOWN, OFF_SHIFT, STARVED, STATES, WAITING_PART
from twin.core.world import NONE
from twin.journal import Journal
from twin.report.flow import next_givers, next_takers
from twin.report.roles import Role, role_of
from twin.report.states import states_of
from twin.report.steps import Column, Steps

__all__ = ["Cause", "causes_of"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """How long one place waited because of what another did."""

    place: int  # row of the one that waits
    waiting: int  # its state, STARVED or BLOCKED
    cause: int  # row of the one that it waits for
    doing: int  # the state of that one
    ticks: int


class _Walk(NamedTuple):
    """Pieces of waits that are still followed, all columns of one length."""

    place: Column
    waiting: Column
    node: Column  # where the walk is
    doing: Column  # the state of that place
    down: Column  # 1 if the walk came there with the flow
    start: Column
    end: Column

    def pick(self, rows: Column | Mask) -> "_Walk":
        return _Walk(*(column[rows] for column in self))

    def split(self, steps: Steps) -> "tuple[_Walk, Column]":
        """Cut the pieces where a step function of their nodes changes; with its values."""
        span, step = steps.over(self.node, self.start, self.end)
        cut = self.pick(span)
        start = np.maximum(cut.start, steps.start[step])
        end = np.minimum(cut.end, steps.end[step])
        long = end > start
        return cut._replace(start=start, end=end).pick(long), steps.value[step][long]


def causes_of(
    journal: Journal, rows: Sequence[int] | None = None, *, since: int = 0
) -> list[Cause]:
    """Why places waited, from a tick on: by place and state, the longest cause first.

    Args:
        journal: of the run.
        rows: of the places that are wanted; None for all.
        since: what was before does not count.
    """
    states = states_of(journal, since=since)
    givers, takers = next_givers(journal).cut(since), next_takers(journal).cut(since)
    count = len(journal.plant.places)
    stores = np.array([role_of(journal.plant, row) is Role.STORE for row in range(count)], bool)
    walk, found = _begin(states, range(count) if rows is None else rows), list[_Walk]()
    for _ in range(count):
        up, down = _directions(walk, stores)
        found.append(walk.pick(~up & ~down))
        ups, lost = _onward(walk.pick(up), givers)
        downs, stuck = _onward(walk.pick(down), takers)
        found += [lost, stuck]
        walk = _concatenated(ups._replace(down=ups.down * 0), downs._replace(down=downs.down | 1))
        if not len(walk.place):
            break
        walk, doing = walk.split(states)
        walk = walk._replace(doing=doing)
    return _counted([*found, walk])  # what is left goes round in a circle


def _begin(states: Steps, rows: Sequence[int]) -> _Walk:
    waits = (states.ticks > 0) & ((states.value == STARVED) | (states.value == BLOCKED))
    mine = states.kept(waits & np.isin(states.place, rows))
    return _Walk(
        place=mine.place, waiting=mine.value, node=mine.place, doing=mine.value,
        down=np.zeros_like(mine.place), start=mine.start, end=mine.end,
    )  # fmt: skip


def _directions(walk: _Walk, stores: Mask) -> tuple[Mask, Mask]:
    """Which pieces go on against the flow, and which with it."""
    full = stores[walk.node] & (walk.down == 1) & (walk.doing != DOWN) & (walk.doing != OFF_SHIFT)
    down = (walk.doing == BLOCKED) | full
    return ((walk.doing == STARVED) | (walk.doing == WAITING_PART)) & ~down, down


def _onward(walk: _Walk, links: Steps) -> tuple[_Walk, _Walk]:
    """Pieces one place on, and those that can't go on."""
    walk, onto = walk.split(links)
    ends = (onto == NONE) | (onto == walk.place)
    return walk._replace(node=onto).pick(~ends), walk.pick(ends)


def _concatenated(one: _Walk, two: _Walk) -> _Walk:
    return _Walk(*(np.concatenate(pair) for pair in zip(one, two, strict=True)))


def _counted(found: list[_Walk]) -> list[Cause]:
    """Pieces with the same place, wait and cause made one."""
    sizes = (len(STATES), 1 + max(int(each.node.max(initial=0)) for each in found), len(STATES))
    keys = np.concatenate(
        [
            ((each.place * sizes[0] + each.waiting) * sizes[1] + each.node) * sizes[2] + each.doing
            for each in found
        ]
    )
    unique, inverse = np.unique(keys, return_inverse=True)
    ticks = np.zeros(len(unique), np.int64)
    np.add.at(ticks, inverse, np.concatenate([each.end - each.start for each in found]))
    rest, doing = np.divmod(unique, sizes[2])
    rest, node = np.divmod(rest, sizes[1])
    place, waiting = np.divmod(rest, sizes[0])
    table: list[list[int]] = np.stack([place, waiting, node, doing, ticks], axis=1).tolist()
    causes = [
        Cause(place=place, waiting=waiting, cause=cause, doing=doing, ticks=ticks)
        for place, waiting, cause, doing, ticks in table
    ]
    return sorted(causes, key=lambda each: (each.place, each.waiting, -each.ticks, each.cause))
