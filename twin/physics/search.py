"""The search for the smallest clearance: looks at pairs at ticks, and intervals that are halved."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compiled
from twin.physics.mesh_distance import ANSWER, STACK, clearances
from twin.physics.mover import Mover
from twin.physics.placing import Placing
from twin.physics.solids import Solids

__all__ = ["Search"]

Array = NDArray[np.float64]
Ticks = NDArray[np.int64]

SHARE = 0.3  # of the clearance beyond the best that an answer may leave open
QUARTER = 0.25  # share of the tolerance that a single answer may leave open


@dataclass(slots=True, eq=False)
class Intervals:
    """Stretches of time to be looked at, with what is known at both ends."""

    pair: NDArray[np.int64]
    tick: Ticks  # [n, 2]
    gap: Array  # lower bound of the clearance at the ends [m], shape [n, 2]
    way: Array  # sum of the odometers at the ends [m], shape [n, 2]
    guess: NDArray[np.int64]  # closest solids and triangles at one end, shape [n, 4]

    def of(self, rows: Any) -> "Intervals":
        return Intervals(*(getattr(self, each.name)[rows] for each in fields(self)))


class Search:
    """The state of one search over all pairs at once."""

    def __init__(
        self,
        solids: Solids,
        pairs: Sequence[tuple[Mover, Mover]],
        margin: float,
        tolerance: float,
    ) -> None:
        self._arrays = solids.arrays
        self._placing, self._sides = Placing.build(pairs)
        self._tolerance = tolerance
        count = len(pairs)
        self.best = np.full(count, float(margin))
        self.lower = np.full(count, float(margin))
        self.tick = np.full(count, -1, np.int64)
        self.solid = np.full((count, 2), -1, np.int64)
        self.point = np.full((count, 2, 3), np.nan)

    def run(self, spans: NDArray[np.int64]) -> None:
        """Halve the spans [n, 2] until nothing that counts can hide in them."""
        if not len(spans):
            return
        pair = np.arange(len(spans))
        guess = np.full((len(spans), 4), -1, np.int64)
        nothing = np.zeros((len(spans), 2))
        gap, way, guess = zip(
            *(self._look(pair, spans[:, end], guess, nothing, nothing) for end in (0, 1)),
            strict=True,
        )
        todo = Intervals(pair, spans, np.stack(gap, 1), np.stack(way, 1), guess[0])
        while len((todo := self._open(todo)).pair):
            todo = self._halved(todo)
        self.lower = np.minimum(self.lower, self.best)

    def gaps(self, pair: NDArray[np.int64], ticks: Ticks) -> Array:
        """Lower bounds of the clearance at ticks, looked at for the first time."""
        guess, nothing = np.full((len(pair), 4), -1, np.int64), np.zeros((len(pair), 2))
        return self._look(pair, ticks, guess, nothing, nothing)[0]

    def _open(self, all_: Intervals) -> Intervals:
        """Those that may hold less than the best known; the others' bounds are noted."""
        advance = np.diff(all_.way, axis=1)[:, 0]
        bound = (all_.gap.sum(axis=1) - advance) / 2
        bound = np.clip(np.maximum(bound, all_.gap.max(axis=1) - advance), 0.0, None)
        best = self.best[all_.pair]
        low = bound < best - self._tolerance
        whole = np.diff(all_.tick, axis=1)[:, 0] <= 1  # nothing happens within a tick
        done = ~low | whole | (best <= self._tolerance)
        ends: Array = all_.gap.min(axis=1)
        nearest: Array = np.where(whole, ends, bound) * (best > self._tolerance)
        np.minimum.at(self.lower, all_.pair[done], nearest[done])
        return all_.of(~done)

    def _halved(self, all_: Intervals) -> Intervals:
        """Look at the middle of each."""
        middle = all_.tick.sum(axis=1) // 2
        gap, way, guess = self._look(all_.pair, middle, all_.guess, all_.gap, all_.way)
        left = Intervals(
            all_.pair,
            np.stack((all_.tick[:, 0], middle), 1),
            np.stack((all_.gap[:, 0], gap), 1),
            np.stack((all_.way[:, 0], way), 1),
            guess,
        )
        right = Intervals(
            all_.pair,
            np.stack((middle, all_.tick[:, 1]), 1),
            np.stack((gap, all_.gap[:, 1]), 1),
            np.stack((way, all_.way[:, 1]), 1),
            guess,
        )
        both = [(getattr(left, each.name), getattr(right, each.name)) for each in fields(left)]
        return Intervals(*(np.concatenate(columns) for columns in both))

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
        first, frames, way = self._placing.of(self._sides[pair], tick)
        count = self._placing.sizes[self._sides[pair]]
        query = np.column_stack([first[:, 0], count[:, 0], first[:, 1], count[:, 1], guess])
        known = guess[:, 0] >= 0
        query[known, 4] += first[known, 0]
        query[known, 6] += first[known, 1]
        best = self.best[pair]
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
        rows = rows[answer[rows, 1] < self.best[pair[rows]]]
        self.best[pair[rows]] = answer[rows, 1]
        self.tick[pair[rows]] = tick[rows]
        self.solid[pair[rows]] = solid[rows][:, [0, 2]]
        self.point[pair[rows]] = answer[rows, 6:].reshape(-1, 2, 3)
