"""How far apart two capsules are: the distance of their axes less both radii.

The closest points of two segments are those of Ericson, Real-Time Collision Detection (2005),
section 5.1.9, written without temporaries.
"""

from math import sqrt
from typing import Any

from twin.core.compiled import compilable, compilable_apart

__all__ = ["capsule_gap", "segment_distance_squared"]


@compilable
def segment_distance_squared(
    rx: float, ry: float, rz: float,
    ux: float, uy: float, uz: float,
    vx: float, vy: float, vz: float,
) -> float:  # fmt: skip
    """Square of the distance of the segments p + s u and q + t v, s and t in [0, 1], r = p - q."""
    a = ux * ux + uy * uy + uz * uz
    e = vx * vx + vy * vy + vz * vz
    f = vx * rx + vy * ry + vz * rz
    c = ux * rx + uy * ry + uz * rz
    b = ux * vx + uy * vy + uz * vz
    spread = a * e - b * b
    s = 0.0
    if spread > 1e-12 * a * e:
        s = min(max((b * f - c * e) / spread, 0.0), 1.0)
    t = 0.0
    if e > 0.0:
        t = (b * s + f) / e
    if t < 0.0:
        t = 0.0
        s = min(max(-c / a, 0.0), 1.0) if a > 0.0 else 0.0
    elif t > 1.0:
        t = 1.0
        s = min(max((b - c) / a, 0.0), 1.0) if a > 0.0 else 0.0
    elif e == 0.0:
        s = min(max(-c / a, 0.0), 1.0) if a > 0.0 else 0.0
    x, y, z = rx + s * ux - t * vx, ry + s * uy - t * vy, rz + s * uz - t * vz
    return x * x + y * y + z * z


@compilable_apart
def capsule_gap(one: Any, i: int, two: Any, j: int) -> float:
    """Distance of two capsules, rows (from, to, radius) of [n, 7]; below 0 they overlap."""
    square = segment_distance_squared(
        one[i, 0] - two[j, 0], one[i, 1] - two[j, 1], one[i, 2] - two[j, 2],
        one[i, 3] - one[i, 0], one[i, 4] - one[i, 1], one[i, 5] - one[i, 2],
        two[j, 3] - two[j, 0], two[j, 4] - two[j, 1], two[j, 5] - two[j, 2],
    )  # fmt: skip
    return sqrt(square) - one[i, 6] - two[j, 6]
