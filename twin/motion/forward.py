"""Forward kinematics of many robots: tables of joints, and two ways to multiply the chains out.

A few robots are placed in plain NumPy, which needs no compiler; many by the compiled kernel, some
fifteen times faster. Both follow the same formula and differ by rounding only.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compiled
from twin.motion.chain_kernel import BLOCK, JOINT, place_links

__all__ = ["frames_of_few", "frames_of_many", "joint_table"]

Array = NDArray[np.float64]


def joint_table(fixed: Array, axis: Array, prismatic: NDArray[np.bool_]) -> Array:
    """Numbers of each joint for the kernel, shape [J, JOINT]; arguments as in `Arm`."""
    rotation, along = fixed[:, :3, :3], axis[:, :, None] * axis[:, None, :]
    across = np.cross(axis[:, None, :], np.eye(3)).swapaxes(1, 2)  # the cross product with the axis
    still = rotation @ np.where(prismatic[:, None, None], np.eye(3), along)
    turns = np.where(prismatic, 0.0, 1.0)[:, None, None] * rotation
    table = np.empty((len(axis), JOINT))
    table[:, :9] = still.reshape(-1, 9)
    table[:, 9:18] = (turns @ (np.eye(3) - along)).reshape(-1, 9)
    table[:, 18:27] = (turns @ across).reshape(-1, 9)
    table[:, 27:30] = fixed[:, :3, 3]
    table[:, 30:33] = np.where(prismatic[:, None], (rotation @ axis[:, :, None])[..., 0], 0.0)
    return table


def frames_of_few(table: Array, joints: Array, base: Array) -> Array:
    """Link frames in plain NumPy, shape [n, J + 1, 4, 4].

    Args:
        table: Joints, of all robots or of each: shape [J, JOINT] or [n, J, JOINT].
        joints: Joint positions [rad], shape [n, J].
        base: Where the robots stand, shape [4, 4] or [n, 4, 4].
    """
    count, joint_count = joints.shape
    c, s, q = np.cos(joints)[..., None], np.sin(joints)[..., None], joints[..., None]
    local = np.zeros((count, joint_count, 4, 4))
    turn = table[..., :9] + c * table[..., 9:18] + s * table[..., 18:27]
    local[..., :3, :3] = turn.reshape(count, joint_count, 3, 3)
    local[..., :3, 3] = table[..., 27:30] + q * table[..., 30:33]
    local[..., 3, 3] = 1.0
    frames = np.empty((count, joint_count + 1, 4, 4))
    frames[:, 0] = base
    for i in range(joint_count):
        frames[:, i + 1] = frames[:, i] @ local[:, i]
    return frames


def frames_of_many(table: Array, row: Any, joints: Array, base: Array, out: Any) -> None:
    """Write link frames by the compiled kernel; see `place_links` for shapes."""
    kernel: Any = _kernel()
    room = np.empty((2, BLOCK * joints.shape[1]))
    kernel(table, row, joints.reshape(-1), base.reshape(-1, 4, 4), room[0], room[1], out)


@cache
def _kernel() -> Any:
    return compiled(place_links)
