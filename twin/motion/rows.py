"""Ragged tables: rows of many owners laid end to end, each owner's in rising order."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["first_rows", "last_at_or_before", "read_only"]

Scalar = TypeVar("Scalar", bound=np.generic)


def read_only(column: NDArray[Scalar]) -> NDArray[Scalar]:
    """Copy a column so that nobody can write to it: what is planned once never changes."""
    kept = np.array(column)
    kept.setflags(write=False)
    return kept


def first_rows(count: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each owner's rows begin, given how many each has, shape [owner_count]."""
    return np.cumsum(count) - count


def last_at_or_before(
    values: NDArray[np.float64] | NDArray[np.int64],
    first: NDArray[np.int64],
    count: NDArray[np.int64],
    x: NDArray[np.float64] | NDArray[np.int64],
) -> NDArray[np.int64]:
    """Find, for each query, its owner's last row whose value is at most x; all at once.

    Args:
        values: The table's column to search, rising within each owner, shape [row_count].
        first: First row of the owner asked for, shape [n].
        count: Number of rows of that owner, at least 1, shape [n].
        x: What to look for, shape [n].

    Returns:
        Row numbers, shape [n]; the owner's first row where all its values are above x.
    """
    low, size = first.copy(), count.copy()
    for _ in range(int(size.max(initial=1)).bit_length()):  # halving: all queries in step
        half = size // 2
        middle = low + half
        low = np.where((half > 0) & (values[middle] <= x), middle, low)
        size = size - half
    return low
