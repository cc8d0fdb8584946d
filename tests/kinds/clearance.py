"""Whether vehicles ever overlap: an exact test over every pair of their motion segments.

A vehicle is a rectangle about the point that its path leads. For two of them the gap g along the
best of the four sides' directions is a lower bound of their distance, and 0 where they overlap. No
point of either moves faster than its speed plus its turn times its half diagonal; so nothing can
happen for g over the sum of these bounds, and the test goes on from there (conservative
advancement; Mirtich, "Impulse-based dynamic simulation of rigid body systems", 1996). It ends at
the end of both segments, or where the gap is below a tolerance. Nothing is sampled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.engine.layout import Layout
from twin.motion import Timeline, coordinate
from twin.motion.segment import Segments

Array = NDArray[np.float64]
TOLERANCE = 1e-3  # m
SLACK = 1.1  # of the turn between two knots over its mean


@dataclass(frozen=True)
class Meeting:
    """Two vehicles, and the first tick of two segments at which they overlap."""

    one: int  # serial numbers of the bodies
    other: int
    tick: int
    xyz: tuple[Any, Any]  # where both are


def meetings(
    segments: Segments, layout: Layout, sizes: Mapping[int, tuple[float, float]], until: int
) -> list[Meeting]:
    """Every pair of segments in which two bodies overlap.

    Args:
        segments: of a run, all of them.
        layout: of the run.
        sizes: length and width of each body [m], by serial number.
        until: tick at which the run ended.
    """
    timeline = Timeline.build(segments)
    own = {}
    for first, count in zip(timeline.first, timeline.count, strict=True):
        rows = timeline.segments[first : first + count]
        serial = int(rows["part"][0])
        if serial in sizes and (rows["part"] == serial).all():
            own[serial] = rows[np.append(np.diff(rows["tick"]) > 0, True)]
    assert set(own) == set(sizes)
    turns = _turns(layout)
    return [
        meeting
        for one, other in combinations(own, 2)
        for meeting in _of_pair(own, one, other, layout, turns, sizes, until)
    ]


def _turns(layout: Layout) -> Array:
    """Bound of the turn per metre of each path [rad/m]."""
    paths = layout.paths
    heading = 2 * np.arctan2(paths.wxyz[:, 3], paths.wxyz[:, 0])
    bounds = np.zeros(len(paths.first))
    for k, (first, count) in enumerate(zip(paths.first, paths.count, strict=True)):
        s, turn = paths.s[first : first + count], heading[first : first + count]
        step = np.abs((np.diff(turn) + np.pi) % (2 * np.pi) - np.pi)
        bounds[k] = SLACK * (step / np.diff(s)).max(initial=0.0)
    return bounds


def _of_pair(
    own: Mapping[int, Segments], one: int, other: int, layout: Layout, turns: Array,
    sizes: Mapping[int, tuple[float, float]], until: int,
) -> list[Meeting]:  # fmt: skip
    begin = np.union1d(own[one]["tick"], own[other]["tick"])
    begin = begin[begin >= max(own[one]["tick"][0], own[other]["tick"][0])]
    end = np.append(begin[1:], until)
    pair = [
        own[each][np.searchsorted(own[each]["tick"], begin, side="right") - 1]
        for each in (one, other)
    ]
    halves = [np.array(sizes[each]) / 2 for each in (one, other)]
    near = _may_meet(pair, layout, float(sum(np.hypot(*half) for half in halves)))
    pair, begin, end = [each[near] for each in pair], begin[near], end[near]
    speeds = sum(
        _speed(each) * (1.0 + turns[each["track"]] * np.hypot(*half))
        for each, half in zip(pair, halves, strict=True)
    )
    tick = begin.astype(np.float64)
    alive = np.arange(len(begin))
    found: list[Meeting] = []
    while len(alive):
        rows = [each[alive] for each in pair]
        poses = [_pose(each, layout, tick[alive]) for each in rows]
        gap = _gap(poses, halves)
        for k in np.flatnonzero(gap < TOLERANCE):
            where = (poses[0][0][k].round(3).tolist(), poses[1][0][k].round(3).tolist())
            found.append(Meeting(one, other, int(tick[alive[k]]), where))
        with np.errstate(divide="ignore"):
            step = gap / speeds[alive] * 1e6
        tick[alive] += step
        alive = alive[(gap >= TOLERANCE) & (tick[alive] < end[alive])]
    return found


def _may_meet(pair: list[Segments], layout: Layout, reach: float) -> NDArray[np.bool_]:
    """Pairs of segments whose paths' boxes come within the sum of the half diagonals."""
    paths = layout.paths
    low = np.minimum.reduceat(paths.xyz, paths.first)
    high = np.maximum.reduceat(paths.xyz, paths.first)
    one, other = (each["track"] for each in pair)
    gap = np.maximum(low[one] - high[other], low[other] - high[one])[:, :2]
    return (gap < reach).all(axis=1)


def _speed(segments: Segments) -> Array:
    """The highest speed of each segment [m/s], 0 where it stands."""
    time = segments["duration"] * 1e-6 - segments["ramp"]
    way = np.abs(segments["end"] - segments["start"])
    return np.where(time > 0, way / np.where(time > 0, time, 1.0), 0.0)


def _pose(segments: Segments, layout: Layout, tick: Array) -> tuple[Array, Array]:
    """Positions [n, 2] and headings [n] at given ticks, rounded to whole ones."""
    s = coordinate(segments, tick.astype(np.int64))
    xyz, wxyz = layout.paths.pose(segments["track"], s)
    return xyz[:, :2], 2 * np.arctan2(wxyz[:, 3], wxyz[:, 0])


def _gap(poses: list[tuple[Array, Array]], halves: list[Array]) -> Array:
    """The widest gap between two rectangles along the directions of their sides; 0 if none."""
    apart = poses[1][0] - poses[0][0]
    widest = np.zeros(len(apart))
    for _, heading in poses:
        for turn in (0.0, np.pi / 2):
            axis = np.stack([np.cos(heading + turn), np.sin(heading + turn)], axis=1)
            gap = np.abs((apart * axis).sum(axis=1))
            for (_, own), (half, wide) in zip(poses, halves, strict=True):
                angle = heading + turn - own
                gap = gap - half * np.abs(np.cos(angle)) - wide * np.abs(np.sin(angle))
            widest = np.maximum(widest, gap)
    return widest
