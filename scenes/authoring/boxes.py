"""Meshes of plain boxes, for what a scene needs and no asset has."""

from collections.abc import Sequence

import numpy as np
from pxr import Gf, Usd, UsdGeom, UsdShade

__all__ = ["Box", "boxes"]

Box = tuple[float, float, float, float, float, float]  # middle and size along X, Y and Z [m]
SIDES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
NORMALS = ((-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, -1), (0, 0, 1))


def boxes(stage: Usd.Stage, at: str, each: Sequence[Box], look: UsdShade.Material) -> None:
    """Define one mesh of boxes at a path."""
    corners = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
    points: list[Gf.Vec3f] = []
    faces: list[int] = []
    for box in each:
        faces += [k + len(points) for side in SIDES for k in side]
        middle, size = np.array(box[:3]), np.array(box[3:])
        points += [Gf.Vec3f(*(middle + size * corner).round(5).tolist()) for corner in corners]
    mesh = UsdGeom.Mesh.Define(stage, at)
    mesh.CreatePointsAttr(points)
    mesh.CreateFaceVertexCountsAttr([4] * (6 * len(each)))
    mesh.CreateFaceVertexIndicesAttr(faces)
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(points))
    mesh.CreateNormalsAttr([Gf.Vec3f(*n) for _ in each for n in NORMALS for _ in range(4)])
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.faceVarying)
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(look)
