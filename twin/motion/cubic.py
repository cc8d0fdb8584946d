"""Cubic tables: joint positions over time as cubics, piece by piece, one row of knots for all.

What an S-curve, a braking joint, a blended corner or a fitted tool path does is in the end a list
of cubics in time. Velocity, acceleration and jerk, their largest values, and the times at which a
value is crossed follow from the coefficients without sampling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.rows import read_only

__all__ = ["CubicTable", "State"]

Array = NDArray[np.float64]

SHORTEST = 1e-6  # s: one tick, how long a table of nothing lasts
NO_TIME = 1e-12  # of the whole


class State(NamedTuple):
    """Joints at a moment, or at many: positions, velocities and accelerations of one shape."""

    position: Array
    velocity: Array
    acceleration: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CubicTable:
    """Positions q(t) = c0 + c1 u + c2 u^2 + c3 u^3 in each piece, u seconds after its knot."""

    time: Array  # knots, rising from 0 [s], shape [k + 1], k >= 1
    coefficients: Array  # c0 to c3 of each piece and joint, shape [k, 4, J]

    @classmethod
    def build(cls, time: ArrayLike, coefficients: ArrayLike) -> Self:
        """Make a table of its arrays; see the attributes.

        Raises:
            ValueError: shapes don't fit, or the knots don't rise from 0.
        """
        time = np.asarray(time, dtype=np.float64)
        coefficients = np.asarray(coefficients, dtype=np.float64)
        if coefficients.ndim != 3 or coefficients.shape[:2] != (len(time) - 1, 4):
            raise ValueError(f"must have shape [{len(time) - 1}, 4, J], got {coefficients.shape}")
        if not len(coefficients) or time[0] != 0 or not np.all(np.diff(time) > 0):
            raise ValueError("knots must rise from 0, and there must be at least two")
        return cls(time=read_only(time), coefficients=read_only(coefficients))

    @classmethod
    def of_pieces(
        cls,
        duration: ArrayLike,
        position: ArrayLike,
        velocity: ArrayLike,
        *,
        acceleration: ArrayLike,
        jerk: ArrayLike,
    ) -> Self:
        """Integrate pieces of constant jerk; position and velocity go on from piece to piece.

        Args:
            duration: Of each piece [s], shape [k]; those that last (next to) no time are dropped.
            position: At the beginning, shape [J].
            velocity: At the beginning, shape [J].
            acceleration: At the start of each piece, shape [k, J].
            jerk: During each piece, shape [k, J].
        """
        duration = np.asarray(duration, dtype=np.float64)
        keep = duration > NO_TIME * duration.sum()
        if not keep.any():  # nothing moves: a table must still last
            still = np.zeros((1, 4, np.size(position)))
            still[0, 0] = position
            return cls.build([0.0, SHORTEST], still)
        h = duration[keep][:, None]
        a = np.asarray(acceleration, dtype=np.float64)[keep]
        j = np.asarray(jerk, dtype=np.float64)[keep]
        v = _running(velocity, a * h + j * h * h / 2)
        q = _running(position, v * h + a * h * h / 2 + j * h * h * h / 6)
        time = np.concatenate([[0.0], np.cumsum(duration[keep])])
        return cls.build(time, np.stack([q, v, a / 2, j / 6], axis=1))

    @classmethod
    def joined(cls, tables: Sequence[Self]) -> Self:
        """Put tables one after another; each begins where the one before it ends."""
        starts = np.cumsum([0.0, *(table.duration for table in tables)])
        times = [table.time[1:] + at for table, at in zip(tables, starts[:-1], strict=True)]
        return cls.build(
            np.concatenate([[0.0], *times]),
            np.concatenate([table.coefficients for table in tables]),
        )

    @property
    def duration(self) -> float:
        """How long the whole motion takes [s]."""
        return float(self.time[-1])

    @property
    def joint_count(self) -> int:
        """Number of joints, J."""
        return self.coefficients.shape[2]

    def at(self, time: ArrayLike) -> Array:
        """Positions at times [s], shape [n, J]; beyond an end it stays there."""
        c0, c1, c2, c3, u, _ = self._pieces(time)
        return c0 + u * (c1 + u * (c2 + u * c3))

    def state(self, time: ArrayLike) -> State:
        """Positions, velocities and accelerations at times [s], each [n, J]; at rest beyond."""
        c0, c1, c2, c3, u, inside = self._pieces(time)
        return State(
            c0 + u * (c1 + u * (c2 + u * c3)),
            inside * (c1 + u * (2 * c2 + 3 * u * c3)),
            inside * (2 * c2 + 6 * u * c3),
        )

    def peaks(self) -> Array:
        """Largest |velocity|, |acceleration| and |jerk| of each joint, exact; shape [3, J]."""
        _, c1, c2, c3 = np.moveaxis(self.coefficients, 1, 0)
        h = np.diff(self.time)[:, None]
        turn = np.where(c3 != 0, -c2 / np.where(c3 != 0, 3 * c3, 1.0), 0.0)
        turn = np.clip(turn, 0.0, h)  # where a piece's velocity is extreme, if anywhere inside
        speeds = [np.abs(c1 + u * (2 * c2 + 3 * u * c3)) for u in (0.0, turn, h)]
        accelerations = [np.abs(2 * c2 + 6 * u * c3) for u in (0.0, h)]
        jerk = np.abs(6 * c3).max(axis=0)
        return np.stack([np.max(speeds, axis=(0, 1)), np.max(accelerations, axis=(0, 1)), jerk])

    def stretched(self, factor: float) -> Self:
        """Run the same way slower: every time is `factor` > 0 times as long."""
        powers = float(factor) ** -np.arange(4.0)
        return self.build(self.time * factor, self.coefficients * powers[None, :, None])

    def mapped(self, origin: ArrayLike, direction: ArrayLike) -> Self:
        """Read a table of one column as the share of a straight way: q = origin + direction s.

        Args:
            origin: shape [J].
            direction: shape [J].
        """
        coefficients = self.coefficients * np.asarray(direction, dtype=np.float64)
        coefficients[:, 0] += np.asarray(origin, dtype=np.float64)
        return self.build(self.time, coefficients)

    def _pieces(self, time: ArrayLike) -> tuple[Array, Array, Array, Array, Array, Array]:
        """Coefficients [n, J], seconds into the piece [n, 1], and whether inside the table."""
        time = np.atleast_1d(np.asarray(time, dtype=np.float64))
        when = np.clip(time, 0.0, self.time[-1])
        row = np.searchsorted(self.time[1:-1], when, side="right")
        c0, c1, c2, c3 = np.moveaxis(self.coefficients[row], 1, 0)
        inside = ((time >= 0) & (time <= self.time[-1])).astype(np.float64)
        return c0, c1, c2, c3, (when - self.time[row])[:, None], inside[:, None]


def _running(start: ArrayLike, steps: Array) -> Array:
    """Values at the start of each piece, given the first and the change in each: [k, J]."""
    first = np.asarray(start, dtype=np.float64)[None, :]
    return first + np.concatenate([np.zeros_like(steps[:1]), np.cumsum(steps, axis=0)[:-1]])
