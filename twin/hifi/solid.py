"""Convex solids: what the cell's bodies are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import ConvexHull, QhullError

from twin.errors import Problem, SceneError

__all__ = ["GREY", "Solid", "volume"]

Array = NDArray[np.float64]
FLAT = 1e-9  # m3: a solid with less has no volume
GREY = (0.55, 0.57, 0.60)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solid:
    """A box, or the convex hull of points, in the frame of the body that it belongs to."""

    points: Array  # its corners, or the points of which it is the hull [m], shape [n, 3]
    half: tuple[float, float, float] | None = None  # of a box: half its sizes [m]
    frame: Array | None = None  # of a box: where it stands, shape [4, 4]
    volume: float  # m3
    colour: tuple[float, float, float] = GREY

    @classmethod
    def box(
        cls, size: Sequence[float], frame: ArrayLike | None = None, *, where: str = "box"
    ) -> Self:
        """A box of these sizes [m], its middle at the origin of a frame, shape [4, 4].

        Raises:
            SceneError: it has no volume.
        """
        x, y, z = (float(each) / 2 for each in size)
        place = np.eye(4) if frame is None else np.asarray(frame, np.float64)
        signs = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T
        points = signs * [x, y, z] @ place[:3, :3].T + place[:3, 3]
        if not 8 * x * y * z > FLAT:
            raise SceneError([_flat(where, f"sizes {2 * x:g}, {2 * y:g}, {2 * z:g} m")])
        return cls(points=points, half=(x, y, z), frame=place, volume=8 * x * y * z)

    @classmethod
    def hull(cls, points: ArrayLike, *, where: str = "mesh") -> Self:
        """The convex hull of points [m], shape [n, 3].

        Raises:
            SceneError: it has no volume.
        """
        cloud = np.asarray(points, np.float64).reshape(-1, 3)
        try:
            hull = ConvexHull(cloud)
        except (QhullError, ValueError):
            raise SceneError([_flat(where, f"{len(cloud)} points in a plane")]) from None
        content = float(hull.volume)
        if not content > FLAT:
            raise SceneError([_flat(where, f"{content:g} m3")])
        return cls(points=cloud[hull.vertices], volume=content)

    def painted(self, colour: tuple[float, float, float]) -> Self:
        """The same solid in a colour, red, green and blue from 0 to 1."""
        return replace(self, colour=colour)


def volume(solids: Sequence[Solid]) -> float:
    """The volume of a body that is made of solids that do not overlap [m3]."""
    return sum(each.volume for each in solids)


def _flat(where: str, value: str) -> Problem:
    rule, way_out = "must have a volume, as it is a body of a cell", "give it a thickness"
    return Problem(where, rule, value, way_out)
