"""How the flange moves with the joints: Jacobian, manipulability, distance to a singularity."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.arm import Arm

__all__ = ["jacobian", "manipulability", "singularity_distance"]

Array = NDArray[np.float64]


def jacobian(arm: Arm, joints: ArrayLike, base: ArrayLike | None = None) -> Array:
    """Geometric Jacobian at the flange, in world axes.

    Its product with the joint speeds is the flange's velocity [m/s] above its angular velocity
    [rad/s]: column i is (a x (p - o), a) for a revolute joint with axis a through o, (a, 0) for a
    prismatic one (Siciliano et al., Robotics, 2009, section 3.1).

    Args:
        arm: The arm, with J joints.
        joints: Joint positions [rad], [m] where prismatic, shape [n, J].
        base: Where the arm stands in the world, shape [4, 4] or [n, 4, 4]; None: the origin.

    Returns:
        Shape [n, 6, J].
    """
    frames = arm.link_frames(joints, base)
    tip = (frames[:, -1] @ arm.tail)[:, None, :3, 3]
    axis = (frames[:, 1:, :3, :3] @ arm.axis[..., None])[..., 0]
    slides = arm.prismatic[:, None]
    linear = np.where(slides, axis, np.cross(axis, tip - frames[:, 1:, :3, 3]))
    angular = np.where(slides, 0.0, axis)
    return np.swapaxes(np.concatenate([linear, angular], axis=2), 1, 2)


def manipulability(arm: Arm, joints: ArrayLike) -> Array:
    """How freely the flange moves: sqrt det(J J^T), 0 in a singularity, shape [n].

    Yoshikawa, Manipulability of robotic mechanisms (1985). For an arm of fewer than six joints
    it is sqrt det(J^T J), the volume that its joints span. Arguments as in `jacobian`.
    """
    singular = np.linalg.svd(jacobian(arm, joints), compute_uv=False)
    return np.prod(singular, axis=1)


def singularity_distance(arm: Arm, joints: ArrayLike) -> Array:
    """Smallest singular value of the Jacobian, shape [n]: 0 in a singularity.

    It is the slowest that the flange moves for joint speeds of norm 1 in their best direction, and
    the distance of J to the nearest matrix of lower rank (Eckart and Young). Metres and radians
    are mixed as they stand.
    """
    return np.linalg.svd(jacobian(arm, joints), compute_uv=False)[:, -1]
