"""Braking from any state: the shortest change of speed within a limit of acceleration and of jerk.

An axis with velocity v and acceleration a is to be at a given velocity with no acceleration. The
acceleration rises at full jerk to a peak, stays there, and falls to zero at full jerk; the peak is
the limit, or what the speed still to be changed allows. That is the time-optimal control of a
double integrator with a bounded state, in closed form (Kröger, On-Line Trajectory Generation in
Robotic Systems, 2010, chapter 4).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.cubic import CubicTable

__all__ = ["Brake", "brake", "emergency_stop"]

Array = NDArray[np.float64]

ROUNDING = 1e-12  # of speed: nearer states are one


class Brake(NamedTuple):
    """Three phases, the first axis: acceleration goes to its peak, stays there, goes to zero."""

    duration: Array  # of each phase [s], shape [3, ...]
    acceleration: Array  # at the start of each phase [1/s2], shape [3, ...]
    jerk: Array  # during each phase [1/s3], shape [3, ...]


def brake(
    velocity: ArrayLike,
    acceleration: ArrayLike,
    *,
    deceleration: ArrayLike,
    jerk: ArrayLike,
    target: ArrayLike = 0.0,
) -> Brake:
    """Bring axes from a velocity and an acceleration to a target velocity as fast as allowed.

    Args:
        velocity: Now [1/s], any shape that broadcasts with the others.
        acceleration: Now [1/s2], at most `deceleration` either way.
        deceleration: Largest acceleration either way [1/s2].
        jerk: Largest jerk [1/s3]; infinite: acceleration jumps, and what there is now is dropped.
        target: Velocity to reach [1/s].

    Raises:
        ValueError: an acceleration is beyond its limit, or a limit is not above zero.
    """
    arrays = np.broadcast_arrays(velocity, acceleration, deceleration, jerk, target)
    v, a, limit, rate, goal = (np.asarray(x, dtype=np.float64) for x in arrays)
    if not (np.all(limit > 0) and np.all(rate > 0)):
        raise ValueError("deceleration and jerk must be > 0")
    if not np.all(np.abs(a) <= limit * (1 + 1e-9)):
        raise ValueError("acceleration must be within the deceleration before braking")
    at_once = np.isinf(rate)
    a = np.where(at_once, 0.0, np.clip(a, -limit, limit))
    rate = np.where(at_once, 1.0, rate)

    missing = goal - v
    left_over = np.where(at_once, missing, missing - a * np.abs(a) / (2 * rate))
    side = np.where(left_over < 0, -1.0, 1.0)  # the way in which acceleration has its peak
    ending = np.abs(left_over) <= ROUNDING * (np.abs(missing) + a * a / rate)
    side = np.where(ending, np.where(a < 0, -1.0, 1.0), side)  # it needs only to fall
    missing, a = side * missing, side * a
    highest = np.sqrt(np.maximum(a * a / 2 + rate * missing, 0.0))
    peak = np.where(at_once, limit, np.minimum(np.maximum(highest, a), limit))
    gained = np.where(at_once, 0.0, (peak * peak - a * a / 2) / rate)  # speed, in both jerk phases
    full = at_once | (highest > limit)  # the limit is reached, so the peak is not zero
    steady = np.where(full, np.maximum(missing - gained, 0.0) / np.where(full, peak, 1.0), 0.0)
    rise = np.where(at_once, 0.0, (peak - a) / rate)
    fall = np.where(at_once, 0.0, peak / rate)
    none = np.zeros_like(peak)
    steep = np.where(at_once, 0.0, rate)
    return Brake(
        duration=np.stack([rise, steady, fall]),
        acceleration=side * np.stack([a, peak, peak]),
        jerk=side * np.stack([steep, none, -steep]),
    )


def emergency_stop(
    position: ArrayLike,
    velocity: ArrayLike,
    acceleration: ArrayLike,
    *,
    deceleration: ArrayLike,
    jerk: ArrayLike,
) -> CubicTable:
    """Stop every joint by itself, each as fast as its limits allow; the path is left.

    Args:
        position: Joint positions now [rad], shape [J].
        velocity: Joint velocities now [rad/s], shape [J].
        acceleration: Joint accelerations now [rad/s2], shape [J].
        deceleration: Largest acceleration of each joint either way [rad/s2], shape [J] or one.
        jerk: Largest jerk of each joint [rad/s3], shape [J] or one.

    Returns:
        Joint positions from now until the last joint stands.
    """
    phases = brake(velocity, acceleration, deceleration=deceleration, jerk=jerk)
    ends = np.cumsum(phases.duration, axis=0)  # [3, J]
    knots = np.unique(np.concatenate([[0.0], ends.ravel()]))
    began = ends - phases.duration
    middle = (knots[:-1] + knots[1:]) / 2
    phase = (middle[:, None, None] >= ends).sum(axis=1)  # [k, J]; 3: this joint stands already
    row = np.minimum(phase, 2)
    joint = np.arange(ends.shape[1], dtype=np.int64)
    since = knots[:-1, None] - began[row, joint]
    moving = phase < 3
    change = np.where(moving, phases.jerk[row, joint], 0.0)
    start = np.where(moving, phases.acceleration[row, joint] + change * since, 0.0)
    return CubicTable.of_pieces(np.diff(knots), position, velocity, acceleration=start, jerk=change)
