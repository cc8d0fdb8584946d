"""Two motions of one robot that overlap: the second begins before the first has ended.

Both are displacements of the joints, and their sum is again made of cubics. Where both come to rest
without a jump of acceleration the sum does not jump either.
"""

import numpy as np
from numpy.typing import NDArray

from twin.motion.arm import Arm
from twin.motion.cubic import CubicTable

__all__ = ["longest_overlap", "overlapped"]

Array = NDArray[np.float64]

SHARES = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25, 0.12, 0.05)  # of the longest overlap, tried in turn
SAME = 1e-9  # s: knots nearer than this are one
KEPT = 1 + 1e-9  # a limit is kept up to rounding


def overlapped(one: CubicTable, other: CubicTable, overlap: float) -> CubicTable:
    """Run two tables so that the second begins `overlap` before the first ends [s].

    Args:
        one: Ends at rest.
        other: Begins at rest where the first ends.
        overlap: At least 0, at most either duration.
    """
    if overlap <= 0:
        return CubicTable.joined([one, other])
    begins = one.duration - overlap
    knots = np.sort(np.concatenate([one.time, begins + other.time]))
    knots = knots[np.diff(knots, prepend=-np.inf) > SAME]
    pieces = _pieces_at(one, knots) + _pieces_at(other, knots - begins)
    pieces[:, 0] -= other.coefficients[0, 0]
    return CubicTable.build(knots, pieces)


def longest_overlap(arm: Arm, one: CubicTable, other: CubicTable, most: float) -> float:
    """How long two motions may overlap, at most `most` [s], without breaking a joint's limit.

    What is tried are shares of the most; the first that keeps the limits is taken, or none, 0.
    """
    limits = np.stack([arm.speed, arm.acceleration, arm.jerk]) * KEPT
    for share in SHARES:
        peaks = overlapped(one, other, share * most).peaks()
        if np.all((peaks <= limits) | np.isinf(limits)):
            return share * most
    return 0.0


def _pieces_at(table: CubicTable, knots: Array) -> Array:
    """A table's cubics, written anew from given knots on; outside it they stay; [k, 4, J]."""
    middle = (knots[:-1] + knots[1:]) / 2
    row = np.searchsorted(table.time[1:-1], middle, side="right")
    u = (np.clip(knots[:-1], 0.0, table.duration) - table.time[row])[:, None]
    c0, c1, c2, c3 = np.moveaxis(table.coefficients[row], 1, 0)
    moving = ((middle > 0) & (middle < table.duration))[:, None]
    start = c0 + u * (c1 + u * (c2 + u * c3))
    rates = (c1 + u * (2 * c2 + 3 * u * c3), c2 + 3 * u * c3, c3)
    return np.stack([start, *(np.where(moving, rate, 0.0) for rate in rates)], axis=1)
