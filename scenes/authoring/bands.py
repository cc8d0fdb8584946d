"""Bands along ways: lanes and lines painted on a floor, and low decks that bodies ride on."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Usd, UsdGeom, UsdShade

__all__ = ["band", "outline", "sides_of"]

Corners = Sequence[tuple[float, float]]
Array = NDArray[np.float64]


def sides_of(corners: Corners, width: float, shift: float = 0.0) -> tuple[Array, Array]:
    """The left and the right edge of a band along corners, mitred, shape [k, 2] each [m].

    Args:
        corners: x, y of the way [m].
        width: of the band [m].
        shift: of its middle to the left of the way [m].
    """
    xy = np.asarray(corners, dtype=np.float64)
    legs = np.diff(xy, axis=0)
    legs /= np.linalg.norm(legs, axis=1, keepdims=True)
    before, after = np.vstack([legs[:1], legs]), np.vstack([legs, legs[-1:]])
    along = before + after
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    left = np.column_stack([-along[:, 1], along[:, 0]])
    left /= np.abs(np.sum(along * before, axis=1, keepdims=True))
    return xy + left * (shift + width / 2), xy + left * (shift - width / 2)


def band(
    stage: Usd.Stage,
    path: str,
    ways: Sequence[Corners],
    *,
    width: float,
    height: float,
    look: UsdShade.Material,
    shift: float = 0.0,
    deep: bool = False,
) -> None:
    """Define one mesh of level bands along ways; a deep one has sides down to the floor."""
    points: list[tuple[float, float, float]] = []
    faces: list[tuple[int, ...]] = []
    for corners in ways:
        left, right = sides_of(corners, width, shift)
        _strip(points, faces, left, right, z=(height, height))
        if deep:
            _strip(points, faces, left, left, z=(0.0, height))
            _strip(points, faces, right, right, z=(height, 0.0))
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr([Gf.Vec3f(*each) for each in points])
    mesh.CreateFaceVertexCountsAttr([4] * len(faces))
    mesh.CreateFaceVertexIndicesAttr([k for face in faces for k in face])
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(mesh.GetPointsAttr().Get()))
    normals = [_normal(points, face) for face in faces for _ in face]
    mesh.CreateNormalsAttr(normals)
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.faceVarying)
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(look)


def _strip(
    points: list[tuple[float, float, float]],
    faces: list[tuple[int, ...]],
    left: Array,
    right: Array,
    *,
    z: tuple[float, float],
) -> None:
    first = len(points)
    for (x, y), (u, v) in zip(left.round(4).tolist(), right.round(4).tolist(), strict=True):
        points += [(u, v, z[1]), (x, y, z[0])]
    for k in range(len(left) - 1):
        i = first + 2 * k
        faces.append((i, i + 2, i + 3, i + 1))


def _normal(points: list[tuple[float, float, float]], face: tuple[int, ...]) -> Gf.Vec3f:
    a, b, c = (np.array(points[k]) for k in face[:3])
    normal = np.cross(b - a, c - a)
    return Gf.Vec3f(*(normal / np.linalg.norm(normal)).round(6).tolist())


def outline(x: float, y: float, length: float, width: float) -> list[tuple[float, float]]:
    """The closed outline of a bay about its middle, as the corners of a band."""
    a, b = length / 2, width / 2
    return [(x, y - b), (x + a, y - b), (x + a, y + b), (x - a, y + b), (x - a, y - b), (x, y - b)]
