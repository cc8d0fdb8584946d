"""Solids: rigid bodies of triangles, all their capsule trees end to end in flat arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from twin.motion.rows import first_rows, read_only
from twin.physics.capsule import Capsules, enclosing
from twin.physics.shell import Shell
from twin.physics.tree import Tree

__all__ = ["Solid", "Solids"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Solid:
    """One rigid body: its triangles in its own frame."""

    path: str  # of the prim whose frame it is
    triangles: NDArray[np.float64]  # [m], shape [m, 3, 3]

    @cached_property
    def tree(self) -> Tree:
        """Its capsule tree, for exact distances."""
        return Tree.build(self.triangles)

    @cached_property
    def capsules(self) -> Capsules:
        """One to three tight capsules around it, for fast ones."""
        return enclosing(self.triangles, where=self.path)

    @cached_property
    def shell(self) -> Shell:
        """Its closed pieces, for what is inside of it."""
        return Shell.build(self.triangles)

    @cached_property
    def ball(self) -> NDArray[np.float64]:
        """Middle and radius of a ball around it [m], shape [4]."""
        corners = self.triangles.reshape(-1, 3)
        middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        return np.append(middle, np.linalg.norm(corners - middle, axis=1).max())

    @cached_property
    def reach(self) -> float:
        """The distance of its farthest corner from its origin [m]."""
        return float(np.linalg.norm(self.triangles.reshape(-1, 3), axis=1).max())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solids:
    """Many solids in the arrays that the kernels read; the first is row 0."""

    node: NDArray[np.float64]  # of all trees, shape [n, 7]
    child: NDArray[np.int64]  # second child of each node, from the start of all; 0 for a leaf
    first: NDArray[np.int64]  # first triangle of each node, from the start of all
    count: NDArray[np.int64]  # triangles of each node
    root: NDArray[np.int64]  # root node of each solid
    triangle: NDArray[np.float64]  # corners [m], shape [n, 9]
    each: tuple[Solid, ...]  # as they were given

    @property
    def arrays(self) -> tuple[NDArray[np.float64] | NDArray[np.int64], ...]:
        """What the kernels read."""
        return self.node, self.child, self.first, self.count, self.root, self.triangle

    @classmethod
    def build(cls, solids: Sequence[Solid]) -> Self:
        """Lay solids end to end."""
        trees = [each.tree for each in solids]
        nodes = np.array([len(tree.node) for tree in trees], np.int64)
        triangles = np.array([len(tree.triangle) for tree in trees], np.int64)
        root, start = first_rows(nodes), first_rows(triangles)
        child = [
            np.where(tree.child > 0, tree.child + at, 0)
            for tree, at in zip(trees, root, strict=True)
        ]
        first = [tree.first + at for tree, at in zip(trees, start, strict=True)]
        none = np.empty(0, np.int64)
        return cls(
            node=read_only(np.concatenate([np.empty((0, 7)), *(tree.node for tree in trees)])),
            child=read_only(np.concatenate([none, *child])),
            first=read_only(np.concatenate([none, *first])),
            count=read_only(np.concatenate([none, *(tree.count for tree in trees)])),
            root=read_only(root),
            triangle=read_only(
                np.concatenate([np.empty((0, 9)), *(tree.triangle for tree in trees)])
            ),
            each=tuple(solids),
        )
