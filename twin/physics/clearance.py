"""Smallest clearance of pairs of movers along continuous motion, with a guarantee.

Between two looks at a pair its clearance d falls by no more than both odometers advance, M. So over
the whole interval it is at least (d0 + d1 - M) / 2. An interval that could hold less than the best
found so far is halved (adaptive bisection: Schwarzer, Saha and Latombe, Adaptive dynamic collision
checking, 2005; a conservative advancement from both ends). When none is left the true minimum lies
between `lower` and `upper`. Nothing is sampled at fixed steps, and a wait costs nothing.

Distances are between surfaces. What is wholly inside a closed solid touches none: its clearance is
0 as well. As nothing gets in or out without a touch, both ends of the time are looked at for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.physics.inside import contained
from twin.physics.mover import Mover
from twin.physics.search import Search
from twin.physics.solids import Solids

__all__ = ["Closest", "closest", "gaps"]

Array = NDArray[np.float64]
Ticks = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Closest:
    """Where each pair is closest; row i is of pair i. A pair beyond the margin has no tick: -1."""

    lower: Array  # the true minimum is at least this [m]
    upper: Array  # and at most this: the clearance at the tick [m]
    tick: Ticks  # when
    solid: NDArray[np.int64]  # numbers of the solids in the movers, shape [n, 2]
    point: Array  # the closest points in the world [m], shape [n, 2, 3]


def closest(
    solids: Solids,
    pairs: Sequence[tuple[Mover, Mover]],
    spans: Sequence[tuple[int, int]],
    *,
    margin: float = 1.0,
    tolerance: float = 0.001,
) -> Closest:
    """The smallest clearance of each pair over its span of ticks.

    Args:
        solids: all solids that the movers name.
        pairs: who against whom; one mover may be in many pairs.
        spans: first and last tick for each pair.
        margin: clearances beyond it are not looked for [m].
        tolerance: largest difference of `upper` and `lower` [m], > 0.
    """
    search = Search(solids, pairs, margin, tolerance)
    ticks = np.array(spans, np.int64).reshape(-1, 2)
    search.run(ticks)
    found = Closest(
        lower=search.lower, upper=search.best, tick=search.tick, solid=search.solid,
        point=search.point,
    )  # fmt: skip
    for end in (0, 1):
        for row, (pair, tick) in enumerate(zip(pairs, ticks[:, end], strict=True)):
            if found.lower[row] > 0 and (hidden := contained(solids, *pair, tick=int(tick))):
                found.lower[row] = found.upper[row] = 0.0
                found.tick[row], found.solid[row], found.point[row] = tick, *hidden
    return found


def gaps(
    solids: Solids, one: Mover, other: Mover, ticks: Ticks, *, most: float, tolerance: float = 0.001
) -> Array:
    """Clearance of two movers at single ticks, shape [n] [m].

    A lower bound, right to a quarter of the tolerance up to `most`, and at least that beyond it.
    """
    search = Search(solids, [(one, other)], most, tolerance)
    found = search.gaps(np.zeros(len(ticks), np.int64), ticks)
    for row in np.flatnonzero(found > 0).tolist():
        if contained(solids, one, other, tick=int(ticks[row])):
            found[row] = 0.0
    return found
