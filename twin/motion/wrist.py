"""Spherical wrists: an arm's geometry, reduced once to the numbers that its inverse needs.

A six-axis arm whose axes 2 and 3 are parallel and whose axes 4, 5 and 6 meet in one point, each
square to the next, is solved in closed form (Pieper, 1968). That is nearly every heavy industrial
arm. The geometry is read off the joint chain at zero, so any base, offset, sign or zero convention
will do; axis 1 may lean against axis 2, and the wrist may stand beside the plane of the arm.

Three frames stand at the zero pose: the base, with z along axis 1 and x square to axes 1 and 2; the
plane of the arm, with z along axis 2 and the same x; the wrist, with x along axis 4 and y along
axis 5. What lies between them are constants.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm
from twin.motion.frame import invert_matrix

__all__ = ["SHAPE", "SphericalWrist", "has_spherical_wrist", "spherical_wrist"]

Array = NDArray[np.float64]

ROUNDING = 1e-4  # [m], or per unit of a direction: what rounded asset data may be off by
EXACT = (
    1e-10  # [m], or per unit of a direction: the flange is then within 1 nm of what it should be
)
WAY_OUT = "solve such an arm by damped least squares (twin.motion.damped)"

SHAPE = (  # what `SphericalWrist.shape` holds, in this order
    "sine_1",  # of the angle from axis 1 to axis 2
    "cosine_1",
    "sideways",  # of the wrist centre along axis 2, seen from axis 1 [m]
    "shoulder_u",  # axis 2 in the plane of the arm, seen from axis 1 [m]
    "shoulder_v",
    "upper",  # length of the upper arm: axis 2 to axis 3 [m]
    "fore",  # length of the forearm: axis 3 to the wrist centre [m]
    "upper_angle",  # of the upper arm in the plane at zero [rad]
    "fore_angle",  # of the forearm in the plane at zero [rad]
    "fold",  # -1 where axis 3 runs against axis 2, else 1
    "lift_cosine",  # of the turn from the forearm to axis 4, in the plane
    "lift_sine",
    "skew_cosine",  # of axis 4 against the plane; 1 and 0 for nearly every arm
    "skew_sine",
    "roll",  # of axis 5 about axis 4 at zero [rad]
    "roll_cosine",
    "roll_sine",
    "straight",  # axis 5 plus this is zero where axis 6 lies along axis 4 [rad]
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SphericalWrist:
    """The constants of one arm: a flange pose T counts as left @ T @ right, as `shape` says."""

    left: Array  # base of the arm seen from the canonical base, shape [3, 4]
    right: Array  # wrist frame and wrist centre in the flange, shape [3, 4]
    shape: Array  # the numbers of `SHAPE`
    exact: bool  # whether axes are parallel, square and meeting to rounding of float64

    @classmethod
    def of(cls, arm: Arm) -> Self:
        """Read an arm's geometry.

        Raises:
            SceneError: the arm has no spherical wrist.
        """
        axis, origin, flange = _at_zero(arm)
        fold = 1.0 if axis[1] @ axis[2] > 0 else -1.0
        axis[2] *= fold
        centre, error = _checked(axis, origin)
        n1, n2, _, n4, n5, n6 = axis
        o1, o2, o3 = origin[:3]

        x = np.cross(n2, n1)
        sine = float(np.linalg.norm(x))
        x /= sine
        base = np.stack([x, np.cross(n1, x), n1])  # rows are axes: base @ v is v seen from it
        plane = np.stack([x, np.cross(n2, x), n2])
        n5 = n5 - (n4 @ n5) * n4
        n5 /= np.linalg.norm(n5)
        wrist = np.stack([n4, n5, np.cross(n4, n5)])

        shoulder, upper, fore = plane @ (o2 - o1), plane @ (o3 - o2), plane @ (centre - o3)
        lift, skew, roll = _euler_zyx(plane @ wrist.T)
        straight = math.atan2(-float(n6 @ wrist[2]), float(n6 @ n4))
        upper_angle, fore_angle = math.atan2(upper[1], upper[0]), math.atan2(fore[1], fore[0])
        shape = {
            "sine_1": sine,
            "cosine_1": float(n1 @ n2),
            "sideways": float(n2 @ (centre - o1)),
            "shoulder_u": float(shoulder[0]),
            "shoulder_v": float(shoulder[1]),
            "upper": math.hypot(upper[0], upper[1]),
            "fore": math.hypot(fore[0], fore[1]),
            "upper_angle": upper_angle,
            "fore_angle": fore_angle,
            "fold": fold,
            "lift_cosine": math.cos(lift - fore_angle),
            "lift_sine": math.sin(lift - fore_angle),
            "skew_cosine": math.cos(skew),
            "skew_sine": math.sin(skew),
            "roll": roll,
            "roll_cosine": math.cos(roll),
            "roll_sine": math.sin(roll),
            "straight": straight,
        }
        if min(shape["upper"], shape["fore"]) < ROUNDING:
            raise _no_wrist("must have an upper arm and a forearm", f"{upper} and {fore} m")
        c, s = math.cos(straight), math.sin(straight)
        home_inverse = invert_matrix(flange)
        turned = wrist.T @ np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])
        seen = home_inverse[:3, :3] @ centre + home_inverse[:3, 3]
        return cls(
            left=np.column_stack([base, -base @ o1]),
            right=np.column_stack([home_inverse[:3, :3] @ turned, seen]),
            shape=np.array([shape[name] for name in SHAPE]),
            exact=error <= EXACT,
        )

    def __getitem__(self, name: str) -> float:
        """One number of `SHAPE`."""
        return float(self.shape[SHAPE.index(name)])


@lru_cache(maxsize=256)
def spherical_wrist(arm: Arm) -> SphericalWrist:
    """Geometry of an arm, read once.

    Raises:
        SceneError: the arm has no spherical wrist.
    """
    return SphericalWrist.of(arm)


@lru_cache(maxsize=256)
def has_spherical_wrist(arm: Arm) -> bool:
    """Whether an arm can be solved in closed form."""
    try:
        spherical_wrist(arm)
    except SceneError:
        return False
    return True


def _at_zero(arm: Arm) -> tuple[Array, Array, Array]:
    """Axes [6, 3] and points on them [6, 3] [m], and the flange's pose [4, 4], in the base."""
    if arm.joint_count != 6:
        raise _no_wrist("must have 6 joints", str(arm.joint_count))
    if arm.prismatic.any():
        raise _no_wrist("must have joints that turn", f"prismatic {arm.prismatic.tolist()}")
    home = np.zeros((1, 6))
    frames = arm.link_frames(home)[0]
    axis = (frames[1:7, :3, :3] @ arm.axis[..., None])[..., 0]
    return axis, frames[1:7, :3, 3].copy(), arm.flange(home)[0]


def _checked(axis: Array, origin: Array) -> tuple[Array, float]:
    """Where axes 4, 5 and 6 meet [m], and how far the geometry is from the textbook's."""
    # The point nearest to the three wrist axes: the sum of its offsets square to them is zero.
    square = np.eye(3) - axis[3:, :, None] * axis[3:, None, :]
    total: Array = square.sum(axis=0)
    offsets: Array = (square @ origin[3:, :, None]).sum(axis=(0, 2))
    meeting = np.abs(axis[3:-1] @ axis[4:].T).diagonal()
    if np.any(meeting > ROUNDING):
        raise _no_wrist("axes 4, 5 and 6 must be square to each next", f"cosines {meeting}")
    centre = np.asarray(np.linalg.solve(total, offsets), dtype=np.float64)
    offset = np.linalg.norm(square @ (centre - origin[3:])[..., None], axis=(1, 2))
    if np.any(offset > ROUNDING):
        raise _no_wrist("axes 4, 5 and 6 must meet in one point", f"offsets {offset} m")
    parallel = float(np.linalg.norm(axis[1] - axis[2]))
    if parallel > ROUNDING:
        raise _no_wrist("axes 2 and 3 must be parallel", f"{axis[1]} and {axis[2]}")
    if np.linalg.norm(np.cross(axis[0], axis[1])) < ROUNDING:
        raise _no_wrist("axes 1 and 2 must not be parallel", f"{axis[0]} and {axis[1]}")
    return centre, max(float(meeting.max()), float(offset.max()), parallel)


def _euler_zyx(turn: Array) -> tuple[float, float, float]:
    """Angles a, b, c [rad] with Rz(a) Ry(b) Rx(c) = turn [3, 3]; a = 0 where a and c are one."""
    level = math.hypot(turn[0, 0], turn[1, 0])
    b = math.atan2(-turn[2, 0], level)
    if level < ROUNDING:
        return 0.0, b, math.atan2(-turn[1, 2], turn[1, 1])
    return math.atan2(turn[1, 0], turn[0, 0]), b, math.atan2(turn[2, 1], turn[2, 2])


def _no_wrist(rule: str, value: str) -> SceneError:
    return SceneError([Problem("arm without a spherical wrist:", rule, value, WAY_OUT)])
