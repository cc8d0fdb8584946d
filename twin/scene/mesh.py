"""Triangles of one colour as a prim, and that colour as a material."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade, Vt

__all__ = ["Colour", "Solid", "material", "write_mesh"]

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solid:
    """Triangles of one colour, in the frame of the link."""

    points: NDArray[np.float64]  # [m], shape [n, 3]
    faces: NDArray[np.int32]  # shape [m, 3]
    normals: NDArray[np.float64]  # at the points, shape [n, 3]
    colour: Colour  # sRGB


def write_mesh(stage: Usd.Stage, path: str, solid: Solid) -> UsdGeom.Mesh:
    """Write triangles with normals at their points, in the frame of the prim above."""
    mesh = UsdGeom.Mesh.Define(stage, path)
    points = solid.points.astype(np.float32)
    counts = np.full(len(solid.faces), 3, np.int32)
    mesh.CreatePointsAttr(_vectors(points))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(counts))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(solid.faces.ravel()))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(_vectors(np.stack([points.min(axis=0), points.max(axis=0)])))
    mesh.CreateNormalsAttr(_vectors(solid.normals.astype(np.float32)))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    return mesh


def _vectors(rows: NDArray[np.float32]) -> Any:
    return cast("Any", Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(rows)))


def material(stage: Usd.Stage, solid: Solid) -> UsdShade.Material:
    """One material for each colour; URDF gives sRGB, USD takes linear light."""
    looks = f"{stage.GetDefaultPrim().GetPath()}/Looks"
    name = "Colour_" + "".join(f"{round(255 * each):02x}" for each in solid.colour)
    if prim := stage.GetPrimAtPath(f"{looks}/{name}"):
        return UsdShade.Material(prim)
    UsdGeom.Scope.Define(stage, looks)
    material = UsdShade.Material.Define(stage, f"{looks}/{name}")
    shader = UsdShade.Shader.Define(stage, f"{looks}/{name}/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    linear = (np.array(solid.colour) ** 2.2).tolist()
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set(Gf.Vec3f(*linear))
    shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(0.45)
    output = shader.CreateOutput("surface", Sdf.ValueTypeNames.Token)
    material.CreateSurfaceOutput().ConnectToSource(output)
    return material
