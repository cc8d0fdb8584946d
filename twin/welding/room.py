"""Room that robots take, as bits of a grid: who needs the same room is in each other's way.

A cell is marked where its middle is within `margin` of a capsule. Two capsules nearer than
2 margin - sqrt(3) cell share a marked cell, and none farther apart than 2 margin do. So whole
motions are compared at the price of a few thousand words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, sqrt
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compiled

__all__ = ["Grid", "Room", "Swept", "shared"]

Array = NDArray[np.float64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

CELL = 0.04  # m
BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Room:
    """Marked cells of a grid: the words with some, rising, and their bits."""

    at: NDArray[np.int64]
    bits: Words


NOWHERE = Room(at=np.empty(0, np.int64), bits=np.empty(0, np.uint64))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Swept:
    """Capsules at poses, which come in parts."""

    placed: Array  # shape [n, c, 7]
    part: NDArray[np.int64]  # that each pose belongs to, rising, shape [n]
    count: int  # of parts

    def box(self, margin: float) -> Array:
        """A box around all of it and a margin, shape [2, 3]."""
        rows = np.ascontiguousarray(self.placed.reshape(-1, 7).T)
        ends = np.stack([rows[:3], rows[3:6]])
        size = rows[6] + margin
        return np.stack([(ends - size).min(axis=(0, 2)), (ends + size).max(axis=(0, 2))])


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
        """How many words the grid has."""
        return int(self.shape.prod()) // BITS

    def room(self, swept: Swept, box: Array | None = None) -> list[Room]:
        """The room that each part takes, of a box [2, 3] only if one is given."""
        words = np.zeros(self.words, np.uint64)
        mark: Any = compiled(mark_room)
        cuts = np.searchsorted(swept.part, np.arange(swept.count + 1))
        low, high = np.array([[-np.inf] * 3, [np.inf] * 3]) if box is None else box
        rooms: list[Room] = []
        for first, last in pairwise(cuts.tolist()):
            poses = np.ascontiguousarray(swept.placed[first:last])
            if not mark(poses, low, high, self.low, self.shape, CELL, self.margin, words):
                rooms.append(NOWHERE)
                continue
            at = np.flatnonzero(words)
            rooms.append(Room(at=at, bits=words[at]))
            words[at] = 0
        return rooms

    def near(self, one: Swept, other: Swept) -> Flags:
        """Which parts of one share cells with which of the other, shape [n, m]."""
        boxes = [one.box(self.margin), other.box(self.margin)]
        low = np.maximum(boxes[0][0], boxes[1][0])
        high = np.minimum(boxes[0][1], boxes[1][1])
        if (low >= high).any():
            return np.zeros((one.count, other.count), np.bool_)
        box = np.stack([low, high])  # none shares a cell anywhere else
        return shared(self.room(one, box), self.room(other, box))


def shared(one: Sequence[Room], other: Sequence[Room]) -> Flags:
    """Which of some rooms share cells with which of others, shape [n, m]."""
    found = np.zeros((len(one), len(other)), np.bool_)
    compare: Any = compiled(compare_rooms)
    compare(*_flat(one), *_flat(other), found)
    return found


def _flat(rooms: Sequence[Room]) -> tuple[NDArray[np.int64], NDArray[np.int64], Words]:
    """Where each begins, and all end to end."""
    sizes = np.array([0, *(len(each.at) for each in rooms)], np.int64)
    at = np.concatenate([np.empty(0, np.int64), *(each.at for each in rooms)])
    return (
        np.cumsum(sizes),
        at,
        np.concatenate([np.empty(0, np.uint64), *(each.bits for each in rooms)]),
    )


@compilable
def compare_rooms(
    begin: Any, at: Any, bits: Any, begins: Any, ats: Any, others: Any, found: Flags
) -> None:
    """Mark pairs of rooms with a common bit."""
    for i in range(len(found)):
        for j in range(found.shape[1]):
            a, b = begin[i], begins[j]
            while a < begin[i + 1] and b < begins[j + 1]:
                if at[a] < ats[b]:
                    a += 1
                elif ats[b] < at[a]:
                    b += 1
                elif bits[a] & others[b]:
                    found[i, j] = True
                    break
                else:
                    a += 1
                    b += 1


@compilable
def mark_room(
    placed: Any, begin: Any, end: Any, low: Any, shape: Any, cell: float, margin: float, row: Any
) -> bool:
    """Set the bits of cells near capsules that reach into a box; whether there are any.

    Each capsule is a row of balls that leaves nothing out.
    """
    found = False
    for i in range(len(placed)):
        for c in range(placed.shape[1]):
            size = placed[i, c, 6] + margin
            if _beyond(placed[i, c], size, begin, end):
                continue
            found = True
            x, y, z = placed[i, c, 0] - low[0], placed[i, c, 1] - low[1], placed[i, c, 2] - low[2]
            ux, uy, uz = (
                placed[i, c, 3] - placed[i, c, 0],
                placed[i, c, 4] - placed[i, c, 1],
                placed[i, c, 5] - placed[i, c, 2],
            )
            length = sqrt(ux * ux + uy * uy + uz * uz)
            count = ceil(length / size) + 1
            step = length / (count - 1) if count > 1 else 0.0
            square = size * size + step * step / 4.0
            for k in range(count):
                t = k / (count - 1) if count > 1 else 0.0
                _mark_ball(x + t * ux, y + t * uy, z + t * uz, square, shape, cell, row)
    return found


@compilable
def _beyond(capsule: Any, size: float, begin: Any, end: Any) -> bool:
    """Whether a capsule of some size is outside of a box."""
    for k in range(3):
        if min(capsule[k], capsule[k + 3]) - size > end[k]:
            return True
        if max(capsule[k], capsule[k + 3]) + size < begin[k]:
            return True
    return False


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
