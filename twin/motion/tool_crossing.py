"""When the tool centre passes a plane: a light curtain, a zone's edge, a limit of a coordinate.

Between two knots the tool's coordinate is smooth, and the levers of the arm bound its second
derivative from the joints' velocities and accelerations. With that bound a stretch of time is
proven to hold no crossing, or to be monotone; else it is halved. So none is missed between samples.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.arm import Arm
from twin.motion.crossing import root_in_bracket
from twin.motion.cubic import CubicTable
from twin.motion.lever import levers, tool_centres, tool_rows

__all__ = ["tool_crossings"]

Array = NDArray[np.float64]

SHORTEST = 1e-9  # s: a stretch this short, still undecided, is a touch
ROUNDING = 1e-12  # m: a plane this near is reached


class _Stretches(NamedTuple):
    """Stretches of time inside pieces of a table."""

    piece: NDArray[np.int64]
    low: Array  # seconds into the piece
    high: Array

    def chosen(self, rows: NDArray[np.bool_]) -> "_Stretches":
        return _Stretches(self.piece[rows], self.low[rows], self.high[rows])


def tool_crossings(
    arm: Arm,
    table: CubicTable,
    normal: ArrayLike,
    offset: float,
    *,
    tool: ArrayLike | None = None,
    base: ArrayLike | None = None,
) -> Array:
    """All times at which the tool centre is in a plane.

    A touch counts if it comes within 1e-12 m. While the tool stays so near, as where a motion
    begins or ends in the plane, that is one moment.

    Args:
        arm: The arm that moves.
        table: Its motion.
        normal: Unit normal of the plane in the world, shape [3].
        offset: Of the plane along its normal from the origin [m].
        tool: Pose of the tool in the flange, shape [4, 4]; None: the flange.
        base: Where the arm stands in the world, shape [4, 4]; None: the origin.

    Returns:
        Rising times [s], shape [crossing_count].
    """
    place = np.eye(4) if base is None else np.asarray(base, dtype=np.float64)
    way = np.asarray(normal, dtype=np.float64)
    away = offset - float(way @ place[:3, 3])
    coordinate = _Coordinate(arm, table, way @ place[:3, :3], away, tool)
    found: list[Array] = []
    h = np.diff(table.time)
    open_ = _Stretches(np.arange(len(h)), np.zeros(len(h)), h)
    while len(open_.piece):
        middle, half = (open_.low + open_.high) / 2, (open_.high - open_.low) / 2
        value, slope = coordinate.at(open_.piece, middle)
        bend = coordinate.bend(open_.piece, middle, half)
        near = np.abs(value) <= np.abs(slope) * half + bend * half * half / 2 + ROUNDING
        monotone = near & (np.abs(slope) > bend * half)
        found.append(coordinate.roots(open_.chosen(monotone)))
        open_ = open_.chosen(near & ~monotone)
        middle, half = middle[near & ~monotone], half[near & ~monotone]
        short = (half <= SHORTEST / 2) | (bend[near & ~monotone] == 0)
        found.append(table.time[open_.piece[short]] + middle[short])
        open_, middle = open_.chosen(~short), middle[~short]
        open_ = _Stretches(
            np.concatenate([open_.piece, open_.piece]),
            np.concatenate([open_.low, middle]),
            np.concatenate([middle, open_.high]),
        )
    return coordinate.apart(np.sort(np.concatenate(found)))


class _Coordinate(NamedTuple):
    """The tool's distance from the plane during a table, with its slope and a bound of its bend."""

    arm: Arm
    table: CubicTable
    normal: Array
    offset: float
    tool: ArrayLike | None

    def at(self, piece: NDArray[np.int64], u: Array) -> tuple[Array, Array]:
        """Distances [m] and speeds [m/s] at moments u of pieces, shape [n]."""
        q, v, _ = self._joints(piece, u)
        distance = tool_centres(self.arm, q, self.tool) @ self.normal - self.offset
        speed = np.einsum("nij,nj,i->n", tool_rows(self.arm, q, self.tool), v, self.normal)
        return distance, speed

    def bend(self, piece: NDArray[np.int64], middle: Array, half: Array) -> Array:
        """Largest second derivative in stretches [m/s2], shape [n]."""
        _, v, _ = self._joints(piece, middle)
        ends = [np.abs(self._joints(piece, middle + side * half)[2]) for side in (-1.0, 1.0)]
        a = np.maximum(*ends)  # acceleration is linear
        v = np.abs(v) + a * half[:, None]
        lever = levers(self.arm, self.tool)
        pairs = np.minimum(lever[:, None], lever[None, :])
        return a @ lever + np.einsum("nk,kl,nl->n", v, pairs, v)

    def roots(self, stretches: _Stretches) -> Array:
        """Crossings [s] in monotone stretches: one where the ends are on both sides, else none."""
        piece, low, high = stretches
        if not len(piece):
            return np.empty(0)
        below, above = self.at(piece, low)[0], self.at(piece, high)[0]
        cross = np.sign(below) * np.sign(above) < 0
        at_ends = np.concatenate(
            [
                (self.table.time[piece] + low)[below == 0],
                (self.table.time[piece] + high)[above == 0],
            ]
        )
        if not cross.any():
            return at_ends
        own = piece[cross]
        u = root_in_bracket(lambda u: self.at(own, u), low[cross], high[cross])
        return np.concatenate([at_ends, self.table.time[own] + u])

    def apart(self, times: Array) -> Array:
        """Those of rising times between which the tool was away from the plane."""
        if not len(times):
            return times
        middle = self.table.at((times[:-1] + times[1:]) / 2)
        away = np.abs(tool_centres(self.arm, middle, self.tool) @ self.normal - self.offset)
        leaves = (away > 4 * ROUNDING) & (np.diff(times) > 2 * SHORTEST)
        return times[np.concatenate([[True], leaves])]

    def _joints(self, piece: NDArray[np.int64], u: Array) -> tuple[Array, Array, Array]:
        """Positions, velocities and accelerations of the joints, each [n, J]."""
        c0, c1, c2, c3 = np.moveaxis(self.table.coefficients[piece], 1, 0)
        u = u[:, None]
        position = c0 + u * (c1 + u * (c2 + u * c3))
        return position, c1 + u * (2 * c2 + 3 * u * c3), 2 * c2 + 6 * u * c3
