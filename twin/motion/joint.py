"""Joints and links: what an arm is built of, and what can be wrong with them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twin.errors import Problem

__all__ = ["Joint", "Link", "faults_of_joint", "faults_of_link", "is_a_body_s", "unit_axis"]

PRINCIPAL = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}
ROUNDING = 1e-6  # of the largest inertia: what single precision may do to it

Vector = tuple[float, float, float]
ZERO = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """One joint: where it is in the link before it, and what it can do.

    A revolute joint turns, in radians; a prismatic one slides, in metres. Read [rad] as [m] and
    [N m] as [N] for the latter.
    """

    origin: Vector  # in the link before [m]
    wxyz: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)  # in the link before, at q = 0
    axis: str | Vector  # "X", "Y" or "Z" of the joint's own frame, or any vector in it
    prismatic: bool = False
    lower: float  # lowest position [rad]
    upper: float  # highest position [rad]
    speed: float  # largest [rad/s]
    acceleration: float  # largest [rad/s2]
    jerk: float = math.inf  # largest [rad/s3]
    effort: float = math.inf  # largest torque of its drive [N m]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One rigid link: its mass and how that is spread, in the link's own frame."""

    mass: float = 0.0  # [kg]; 0 is unknown
    com: Vector = (0.0, 0.0, 0.0)  # centre of mass [m]
    inertia: tuple[Vector, Vector, Vector] = (ZERO, ZERO, ZERO)  # about it, link's axes [kg m2]
    name: str = ""


def unit_axis(joint: Joint) -> Vector:
    """The joint's axis as a unit vector in its own frame."""
    if isinstance(joint.axis, str):
        return PRINCIPAL[joint.axis]
    x, y, z = joint.axis
    length = math.hypot(x, y, z)
    return x / length, y / length, z / length


def faults_of_joint(path: str, joint: Joint) -> Iterator[Problem]:
    """What is wrong with a joint, if anything."""
    axis = joint.axis
    if isinstance(axis, str):
        if axis not in PRINCIPAL:
            yield Problem(path, "axis must be X, Y or Z", axis)
    elif not 0 < math.hypot(*axis) < math.inf:
        yield Problem(path, "axis must be a vector of some length", str(axis))
    if not joint.lower <= joint.upper:
        yield Problem(path, "lower limit must not be above upper", f"{joint.lower}, {joint.upper}")
    for name in ("speed", "acceleration", "jerk", "effort"):
        if not getattr(joint, name) > 0:
            yield Problem(path, f"{name} must be > 0", str(getattr(joint, name)))
    if not any(joint.wxyz):
        yield Problem(path, "wxyz must not be zero", str(joint.wxyz))
    if not np.isfinite([*joint.origin, *joint.wxyz]).all():
        yield Problem(path, "origin and wxyz must be finite", f"{joint.origin}, {joint.wxyz}")


def faults_of_link(path: str, link: Link) -> Iterator[Problem]:
    """What is wrong with a link, if anything."""
    inertia = np.array(link.inertia, dtype=np.float64)
    if not np.isfinite([link.mass, *link.com, *inertia.ravel()]).all() or link.mass < 0:
        yield Problem(path, "mass must be >= 0 kg, all mass properties finite", f"{link.mass} kg")
        return
    slack = ROUNDING * np.abs(inertia).max()
    if not np.allclose(inertia, inertia.T, rtol=0, atol=slack):
        yield Problem(path, "inertia must be symmetric", str(inertia.tolist()))
    elif np.linalg.eigvalsh(inertia).min() < -slack:
        low, middle, high = np.linalg.eigvalsh(inertia).tolist()
        rule = "inertia must have no negative principal moment"
        yield Problem(path, rule, f"{low:g}, {middle:g}, {high:g} kg m2")


def is_a_body_s(link: Link) -> bool:
    """Whether an inertia can be a body's: no principal moment is above the sum of the others."""
    low, middle, high = np.linalg.eigvalsh(np.array(link.inertia, dtype=np.float64)).tolist()
    return low + middle >= high * (1 - ROUNDING)
