"""Timing of a move: one rest-to-rest profile family for everything that moves.

A move runs from 0 to 1 over `duration`. It gains speed during `ramp` and loses it during the last
`ramp`; in each ramp the acceleration itself rises and falls during `jerk`. So

    ramp = 0              constant speed             (a part on a belt)
    ramp > 0, jerk = 0    trapezoid of speed         (a lift, a shuttle)
    ramp > 0, jerk > 0    S-curve of seven phases    (a robot)

The planners give the shortest such profile within limits. Where several axes move together all
follow one profile along the straight line between two joint poses, so the slowest axis decides.
The formulas are the double integral of the textbook seven-phase acceleration diagram (Biagiotti
and Melchiorri, Trajectory Planning for Automatic Machines and Robots, chapter 3).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.units import TICKS_PER_SECOND

__all__ = ["Timing", "profile", "synchronised", "to_whole_ticks", "travel"]

SMALLEST_MOVE = 1e-12  # [rad] or [m]: shorter moves are timed as if they were this long
ROUNDING = 2.0**-50  # relative: a duration this close above a whole tick counts as that tick


class Timing(NamedTuple):
    """When a move's phases end; all in seconds, all of one shape."""

    duration: NDArray[np.float64]
    ramp: NDArray[np.float64]
    jerk: NDArray[np.float64]


def profile(
    u: ArrayLike, duration: ArrayLike, ramp: ArrayLike, jerk: ArrayLike
) -> NDArray[np.float64]:
    """Progress in [0, 1] of a move, `u` seconds after it began; before it 0, after it 1.

    Args:
        u: Time since the move began [s], any shape that broadcasts with the others.
        duration: Time the whole move takes [s], at least 2 `ramp`.
        ramp: Time to reach full speed [s], both jerk phases included; 0 is constant speed.
        jerk: Time the acceleration takes to reach its peak [s], at most `ramp` / 2; 0 is at once.
    """
    duration, ramp, jerk = (np.asarray(x, dtype=np.float64) for x in (duration, ramp, jerk))
    u = np.clip(np.asarray(u, dtype=np.float64), 0.0, duration)
    w = np.minimum(u, duration - u)  # the second half mirrors the first

    speed = 1.0 / np.where(duration > 0, duration - ramp, 1.0)
    peak = speed / np.where(ramp > 0, ramp - jerk, 1.0)  # acceleration
    rate = peak / np.where(jerk > 0, jerk, 1.0)  # of acceleration

    after, before = w - jerk, ramp - w  # since the first jerk phase; until full speed
    rising = rate * w * w * w / 6
    steady = peak * (jerk * jerk / 6 + jerk * after / 2 + after * after / 2)
    falling = speed * (ramp / 2 - before) + rate * before * before * before / 6
    cruising = speed * (w - ramp / 2)

    half = np.where(w < ramp, falling, cruising)
    half = np.where(w < ramp - jerk, steady, half)
    half = np.where(w < jerk, rising, half)
    eased = np.where(u + u > duration, 1.0 - half, half)
    even = u / np.where(duration > 0, duration, 1.0)
    return np.where(duration > 0, np.where(ramp > 0, eased, even), 1.0)


def synchronised(
    start: ArrayLike,
    end: ArrayLike,
    *,
    speed: ArrayLike,
    acceleration: ArrayLike,
    jerk: ArrayLike,
) -> Timing:
    """Time the fastest straight joint moves from rest to rest in which no axis breaks its limits.

    Args:
        start: Joint positions at the beginning [rad] or [m], shape [..., J].
        end: Joint positions at the end, shape [..., J].
        speed: Largest speed of each axis [1/s], broadcasts with [..., J].
        acceleration: Largest acceleration of each axis [1/s2].
        jerk: Largest jerk of each axis [1/s3]; infinite for a trapezoid.

    Returns:
        Timing of shape [...]; a move to where it already is takes no time.
    """
    distance = np.abs(np.asarray(end, dtype=np.float64) - np.asarray(start, dtype=np.float64))
    length = np.maximum(distance, SMALLEST_MOVE)
    limits = (np.asarray(x, dtype=np.float64) for x in (speed, acceleration, jerk))
    shortest = _unit_move(*((limit / length).min(axis=-1) for limit in limits))
    moves = np.any(distance > 0, axis=-1)
    return Timing(*(np.where(moves, time, 0.0) for time in shortest))


def travel(
    distance: ArrayLike, speed: ArrayLike, acceleration: ArrayLike, jerk: ArrayLike
) -> Timing:
    """Time the fastest move of one axis over a distance [m], from rest to rest.

    With an infinite jerk [m/s3] it is a trapezoid; with an infinite acceleration [m/s2] too, it
    is constant speed [m/s]. All arguments broadcast.
    """
    limits = np.broadcast_arrays(distance, speed, acceleration, jerk)
    length, speed, acceleration, jerk = (np.asarray(x, dtype=np.float64)[..., None] for x in limits)
    nowhere = np.zeros_like(length)
    return synchronised(nowhere, length, speed=speed, acceleration=acceleration, jerk=jerk)


def to_whole_ticks(timing: Timing) -> Timing:
    """Slow moves down, by less than a tick each, so that they end on a whole microsecond.

    All phases stretch alike, so a move that kept its limits keeps them.
    """
    ticks = np.ceil(timing.duration * TICKS_PER_SECOND * (1.0 - ROUNDING))
    duration = ticks / TICKS_PER_SECOND
    stretch = duration / np.where(timing.duration > 0, timing.duration, 1.0)
    return Timing(duration, timing.ramp * stretch, timing.jerk * stretch)


def _unit_move(
    speed: NDArray[np.float64], acceleration: NDArray[np.float64], jerk: NDArray[np.float64]
) -> Timing:
    """Time the fastest move over distance 1; the limits are per unit of distance."""
    at_once = np.isinf(acceleration) & np.isinf(jerk)
    acceleration = np.where(at_once, 1.0, acceleration)

    # Full speed is reached: is full acceleration reached on the way to it?
    full = speed * jerk >= acceleration * acceleration
    rise = np.where(full, acceleration / jerk, np.sqrt(speed / jerk))
    ramp = np.where(full, speed / acceleration + rise, 2 * rise)
    cruise = 1.0 / speed - ramp

    # Too short for full speed: is full acceleration reached before half way?
    full = 2 * acceleration**3 / jerk**2 <= 1.0
    rise_short = np.where(full, acceleration / jerk, np.cbrt(0.5 / jerk))
    half = np.where(full, rise_short / 2, 0.0)
    ramp_short = np.where(full, half + np.sqrt(half * half + 1.0 / acceleration), 2 * rise_short)

    short = cruise < 0
    rise, ramp = np.where(short, rise_short, rise), np.where(short, ramp_short, ramp)
    duration = 2 * ramp + np.where(short, 0.0, cruise)
    return Timing(
        np.where(at_once, 1.0 / speed, duration),
        np.where(at_once, 0.0, ramp),
        np.where(at_once, 0.0, rise),
    )
