"""coal's exact distance of two triangle meshes, to hold ours against."""

from typing import Any

import coal
import numpy as np
from numpy.typing import NDArray

__all__ = ["coal_distance", "coal_mesh"]


def coal_mesh(triangles: NDArray[np.float64]) -> Any:
    """A mesh of triangles [m, 3, 3] with coal's tree of boxes and swept rectangles."""
    corners, faces = coal.StdVec_Vec3s(), coal.StdVec_Triangle()
    for corner in triangles.reshape(-1, 3):
        corners.append(corner)
    for row in range(len(triangles)):
        faces.append(coal.Triangle(3 * row, 3 * row + 1, 3 * row + 2))
    mesh = coal.BVHModelOBBRSS()
    mesh.beginModel(len(triangles), 3 * len(triangles))
    mesh.addSubModel(corners, faces)
    mesh.endModel()
    return mesh


def coal_distance(one: Any, a: NDArray[np.float64], other: Any, b: NDArray[np.float64]) -> float:
    """Distance of two meshes placed by matrices [4, 4]; 0 where they cross."""
    places = [
        coal.Transform3s(np.ascontiguousarray(m[:3, :3]), np.ascontiguousarray(m[:3, 3]))
        for m in (a, b)
    ]
    ask, answer = coal.DistanceRequest(), coal.DistanceResult()
    return max(0.0, coal.distance(one, places[0], other, places[1], ask, answer))
