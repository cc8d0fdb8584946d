"""A column store that only grows: structured rows, taken over in bulk, read as one array."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Rows"]

Rows = NDArray[Any]  # structured


class Column:
    """Rows of one dtype in memory: in blocks, which reading joins to one.

    Blocks are the arrays that were handed over, not copies. Pieces of one array that follow each
    other are one block, however small the pieces.
    """

    def __init__(self, dtype: "np.dtype[Any]") -> None:
        self._dtype = dtype
        self._blocks: list[Rows] = [np.empty(0, dtype)]
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, rows: Rows) -> None:
        """Take rows over to the end; nobody may write to them from now on."""
        if len(rows) == 0:
            return
        rows = np.ascontiguousarray(rows, self._dtype).view(np.ndarray).view(self._dtype)
        self._count += len(rows)
        joined = _joined(self._blocks[-1], rows)
        if joined is None:
            self._blocks.append(rows)
        else:
            self._blocks[-1] = joined

    @property
    def rows(self) -> Rows:
        """All rows so far, shape [n], not to be written to; later rows don't change it."""
        if len(self._blocks) > 1:
            plain = [block.view(f"V{self._dtype.itemsize}") for block in self._blocks]
            self._blocks = [np.concatenate(plain).view(self._dtype)]  # as bytes, ten times faster
        view = self._blocks[0].view()
        view.setflags(write=False)
        return view


def _joined(block: Rows, rows: Rows) -> Rows | None:
    """Both as one view of their common memory, if `rows` follows `block` there; else None."""
    memory = _memory(block)
    if memory is not _memory(rows) or rows.ctypes.data != block.ctypes.data + block.nbytes:
        return None
    first = block.ctypes.data - memory.ctypes.data
    return memory.view(np.uint8)[first : first + block.nbytes + rows.nbytes].view(block.dtype)


def _memory(rows: Rows) -> Rows:
    """The array that owns the memory of a view."""
    while isinstance(rows.base, np.ndarray):
        rows = rows.base
    return rows
