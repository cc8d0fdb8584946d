"""Waits that keep the robots of a station apart, and which way round each goes.

One robot after another is fitted in beside those that have their time already: with every pose of
its program against every pose of theirs (the coordination diagram of O'Donnell and Lozano-Perez,
1989), dynamic programming over its waypoints and the sum of its waits finds the earliest end that
comes too near to nobody. It may wait at any waypoint. Whoever ends last is fitted in first in a
next try.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.motion.profile import profile
from twin.motion.program import plan_program
from twin.welding.clash import clashes
from twin.welding.line import Welder

__all__ = ["Fitted", "Fitter"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

STEP = 0.1  # s between looks at a move
WAIT = 0.4  # s, waits are multiples of it
TRIES = 4
LONG = 2.0  # s, waits that are worth trying the other way round
HOPELESS = 1e3  # s, as if it took that much longer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """How a robot runs its program beside the others."""

    turned: bool  # the other way round
    waits: Array  # before it leaves each waypoint, in the order that it runs [s]
    clear: bool  # False: it can't be kept apart from another one


@dataclass(frozen=True, kw_only=True, eq=False)
class _Track:
    """A program as poses in time."""

    poses: Array  # joint positions, first the waypoints, then those on the moves
    move_pose: list[Rows]  # poses along each move
    move_time: list[Array]  # when, from its begin [s]
    dwells: Array  # at each waypoint [s]
    moves: Array  # duration of each move [s]

    @property
    def count(self) -> int:
        return len(self.dwells)

    @cached_property
    def length(self) -> float:
        return float(self.dwells.sum() + self.moves.sum())

    def turned(self) -> "_Track":
        """The same poses the other way round; waypoint k is what was the k-th from the end."""
        order = [each[::-1] for each in self.move_pose[::-1]]
        times = [
            duration - each[::-1]
            for duration, each in zip(self.moves[::-1].tolist(), self.move_time[::-1], strict=True)
        ]
        return _Track(
            poses=self.poses, move_pose=order, move_time=times,
            dwells=self.dwells[::-1], moves=self.moves[::-1],
        )  # fmt: skip

    def waypoint(self, k: int, *, turned: bool) -> int:
        """The pose at a waypoint in the order of the run."""
        return self.count - 1 - k if turned else k


@dataclass(frozen=True, kw_only=True, eq=False)
class _Run:
    """A track with its waits: which pose it has at any time."""

    robot: int
    times: Array  # rising [s]
    poses: Rows

    def at(self, times: Array) -> Rows:
        row = np.searchsorted(self.times, times + 1e-9, side="right") - 1
        return self.poses[np.maximum(row, 0)]


class Fitter:
    """Fits rounds beside one another; what it learns of two rounds it keeps."""

    def __init__(
        self,
        welders: Sequence[Welder],
        programs: Sequence[tuple[Array, Array]],
        apart: float,
        *,
        patience: float,
    ) -> None:
        """Take robots with the waypoints [n, J] and dwells [n] of each.

        Robots without a hull are left as they are. They keep `apart` [m], and none waits longer
        than `patience` [s].
        """
        self._tracks = [_track(each, *own) for each, own in zip(welders, programs, strict=True)]
        self._placed = [
            each.hull.placed(each.arm, track.poses, each.base) if each.hull else None
            for each, track in zip(welders, self._tracks, strict=True)
        ]
        self._apart, self._patience = apart, patience
        self._near: dict[tuple[int, int], Flags | None] = {}

    def fit(self, numbers: Sequence[int]) -> tuple[list[Fitted], float]:
        """Waits and directions for rounds at one station, and when the last ends [s]."""
        tracks = [self._tracks[number] for number in numbers]
        near = {
            (i, j): flags
            for i, one in enumerate(numbers)
            for j, two in enumerate(numbers)
            if i != j and (flags := self._meet(one, two)) is not None
        }
        order = sorted(range(len(tracks)), key=lambda row: (-tracks[row].length, row))
        best: list[Fitted] = []
        least = np.inf
        seen: set[tuple[int, ...]] = set()
        while len(seen) < TRIES and tuple(order) not in seen:
            seen.add(tuple(order))
            fitted = _fit(tracks, near, order, self._patience)
            ends = [
                track.length + float(each.waits.sum()) + (0.0 if each.clear else HOPELESS)
                for track, each in zip(tracks, fitted, strict=True)
            ]
            if max(ends) < least - 1e-9:
                best, least = fitted, max(ends)
            last = int(np.argmax(ends))
            if not fitted[last].waits.any() and fitted[last].clear:
                break
            order.remove(last)
            order.insert(0, last)
        return best, least

    def _meet(self, one: int, two: int) -> Flags | None:
        """Which poses of two rounds meet; None where none do."""
        if (one, two) not in self._near:
            a, b = self._placed[one], self._placed[two]
            near = None if a is None or b is None else clashes(a, b, self._apart)
            near = near if near is not None and near.any() else None
            self._near[one, two] = near
            self._near[two, one] = None if near is None else near.T
        return self._near[one, two]


def _track(welder: Welder, points: Array, dwells: Array) -> _Track:
    planned = plan_program(welder.arm, points, np.zeros(len(points)), where=welder.path)
    poses, move_pose, move_time = [points], list[Rows](), list[Array]()
    count, durations = len(points), np.zeros(len(points) - 1)
    moving = np.flatnonzero(np.any(points[1:] != points[:-1], axis=1))
    rows = dict(zip(moving.tolist(), range(len(moving)), strict=True))
    for k in range(len(points) - 1):
        row = rows.get(k)
        if row is None:
            move_pose.append(np.empty(0, np.int64))
            move_time.append(np.empty(0))
            continue
        durations[k] = duration = float(planned.duration[row])
        times = np.linspace(0.0, duration, max(3, int(np.ceil(duration / STEP)) + 1))
        share = profile(times, duration, planned.ramp[row], planned.jerk[row])[:, None]
        poses.append(points[k] + share * (points[k + 1] - points[k]))
        move_pose.append(np.arange(count, count + len(times)))
        move_time.append(times)
        count += len(times)
    return _Track(
        poses=np.concatenate(poses), move_pose=move_pose, move_time=move_time,
        dwells=dwells, moves=durations,
    )  # fmt: skip


def _fit(
    tracks: Sequence[_Track],
    near: dict[tuple[int, int], Flags],
    order: Sequence[int],
    patience: float,
) -> list[Fitted]:
    """Fit robots in, one after another, each by whichever way round ends sooner."""
    runs: list[_Run] = []
    found: dict[int, Fitted] = {}
    for row in order:
        beside = [(each, near[row, each.robot]) for each in runs if (row, each.robot) in near]
        ways = [_waits(tracks[row], beside, turned=False, patience=patience)]
        if beside and (ways[0] is None or ways[0].sum() > LONG):
            ways.append(_waits(tracks[row].turned(), beside, turned=True, patience=patience))
        fits = [(float(each.sum()), k) for k, each in enumerate(ways) if each is not None]
        turned = bool(min(fits)[1]) if fits else False
        waits = ways[int(turned)] if fits else None
        clear = waits is not None
        waits = np.zeros(tracks[row].count) if waits is None else waits
        found[row] = Fitted(turned=turned, waits=waits, clear=clear)
        runs.append(_run(row, tracks[row], found[row]))
    return [found[row] for row in range(len(tracks))]


def _run(robot: int, track: _Track, fitted: Fitted) -> _Run:
    own = track.turned() if fitted.turned else track
    times, poses, now = list[Array](), list[Rows](), 0.0
    for k in range(own.count):
        times.append(np.array([now]))
        poses.append(np.array([own.waypoint(k, turned=fitted.turned)]))
        now += float(own.dwells[k] + fitted.waits[k])
        if k + 1 < own.count:
            times.append(now + own.move_time[k])
            poses.append(own.move_pose[k])
            now += float(own.moves[k])
    return _Run(robot=robot, times=np.concatenate(times), poses=np.concatenate(poses))


def _waits(
    track: _Track, beside: Sequence[tuple[_Run, Flags]], *, turned: bool, patience: float
) -> Array | None:
    """The waits that end soonest, shape [n] [s]; None where none keeps clear.

    Row m of what is reached stands for m waits so far.
    """
    total = np.arange(int(patience / WAIT) + 1) * WAIT
    arrived, left = list[Flags](), list[Flags]()
    reached = total == 0.0
    now = 0.0
    for k in range(track.count):
        pose = track.waypoint(k, turned=turned)
        stand = np.arange(0.0, float(track.dwells[k]) + STEP / 2, STEP)
        reached = reached & _free(np.full(len(stand), pose), now + stand, total, beside)
        now += float(track.dwells[k])
        waiting = np.array([0.0, WAIT / 2, WAIT])
        stays = _free(np.full(3, pose), now + waiting, total, beside)
        arrived.append(reached)
        reached = _spread(reached, stays)
        left.append(reached)
        if k + 1 < track.count:
            reached = reached & _free(track.move_pose[k], now + track.move_time[k], total, beside)
            now += float(track.moves[k])
    if not reached.any():
        return None
    return _back(arrived, left, int(np.argmax(reached)))


def _spread(reached: Flags, stays: Flags) -> Flags:
    """What can be reached by waiting on: m + 1 from m, where it may stay."""
    rows = np.arange(len(reached))
    since = np.maximum.accumulate(np.where(reached, rows, -1))
    blocked = np.maximum.accumulate(np.where(stays, -1, rows))
    before = np.concatenate([[-1], blocked[:-1]])
    return (since >= 0) & (since > before)


def _free(poses: Rows, times: Array, total: Array, beside: Sequence[tuple[_Run, Flags]]) -> Flags:
    """For which sums of waits no pose meets anybody."""
    free = np.ones(len(total), np.bool_)
    for other, near in beside:
        at = other.at((times[:, None] + total).ravel()).reshape(len(times), -1)
        free &= ~near[poses[:, None], at].any(axis=0)
    return free


def _back(arrived: list[Flags], left: list[Flags], m: int) -> Array:
    """Where the waits are, from the last waypoint back."""
    waits = np.zeros(len(arrived))
    for k in range(len(arrived) - 1, -1, -1):
        assert left[k][m]
        while not arrived[k][m]:
            waits[k] += WAIT
            m -= 1
    return waits
