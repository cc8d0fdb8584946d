"""Where links are, and how the flange moves with the joints.

Poses of all links of mixed robots as fast as they can be written, Jacobian, manipulability and
distance to a singularity.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm, Arms
from twin.motion.forward import frames_of_many

__all__ = ["jacobian", "link_poses", "manipulability", "singularity_distance"]

Array = NDArray[np.float64]


def link_poses(
    arms: Arm | Arms,
    row: ArrayLike,
    joints: ArrayLike,
    base: ArrayLike | None = None,
    *,
    out: NDArray[np.floating] | None = None,
) -> NDArray[np.floating]:
    """Poses of the base and all links in the world, many robots of mixed types at once.

    The same as `Arms.link_frames`, without the row (0, 0, 0, 1), always compiled, into memory that
    can be used again: new memory takes as long to get as poses take to compute. Single precision
    is that of the result only: it is computed in double precision, so an entry is off by at most
    2^-24 of itself.

    Args:
        arms: Types of arm with J joints, or a single one.
        row: Type of each robot, shape [n] or one for all.
        joints: Joint positions [rad], [m] where prismatic, shape [n, J].
        base: Where each robot stands in the world, shape [4, 4] or [n, 4, 4]; None: the origin.
        out: Where to write, float64 or float32, shape [n, J + 1, 3, 4]; None: new float64.

    Returns:
        `out`: rotation and origin of each link, the base first.

    Raises:
        SceneError: shapes do not fit each other, or a row is none of the types.
    """
    table = arms.table if isinstance(arms, Arms) else arms.table[None]
    q = np.ascontiguousarray(joints, dtype=np.float64)
    stand = np.eye(4)[None] if base is None else np.asarray(base, dtype=np.float64)
    stand = np.ascontiguousarray(stand.reshape(-1, 4, 4))
    count = len(q)
    rows = np.ascontiguousarray(np.broadcast_to(np.asarray(row, dtype=np.int64), (count,)))
    shape = (count, table.shape[1] + 1, 3, 4)
    poses = np.empty(shape) if out is None else out
    wrong = [
        (q.shape != (count, table.shape[1]), "joints", f"be [n, {table.shape[1]}]", q.shape),
        (len(stand) not in {1, count}, "base", f"be one or {count} matrices", stand.shape),
        (poses.shape != shape, "out", f"be {list(shape)}", poses.shape),
    ]
    problems = [
        Problem(f"link_poses {n}", f"must {r}", f"{list(s)}") for bad, n, r, s in wrong if bad
    ]
    if count and not 0 <= rows.min() <= rows.max() < len(table):
        value = f"{rows.min()} to {rows.max()}"
        problems.append(Problem("link_poses row", f"must be 0 to {len(table) - 1}", value))
    if problems:
        raise SceneError(problems)
    if count:
        frames_of_many(table, rows, q, stand, poses)
    return poses


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
    volume: Array = np.prod(_singular_values(arm, joints), axis=1)
    return volume


def singularity_distance(arm: Arm, joints: ArrayLike) -> Array:
    """Smallest singular value of the Jacobian, shape [n]: 0 in a singularity.

    It is the slowest that the flange moves for joint speeds of norm 1 in their best direction, and
    the distance of J to the nearest matrix of lower rank (Eckart and Young). Metres and radians
    are mixed as they stand.
    """
    return _singular_values(arm, joints)[:, -1]


def _singular_values(arm: Arm, joints: ArrayLike) -> Array:
    """Of the Jacobian at the flange, falling, shape [n, min(6, J)]."""
    found = np.linalg.svd(jacobian(arm, joints), compute_uv=False)
    return np.asarray(found, dtype=np.float64)
