"""Paths: where a part is in the world when it is so many metres along its way."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.frame import nlerp
from twin.motion.rows import first_rows, last_at_or_before, read_only

__all__ = ["Paths", "Polyline", "turned_in", "with_headings"]

COINCIDE = 1e-9  # m; nearer knots are one
TURNING = 0.5  # m before and after a corner, over which a part turns from one leg to the next
UPRIGHT = (1.0, 0.0, 0.0, 0.0)  # wxyz


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Polyline:
    """One path as its author gives it: corners, and how the part is turned at each."""

    xyz: ArrayLike  # corners in the world [m], shape [k, 3]; one corner is a place to stand
    wxyz: ArrayLike = UPRIGHT  # orientation at each corner [k, 4], or one for all [4]
    s: ArrayLike | None = None  # rising coordinates [k]; None: metres along the way
    where: str = "path"  # whose path it is, for messages: a prim path


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paths:
    """All paths of a plant, end to end in flat read-only arrays."""

    first: NDArray[np.int64]  # first knot of each path, shape [path_count]
    count: NDArray[np.int64]  # number of knots of each path, shape [path_count]
    length: NDArray[np.float64]  # of each path [m], shape [path_count]
    s: NDArray[np.float64]  # how far along its path each knot is [m], shape [knot_count]
    xyz: NDArray[np.float64]  # knots in the world [m], shape [knot_count, 3]
    wxyz: NDArray[np.float64]  # orientations at the knots, shape [knot_count, 4]

    @classmethod
    def build(cls, polylines: Iterable[Polyline]) -> Self:
        """Lay polylines end to end, in the order given: the first is path row 0.

        Raises:
            SceneError: a polyline is empty, misshapen, or has two corners in one place.
        """
        parts = [_knots(polyline) for polyline in polylines]
        knots = np.concatenate([np.empty((0, 8)), *parts])
        count = np.array([len(part) for part in parts], dtype=np.int64)
        first = first_rows(count)
        return cls(
            first=read_only(first),
            count=read_only(count),
            length=read_only(knots[first + count - 1, 0] - knots[first, 0]),
            s=read_only(knots[:, 0]),
            xyz=read_only(knots[:, 1:4]),
            wxyz=read_only(knots[:, 4:]),
        )

    @property
    def knots(self) -> NDArray[np.float64]:
        """All knots as rows s, x, y, z, w, x, y, z; shape [knot_count, 8]."""
        return np.column_stack([self.s, self.xyz, self.wxyz])

    def pose(
        self, track: ArrayLike, s: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Poses in the world of things on any mix of paths.

        Position goes straight from knot to knot, orientation turns along the shorter arc.

        Args:
            track: Path rows, shape [n]; leave out what is on none (-1) beforehand.
            s: How far along each is [m], shape [n]; beyond an end it stays at that end.

        Returns:
            Positions [n, 3] [m] and unit quaternions wxyz [n, 4].
        """
        track = np.asarray(track, dtype=np.int64)
        s = np.asarray(s, dtype=np.float64)
        first, count = self.first[track], self.count[track]
        here = last_at_or_before(self.s, first, count, s)
        there = np.minimum(here + 1, first + count - 1)
        gap = self.s[there] - self.s[here]
        weight = np.clip((s - self.s[here]) / np.where(gap > 0, gap, 1.0), 0.0, 1.0)
        a, b = self.xyz[here], self.xyz[there]
        return a + (b - a) * weight[:, None], nlerp(self.wxyz[here], self.wxyz[there], weight)


def with_headings(corners: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The corners of a way, with knots added, and the heading of a part at each.

    A part looks along its leg, in the plane only, and turns evenly from one leg to the next over
    half a metre before and after the corner, or half a leg where that is shorter: so a curve may
    be given by many short legs. On a vertical leg it keeps its heading.

    Args:
        corners: shape [k, 3] [m], k >= 2, no two in one place.

    Returns:
        Knots [n, 3] [m], and headings about Z from the X axis, shape [n] [rad].
    """
    xyz = np.asarray(corners, dtype=np.float64)
    legs = np.diff(xyz, axis=0)
    lengths = np.linalg.norm(legs, axis=1)
    headings = _headings(legs)
    knots, turns = [xyz[0]], [headings[0]]
    for k in range(1, len(legs)):
        before, after = headings[k - 1], headings[k]
        reach = min(TURNING, *(lengths[k - 1 : k + 1] / 2)) if before != after else 0.0
        start = xyz[k] - legs[k - 1] / lengths[k - 1] * reach
        end = xyz[k] + legs[k] / lengths[k] * reach
        middle = (before + after) / 2
        for knot, turn in ((start, before), (xyz[k], middle), (end, after)):
            if np.linalg.norm(knot - knots[-1]) > COINCIDE:
                knots.append(knot)
                turns.append(turn)
    return np.array([*knots, xyz[-1]]), np.array([*turns, headings[-1]])


def turned_in(polyline: Polyline, wxyz: ArrayLike) -> Polyline:
    """The same way for parts that come in turned otherwise: over its first metre they turn.

    Args:
        polyline: At least two corners.
        wxyz: How they are turned when they come in, shape [4].
    """
    knots, turn = _knots(polyline), np.asarray(wxyz, dtype=np.float64)
    if abs(float(np.dot(knots[0, 4:], turn))) > 1.0 - COINCIDE:
        return polyline
    s, reach = knots[:, 0], min(2 * TURNING, (knots[1, 0] - knots[0, 0]) / 2)
    share = reach / (s[1] - s[0])
    soon = knots[:1] + (knots[1:2] - knots[:1]) * share
    soon[0, 4:] = nlerp(knots[0, 4:], knots[1, 4:], share)
    knots[0, 4:] = turn
    knots = np.concatenate([knots[:1], soon, knots[1:]])
    return replace(polyline, xyz=knots[:, 1:4], wxyz=knots[:, 4:], s=knots[:, 0])


def _headings(legs: NDArray[np.float64]) -> NDArray[np.float64]:
    """The heading of each leg, with no step above half a turn; shape [n] [rad]."""
    level = np.flatnonzero(np.hypot(legs[:, 0], legs[:, 1]) > COINCIDE)
    if not len(level):
        return np.zeros(len(legs))
    angles = np.unwrap(np.arctan2(legs[level, 1], legs[level, 0]))
    last_level = np.searchsorted(level, np.arange(len(legs)), side="right") - 1
    return angles[np.maximum(last_level, 0)]


def _knots(polyline: Polyline) -> NDArray[np.float64]:
    """Knots of one polyline, shape [k, 8]: s, x, y, z, w, x, y, z."""
    xyz = np.asarray(polyline.xyz, dtype=np.float64)
    if xyz.ndim != 2 or xyz.shape[1] != 3 or not len(xyz):
        raise _wrong(polyline, "corners must have shape [k, 3], k >= 1", xyz.shape)
    wxyz = np.asarray(polyline.wxyz, dtype=np.float64)
    if wxyz.shape not in {(4,), (len(xyz), 4)}:
        raise _wrong(polyline, f"orientations must have shape [4] or [{len(xyz)}, 4]", wxyz.shape)
    size = np.linalg.norm(wxyz, axis=-1, keepdims=True)
    steps = np.linalg.norm(np.diff(xyz, axis=0), axis=1)
    s = np.concatenate([[0.0], np.cumsum(steps)])
    if polyline.s is not None:
        s = np.asarray(polyline.s, dtype=np.float64)
    if s.shape != (len(xyz),) or not np.all(np.diff(s) > 0):
        raise _wrong(polyline, "must go forward from each corner to the next", s.tolist())
    if not np.all(size > 0):
        raise _wrong(polyline, "orientations must not be zero", wxyz.tolist())
    turns = np.broadcast_to(wxyz / size, (len(xyz), 4))
    return np.column_stack([s, xyz, turns])


def _wrong(polyline: Polyline, rule: str, value: object) -> SceneError:
    way_out = "remove corners that coincide, or give s yourself where a part turns on the spot"
    return SceneError([Problem(polyline.where, rule, str(value), way_out)])
