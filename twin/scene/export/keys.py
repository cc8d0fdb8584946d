"""Sparse keys: the fewest samples of a motion from which a player gets it back within a bound.

A player goes straight between two keys of a position, and at a steady turn about one axis between
two keys of an orientation. A motion is sampled finely, each key is one of the samples, so exact,
and every sample between two keys is checked. The grid is so fine that between two samples, where
nothing is checked, the motion can't bend away by more than `UNSEEN` of the bound: over a time h a
curve with acceleration at most B leaves its chord by at most B h^2 / 8. So the bound holds always.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Curve", "Grid", "angle_between", "fit", "slerp"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

CHECKED = 0.96  # of the bound: what samples may be off; the rest is for what lies between them
CHORD = 0.0045  # half angle [rad] between quaternions up to which USD blends along the chord
UNSEEN = 0.01  # of the bound: what the motion may do between two samples; 0.03 is for rounding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Times to sample a motion at: spans from break to break, evenly divided."""

    time: Array  # [s], rising, shape [n]
    breaks: Rows  # which of them are breaks: always keys; shape [span_count + 1]

    @classmethod
    def build(cls, breaks: Array, step: Array) -> "Grid":
        """Divide spans [span_count] between breaks [s] into steps no longer than given [s]."""
        length = np.diff(breaks)
        count = np.maximum(1, np.ceil(length / step)).astype(np.int64)
        first = np.concatenate([[0], np.cumsum(count)])
        since = np.arange(int(first[-1])) - np.repeat(first[:-1], count)
        time: Array = np.repeat(breaks[:-1], count) + since * np.repeat(length / count, count)
        return cls(time=np.append(time, breaks[-1]), breaks=first)

    @staticmethod
    def step(bound: float, acceleration: Array) -> Array:
        """The longest step [s] at which a motion with such accelerations hides nothing."""
        return np.sqrt(8 * UNSEEN * bound / np.maximum(acceleration, 1e-12))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """A motion as a player shows it: keys, and a straight way or a steady turn between them."""

    time: Array  # [s], rising, shape [n], n >= 1
    value: Array  # positions [m] of shape [n, 3], or orientations wxyz of shape [n, 4]

    def at(self, time: Array) -> Array:
        """What a player shows at times [k] [s]; the ends hold."""
        if len(self.time) == 1:
            return np.repeat(self.value, len(time), axis=0)
        row = np.clip(np.searchsorted(self.time, time, "right") - 1, 0, len(self.time) - 2)
        weight = (time - self.time[row]) / (self.time[row + 1] - self.time[row])
        return between(self.value[row], self.value[row + 1], np.clip(weight, 0.0, 1.0))

    def piece(self, begin: float, end: float) -> "Curve":
        """The same motion from one time to a later one [s]: not a bit different in between."""
        if len(self.time) == 1 or end <= begin:
            return Curve(time=np.array([begin]), value=self.at(np.array([begin])))
        inside = slice(*np.searchsorted(self.time, [begin, end], "right"))
        time, value = self.time[inside], self.value[inside]
        if not len(time) or time[-1] < end:
            time, value = np.append(time, end), np.append(value, self.at(np.array([end])), axis=0)
        first = self.at(np.array([begin]))
        return Curve(time=np.append(begin, time), value=np.append(first, value, axis=0))


def fit(grid: Grid, value: Array, bound: float) -> Curve:
    """Choose keys among the samples of a motion.

    Args:
        grid: When it was sampled; its steps suit the motion's accelerations (`Grid.step`).
        value: Positions [m], shape [n, 3], or orientations wxyz without sign changes, [n, 4].
        bound: The largest error of position [m] or orientation [rad] that is allowed.
    """
    rows = _spread(grid, _acceleration(grid, value), CHECKED * bound)
    while True:
        off = _error(grid.time, value, rows)
        worst = np.maximum.reduceat(off, rows[:-1])
        if value.shape[-1] == 4:
            worst += _stray(value[rows[:-1]], value[rows[1:]])
        bad = np.flatnonzero((worst > CHECKED * bound) & (np.diff(rows) > 1))
        if not len(bad):
            return Curve(time=grid.time[rows], value=value[rows])
        rows = np.sort(np.append(rows, (rows[bad] + rows[bad + 1]) // 2))


def between(a: Array, b: Array, weight: Array) -> Array:
    """Blend positions [n, 3] or orientations [n, 4] as a player does; weights [n]."""
    if a.shape[-1] == 4:
        return slerp(a, b, weight)
    return a + (b - a) * weight[:, None]


def slerp(a: Array, b: Array, weight: Array) -> Array:
    """Turn steadily from quaternions a [n, 4] to b along the shorter arc; weights [n]."""
    b = _near(a, b)
    half = _half_angle(a, b)
    sine = np.sin(half)
    tiny = sine < 1e-6  # where the chord is the arc
    scale = np.where(tiny, 1.0, sine)
    left = np.where(tiny, 1 - weight, np.sin((1 - weight) * half) / scale)
    right = np.where(tiny, weight, np.sin(weight * half) / scale)
    return left[:, None] * a + right[:, None] * b


def angle_between(a: Array, b: Array) -> Array:
    """Angles [rad] of the turns between orientations a and b [n, 4]; exact also where tiny."""
    return 2 * _half_angle(a, _near(a, b))


def _stray(a: Array, b: Array) -> Array:
    """How far USD itself may stray from the steady turn between keys a and b [n, 4] [rad].

    Where keys are less than half a degree apart it blends along the chord and does not normalise,
    so the quaternion is short by up to angle^2 / 8; and its matrix is made of the angle acos(w),
    which is very sensitive to that where the whole turn is small (measured with USD 26.11).
    """
    apart = _half_angle(a, b)
    turn = [np.arctan2(_length(q[:, 1:]), np.abs(q[:, 0])) for q in (a, b)]
    least = np.maximum(turn[0] + turn[1] - apart, 0.0) / 2  # half the whole turn, on the way
    short = apart * apart / 8
    sine = np.sin(least / 2) ** 2 + short * np.cos(least) / 2
    return np.where(apart < CHORD, 4 * np.arcsin(np.sqrt(sine)) - 2 * least, 0.0)


def _half_angle(a: Array, b: Array) -> Array:
    return 2 * np.arctan2(_length(a - b), _length(a + b))


def _near(a: Array, b: Array) -> Array:
    """The same orientations as b, on the side where a is."""
    return np.where(_dot(a, b)[:, None] < 0, -b, b)


def _length(a: Array) -> Array:
    return np.sqrt(_dot(a, a))


def _dot(a: Array, b: Array) -> Array:
    """Products of vectors, row by row; much faster than a sum over short rows."""
    return np.einsum("ij,ij->i", a, b)


def _acceleration(grid: Grid, value: Array) -> Array:
    """How fast the motion bends away from its chord, by step, shape [n - 1] [m/s2] or [rad/s2]."""
    time = grid.time
    if len(time) < 3:
        return np.zeros(len(time) - 1)
    step = np.diff(time)
    change = np.diff(np.diff(value, axis=0) / step[:, None], axis=0)
    bend = 2 * change / (step[1:] + step[:-1])[:, None]
    if value.shape[-1] == 4:  # a steady turn bends only towards the sphere's middle
        middle = value[1:-1]
        bend = 2 * (bend - _dot(bend, middle)[:, None] * middle)
    size = np.zeros(len(time))
    size[1:-1] = _length(bend)
    size[grid.breaks] = 0.0  # speed may jump there, but a key is there anyway
    return np.maximum(size[:-1], size[1:])


def _spread(grid: Grid, acceleration: Array, bound: float) -> Rows:
    """Rows of keys so close that each chord is off by the bound, if acceleration is even there."""
    keys = np.sqrt(acceleration / (8 * bound)) * np.diff(grid.time)
    keys /= 1 - np.minimum(keys, 0.5)  # a key may come up to a step later than asked for
    total = np.concatenate([[0.0], np.cumsum(keys)])
    at_break = total[grid.breaks]
    count = np.maximum(1, np.ceil(np.diff(at_break) * (1 - 1e-9))).astype(np.int64)
    first = np.cumsum(count) - count
    number = np.arange(int(count.sum())) - np.repeat(first, count)
    share = number / np.repeat(count, count)
    goal = np.repeat(at_break[:-1], count) + share * np.repeat(np.diff(at_break), count)
    rows = np.searchsorted(total, goal)
    rows[first] = grid.breaks[:-1]
    return np.unique(np.append(rows, grid.breaks[-1]))


def _error(time: Array, value: Array, rows: Rows) -> Array:
    """How far a player would be off at each sample [m] or [rad], shape [n]."""
    shown = Curve(time=time[rows], value=value[rows]).at(time)
    if value.shape[-1] == 4:
        return angle_between(shown, value)
    return _length(shown - value)
