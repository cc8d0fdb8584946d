"""The robot with its gun: its arm, and where it rests."""

import math
from functools import cache
from pathlib import Path

import numpy as np
from pxr import Usd, UsdPhysics

from twin.motion import Arm, Joint, inverse
from twin.motion.frame import invert_matrix, matrix_from

__all__ = ["HOME", "TOOL_ASSET", "arm_of", "home", "home_degrees"]

ASSETS = Path(__file__).parents[3] / "assets"
ROBOT_ASSET = "robots/hs220/hs220.usda"
TOOL_ASSET = "tools/weld_gun/weld_gun.usda"
TOOL = (0.62, 0.0, -0.12)  # of the gun's asset: flange to the tip of the fixed electrode [m]
HOME = (1.42, 0.0, 1.28)  # that tip at rest, in the robot's base frame [m]
DIGITS = 3  # of a joint position at rest [deg]


@cache
def arm_of() -> Arm:
    """Read the arm from the robot's asset."""
    stage = Usd.Stage.Open(str(ASSETS / ROBOT_ASSET))
    joints = [UsdPhysics.RevoluteJoint(prim) for prim in stage.Traverse()]
    return Arm.build([_joint(each) for each in joints if each], where=ROBOT_ASSET)


def _joint(joint: UsdPhysics.RevoluteJoint) -> Joint:
    turn = joint.GetLocalRot0Attr().Get()
    prim = joint.GetPrim()
    return Joint(
        origin=tuple(joint.GetLocalPos0Attr().Get()),
        wxyz=(turn.real, *turn.imaginary),
        axis=joint.GetAxisAttr().Get(),
        lower=math.radians(joint.GetLowerLimitAttr().Get()),
        upper=math.radians(joint.GetUpperLimitAttr().Get()),
        speed=math.radians(prim.GetAttribute("twin:maxSpeed").Get()),
        acceleration=math.radians(prim.GetAttribute("twin:maxAcceleration").Get()),
        jerk=math.radians(prim.GetAttribute("twin:maxJerk").Get()),
    )


@cache
def home(tip: tuple[float, float, float] = HOME) -> tuple[float, ...]:
    """Joint positions at rest [rad]: the gun upright, drawn back from the body."""
    flange = matrix_from(tip, (1.0, 0.0, 0.0, 0.0)) @ invert_matrix(
        matrix_from(TOOL, (1.0, 0.0, 0.0, 0.0))
    )
    upright = (0.0, math.pi / 2, 0.0, 0.0, 0.0, 0.0)
    return tuple(inverse.reach_flange(arm_of(), flange[None], upright)[0].tolist())


def home_degrees() -> tuple[float, ...]:
    """The same as a scene says it [deg]."""
    return tuple((np.round(np.degrees(home()), DIGITS) + 0.0).tolist())
