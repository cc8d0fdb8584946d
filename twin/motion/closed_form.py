"""Inverse kinematics in closed form: all joint positions that bring a flange to a given pose.

For six-axis arms with a spherical wrist; `twin.motion.wrist` reads the geometry, and
`twin.motion.branches` solves it. Any other chain is for `twin.motion.damped`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.core.compiled import compiled
from twin.motion.arm import Arm
from twin.motion.branches import fill_branches
from twin.motion.damped import polish
from twin.motion.frame import invert_matrix
from twin.motion.wrist import spherical_wrist

__all__ = ["solve"]

Array = NDArray[np.float64]

CLOSE = 1e-9  # [m] and [rad]: what a polished branch must reach


def solve(arm: Arm, flange: ArrayLike, base: ArrayLike | None = None) -> Array:
    """Find all joint positions that reach flange poses, whatever the joint limits.

    Args:
        arm: A six-axis arm with a spherical wrist.
        flange: Poses of the flange in the world, shape [n, 4, 4].
        base: Where the arm stands in the world, shape [4, 4] or [n, 4, 4]; None: the origin.

    Returns:
        Joint positions [rad] in (-pi, pi], shape [n, 8, 6]. The branches are shoulder (2), elbow
        (2), wrist (2), the wrist changing fastest; one that does not reach is not-a-number. A pose
        up to 1 um out of reach is reached as nearly as can be. Where axes 4 and 6 line up, joint 4
        is 0. An arm whose geometry is rounded, as many files have it, is solved as if it were
        exact, then each branch is brought onto its pose by Newton steps on the arm as it is.

    Raises:
        SceneError: the arm has no spherical wrist.
    """
    wrist = spherical_wrist(arm)
    poses = np.asarray(flange, dtype=np.float64)
    if base is not None:
        poses = invert_matrix(base) @ poses
    poses = np.require(poses, requirements=["C", "W"])
    joints = np.empty((len(poses), 8, 6))
    room = np.empty((2, 3, 4))
    compiled(fill_branches)(wrist.left, wrist.right, wrist.shape, poses, room, joints)
    return joints if wrist.exact else _polished(arm, poses, joints)


def _polished(arm: Arm, poses: Array, joints: Array) -> Array:
    """Branches brought onto their poses; those that can't be are not-a-number."""
    better = polish(arm, np.repeat(poses, 8, axis=0), joints.reshape(-1, 6))
    near = np.pi - np.mod(np.pi - better.joints, 2 * np.pi)
    near[~better.reached] = np.nan
    return near.reshape(-1, 8, 6)
