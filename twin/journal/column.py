"""A column store that only grows: structured rows, appended in bulk, read as one array."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Rows"]

Rows = NDArray[Any]  # structured

FIRST_ROWS = 256
MOST_ROWS = 1 << 18  # of one block, some 10 MB: large enough for large pages of memory


class Column:
    """Rows of one dtype in memory, in blocks: a row is copied once, however many will follow.

    Rows are copied as bytes, several times faster than field by field.
    """

    def __init__(self, dtype: "np.dtype[Any]") -> None:
        self._dtype = dtype
        self._full: list[Rows] = []
        self._room: Rows = np.empty(FIRST_ROWS, dtype)
        self._filled = 0  # rows of the room
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, rows: Rows) -> None:
        """Copy rows to the end."""
        source = self._bytes(rows)
        done = 0
        if self._filled == 0 and len(source) > len(self._room):
            self._room = np.empty(len(source), self._dtype)
        while done < len(source):
            if self._filled == len(self._room):
                self._begin_block()
            count = min(len(source) - done, len(self._room) - self._filled)
            room = self._bytes(self._room)
            room[self._filled : self._filled + count] = source[done : done + count]
            self._filled += count
            done += count
        self._count += len(source)

    @property
    def rows(self) -> Rows:
        """All rows so far, shape [n], not to be written to; later rows don't change it."""
        if self._full and self._filled:
            blocks = [*self._full, self._room[: self._filled]]
            joined = np.concatenate([self._bytes(block) for block in blocks])
            self._full = [joined.view(self._dtype)]
            self._room = np.empty(FIRST_ROWS, self._dtype)
            self._filled = 0
        view = self._full[0][:] if self._full else self._room[: self._filled]
        view.setflags(write=False)
        return view

    def _begin_block(self) -> None:
        self._full.append(self._room)
        rows = min(MOST_ROWS, 2 * max(len(self._room), self._count))
        self._room = np.empty(rows, self._dtype)
        self._filled = 0

    def _bytes(self, rows: Rows) -> Rows:
        """The same rows, seen as so many bytes each."""
        return np.ascontiguousarray(rows).view(f"V{self._dtype.itemsize}")
