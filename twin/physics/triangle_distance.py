"""How far apart two triangles are, exactly, and where they are closest.

Two triangles that do not cross are closest at two edges, or at a corner of one and the inside of
the other (Ericson, Real-Time Collision Detection, 2005, section 5.1).
"""

from math import sqrt
from typing import Any

from twin.core.compiled import compilable, compilable_apart

__all__ = ["WORK_SIZE", "plane_gap", "triangle_distance_squared"]

WORK_SIZE = 24  # two triangles, then the closest point on each


@compilable_apart
def triangle_distance_squared(work: Any) -> float:
    """Square of the distance of two triangles; 0 where they cross.

    Args:
        work: shape [24]: corners of one, corners of the other; the closest points are written
            behind them.
    """
    best = _edges(work)
    for side in range(2):
        best = _corners(work, 9 * side, 9 - 9 * side, best)
    return best


@compilable_apart
def plane_gap(work: Any, one: int, two: int) -> float:
    """How far the triangle at `two` keeps to one side of the plane of that at `one`; else 0."""
    ux, uy, uz = (
        work[one + 3] - work[one],
        work[one + 4] - work[one + 1],
        work[one + 5] - work[one + 2],
    )
    vx, vy, vz = (
        work[one + 6] - work[one],
        work[one + 7] - work[one + 1],
        work[one + 8] - work[one + 2],
    )
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    size = nx * nx + ny * ny + nz * nz
    if size == 0.0:
        return 0.0
    offset = nx * work[one] + ny * work[one + 1] + nz * work[one + 2]
    a = nx * work[two] + ny * work[two + 1] + nz * work[two + 2] - offset
    b = nx * work[two + 3] + ny * work[two + 4] + nz * work[two + 5] - offset
    c = nx * work[two + 6] + ny * work[two + 7] + nz * work[two + 8] - offset
    return max(min(a, b, c), -max(a, b, c), 0.0) / sqrt(size)


@compilable
def _edges(work: Any) -> float:
    """The smallest over the nine pairs of edges."""
    best = 1e300
    for i in range(3):
        p, p2 = 3 * i, 3 * ((i + 1) % 3)
        ux, uy, uz = work[p2] - work[p], work[p2 + 1] - work[p + 1], work[p2 + 2] - work[p + 2]
        for j in range(3):
            q, q2 = 9 + 3 * j, 9 + 3 * ((j + 1) % 3)
            vx, vy, vz = work[q2] - work[q], work[q2 + 1] - work[q + 1], work[q2 + 2] - work[q + 2]
            rx, ry, rz = work[p] - work[q], work[p + 1] - work[q + 1], work[p + 2] - work[q + 2]
            a = ux * ux + uy * uy + uz * uz
            e = vx * vx + vy * vy + vz * vz
            b = ux * vx + uy * vy + uz * vz
            c = ux * rx + uy * ry + uz * rz
            f = vx * rx + vy * ry + vz * rz
            spread = a * e - b * b
            s = 0.0
            if spread > 1e-12 * a * e:
                s = min(max((b * f - c * e) / spread, 0.0), 1.0)
            t = (b * s + f) / e if e > 0.0 else 0.0
            if t < 0.0 or t > 1.0 or e == 0.0:
                t = min(max(t, 0.0), 1.0)
                s = min(max((b * t - c) / a, 0.0), 1.0) if a > 0.0 else 0.0
            x, y, z = rx + s * ux - t * vx, ry + s * uy - t * vy, rz + s * uz - t * vz
            square = x * x + y * y + z * z
            if square < best:
                best = square
                work[18], work[19], work[20] = (
                    work[p] + s * ux, work[p + 1] + s * uy, work[p + 2] + s * uz
                )  # fmt: skip
                work[21], work[22], work[23] = work[18] - x, work[19] - y, work[20] - z
    return best


@compilable_apart
def _corners(work: Any, one: int, two: int, best: float) -> float:
    """Corners of the triangle at `one` over the inside of that at `two`, and edges through it."""
    ux, uy, uz = (
        work[two + 3] - work[two],
        work[two + 4] - work[two + 1],
        work[two + 5] - work[two + 2],
    )
    vx, vy, vz = (
        work[two + 6] - work[two],
        work[two + 7] - work[two + 1],
        work[two + 8] - work[two + 2],
    )
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    size = nx * nx + ny * ny + nz * nz
    if size == 0.0:
        return best
    for i in range(3):
        p, p2 = one + 3 * i, one + 3 * ((i + 1) % 3)
        x, y, z = work[p] - work[two], work[p + 1] - work[two + 1], work[p + 2] - work[two + 2]
        height = x * nx + y * ny + z * nz
        x2, y2, z2 = (
            work[p2] - work[two],
            work[p2 + 1] - work[two + 1],
            work[p2 + 2] - work[two + 2],
        )
        height2 = x2 * nx + y2 * ny + z2 * nz
        square = height * height / size
        if square < best and _over(x, y, z, ux, uy, uz, vx, vy, vz, nx, ny, nz, size):
            best = square
            _keep(work, one, p, height / size, nx, ny, nz)
        if height * height2 < 0.0:
            s = height / (height - height2)
            x, y, z = x + s * (x2 - x), y + s * (y2 - y), z + s * (z2 - z)
            if _over(x, y, z, ux, uy, uz, vx, vy, vz, nx, ny, nz, size):
                best = 0.0
                work[18], work[19], work[20] = x + work[two], y + work[two + 1], z + work[two + 2]
                work[21], work[22], work[23] = work[18], work[19], work[20]
    return best


@compilable
def _keep(work: Any, one: int, p: int, h: float, nx: float, ny: float, nz: float) -> None:
    """Note a corner and its foot on the other triangle as the closest points."""
    foot = 21 if one == 0 else 18
    top = 39 - foot
    work[top], work[top + 1], work[top + 2] = work[p], work[p + 1], work[p + 2]
    work[foot] = work[p] - h * nx
    work[foot + 1] = work[p + 1] - h * ny
    work[foot + 2] = work[p + 2] - h * nz


@compilable_apart
def _over(
    x: float, y: float, z: float,
    ux: float, uy: float, uz: float,
    vx: float, vy: float, vz: float,
    nx: float, ny: float, nz: float,
    size: float,
) -> bool:  # fmt: skip
    """Whether a point, seen from the first corner, lies over a triangle of edges u and v."""
    b = ((y * vz - z * vy) * nx + (z * vx - x * vz) * ny + (x * vy - y * vx) * nz) / size
    c = ((uy * z - uz * y) * nx + (uz * x - ux * z) * ny + (ux * y - uy * x) * nz) / size
    return b >= 0.0 and c >= 0.0 and b + c <= 1.0
