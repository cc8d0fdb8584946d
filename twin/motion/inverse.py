"""Inverse kinematics: joint positions that bring an arm's flange to a given pose.

`reach_flange` is the door: an arm with a spherical wrist is solved in closed form, all eight
branches, any other chain by damped least squares. Of several answers one is chosen by the rule of
`twin.motion.choice`; `follow` chooses for a whole path at once.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import SceneError
from twin.motion.arm import Arm
from twin.motion.choice import nearest
from twin.motion.closed_form import solve
from twin.motion.damped import solve_damped
from twin.motion.reach import explain
from twin.motion.sequence import soonest_path
from twin.motion.wrist import has_spherical_wrist

__all__ = ["follow", "nearest", "reach_flange", "solve"]

Array = NDArray[np.float64]


def reach_flange(
    arm: Arm,
    flange: ArrayLike,
    reference: ArrayLike,
    *,
    base: ArrayLike | None = None,
    where: str = "arm",
    targets: Sequence[str] = (),
) -> Array:
    """Find joint positions within limits for flange poses, each seen from a reference.

    Args:
        arm: Any arm.
        flange: Poses of the flange in the world, shape [n, 4, 4].
        reference: Joint positions to come from [rad], shape [n, J] or [J].
        base: Where the arm stands in the world, shape [4, 4] or [n, 4, 4]; None: the origin.
        where: Whose arm it is, for messages: a prim path.
        targets: What the poses are called, for messages; empty: by number.

    Returns:
        Joint positions [rad], shape [n, J].

    Raises:
        SceneError: poses can't be reached; each with the reason and the nearest that works.
    """
    poses = np.asarray(flange, dtype=np.float64)
    if has_spherical_wrist(arm):
        joints = nearest(arm, solve(arm, poses, base), reference)
    else:
        found = solve_damped(arm, poses, reference, base=base)
        joints = np.where(found.reached[:, None], found.joints, np.nan)
    _must_reach(arm, poses, joints, base, where, targets)
    return joints


def follow(
    arm: Arm,
    flanges: ArrayLike,
    start: ArrayLike,
    *,
    base: ArrayLike | None = None,
    where: str = "arm",
    targets: Sequence[str] = (),
    wanted: Sequence[int] = (),
) -> Array:
    """Find joint positions for poses that are visited one after another, in the shortest time.

    Branches and whole turns are chosen jointly, by dynamic programming over all of them: the sum
    of the rule's costs is the least there is (Bellman, 1957). An axis without limits may wind one
    turn either way of the start. An arm without a spherical wrist takes for each pose what
    `reach_flange` finds from the pose before.

    Args:
        arm: Any arm.
        flanges: Poses of the flange in the world, in their order, shape [n, 4, 4].
        start: Joint positions to come from [rad], shape [J].
        base: As in `reach_flange`; `where` and `targets` as well.
        where: Whose arm it is.
        targets: What the poses are called.
        wanted: For each pose the branch to take, from 1 as `solve` numbers them, where the arm has
            it within its limits; 0: any. Empty: any for all.

    Returns:
        Joint positions [rad], shape [n, J].

    Raises:
        SceneError: poses can't be reached; each with the reason and the nearest that works.
    """
    poses, near = np.asarray(flanges, dtype=np.float64), np.asarray(start, dtype=np.float64)
    if has_spherical_wrist(arm):
        branches = solve(arm, poses, base)
        if len(wanted):
            branches = _wanted(arm, branches, np.asarray(wanted) - 1, near)
        joints = soonest_path(arm, branches, near)
    else:
        joints = np.full((len(poses), arm.joint_count), np.nan)
        bases = None if base is None else np.broadcast_to(np.asarray(base), poses.shape)
        for i, pose in enumerate(poses):
            at = None if bases is None else bases[i]
            found = solve_damped(arm, pose[None], near, base=at)
            if found.reached[0]:
                joints[i] = near = found.joints[0]
    _must_reach(arm, poses, joints, base, where, targets)
    return joints


def _wanted(arm: Arm, branches: Array, wanted: NDArray[np.int64], near: Array) -> Array:
    """Answers [n, k, J] without those that are not wanted; where the one that is has none, all."""
    rows = np.flatnonzero(wanted >= 0)
    alone = np.full((len(rows), 1, branches.shape[2]), np.nan)
    alone[:, 0] = branches[rows, wanted[rows]]
    able = ~np.isnan(nearest(arm, alone, near)).any(axis=1)
    kept = branches.copy()
    kept[rows[able]] = np.nan
    kept[rows[able], wanted[rows[able]]] = alone[able, 0]
    return kept


def _must_reach(
    arm: Arm,
    poses: Array,
    joints: Array,
    base: ArrayLike | None,
    where: str,
    targets: Sequence[str],
) -> None:
    lost = np.flatnonzero(np.isnan(joints).any(axis=1)).tolist()
    if not lost:
        return
    bases = np.broadcast_to(np.eye(4) if base is None else np.asarray(base), poses.shape)
    names = targets or [f"pose {i + 1}" for i in range(len(poses))]
    reasons = (explain(arm, poses[i], base=bases[i], where=where, target=names[i]) for i in lost)
    raise SceneError(reason for reason in reasons if reason)
