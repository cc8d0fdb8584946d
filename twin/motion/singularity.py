"""How far a spherical-wrist arm is from its singularities, and which targets come too near."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem
from twin.motion.arm import Arm
from twin.motion.wrist import SphericalWrist, spherical_wrist

__all__ = ["Singularity", "nearly_singular", "singularity", "wrist_centre"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Singularity:
    """How far an arm with a spherical wrist is from each of its singularities."""

    wrist: Array  # axis 6 from the line of axis 4 [rad], 0 to pi/2, shape [n]
    elbow: Array  # the arm from stretched or folded [rad], 0 to pi/2, shape [n]
    shoulder: Array  # the wrist centre from where axis 1 can't follow it [m], shape [n]


def singularity(arm: Arm, joints: ArrayLike) -> Singularity:
    """Distance from the three singularities at joint positions [n, 6] [rad].

    Raises:
        SceneError: the arm has no spherical wrist.
    """
    wrist = spherical_wrist(arm)
    q = np.asarray(joints, dtype=np.float64)
    bend = wrist["fold"] * q[:, 2] + wrist["fore_angle"] - wrist["upper_angle"]
    x, y, _, beside = wrist_centre(wrist, arm.flange(q))
    ahead = np.sqrt(np.maximum(x**2 + y**2 - beside**2, 0.0))
    return Singularity(
        wrist=_from_singular(q[:, 4] + wrist["straight"]),
        elbow=_from_singular(bend),
        shoulder=ahead,
    )


def nearly_singular(
    arm: Arm,
    joints: ArrayLike,
    *,
    margin: float = np.radians(3.0),
    where: str = "arm",
    targets: Sequence[str] = (),
) -> Iterator[Problem]:
    """Name the targets whose joint positions [n, 6] lie within a margin [rad] of a singularity.

    At the shoulder the margin counts as the angle that the distance makes at the arm's length.
    """
    wrist, found = spherical_wrist(arm), singularity(arm, joints)
    arm_length = wrist["upper"] + wrist["fore"]
    for i in range(len(found.wrist)):
        path = f"{where} {targets[i] if targets else f'pose {i + 1}'}"
        angles = (
            ("wrist", found.wrist[i], "axes 4 and 6 nearly line up", "tilt the tool"),
            ("elbow", found.elbow[i], "the arm is nearly stretched", "move the target nearer"),
        )
        for name, angle, value, way_out in angles:
            if angle < margin:
                rule = f"should stay clear of the {name}'s singularity"
                yield Problem(path, rule, f"{np.degrees(angle):.2f} deg: {value}", way_out)
        if found.shoulder[i] < margin * arm_length:
            rule = "should stay clear of the shoulder's singularity"
            value = f"{1e3 * found.shoulder[i]:.0f} mm: the wrist centre is nearly above axis 1"
            yield Problem(path, rule, value, "move the target off the robot's first axis")


def wrist_centre(wrist: SphericalWrist, poses: Array) -> tuple[Array, Array, Array, Array]:
    """Wrist centres in the canonical base, and how far beside the arm's plane they must be [m]."""
    seen = poses[:, :3, :3] @ wrist.right[:, 3] + poses[:, :3, 3]
    x, y, z = (seen @ wrist.left[:, :3].T + wrist.left[:, 3]).T
    return x, y, z, (wrist["sideways"] - wrist["cosine_1"] * z) / wrist["sine_1"]


def _from_singular(angle: Array) -> Array:
    """Angle [rad] from the nearest multiple of half a turn."""
    return np.abs(angle - np.pi * np.round(angle / np.pi))
