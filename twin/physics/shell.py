"""The closed pieces of a mesh, and whether points are inside them.

Triangles that share corners make a piece; one is closed if every edge is gone along as often one
way as the other. A point is inside where the closed pieces wind around it: the solid angles of
their triangles sum to 4 pi (van Oosterom and Strackee, The solid angle of a plane triangle, 1983).
Sheets and open pieces have no inside; a cavity, wound the other way, is outside.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csgraph

from twin.motion.rows import read_only

__all__ = ["Shell"]

Array = NDArray[np.float64]

DIGITS = 6  # of corners that are one [m]
MOST = 1 << 20  # solid angles at once
HALF = 2.0 * np.pi


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shell:
    """Where the closed pieces of one mesh are."""

    closed: Array  # triangles of closed pieces [m], shape [m, 3, 3]
    low: Array  # of the box around them [m], shape [3]
    high: Array
    marks: Array  # a corner of every piece, closed or not [m], shape [p, 3]

    @classmethod
    def build(cls, triangles: Array) -> Self:
        """Take the pieces of triangles [m, 3, 3] apart."""
        corners = triangles.reshape(-1, 3)
        _, vertex = np.unique(corners.round(DIGITS) + 0.0, axis=0, return_inverse=True)
        face = vertex.reshape(-1, 3).astype(np.int64)
        size = int(face.max(initial=-1)) + 1
        start, end = face.ravel(), np.roll(face, -1, axis=1).ravel()
        joined = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(size, size))
        graph: Any = csgraph
        label: NDArray[np.int64] = graph.connected_components(joined, directed=False)[1]
        piece = label[face[:, 0]]
        # each edge by its lesser corner first, counted up one way and down the other
        key = np.minimum(start, end) * size + np.maximum(start, end)
        edges, edge = np.unique(key, return_inverse=True)
        balance = np.bincount(edge.ravel(), np.sign(end - start), len(edges))
        open_ = np.zeros(int(label.max(initial=-1)) + 1, np.bool_)
        open_[np.repeat(piece, 3)[balance[edge.ravel()] != 0]] = True
        _, mark = np.unique(piece, return_index=True)
        closed = triangles[~open_[piece]]
        inside = closed.reshape(-1, 3) if len(closed) else np.full((1, 3), np.nan)
        return cls(
            closed=read_only(closed),
            low=read_only(inside.min(axis=0)),
            high=read_only(inside.max(axis=0)),
            marks=read_only(triangles[mark, 0]),
        )

    def inside(self, points: Array) -> NDArray[np.bool_]:
        """Whether points [n, 3] [m] in the mesh's frame are inside, shape [n]."""
        found: NDArray[np.bool_] = np.all((points > self.low) & (points < self.high), axis=1)
        step = max(1, MOST // max(1, len(self.closed)))
        rows = np.flatnonzero(found)
        for first in range(0, len(rows), step):
            some = rows[first : first + step]
            found[some] = np.abs(_angles(self.closed, points[some])) > HALF
        return found


def _angles(triangles: Array, points: Array) -> Array:
    """The sum of the solid angles of triangles as seen from points, shape [n]."""
    a, b, c = np.moveaxis(triangles - points[:, None, None], 2, 0)
    la, lb, lc = (np.linalg.norm(each, axis=2) for each in (a, b, c))
    volume = (a * np.cross(b, c)).sum(axis=2)
    span = (
        la * lb * lc + (a * b).sum(axis=2) * lc + (b * c).sum(axis=2) * la
        + (c * a).sum(axis=2) * lb
    )  # fmt: skip
    return 2.0 * np.arctan2(volume, span).sum(axis=1)
