"""When a motion crosses a value: solved on its cubics, not looked for in samples.

A cubic is monotone between its extremes, which a quadratic gives. So each piece falls into at most
three brackets, and in a bracket whose ends lie on both sides there is exactly one crossing, found
by Newton steps that fall back to halving wherever they would leave the bracket.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twin.motion.cubic import CubicTable

__all__ = ["crossings", "root_in_bracket"]

Array = NDArray[np.float64]
Function = Callable[[Array], tuple[Array, Array]]

MOST_STEPS = 200  # halving alone needs 60 for float64; Newton needs about 6
SAME_MOMENT = 1e-9  # s: crossings nearer than this are one, seen from two pieces


def crossings(table: CubicTable, joint: int, value: float) -> Array:
    """All times at which a joint is at a value.

    A joint that only touches the value counts. One that rests on it counts at the knots, so at the
    moments when it comes to rest and when it leaves.

    Args:
        table: The motion.
        joint: Which column of it.
        value: Joint position [rad] or [m].

    Returns:
        Rising times [s], shape [crossing_count].
    """
    c0, c1, c2, c3 = table.coefficients[:, :, joint].T
    c0 = c0 - value
    h = np.diff(table.time)
    cuts = _cuts(c1, c2, c3, h)
    low, high = cuts[:-1].ravel(), cuts[1:].ravel()
    c0, c1, c2, c3 = (np.tile(c, 3) for c in (c0, c1, c2, c3))

    def cubic(u: Array, chosen: NDArray[np.bool_]) -> tuple[Array, Array]:
        a, b, c, d = c0[chosen], c1[chosen], c2[chosen], c3[chosen]
        return a + u * (b + u * (c + u * d)), b + u * (2 * c + 3 * u * d)

    every = np.ones(len(low), dtype=np.bool_)
    below, above = cubic(low, every)[0], cubic(high, every)[0]
    inside = (np.sign(below) * np.sign(above) < 0) & (low < high)
    roots = root_in_bracket(lambda u: cubic(u, inside), low[inside], high[inside])
    start = np.tile(table.time[:-1], 3)
    at_ends = [start[below == 0] + low[below == 0], start[above == 0] + high[above == 0]]
    times = np.sort(np.concatenate([start[inside] + roots, *at_ends]))
    return times[np.diff(times, prepend=-np.inf) > SAME_MOMENT]


def root_in_bracket(function: Function, low: Array, high: Array) -> Array:
    """Where monotone functions are zero between two points at which their signs differ.

    Args:
        function: Gives values and slopes, each [n], at points [n].
        low: Where the brackets begin, shape [n].
        high: Where they end, shape [n].

    Returns:
        Roots, shape [n], as exact as the function's values allow.
    """
    rising = function(high)[0] > 0
    low, high = low.copy(), high.copy()
    x = (low + high) / 2
    for _ in range(MOST_STEPS):
        value, slope = function(x)
        right = (value > 0) == rising  # the root is not right of x
        high = np.where(right, x, high)
        low = np.where(right & (value != 0), low, x)
        step = value / np.where(slope != 0, slope, np.inf)
        newton = x - step
        inside = (newton > low) & (newton < high) & (slope != 0)
        further = np.where(value == 0, x, np.where(inside, newton, (low + high) / 2))
        if np.all(np.abs(further - x) <= 2e-16 * np.maximum(np.abs(x), high - low)):
            return further
        x = further
    return x


def _cuts(c1: Array, c2: Array, c3: Array, h: Array) -> Array:
    """Ends of the monotone brackets of cubics on [0, h]: 0, extremes if any, h; shape [4, k]."""
    square = np.maximum(c2 * c2 - 3 * c1 * c3, 0.0)  # no extreme: a cut anywhere does no harm
    sum_ = -(c2 + np.where(c2 < 0, -1.0, 1.0) * np.sqrt(square))  # no two terms cancel
    one = np.where(c3 != 0, sum_ / np.where(c3 != 0, 3 * c3, 1.0), 0.0)
    other = np.where(sum_ != 0, c1 / np.where(sum_ != 0, sum_, 1.0), 0.0)
    extremes = np.clip(np.sort(np.stack([one, other]), axis=0), 0.0, h)
    return np.concatenate([np.zeros((1, len(h))), extremes, h[None, :]])
