"""How far a step of a joint can move the tool: levers, which bound the tool's motion for sure.

With x(q) the tool centre, the second derivative by joints k <= l is z_k x dx/dq_l, or 0 where joint
k slides. So it is never longer than the lever of joint l: the distance from its origin to the tool
with the arm stretched out, or 1 where joint l slides.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.arm import Arm

__all__ = ["bend", "levers", "tool_centres", "tool_rows"]

Array = NDArray[np.float64]


def levers(arm: Arm, tool: ArrayLike | None = None) -> Array:
    """Bounds of how fast the tool centre moves with each joint, falling towards the tool.

    Returns:
        [m/rad], or [m/m] where a joint slides; shape [J]. Each is at least the ones after it.
    """
    zero = np.zeros((1, arm.joint_count))
    last = np.linalg.norm(tool_centres(arm, zero, tool)[0] - arm.link_frames(zero)[0, -1, :3, 3])
    hops = np.linalg.norm(arm.fixed[:, :3, 3], axis=1)
    stroke = np.maximum(np.abs(arm.lower), np.abs(arm.upper))
    beyond = np.concatenate([(hops + np.where(arm.prismatic, stroke, 0.0))[1:], [float(last)]])
    reach = np.cumsum(beyond[::-1])[::-1]
    own = np.where(arm.prismatic, 1.0, reach)
    return np.maximum.accumulate(own[::-1])[::-1].copy()


def tool_rows(arm: Arm, joints: Array, tool: ArrayLike | None = None) -> Array:
    """Derivative of the tool centre by the joints, in the base frame; shape [n, 3, J]."""
    frames = arm.link_frames(joints)[:, 1:]
    axes = (frames[..., :3, :3] @ arm.axis[..., None])[..., 0]
    arms = tool_centres(arm, joints, tool)[:, None] - frames[..., :3, 3]
    moved = np.where(arm.prismatic[:, None], axes, np.cross(axes, arms))
    return np.swapaxes(moved, 1, 2)


def bend(lever: Array, step: Array) -> Array:
    """Bound of the second-order part of a tool's way over joint steps [..., J] [m], shape [...].

    Half the sum of |step_k| |step_l| lever_max(k, l): levers fall towards the tool, so the matrix
    is that of a norm, and the bound at the corners of a triangle of steps holds inside it.
    """
    size = np.abs(step)
    pairs = np.minimum(lever[:, None], lever[None, :])
    return np.einsum("...k,kl,...l->...", size, pairs, size) / 2


def tool_centres(arm: Arm, joints: Array, tool: ArrayLike | None = None) -> Array:
    """Tool centres in the base frame [m], shape [n, 3]."""
    flange = arm.flange(joints)
    if tool is not None:
        flange = flange @ np.asarray(tool, dtype=np.float64)
    return flange[:, :3, 3]
