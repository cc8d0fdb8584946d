"""How a profile moves on: its rates at any time, and the time at which it is so far done.

Both belong to `profile` and take the same phase times. The inverse is closed form in all phases but
the one in which acceleration falls. There it is a cubic whose Newton steps start on the convex side
of the root and so never pass it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Rates", "moment", "rates"]

Array = NDArray[np.float64]

NEWTON_STEPS = 6  # the error of the first guess is below 1/6 of the phase, and squares each time


class Rates(NamedTuple):
    """Derivatives of progress by time: [1/s], [1/s2] and [1/s3], all of one shape."""

    velocity: Array
    acceleration: Array
    jerk: Array


def rates(u: ArrayLike, duration: ArrayLike, ramp: ArrayLike, jerk: ArrayLike) -> Rates:
    """Rates of progress `u` seconds after a move began; zero before it and after it.

    Args:
        u: Time since the move began [s], any shape that broadcasts with the others.
        duration: Time the whole move takes [s], at least 2 `ramp`.
        ramp: Time to reach full speed [s], both jerk phases included; 0 is constant speed.
        jerk: Time the acceleration takes to reach its peak [s], at most `ramp` / 2; 0 is at once.
    """
    u = np.asarray(u, dtype=np.float64)
    duration, ramp, jerk = (np.asarray(x, dtype=np.float64) for x in (duration, ramp, jerk))
    speed, peak, rate = _peaks(duration, ramp, jerk)
    w = np.minimum(u, duration - u)  # the second half mirrors the first
    before = ramp - w  # until full speed
    rising, steady = w < jerk, w < ramp - jerk
    velocity = np.where(w < ramp, speed - rate * before * before / 2, speed)
    velocity = np.where(steady, peak * (w - jerk / 2), velocity)
    velocity = np.where(rising, rate * w * w / 2, velocity)
    acceleration = np.where(w < ramp, rate * before, 0.0)
    acceleration = np.where(rising, rate * w, np.where(steady, peak, acceleration))
    change = np.where(rising, rate, np.where(steady | (w >= ramp), 0.0, -rate))
    side = np.where(u + u > duration, -1.0, 1.0)
    inside = (w >= 0) & (duration > 0)
    columns = (velocity, side * acceleration, change)
    return Rates(*(np.where(inside, column, 0.0) for column in columns))


def moment(done: ArrayLike, duration: ArrayLike, ramp: ArrayLike, jerk: ArrayLike) -> Array:
    """Time since a move began [s] at which it is `done`: the inverse of `profile`.

    Args:
        done: Progress in [0, 1]; what lies outside counts as the end that is nearer.
        duration: Time the whole move takes [s].
        ramp: Time to reach full speed [s].
        jerk: Time the acceleration takes to reach its peak [s].
    """
    duration, ramp, jerk = (np.asarray(x, dtype=np.float64) for x in (duration, ramp, jerk))
    done = np.clip(np.asarray(done, dtype=np.float64), 0.0, 1.0)
    half = np.minimum(done, 1.0 - done)
    speed, peak, rate = _peaks(duration, ramp, jerk)
    after_rise = rate * jerk * jerk * jerk / 6
    before_fall = speed * ramp / 2 - speed * jerk + rate * jerk * jerk * jerk / 6
    full = speed * ramp / 2  # how much is done when full speed is reached

    rising = np.cbrt(6 * half / np.where(rate > 0, rate, 1.0))
    steady = _in_steady_phase(half, peak, jerk)
    missing = np.clip(full - half, 0.0, full - before_fall)  # elsewhere another phase counts
    falling = ramp - _before_full_speed(missing, speed, rate)
    cruising = ramp + (half - full) / speed
    w = np.where(half < full, falling, cruising)
    w = np.where(half < before_fall, steady, w)
    w = np.where(half < after_rise, rising, w)
    u = np.where(done > 0.5, duration - w, np.where(done > 0, w, 0.0))
    return np.where(duration > 0, u, 0.0)


def _peaks(duration: Array, ramp: Array, jerk: Array) -> tuple[Array, Array, Array]:
    """Full speed, the peak of acceleration, and the jerk of a profile; 1 where there is none."""
    speed = 1.0 / np.where(duration > 0, duration - ramp, 1.0)
    peak = np.where(ramp > 0, speed, 0.0) / np.where(ramp > 0, ramp - jerk, 1.0)
    rate = np.where(jerk > 0, peak, 0.0) / np.where(jerk > 0, jerk, 1.0)
    return speed, peak, rate


def _in_steady_phase(half: Array, peak: Array, jerk: Array) -> Array:
    """Time in the phase of constant acceleration: half = peak (w^2 - jerk w + jerk^2 / 3) / 2."""
    root = 2 * half / np.where(peak > 0, peak, 1.0) - jerk * jerk / 12
    return jerk / 2 + np.sqrt(np.maximum(root, 0.0))


def _before_full_speed(missing: Array, speed: Array, rate: Array) -> Array:
    """Time b until full speed, where speed b - rate b^3 / 6 is still missing from it."""
    before = missing / speed
    for _ in range(NEWTON_STEPS):
        residue = missing - speed * before + rate * before * before * before / 6
        before = before + residue / (speed - np.minimum(rate * before * before / 2, speed / 2))
    return before
