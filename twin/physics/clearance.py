"""Smallest clearance of pairs of movers along continuous motion, with a guarantee.

Between two looks at a pair its clearance d falls by no more than both odometers advance, M. So over
the whole interval it is at least (d0 + d1 - M) / 2. An interval that could hold less than the best
found so far is halved (adaptive bisection: Schwarzer, Saha and Latombe, Adaptive dynamic collision
checking, 2005; a conservative advancement from both ends). When none is left the true minimum lies
between `lower` and `upper`. Nothing is sampled at fixed steps, and a wait costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compiled
from twin.motion.rows import first_rows
from twin.physics.mesh_distance import ANSWER, STACK, clearances
from twin.physics.mover import Mover
from twin.physics.solids import Solids

__all__ = ["Closest", "closest", "gaps"]

Array = NDArray[np.float64]
Ticks = NDArray[np.int64]

SHARE = 0.3  # of the clearance beyond the best that an answer may leave open
QUARTER = 0.25  # share of the tolerance that a single answer may leave open


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Closest:
    """Where each pair is closest; row i is of pair i. A pair beyond the margin has no tick: -1."""

    lower: Array  # the true minimum is at least this [m]
    upper: Array  # and at most this: the clearance at the tick [m]
    tick: Ticks  # when
    solid: NDArray[np.int64]  # numbers of the solids in the movers, shape [n, 2]
    point: Array  # the closest points in the world [m], shape [n, 2, 3]


@dataclass(slots=True, eq=False)
class _Intervals:
    """Stretches of time to be looked at, with what is known at both ends."""

    pair: NDArray[np.int64]
    tick: Ticks  # [n, 2]
    gap: Array  # lower bound of the clearance at the ends [m], shape [n, 2]
    way: Array  # sum of the odometers at the ends [m], shape [n, 2]
    guess: NDArray[np.int64]  # closest solids and triangles at one end, shape [n, 4]

    def of(self, rows: Any) -> "_Intervals":
        return _Intervals(*(getattr(self, each.name)[rows] for each in fields(self)))


def closest(
    solids: Solids,
    pairs: Sequence[tuple[Mover, Mover]],
    spans: Sequence[tuple[int, int]],
    *,
    margin: float = 1.0,
    tolerance: float = 0.001,
) -> Closest:
    """The smallest clearance of each pair over its span of ticks.

    Args:
        solids: all solids that the movers name.
        pairs: who against whom; one mover may be in many pairs.
        spans: first and last tick for each pair.
        margin: clearances beyond it are not looked for [m].
        tolerance: largest difference of `upper` and `lower` [m], > 0.
    """
    search = _Search(solids, pairs, margin, tolerance)
    return search.run(np.array(spans, np.int64).reshape(-1, 2))


def gaps(
    solids: Solids, one: Mover, other: Mover, ticks: Ticks, *, most: float, tolerance: float = 0.001
) -> Array:
    """Clearance of two movers at single ticks, shape [n] [m].

    A lower bound, right to a quarter of the tolerance up to `most`, and at least that beyond it.
    """
    search = _Search(solids, [(one, other)], most, tolerance)
    pair, nothing = np.zeros(len(ticks), np.int64), np.zeros((len(ticks), 2))
    return search.gaps(pair, ticks, nothing)


class _Search:
    """The state of one search over all pairs at once."""

    def __init__(
        self,
        solids: Solids,
        pairs: Sequence[tuple[Mover, Mover]],
        margin: float,
        tolerance: float,
    ) -> None:
        self._arrays = tuple(getattr(solids, each.name) for each in fields(solids))
        movers = list({id(mover): mover for pair in pairs for mover in pair}.values())
        row = {id(mover): k for k, mover in enumerate(movers)}
        self._movers = movers
        self._sides = np.array([[row[id(one)], row[id(two)]] for one, two in pairs]).reshape(-1, 2)
        self._sizes = np.array([len(mover.solids) for mover in movers], np.int64)
        self._tolerance = tolerance
        count = len(pairs)
        self._best = np.full(count, float(margin))
        self._lower = np.full(count, float(margin))
        self._tick = np.full(count, -1, np.int64)
        self._solid = np.full((count, 2), -1, np.int64)
        self._point = np.full((count, 2, 3), np.nan)

    def run(self, spans: NDArray[np.int64]) -> Closest:
        pair = np.arange(len(spans))
        guess = np.full((len(spans), 4), -1, np.int64)
        nothing = np.zeros((len(spans), 2))
        gap, way, guess = zip(
            *(self._look(pair, spans[:, end], guess, nothing, nothing) for end in (0, 1)),
            strict=True,
        )
        todo = _Intervals(pair, spans, np.stack(gap, 1), np.stack(way, 1), guess[0])
        while len((todo := self._open(todo)).pair):
            todo = self._halved(todo)
        return Closest(
            lower=np.minimum(self._lower, self._best),
            upper=self._best,
            tick=self._tick,
            solid=self._solid,
            point=self._point,
        )

    def gaps(self, pair: NDArray[np.int64], ticks: Ticks, nothing: Array) -> Array:
        """Lower bounds of the clearance at ticks, looked at for the first time."""
        guess = np.full((len(pair), 4), -1, np.int64)
        return self._look(pair, ticks, guess, nothing, nothing)[0]

    def _open(self, all_: _Intervals) -> _Intervals:
        """Those that may hold less than the best known; the others' bounds are noted."""
        advance = np.diff(all_.way, axis=1)[:, 0]
        bound = (all_.gap.sum(axis=1) - advance) / 2
        bound = np.clip(np.maximum(bound, all_.gap.max(axis=1) - advance), 0.0, None)
        best = self._best[all_.pair]
        low = bound < best - self._tolerance
        whole = np.diff(all_.tick, axis=1)[:, 0] <= 1  # nothing happens within a tick
        done = ~low | whole | (best <= self._tolerance)
        ends: Array = all_.gap.min(axis=1)
        nearest: Array = np.where(whole, ends, bound) * (best > self._tolerance)
        np.minimum.at(self._lower, all_.pair[done], nearest[done])
        return all_.of(~done)

    def _halved(self, all_: _Intervals) -> _Intervals:
        """Look at the middle of each."""
        middle = all_.tick.sum(axis=1) // 2
        gap, way, guess = self._look(all_.pair, middle, all_.guess, all_.gap, all_.way)
        left = _Intervals(
            all_.pair,
            np.stack((all_.tick[:, 0], middle), 1),
            np.stack((all_.gap[:, 0], gap), 1),
            np.stack((all_.way[:, 0], way), 1),
            guess,
        )
        right = _Intervals(
            all_.pair,
            np.stack((middle, all_.tick[:, 1]), 1),
            np.stack((gap, all_.gap[:, 1]), 1),
            np.stack((way, all_.way[:, 1]), 1),
            guess,
        )
        both = [(getattr(left, each.name), getattr(right, each.name)) for each in fields(left)]
        return _Intervals(*(np.concatenate(columns) for columns in both))

    def _look(
        self,
        pair: NDArray[np.int64],
        tick: Ticks,
        guess: NDArray[np.int64],
        gap: Array,
        ends: Array,
    ) -> tuple[Array, Array, NDArray[np.int64]]:
        """Lower bounds of the clearance of pairs at ticks, their odometers, the closest solids.

        Args:
            pair: rows of pairs, shape [n].
            tick: when to look, shape [n].
            guess: what was closest nearby, shape [n, 4].
            gap: known at the ends of the interval, shape [n, 2]: no more is found out than is
                needed to be done with it.
            ends: sums of the odometers there, shape [n, 2].
        """
        first, frames, way = self._placed(self._sides[pair], tick)
        count = self._sizes[self._sides[pair]]
        query = np.column_stack([first[:, 0], count[:, 0], first[:, 1], count[:, 1], guess])
        known = guess[:, 0] >= 0
        query[known, 4] += first[known, 0]
        query[known, 6] += first[known, 1]
        best = self._best[pair]
        advance = np.abs(ends - way[:, None])
        would_do = (2.0 * (best[:, None] - self._tolerance) + advance - gap).max(axis=1)
        error = np.full(len(pair), self._tolerance * QUARTER)
        limit = np.column_stack([best, error, np.full(len(pair), SHARE), would_do])
        answer = self._answers(frames, query, limit)
        found = answer[:, 2] >= 0
        closest_now = np.where(found[:, None], answer[:, 2:6], -1).astype(np.int64)
        closest_now[found, 0] -= first[found, 0]
        closest_now[found, 2] -= first[found, 1]
        self._note(pair, tick, answer, closest_now)
        return answer[:, 0], way, closest_now

    def _placed(
        self, sides: NDArray[np.int64], tick: Ticks
    ) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], Array], Array]:
        """First item of both movers of each query, items with frames, sums of odometers."""
        mover, when = sides.ravel(), np.repeat(tick, 2)
        order = np.lexsort((when, mover))
        new = np.append(
            True, (np.diff(mover[order]) != 0) | (np.diff(when[order]) != 0)
        )  # the same mover at the same tick is placed once
        mover_of, tick_of = mover[order][new], when[order][new]
        moment = np.empty(len(mover), np.int64)
        moment[order] = np.cumsum(new) - 1
        size = self._sizes[mover_of]
        first = first_rows(size)
        item = np.empty((int(size.sum()), 2), np.int64)
        item[:, 1] = np.arange(len(item))
        frames, way = np.empty((len(item), 12)), np.empty(len(mover_of))
        starts = np.searchsorted(mover_of, np.arange(len(self._movers) + 1))
        for row, each in enumerate(self._movers):
            low, high = starts[row], starts[row + 1]
            if low == high:
                continue
            ticks = tick_of[low:high]
            rows = slice(first[low], first[high - 1] + size[high - 1])
            item[rows, 0] = np.tile(each.solids, high - low)
            frames[rows] = each.frames(ticks)[:, :, :3].reshape(-1, 12)
            way[low:high] = each.odometer(ticks)
        moments = moment.reshape(-1, 2)
        return first[moments], (item, frames), way[moments].sum(axis=1)

    def _answers(
        self, placed: tuple[NDArray[np.int64], Array], query: NDArray[np.int64], limit: Array
    ) -> Array:
        answer = np.full((len(query), ANSWER), -1.0)
        most = int(query[:, [1, 3]].max(initial=1))
        scratch = (
            np.empty(int((query[:, 1] * query[:, 3]).max(initial=1))),
            np.empty((most, 7)), np.empty((most, 7)),
            np.empty((STACK, 2), np.int64), np.empty(STACK), np.empty(12), np.empty(24),
        )  # fmt: skip
        kernel: Any = compiled(clearances)
        kernel(self._arrays, *placed, query, limit, scratch, answer)
        return answer

    def _note(
        self, pair: NDArray[np.int64], tick: Ticks, answer: Array, solid: NDArray[np.int64]
    ) -> None:
        """Keep the smallest clearance of each pair; the earliest tick where it is equal."""
        order = np.lexsort((tick, answer[:, 1], pair))
        new = np.append(True, np.diff(pair[order]) != 0) if len(order) else np.empty(0, bool)
        rows = order[new]
        rows = rows[answer[rows, 1] < self._best[pair[rows]]]
        self._best[pair[rows]] = answer[rows, 1]
        self._tick[pair[rows]] = tick[rows]
        self._solid[pair[rows]] = solid[rows][:, [0, 2]]
        self._point[pair[rows]] = answer[rows, 6:].reshape(-1, 2, 3)
