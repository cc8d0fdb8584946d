"""Joint positions that carry the tool along its path, in one branch of the arm's poses."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm
from twin.motion.frame import invert_matrix
from twin.motion.inverse import nearest, solve
from twin.motion.tool_path import ToolPath

__all__ = ["follow"]

Array = NDArray[np.float64]

LARGEST_STEP = np.pi / 2  # rad between two places asked for; more is another branch
SLACK = 1e-9  # rad: rounding that is snapped back to a limit


def follow(
    arm: Arm,
    path: ToolPath,
    s: Array,
    reference: ArrayLike,
    *,
    tool: ArrayLike | None = None,
    base: ArrayLike | None = None,
    where: str = "tool path",
) -> Array:
    """Find the joints along a path, from the branch that is soonest reached from a reference.

    Args:
        arm: A six-axis arm with a spherical wrist.
        path: Where the tool goes.
        s: Rising shares of the way, shape [n].
        reference: Joint positions to come from [rad], shape [6].
        tool: Pose of the tool in the flange, shape [4, 4]; None: the flange is the tool.
        base: Where the arm stands in the world, shape [4, 4]; None: the origin.
        where: Whose path it is, for messages: a prim path.

    Returns:
        Joint positions [rad], shape [n, 6].

    Raises:
        SceneError: the path leaves the arm's reach or joint limits, or passes a singularity.
    """
    poses = path.poses(s)
    flange = poses if tool is None else poses @ invert_matrix(tool)
    branches = solve(arm, flange, base)
    first = nearest(arm, branches[:1], reference)
    _check(np.isfinite(first), path, s, where=where, what=REACH)
    off = np.abs(np.angle(np.exp(1j * (branches[0] - first[0])))).max(axis=1)
    own = branches[:, int(np.nanargmin(off))]
    own = np.unwrap(own, axis=0) + (first[0] - own[0])
    if not _sound(arm, own).all():
        own = _from_place_to_place(arm, branches, first[0])
    _check(np.isfinite(own), path, s, where=where, what=REACH)
    steps = np.abs(np.diff(own, axis=0, prepend=own[:1])) <= LARGEST_STEP
    _check(steps, path, s, where=where, what=SINGULAR)
    return own


REACH = (
    "must stay within reach and joint limits all the way",
    "move the robot or the path, turn the tool, or begin in another pose",
)
SINGULAR = (
    "must not pass a singularity, where the arm would turn over",
    "turn the tool or move the path a little, or use a joint move",
)


def _sound(arm: Arm, joints: Array) -> NDArray[np.bool_]:
    """Where a branch goes on evenly and within limits, snapped to them; shape [n]."""
    allowed = np.clip(joints, arm.lower, arm.upper)
    inside = np.all(np.abs(allowed - joints) <= SLACK, axis=1)
    joints[inside] = allowed[inside]
    steps = np.abs(np.diff(joints, axis=0, prepend=joints[:1]))
    return inside & np.all(steps <= LARGEST_STEP, axis=1)


def _from_place_to_place(arm: Arm, branches: Array, first: Array) -> Array:
    """Joints where branches change their order on the way: each the nearest to the one before."""
    joints = [first]
    for row in branches[1:]:
        joints.append(nearest(arm, row[None], joints[-1])[0])
    return np.array(joints)


def _check(
    good: NDArray[np.bool_], path: ToolPath, s: Array, *, where: str, what: tuple[str, str]
) -> None:
    """Say where along the path something is wrong first."""
    bad = np.flatnonzero(~good.all(axis=1))
    if len(bad):
        at = float(s[bad[0]])
        xyz = np.round(path.poses(np.array([at]))[0, :3, 3], 3).tolist()
        place = f"tool at {xyz} m, {at:.1%} of the way"
        raise SceneError([Problem(where, what[0], place, what[1])])
