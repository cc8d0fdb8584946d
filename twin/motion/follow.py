"""Joint positions that carry the tool along its path, in one branch of the arm's poses."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm
from twin.motion.frame import invert_matrix
from twin.motion.inverse import nearest, solve
from twin.motion.tool_path import ToolPath

__all__ = ["follow"]

Array = NDArray[np.float64]

STEP = 0.5  # rad from place to place; more may be another branch
FINER = (1, 4, 16)  # times as many places are tried, to see that it is not
MOST_SKIPPED = 2  # places in a row in the midst of a singularity
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
    coarse = _branches(arm, path.poses(s), tool, base)
    start = nearest(arm, coarse[:1], reference)
    _check(np.isfinite(start), path, s, where=where, what=REACH)
    for finer in FINER:
        places = _refined(s, finer)
        branches = coarse if finer == 1 else _branches(arm, path.poses(places), tool, base)
        own = _same_branch(branches, start[0])
        if _within_limits(arm, own).all() and np.all(np.abs(np.diff(own, axis=0)) <= STEP):
            return own[::finer]
    joints, reached = _nearest_branches(arm, coarse, start[0])
    _check(reached, path, s, where=where, what=REACH)
    if not np.isfinite(joints).all():
        joints = _bridged(s, joints)
    _check(np.isfinite(joints), path, s, where=where, what=SINGULAR)
    return joints


REACH = (
    "must stay within reach and joint limits all the way",
    "move the robot or the path, turn the tool, or begin in another pose",
)
SINGULAR = (
    "must not pass a singularity, where the arm would turn over",
    "turn the tool or move the path a little, or use a joint move",
)


def _refined(s: Array, finer: int) -> Array:
    """Places with others evenly between them."""
    count = (len(s) - 1) * finer + 1
    return np.interp(np.arange(count), finer * np.arange(len(s)), s)


def _branches(arm: Arm, poses: Array, tool: ArrayLike | None, base: ArrayLike | None) -> Array:
    return solve(arm, poses if tool is None else poses @ invert_matrix(tool), base)


def _same_branch(branches: Array, first: Array) -> Array:
    """The joints of the branch that has `first` in it, without jumps by whole turns; [n, 6]."""
    off = np.abs(np.angle(np.exp(1j * (branches[0] - first)))).max(axis=1)
    own = branches[:, int(np.nanargmin(off))]
    return np.unwrap(own, axis=0) + (first - own[0])


def _within_limits(arm: Arm, joints: Array) -> NDArray[np.bool_]:
    """Where joints are within limits, snapped to them; shape [n]."""
    allowed = np.clip(joints, arm.lower, arm.upper)
    inside = np.all(np.abs(allowed - joints) <= SLACK, axis=1)
    joints[inside] = allowed[inside]
    return inside


def _nearest_branches(arm: Arm, branches: Array, first: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Go from place to place by whatever branch is nearest, as a wrist that goes through straight.

    Returns:
        Joints [n, 6], not-a-number at up to two places in a row that are in the midst of a
        singularity, and onwards from where it can't be passed; and which can be reached, [n, 1].
    """
    joints = np.full((len(branches), 6), np.nan)
    reached = np.ones((len(branches), 1), dtype=np.bool_)
    last, skipped = first, 0
    for i, row in enumerate(branches):
        near = nearest(arm, row[None], last)[0]
        reached[i] = np.isfinite(near).all()
        if np.all(np.abs(near - last) <= STEP * (1 + skipped)):
            joints[i], last, skipped = near, near, 0
        else:
            skipped += 1
        if skipped > MOST_SKIPPED:
            break
    return joints, reached


def _bridged(s: Array, joints: Array) -> Array:
    """Fill single places in. Whether the tool keeps to its path shows when the move is checked."""
    known = np.all(np.isfinite(joints), axis=1)
    gap = np.convolve(~known, np.ones(MOST_SKIPPED + 1), mode="valid")
    if not (known[0] and known[-1]) or gap.max() > MOST_SKIPPED:
        return joints
    bridge: Array = CubicSpline(s[known], joints[known])(s)
    return np.where(known[:, None], joints, bridge)


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
