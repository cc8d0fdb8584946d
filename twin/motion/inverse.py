"""Inverse kinematics: joint positions that bring an arm's flange to a given pose, in closed form.

For six-axis arms with a spherical wrist: axes 2 and 3 are parallel, axes 4, 5 and 6 meet in one
point, each square to the next. That is nearly every heavy industrial arm. The geometry is read off
the arm's joint chain at zero, so any base, offset or zero convention will do. The method is the
textbook decoupling (Pieper, 1968), written with axes as vectors: axis 1 turns the wrist centre into
the arm's plane, axes 3 and 2 place it there, and the wrist makes up the rest of the rotation. Each
step has two answers, so there are eight branches.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm
from twin.motion.frame import invert_matrix, rotation_about

__all__ = ["nearest", "reach_flange", "solve"]

Array = NDArray[np.float64]

TOLERANCE = 1e-6  # [m], or per unit of a direction: what counts as meeting, parallel, reached
LIMIT_SLACK = 1e-9  # [rad]: rounding that is snapped back to a limit
WAY_OUT = "place such an arm by joint positions instead"


def solve(arm: Arm, flange: ArrayLike, base: ArrayLike | None = None) -> Array:
    """Find all joint positions that reach flange poses, whatever the joint limits.

    Args:
        arm: A six-axis arm with a spherical wrist.
        flange: Poses of the flange in the world, shape [n, 4, 4].
        base: Where the arm stands in the world, shape [4, 4] or [n, 4, 4]; None: the origin.

    Returns:
        Joint positions [rad] in (-pi, pi], shape [n, 8, 6]. The branches are shoulder (2), elbow
        (2), wrist (2), the wrist changing fastest. Every branch is proven by forward kinematics;
        one that does not reach is not-a-number. Where axes 4 and 6 line up, joint 4 is 0.

    Raises:
        SceneError: the arm has no spherical wrist.
    """
    wrist = _Wrist.of(arm)
    poses = np.asarray(flange, dtype=np.float64)
    if base is not None:
        poses = invert_matrix(base) @ poses
    motion = poses @ wrist.home_inverse  # carries everything from the zero pose to the goal
    first, second, third = _place_centre(wrist, motion)
    n1, n2, *_ = wrist.axis
    carried = rotation_about(n1, first)[..., None, :, :] @ rotation_about(n2, second + third)
    rest = np.swapaxes(carried, -1, -2) @ motion[:, None, None, :3, :3]
    fourth, fifth, sixth = _turn_wrist(wrist, rest)

    arm_joints = np.broadcast_arrays(first[..., None], second, wrist.fold * third)
    columns = [np.broadcast_to(q[..., None], fifth.shape) for q in arm_joints]
    joints = np.stack([*columns, fourth, fifth, sixth], axis=-1).reshape(-1, 6)
    joints = np.pi - np.mod(np.pi - joints, 2 * np.pi)

    wanted = np.repeat(poses, 8, axis=0)
    missed = np.abs(arm.flange(joints) - wanted).max(axis=(1, 2))
    joints[~(missed <= TOLERANCE)] = np.nan
    return joints.reshape(-1, 8, 6)


def nearest(arm: Arm, branches: ArrayLike, reference: ArrayLike) -> Array:
    """Choose the branch within the joint limits that is soonest reached from a reference pose.

    Whole turns are added where an axis may turn that far. Soonest is judged at full speed, by the
    axis that takes longest.

    Args:
        arm: Gives limits and speeds.
        branches: Answers of `solve`, shape [n, k, J] [rad].
        reference: Joint positions to come from [rad], shape [n, J] or [J].

    Returns:
        Joint positions [rad], shape [n, J]; not-a-number where no branch is within the limits.
    """
    branches = np.asarray(branches, dtype=np.float64)
    near = np.asarray(reference, dtype=np.float64)
    near = np.broadcast_to(near, (len(branches), branches.shape[2]))[:, None, :]
    turn = 2 * np.pi
    joints = branches + turn * np.round((near - branches) / turn)
    joints = np.where(joints > arm.upper + LIMIT_SLACK, joints - turn, joints)
    joints = np.where(joints < arm.lower - LIMIT_SLACK, joints + turn, joints)
    allowed = np.clip(joints, arm.lower, arm.upper)
    possible = np.all(np.abs(allowed - joints) <= LIMIT_SLACK, axis=-1)  # not-a-number is not
    time = np.where(possible, np.max(np.abs(allowed - near) / arm.speed, axis=-1), np.inf)
    best = np.argmin(time, axis=1)
    row = np.arange(len(best))
    return np.where(possible[row, best][:, None], allowed[row, best], np.nan)


def reach_flange(
    arm: Arm,
    flange: ArrayLike,
    reference: ArrayLike,
    *,
    base: ArrayLike | None = None,
    where: str = "arm",
) -> Array:
    """Find joint positions within limits for flange poses, soonest reached from a reference.

    Args:
        arm: A six-axis arm with a spherical wrist.
        flange: Poses of the flange in the world, shape [n, 4, 4].
        reference: Joint positions to come from [rad], shape [n, 6] or [6].
        base: Where the arm stands in the world, shape [4, 4] or [n, 4, 4]; None: the origin.
        where: Whose arm it is, for messages: a prim path.

    Returns:
        Joint positions [rad], shape [n, 6].

    Raises:
        SceneError: a pose is out of reach, or the arm has no spherical wrist.
    """
    joints = nearest(arm, solve(arm, flange, base), reference)
    poses = np.asarray(flange, dtype=np.float64)
    lost = np.flatnonzero(np.isnan(joints).any(axis=1))
    if len(lost):
        raise SceneError(
            Problem(
                f"{where} pose {i + 1}",
                "must be within reach and joint limits",
                f"flange at {np.round(poses[i, :3, 3], 3).tolist()} m",
                "move the robot or the target, or turn the target",
            )
            for i in lost.tolist()
        )
    return joints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Wrist:
    """An arm's geometry at its zero pose, in its base frame."""

    axis: Array  # unit joint axes, shape [6, 3]; axis 3 turned to point the way axis 2 does
    origin: Array  # a point on each axis [m], shape [6, 3]
    fold: float  # -1 where axis 3 had to be turned round, else 1
    centre: Array  # where axes 4, 5 and 6 meet [m], shape [3]
    home_inverse: Array  # inverse of the flange's pose, shape [4, 4]

    @classmethod
    def of(cls, arm: Arm) -> "_Wrist":
        """Read the geometry, or say why the arm has no spherical wrist."""
        if arm.joint_count != 6:
            raise _no_wrist("must have 6 joints", str(arm.joint_count))
        frames = arm.link_frames(np.zeros((1, 6)))[0]
        axis = (frames[1:, :3, :3] @ arm.axis[..., None])[..., 0]
        origin = frames[1:, :3, 3]
        fold = 1.0 if axis[1] @ axis[2] > 0 else -1.0
        axis[2] *= fold

        # The point nearest to the three wrist axes: the sum of its offsets square to them is zero.
        square = np.eye(3) - axis[3:, :, None] * axis[3:, None, :]
        total: Array = square.sum(axis=0)
        offsets: Array = (square @ origin[3:, :, None]).sum(axis=(0, 2))
        meeting = np.abs(axis[3:-1] @ axis[4:].T).diagonal()
        if np.any(meeting > TOLERANCE):
            raise _no_wrist("axes 4, 5 and 6 must be square to each next", f"cosines {meeting}")
        centre = np.asarray(np.linalg.solve(total, offsets), dtype=np.float64)
        offset = np.linalg.norm(square @ (centre - origin[3:])[..., None], axis=(1, 2))
        if np.any(offset > TOLERANCE):
            raise _no_wrist("axes 4, 5 and 6 must meet in one point", f"offsets {offset} m")
        if np.linalg.norm(axis[1] - axis[2]) > TOLERANCE:
            raise _no_wrist("axes 2 and 3 must be parallel", f"{axis[1]} and {axis[2]}")
        if np.linalg.norm(np.cross(axis[0], axis[1])) < TOLERANCE:
            raise _no_wrist("axes 1 and 2 must not be parallel", f"{axis[0]} and {axis[1]}")
        home_inverse = invert_matrix(frames[-1])
        return cls(axis=axis, origin=origin, fold=fold, centre=centre, home_inverse=home_inverse)


def _place_centre(wrist: _Wrist, motion: Array) -> tuple[Array, Array, Array]:
    """Angles of axes 1, 2, 3 that put the wrist centre in place: [n, 2], [n, 2, 2], [n, 2, 2]."""
    n1, n2 = wrist.axis[:2]
    o1, o2, o3 = wrist.origin[:3]
    goal = motion[:, :3, :3] @ wrist.centre + motion[:, :3, 3] - o1

    # Axis 1: turned back, the centre has the sideways offset along axis 2 that it has at zero.
    tilt = n1 @ n2
    sideways = n2 @ (wrist.centre - o1) - tilt * (goal @ n1)
    first = _two_angles(goal @ (n2 - tilt * n1), goal @ np.cross(n1, n2), sideways)

    # Axes 2 and 3, seen along them: a triangle of upper arm, forearm and the way to the centre.
    flat = np.eye(3) - np.outer(n2, n2)
    way = (rotation_about(n1, -first) @ goal[:, None, :, None])[..., 0] + o1 - o2
    way, upper, fore = way @ flat, (o3 - o2) @ flat, (wrist.centre - o3) @ flat
    across = np.cross(n2, fore)
    rest = ((way * way).sum(axis=-1) - upper @ upper - fore @ fore) / 2
    third = _two_angles(np.full_like(rest, upper @ fore), np.full_like(rest, upper @ across), rest)
    bent = upper + np.cos(third)[..., None] * fore + np.sin(third)[..., None] * across
    second = _angle_about(n2, bent, way[..., None, :])
    return first, second, third


def _turn_wrist(wrist: _Wrist, rest: Array) -> tuple[Array, Array, Array]:
    """Angles of axes 4, 5, 6 that together make rotations [n, 2, 2, 3, 3]; each [n, 2, 2, 2]."""
    n4, n5, n6 = wrist.axis[3:]
    aim = rest @ n6  # where axis 6 must point
    lean = np.arctan2(np.linalg.norm(np.cross(n4, aim), axis=-1), aim @ n4)
    straight = np.arctan2(n4 @ np.cross(n5, n6), n4 @ n6)  # where axis 6 lies along axis 4
    fifth = straight + lean[..., None] * np.array([1.0, -1.0])
    turned = rotation_about(n5, fifth)
    fourth = _angle_about(n4, turned @ n6, aim[..., None, :])
    fourth = np.where(np.sin(lean)[..., None] > LIMIT_SLACK, fourth, 0.0)
    carried = rotation_about(n4, fourth) @ turned
    left = np.swapaxes(carried, -1, -2) @ rest[..., None, :, :]
    sixth = _angle_about(n6, n5, left @ n5)
    return fourth, fifth, sixth


def _two_angles(a: Array, b: Array, c: Array) -> Array:
    """Both angles with a cos(q) + b sin(q) = c, shape [..., 2]; if none, the closest twice."""
    half = np.hypot(a, b)
    spread = np.arccos(np.clip(c / np.where(half > 0, half, 1.0), -1.0, 1.0))
    return np.arctan2(b, a)[..., None] + spread[..., None] * np.array([1.0, -1.0])


def _angle_about(axis: Array, start: Array, end: Array) -> Array:
    """Angle about a unit axis [3] that turns vectors `start` into `end`, seen along the axis."""
    cosine = (start * end).sum(axis=-1) - (start @ axis) * (end @ axis)
    return np.arctan2(np.cross(start, end) @ axis, cosine)


def _no_wrist(rule: str, value: str) -> SceneError:
    return SceneError([Problem("arm without a spherical wrist:", rule, value, WAY_OUT)])
