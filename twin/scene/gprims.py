"""Cubes, spheres, cylinders, cones, capsules and planes of a stage as triangles.

Round ones come as polyhedra around them, so that what is clear of those is clear of them.
"""

from typing import cast

import numpy as np
from numpy.typing import NDArray
from pxr import Usd
from scipy.spatial import ConvexHull

__all__ = ["GPRIMS", "gprim_triangles"]

Array = NDArray[np.float64]

GPRIMS = ("Cube", "Sphere", "Cylinder", "Cone", "Capsule", "Plane")
SIDES = 24  # round an axis
RINGS = 12  # from pole to pole


def gprim_triangles(prim: Usd.Prim) -> Array:
    """Triangles of one of `GPRIMS` in its own frame [m], shape [m, 3, 3]; corners from outside."""
    name = str(prim.GetTypeName())
    if name == "Cube":
        half = _number(prim, "size") / 2
        signs = np.array([-half, half])
        return _hull(np.stack(np.meshgrid(signs, signs, signs), axis=-1).reshape(-1, 3))
    if name == "Sphere":
        return _hull(_ball(_number(prim, "radius")))
    turn = "XYZ".index(str(cast("object", prim.GetAttribute("axis").Get()))) + 1
    if name == "Plane":
        x, y = _number(prim, "width") / 2, _number(prim, "length") / 2
        a, b, c, d = np.roll([[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0]], turn, axis=1)
        return np.array([[a, b, c], [a, c, d]])
    radius, half = _number(prim, "radius"), _number(prim, "height") / 2
    up = np.array([0.0, 0.0, half])
    if name == "Capsule":
        ball = _ball(radius)
        points = np.concatenate([ball + up, ball - up])
    else:
        ring = _ring(radius / np.cos(np.pi / SIDES))
        points = np.concatenate([up[None] if name == "Cone" else ring + up, ring - up])
    return _hull(np.roll(points, turn, axis=1))


def _number(prim: Usd.Prim, name: str) -> float:
    return float(cast("float", prim.GetAttribute(name).Get()))


def _ring(radius: float) -> Array:
    turns = 2 * np.pi * np.arange(SIDES) / SIDES
    return radius * np.column_stack([np.cos(turns), np.sin(turns), np.zeros(SIDES)])


def _ball(radius: float) -> Array:
    """Corners of a polyhedron around a ball."""
    polar = np.pi * (np.arange(RINGS) + 0.5) / RINGS
    rings = [_ring(np.sin(each)) + [0.0, 0.0, np.cos(each)] for each in polar]
    points = np.concatenate([*rings, [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]]])
    nearest = float(np.abs(ConvexHull(points).equations[:, 3]).min())
    return points * (radius / nearest)


def _hull(points: Array) -> Array:
    """The hull's triangles, each turned outward; none where the points are flat."""
    if np.linalg.matrix_rank(points - points[0], tol=1e-9) < 3:
        return np.empty((0, 3, 3))
    hull = ConvexHull(points)
    triangles = points[hull.simplices]
    normal = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    inward = (normal * hull.equations[:, :3]).sum(axis=1) < 0
    triangles[inward] = triangles[inward][:, ::-1]
    return triangles
