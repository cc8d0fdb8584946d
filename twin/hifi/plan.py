"""What a cell is, as plain data: read from a scene, or made in Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.hifi.solid import Solid

__all__ = ["CellPlan", "Picker"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picker:
    """A robot that picks the parts out of a cell, one by one, for its station."""

    station: str  # prim path
    robot: str  # prim path
    tip: Array  # where its tool touches a part, in the last link [m], shape [3]
    pick: int  # number of the waypoint of its program where it takes a part, from 0
    place: int  # where it lets the part go


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellPlan:
    """Bodies of a cell, and where parts come in and go out."""

    path: str  # of its prim
    inlet: str  # prim path of the place whose parts lie in the cell
    parts: Mapping[str, Sequence[Solid]]  # by product
    drop: Array  # where a part begins, shape [4, 4]
    volume: tuple[Array, Array]  # lowest and highest corner of where parts may be picked [m]
    standing: Sequence[Solid] = ()
    robots: Mapping[str, Sequence[Sequence[Solid]]] = field(
        default_factory=dict[str, Sequence[Sequence[Solid]]]
    )
    """By prim path, the solids of each link, base first."""
    picker: Picker | None = None
    step: int = 2000  # ticks
    capacity: int = 32  # parts of each product at once
    friction: float = 0.5
    density: float = 7850.0  # kg/m3
    gravity: float = 9.81  # m/s2
    scatter: float = 0.0  # rad: largest turn of a part that begins, about any axis
