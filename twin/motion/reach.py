"""Why a target can't be reached, and the nearest that would work.

A target is out of reach because the wrist centre is too far from axis 2, or too near to it, or
because every branch asks a joint for more than its limit. What would work is found on the line
from the target to the robot, with the orientation kept, or with the joints at their limits.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem
from twin.motion.arm import Arm
from twin.motion.choice import TURN, nearest
from twin.motion.closed_form import solve
from twin.motion.damped import Damped, solve_damped
from twin.motion.frame import invert_matrix
from twin.motion.singularity import wrist_centre
from twin.motion.wrist import SphericalWrist, has_spherical_wrist, spherical_wrist

__all__ = ["explain"]

Array = NDArray[np.float64]

PROBES = 400  # positions looked at along the line to the robot, each way
FINENESS = 1e-4  # [m]: how exactly the nearest position on it is found
TURNED = 1e-7  # [rad]: less is no turn
RADIUS = 1.0  # [m]: a turn weighs as much as the way of a point so far out


def explain(
    arm: Arm,
    flange: ArrayLike,
    *,
    base: ArrayLike | None = None,
    where: str = "arm",
    target: str = "target",
) -> Problem | None:
    """Say why a flange pose [4, 4] in the world can't be reached, and what would work.

    None where the arm does reach it.

    Args:
        arm: Any arm.
        flange: The pose.
        base: Where the arm stands in the world, shape [4, 4]; None: the origin.
        where: Whose arm it is: a prim path.
        target: What the pose is called.
    """
    world, stands = np.asarray(flange, np.float64), np.eye(4) if base is None else np.asarray(base)
    pose = np.asarray(invert_matrix(stands) @ world, dtype=np.float64)
    path, at = f"{where} {target}", f"flange at {_metres(world[:3, 3])}"
    if not np.isfinite(pose).all():
        return Problem(path, "must be a pose of finite numbers", at)
    if not has_spherical_wrist(arm):
        found = solve_damped(arm, pose[None], _middle(arm))
        if found.reached[0]:
            return None
        value = f"{_why_not_damped(arm, pose, found)}; {at}"
        way_out = _come_to(arm, pose, stands, found)
        return Problem(path, "must be within reach and joint limits", value, way_out)
    branches = solve(arm, pose[None])[0]
    branches = branches[~np.isnan(branches).any(axis=1)]
    if not np.isnan(nearest(arm, branches[None], _middle(arm))).any():
        return None
    if not len(branches):
        reason = _out_of_reach(spherical_wrist(arm), pose)
        shifted = _shifted(arm, pose)
        if shifted is None:
            way_out = _come_to(arm, pose, stands, solve_damped(arm, pose[None], _middle(arm)))
        else:
            way_out = _pose_text(pose, stands, shifted)
        return Problem(path, "must be within reach", f"{reason}; {at}", way_out)
    beyond, excess = _least_beyond(arm, branches)
    held = np.clip(beyond, arm.lower, arm.upper)
    way_out = _best_text(arm, pose, stands, held)
    return Problem(path, "must keep joint limits", f"{_limits(arm, beyond, excess)}; {at}", way_out)


def _out_of_reach(wrist: SphericalWrist, pose: Array) -> str:
    """Too far, too near: by how much."""
    x, y, z, beside = (float(each[0]) for each in wrist_centre(wrist, pose[None]))
    square = x * x + y * y - beside * beside
    if square < 0:
        short = abs(beside) - float(np.hypot(x, y))
        return f"a wrist centre {1e3 * short:.1f} mm too near to axis 1"
    ahead = np.sqrt(square) * np.array([1.0, -1.0])
    v = wrist["cosine_1"] * beside - wrist["sine_1"] * z - wrist["shoulder_v"]
    way = np.hypot(ahead - wrist["shoulder_u"], v)
    far, near = way - wrist["upper"] - wrist["fore"], abs(wrist["upper"] - wrist["fore"]) - way
    lack = np.maximum(far, near)
    least = int(np.argmin(lack))  # of axis 1 as it is and turned round
    side = "far from" if far[least] > near[least] else "near to"
    return f"a wrist centre {1e3 * lack[least]:.1f} mm too {side} axis 2"


def _least_beyond(arm: Arm, branches: Array) -> tuple[Array, Array]:
    """The branch [J] whose joints exceed their limits the least, and by how much [J] [rad]."""
    middle = np.where(np.isfinite(arm.lower + arm.upper), (arm.lower + arm.upper) / 2, 0.0)
    near = branches + TURN * np.round((middle - branches) / TURN)
    excess = np.maximum(np.maximum(arm.lower - near, near - arm.upper), 0.0)
    best = int(np.argmin(excess.max(axis=1)))
    return near[best], excess[best]


def _limits(arm: Arm, joints: Array, excess: Array) -> str:
    """Every joint beyond its limit: its position, and by how much."""
    said: list[str] = []
    for j in np.flatnonzero(excess > 0).tolist():
        limit = arm.upper[j] if joints[j] > arm.upper[j] else arm.lower[j]
        over, asked, most = np.degrees([excess[j], joints[j], limit])
        said.append(f"{_name(arm, j)} at {asked:.1f} deg, {over:.2f} deg beyond its {most:g} deg")
    return " and ".join(said)


def _name(arm: Arm, j: int) -> str:
    return arm.joint_names[j] or f"joint_{j + 1}"


def _shifted(arm: Arm, pose: Array) -> Array | None:
    """The nearest reachable pose on the line to the robot, orientation kept; in the base."""
    toward = _robot(arm) - pose[:3, 3]
    length = float(np.linalg.norm(toward))
    if length < FINENESS:
        return None
    share = np.arange(1, PROBES + 1) / PROBES  # of the way; a reach's length away from the robot
    ways = np.concatenate([share * length, -share * length])
    ways = ways[np.argsort(np.abs(ways), kind="stable")]
    works = _works(arm, pose, toward / length, ways)
    if not works.any():
        return None
    good = float(ways[np.argmax(works)])
    bad = good - np.sign(good) * length / PROBES
    while abs(good - bad) > FINENESS:
        middle = (good + bad) / 2
        if _works(arm, pose, toward / length, np.array([middle]))[0]:
            good = middle
        else:
            bad = middle
    moved = pose.copy()
    moved[:3, 3] += good * toward / length
    return moved


def _works(arm: Arm, pose: Array, direction: Array, ways: Array) -> NDArray[np.bool_]:
    """Whether the pose, moved along a direction by ways [n] [m], is reached within limits."""
    poses = np.tile(pose, (len(ways), 1, 1))
    poses[:, :3, 3] += ways[:, None] * direction
    works: NDArray[np.bool_] = np.isfinite(nearest(arm, solve(arm, poses), _middle(arm))[:, 0])
    return works


def _robot(arm: Arm) -> Array:
    """The point of axis 1 nearest to axis 2's joint, in the base [m]."""
    frames = arm.link_frames(np.zeros((1, arm.joint_count)))[0]
    axis, first, second = frames[1, :3, :3] @ arm.axis[0], frames[1, :3, 3], frames[2, :3, 3]
    return np.asarray(first + ((second - first) @ axis) * axis, dtype=np.float64)


def _middle(arm: Arm) -> Array:
    lower, upper = np.maximum(arm.lower, -np.pi), np.minimum(arm.upper, np.pi)
    return np.clip((lower + upper) / 2, arm.lower, arm.upper)


def _best_text(arm: Arm, pose: Array, stands: Array, held: Array) -> str:
    """The nearest of those that work: moved on the line, joints at their limits, by descent."""
    descent = solve_damped(arm, pose[None], _middle(arm)).joints[0]
    works = list(arm.flange(np.stack([held, descent])))
    shifted = _shifted(arm, pose)
    best = min(works if shifted is None else [shifted, *works], key=lambda at: _apart(at, pose))
    return _pose_text(pose, stands, best)


def _apart(a: Array, b: Array) -> float:
    """Distance of two poses, their turn counted at `RADIUS` [m]."""
    return float(np.linalg.norm(a[:3, 3] - b[:3, 3])) + RADIUS * _turn_between(a, b)


def _turn_between(a: Array, b: Array) -> float:
    """Angle between two poses [rad]."""
    half = float(np.linalg.norm(a[:3, :3] - b[:3, :3])) / np.sqrt(8.0)
    return 2.0 * float(np.arcsin(min(half, 1.0)))


def _pose_text(pose: Array, stands: Array, works: Array) -> str:
    """Where it works, and how far from what was asked."""
    way, turn = float(np.linalg.norm(works[:3, 3] - pose[:3, 3])), _turn_between(works, pose)
    turned = f"turned by {np.degrees(turn):.2f} deg" if turn > TURNED else "turned as it is"
    at = _world(stands, works)
    return f"the nearest that works is {1e3 * way:.1f} mm from there, {turned}, at {at}"


def _come_to(arm: Arm, pose: Array, stands: Array, found: Damped) -> str:
    return _pose_text(pose, stands, arm.flange(found.joints)[0])


def _why_not_damped(arm: Arm, pose: Array, found: Damped) -> str:
    """Too far for certain, or how near the descent came and which joints stood in its way."""
    frames = arm.link_frames(np.zeros((1, arm.joint_count)))[0]
    points = np.concatenate(
        [frames[1:, :3, 3], arm.flange(np.zeros((1, arm.joint_count)))[:, :3, 3]]
    )
    slide = np.where(arm.prismatic, np.maximum(np.abs(arm.lower), np.abs(arm.upper)), 0.0).sum()
    length = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum() + slide)
    far = float(np.linalg.norm(pose[:3, 3] - points[0])) - length
    if far > 0:
        return f"at least {1e3 * far:.1f} mm too far for an arm of {length:.3f} m"
    joints = found.joints[0]
    held = np.flatnonzero((joints <= arm.lower) | (joints >= arm.upper)).tolist()
    miss, turn = 1e3 * found.miss_distance[0], np.degrees(found.miss_angle[0])
    limits = f" with {', '.join(_name(arm, j) for j in held)} at the limit" if held else ""
    return f"a descent from many poses came no nearer than {miss:.1f} mm and {turn:.2f} deg{limits}"


def _world(stands: Array, pose: Array) -> str:
    return _metres((stands @ pose)[:3, 3])


def _metres(xyz: Array) -> str:
    return f"[{', '.join(f'{each:.3f}' for each in xyz.tolist())}] m"
