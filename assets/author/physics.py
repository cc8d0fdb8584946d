"""Writes what an asset is to a physics engine: one body, its mass, convex colliders, friction."""

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse
import scipy.sparse.csgraph
import trimesh
from numpy.typing import NDArray
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics, UsdShade, Vt

from assets.author.facts import Facts
from assets.author.solids import box, join
from assets.author.surface import Piece

__all__ = ["bind_contact", "friction", "hull_of", "label", "write_physics"]

SMALL = 0.15  # parts with a smaller diagonal don't collide [m]
MOST = 16  # colliders per group
CORNERS = 64  # of a hull, the most that PhysX takes
ROUND = 4  # decimals of mass properties


def hull_of(points: NDArray[np.float64]) -> trimesh.Trimesh:
    """The convex hull of points, at the millimetre, with no more corners than PhysX takes."""
    hull = trimesh.convex.convex_hull(np.unique(np.round(points, 3), axis=0))
    if len(hull.vertices) <= CORNERS:
        return hull
    k = np.arange(CORNERS - 6) + 0.5  # directions spread evenly over the sphere, and the axes
    z, turn = 1 - 2 * k / len(k), k * np.pi * (3 - np.sqrt(5))
    spread = np.stack([np.cos(turn) * np.sqrt(1 - z * z), np.sin(turn) * np.sqrt(1 - z * z), z], 1)
    towards = np.concatenate([np.eye(3), -np.eye(3), spread])
    corners = np.unique(np.argmax(np.asarray(hull.vertices) @ towards.T, axis=0))
    return trimesh.convex.convex_hull(np.asarray(hull.vertices)[corners])


def friction(stage: Usd.Stage, looks: str, name: str = "Steel") -> UsdShade.Material:
    """Define a physics material: steel on steel, or rubber on steel."""
    still, sliding, dense = {"Steel": (0.6, 0.5, 7850), "Rubber": (0.9, 0.8, 1100)}[name]
    if not stage.GetPrimAtPath(looks):
        UsdGeom.Scope.Define(stage, looks)
    material = UsdShade.Material.Define(stage, f"{looks}/{name}Contact")
    api = UsdPhysics.MaterialAPI.Apply(material.GetPrim())
    api.CreateStaticFrictionAttr(still)
    api.CreateDynamicFrictionAttr(sliding)
    api.CreateRestitutionAttr(0.05)
    api.CreateDensityAttr(dense)
    label(material.GetPrim(), material=name.lower())
    return material


def label(prim: Usd.Prim, **labels: str) -> None:
    """Give a prim semantic labels, one for each taxonomy."""
    for taxonomy, name in labels.items():
        prim.ApplyAPI("SemanticsLabelsAPI", taxonomy)
        values = Sdf.ValueTypeNames.TokenArray
        prim.CreateAttribute(f"semantics:labels:{taxonomy}", values, False).Set([name])


def bind_contact(prim: Usd.Prim, contact: UsdShade.Material) -> None:
    """Let a collider have a physics material."""
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(
        contact, UsdShade.Tokens.weakerThanDescendants, "physics"
    )


def write_physics(
    prim: str, groups: Mapping[str, Sequence[Piece]], facts: Facts, stage: Usd.Stage
) -> None:
    """Write the physics layer of an asset into a new stage whose root is /`prim`."""
    contact = friction(stage, f"/{prim}/Looks")
    hulls: list[trimesh.Trimesh] = []
    for group, pieces in groups.items():
        for number, shape in enumerate(_colliders(pieces, facts)):
            _write_collider(stage, f"/{prim}/{group}/collision_{number}", shape, contact)
            hulls.append(shape)
    if facts.belt:
        _write_belt(stage, prim, facts.belt)
    body = stage.OverridePrim(f"/{prim}" if facts.moves == "loose" else f"/{prim}/geometry")
    rigid = UsdPhysics.RigidBodyAPI.Apply(body)
    if facts.moves == "still":
        rigid.CreateKinematicEnabledAttr(True)
    _write_mass(body, join(*hulls), facts.mass)
    stage.GetRootLayer().Save()


def _colliders(pieces: Sequence[Piece], facts: Facts) -> list[trimesh.Trimesh]:
    """One hull of all that moves together; a hull of each larger part of what stands."""
    everything = np.concatenate([piece.solid.vertices for piece in pieces])
    if facts.moves == "loose":
        return [hull_of(everything)]
    parts = [part for piece in pieces for part in _parts(piece.solid)]
    sizes = [float(np.linalg.norm(np.ptp(part, axis=0))) for part in parts]
    order = sorted(range(len(parts)), key=lambda k: (-round(sizes[k], 6), k))
    hulls = [hull_of(parts[k]) for k in order[:MOST] if sizes[k] > SMALL and _is_thick(parts[k])]
    return hulls or [hull_of(everything)]


def _is_thick(points: NDArray[np.float64]) -> bool:
    """The points, at the millimetre, span a volume."""
    grid = np.round(points, 3)
    return bool(np.linalg.matrix_rank(grid - grid[0], tol=2e-3) == 3)


def _parts(solid: trimesh.Trimesh) -> list[NDArray[np.float64]]:
    """The points of each connected part."""
    faces, points = np.asarray(solid.faces), np.asarray(solid.vertices)
    a, b = faces[:, [0, 1]].ravel(), faces[:, [1, 2]].ravel()
    links = scipy.sparse.coo_array((np.ones(len(a)), (a, b)), shape=2 * (len(points),))
    count, part = scipy.sparse.csgraph.connected_components(links, directed=False)
    used = np.unique(faces)
    order = used[np.argsort(part[used], kind="stable")]
    cuts = np.cumsum(np.bincount(part[used], minlength=count))[:-1]
    return [points[rows] for rows in np.split(order, cuts) if len(rows) > 3]


def _write_collider(
    stage: Usd.Stage, path: str, shape: trimesh.Trimesh, contact: UsdShade.Material
) -> None:
    """Write a closed convex mesh that is felt and not seen."""
    for above in Sdf.Path(path).GetParentPath().GetPrefixes():
        if not stage.GetPrimAtPath(above):
            stage.OverridePrim(above)
    mesh = UsdGeom.Mesh.Define(stage, path)
    points = np.asarray(shape.vertices, np.float32)
    faces = np.asarray(shape.faces, np.int32)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(points))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(faces), 3, np.int32)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(faces.ravel()))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.stack([points.min(0), points.max(0)])))
    normals = np.repeat(np.asarray(shape.face_normals, np.float32), 3, axis=0)
    mesh.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(normals))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.faceVarying)
    mesh.CreatePurposeAttr(UsdGeom.Tokens.guide)
    UsdPhysics.CollisionAPI.Apply(mesh.GetPrim())
    collision = UsdPhysics.MeshCollisionAPI.Apply(mesh.GetPrim())
    collision.CreateApproximationAttr(UsdPhysics.Tokens.convexHull)
    bind_contact(mesh.GetPrim(), contact)


def _write_belt(stage: Usd.Stage, prim: str, belt: tuple[float, float, float, float]) -> None:
    """A kinematic slab under the carrying plane, whose surface moves along X."""
    length, width, top, speed = belt
    slab = box((length, width, 0.05), at=(0, 0, top - 0.025), bevel=0)
    slab = hull_of(np.asarray(slab.vertices))
    path = f"/{prim}/belt"
    body = UsdGeom.Xform.Define(stage, path).GetPrim()
    rubber = friction(stage, f"/{prim}/Looks", "Rubber")
    _write_collider(stage, f"{path}/collision_0", slab, rubber)
    UsdPhysics.RigidBodyAPI.Apply(body).CreateKinematicEnabledAttr(True)
    _write_mass(body, slab, 100.0)
    body.AddAppliedSchema("PhysxSurfaceVelocityAPI")
    vector, flag = Sdf.ValueTypeNames.Vector3f, Sdf.ValueTypeNames.Bool
    name = "physxSurfaceVelocity:surfaceVelocity"
    body.CreateAttribute(name, vector, False).Set(Gf.Vec3f(speed, 0, 0))
    body.CreateAttribute(f"{name}Enabled", flag, False).Set(True)
    body.CreateAttribute(f"{name}LocalSpace", flag, False).Set(True)


def _write_mass(body: Usd.Prim, filled: trimesh.Trimesh, mass: float) -> None:
    """Give mass, and centre and inertia as if the colliders were filled evenly."""
    filled = filled.copy()
    filled.density = mass / filled.volume
    moments, axes = np.linalg.eigh(filled.moment_inertia)
    if np.linalg.det(axes) < 0:
        axes[:, 2] *= -1
    turn = Gf.Matrix3d(*axes.T.ravel().tolist()).ExtractRotation().GetQuat()
    api = UsdPhysics.MassAPI.Apply(body)
    attributes = [
        api.CreateMassAttr(mass),
        api.CreateCenterOfMassAttr(Gf.Vec3f(*np.round(filled.center_mass, ROUND).tolist())),
        api.CreateDiagonalInertiaAttr(Gf.Vec3f(*np.round(moments, ROUND).tolist())),
        api.CreatePrincipalAxesAttr(Gf.Quatf(turn)),
    ]
    for attribute in attributes:
        attribute.SetCustomDataByKey("source", "estimate; colliders filled evenly")
        attribute.SetCustomDataByKey("confidence", "proposal")
