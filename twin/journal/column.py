"""A column store that only grows: structured rows, appended in bulk, read as one array."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Rows"]

Rows = NDArray[Any]  # structured

FIRST_ROWS = 256
MOST_ROWS = 1 << 18  # in a new block; a block of some MB gets huge pages


class Column:
    """Rows of one dtype in memory: in blocks, which reading joins to one.

    Rows lie there as plain bytes: numpy copies structured rows field by field, ten times slower.
    """

    def __init__(self, dtype: "np.dtype[Any]") -> None:
        self._dtype = dtype
        self._bytes = np.dtype(f"V{dtype.itemsize}")
        self._full: list[Rows] = []
        self._block: Rows = np.empty(FIRST_ROWS, self._bytes)
        self._used = 0  # rows of the last block
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, rows: Rows) -> None:
        """Copy rows to the end."""
        plain = np.ascontiguousarray(rows, self._dtype).view(self._bytes)
        end = self._used + len(plain)
        if end > len(self._block):
            self._full.append(self._block[: self._used])
            self._block = np.empty(max(len(plain), min(self._count, MOST_ROWS)), self._bytes)
            self._used, end = 0, len(plain)
        self._block[self._used : end] = plain
        self._used = end
        self._count += len(plain)

    @property
    def rows(self) -> Rows:
        """All rows so far, shape [n], not to be written to; later rows don't change it."""
        if self._full:
            self._block = np.concatenate([*self._full, self._block[: self._used]])
            self._full = []
            self._used = self._count
        view = self._block[: self._count].view(self._dtype)
        view.setflags(write=False)
        return view
