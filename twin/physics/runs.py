"""Robots and parts as movers, from the motion segments of a run."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.motion import Arm, Paths, Programs, Segments, coordinate
from twin.motion.frame import matrix_from
from twin.motion.rows import last_at_or_before
from twin.physics.odometer import Odometer
from twin.physics.travel import radii, reaches_of

__all__ = ["PartRun", "RobotRun"]

Array = NDArray[np.float64]
Ticks = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class RobotRun:
    """A robot and the segments that it runs, by rising tick; before the first it waits."""

    arm: Arm
    base: Array  # in the world, shape [4, 4]
    programs: Programs
    first_program: int  # where it begins
    segments: Segments  # of this robot
    solids: NDArray[np.int64]  # shape [k]
    links: NDArray[np.int64]  # the link that each is on, 0 for the base, shape [k]
    balls: Array  # middle and radius of a ball around each link [m], shape [J + 1, 4]
    travel: Odometer  # of the arm in the programs

    @property
    def reaches(self) -> Array:
        """How far each solid's corners are from its link's origin [m]."""
        return reaches_of(self.balls)[self.links]

    def only(self, rows: NDArray[np.bool_]) -> "RobotRun":
        """The same run with some of its solids."""
        return replace(self, solids=self.solids[rows], links=self.links[rows])

    @cached_property
    def _start(self) -> Array:
        """What the odometer shows when each segment begins [m]."""
        segments = self.segments
        if not len(segments):
            return np.zeros(0)
        track = segments["track"].astype(np.int64)
        ends = [self.travel.at(track, segments[name]) for name in ("start", "end")]
        joints = [self.programs.joints(track, segments[name]) for name in ("start", "end")]
        home = self.programs.joints([self.first_program], [0.0])
        last = np.concatenate([home, joints[1][:-1]])
        jumps = (np.abs(joints[0] - last) @ radii(self.arm, reaches_of(self.balls))).max(axis=1)
        done = np.abs(ends[1] - ends[0])
        return np.cumsum(jumps) + np.cumsum(done) - done

    def _row(self, ticks: Ticks) -> NDArray[np.int64]:
        """The segment at each tick, or -1 before the first."""
        starts = np.ascontiguousarray(self.segments["tick"])
        return np.searchsorted(starts, ticks, side="right") - 1

    def joints(self, ticks: Ticks) -> Array:
        """Joint positions at ticks [n], shape [n, J]."""
        row = self._row(ticks)
        track = np.full(len(ticks), self.first_program, np.int64)
        time = np.zeros(len(ticks))
        runs = row >= 0
        segments = self.segments[row[runs]]
        track[runs], time[runs] = segments["track"], coordinate(segments, ticks[runs])
        return self.programs.joints(track, time)

    def frames(self, ticks: Ticks) -> Array:
        """Frames of the links that its solids are on, shape [n, k, 4, 4]."""
        return self.arm.link_frames(self.joints(ticks), self.base)[:, self.links]

    def odometer(self, ticks: Ticks) -> Array:
        """The joints' travel, each times what it carries farthest out."""
        row = self._row(ticks)
        shown, runs = np.zeros(len(ticks)), row >= 0
        segments = self.segments[row[runs]]
        track = segments["track"].astype(np.int64)
        now = self.travel.at(track, coordinate(segments, ticks[runs]))
        begun = self.travel.at(track, segments["start"])
        shown[runs] = self._start[row[runs]] + np.abs(now - begun)
        return shown


@dataclass(frozen=True, kw_only=True, eq=False)
class PartRun:
    """A part in one form, and the segments in which it is seen, by rising tick."""

    paths: Paths
    segments: Segments
    solids: NDArray[np.int64]
    reaches: Array

    def _now(self, ticks: Ticks) -> tuple[NDArray[np.int64], Array]:
        starts = np.ascontiguousarray(self.segments["tick"])
        row = np.maximum(np.searchsorted(starts, ticks, side="right") - 1, 0)
        return row, coordinate(self.segments[row], ticks)

    def frames(self, ticks: Ticks) -> Array:
        """One frame for all its solids, shape [n, k, 4, 4]."""
        row, s = self._now(ticks)
        xyz, wxyz = self.paths.pose(self.segments["track"][row], s)
        frames = matrix_from(xyz, wxyz)[:, None]
        return np.broadcast_to(frames, (len(ticks), len(self.solids), 4, 4))

    @cached_property
    def _way(self) -> Array:
        """The odometer's advance from each knot of all paths to the next [m]."""
        xyz, wxyz = self.paths.xyz, self.paths.wxyz
        return np.append(self._between(xyz[:-1], wxyz[:-1], xyz[1:], wxyz[1:]), 0.0)

    def _between(self, xyz: Array, wxyz: Array, to: Array, turned: Array) -> Array:
        """How far a point of it goes from pose to pose: straight on, and about the origin."""
        cosine = np.clip(np.abs((wxyz * turned).sum(axis=1)), 0.0, 1.0)
        reach = float(self.reaches.max(initial=0.0))
        return np.linalg.norm(to - xyz, axis=1) + 2.0 * np.arccos(cosine) * reach

    def _along(self, track: NDArray[np.int64], s: Array) -> Array:
        paths = self.paths
        track = track.astype(np.int64)
        knot = last_at_or_before(paths.s, paths.first[track], paths.count[track], s)
        before = np.cumsum(self._way) - self._way
        xyz, wxyz = paths.pose(track, s)
        return before[knot] + self._between(paths.xyz[knot], paths.wxyz[knot], xyz, wxyz)

    @cached_property
    def _start(self) -> Array:
        """What the odometer shows when each segment begins [m]."""
        segments, track = self.segments, self.segments["track"]
        done = np.abs(self._along(track, segments["end"]) - self._along(track, segments["start"]))
        poses = [self.paths.pose(track, segments[name]) for name in ("start", "end")]
        jumps = self._between(*(each[:-1] for each in poses[1]), *(each[1:] for each in poses[0]))
        return np.append(0.0, np.cumsum(done[:-1] + jumps))

    def odometer(self, ticks: Ticks) -> Array:
        """The way along its paths, and its turns at full reach."""
        row, s = self._now(ticks)
        track = self.segments["track"][row]
        gone = np.abs(self._along(track, s) - self._along(track, self.segments["start"][row]))
        return self._start[row] + gone
