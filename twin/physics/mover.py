"""What moves, for clearances: where its solids are at any tick, and how far they can have gone.

The odometer of a mover never runs slower than any of its points: between two ticks no point goes
farther than the odometer advances. That is all that a guarantee along continuous motion needs.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion import Arm, Paths, Programs, Segments, coordinate
from twin.motion.frame import matrix_from
from twin.motion.profile import profile
from twin.motion.rows import last_at_or_before

__all__ = ["Mover", "PartRun", "Posed", "RobotRun", "Still", "advances", "radii", "swept_box"]

Array = NDArray[np.float64]
Ticks = NDArray[np.int64]

SAMPLES = 512  # of a swept box
POSES = 5  # of a move, at which the distance of links from axes is measured


class Mover(Protocol):
    """Some solids that move together or stand still."""

    @property
    def solids(self) -> NDArray[np.int64]:
        """Rows in `Solids`, shape [k]."""
        ...

    @property
    def reaches(self) -> Array:
        """How far each solid's corners are from its origin [m], shape [k]."""
        ...

    def frames(self, ticks: Ticks) -> Array:
        """Frames of the solids in the world at ticks [n], shape [n, k, 4, 4]."""
        ...

    def odometer(self, ticks: Ticks) -> Array:
        """How far any point of it can have gone at ticks [n] [m], shape [n]; it never falls."""
        ...


def swept_box(mover: Mover, since: int, until: int) -> Array:
    """A box around all that a mover reaches from tick to tick, shape [2, 3] [m].

    Between samples no point goes farther from the nearer one than half the odometer's advance.
    """
    ticks = np.unique(np.linspace(since, until, SAMPLES).astype(np.int64))
    if not np.ptp(mover.odometer(ticks)):
        ticks = ticks[:1]
    origins, reaches = mover.frames(ticks)[:, :, :3, 3], mover.reaches[:, None]
    slack = float(np.diff(mover.odometer(ticks)).max(initial=0.0)) / 2
    low = (origins - reaches).min(axis=(0, 1)) - slack
    high = (origins + reaches).max(axis=(0, 1)) + slack
    return np.stack([low, high])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Still:
    """Solids that stand where they are."""

    solids: NDArray[np.int64]
    reaches: Array
    placed: Array  # frames in the world, shape [k, 4, 4]

    def frames(self, ticks: Ticks) -> Array:
        """As placed, shape [n, k, 4, 4]."""
        return np.broadcast_to(self.placed, (len(ticks), *self.placed.shape))

    def odometer(self, ticks: Ticks) -> Array:
        """It goes nowhere."""
        return np.zeros(len(ticks))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posed:
    """An arm in a pose of its own at every tick 0, 1, ...: to look at poses, not at motion."""

    arm: Arm
    joints: Array  # [rad], shape [n, J]
    base: Array  # in the world, shape [4, 4] or [n, 4, 4]
    solids: NDArray[np.int64]  # shape [k]
    links: NDArray[np.int64]  # the link that each is on, 0 for the base, shape [k]
    reaches: Array

    def frames(self, ticks: Ticks) -> Array:
        """Frames of the links that its solids are on, shape [n, k, 4, 4]."""
        base = self.base if self.base.ndim == 2 else self.base[ticks]
        return self.arm.link_frames(self.joints[ticks], base)[:, self.links]

    def odometer(self, ticks: Ticks) -> Array:
        """Nothing goes from pose to pose."""
        return np.zeros(len(ticks))


def radii(arm: Arm, reaches: ArrayLike) -> Array:
    """How far from each joint a link beyond it can be [m], whatever the pose, shape [J, J].

    Row i, column k is the sum of the lengths of the chain from joint i on to the link after joint
    k, and that link's reach: no point of it goes farther when joint i turns by 1 rad. For a joint
    that slides it is 1, and 0 for links before the joint.

    Args:
        arm: the chain.
        reaches: of the base and the link after each joint: the distance of its farthest corner
            from its origin [m], shape [J + 1].
    """
    reaches = np.asarray(reaches, dtype=np.float64)
    lengths = np.linalg.norm(arm.fixed[:, :3, 3], axis=1)
    stroke = np.maximum(np.abs(arm.lower), np.abs(arm.upper))
    lengths = lengths + np.where(arm.prismatic, stroke, 0.0)
    count = arm.joint_count
    found = np.zeros((count, count))
    for joint in range(count):
        chain = np.cumsum(np.append(0.0, lengths[joint + 1 :]))
        found[joint, joint:] = chain + reaches[joint + 1 :]
    return np.where(arm.prismatic[:, None], np.triu(np.ones((count, count))), found)


def advances(arm: Arm, balls: Array, start: ArrayLike, end: ArrayLike) -> Array:
    """How far any point of an arm goes in straight joint moves, at most [m], shape [n].

    The sum over the joints of the angle times the distance of the links' farthest points from the
    axis. That distance is measured at a few poses of the move; between these it changes by no more
    than the joints beyond carry the link, see `radii`.

    Args:
        arm: the chain.
        balls: middle [m] and radius [m] of a ball around each link, the base first, in the link's
            own frame, shape [J + 1, 4].
        start: joint positions, shape [n, J].
        end: joint positions, shape [n, J].
    """
    start, end = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    turn = np.abs(end - start)
    most = radii(arm, _reaches(balls))
    farthest = np.zeros((len(turn), *most.shape))
    for share in np.linspace(0.0, 1.0, POSES):
        frames = arm.link_frames(start + (end - start) * share)[:, 1:]
        axis = (frames[..., :3, :3] @ arm.axis[..., None])[..., 0]
        middle = (frames[..., :3, :3] @ balls[1:, :3, None])[..., 0] + frames[..., :3, 3]
        arms = middle[:, None] - frames[:, :, None, :3, 3]  # [n, joint, link, 3]
        across = np.cross(axis[:, :, None], arms)
        farthest = np.maximum(farthest, np.linalg.norm(across, axis=3) + balls[1:, 3])
    # joints after i carry link k, half a step from a pose at most
    carried = turn[:, :, None] * most
    later = np.cumsum(carried[:, ::-1], axis=1)[:, ::-1] - carried
    bound = np.minimum(farthest + later / (2.0 * (POSES - 1)), most)
    bound = np.where(arm.prismatic[:, None], most, bound) * np.triu(np.ones(most.shape))
    return (turn[:, :, None] * bound).sum(axis=1).max(axis=1)


def _reaches(balls: Array) -> Array:
    """The distance of each ball's farthest point from the origin [m]."""
    return np.linalg.norm(balls[:, :3], axis=1) + balls[:, 3]


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
    travel: Array  # odometer's advance in each move of the programs [m], see `advances`

    @property
    def reaches(self) -> Array:
        """How far each solid's corners are from its link's origin [m]."""
        return _reaches(self.balls)[self.links]

    @cached_property
    def _before(self) -> Array:
        """The odometer's advance before each move, from the first row of all."""
        return np.cumsum(self.travel) - self.travel

    @cached_property
    def _start(self) -> Array:
        """What the odometer shows when each segment begins [m]."""
        segments = self.segments
        if not len(segments):
            return np.zeros(0)
        track = segments["track"].astype(np.int64)
        ends = [self._in_program(track, segments[name]) for name in ("start", "end")]
        joints = [self.programs.joints(track, segments[name]) for name in ("start", "end")]
        home = self.programs.joints([self.first_program], [0.0])
        last = np.concatenate([home, joints[1][:-1]])
        jumps = (np.abs(joints[0] - last) @ radii(self.arm, _reaches(self.balls))).max(axis=1)
        done = np.abs(ends[1] - ends[0])
        return np.cumsum(jumps) + np.cumsum(done) - done

    def _in_program(self, track: NDArray[np.int64], time: Array) -> Array:
        programs = self.programs
        move = last_at_or_before(
            programs.move_start, programs.first[track], programs.count[track], time
        )
        since = time - programs.move_start[move]
        done = profile(
            since, programs.move_duration[move], programs.ramp[move], programs.jerk[move]
        )
        return self._before[move] + self.travel[move] * done

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
        now = self._in_program(track, coordinate(segments, ticks[runs]))
        begun = self._in_program(track, segments["start"])
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
