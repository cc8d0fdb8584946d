"""Which poses of two robots come too near: capsules around their links, pose against pose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compiled
from twin.motion import Arm
from twin.physics.capsule_distance import capsule_gap

__all__ = ["Hull", "clashes"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hull:
    """Capsules around the links of a robot and its gun; every point of them is inside."""

    capsules: Array  # from, to, radius in the link's frame [m], shape [c, 7]
    links: NDArray[np.int64]  # the link of each, 0 for the base, shape [c]

    def placed(self, arm: Arm, joints: Array, base: Array) -> Array:
        """The capsules at joint positions [n, J], in the frame of the base, shape [n, c, 7]."""
        frames = arm.link_frames(joints, base)[:, self.links]
        rows = np.empty((len(joints), len(self.capsules), 7))
        for at in (0, 3):
            ends = self.capsules[:, at : at + 3]
            rows[..., at : at + 3] = np.einsum("ncxy,cy->ncx", frames[..., :3, :3], ends)
            rows[..., at : at + 3] += frames[..., :3, 3]
        rows[..., 6] = self.capsules[:, 6]
        return rows


def clashes(one: Array, other: Array, apart: float) -> NDArray[np.bool_]:
    """Which placed poses [n, c, 7] and [m, d, 7] are nearer than `apart` [m], shape [n, m]."""
    near = np.zeros((len(one), len(other)), np.bool_)
    boxes = (_boxes(one, apart), _boxes(other, 0.0))
    compiled(find_clashes)(one, other, *boxes, apart, near)
    return near


def _boxes(placed: Array, more: float) -> Array:
    """Boxes around poses, shape [n, 6]: low, then high corner."""
    ends = placed[..., :6].reshape(*placed.shape[:2], 2, 3)
    size = placed[..., 6, None] + more
    low = (ends.min(axis=2) - size).min(axis=1)
    high = (ends.max(axis=2) + size).max(axis=1)
    return np.concatenate([low, high], axis=1)


@compilable
def find_clashes(  # noqa: PLR0917  # as a kernel must
    one: Any, other: Any, boxes: Any, others: Any, apart: float, near: NDArray[np.bool_]
) -> None:
    """Mark pairs of poses with two capsules nearer than `apart`."""
    for i in range(len(one)):
        for j in range(len(other)):
            meet = True
            for k in range(3):
                meet = meet and boxes[i, k] <= others[j, k + 3] and others[j, k] <= boxes[i, k + 3]
            if meet:
                near[i, j] = _touch(one[i], other[j], apart)


@compilable
def _touch(one: Any, other: Any, apart: float) -> bool:
    for c in range(len(one)):
        for d in range(len(other)):
            if capsule_gap(one, c, other, d) < apart:
                return True
    return False
