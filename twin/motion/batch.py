"""Timing of a batch of synchronised moves by one compiled kernel: `synchronised`, many at once.

The kernel does for one move after another what `twin.motion.profile.synchronised` does for whole
columns, so nothing of it leaves the processor's registers.
"""

from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.core.compiled import compilable, compiled
from twin.motion.profile import SMALLEST_MOVE, Timing

__all__ = ["plan_moves"]

Array = NDArray[np.float64]


def plan_moves(
    start: ArrayLike,
    end: ArrayLike,
    *,
    speed: ArrayLike,
    acceleration: ArrayLike,
    jerk: ArrayLike,
    interpreted: bool = False,
) -> Timing:
    """Time the fastest straight joint moves from rest to rest in which no axis breaks its limits.

    Args:
        start: Joint positions at the beginning [rad] or [m], shape [n, J].
        end: Joint positions at the end, shape [n, J].
        speed: Largest speed of each axis [1/s], shape [J] or [n, J].
        acceleration: Largest acceleration of each axis [1/s2], shape [J] or [n, J].
        jerk: Largest jerk of each axis [1/s3], shape [J] or [n, J]; infinite for a trapezoid.
        interpreted: Run the kernel as plain Python.

    Returns:
        Timing of shape [n]; a move to where it already is takes no time.
    """
    start, end = (np.ascontiguousarray(x, dtype=np.float64) for x in (start, end))
    columns = np.broadcast_arrays(speed, acceleration, jerk)
    limits = np.stack([np.atleast_2d(x).astype(np.float64, copy=False) for x in columns])
    count, joints = start.shape
    if end.shape != start.shape or limits.shape[1:] not in {(1, joints), (count, joints)}:
        shapes = f"{start.shape}, {end.shape} and {limits.shape[1:]}"
        raise ValueError(f"moves and limits must have shapes [n, J], [n, J] and [J], got {shapes}")
    timing = np.empty((3, count))
    kernel = time_moves if interpreted else compiled(time_moves)
    kernel(start, end, limits, timing)
    return Timing(*timing)


@compilable
def time_moves(start: Array, end: Array, limits: Array, timing: Array) -> None:
    """Write duration, ramp and jerk time of each move: [n, J], [n, J], [3, 1 or n, J], [3, n]."""
    for i in range(len(start)):
        row = i if limits.shape[1] > 1 else 0
        speed = acceleration = jerk = inf
        longest = 0.0
        for k in range(start.shape[1]):
            distance = abs(end[i, k] - start[i, k])
            length = max(distance, SMALLEST_MOVE)
            longest = max(longest, distance)
            speed = min(speed, limits[0, row, k] / length)
            acceleration = min(acceleration, limits[1, row, k] / length)
            jerk = min(jerk, limits[2, row, k] / length)
        if longest == 0.0:
            timing[0, i] = timing[1, i] = timing[2, i] = 0.0
        else:
            _time_unit_move(speed, acceleration, jerk, timing[:, i])


@compilable
def _time_unit_move(speed: float, acceleration: float, jerk: float, timing: Array) -> None:
    """Time the fastest move over distance 1; see `twin.motion.profile`."""
    if acceleration == inf and jerk == inf:
        timing[0], timing[1], timing[2] = 1.0 / speed, 0.0, 0.0
        return
    square = acceleration * acceleration
    full = speed * jerk >= square
    rise = acceleration / jerk if full else sqrt(speed / jerk)
    ramp = speed / acceleration + rise if full else 2.0 * rise
    cruise = 1.0 / speed - ramp
    if cruise < 0.0:  # too short for full speed
        cruise = 0.0
        if 2.0 * square * acceleration <= jerk * jerk:
            rise = acceleration / jerk
            ramp = rise / 2.0 + sqrt(rise * rise / 4.0 + 1.0 / acceleration)
        else:
            rise = (0.5 / jerk) ** (1.0 / 3.0)
            ramp = 2.0 * rise
    timing[0], timing[1], timing[2] = 2.0 * ramp + cruise, ramp, rise
