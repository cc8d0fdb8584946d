"""Writes the robot package: instanced link geometry, and the physics layer with its joint chain."""

import math
from pathlib import Path

import numpy as np
import trimesh
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

from assets.author.hs220 import LINKS, ORIGINS
from assets.author.package import (
    Asset,
    Frame,
    new_stage,
    place,
    write_interface,
    write_pieces,
)
from assets.author.solids import join, solid
from assets.author.surface import Piece

__all__ = ["JOINTS", "MASSES", "write_robot"]

HALF = math.sqrt(0.5)
STRAIGHT, TURNED, PITCHED = (1.0, 0, 0, 0), (0.0, 0, 0, 1.0), (0.0, HALF, 0, HALF)
# localPos0 [m], localRot0 wxyz, axis, lower, upper [deg], speed [deg/s], acceleration [deg/s2].
# USD has no negative axes: where the maker's axis is -Y the frame is turned about Z instead.
JOINTS = [
    ((0, 0, 0), STRAIGHT, "Z", -180, 180, 120, 350),
    ((0.312, 0, 0.608), PITCHED, "Y", 10, 155, 105, 300),
    ((0, 0, 1.1), STRAIGHT, "Y", -80, 190, 110, 330),
    ((0, 0, 0.23), TURNED, "X", -360, 360, 145, 500),
    ((1.25, 0, 0), TURNED, "Y", -128, 128, 145, 500),
    ((-0.22, 0, 0), TURNED, "X", -360, 360, 220, 700),
]
JERK_TIME = 0.15  # jerk = acceleration / this [s]: a proposal
MASSES = {
    "base": 212,
    "link_1": 416,
    "link_2": 149,
    "link_3": 255,
    "link_4": 20,
    "link_5": 49,
    "link_6": 2,
}
TORQUE = (4720, 4990, 4990, 1087, 1100, 726)  # N m
DATA_SHEET = {
    "source": "HD Hyundai Robotics HS220 maintenance manual, basic specifications",
    "confidence": "C",
}
MODEL = {"source": "HD Hyundai Robotics, public robot description", "confidence": "C"}
PROPOSAL = {
    "source": "no published limit; ramp of 0.3 to 0.45 s to full speed",
    "confidence": "proposal",
}
ABOUT = (
    "HS220-class six-axis spot-welding robot, 220 kg, wrist-centre reach 2.666 m. Own geometry on "
    "published link lengths. Home is (0, 90, 0, 0, 0, 0) deg; q = 0 lies outside the limits of "
    "joint 2."
)


def write_robot(root: Path) -> Path:
    """Write robots/hs220 under `root`; return its interface layer."""
    folder = root / "robots" / "hs220"
    _write_geometry(folder / "payload" / "hs220_geo.usdc")
    _write_physics(folder / "payload" / "hs220_physics.usda")
    asset = Asset(folder="robots", name="hs220", prim="HS220", about=ABOUT, groups={})
    return write_interface(
        asset, folder, ["./payload/hs220_physics.usda", "./payload/hs220_geo.usdc"]
    )


def _local(link: str, mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    origin, turned = ORIGINS[link]
    points = (mesh.vertices - origin) * ((-1, -1, 1) if turned else (1, 1, 1))
    return solid(points, mesh.faces)


def _pieces(link: str) -> list[Piece]:
    return [
        Piece(solid=_local(link, p.solid), material=p.material, crease=p.crease)
        for p in LINKS[link]()
    ]


def _write_geometry(path: Path) -> None:
    """Put shapes under a class outside the default prim; each link refers to one, instanced."""
    stage = new_stage(path, "HS220")
    shapes = stage.CreateClassPrim("/Shapes")
    for link, matrix in zip(LINKS, _link_frames(), strict=True):
        group = f"/Shapes/{link}"
        write_pieces(stage, group, f"{group}/Looks", _pieces(link))
        _make_solid(stage.GetPrimAtPath(group))
        prim = UsdGeom.Xform.Define(stage, f"/HS220/{link}").GetPrim()
        turn = matrix.ExtractRotationQuat()
        place(
            prim, Frame(xyz=tuple(matrix.ExtractTranslation()), wxyz=(turn.real, *turn.imaginary))
        )
        geometry = UsdGeom.Xform.Define(stage, f"/HS220/{link}/geometry").GetPrim()
        geometry.GetReferences().AddInternalReference(group)
        geometry.SetInstanceable(True)
    assert shapes.IsAbstract()
    stage.GetRootLayer().Save()


def _make_solid(group: Usd.Prim) -> None:
    """Let the casting collide as its convex hull; authored here, where the instances share it."""
    casting = group.GetChild("robot_paint") or group.GetChild("bare_steel")
    UsdPhysics.CollisionAPI.Apply(casting)
    collision = UsdPhysics.MeshCollisionAPI.Apply(casting)
    collision.CreateApproximationAttr(UsdPhysics.Tokens.convexHull)


def _link_frames() -> list[Gf.Matrix4d]:
    """Frames of base and links at q = 0, in robot space."""
    frames = [Gf.Matrix4d(1)]
    for xyz, wxyz, *_ in JOINTS:
        step = Gf.Matrix4d().SetRotate(Gf.Quatd(*wxyz)) * Gf.Matrix4d().SetTranslate(Gf.Vec3d(*xyz))
        frames.append(step * frames[-1] if len(frames) > 1 else step)
    return frames


def _write_physics(path: Path) -> None:
    stage = new_stage(path, "HS220")
    root = stage.GetDefaultPrim()
    UsdPhysics.ArticulationRootAPI.Apply(root)
    for link in LINKS:
        _write_mass(stage.OverridePrim(f"/HS220/{link}"), link)
    UsdGeom.Scope.Define(stage, "/HS220/joints")
    fixed = UsdPhysics.FixedJoint.Define(stage, "/HS220/joints/world_joint")
    fixed.CreateBody1Rel().SetTargets(["/HS220/base"])
    for number in range(1, 7):
        _write_joint(stage, number)
    stage.GetRootLayer().Save()


def _write_mass(prim: Usd.Prim, link: str) -> None:
    """Mass as published; centre and inertia as if it filled the hull of the painted parts."""
    filled = trimesh.convex.convex_hull(join(*(p.solid for p in _pieces(link))).vertices)
    filled.density = MASSES[link] / filled.volume
    moments, axes = np.linalg.eigh(filled.moment_inertia)
    if np.linalg.det(axes) < 0:
        axes[:, 2] *= -1
    turn = Gf.Matrix3d(*axes.T.ravel().tolist()).ExtractRotation().GetQuat()
    UsdPhysics.RigidBodyAPI.Apply(prim)
    mass = UsdPhysics.MassAPI.Apply(prim)
    told = mass.CreateMassAttr(MASSES[link])
    guessed = [
        mass.CreateCenterOfMassAttr(Gf.Vec3f(*np.round(filled.center_mass, 4).tolist())),
        mass.CreateDiagonalInertiaAttr(Gf.Vec3f(*np.round(moments, 4).tolist())),
        mass.CreatePrincipalAxesAttr(Gf.Quatf(turn)),
    ]
    _cite(told, MODEL)
    for attribute in guessed:
        _cite(attribute, {"source": "hull of the link at even density", "confidence": "proposal"})


def _cite(attribute: Usd.Attribute, source: dict[str, str]) -> None:
    for key, value in source.items():
        attribute.SetCustomDataByKey(key, value)


def _write_joint(stage: Usd.Stage, number: int) -> None:
    xyz, wxyz, axis, lower, upper, speed, acceleration = JOINTS[number - 1]
    joint = UsdPhysics.RevoluteJoint.Define(stage, f"/HS220/joints/joint_{number}")
    parent = "base" if number == 1 else f"link_{number - 1}"
    joint.CreateBody0Rel().SetTargets([f"/HS220/{parent}"])
    joint.CreateBody1Rel().SetTargets([f"/HS220/link_{number}"])
    joint.CreateAxisAttr(axis)
    joint.CreateLocalPos0Attr(Gf.Vec3f(*xyz))
    joint.CreateLocalRot0Attr(Gf.Quatf(*wxyz))
    joint.CreateLocalPos1Attr(Gf.Vec3f(0, 0, 0))
    joint.CreateLocalRot1Attr(Gf.Quatf(1, 0, 0, 0))
    _cite(joint.CreateLowerLimitAttr(lower), DATA_SHEET)
    _cite(joint.CreateUpperLimitAttr(upper), DATA_SHEET)
    jerk = round(acceleration / JERK_TIME)
    for name, value, unit, source in (
        ("maxSpeed", speed, "deg/s", DATA_SHEET),
        ("maxAcceleration", acceleration, "deg/s2", PROPOSAL),
        ("maxJerk", jerk, "deg/s3", PROPOSAL),
    ):
        attribute = joint.GetPrim().CreateAttribute(f"twin:{name}", Sdf.ValueTypeNames.Double)
        attribute.Set(float(value))
        attribute.SetDocumentation(f"Largest magnitude along this joint [{unit}].")
        _cite(attribute, source)
    drive = UsdPhysics.DriveAPI.Apply(joint.GetPrim(), UsdPhysics.Tokens.angular)
    drive.CreateTypeAttr(UsdPhysics.Tokens.force)
    drive.CreateStiffnessAttr(1e5 if number <= 3 else 2e4)
    drive.CreateDampingAttr(1e4 if number <= 3 else 2e3)
    _cite(drive.CreateMaxForceAttr(TORQUE[number - 1]), MODEL)
    drive.CreateTargetPositionAttr(0.0)
