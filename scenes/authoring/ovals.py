"""Level ovals painted on a floor."""

import math
from collections.abc import Sequence

from pxr import Gf, Usd, UsdGeom, UsdShade

__all__ = ["oval", "ovals"]

CORNERS = 48


def oval(x: float, y: float, length: float, width: float) -> list[tuple[float, float]]:
    """The closed outline of an oval about its middle, as the corners of a band [m].

    It is a superellipse of degree 3, between an ellipse and a rectangle.
    """
    turns = [2 * math.pi * k / CORNERS for k in range(CORNERS)]
    points = [(_bulge(math.cos(t)), _bulge(math.sin(t))) for t in turns]
    found = [(round(x + length / 2 * u, 4), round(y + width / 2 * v, 4)) for u, v in points]
    return [*found, found[0]]


def _bulge(value: float) -> float:
    return math.copysign(abs(value) ** (2 / 3), value)


def ovals(
    stage: Usd.Stage,
    path: str,
    outlines: Sequence[Sequence[tuple[float, float]]],
    *,
    height: float,
    look: UsdShade.Material,
) -> None:
    """Define one mesh of level ovals, each a fan of triangles about its middle."""
    points: list[Gf.Vec3f] = []
    faces: list[int] = []
    for outline in outlines:
        rim, first = outline[:-1], len(points)
        middle = (sum(x for x, _ in rim) / len(rim), sum(y for _, y in rim) / len(rim))
        points += [Gf.Vec3f(round(x, 4), round(y, 4), height) for x, y in (middle, *rim)]
        for k in range(len(rim)):
            faces += [first, first + 1 + k, first + 1 + (k + 1) % len(rim)]
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr(points)
    mesh.CreateFaceVertexIndicesAttr(faces)
    mesh.CreateFaceVertexCountsAttr([3] * (len(faces) // 3))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(mesh.GetPointsAttr().Get()))
    mesh.CreateNormalsAttr([Gf.Vec3f(0, 0, 1)] * len(faces))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.faceVarying)
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(look)
