"""Splines of USD: joints of robots, and ways of parts, as exactly as the engine has them.

Splines are of single numbers, so a position has one for each axis, and orientations have none. A
player needs OpenUSD 25.05 or later for them.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pxr import Ts as Splines

from twin.engine.layout import Layout
from twin.motion import Segments
from twin.motion.segment import coordinate_after, even_and_over
from twin.scene.export.channel import Clock
from twin.scene.export.cubics import Cubics, cubics
from twin.scene.export.part_curves import PartCurves
from twin.units import TICKS_PER_SECOND

Ts: Any = Splines  # newer than the types that we have of pxr
Spline: TypeAlias = Any

__all__ = ["SplineTrack", "joint_track", "way_track"]

Array = NDArray[np.float64]

EXACT = 1e-9  # [m] or [rad]
SAME = 1e-12
SHORTEST = 1e-7  # s


class SplineTrack:
    """Values of some attributes over time: cubics, and rests between them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pieces: list[tuple[float, Cubics]] = []  # the tick at which each begins

    def place(self, pieces: Cubics, tick: float) -> None:
        """Let cubics play from a tick on; their last value holds."""
        self._pieces.append((tick, pieces))

    def splines(self, scale: Array | None = None) -> list[Spline]:
        """One for each attribute; times are time codes.

        Args:
            scale: turns values into units of the attributes, shape [d].
        """
        rows = [self._columns(tick, pieces) for tick, pieces in self._pieces]
        begin, end, a, b, m, n = (np.concatenate(each) for each in zip(*rows, strict=True))
        if scale is not None:
            a, b, m, n = a * scale, b * scale, m * scale, n * scale
        m, n = m / self._clock.fps, n / self._clock.fps
        columns = zip(a.T.tolist(), b.T.tolist(), m.T.tolist(), n.T.tolist(), strict=True)
        return [_spline(begin.tolist(), end.tolist(), each) for each in columns]

    def _columns(self, tick: float, pieces: Cubics) -> tuple[Array, ...]:
        codes = self._clock.code(tick) + (pieces.time - pieces.time[0]) * self._clock.fps
        return codes[:-1], codes[1:], *pieces.value, *pieces.slope


def _spline(starts: list[float], ends: list[float], pieces: tuple[list[float], ...]) -> Spline:
    spline = Ts.Spline("double")
    spline.SetCurveType(Ts.CurveTypeHermite)
    a, b, m, n = pieces
    for row, code in enumerate(starts):
        rests = abs(a[row] - b[row]) < SAME and abs(m[row]) < SAME and abs(n[row]) < SAME
        kind = Ts.InterpHeld if rests else Ts.InterpCurve
        knot = Ts.Knot(typeName="double", time=code, value=a[row], nextInterp=kind)
        knot.SetPostTanSlope(m[row])
        if row and ends[row - 1] >= code - 1e-9:
            knot.SetPreTanSlope(n[row - 1])
            if b[row - 1] != a[row]:
                knot.SetPreValue(b[row - 1])
        spline.SetKnot(knot)
        if row + 1 == len(starts) or ends[row] < starts[row + 1] - 1e-9:
            last = Ts.Knot(typeName="double", time=ends[row], value=b[row])
            last.SetNextInterpolation(Ts.InterpHeld)
            last.SetPreTanSlope(n[row])
            spline.SetKnot(last)
    return spline


def way_track(
    curves: PartCurves, clock: Clock, segments: Iterable[tuple[Segments, int]]
) -> SplineTrack:
    """Where the part in a slot is, on each axis [m]."""
    track = SplineTrack(clock)
    for segment, until in segments:
        if segment["track"][0] < 0:
            continue
        tick = int(segment["tick"][0])
        seconds = (until - tick) / TICKS_PER_SECOND
        breaks = curves.breaks(segment)
        last = min(seconds, breaks[-1])
        breaks = np.append(breaks[breaks < last - SHORTEST], last)
        if len(breaks) < 2 or breaks[-1] <= breaks[0]:
            breaks = np.array([0.0, max(seconds, 1e-6)])
        track.place(cubics(lambda time, one=segment: curves.at(one, time), breaks, EXACT), tick)
    return track


def joint_track(
    layout: Layout,
    clock: Clock,
    *,
    robot: int,
    joints: int,
    segments: Iterable[tuple[Segments, int]],
) -> SplineTrack:
    """What the joints of a robot are at [rad] or [m]."""
    track = SplineTrack(clock)
    programs, known = layout.programs, dict[object, Cubics]()

    def run(program: int, begin: float, end: float) -> Cubics:
        key = (program, begin, end)
        if key not in known:
            breaks = _breaks(layout, program, begin, max(end, begin + 1e-6))

            def planned(t: Array) -> Array:
                return programs.joints(np.full(len(t), program), np.minimum(t, end))[:, :joints]

            known[key] = cubics(planned, breaks, EXACT)
        return known[key]

    track.place(run(int(layout.first_program[robot]), 0.0, 0.0), -1.0)
    for segment, until in segments:
        tick, program = int(segment["tick"][0]), int(segment["track"][0])
        begin, end = float(segment["start"][0]), float(segment["end"][0])
        seconds, changing = (until - tick) / TICKS_PER_SECOND, -float(segment["ramp"][0])
        if changing > 0.0:
            shown = min(seconds, changing)
            even, over = even_and_over(segment)
            breaks = np.unique(np.clip([0.0, abs(even), over, shown], 0.0, shown))

            def slowed(t: Array, one: Segments = segment, program: int = program) -> Array:
                at = coordinate_after(np.repeat(one, len(t)), t)
                return programs.joints(np.full(len(t), program), at)[:, :joints]

            track.place(cubics(slowed, breaks, EXACT), tick)
            begin = float(coordinate_after(segment, np.array([changing]))[0])
        after = max(changing, 0.0)
        if seconds > after:
            over = min(end, begin + seconds - after)
            track.place(run(program, begin, over), tick + after * TICKS_PER_SECOND)
    return track


def _breaks(layout: Layout, program: int, begin: float, end: float) -> Array:
    """Where the joints of a program begin another cubic, from one second of it to another."""
    programs = layout.programs
    times = [np.array([begin, end])]
    first = int(programs.first[program])
    for move in range(first, first + int(programs.count[program])):
        start, whole = float(programs.move_start[move]), float(programs.move_duration[move])
        ramp, jerk = float(programs.ramp[move]), float(programs.jerk[move])
        phases = np.array([0.0, jerk, ramp - jerk, ramp])
        pieces = slice(programs.first_piece[move], None)
        knots = programs.knot[pieces][: programs.piece_count[move]]
        times += [start + phases, start + whole - phases, start + knots]
    every = np.concatenate(times)
    every = np.unique(every[(every >= begin) & (every <= end)])
    return every[np.append(np.diff(every) > SHORTEST, True)]
