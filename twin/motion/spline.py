"""A cubic table through given points, with position, velocity and acceleration set at both ends.

Of a cubic spline with n pieces, n + 3 numbers are free. Six are spent on the ends, which leaves the
points next to them uninterpolated: the spline passes near, not through them (Biagiotti and
Melchiorri, Trajectory Planning for Automatic Machines and Robots, section 4.4.4, free points).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import BSpline

from twin.motion.cubic import CubicTable

__all__ = ["FEWEST_PIECES", "knots_of", "spline_through"]

Array = NDArray[np.float64]

FEWEST_PIECES = 6
NO_PHASE = 1e-6  # of the whole: a shorter phase gets no knots of its own


def knots_of(phases: ArrayLike, pieces: int) -> Array:
    """Cut phases of a motion into about so many pieces, at least three in each phase.

    Where jerk jumps from phase to phase a cubic table needs a knot, else it rings there.

    Args:
        phases: How long each phase is [s], shape [p]; some may be 0.
        pieces: How many pieces there should be at least.

    Returns:
        Knots from 0 to the sum of the phases [s].
    """
    phases = np.asarray(phases, dtype=np.float64)
    whole = float(phases.sum())
    phases = phases[phases > NO_PHASE * whole]
    ends = np.concatenate([[0.0], np.cumsum(phases)])
    ends *= whole / ends[-1]
    counts = np.maximum(np.ceil(np.diff(ends) / whole * pieces).astype(int), 3)
    cuts = zip(ends[:-1], ends[1:], counts, strict=True)
    parts: list[Array] = [np.linspace(a, b, n + 1)[:-1] for a, b, n in cuts]
    return np.concatenate([*parts, np.array([whole])])


def spline_through(
    time: ArrayLike, joints: ArrayLike, start: ArrayLike = 0.0, end: ArrayLike = 0.0
) -> CubicTable:
    """Fit a twice continuously differentiable cubic table.

    Args:
        time: Knots, rising from 0 [s], shape [n + 1], n >= 6.
        joints: Positions at the knots, shape [n + 1, J]; the second and the last but one are not
            used.
        start: Velocity and acceleration at the beginning, shape [2, J], or 0: at rest.
        end: Velocity and acceleration at the end, shape [2, J], or 0: at rest.
    """
    t = np.asarray(time, dtype=np.float64)
    q = np.asarray(joints, dtype=np.float64)
    pieces = len(t) - 1
    if pieces < FEWEST_PIECES or q.shape[:1] != t.shape:
        raise ValueError(f"needs at least {FEWEST_PIECES + 1} knots and a row each, got {q.shape}")
    rates = np.zeros((2, 2, q.shape[1]))
    rates[0], rates[1] = start, end

    control = np.empty((pieces + 3, q.shape[1]))
    control[:3] = _end_points(q[0], rates[0], t[1] - t[0], t[2] - t[0])
    backward = rates[1] * np.array([[-1.0], [1.0]])  # seen from the end, time runs the other way
    control[-3:] = _end_points(q[-1], backward, t[-1] - t[-2], t[-1] - t[-3])[::-1]
    knots = np.concatenate([[t[0]] * 3, t, [t[-1]] * 3])
    control[3:-3] = _inner_points(knots, t[2:-2], q[2:-2], control)
    spline = BSpline(knots, control, 3)
    value, slope, bend = (np.asarray(spline(t, order), dtype=np.float64) for order in range(3))
    jerk = np.diff(bend, axis=0) / np.diff(t)[:, None]
    columns = (value[:-1], slope[:-1], bend[:-1] / 2, jerk / 6)
    return CubicTable.build(t, np.stack(columns, axis=1))


def _end_points(position: Array, rates: Array, one: float, two: float) -> Array:
    """Three control points that set position, velocity and acceleration at an end; [3, J]."""
    velocity, acceleration = rates
    second = position + velocity * one / 3
    third = second + (velocity + acceleration * one / 2) * two / 3
    return np.stack([position, second, third])


def _inner_points(knots: Array, at: Array, values: Array, control: Array) -> Array:
    """The control points between the ends, from values at all knots but two on either side."""
    basis = np.asarray(BSpline.design_matrix(at, knots, 3).toarray(), dtype=np.float64)
    known = np.zeros_like(control)
    known[:3], known[-3:] = control[:3], control[-3:]
    solved = np.linalg.solve(basis[:, 3:-3], values - basis @ known)
    return np.asarray(solved, dtype=np.float64)
