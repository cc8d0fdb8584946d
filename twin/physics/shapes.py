"""What a plant's things look like to clearance: solids of links, of products' forms, of fences."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.physics.solids import Solid

__all__ = ["RobotShape", "Shapes", "Standing"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RobotShape:
    """The links of a robot that have a shape."""

    solids: NDArray[np.int64]  # rows in the shapes' solids, shape [k]
    links: NDArray[np.int64]  # the link of each, 0 for the base, shape [k]
    paths: tuple[str, ...]  # prim paths of these links


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """Something that never moves: a fence, or what else nothing may touch."""

    path: str
    solid: int
    frame: NDArray[np.float64]  # in the world, shape [4, 4]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shapes:
    """All solids of a plant and who has them."""

    solids: tuple[Solid, ...]
    robots: tuple[RobotShape, ...]  # in the plant's order
    looks: tuple[int, ...]  # the solid of every form of every product, product by product; -1: none
    look_paths: tuple[str, ...]
    standing: tuple[Standing, ...]
    bare: tuple[str, ...] = ()  # prim paths of fences and other things that stand without meshes
