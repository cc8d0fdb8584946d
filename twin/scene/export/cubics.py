"""Motions as cubics in time: exact where they are, as S-curves and straight ways are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cubics", "cubics"]

Array = NDArray[np.float64]

HALVINGS = 10
CHECKS = np.array([1.0, 3.0, 5.0]) / 6.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cubics:
    """Cubic pieces, one after another without a gap, by what they are and how fast at both ends."""

    time: Array  # [s], shape [n + 1]
    value: tuple[Array, Array]  # at the beginning and end of each piece, each [n, d]
    slope: tuple[Array, Array]  # the same, per second


def cubics(at: Callable[[Array], Array], breaks: Array, bound: float) -> Cubics:
    """Cut a motion into cubics.

    Args:
        at: the motion, from times [k] [s] to values [k, d].
        breaks: where it may cease to be one cubic [s], rising, shape [b], b >= 2.
        bound: a piece that is off by more at its sixths is halved.
    """
    time = breaks
    for _ in range(HALVINGS):
        pieces = _through(at, time)
        bad = _error(at, pieces) > bound
        if not bad.any():
            break
        middle = (time[1:] + time[:-1])[bad] / 2
        time = np.sort(np.append(time, middle))
    return _through(at, time)


def _through(at: Callable[[Array], Array], time: Array) -> Cubics:
    """The cubics through the ends and thirds of each piece."""
    length = np.diff(time)
    nodes = (time[:-1], time[:-1] + length / 3, time[:-1] + 2 * length / 3, time[1:])
    a, b, c, d = map(at, nodes)
    h = length[:, None]
    first = (-11 * a + 18 * b - 9 * c + 2 * d) / (2 * h)
    last = (11 * d - 18 * c + 9 * b - 2 * a) / (2 * h)
    return Cubics(time=time, value=(a, d), slope=(first, last))


def _error(at: Callable[[Array], Array], pieces: Cubics) -> Array:
    length = np.diff(pieces.time)
    worst = np.zeros(len(length))
    for u in CHECKS.tolist():
        exact = at(pieces.time[:-1] + u * length)
        off = np.abs(_blend(pieces, u, length[:, None]) - exact).max(axis=1)
        worst = np.maximum(worst, off)
    return worst


def _blend(pieces: Cubics, u: float, length: Array) -> Array:
    """The Hermite form at a share u of each piece."""
    (a, b), (m, n) = pieces.value, pieces.slope
    v = 1.0 - u
    blend = (1 + 2 * u) * v * v * a + u * u * (3 - 2 * u) * b
    return blend + length * (u * v * v * m - u * u * v * n)
