"""Clearance of many robots at one moment by their capsules: fast, and never more than it is.

Capsules enclose their links, so what comes out is a lower bound of the meshes' distance; below 0
capsules overlap. All capsules are placed once; then each pair of robots goes through its pairs of
capsules, past those whose boxes are farther apart than the closest so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.core.compiled import compilable, compiled
from twin.motion.rows import first_rows, read_only
from twin.physics.capsule import Capsules
from twin.physics.capsule_distance import segment_distance_squared

__all__ = ["Crowd", "neighbours"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


def neighbours(bases: ArrayLike, reach: ArrayLike, margin: float = 0.0) -> Rows:
    """Pairs of robots whose reaches come within a margin of each other [m], shape [p, 2].

    Args:
        bases: where they stand, shape [n, 3] [m].
        reach: farthest that anything of a robot gets from its base [m], one or shape [n].
        margin: [m].
    """
    xyz = np.asarray(bases, dtype=np.float64)
    far = np.broadcast_to(np.asarray(reach, dtype=np.float64), len(xyz)) + margin / 2
    widest = 2.0 * float(far.max(initial=0.0))
    order = np.argsort(xyz[:, 0], kind="stable")
    x = xyz[order, 0]
    last: Rows = np.asarray(np.searchsorted(x, x + widest, side="right"), dtype=np.int64)
    count = last - np.arange(len(x)) - 1
    one = np.repeat(np.arange(len(x)), count)
    other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count)
    pairs: Rows = np.sort(np.stack([order[one], order[other]], axis=1), axis=1)
    apart = np.linalg.norm(xyz[pairs[:, 0]] - xyz[pairs[:, 1]], axis=1)
    pairs = pairs[apart <= far[pairs[:, 0]] + far[pairs[:, 1]]]
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crowd:
    """The capsules of many robots' links; link frames come from forward kinematics."""

    capsule: Array  # of all robots, from, to, radius in the links' frames [m], shape [n, 7]
    frame: Rows  # row of each capsule's link in the frames of all robots, shape [n]
    first: Rows  # first capsule of each robot, shape [robot_count]
    count: Rows  # its capsules, shape [robot_count]

    @classmethod
    def build(cls, robots: Sequence[Sequence[Capsules]]) -> Self:
        """Lay out robots, each given by the capsules of its base and all links."""
        links = [capsules for robot in robots for capsules in robot]
        sizes = np.array([len(each.rows) for each in links], np.int64)
        count = np.array([sum(len(each.rows) for each in robot) for robot in robots], np.int64)
        rows = [np.empty((0, 7)), *(each.rows for each in links)]
        return cls(
            capsule=read_only(np.concatenate(rows)),
            frame=read_only(np.repeat(np.arange(len(links)), sizes)),
            first=read_only(first_rows(count)),
            count=read_only(count),
        )

    def clearance(
        self, frames: ArrayLike, pairs: Rows, *, margin: float = np.inf
    ) -> tuple[Array, Rows]:
        """Smallest clearance of each pair of robots now.

        Args:
            frames: of all links of all robots in order, shape [..., 4, 4].
            pairs: rows of robots, shape [p, 2].
            margin: clearances beyond it are given as it is [m].

        Returns:
            Clearances [m], shape [p], and the frame rows of the two links, shape [p, 2]; -1
            beyond the margin.
        """
        placed = np.asarray(frames, dtype=np.float64)[..., :3, :].reshape(-1, 12)
        world = np.empty((len(self.capsule), 10))
        gap, link = np.empty(len(pairs)), np.empty((len(pairs), 2), np.int64)
        kernel: Any = compiled(_crowd)
        kernel(
            self.capsule, self.frame, self.first, self.count, np.ascontiguousarray(placed),
            np.ascontiguousarray(pairs), float(margin), world, gap, link,
        )  # fmt: skip
        return gap, link


@compilable
def _crowd(
    capsule: Any, frame: Any, first: Any, count: Any, placed: Any, pairs: Any, margin: float,
    world: Any, gap: Any, link: Any,
) -> None:  # fmt: skip
    """Place all capsules as start, way, radius, middle; then compare pair by pair."""
    for i in range(len(capsule)):
        f = frame[i]
        for k in range(3):
            a, b, c = placed[f, 4 * k], placed[f, 4 * k + 1], placed[f, 4 * k + 2]
            start = a * capsule[i, 0] + b * capsule[i, 1] + c * capsule[i, 2] + placed[f, 4 * k + 3]
            end = a * capsule[i, 3] + b * capsule[i, 4] + c * capsule[i, 5] + placed[f, 4 * k + 3]
            world[i, k], world[i, 3 + k], world[i, 7 + k] = start, end - start, (start + end) / 2.0
        x, y, z = world[i, 3], world[i, 4], world[i, 5]
        # the radius of a ball around it; the capsule's own stays in `capsule`
        world[i, 6] = sqrt(x * x + y * y + z * z) / 2.0 + capsule[i, 6]
    for p in range(len(pairs)):
        _pair(capsule, frame, first, count, pairs, margin, world, gap, link, p)


@compilable
def _pair(
    capsule: Any, frame: Any, first: Any, count: Any, pairs: Any, margin: float,
    world: Any, gap: Any, link: Any, p: int,
) -> None:  # fmt: skip
    one, two = pairs[p, 0], pairs[p, 1]
    best, at, to = margin, -1, -1
    # from the hands down: they are most often the closest
    for i in range(first[one] + count[one] - 1, first[one] - 1, -1):
        for j in range(first[two] + count[two] - 1, first[two] - 1, -1):
            x = world[i, 7] - world[j, 7]
            y = world[i, 8] - world[j, 8]
            z = world[i, 9] - world[j, 9]
            reach = best + world[i, 6] + world[j, 6]
            if reach <= 0.0 or x * x + y * y + z * z >= reach * reach:
                continue
            square = segment_distance_squared(
                world[i, 0] - world[j, 0], world[i, 1] - world[j, 1], world[i, 2] - world[j, 2],
                world[i, 3], world[i, 4], world[i, 5], world[j, 3], world[j, 4], world[j, 5],
            )  # fmt: skip
            reach = best + capsule[i, 6] + capsule[j, 6]
            if reach > 0.0 and square < reach * reach:
                best = sqrt(square) - capsule[i, 6] - capsule[j, 6]
                at, to = frame[i], frame[j]
    gap[p], link[p, 0], link[p, 1] = best, at, to
