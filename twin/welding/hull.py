"""The room that a robot takes: capsules around all links, taken from the trees of their meshes."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compiled
from twin.motion import Arm
from twin.physics.solids import Solid

__all__ = ["Hull"]

Array = NDArray[np.float64]

MOST = 24  # capsules around a link
FINE = 0.05  # m, radius of capsules that need no finer ones


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hull:
    """Capsules around the links of a robot and its gun; every point of them is inside."""

    capsules: Array  # from, to, radius in the link's frame [m], shape [c, 7]
    links: NDArray[np.int64]  # row of the arm's link of each, 0 for the base, shape [c]
    solids: tuple[Solid, ...]  # what they are around
    on: NDArray[np.int64]  # the link of each solid

    @classmethod
    def build(cls, solids: Sequence[Solid], links: NDArray[np.int64]) -> "Hull":
        """Enclose the solids of links in capsules."""
        rows = [_cut(each) for each in solids]
        return cls(
            capsules=np.concatenate([np.empty((0, 7)), *rows]),
            links=np.repeat(links, [len(each) for each in rows]),
            solids=tuple(solids),
            on=links,
        )

    def placed(self, arm: Arm, joints: Array, base: Array) -> Array:
        """The capsules at joint positions [n, J], in the frame of the base, shape [n, c, 7]."""
        rows = np.empty((len(joints), len(self.capsules), 7))
        place: Any = compiled(place_capsules)
        place(arm.link_frames(joints, base), self.capsules, self.links, rows)
        return rows


@compilable
def place_capsules(frames: Array, capsules: Array, links: Any, rows: Array) -> None:
    """Write capsules [c, 7] of links at all poses of the links [n, l, 4, 4], [n, c, 7]."""
    for i in range(len(rows)):
        for c in range(len(capsules)):
            frame = frames[i, links[c]]
            for k in range(3):
                rows[i, c, k] = frame[k, 3]
                rows[i, c, k + 3] = frame[k, 3]
                for m in range(3):
                    rows[i, c, k] += frame[k, m] * capsules[c, m]
                    rows[i, c, k + 3] += frame[k, m] * capsules[c, m + 3]
            rows[i, c, 6] = capsules[c, 6]


def _cut(solid: Solid) -> Array:
    """Nodes of a solid's tree that enclose all of it: thick ones give way to their children."""
    tree = solid.tree
    waiting = [(-float(tree.node[0, 6]), 0)]
    kept: list[int] = []
    while waiting and len(kept) + len(waiting) < MOST:
        radius, row = heappop(waiting)
        if -radius <= FINE or not tree.child[row]:
            kept.append(row)
            continue
        for child in (row + 1, int(tree.child[row])):
            heappush(waiting, (-float(tree.node[child, 6]), child))
    return np.array(tree.node[[*kept, *(row for _, row in waiting)]])
