"""Pressed sheet metal: a flat shape with holes is bent onto a surface and given thickness."""

from collections.abc import Callable

import numpy as np
import shapely
import trimesh
from numpy.typing import NDArray

from assets.author.solids import solid

__all__ = ["mirror", "pair", "pressing"]

Points = NDArray[np.float64]
CENTRE = (0.0, 0.0, 0.5)  # pressings of even thickness face away from here [m]


def pressing(
    shape: shapely.Geometry,
    bend: Callable[[Points], Points],
    *,
    thickness: float | NDArray[np.float64],
    cell: tuple[float, float] = (0.08, 0.08),
) -> trimesh.Trimesh:
    """Bend a flat shape by `bend`, [n, 2] -> [n, 3], into a closed sheet.

    `thickness` is the way from the outer to the inner face: a length along the inward normal, or a
    fixed vector [m].
    """
    flat, faces = _triangulate(shapely.set_precision(shape, 1e-4), cell)
    outer = bend(flat)
    normal = _normals(outer, faces)
    way = np.asarray(thickness, float)
    outward = -way if way.ndim else outer - CENTRE
    if np.sum(normal * outward) < 0:
        faces, normal = faces[:, ::-1], -normal
    inner = outer + (way if way.ndim else -way * normal)
    n = len(outer)
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    known = {tuple(edge) for edge in edges.tolist()}
    rim = np.array([edge for edge in edges.tolist() if (edge[1], edge[0]) not in known])
    a, b = rim.T
    wall = [np.stack([b, a, a + n], 1), np.stack([b, a + n, b + n], 1)]
    return solid(np.concatenate([outer, inner]), np.concatenate([faces, faces[:, ::-1] + n, *wall]))


def _triangulate(
    shape: shapely.Geometry, cell: tuple[float, float]
) -> tuple[Points, NDArray[np.int64]]:
    """Cut into grid cells and triangulate each, so that bending stays smooth."""
    low_u, low_v, high_u, high_v = shape.bounds
    columns = np.linspace(
        low_u - 1e-3, high_u + 1e-3, max(2, round((high_u - low_u) / cell[0]) + 1)
    )
    rows = np.linspace(low_v - 1e-3, high_v + 1e-3, max(2, round((high_v - low_v) / cell[1]) + 1))
    u0, v0 = (grid.ravel() for grid in np.meshgrid(columns[:-1], rows[:-1]))
    u1, v1 = (grid.ravel() for grid in np.meshgrid(columns[1:], rows[1:]))
    cells = shapely.intersection(shapely.box(u0, v0, u1, v1), shape)
    parts = shapely.get_parts(cells)
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 1e-7)]
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(parts))
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
    grid = np.round(corners.reshape(-1, 2) * 1e5).astype(np.int64)
    points, inverse = np.unique(grid, axis=0, return_inverse=True)
    faces = inverse.reshape(-1, 3)
    a, b, c = (points[faces[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    faces = np.where((area < 0)[:, None], faces[:, ::-1], faces)[area != 0]
    order = np.lexsort(np.sort(faces, axis=1).T)
    return points * 1e-5, faces[order]


def _normals(points: Points, faces: NDArray[np.int64]) -> Points:
    a, b, c = (points[faces[:, k]] for k in range(3))
    cross = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for k in range(3):
        np.add.at(total, faces[:, k], cross)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def mirror(mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    """Return the mirror image left to right."""
    return solid(mesh.vertices * (1, -1, 1), mesh.faces[:, ::-1])


def pair(mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    """Return the part and its mirror image."""
    other = mirror(mesh)
    points = np.concatenate([mesh.vertices, other.vertices])
    return solid(points, np.concatenate([mesh.faces, other.faces + len(mesh.vertices)]))
