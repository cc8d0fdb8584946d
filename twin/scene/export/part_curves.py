"""Ways of parts along paths as sparse keys: two suffice at an even speed on a straight way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.motion import Paths, Segments, profile
from twin.scene.export.keys import Curve, Grid, fit
from twin.units import TICKS_PER_SECOND

__all__ = ["PartCurves"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Bends:
    """How fast position and orientation change along a path between two knots, per metre of s."""

    stretch: Array  # metres of way per metre of s, shape [span_count]
    turn: Array  # most radians per metre
    bend: Array  # most change of that per metre


class PartCurves:
    """Fits each motion once; the same way at the same speed comes again with every part."""

    def __init__(self, paths: Paths, position_error: float, angle_error: float) -> None:
        self._paths = paths
        self._bounds = (position_error, angle_error)
        self._known: dict[tuple[float, ...], tuple[Curve, Curve]] = {}

    def of(self, segment: Segments) -> tuple[Curve, Curve]:
        """Position and orientation over the time since the segment began [s].

        Args:
            segment: One, as an array of shape [1], with its track >= 0.
        """
        names = ("track", "start", "end", "duration", "ramp", "jerk")
        key = tuple(float(segment[name][0]) for name in names)
        if key not in self._known:
            self._known[key] = self._fit(segment)
        return self._known[key]

    def _fit(self, segment: Segments) -> tuple[Curve, Curve]:
        metres, radians = self._bounds
        breaks = self.breaks(segment)
        if len(breaks) == 1:
            xyz, wxyz = self._paths.pose(segment["track"], segment["end"])
            return Curve(time=breaks, value=xyz), Curve(time=breaks, value=wxyz)
        position, turn = self._accelerations(segment, breaks)
        step = np.minimum(Grid.step(metres, position), Grid.step(radians, turn))
        grid = Grid.build(breaks, step)
        s = self._s(segment, grid.time)
        xyz, wxyz = self._paths.pose(np.repeat(segment["track"], len(s)), s)
        return fit(grid, xyz, metres), fit(grid, _one_sign(wxyz), radians)

    def at(self, segment: Segments, time: Array) -> Array:
        """Exact positions [k, 3] [m], times [k] after a segment's start [s]."""
        s = self._s(segment, time)
        return self._paths.pose(np.repeat(segment["track"], len(s)), s)[0]

    def _s(self, segment: Segments, time: Array) -> Array:
        """How far along its path the part is [m], times after the segment's start [s]."""
        done = profile(
            time, segment["duration"] / TICKS_PER_SECOND, segment["ramp"], segment["jerk"]
        )
        return segment["start"] + (segment["end"] - segment["start"]) * done

    def breaks(self, segment: Segments) -> Array:
        """When its acceleration begins or ends, or it passes a knot of the path [s], shape [k]."""
        whole = float(segment["duration"][0]) / TICKS_PER_SECOND
        if whole <= 0 or segment["start"][0] == segment["end"][0]:
            return np.zeros(1)
        ramp, jerk = float(segment["ramp"][0]), float(segment["jerk"][0])
        phases = np.array([jerk, ramp - jerk, ramp])
        passing = self._passing(segment, whole)
        times = np.concatenate([phases, whole - phases, passing])
        times = times[(times > 1e-6) & (times < whole - 1e-6)]
        return np.unique(np.concatenate([[0.0], times, [whole]]))

    def _passing(self, segment: Segments, whole: float) -> Array:
        """When it passes knots inside its way [s], by halving: progress only rises."""
        start, end = float(segment["start"][0]), float(segment["end"][0])
        s = self._knots(segment)[0]
        goal = (s[(s > min(start, end)) & (s < max(start, end))] - start) / (end - start)
        low, high = np.zeros(len(goal)), np.full(len(goal), whole)
        for _ in range(60):
            middle = (low + high) / 2
            late = profile(middle, whole, segment["ramp"], segment["jerk"]) >= goal
            low, high = np.where(late, low, middle), np.where(late, middle, high)
        return high

    def _knots(self, segment: Segments) -> tuple[Array, Array, Array]:
        track = int(segment["track"][0])
        rows = slice(self._paths.first[track], self._paths.first[track] + self._paths.count[track])
        return self._paths.s[rows], self._paths.xyz[rows], self._paths.wxyz[rows]

    def _accelerations(self, segment: Segments, breaks: Array) -> tuple[Array, Array]:
        """Bounds of acceleration by span between breaks [m/s2], [rad/s2]."""
        ramp, jerk = float(segment["ramp"][0]), float(segment["jerk"][0])
        whole = float(segment["duration"][0]) / TICKS_PER_SECOND
        way = abs(float(segment["end"][0] - segment["start"][0]))
        speed = way / (whole - ramp)
        middle = (breaks[1:] + breaks[:-1]) / 2
        ramping = (middle < ramp) | (middle > whole - ramp)
        gain = np.where(ramping, speed / max(ramp - jerk, 1e-9), 0.0)
        bends = self._bends(segment, self._s(segment, middle))
        return bends.stretch * gain, bends.bend * speed**2 + bends.turn * gain

    def _bends(self, segment: Segments, s: Array) -> _Bends:
        """Of the path around each s: what a blend of quaternions a and b, |b - a| = d, can do.

        On the unit circle the blend is at atan(x), x = (weight - 1/2) d / m, where m is how near
        to the middle the chord comes; the rest are the largest first and second derivatives.
        """
        knots, xyz, wxyz = self._knots(segment)
        if len(knots) == 1:
            none = np.zeros(len(s))
            return _Bends(stretch=none, turn=none, bend=none)
        row = np.clip(np.searchsorted(knots, s, "right") - 1, 0, len(knots) - 2)
        outside = (s < knots[0]) | (s > knots[-1])
        gap = knots[row + 1] - knots[row]
        stretch = np.linalg.norm(xyz[row + 1] - xyz[row], axis=1) / gap
        dot = np.minimum(np.abs((wxyz[row + 1] * wxyz[row]).sum(axis=1)), 1.0)
        ratio = 2 * np.sqrt((1 - dot) / (1 + dot))  # d / m
        turn, bend = 2 * ratio / gap, 1.3 * (ratio / gap) ** 2
        return _Bends(
            stretch=np.where(outside, 0.0, stretch),
            turn=np.where(outside, 0.0, turn),
            bend=np.where(outside, 0.0, bend),
        )


def _one_sign(wxyz: Array) -> Array:
    """The same orientations, each on the side of the one before it."""
    flips = (wxyz[1:] * wxyz[:-1]).sum(axis=1) < 0
    return wxyz * np.append(1.0, np.where(np.cumsum(flips) % 2, -1.0, 1.0))[:, None]
