"""What a kind may ask about the plant around one place: names, kinds and positions.

Kinds check their parameters against it, and turn names into numbers once, when a world is built, so
that handlers compare numbers only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from twin.core.parameters import Params, Vector

__all__ = ["Directory", "Surroundings"]

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surroundings:
    """A place and what is around it."""

    path: str  # of this place
    exits: tuple[str, ...]  # paths of the places that it gives to
    entries: tuple[str, ...]  # paths of the places that give to it
    forms: Mapping[str, int]  # number of forms of every product, by name
    params: Mapping[str, Params]  # of every place, by prim path
    xyz: Mapping[str, Vector]  # position of every place [m], by prim path
    onward: Mapping[str, tuple[str, ...]]  # the exits of every place, by prim path
    known: dict[Any, Any] = field(default_factory=dict[Any, Any])  # shared by all places

    def once(self, find: Callable[["Surroundings"], Found]) -> Found:
        """What a function finds that looks at the whole plant only, found for the first to ask."""
        if find not in self.known:
            self.known[find] = find(self)
        return self.known[find]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all products, in order."""
        return tuple(self.forms)

    @property
    def parent(self) -> str:
        """Path of the prim above this place's."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Directory:
    """What stands for the names around one place in a world."""

    around: Surroundings
    rows: Mapping[str, int]  # of every place, by prim path
    xyz: NDArray[np.float64]  # of every place [m], shape [place_count, 3]
    products: Any  # this place's rows of `World.product`, one per product
    numbers: list[int]  # World.number in the making

    def row(self, path: str) -> int:
        """The row of a place."""
        return self.rows[path]

    def product(self, name: str) -> int:
        """The number of a product."""
        return self.around.names.index(name)

    def distance(self, a: str, b: str) -> float:
        """Straight distance between two places [m]."""
        return float(np.linalg.norm(self.xyz[self.rows[a]] - self.xyz[self.rows[b]]))

    def keep(self, values: Sequence[int]) -> int:
        """Keep a list of integers in `World.number`; returns the row of its first one."""
        first = len(self.numbers)
        self.numbers.extend(values)
        return first
