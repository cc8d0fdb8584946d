"""How a hanging load swings while its carrier moves, in closed form.

For small angles a load on a hanger of length l obeys l x'' + g x = -l a(t) for its sway x = l angle
behind the point that carries it. Where the carrier's acceleration a is a polynomial of the third
degree or less, the sway is a polynomial plus a free oscillation, and the pieces follow one
another without a gap. Nothing is integrated in steps. A rest-to-rest S-curve has pieces of the
first degree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.rows import read_only
from twin.physics.dynamics import GRAVITY

__all__ = ["Swing", "acceleration_pieces"]

Array = NDArray[np.float64]

DEGREE = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Swing:
    """The sway of a load from the first piece's start on; after the last piece it swings freely."""

    frequency: float  # of the free oscillation [rad/s]
    start: Array  # when each piece begins, and the end [s], shape [k + 1]
    sway: Array  # polynomial part of each piece, by rising power, shape [k + 1, 4]
    free: Array  # cosine and sine part of each piece [m], shape [k + 1, 2]

    @classmethod
    def build(
        cls,
        length: float,
        duration: ArrayLike,
        acceleration: ArrayLike,
        *,
        sway: float = 0.0,
        speed: float = 0.0,
        where: str = "load",
    ) -> Self:
        """Follow a load through the pieces of its carrier's motion.

        Args:
            length: from the pivot to the load's centre of mass [m].
            duration: of each piece [s], shape [k].
            acceleration: of the carrier in each piece, coefficients by rising power of the time
                since its start [m/s2, m/s3, ...], shape [k, 1 to 4].
            sway: of the load at the start, forward [m].
            speed: of the sway at the start [m/s].
            where: whose load it is, for messages: a prim path.

        Raises:
            SceneError: the length is not above 0, or a duration is below 0.
        """
        seconds = np.asarray(duration, dtype=np.float64)
        given = np.asarray(acceleration, dtype=np.float64).reshape(len(seconds), -1)
        if not (length > 0 and np.isfinite(length)):
            raise SceneError([Problem(where, "must hang by a length > 0 [m]", f"{length}")])
        if (seconds < 0).any() or given.shape[1] > DEGREE + 1:
            rule = "must move in pieces of a duration >= 0 and a degree of at most 3"
            raise SceneError([Problem(where, rule, f"{seconds.min():g} s, {given.shape[1] - 1}")])
        frequency = sqrt(GRAVITY / length)
        forcing = np.zeros((len(seconds) + 1, DEGREE + 1))
        forcing[:-1, : given.shape[1]] = given
        answer = _steady(forcing, frequency)
        free = np.empty((len(answer), 2))
        for piece, coefficients in enumerate(answer):
            free[piece] = sway - coefficients[0], (speed - coefficients[1]) / frequency
            if piece < len(seconds):
                sway, speed = _at(coefficients, free[piece], frequency, float(seconds[piece]))
        return cls(
            frequency=frequency,
            start=read_only(np.append(0.0, np.cumsum(seconds))),
            sway=read_only(answer),
            free=read_only(free),
        )

    def at(self, time: ArrayLike) -> tuple[Array, Array]:
        """Sway [m] and its speed [m/s] at times [s] from the start on, of any shape."""
        time = np.asarray(time, dtype=np.float64)
        piece = np.maximum(np.searchsorted(self.start, time, side="right") - 1, 0)
        since = time - self.start[piece]
        c0, c1, c2, c3 = np.moveaxis(self.sway[piece], -1, 0)
        cosine, sine = np.cos(self.frequency * since), np.sin(self.frequency * since)
        a, b = np.moveaxis(self.free[piece], -1, 0)
        sway = c0 + since * (c1 + since * (c2 + since * c3)) + a * cosine + b * sine
        speed = c1 + since * (2 * c2 + since * 3 * c3)
        return sway, speed + self.frequency * (b * cosine - a * sine)

    @property
    def left(self) -> float:
        """The amplitude with which the load swings on after the last piece [m]."""
        return hypot(*self.free[-1].tolist())


def acceleration_pieces(distance: float, timing: Sequence[float]) -> tuple[Array, Array]:
    """Durations and accelerations of a rest-to-rest move, as `Swing.build` takes them.

    Args:
        distance: of the move [m].
        timing: its duration, ramp and jerk time [s], see twin.motion.profile.

    Returns:
        Durations [s], shape [7], and coefficients [m/s2, m/s3], shape [7, 2].

    Raises:
        SceneError: the move has no ramp: its acceleration is infinite.
    """
    duration, ramp, jerk = timing
    if not 0 <= jerk < ramp <= duration / 2 * (1 + 1e-12):
        rule = "must speed up over a ramp of at most half its time, for a load to hang on"
        raise SceneError([Problem("move", rule, f"ramp {ramp:g} s of {duration:g} s")])
    peak = distance / (duration - ramp) / (ramp - jerk)
    rate = peak / jerk if jerk > 0 else 0.0
    seconds = [jerk, ramp - 2 * jerk, jerk, duration - 2 * ramp, jerk, ramp - 2 * jerk, jerk]
    pieces = [(0.0, rate), (peak, 0.0), (peak, -rate), (0.0, 0.0),
              (0.0, -rate), (-peak, 0.0), (-peak, rate)]  # fmt: skip
    return np.maximum(np.array(seconds), 0.0), np.array(pieces)


def _steady(forcing: Array, frequency: float) -> Array:
    """The polynomial x with x'' + w2 x = -a, coefficients by rising power."""
    square = frequency * frequency
    answer = -forcing / square
    answer[:, 1] -= 6 * answer[:, 3] / square
    answer[:, 0] -= 2 * answer[:, 2] / square
    return answer


def _at(c: Array, free: Array, frequency: float, time: float) -> tuple[float, float]:
    cosine, sine = np.cos(frequency * time), np.sin(frequency * time)
    sway = c[0] + time * (c[1] + time * (c[2] + time * c[3])) + free[0] * cosine + free[1] * sine
    speed = c[1] + time * (2 * c[2] + time * 3 * c[3])
    return float(sway), float(speed + frequency * (free[1] * cosine - free[0] * sine))
