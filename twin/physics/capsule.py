"""Capsules that enclose a mesh: every triangle lies inside one of them, and they are tight.

A capsule is the set of points within a radius of a segment. The thinnest line of a given direction
goes through the middle of the smallest circle around the corners seen along it; its ends are then
as close together as all corners allow. Directions are searched from coarse to fine, always the same
way, for the smallest volume. Where two or three capsules take clearly less volume than one, the
mesh is cut across.
"""

from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import ConvexHull, QhullError

from twin.errors import Problem, SceneError
from twin.motion.rows import read_only

__all__ = ["Capsules", "enclosing", "hull_points"]

Array = NDArray[np.float64]

MOST = 3  # capsules around one mesh
WORTH = 0.85  # share of the volume that one more capsule must not exceed
DIRECTIONS = 64  # of the coarse search, over half a sphere
REFINEMENTS = 6  # each halves the step of the fine search
CUTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # shares of a length at which to try a cut
CIRCLE_STEPS = 40  # of the search for the smallest circle
MARGIN = 1e-9  # [m] that every radius is larger by than rounding needs
SMALLEST = 1e-12  # [m3]: hulls of less have no volume


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Capsules:
    """Capsules in one frame."""

    rows: Array  # from, to, radius [m], shape [n, 7]

    @property
    def volume(self) -> float:
        """The sum of their volumes [m3]."""
        return float(_volume(self.rows).sum())

    def distance(self, points: ArrayLike) -> Array:
        """How far points [n, 3] are outside all capsules [m], shape [n]; inside it is negative."""
        points = np.asarray(points, dtype=np.float64)[:, None]
        start, along = self.rows[:, :3], self.rows[:, 3:6] - self.rows[:, :3]
        size = np.maximum((along * along).sum(axis=1), 1e-300)
        share = np.clip(((points - start) * along).sum(axis=2) / size, 0.0, 1.0)
        foot = start + share[..., None] * along
        return (np.linalg.norm(points - foot, axis=2) - self.rows[:, 6]).min(axis=1)


def hull_points(points: ArrayLike, *, where: str = "mesh") -> Array:
    """The corners of the convex hull of points [n, 3] [m].

    Raises:
        SceneError: there are no points, or they enclose no volume.
    """
    points = np.asarray(points, dtype=np.float64).reshape(-1, 3)
    if not len(points):
        way_out = "give it points and faces, or leave the prim out"
        raise SceneError([Problem(where, "must have a mesh with triangles", "none", way_out)])
    size = np.ptp(points, axis=0)
    way_out = "close it to a solid, or give sheet its thickness"
    problem = Problem(where, "must enclose a volume", _sides(size), way_out)
    try:
        hull = ConvexHull(points)
    except (QhullError, ValueError) as error:
        raise SceneError([problem]) from error
    if not float(hull.volume) > SMALLEST:
        raise SceneError([problem])
    corners: Array = points[np.asarray(hull.vertices)]
    return corners


def enclosing(triangles: ArrayLike, *, most: int = MOST, where: str = "mesh") -> Capsules:
    """Enclose triangles in one to `most` capsules, as few as serve well.

    Args:
        triangles: Corners [m], shape [m, 3, 3].
        most: Capsules at most.
        where: Whose mesh it is, for messages: a prim path.

    Raises:
        SceneError: the mesh is empty or has no volume.
    """
    corners = np.asarray(triangles, dtype=np.float64).reshape(-1, 3, 3)
    hull = hull_points(corners.reshape(-1, 3), where=where)
    rows = [_fit(hull)]
    pieces = [corners]
    while len(rows) < most:
        largest = int(np.argmax(_volume(np.array(rows))))
        cut = _best_cut(pieces[largest])
        if cut is None:
            break
        halves = [_fit(_corners(piece)) for piece in cut]
        before = float(_volume(np.array(rows)).sum())
        saved = float(_volume(rows[largest][None])[0] - _volume(np.array(halves)).sum())
        if before - saved > WORTH * before:
            break
        rows[largest : largest + 1] = halves
        pieces[largest : largest + 1] = cut
    found = np.array(rows)
    outside = Capsules(rows=found).distance(corners.reshape(-1, 3)).max()
    found[:, 6] += max(float(outside), 0.0) + MARGIN
    return Capsules(rows=read_only(found))


def _sides(size: Array) -> str:
    """What a mesh without volume measures, for a message."""
    return " x ".join(f"{side:g}" for side in size.tolist()) + " m"


def _volume(rows: Array) -> Array:
    length = np.linalg.norm(rows[:, 3:6] - rows[:, :3], axis=1)
    return pi * rows[:, 6] ** 2 * (length + 4.0 / 3.0 * rows[:, 6])


def _corners(triangles: Array) -> Array:
    """Corners that decide: those of the hull, or all where they are flat."""
    points = np.unique(triangles.reshape(-1, 3), axis=0)
    if len(points) > 16:
        try:
            return points[np.asarray(ConvexHull(points).vertices)]
        except QhullError:
            return points
    return points


def _best_cut(triangles: Array) -> list[Array] | None:
    """Cut triangles in two across a main axis where two quick capsules take least volume."""
    points = triangles.reshape(-1, 3)
    middle = points.mean(axis=0)
    axes = np.linalg.svd(points - middle, full_matrices=False)[2]
    best, found = np.inf, None
    for axis in axes:
        along = (triangles.mean(axis=1) - middle) @ axis
        low, high = float(along.min()), float(along.max())
        for share in CUTS:
            before = along < low + share * (high - low)
            if before.all() or not before.any():
                continue
            halves = [triangles[before], triangles[~before]]
            volume = sum(_quick(half.reshape(-1, 3), axes) for half in halves)
            if volume < best:
                best, found = volume, halves
    return found


def _quick(points: Array, axes: Array) -> float:
    """Volume of the smallest capsule along one of a few axes, its line in the middle."""
    return float(_volume(_along(points, axes, steps=0)).min())


def _fit(points: Array) -> Array:
    """The smallest capsule around corners: coarse directions first, then ever finer steps."""
    rows = _along(points, _half_sphere(), steps=CIRCLE_STEPS // 4)
    best = rows[int(np.argmin(_volume(rows)))]
    direction = _direction(best)
    step = 0.2
    for _ in range(REFINEMENTS):
        rows = np.vstack([best, _along(points, _around(direction, step), steps=CIRCLE_STEPS)])
        best = rows[int(np.argmin(_volume(rows)))]
        direction = _direction(best, direction)
        step /= 2
    return best


def _direction(row: Array, otherwise: Array | None = None) -> Array:
    along = row[3:6] - row[:3]
    size = float(np.linalg.norm(along))
    if size > 1e-9:
        return along / size
    return np.array([0.0, 0.0, 1.0]) if otherwise is None else otherwise


def _half_sphere() -> Array:
    """Directions spread evenly over half a sphere (Fibonacci lattice), and the three axes."""
    number = np.arange(DIRECTIONS) + 0.5
    z = number / DIRECTIONS
    turn = pi * (1.0 + np.sqrt(5.0)) * number
    flat = np.sqrt(1.0 - z * z)
    return np.vstack([np.column_stack([flat * np.cos(turn), flat * np.sin(turn), z]), np.eye(3)])


def _around(direction: Array, step: float) -> Array:
    """A direction and eight near it."""
    across = np.linalg.svd(direction[None])[2][1:]
    turn = np.arange(8) * pi / 4
    near = direction + step * (
        np.cos(turn)[:, None] * across[0] + np.sin(turn)[:, None] * across[1]
    )
    return np.vstack([direction, near / np.linalg.norm(near, axis=1, keepdims=True)])


def _along(points: Array, directions: Array, *, steps: int) -> Array:
    """The capsule around points along each direction, shape [n, 7].

    The circle's middle starts in the middle of the box across, and goes toward the farthest corner
    by ever smaller steps (Badoiu and Clarkson, Smaller core-sets for balls, 2003).
    """
    across = np.linalg.svd(directions[:, None, :])[2][:, 1:]  # [n, 2, 3]
    flat = np.einsum("nij,pj->npi", across, points)
    middle = (flat.min(axis=1) + flat.max(axis=1)) / 2
    best = middle.copy()
    smallest = ((flat - middle[:, None]) ** 2).sum(axis=2).max(axis=1)
    rows = np.arange(len(directions))
    for k in range(steps):
        square = ((flat - middle[:, None]) ** 2).sum(axis=2)
        far = square.argmax(axis=1)
        better = square[rows, far] < smallest
        best[better], smallest[better] = middle[better], square[rows, far][better]
        middle = middle + (flat[rows, far] - middle) / (k + 4)
    square = ((flat - best[:, None]) ** 2).sum(axis=2)
    radius = square.max(axis=1)
    along = directions @ points.T
    room = np.sqrt(np.maximum(radius[:, None] - square, 0.0))
    low: Array = (along + room).min(axis=1)
    high: Array = (along - room).max(axis=1)
    middles: Array = (low + high) / 2
    is_ball = low > high
    centre: Array = np.einsum("ni,nij->nj", best, across)
    start: Array = centre + np.where(is_ball, middles, low)[:, None] * directions
    end: Array = centre + np.where(is_ball, middles, high)[:, None] * directions
    return np.column_stack([start, end, np.sqrt(radius)])
