"""Which poses of two robots come too near: capsules around their links, pose against pose."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compiled
from twin.motion import Arm
from twin.physics.capsule_distance import capsule_gap
from twin.physics.solids import Solid

__all__ = ["Hull", "Placed", "clashes", "together"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST = 32  # capsules around a link
FINE = 0.05  # m, radius of capsules that need no finer ones


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A robot's capsules at n poses; those of a link lie end to end."""

    capsules: Array  # from, to, radius [m], shape [n, c, 7]
    balls: Array  # middle and radius around each link's capsules [m], shape [n, k, 4]
    begin: NDArray[np.int64]  # the first capsule of each link, and their number, shape [k + 1]

    def __len__(self) -> int:
        return len(self.capsules)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hull:
    """Capsules around the links of a robot and its gun; every point of them is inside."""

    capsules: Array  # from, to, radius in the link's frame [m], shape [c, 7]
    balls: Array  # middle and radius in the link's frame [m], shape [k, 4]
    begin: NDArray[np.int64]  # the first capsule of each link, and their number, shape [k + 1]
    links: NDArray[np.int64]  # rows of the arm's links, 0 for the base, shape [k]

    @classmethod
    def build(cls, solids: Sequence[Solid], links: NDArray[np.int64]) -> "Hull":
        """Enclose the solids of links in capsules, taken from their trees."""
        rows = [_cut(each) for each in solids]
        sizes = [0, *(len(each) for each in rows)]
        return cls(
            capsules=np.concatenate([np.empty((0, 7)), *rows]),
            balls=np.array([each.ball for each in solids]).reshape(-1, 4),
            begin=np.cumsum(sizes),
            links=links,
        )

    def placed(self, arm: Arm, joints: Array, base: Array) -> Placed:
        """The capsules at joint positions [n, J], in the frame of the base."""
        frames = arm.link_frames(joints, base)[:, self.links]
        of = np.repeat(np.arange(len(self.links)), np.diff(self.begin))
        rows = np.empty((len(joints), len(self.capsules), 7))
        balls = np.empty((len(joints), len(self.balls), 4))
        for at in (0, 3):
            rows[..., at : at + 3] = _moved(frames[:, of], self.capsules[:, at : at + 3])
        balls[..., :3] = _moved(frames, self.balls[:, :3])
        rows[..., 6], balls[..., 3] = self.capsules[:, 6], self.balls[:, 3]
        return Placed(capsules=rows, balls=balls, begin=self.begin)


def _moved(frames: Array, points: Array) -> Array:
    return np.einsum("ncxy,cy->ncx", frames[..., :3, :3], points) + frames[..., :3, 3]


def _cut(solid: Solid) -> Array:
    """Nodes of a solid's tree that enclose all of it: thick ones give way to their children."""
    tree = solid.tree
    open_ = [(-float(tree.node[0, 6]), 0)]
    heapify(open_)
    kept: list[int] = []
    while open_ and len(kept) + len(open_) < MOST:
        radius, row = heappop(open_)
        if -radius <= FINE or not tree.child[row]:
            kept.append(row)
            continue
        for child in (row + 1, int(tree.child[row])):
            heappush(open_, (-float(tree.node[child, 6]), child))
    return np.array(tree.node[[*kept, *(row for _, row in open_)]])


def together(crowd: Sequence[Placed]) -> Placed:
    """Several robots at one pose each as if they were one."""
    begins = np.cumsum([0, *(each.begin[-1] for each in crowd)])
    begin = [at + each.begin[:-1] for at, each in zip(begins, crowd, strict=False)]
    return Placed(
        capsules=np.concatenate([each.capsules for each in crowd], axis=1),
        balls=np.concatenate([each.balls for each in crowd], axis=1),
        begin=np.concatenate([*begin, begins[-1:]]),
    )


def clashes(one: Placed, other: Placed, apart: float) -> Flags:
    """Which of n and m placed poses are nearer than `apart` [m], shape [n, m]."""
    near = np.zeros((len(one), len(other)), np.bool_)
    boxes = (_boxes(one, apart), _boxes(other, 0.0))
    own = (one.capsules, one.balls, one.begin)
    compiled(find_clashes)(*own, other.capsules, other.balls, other.begin, *boxes, apart, near)
    return near


def _boxes(placed: Placed, more: float) -> Array:
    """Boxes around poses, shape [n, 6]: low, then high corner."""
    ends = placed.capsules[..., :6].reshape(*placed.capsules.shape[:2], 2, 3)
    size = placed.capsules[..., 6, None] + more
    low = (ends.min(axis=2) - size).min(axis=1)
    high = (ends.max(axis=2) + size).max(axis=1)
    return np.concatenate([low, high], axis=1)


@compilable
def find_clashes(  # noqa: PLR0917  # as a kernel must
    one: Any, balls: Any, begin: Any, other: Any, globes: Any, start: Any, boxes: Any, others: Any,
    apart: float, near: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Mark pairs of poses with two capsules nearer than `apart`."""
    for i in range(len(one)):
        for j in range(len(other)):
            meet = True
            for k in range(3):
                meet = meet and boxes[i, k] <= others[j, k + 3] and others[j, k] <= boxes[i, k + 3]
            if meet:
                near[i, j] = _touch(
                    one[i], balls[i], begin, other[j], globes[j], start, apart
                )  # fmt: skip


@compilable
def _touch(  # noqa: PLR0917
    one: Any, balls: Any, begin: Any, other: Any, globes: Any, start: Any, apart: float
) -> bool:
    for a in range(len(balls)):
        for b in range(len(globes)):
            if _ball_gap(balls[a], globes[b]) < apart:
                for c in range(begin[a], begin[a + 1]):
                    for d in range(start[b], start[b + 1]):
                        if capsule_gap(one, c, other, d) < apart:
                            return True
    return False


@compilable
def _ball_gap(one: Any, other: Any) -> float:
    x, y, z = one[0] - other[0], one[1] - other[1], one[2] - other[2]
    return (x * x + y * y + z * z) ** 0.5 - one[3] - other[3]
