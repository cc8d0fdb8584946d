"""Rows in the order of their ticks, of which only those that still matter are kept.

At any tick an owner's latest row at or before it holds (a motion segment, a state). So what someone
who joins at a tick must be told is: that row of each owner, and every later row.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Recent"]

Rows = NDArray[Any]  # structured, with a column `tick`


class Recent:
    """A sliding window over rows that come in by rising tick."""

    def __init__(self, dtype: "np.dtype[Any]", owner: str) -> None:
        """Keep rows of a dtype with the columns `tick` and, naming whom they are of, `owner`."""
        self._owner = owner
        self._blocks: list[Rows] = [np.zeros(0, dtype)]

    def __len__(self) -> int:
        return sum(len(block) for block in self._blocks)

    @property
    def rows(self) -> Rows:
        """All rows that are kept, shape [n]."""
        if len(self._blocks) > 1:
            self._blocks = [np.concatenate(self._blocks)]
        return self._blocks[0]

    def add(self, rows: Rows) -> None:
        """Take rows none of which is earlier than those before."""
        if len(rows):
            self._blocks.append(rows)

    def at(self, tick: int) -> Rows:
        """The row that holds at a tick of each owner that has one, shape [n]."""
        return self._split(tick)[0]

    def since(self, tick: int) -> Rows:
        """The row that holds at a tick of each owner, and all later ones, in order, shape [n]."""
        return np.concatenate(self._split(tick))

    def _split(self, tick: int) -> tuple[Rows, Rows]:
        rows = self.rows
        now = int(np.searchsorted(rows["tick"], tick, side="right"))
        owners = rows[self._owner][:now]
        _, from_end = np.unique(owners[::-1], return_index=True)
        holding = np.sort(now - 1 - from_end)
        return rows[holding], rows[now:]

    def forget(self, tick: int) -> None:
        """Drop what no longer matters to anyone who joins at a tick or later."""
        self._blocks = [self.since(tick)]

    def cut(self, tick: int) -> None:
        """Drop what is later than a tick: it will not happen."""
        rows = self.rows
        self._blocks = [rows[rows["tick"] <= tick]]
