"""Short words for what the author scripts write again and again: groups, references, looks."""

import math
from collections.abc import Sequence

from pxr import Gf, Kind, Sdf, Usd, UsdGeom, UsdShade

from twin.scene.author import stand

__all__ = ["Vector", "about_z", "group", "material", "quads", "refer"]

Vector = tuple[float, float, float]


def about_z(degrees: float) -> tuple[float, float, float, float]:
    """The quaternion wxyz of a turn about Z, exact for quarter turns."""
    half = math.radians(degrees) / 2
    return (round(math.cos(half), 15), 0.0, 0.0, round(math.sin(half), 15))


def group(stage: Usd.Stage, path: str, kind: str = Kind.Tokens.group) -> Usd.Prim:
    """Define an Xform of this model kind."""
    prim = UsdGeom.Xform.Define(stage, path).GetPrim()
    Usd.ModelAPI(prim).SetKind(kind)
    return prim


def refer(
    stage: Usd.Stage,
    path: str,
    asset: str,
    xyz: Vector = (0.0, 0.0, 0.0),
    *,
    turn: float = 0.0,
    stretch: float = 1.0,
    variant: tuple[str, str] | None = None,
    instanceable: bool = True,
) -> Usd.Prim:
    """Stand an asset in a scene.

    Args:
        stage: authored at its edit target.
        path: of the new prim.
        asset: relative to the layer.
        xyz: where [m].
        turn: about Z [deg].
        stretch: along its own X.
        variant: set and selection.
        instanceable: whether alike ones share their prims.
    """
    prim = stage.DefinePrim(path, "Xform")
    prim.GetReferences().AddReference(asset)
    stand(prim, xyz, about_z(turn))
    if stretch != 1.0:
        UsdGeom.Xformable(prim).AddScaleOp().Set(Gf.Vec3f(stretch, 1.0, 1.0))
    if variant:
        prim.GetVariantSets().GetVariantSet(variant[0]).SetVariantSelection(variant[1])
    prim.SetInstanceable(instanceable)
    return prim


def material(stage: Usd.Stage, path: str, colour: Vector, roughness: float) -> UsdShade.Material:
    """Define a plain preview material."""
    look = UsdShade.Material.Define(stage, path)
    shader = UsdShade.Shader.Define(stage, f"{path}/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set(Gf.Vec3f(*colour))
    shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(roughness)
    output = shader.CreateOutput("surface", Sdf.ValueTypeNames.Token)
    look.CreateSurfaceOutput().ConnectToSource(output)
    return look


def quads(
    stage: Usd.Stage,
    path: str,
    rectangles: Sequence[tuple[float, float, float, float]],
    *,
    height: float,
    look: UsdShade.Material,
) -> None:
    """Define one mesh of level rectangles (x0, y0, x1, y1) [m] at a height."""
    points = [
        Gf.Vec3f(x, y, height)
        for x0, y0, x1, y1 in rectangles
        for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    ]
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr(points)
    mesh.CreateFaceVertexCountsAttr([4] * len(rectangles))
    mesh.CreateFaceVertexIndicesAttr(list(range(len(points))))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(points))
    mesh.CreateNormalsAttr([Gf.Vec3f(0, 0, 1)] * len(points))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.faceVarying)
    st = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar(
        "st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.faceVarying
    )
    st.Set([Gf.Vec2f(0, 0), Gf.Vec2f(1, 0), Gf.Vec2f(1, 1), Gf.Vec2f(0, 1)])
    st.SetIndices([0, 1, 2, 3] * len(rectangles))
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(look)
