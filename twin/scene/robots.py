"""Robots of a scene: their joint chains as arms, where they stand, and their programs."""

import math
from collections.abc import Iterator

import numpy as np
from pxr import Usd, UsdGeom, UsdPhysics

from twin.errors import Problem, SceneError
from twin.motion import Arm, Joint
from twin.motion.frame import pose_from
from twin.plant import Pose, Program
from twin.plant.declared import JointParams, ProgramParams
from twin.scene.values import read_values

__all__ = ["ArmReader", "pose_of", "read_program"]


def pose_of(prim: Usd.Prim, frames: UsdGeom.XformCache) -> tuple[Pose, list[Problem]]:
    """Where a prim stands in the world [m]; a scaled or skewed frame is a problem."""
    matrix = np.array(frames.GetLocalToWorldTransform(prim), np.float64).T
    axes = matrix[:3, :3]
    if not np.allclose(axes.T @ axes, np.eye(3), atol=1e-4) or np.linalg.det(axes) < 0:
        sizes = ", ".join(f"{size:g}" for size in np.linalg.norm(axes, axis=0))
        rule = "must stand in the world unscaled and unmirrored"
        return Pose(), [Problem(str(prim.GetPath()), rule, f"axes of {sizes}")]
    matrix[:3, :3] = axes / np.linalg.norm(axes, axis=0)
    xyz, wxyz = pose_from(matrix)
    x, y, z = xyz.tolist()
    w, i, j, k = wxyz.tolist()
    return Pose((x, y, z), (w, i, j, k)), []


class ArmReader:
    """Reads joint chains; robots of the same type share one `Arm`."""

    def __init__(self) -> None:
        self._arms: dict[tuple[Joint, ...], Arm] = {}

    def read(self, robot: Usd.Prim) -> tuple[Arm, Usd.Prim]:
        """The arm of a robot, and the prim of its base link.

        Raises:
            SceneError: its joints are no chain, or lack limits.
        """
        where = str(robot.GetPath())
        chain = _chain(robot)
        problems: list[Problem] = []
        joints = tuple(_joint(joint, problems) for joint in chain)
        if problems:
            raise SceneError(problems)
        if joints not in self._arms:
            self._arms[joints] = Arm.build(joints, where=where)
        base = robot.GetStage().GetPrimAtPath(_link(chain[0], 0))
        return self._arms[joints], base


def _link(joint: Usd.Prim, side: int) -> str:
    body = joint.GetRelationship(f"physics:body{side}")
    targets = body.GetTargets() if body else []
    return str(targets[0]) if len(targets) == 1 else ""


def _chain(robot: Usd.Prim) -> list[Usd.Prim]:
    """The revolute joints below a robot, base to flange."""
    where = str(robot.GetPath())
    joints = [prim for prim in Usd.PrimRange(robot) if prim.IsA("PhysicsRevoluteJoint")]
    if not joints:
        rule, way_out = (
            "needs revolute joints below it",
            "reference a robot asset, not instanceable",
        )
        raise SceneError([Problem(where, rule, way_out=way_out)])
    after = {_link(joint, 0): joint for joint in joints}
    ends = {_link(joint, 1) for joint in joints}
    starts = [body for body in after if body not in ends]
    chain: list[Usd.Prim] = []
    link = starts[0] if len(starts) == 1 else None
    while link in after and len(chain) < len(joints):
        chain.append(after[link])
        link = _link(chain[-1], 1)
    stage = robot.GetStage()
    if len(chain) != len(joints) or not stage.GetPrimAtPath(_link(chain[0], 0) or "/none"):
        rule = (
            "must have joints that form one chain from a base link (physics:body0, physics:body1)"
        )
        names = ", ".join(joint.GetName() for joint in joints)
        raise SceneError([Problem(where, rule, names)])
    return chain


def _joint(prim: Usd.Prim, problems: list[Problem]) -> Joint:
    where = str(prim.GetPath())
    reading = read_values(prim, JointParams)
    problems += reading.problems
    drive = reading.params
    assert isinstance(drive, JointParams)
    joint = UsdPhysics.RevoluteJoint(prim)
    lower, upper = float(joint.GetLowerLimitAttr().Get()), float(joint.GetUpperLimitAttr().Get())
    if not (math.isfinite(lower) and math.isfinite(upper) and lower < upper):
        rule = "must have physics:lowerLimit below physics:upperLimit"
        problems.append(Problem(where, rule, f"{lower:g} to {upper:g} deg"))
    problems += _own_frame(joint, where)
    x, y, z = joint.GetLocalPos0Attr().Get()
    turn = joint.GetLocalRot0Attr().Get()
    i, j, k = turn.GetImaginary()
    return Joint(
        origin=(float(x), float(y), float(z)),
        wxyz=(float(turn.GetReal()), float(i), float(j), float(k)),
        axis=str(joint.GetAxisAttr().Get()),
        lower=math.radians(lower),
        upper=math.radians(upper),
        speed=math.radians(drive.max_speed),
        acceleration=math.radians(drive.max_acceleration),
        jerk=math.radians(drive.max_jerk),
    )


def _own_frame(joint: UsdPhysics.RevoluteJoint, where: str) -> Iterator[Problem]:
    """The link's frame must be the joint's: all of the offset is in the link before."""
    x, y, z = joint.GetLocalPos1Attr().Get()
    turn = joint.GetLocalRot1Attr().Get()
    if not np.allclose([x, y, z, *turn.GetImaginary()], 0.0, atol=1e-6):
        rule = "must have an identity physics:localPos1 and physics:localRot1"
        value = f"{(float(x), float(y), float(z))} m, {turn}"
        yield Problem(where, rule, value, "put the offset into physics:localPos0 and localRot0")


def read_program(prim: Usd.Prim, joint_count: int) -> Program:
    """Read one robot program for an arm of so many joints.

    Raises:
        SceneError: waypoints and dwells do not fit each other or the arm.
    """
    where = str(prim.GetPath())
    reading = read_values(prim, ProgramParams)
    if reading.problems:
        raise SceneError(reading.problems)
    params = reading.params
    assert isinstance(params, ProgramParams)
    count, left = divmod(len(params.waypoints), joint_count)
    if left or not count:
        rule = f"must have {joint_count} positions for each waypoint, as the robot has joints"
        raise SceneError([Problem(f"{where} twin:waypoints", rule, str(len(params.waypoints)))])
    if len(params.dwells) != count:
        rule = f"must have one wait for each of the {count} waypoints"
        raise SceneError([Problem(f"{where} twin:dwells", rule, str(len(params.dwells)))])
    waypoints = np.radians(np.array(params.waypoints).reshape(count, joint_count))
    waypoints.setflags(write=False)
    dwells = np.array(params.dwells)
    dwells.setflags(write=False)
    return Program(path=where, products=params.products, waypoints=waypoints, dwells=dwells)
