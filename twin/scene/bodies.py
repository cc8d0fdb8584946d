"""Convex solids from the shapes below a prim, as bodies of a cell."""

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom, UsdShade

from twin.errors import Problem, SceneError
from twin.hifi.solid import GREY, Solid

__all__ = ["solids_below"]

Array = NDArray[np.float64]
SIDES = 24  # of the prism that stands for a cylinder or a cone
HOLLOW = 0.8  # share of its hull that a closed mesh must fill to pass for convex


def solids_below(prim: Usd.Prim, frame: Array, *, link: bool = False) -> Iterator[Solid]:
    """One solid for every shape at or below a prim; guides and proxies are left out.

    Args:
        prim: where to look, inside instances as well.
        frame: in which the solids are given, as world from it, shape [4, 4].
        link: whether it is a robot's link: its hulls may be generous, and what is flat in it is
            only painted on.

    Raises:
        SceneError: a shape has no volume, or is far from convex.
    """
    cache = UsdGeom.XformCache()
    for each in Usd.PrimRange(prim, Usd.TraverseInstanceProxies()):
        shape = UsdGeom.Gprim(each)
        if not shape or str(shape.ComputePurpose()) in {"guide", "proxy"}:
            continue
        matrix = np.array(cache.GetLocalToWorldTransform(each), np.float64).T
        place: Array = np.asarray(np.linalg.inv(frame) @ matrix, np.float64)
        try:
            solid = _solid(each, place, link=link)
        except SceneError:
            if not link:
                raise
            continue
        if solid is not None:
            yield solid


def _solid(prim: Usd.Prim, place: Array, *, link: bool) -> Solid | None:
    where = str(prim.GetPath())
    if prim.IsA("Cube"):
        size = float(UsdGeom.Cube(prim).GetSizeAttr().Get())
        stretch = np.linalg.norm(place[:3, :3], axis=0)
        turn = place.copy()
        turn[:3, :3] /= stretch
        if np.allclose(turn[:3, :3].T @ turn[:3, :3], np.eye(3), atol=1e-6):
            if np.linalg.det(turn[:3, :3]) < 0:
                turn[:3, 0] *= -1
            return _coloured(Solid.box((size * stretch).tolist(), turn, where=where), prim)
    points = _points(prim)
    if points is None:
        return None
    if prim.IsA("Mesh") and not link:
        _must_be_convex(prim, points)
    solid = Solid.hull(points @ place[:3, :3].T + place[:3, 3], where=where)
    return _coloured(solid, prim)


def _points(prim: Usd.Prim) -> Array | None:
    """Points whose hull the shape is, in its own frame [m]; None: such a shape is no body."""
    if prim.IsA("Mesh"):
        return np.array(UsdGeom.Mesh(prim).GetPointsAttr().Get(), np.float64).reshape(-1, 3)
    if prim.IsA("Cube"):
        half = float(UsdGeom.Cube(prim).GetSizeAttr().Get()) / 2
        return Solid.box([2 * half] * 3).points
    if prim.IsA("Cylinder"):
        return _prism(prim)
    if prim.IsA("Sphere"):
        radius = float(UsdGeom.Sphere(prim).GetRadiusAttr().Get())
        k = np.arange(160) + 0.5  # a spiral from pole to pole
        up, turn = 1 - k / 80, np.pi * (1 + 5**0.5) * k
        flat = np.sqrt(1 - up * up)
        return radius * np.column_stack([flat * np.cos(turn), flat * np.sin(turn), up])
    return None


def _prism(prim: Usd.Prim) -> Array:
    cylinder = UsdGeom.Cylinder(prim)
    radius = float(cylinder.GetRadiusAttr().Get())
    half = float(cylinder.GetHeightAttr().Get()) / 2
    axis = "XYZ".index(str(cast("object", cylinder.GetAxisAttr().Get())))
    turns = 2 * np.pi * np.arange(SIDES) / SIDES
    ring = np.column_stack([np.cos(turns), np.sin(turns), np.zeros(SIDES)]) * radius
    points = np.vstack([ring + [0, 0, half], ring - [0, 0, half]])
    return np.roll(points, axis + 1, axis=1)


def _must_be_convex(prim: Usd.Prim, points: Array) -> None:
    """Refuse a closed mesh that a hull would fill, such as a bin in one piece."""
    mesh = UsdGeom.Mesh(prim)
    counts = np.array(mesh.GetFaceVertexCountsAttr().Get(), np.int64)
    corners = points[np.array(mesh.GetFaceVertexIndicesAttr().Get(), np.int64)]
    content = 0.0
    for first, count in zip(np.cumsum(counts) - counts, counts, strict=True):
        a, fan = corners[first], corners[first + 1 : first + count]
        content += float(np.cross(fan[:-1], fan[1:]).sum(axis=0) @ a) / 6
    hull = Solid.hull(points, where=str(prim.GetPath())).volume
    if abs(content) < HOLLOW * hull:
        rule = "must be about convex, as it is a body of a cell"
        value = f"a mesh that fills {abs(content) / hull:.0%} of its hull"
        way_out = "make it of several convex meshes"
        raise SceneError([Problem(str(prim.GetPath()), rule, value, way_out)])


def _coloured(solid: Solid, prim: Usd.Prim) -> Solid:
    bound = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0]
    surface = bound.ComputeSurfaceSource()[0] if bound else None
    value = surface.GetInput("diffuseColor").Get() if surface else None
    colour = tuple(map(float, value)) if value is not None else GREY
    return solid.painted((colour[0], colour[1], colour[2]))
