"""Arms: chains of revolute joints, and where their links are (forward kinematics)."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.frame import matrix_from, rotation_about
from twin.motion.rows import read_only

__all__ = ["Arm", "Arms", "Joint"]

PRINCIPAL = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """One revolute joint: where it is in the link before it, and what it can do."""

    origin: tuple[float, float, float]  # in the link before [m]
    wxyz: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)  # in the link before, at q = 0
    axis: str  # "X", "Y" or "Z" of the joint's own frame
    lower: float  # lowest position [rad]
    upper: float  # highest position [rad]
    speed: float  # largest [rad/s]
    acceleration: float  # largest [rad/s2]
    jerk: float = math.inf  # largest [rad/s3]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arm:
    """One type of robot arm: its joint chain and the limits of its axes.

    Link i's frame is T_i = T_(i-1) F_i Rot(axis_i, q_i): F_i places joint i in the link before it
    at q = 0, and the joint turns about its axis in its own frame. Link 0 is the base; the last
    link's frame is the flange.
    """

    fixed: NDArray[np.float64]  # F: joint frames in the link before, at q = 0, shape [J, 4, 4]
    axis: NDArray[np.float64]  # unit axes in their joint frames, shape [J, 3]
    lower: NDArray[np.float64]  # lowest position [rad], shape [J]
    upper: NDArray[np.float64]  # highest position [rad], shape [J]
    speed: NDArray[np.float64]  # largest speed [rad/s], shape [J]
    acceleration: NDArray[np.float64]  # largest acceleration [rad/s2], shape [J]
    jerk: NDArray[np.float64]  # largest jerk [rad/s3], shape [J]

    @classmethod
    def build(cls, joints: Sequence[Joint], *, where: str = "arm") -> Self:
        """Make an arm of joints, base to flange.

        Args:
            joints: At least one.
            where: Whose arm it is, for messages: a prim path.

        Raises:
            SceneError: an axis is unknown or a limit can't be.
        """
        problems = [problem for joint in enumerate(joints, 1) for problem in _faults(where, *joint)]
        if problems or not joints:
            raise SceneError(problems or [Problem(where, "must have at least one joint")])
        turn = np.array([joint.wxyz for joint in joints], dtype=np.float64)
        turn /= np.linalg.norm(turn, axis=1, keepdims=True)
        return cls(
            fixed=read_only(matrix_from([joint.origin for joint in joints], turn)),
            axis=read_only(np.array([PRINCIPAL[joint.axis] for joint in joints])),
            lower=_column(joint.lower for joint in joints),
            upper=_column(joint.upper for joint in joints),
            speed=_column(joint.speed for joint in joints),
            acceleration=_column(joint.acceleration for joint in joints),
            jerk=_column(joint.jerk for joint in joints),
        )

    @property
    def joint_count(self) -> int:
        """Number of joints, J."""
        return len(self.axis)

    def link_frames(self, joints: ArrayLike, base: ArrayLike | None = None) -> NDArray[np.float64]:
        """Frames of the base and all links in the world, many robots of this type at once.

        Args:
            joints: Joint positions [rad], shape [n, J].
            base: Where the arm stands in the world, shape [4, 4] or [n, 4, 4]; None: the origin.

        Returns:
            Matrices, shape [n, J + 1, 4, 4]; index 0 is the base, the last the flange.
        """
        return _chain(self.fixed, self.axis, joints, base)

    def flange(self, joints: ArrayLike, base: ArrayLike | None = None) -> NDArray[np.float64]:
        """Frames of the flange in the world, shape [n, 4, 4]; arguments as in `link_frames`."""
        return self.link_frames(joints, base)[:, -1]

    def within_limits(self, joints: ArrayLike) -> NDArray[np.bool_]:
        """Which joint poses [..., J] [rad] keep every axis in its range; not-a-number does not."""
        joints = np.asarray(joints, dtype=np.float64)
        return np.all((joints >= self.lower) & (joints <= self.upper), axis=-1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arms:
    """Several types of arm with the same number of joints, to place a mixed crowd at once."""

    fixed: NDArray[np.float64]  # shape [type_count, J, 4, 4]
    axis: NDArray[np.float64]  # shape [type_count, J, 3]

    @classmethod
    def build(cls, arms: Iterable[Arm]) -> Self:
        """Stack arms: the first is row 0.

        Raises:
            SceneError: arms differ in their number of joints.
        """
        arms = list(arms)
        counts = sorted({arm.joint_count for arm in arms})
        if len(counts) != 1:
            way_out = "make one Arms for each number of joints"
            raise SceneError([Problem("arms", "must have one joint count", f"{counts}", way_out)])
        return cls(
            fixed=read_only(np.stack([arm.fixed for arm in arms])),
            axis=read_only(np.stack([arm.axis for arm in arms])),
        )

    def link_frames(
        self, row: ArrayLike, joints: ArrayLike, base: ArrayLike | None = None
    ) -> NDArray[np.float64]:
        """As `Arm.link_frames`, for robots of the types `row`, shape [n]."""
        row = np.asarray(row, dtype=np.int64)
        return _chain(self.fixed[row], self.axis[row], joints, base)


def _chain(
    fixed: NDArray[np.float64],
    axis: NDArray[np.float64],
    joints: ArrayLike,
    base: ArrayLike | None,
) -> NDArray[np.float64]:
    """Multiply the chain out: fixed [..., J, 4, 4], axis [..., J, 3], joints [n, J] [rad]."""
    joints = np.asarray(joints, dtype=np.float64)
    robot_count, joint_count = joints.shape
    local = np.broadcast_to(fixed, (robot_count, joint_count, 4, 4)).copy()
    local[..., :3, :3] = local[..., :3, :3] @ rotation_about(axis, joints)
    frames = np.empty((robot_count, joint_count + 1, 4, 4))
    frames[:, 0] = np.eye(4) if base is None else base
    for i in range(joint_count):
        frames[:, i + 1] = frames[:, i] @ local[:, i]
    return frames


def _column(values: Iterable[float]) -> NDArray[np.float64]:
    """Read-only column of a number for each joint, shape [J]."""
    return read_only(np.array(list(values), dtype=np.float64))


def _faults(where: str, number: int, joint: Joint) -> Iterator[Problem]:
    """What is wrong with a joint, if anything."""
    path = f"{where}/joint_{number}"
    if joint.axis not in PRINCIPAL:
        yield Problem(path, "axis must be X, Y or Z", joint.axis)
    if not joint.lower <= joint.upper:
        yield Problem(path, "lower limit must not be above upper", f"{joint.lower}, {joint.upper}")
    for name in ("speed", "acceleration", "jerk"):
        if not getattr(joint, name) > 0:
            yield Problem(path, f"{name} must be > 0", str(getattr(joint, name)))
    if not any(joint.wxyz):
        yield Problem(path, "wxyz must not be zero", str(joint.wxyz))
