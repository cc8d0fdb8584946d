"""A column store that only grows: structured rows, appended in bulk, read as one array."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Rows"]

Rows = NDArray[Any]  # structured

FIRST_ROWS = 256


class Column:
    """Rows of one dtype in memory; room doubles, so appending costs the same however long it is."""

    def __init__(self, dtype: "np.dtype[Any]") -> None:
        self._room: Rows = np.zeros(FIRST_ROWS, dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, rows: Rows) -> None:
        """Copy rows to the end."""
        count = self._count + len(rows)
        if count > len(self._room):
            room = np.zeros(max(count, 2 * len(self._room)), self._room.dtype)
            room[: self._count] = self._room[: self._count]
            self._room = room
        self._room[self._count : count] = rows
        self._count = count

    @property
    def rows(self) -> Rows:
        """All rows so far, shape [n], not to be written to; later rows don't change it."""
        view = self._room[: self._count]
        view.setflags(write=False)
        return view
