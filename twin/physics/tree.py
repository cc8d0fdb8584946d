"""Capsule trees: a mesh as capsules inside capsules, down to its triangles.

Every node is a capsule that encloses all triangles below it, so the distance of two nodes is never
more than that of anything in them. The principal axis of the corners is the capsule's; a node is
halved where its triangles' middles are, on average, along that axis. The idea is that of swept
sphere volumes (Larsen, Gottschalk, Lin and Manocha, Fast proximity queries with swept sphere
volumes, 1999).
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.core.compiled import compilable, compiled
from twin.motion.rows import read_only

__all__ = ["Tree"]

LEAF = 1  # triangles in a leaf, at most
LONGEST = 0.1  # [m], of a triangle's sides
STEPS = 12  # of the power iteration for the principal axis
DEEPEST = 256  # levels of a tree: far more than halving can need
ROUNDING = 1e-9  # [m] that every radius is larger by, so that rounding never lets a corner out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """The capsule tree of one mesh; the child after a node is its first, `child` its second."""

    node: NDArray[np.float64]  # from, to, radius [m], shape [n, 7]
    child: NDArray[np.int64]  # row of the second child, or 0 for a leaf; shape [n]
    first: NDArray[np.int64]  # first triangle below each node, shape [n]
    count: NDArray[np.int64]  # number of triangles below each node, shape [n]
    triangle: NDArray[np.float64]  # corners [m], shape [m, 9]

    @classmethod
    def build(cls, triangles: ArrayLike) -> "Tree":
        """Build the tree of triangles, corners [m] of shape [m, 3, 3], m >= 1.

        Triangles longer than `LONGEST` are halved until they are not: a large flat triangle fills
        no capsule well.
        """
        corners = _halved(np.asarray(triangles, dtype=np.float64).reshape(-1, 3, 3))
        size = len(corners)
        order = np.arange(size, dtype=np.int64)
        node, rows = np.empty((2 * size, 7)), np.zeros((3, 2 * size), np.int64)
        build: Any = compiled(_build)
        used = build(corners, order, node, rows, np.empty((DEEPEST, 3), np.int64))
        return cls(
            node=read_only(node[:used]),
            child=read_only(rows[0, :used]),
            first=read_only(rows[1, :used]),
            count=read_only(rows[2, :used]),
            triangle=read_only(corners[order]),
        )


def _halved(triangles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Triangles [m, 3, 3], halved across their longest side until none is too long; [n, 9]."""
    done: list[NDArray[np.float64]] = []
    while len(triangles):
        length = np.linalg.norm(np.roll(triangles, -1, axis=1) - triangles, axis=2)
        long = length.max(axis=1) > LONGEST
        done.append(triangles[~long])
        side, triangles = length[long].argmax(axis=1), triangles[long]
        row = np.arange(len(triangles))
        a, b, c = (triangles[row, (side + k) % 3] for k in range(3))
        middle = (a + b) / 2
        triangles = np.concatenate([np.stack([a, middle, c], 1), np.stack([middle, b, c], 1)])
    return np.concatenate(done).reshape(-1, 9)


@compilable
def _build(tri: Any, order: Any, node: Any, rows: Any, stack: Any) -> int:
    """Fill the nodes, parents before children; returns their number."""
    stack[0, 0], stack[0, 1], stack[0, 2] = 0, len(order), -1
    depth, used = 1, 0
    while depth > 0:
        depth -= 1
        first, count, above = stack[depth, 0], stack[depth, 1], stack[depth, 2]
        if above >= 0:
            rows[0, above] = used
        x, y, z = _enclose(tri, order, first, count, node, used)
        rows[1, used], rows[2, used] = first, count
        if count > LEAF:
            left = _halve(tri, order, first, count, x, y, z)
            stack[depth, 0], stack[depth, 1], stack[depth, 2] = first + left, count - left, used
            stack[depth + 1, 0], stack[depth + 1, 1], stack[depth + 1, 2] = first, left, -1
            depth += 2
        used += 1
    return used


@compilable
def _axis(
    tri: Any, order: Any, first: int, count: int, mx: float, my: float, mz: float
) -> tuple[float, float, float]:
    """The principal axis of the corners about a middle: power iteration on their covariance."""
    xx = yy = zz = xy = xz = yz = 0.0
    for k in range(first, first + count):
        row = order[k]
        for c in range(3):
            x, y, z = tri[row, 3 * c] - mx, tri[row, 3 * c + 1] - my, tri[row, 3 * c + 2] - mz
            xx += x * x
            yy += y * y
            zz += z * z
            xy += x * y
            xz += x * z
            yz += y * z
    ax, ay, az = (1.0, 0.1, 0.1) if xx >= yy and xx >= zz else (0.1, 1.0, 0.1)
    if zz > xx and zz > yy:
        ax, ay, az = 0.1, 0.1, 1.0
    for _ in range(STEPS):
        bx, by, bz = (
            xx * ax + xy * ay + xz * az, xy * ax + yy * ay + yz * az, xz * ax + yz * ay + zz * az
        )  # fmt: skip
        size = sqrt(bx * bx + by * by + bz * bz)
        if size == 0.0:
            return 1.0, 0.0, 0.0
        ax, ay, az = bx / size, by / size, bz / size
    return ax, ay, az


@compilable
def _enclose(
    tri: Any, order: Any, first: int, count: int, node: Any, row: int
) -> tuple[float, float, float]:
    """Write the capsule around triangles; returns its axis."""
    mx = my = mz = 0.0
    for k in range(first, first + count):
        for c in range(3):
            mx += tri[order[k], 3 * c]
            my += tri[order[k], 3 * c + 1]
            mz += tri[order[k], 3 * c + 2]
    mx, my, mz = mx / (3 * count), my / (3 * count), mz / (3 * count)
    ax, ay, az = _axis(tri, order, first, count, mx, my, mz)
    # two directions across the axis
    if abs(ax) < 0.8:
        ux, uy, uz = 0.0, az, -ay
    else:
        ux, uy, uz = -az, 0.0, ax
    size = sqrt(ux * ux + uy * uy + uz * uz)
    ux, uy, uz = ux / size, uy / size, uz / size
    vx, vy, vz = ay * uz - az * uy, az * ux - ax * uz, ax * uy - ay * ux
    lowu = lowv = 1e300
    highu = highv = -1e300
    for k in range(first, first + count):
        for c in range(3):
            i = order[k]
            x, y, z = tri[i, 3 * c] - mx, tri[i, 3 * c + 1] - my, tri[i, 3 * c + 2] - mz
            u, v = x * ux + y * uy + z * uz, x * vx + y * vy + z * vz
            lowu, highu = min(lowu, u), max(highu, u)
            lowv, highv = min(lowv, v), max(highv, v)
    u, v = (lowu + highu) / 2.0, (lowv + highv) / 2.0
    mx, my, mz = mx + u * ux + v * vx, my + u * uy + v * vy, mz + u * uz + v * vz
    _cap(tri, order, first, count, node, row, mx, my, mz, ax, ay, az)
    return ax, ay, az


@compilable
def _cap(
    tri: Any, order: Any, first: int, count: int, node: Any, row: int,
    mx: float, my: float, mz: float, ax: float, ay: float, az: float,
) -> None:  # fmt: skip
    """The thinnest capsule along an axis, with its ends as close together as they may be."""
    square = 0.0
    for k in range(first, first + count):
        for c in range(3):
            i = order[k]
            x, y, z = tri[i, 3 * c] - mx, tri[i, 3 * c + 1] - my, tri[i, 3 * c + 2] - mz
            along = x * ax + y * ay + z * az
            square = max(square, x * x + y * y + z * z - along * along)
    low, high = 1e300, -1e300
    for k in range(first, first + count):
        for c in range(3):
            i = order[k]
            x, y, z = tri[i, 3 * c] - mx, tri[i, 3 * c + 1] - my, tri[i, 3 * c + 2] - mz
            along = x * ax + y * ay + z * az
            room = sqrt(max(square - (x * x + y * y + z * z - along * along), 0.0))
            low, high = min(low, along + room), max(high, along - room)
    if low > high:
        low = high = (low + high) / 2.0
    node[row, 0], node[row, 1], node[row, 2] = mx + low * ax, my + low * ay, mz + low * az
    node[row, 3], node[row, 4], node[row, 5] = mx + high * ax, my + high * ay, mz + high * az
    node[row, 6] = sqrt(square) + ROUNDING


@compilable
def _halve(
    tri: Any, order: Any, first: int, count: int, ax: float, ay: float, az: float
) -> int:  # fmt: skip
    """Sort triangles into those before and after their mean along an axis; how many are before."""
    mean = 0.0
    for k in range(first, first + count):
        mean += _middle(tri, order[k], ax, ay, az)
    mean /= count
    low, high = first, first + count - 1
    while low <= high:
        if _middle(tri, order[low], ax, ay, az) < mean:
            low += 1
        else:
            order[low], order[high] = order[high], order[low]
            high -= 1
    left = low - first
    smallest = count // 8
    if left <= smallest or left >= count - smallest:
        left = count // 2  # lopsided: any halves do, as long as the tree stays shallow
    return left


@compilable
def _middle(tri: Any, row: int, ax: float, ay: float, az: float) -> float:
    """Three times the middle of a triangle along an axis."""
    return (
        (tri[row, 0] + tri[row, 3] + tri[row, 6]) * ax
        + (tri[row, 1] + tri[row, 4] + tri[row, 7]) * ay
        + (tri[row, 2] + tri[row, 5] + tri[row, 8]) * az
    )
