"""Where one part is on one path: `Paths.pose` for compiled code, a part at a time."""

import math
from typing import Any, NamedTuple

from twin.core.compiled import compilable

__all__ = ["FlatPaths", "place_on", "pose_on"]


class FlatPaths(NamedTuple):
    """The columns of `Paths` that place parts, as the kernel takes them."""

    first: Any
    count: Any
    s: Any
    xyz: Any
    wxyz: Any
    straight: Any  # whether parts keep their turn all along a path, shape [path_count]


@compilable
def pose_on(paths: FlatPaths, track: int, s: float, xyz: Any, wxyz: Any) -> None:
    """Write the position [3] [m] and the quaternion [4] of a part at `s` [m] on a path."""
    low = _knot_before(paths, track, s)
    weight = _place_between(paths, track, low, s, xyz)
    if weight > 0.0:
        _turn_between(paths.wxyz, low, weight, wxyz)
    else:
        for k in range(4):
            wxyz[k] = paths.wxyz[low, k]


@compilable
def place_on(paths: FlatPaths, track: int, s: float, xyz: Any) -> None:
    """Write the position only."""
    _place_between(paths, track, _knot_before(paths, track, s), s, xyz)


@compilable
def _knot_before(paths: FlatPaths, track: int, s: float) -> int:
    """The last knot of a path at or before `s`; the first if there is none."""
    low, size = paths.first[track], paths.count[track]
    while size > 1:
        half = size // 2
        if paths.s[low + half] <= s:
            low += half
        size -= half
    return low


@compilable
def _place_between(paths: FlatPaths, track: int, low: int, s: float, xyz: Any) -> float:
    """Write the position between knot `low` and the next; returns the share of the way to it."""
    weight = 0.0
    if low < paths.first[track] + paths.count[track] - 1 and s > paths.s[low]:
        weight = (s - paths.s[low]) / (paths.s[low + 1] - paths.s[low])
    for k in range(3):
        a = paths.xyz[low, k]
        xyz[k] = a + (paths.xyz[low + 1, k] - a) * weight if weight > 0.0 else a
    return weight


@compilable
def _turn_between(turns: Any, low: int, weight: float, wxyz: Any) -> None:
    """Write the turn so far from knot `low` to the next, along the shorter arc."""
    aw, ax, ay, az = turns[low, 0], turns[low, 1], turns[low, 2], turns[low, 3]
    bw, bx, by, bz = turns[low + 1, 0], turns[low + 1, 1], turns[low + 1, 2], turns[low + 1, 3]
    if aw == bw and ax == bx and ay == by and az == bz:
        wxyz[0], wxyz[1], wxyz[2], wxyz[3] = aw, ax, ay, az
        return
    if aw * bw + ax * bx + ay * by + az * bz < 0.0:
        bw, bx, by, bz = -bw, -bx, -by, -bz
    w, x = aw + (bw - aw) * weight, ax + (bx - ax) * weight
    y, z = ay + (by - ay) * weight, az + (bz - az) * weight
    size = math.sqrt(w * w + x * x + y * y + z * z)
    wxyz[0], wxyz[1], wxyz[2], wxyz[3] = w / size, x / size, y / size, z / size
