"""Frames and odometers of movers at the ticks at which pairs of them are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from twin.motion.rows import first_rows
from twin.physics.mover import Mover

__all__ = ["Placing"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Placing:
    """Movers, each once, whatever the number of pairs that it is in."""

    movers: tuple[Mover, ...]
    sizes: Rows  # number of solids of each

    @classmethod
    def build(cls, pairs: Sequence[tuple[Mover, Mover]]) -> tuple[Self, Rows]:
        """The movers of pairs, and the rows of both movers of each pair, shape [n, 2]."""
        movers = {id(mover): mover for pair in pairs for mover in pair}
        row = {key: k for k, key in enumerate(movers)}
        sides = np.array([[row[id(one)], row[id(two)]] for one, two in pairs], np.int64)
        sizes = np.array([len(mover.solids) for mover in movers.values()], np.int64)
        return cls(tuple(movers.values()), sizes), sides.reshape(-1, 2)

    def of(self, sides: Rows, tick: Rows) -> tuple[Rows, tuple[Rows, Array], Array]:
        """Place the movers of queries.

        Args:
            sides: rows of both movers of each, shape [n, 2].
            tick: when, shape [n].

        Returns:
            First item of both movers of each query, [n, 2]; items, [i, 2], as solid and row of
            frame, with the frames, [i, 12]; sum of both odometers, [n].
        """
        mover, when = sides.ravel(), np.repeat(tick, 2)
        order = np.lexsort((when, mover))
        new = np.append(
            True, (np.diff(mover[order]) != 0) | (np.diff(when[order]) != 0)
        )  # the same mover at the same tick is placed once
        mover_of, tick_of = mover[order][new], when[order][new]
        moment = np.empty(len(mover), np.int64)
        moment[order] = np.cumsum(new) - 1
        size = self.sizes[mover_of]
        first = first_rows(size)
        item = np.empty((int(size.sum()), 2), np.int64)
        item[:, 1] = np.arange(len(item))
        frames, way = np.empty((len(item), 12)), np.empty(len(mover_of))
        starts = np.searchsorted(mover_of, np.arange(len(self.movers) + 1))
        for row, each in enumerate(self.movers):
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
