"""Writes the links of an imported robot: Xforms with what is seen and what collides."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Tf, Usd, UsdGeom, UsdPhysics, UsdShade

from twin.motion.frame import pose_from
from twin.scene.mesh import Solid, material, write_mesh
from twin.scene.urdf.meshes import solids_of
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
        mesh = write_mesh(stage, f"{group}/mesh_{number}", solid)
        UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material(stage, solid))
    return len(solids)


def _write_collisions(stage: Usd.Stage, link: Usd.Prim, member: Member, find: Find) -> int:
    """Bodies that collide as their convex hulls, hidden from cameras."""
    group = f"{link.GetPath()}/collision"
    shapes = member.link.collisions
    solids = [solid for shape in shapes for solid in _solids(shape, find, smooth=False)]
    if solids:
        UsdGeom.Xform.Define(stage, group).CreatePurposeAttr(UsdGeom.Tokens.guide)
    for number, solid in enumerate(solids, 1):
        prim = write_mesh(stage, f"{group}/mesh_{number}", solid).GetPrim()
        UsdPhysics.CollisionAPI.Apply(prim)
        collision = UsdPhysics.MeshCollisionAPI.Apply(prim)
        collision.CreateApproximationAttr(UsdPhysics.Tokens.convexHull)
    return len(solids)
