"""Boxes and rods, as prims that any tool shows and a cell takes for convex bodies."""

from pxr import Gf, Usd, UsdGeom, UsdShade

from scenes.authoring.usd import Vector, material
from twin.scene.author import stand

__all__ = ["box", "looks", "rod"]

COLOURS = {
    "Steel": (0.42, 0.45, 0.48),
    "Bracket": (0.75, 0.50, 0.16),
    "Blue": (0.10, 0.25, 0.45),
    "Rubber": (0.06, 0.06, 0.07),
    "Pad": (0.70, 0.12, 0.08),
    "Floor": (0.55, 0.56, 0.56),
}


def looks(stage: Usd.Stage, path: str, *names: str) -> dict[str, UsdShade.Material]:
    """Define materials by name below a scope."""
    UsdGeom.Scope.Define(stage, path)
    return {name: material(stage, f"{path}/{name}", COLOURS[name], 0.5) for name in names}


def box(
    stage: Usd.Stage,
    path: str,
    size: Vector,
    middle: Vector,
    *,
    look: UsdShade.Material,
    wxyz: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0),
) -> None:
    """Define a box of these sizes [m] around its middle."""
    cube = UsdGeom.Cube.Define(stage, path)
    cube.CreateSizeAttr(1.0)
    cube.CreateExtentAttr([Gf.Vec3f(-0.5, -0.5, -0.5), Gf.Vec3f(0.5, 0.5, 0.5)])
    stand(cube.GetPrim(), middle, wxyz)
    UsdGeom.Xformable(cube).AddScaleOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Vec3d(*size))
    UsdShade.MaterialBindingAPI.Apply(cube.GetPrim()).Bind(look)


def rod(
    stage: Usd.Stage,
    path: str,
    along: tuple[float, float],
    *,
    radius: float,
    look: UsdShade.Material,
) -> None:
    """Define a cylinder along X [m]."""
    half = round((along[1] - along[0]) / 2, 6)
    cylinder = UsdGeom.Cylinder.Define(stage, path)
    cylinder.CreateAxisAttr(UsdGeom.Tokens.x)
    cylinder.CreateHeightAttr(2 * half)
    cylinder.CreateRadiusAttr(radius)
    low, high = (-half, -radius, -radius), (half, radius, radius)
    cylinder.CreateExtentAttr([Gf.Vec3f(*low), Gf.Vec3f(*high)])
    stand(cylinder.GetPrim(), (round(along[0] + half, 6), 0.0, 0.0))
    UsdShade.MaterialBindingAPI.Apply(cylinder.GetPrim()).Bind(look)
