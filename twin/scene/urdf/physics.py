"""Writes the physics of an imported robot: one articulation, its masses, joints and drives.

UsdPhysics has axes X, Y and Z only. Any other axis becomes the Z of a joint frame that is turned in
both links, and a negative one the positive of a frame that is turned over.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Tf, Usd, UsdGeom, UsdPhysics

from twin.motion import Link
from twin.motion.frame import compose, pose_from
from twin.scene.chain import FRAME
from twin.scene.urdf.model import UrdfJoint
from twin.scene.urdf.tree import Serial

__all__ = ["Ramps", "write_physics"]

Matrix = NDArray[np.float64]
PROPOSAL = "proposal"
AXES = ("X", "Y", "Z")
USUAL_SPEED = {"revolute": math.pi / 2, "continuous": math.pi / 2, "prismatic": 0.5}
TURNS = 2.0  # whole turns each way of a joint without limits
JERK_SHARE = 0.375  # of the time to full speed that the acceleration takes to rise


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramps:
    """What a URDF does not say of a drive: how fast it comes to full speed."""

    time: float = 0.4  # from rest to full speed at full acceleration [s]

    @property
    def source(self) -> str:
        """The rule in words, for the asset's metadata."""
        return f"no limit in URDF; full speed after {self.time:g} s of full acceleration"


def write_physics(
    stage: Usd.Stage, chain: Serial, links: list[str], *, ramps: Ramps, source: str
) -> None:
    """Write masses of the rigid links at the paths `links`, and the joints between them."""
    root = stage.GetDefaultPrim()
    UsdPhysics.ArticulationRootAPI.Apply(root)
    for path, body in zip(links, chain.bodies(), strict=True):
        _write_mass(stage.OverridePrim(path), body, source)
    UsdGeom.Scope.Define(stage, f"{root.GetPath()}/joints")
    fixed = UsdPhysics.FixedJoint.Define(stage, f"{root.GetPath()}/joints/world_joint")
    fixed.CreateBody1Rel().SetTargets([links[0]])
    for number, joint in enumerate(chain.joints):
        name = _joint_name(stage, joint.name)
        kind = UsdPhysics.PrismaticJoint if joint.kind == "prismatic" else UsdPhysics.RevoluteJoint
        prim = kind.Define(stage, f"{root.GetPath()}/joints/{name}").GetPrim()
        bodies = UsdPhysics.Joint(prim)
        bodies.CreateBody0Rel().SetTargets([links[number]])
        bodies.CreateBody1Rel().SetTargets([links[number + 1]])
        _write_frames(prim, chain.places[number], joint.axis)
        _write_limits(prim, joint, source)
        _write_drive(prim, joint, ramps, source)


def _joint_name(stage: Usd.Stage, name: str) -> str:
    valid, number = Tf.MakeValidIdentifier(name), 2
    chosen = valid
    while stage.GetPrimAtPath(f"{stage.GetDefaultPrim().GetPath()}/joints/{chosen}"):
        chosen, number = f"{valid}_{number}", number + 1
    return chosen


def _write_mass(prim: Usd.Prim, body: Link, source: str) -> None:
    UsdPhysics.RigidBodyAPI.Apply(prim)
    if not body.mass > 0:
        return
    moments, axes = np.linalg.eigh(np.array(body.inertia))
    axes = axes * np.sign(np.linalg.det(axes))
    frame = np.eye(4)
    frame[:3, :3] = axes
    _, wxyz = pose_from(frame)
    mass = UsdPhysics.MassAPI.Apply(prim)
    told = [
        mass.CreateMassAttr(body.mass),
        mass.CreateCenterOfMassAttr(Gf.Vec3f(*body.com)),
        mass.CreateDiagonalInertiaAttr(Gf.Vec3f(*np.maximum(moments, 0.0).tolist())),
        mass.CreatePrincipalAxesAttr(Gf.Quatf(*wxyz.tolist())),
    ]
    for attribute in told:
        _cite(attribute, source, "C")


def _write_frames(prim: Usd.Prim, frame: Matrix, axis: tuple[float, float, float]) -> None:
    letter, turn = _named(np.array(axis))
    xyz, wxyz = pose_from(frame)
    prim.GetAttribute("physics:axis").Set(letter)
    joint = UsdPhysics.Joint(prim)
    joint.CreateLocalPos0Attr(Gf.Vec3f(*xyz.tolist()))
    joint.CreateLocalRot0Attr(Gf.Quatf(*compose(wxyz, turn).tolist()))
    joint.CreateLocalPos1Attr(Gf.Vec3f(0, 0, 0))
    joint.CreateLocalRot1Attr(Gf.Quatf(*turn.tolist()))
    precise = prim.CreateAttribute(FRAME, Sdf.ValueTypeNames.Matrix4d)
    precise.Set(Gf.Matrix4d(*frame.T.ravel().tolist()))


def _named(axis: Matrix) -> tuple[str, Matrix]:
    """The letter that an axis has in a frame, and that frame in the link, as a quaternion."""
    unit = axis / np.linalg.norm(axis)
    largest = int(np.argmax(np.abs(unit)))
    if abs(unit[largest]) > 1 - 1e-12:
        over = np.zeros(4)
        over[0 if unit[largest] > 0 else 1 + (largest + 1) % 3] = 1.0
        return AXES[largest], over
    half = np.array([1.0 + unit[2], -unit[1], unit[0], 0.0])  # the shortest turn of Z onto it
    return "Z", half / np.linalg.norm(half)


def _write_limits(prim: Usd.Prim, joint: UrdfJoint, source: str) -> None:
    scale, unlimited = (1.0 if joint.kind == "prismatic" else math.degrees(1.0)), 360.0 * TURNS
    ends: Mapping[str, float] = {"lower": joint.lower * scale, "upper": joint.upper * scale}
    confidence = "C"
    if joint.kind == "continuous":
        ends = {"lower": -unlimited, "upper": unlimited}
        source, confidence = f"continuous in URDF; {TURNS:g} turns each way", PROPOSAL
    for end, value in ends.items():
        attribute = prim.GetAttribute(f"physics:{end}Limit")
        attribute.Set(value)
        _cite(attribute, source, confidence)


def _write_drive(prim: Usd.Prim, joint: UrdfJoint, ramps: Ramps, source: str) -> None:
    slides = joint.kind == "prismatic"
    scale, unit = (1.0, "m") if slides else (math.degrees(1.0), "deg")
    speed = (joint.speed or USUAL_SPEED[joint.kind]) * scale
    rule = f"no speed in URDF; {speed:g} {unit}/s is usual"
    acceleration = speed / ramps.time
    jerk = acceleration / (JERK_SHARE * ramps.time)
    for name, value, per, origin in (
        ("maxSpeed", speed, "s", (source, "C") if joint.speed else (rule, PROPOSAL)),
        ("maxAcceleration", acceleration, "s2", (ramps.source, PROPOSAL)),
        ("maxJerk", jerk, "s3", (ramps.source, PROPOSAL)),
    ):
        attribute = prim.CreateAttribute(f"twin:{name}", Sdf.ValueTypeNames.Double)
        attribute.Set(value)
        attribute.SetDocumentation(f"Largest magnitude along this joint [{unit}/{per}].")
        _cite(attribute, *origin)
    kind = UsdPhysics.Tokens.linear if slides else UsdPhysics.Tokens.angular
    drive = UsdPhysics.DriveAPI.Apply(prim, kind)
    drive.CreateTypeAttr(UsdPhysics.Tokens.force)
    drive.CreateStiffnessAttr(1e5)
    drive.CreateDampingAttr(1e4)
    drive.CreateTargetPositionAttr(0.0)
    if joint.effort > 0:
        _cite(drive.CreateMaxForceAttr(joint.effort), source, "C")


def _cite(attribute: Usd.Attribute, source: str, confidence: str) -> None:
    attribute.SetCustomDataByKey("source", source)
    attribute.SetCustomDataByKey("confidence", confidence)
