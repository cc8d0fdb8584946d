"""Writes the links of an imported robot: Xforms with what is seen and what collides."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Tf, Usd, UsdGeom, UsdPhysics, UsdShade, Vt

from twin.motion.frame import pose_from
from twin.scene.urdf.meshes import Solid, solids_of
from twin.scene.urdf.model import Shape
from twin.scene.urdf.tree import Member, Serial

__all__ = ["link_paths", "place", "write_shapes"]

Matrix = NDArray[np.float64]
Find = Callable[[Shape], Path]


def link_paths(chain: Serial, root: str) -> tuple[dict[str, str], list[str]]:
    """Prim paths of all links by name, and those of the rigid links, base first.

    Links that are fixed to a rigid link lie below it, each below the one that it is fixed to.
    """
    paths: dict[str, str] = {}
    taken: set[str] = {f"{root}/joints", f"{root}/Looks"}
    for members in chain.rigid:
        for member in members:
            above = paths[member.parent] if member.parent else root
            name = Tf.MakeValidIdentifier(member.link.name)
            if member.parent and name in {"visual", "collision"}:
                name = f"{name}_link"
            path, number = f"{above}/{name}", 2
            while path in taken:
                path, number = f"{above}/{name}_{number}", number + 1
            taken.add(path)
            paths[member.link.name] = path
    return paths, [paths[members[0].link.name] for members in chain.rigid]


def place(prim: Usd.Prim, frame: Matrix) -> None:
    """Author translate, orient and scale in double precision."""
    xyz, wxyz = pose_from(frame)
    form = UsdGeom.Xformable(prim)
    form.AddTranslateOp().Set(Gf.Vec3d(*xyz.tolist()))
    form.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Quatd(*wxyz.tolist()))
    form.AddScaleOp().Set(Gf.Vec3f(1, 1, 1))


def write_shapes(
    stage: Usd.Stage, chain: Serial, paths: dict[str, str], find: Find
) -> dict[str, int]:
    """Write all links with their shapes; returns how many meshes there are to see and to hit.

    Raises:
        SceneError: a mesh can't be found or read.
    """
    count = {"visual": 0, "collision": 0}
    rest = np.eye(4)
    for number, members in enumerate(chain.rigid):
        rest = rest @ chain.places[number - 1] if number else rest
        for member in members:
            prim = UsdGeom.Xform.Define(stage, paths[member.link.name]).GetPrim()
            place(prim, member.step if member.parent else rest)
            count["visual"] += _write_visuals(stage, prim, member, find)
            count["collision"] += _write_collisions(stage, prim, member, find)
    return count


def _solids(shape: Shape, find: Find, *, smooth: bool) -> list[Solid]:
    return solids_of(shape, find(shape) if shape.mesh else None, smooth=smooth)


def _write_visuals(stage: Usd.Stage, link: Usd.Prim, member: Member, find: Find) -> int:
    group = f"{link.GetPath()}/visual"
    shapes = member.link.visuals
    solids = [solid for shape in shapes for solid in _solids(shape, find, smooth=True)]
    if solids:
        UsdGeom.Xform.Define(stage, group)
    for number, solid in enumerate(solids, 1):
        mesh = _write_mesh(stage, f"{group}/mesh_{number}", solid)
        UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(_material(stage, solid))
    return len(solids)


def _write_collisions(stage: Usd.Stage, link: Usd.Prim, member: Member, find: Find) -> int:
    """Bodies that collide as their convex hulls, hidden from cameras."""
    group = f"{link.GetPath()}/collision"
    shapes = member.link.collisions
    solids = [solid for shape in shapes for solid in _solids(shape, find, smooth=False)]
    if solids:
        UsdGeom.Xform.Define(stage, group).CreatePurposeAttr(UsdGeom.Tokens.guide)
    for number, solid in enumerate(solids, 1):
        prim = _write_mesh(stage, f"{group}/mesh_{number}", solid).GetPrim()
        UsdPhysics.CollisionAPI.Apply(prim)
        collision = UsdPhysics.MeshCollisionAPI.Apply(prim)
        collision.CreateApproximationAttr(UsdPhysics.Tokens.convexHull)
    return len(solids)


def _write_mesh(stage: Usd.Stage, path: str, solid: Solid) -> UsdGeom.Mesh:
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


def _material(stage: Usd.Stage, solid: Solid) -> UsdShade.Material:
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
