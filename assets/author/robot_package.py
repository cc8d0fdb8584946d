"""Writes the robot package: instanced link geometry, and the physics layer with its joint chain."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    write_package,
    write_pieces,
)
from assets.author.physics import bind_contact, friction
from assets.author.robot_family import Origin, links_of, origins_of
from assets.author.robot_sizes import SIZES, Size
from assets.author.simready import FOLDER
from assets.author.solids import join, solid
from assets.author.surface import Piece

__all__ = ["ROBOTS", "write_robot"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """All that is written of a robot; sources are of limits and speeds, torques, and masses."""

    name: str
    prim: str
    about: str
    joints: list[
        tuple[tuple[float, float, float], tuple[float, ...], str, float, float, float, float]
    ]
    torques: tuple[float, ...]
    masses: Mapping[str, float]
    links: Mapping[str, Callable[[], list[Piece]]]
    origins: Mapping[str, Origin]
    sheet: dict[str, str]
    torque_source: dict[str, str]
    mass_source: dict[str, str]


HS220 = Robot(
    name="hs220", prim="HS220", about=ABOUT, joints=JOINTS, torques=TORQUE, masses=MASSES,
    links=LINKS, origins=ORIGINS, sheet=DATA_SHEET, torque_source=MODEL, mass_source=MODEL,
)  # fmt: skip


def _robot(size: Size) -> Robot:
    """A robot of the HS220's build with other numbers; full speed is reached in 0.35 s."""
    places = [
        (0, 0, 0), (size.a1, 0, size.d1), (0, 0, size.a2), (0, 0, size.a3), (size.d4, 0, 0),
        (-size.d6, 0, 0),
    ]  # fmt: skip
    joints = [
        (place, wxyz, axis, *limits, speed, 10 * round(speed / 3.5))
        for place, (_, wxyz, axis, *_), limits, speed in zip(
            places, JOINTS, size.limits, size.speeds, strict=True
        )
    ]
    about = f"{size.about} Own geometry on published link lengths. Home is (0, 90, 0, 0, 0, 0) deg."
    sources = (size.sheet, size.torque_source, size.mass_source)
    sheet, torque, mass = ({"source": what, "confidence": sure} for what, sure in sources)
    return Robot(
        name=size.name, prim=size.prim, about=about, joints=joints, torques=size.torques,
        masses=dict(zip(LINKS, size.masses, strict=True)), links=links_of(size),
        origins=origins_of(size), sheet=sheet, torque_source=torque, mass_source=mass,
    )  # fmt: skip


ROBOTS = {robot.name: robot for robot in (HS220, *map(_robot, SIZES))}


def write_robot(name: str, root: Path) -> Path:
    """Write robots/NAME under `root`; return the layer that scenes refer to."""
    robot = ROBOTS[name]
    folder = root / "robots" / name / FOLDER
    _write_geometry(robot, folder / "payload" / f"{name}_geo.usdc")
    _write_physics(robot, folder / "payload" / f"{name}_physics.usda")
    asset = Asset(folder="robots", name=name, prim=robot.prim, about=robot.about, groups={})
    payloads = [f"./payload/{name}_physics.usda", f"./payload/{name}_geo.usdc"]
    return write_package(asset, folder, payloads, "robot")


def _local(robot: Robot, link: str, mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    origin, turned = robot.origins[link]
    points = (mesh.vertices - origin) * ((-1, -1, 1) if turned else (1, 1, 1))
    return solid(points, mesh.faces)


def _pieces(robot: Robot, link: str) -> list[Piece]:
    return [
        Piece(solid=_local(robot, link, p.solid), material=p.material, crease=p.crease)
        for p in robot.links[link]()
    ]


def _write_geometry(robot: Robot, path: Path) -> None:
    """Put shapes under a class outside the default prim; each link refers to one, instanced."""
    stage = new_stage(path, robot.prim)
    shapes = stage.CreateClassPrim("/Shapes")
    for link, matrix in zip(robot.links, _link_frames(robot), strict=True):
        group = f"/Shapes/{link}"
        write_pieces(stage, group, f"{group}/Looks", _pieces(robot, link))
        _make_solid(stage.GetPrimAtPath(group))
        prim = UsdGeom.Xform.Define(stage, f"/{robot.prim}/{link}").GetPrim()
        turn = matrix.ExtractRotationQuat()
        place(
            prim, Frame(xyz=tuple(matrix.ExtractTranslation()), wxyz=(turn.real, *turn.imaginary))
        )
        geometry = UsdGeom.Xform.Define(stage, f"/{robot.prim}/{link}/geometry").GetPrim()
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
    bind_contact(casting, friction(group.GetStage(), f"{group.GetPath()}/Looks"))


def _link_frames(robot: Robot) -> list[Gf.Matrix4d]:
    """Frames of base and links at q = 0, in robot space."""
    frames = [Gf.Matrix4d(1)]
    for xyz, wxyz, *_ in robot.joints:
        step = Gf.Matrix4d().SetRotate(Gf.Quatd(*wxyz)) * Gf.Matrix4d().SetTranslate(Gf.Vec3d(*xyz))
        frames.append(step * frames[-1] if len(frames) > 1 else step)
    return frames


def _write_physics(robot: Robot, path: Path) -> None:
    stage = new_stage(path, robot.prim)
    root = stage.GetDefaultPrim()
    UsdPhysics.ArticulationRootAPI.Apply(root)
    root.AddAppliedSchema("PhysxArticulationAPI")
    root.CreateAttribute(
        "physxArticulation:enabledSelfCollisions", Sdf.ValueTypeNames.Bool, False
    ).Set(False)
    for link in robot.links:
        _write_mass(robot, stage.OverridePrim(f"/{robot.prim}/{link}"), link)
    UsdGeom.Scope.Define(stage, f"/{robot.prim}/joints")
    fixed = UsdPhysics.FixedJoint.Define(stage, f"/{robot.prim}/joints/world_joint")
    fixed.CreateBody1Rel().SetTargets([f"/{robot.prim}/base"])
    for number in range(1, 7):
        _write_joint(robot, stage, number)
    stage.GetRootLayer().Save()


def _write_mass(robot: Robot, prim: Usd.Prim, link: str) -> None:
    """Mass as published; centre and inertia as if it filled the hull of the painted parts."""
    filled = trimesh.convex.convex_hull(join(*(p.solid for p in _pieces(robot, link))).vertices)
    filled.density = robot.masses[link] / filled.volume
    moments, axes = np.linalg.eigh(filled.moment_inertia)
    if np.linalg.det(axes) < 0:
        axes[:, 2] *= -1
    turn = Gf.Matrix3d(*axes.T.ravel().tolist()).ExtractRotation().GetQuat()
    UsdPhysics.RigidBodyAPI.Apply(prim)
    mass = UsdPhysics.MassAPI.Apply(prim)
    told = mass.CreateMassAttr(robot.masses[link])
    guessed = [
        mass.CreateCenterOfMassAttr(Gf.Vec3f(*np.round(filled.center_mass, 4).tolist())),
        mass.CreateDiagonalInertiaAttr(Gf.Vec3f(*np.round(moments, 4).tolist())),
        mass.CreatePrincipalAxesAttr(Gf.Quatf(turn)),
    ]
    _cite(told, robot.mass_source)
    for attribute in guessed:
        _cite(attribute, {"source": "hull of the link at even density", "confidence": "proposal"})


def _cite(attribute: Usd.Attribute, source: dict[str, str]) -> None:
    for key, value in source.items():
        attribute.SetCustomDataByKey(key, value)


def _write_joint(robot: Robot, stage: Usd.Stage, number: int) -> None:
    xyz, wxyz, axis, lower, upper, speed, acceleration = robot.joints[number - 1]
    joint = UsdPhysics.RevoluteJoint.Define(stage, f"/{robot.prim}/joints/joint_{number}")
    parent = "base" if number == 1 else f"link_{number - 1}"
    joint.CreateBody0Rel().SetTargets([f"/{robot.prim}/{parent}"])
    joint.CreateBody1Rel().SetTargets([f"/{robot.prim}/link_{number}"])
    joint.CreateAxisAttr(axis)
    joint.CreateLocalPos0Attr(Gf.Vec3f(*xyz))
    joint.CreateLocalRot0Attr(Gf.Quatf(*wxyz))
    joint.CreateLocalPos1Attr(Gf.Vec3f(0, 0, 0))
    joint.CreateLocalRot1Attr(Gf.Quatf(1, 0, 0, 0))
    precise = joint.GetPrim().CreateAttribute("twin:frame", Sdf.ValueTypeNames.Matrix4d)
    precise.Set(
        Gf.Matrix4d().SetRotate(Gf.Quatd(*wxyz)) * Gf.Matrix4d().SetTranslate(Gf.Vec3d(*xyz))
    )
    precise.SetDocumentation("The link in the link before at zero, in double precision [m].")
    _cite(precise, robot.sheet)
    _cite(joint.CreateLowerLimitAttr(lower), robot.sheet)
    _cite(joint.CreateUpperLimitAttr(upper), robot.sheet)
    jerk = round(acceleration / JERK_TIME)
    for name, value, unit, source in (
        ("maxSpeed", speed, "deg/s", robot.sheet),
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
    _cite(drive.CreateMaxForceAttr(robot.torques[number - 1]), robot.torque_source)
    drive.CreateTargetPositionAttr(0.0)
    _write_state(joint.GetPrim(), speed)


def _write_state(joint: Usd.Prim, speed: float) -> None:
    """Give PhysX the joint's state and its largest speed; its schemas are plain attributes here."""
    number = Sdf.ValueTypeNames.Float
    joint.AddAppliedSchema("PhysicsJointStateAPI:angular")
    joint.CreateAttribute("state:angular:physics:position", number, False).Set(0.0)
    joint.CreateAttribute("state:angular:physics:velocity", number, False).Set(0.0)
    joint.AddAppliedSchema("PhysxJointAxisAPI:angular")
    joint.CreateAttribute("physxJointAxis:angular:maxJointVelocity", number, False).Set(speed)
