"""Outlines of vehicles on their lanes: what a rectangle sweeps, as convex polygons, and gaps.

A straight lane is swept exactly. An arc is cut where `course_of` has its knots; between two of
these the hull of both rectangles leaves out a sliver, no wider than the largest radius of a corner
times 1 - cos of half the turn, which counts as part of the polygon (`sliver`).
"""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, dist, hypot, pi, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.core.parameters import Vector

__all__ = ["NEAREST", "Course", "Outline", "Swept", "gaps", "near", "spun", "swept", "together"]

Array = NDArray[np.float64]
CORNERS = 16  # of a polygon at most; those of fewer repeat their last one
NEAREST = 2e-3  # m: nearer outlines touch
HEADROOM = 3.0  # m: lanes so far above one another don't meet


class Outline(NamedTuple):
    """A rectangle about the point that a lane leads."""

    length: float  # m
    width: float  # m

    @property
    def reach(self) -> float:
        """From its middle to a corner [m]."""
        return hypot(self.length, self.width) / 2

    def corners(self, at: Vector, heading: float) -> list[tuple[float, float]]:
        """Its corners on the ground [m]."""
        c, s = cos(heading), sin(heading)
        ways = [(x * self.length / 2, y * self.width / 2) for x, y in SIDES]
        return [(at[0] + c * x - s * y, at[1] + s * x + c * y) for x, y in ways]


SIDES = ((1, 1), (-1, 1), (-1, -1), (1, -1))


class Swept(NamedTuple):
    """Convex polygons, counter-clockwise."""

    corners: Array  # m, shape [n, CORNERS, 2]
    sliver: Array  # m, shape [n]
    height: Array  # lowest and highest [m], shape [n, 2]

    @classmethod
    def of(cls, parts: "Sequence[Swept]") -> "Swept":
        """All of them, one after another."""
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def swept(outline: Outline, points: Sequence[Vector], headings: Sequence[float]) -> Swept:
    """What an outline sweeps on its way through poses, the last one included."""
    corners, sliver, height = list[Array](), list[float](), list[tuple[float, float]]()
    for k in range(max(1, len(points) - 1)):
        ends = [k, min(k + 1, len(points) - 1)]
        (one, two), (h, g) = [points[e] for e in ends], [headings[e] for e in ends]
        corners.append(_hull([*outline.corners(one, h), *outline.corners(two, g)]))
        turn, chord = abs(g - h), hypot(two[0] - one[0], two[1] - one[1])
        radius = chord / turn + outline.reach if turn > 0 else 0.0
        sliver.append(radius * (1 - cos(turn / 2)))
        height.append((min(one[2], two[2]), max(one[2], two[2])))
    return Swept(np.array(corners), np.array(sliver), np.array(height))


def spun(outline: Outline, at: Vector) -> Swept:
    """What an outline sweeps that turns on the spot: a circle, within a polygon."""
    around = [2 * pi * k / CORNERS for k in range(CORNERS)]
    radius = outline.reach / cos(pi / CORNERS)
    ring = [(at[0] + radius * cos(a), at[1] + radius * sin(a)) for a in around]
    return Swept(np.array([ring]), np.zeros(1), np.array([(at[2], at[2])]))


def _hull(points: list[tuple[float, float]]) -> Array:
    """The convex hull, counter-clockwise (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    chains = [_chain(ordered), _chain(ordered[::-1])]
    ring = [*chains[0][:-1], *chains[1][:-1]]
    return np.array([*ring, *[ring[-1]] * (CORNERS - len(ring))])


def _chain(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    chain: list[tuple[float, float]] = []
    for x, y in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], (x, y)) <= 0:
            chain.pop()
        chain.append((x, y))
    return chain


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def near(one: Swept, other: Swept) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of polygons whose boxes meet, as rows of one and of the other."""
    low, high = one.corners.min(axis=1), one.corners.max(axis=1)
    below, above = other.corners.min(axis=1), other.corners.max(axis=1)
    meets = one.height[:, None, 0] < other.height[None, :, 1] + HEADROOM
    meets &= other.height[None, :, 0] < one.height[:, None, 1] + HEADROOM
    for axis in range(2):
        meets &= low[:, None, axis] < above[None, :, axis] + 0.1
        meets &= below[None, :, axis] < high[:, None, axis] + 0.1
    rows, columns = np.nonzero(meets)
    return rows, columns


def gaps(one: Swept, i: NDArray[np.int64], other: Swept, j: NDArray[np.int64]) -> Array:
    """Gap between polygons i of one and j of the other, slivers taken off [m]; < 0: they overlap.

    It is that along the best of the normals of their sides, so never more than the real one.
    """
    found = np.full(len(i), -np.inf)
    for first in range(0, len(i), 4096):
        rows = slice(first, first + 4096)
        a, b = one.corners[i[rows]], other.corners[j[rows]]
        found[rows] = np.maximum(_beyond(a, b), _beyond(b, a))
    return found - one.sliver[i] - other.sliver[j]


def _beyond(a: Array, b: Array) -> Array:
    """How far b is beyond the best side of a [m], shape [n]."""
    side = np.roll(a, -1, axis=1) - a
    long = np.hypot(side[..., 0], side[..., 1])
    normal = np.stack([side[..., 1], -side[..., 0]], axis=2)
    normal /= np.where(long > 1e-9, long, 1.0)[..., None]
    reach = np.einsum("nkc,nlc->nkl", normal, b) - np.einsum("nkc,nkc->nk", normal, a)[..., None]
    return np.where(long > 1e-9, reach.min(axis=2), -np.inf).max(axis=1)


def together(one: "Course", other: "Course") -> bool:
    """Whether two outlines touch, each at the same share of its own way.

    The gap is looked at, and then again after the share in which it could be closed at the earliest
    (conservative advancement; Mirtich, "Impulse-based dynamic simulation of rigid body systems",
    1996).
    """
    share = 0.0
    row = np.zeros(1, np.int64)
    while True:
        gap = float(gaps(one.at(share), row, other.at(share), row)[0])
        if gap < NEAREST:
            return True
        if share >= 1.0:
            return False
        share = min(1.0, share + gap / (one.longest + other.longest))


class Course(NamedTuple):
    """The way of an outline along a lane."""

    outline: Outline
    points: Sequence[Vector]
    headings: Sequence[float]  # rad

    @property
    def way(self) -> float:
        """How long it is on the ground, along its knots [m]."""
        return sum(dist(a, b) for a, b in pairwise(self.points))

    @property
    def longest(self) -> float:
        """More than any point of the outline moves [m]."""
        turn = sum(abs(b - a) for a, b in pairwise(self.headings))
        return 1.01 * self.way + turn * self.outline.reach

    def at(self, share: float) -> Swept:
        """The outline at a share of the way."""
        shares = np.linspace(0.0, 1.0, len(self.points))
        columns = [*zip(*self.points, strict=True), self.headings]
        x, y, z, h = (float(np.interp(share, shares, column)) for column in columns)
        return swept(self.outline, [(x, y, z)], [h])

    def after(self, gone: float) -> Swept:
        """What the outline sweeps of the way behind its first metres."""
        shares = np.linspace(0.0, 1.0, len(self.points))
        first = gone / max(gone, self.way)
        kept = [first, *shares[shares > first + 1e-9].tolist()]
        columns = [np.interp(kept, shares, column) for column in zip(*self.points, strict=True)]
        headings = np.interp(kept, shares, self.headings)
        return swept(self.outline, list(zip(*columns, strict=True)), headings.tolist())
