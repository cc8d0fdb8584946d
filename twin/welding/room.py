"""Room that robots take, as bits of a grid: who needs the same room is in each other's way.

A cell is marked where its middle is within `margin` of a capsule. Two capsules nearer than
2 margin - sqrt(3) cell share a marked cell, and none farther apart than 2 margin do. So whole
motions are compared at the price of a few thousand words.
"""

from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compiled

__all__ = ["Grid", "Words", "shared"]

Array = NDArray[np.float64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

CELL = 0.04  # m
BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Cells in a box."""

    low: Array  # corner [m], shape [3]
    shape: NDArray[np.int64]  # cells along X, Y and Z; those along Z come in words
    margin: float  # m

    @classmethod
    def around(cls, low: Array, high: Array, apart: float) -> Self:
        """A grid that tells robots nearer than `apart` [m] in a box."""
        cells = np.ceil((high - low) / CELL).astype(np.int64)
        cells[2] = -(-cells[2] // BITS) * BITS
        return cls(low=low, shape=cells, margin=apart / 2 + CELL * 3**0.5 / 2)

    @property
    def words(self) -> int:
        """How many words a room has."""
        return int(self.shape.prod()) // BITS

    def room(self, placed: Array, part: NDArray[np.int64], count: int) -> Words:
        """The room that capsules [n, c, 7] take; poses come in `count` parts, shape [count, w].

        Args:
            placed: capsules at poses.
            part: the part that each pose belongs to, shape [n].
            count: how many parts there are.
        """
        words = np.zeros((count, self.words), np.uint64)
        mark: Any = compiled(mark_room)
        mark(np.ascontiguousarray(placed), part, self.low, self.shape, CELL, self.margin, words)
        return words


def shared(one: Words, other: Words) -> Flags:
    """Which parts of two rooms [n, w] and [m, w] share cells, shape [n, m]."""
    found = np.zeros((len(one), len(other)), np.bool_)
    compare: Any = compiled(compare_rooms)
    compare(one, other, _span(one), _span(other), found)
    return found


def _span(words: Words) -> NDArray[np.int64]:
    """The first marked word of each part, and the one after the last, shape [n, 2]."""
    marked = words != 0
    first = np.argmax(marked, axis=1)
    last = words.shape[1] - np.argmax(marked[:, ::-1], axis=1)
    return np.column_stack([first, np.where(marked.any(axis=1), last, 0)])


@compilable
def compare_rooms(one: Any, other: Any, span: Any, spans: Any, found: Flags) -> None:
    """Mark pairs of parts with a common bit."""
    for i in range(len(one)):
        for j in range(len(other)):
            for k in range(max(span[i, 0], spans[j, 0]), min(span[i, 1], spans[j, 1])):
                if one[i, k] & other[j, k]:
                    found[i, j] = True
                    break


@compilable
def mark_room(
    placed: Any, part: Any, low: Any, shape: Any, cell: float, margin: float, words: Any
) -> None:
    """Set the bits of cells near capsules, each a row of balls that leaves nothing out."""
    for i in range(len(placed)):
        row = words[part[i]]
        for c in range(placed.shape[1]):
            x, y, z = placed[i, c, 0] - low[0], placed[i, c, 1] - low[1], placed[i, c, 2] - low[2]
            ux, uy, uz = (
                placed[i, c, 3] - placed[i, c, 0],
                placed[i, c, 4] - placed[i, c, 1],
                placed[i, c, 5] - placed[i, c, 2],
            )
            size = float(placed[i, c, 6]) + margin
            length = sqrt(ux * ux + uy * uy + uz * uz)
            count = ceil(length / size) + 1
            step = length / (count - 1) if count > 1 else 0.0
            square = size * size + step * step / 4.0
            for k in range(count):
                t = k / (count - 1) if count > 1 else 0.0
                _mark_ball(x + t * ux, y + t * uy, z + t * uz, square, shape, cell, row)


@compilable
def _mark_ball(
    x: float, y: float, z: float, square: float, shape: Any, cell: float, row: Any
) -> None:
    """Set the bits of cells whose middles are in a ball."""
    size = sqrt(square)
    for i in range(_first(x, size, cell), _last(x, size, cell, shape[0])):
        dx = (i + 0.5) * cell - x
        for j in range(_first(y, size, cell), _last(y, size, cell, shape[1])):
            dy = (j + 0.5) * cell - y
            left = square - dx * dx - dy * dy
            if left > 0.0:
                chord = sqrt(left)
                at = (i * shape[1] + j) * (shape[2] // 64)
                _mark_run(
                    row, at, _first(z, chord, cell), _last(z, chord, cell, shape[2])
                )  # fmt: skip


@compilable
def _mark_run(row: Any, at: int, first: int, last: int) -> None:
    """Set bits first to last - 1 of a column of words."""
    every = ~np.uint64(0)
    while first < last:
        end = min(last, first // 64 * 64 + 64)
        bits = (every >> np.uint64(64 - (end - first))) << np.uint64(first % 64)
        row[at + first // 64] |= bits
        first = end


@compilable
def _first(middle: float, size: float, cell: float) -> int:
    """The first cell whose middle is not before middle - size."""
    return max(ceil((middle - size) / cell - 0.5), 0)


@compilable
def _last(middle: float, size: float, cell: float, count: int) -> int:
    """One after the last cell whose middle is not beyond middle + size."""
    return min(floor((middle + size) / cell - 0.5) + 1, count)
