"""Arms: serial chains of joints, and where their links are (forward kinematics)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.forward import frames_of_few, frames_of_many, joint_table
from twin.motion.frame import matrix_from
from twin.motion.joint import Joint, Link, faults_of_joint, faults_of_link, unit_axis
from twin.motion.rows import read_only

__all__ = ["Arm", "Arms"]

MANY = 1000  # robots from which on the compiled kernel is worth loading


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arm:
    """One type of robot arm: its joint chain, the limits of its axes, the mass of its links.

    Link i's frame is T_i = T_(i-1) F_i M_i(q_i): F_i places joint i in the link before it at
    q = 0; M_i turns by q about the joint's axis, or slides by q along it, in the joint's frame.
    Link 0 is the base. The flange is at `tail` in the last link. Read [rad] as [m] and [N m] as
    [N] where a joint is prismatic.
    """

    fixed: NDArray[np.float64]  # F: joint frames in the link before, at q = 0, shape [J, 4, 4]
    axis: NDArray[np.float64]  # unit axes in their joint frames, shape [J, 3]
    prismatic: NDArray[np.bool_]  # whether the joint slides, shape [J]
    tail: NDArray[np.float64]  # the flange in the last link, shape [4, 4]
    lower: NDArray[np.float64]  # lowest position [rad], shape [J]
    upper: NDArray[np.float64]  # highest position [rad], shape [J]
    speed: NDArray[np.float64]  # largest speed [rad/s], shape [J]
    acceleration: NDArray[np.float64]  # largest acceleration [rad/s2], shape [J]
    jerk: NDArray[np.float64]  # largest jerk [rad/s3], shape [J]
    effort: NDArray[np.float64]  # largest drive torque [N m], infinite if unknown, shape [J]
    mass: NDArray[np.float64]  # of the base and all links [kg], 0 if unknown, shape [J + 1]
    com: NDArray[np.float64]  # centres of mass in their links [m], shape [J + 1, 3]
    inertia: NDArray[np.float64]  # about them, links' axes [kg m2], shape [J + 1, 3, 3]
    shift: NDArray[np.float64]  # where the scene's links begin in the arm's [m], shape [J + 1, 3]
    joint_names: tuple[str, ...]
    link_names: tuple[str, ...]  # the base first
    # fixed, axis and prismatic as kernels use them, shape [J, JOINT]
    table: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        table = joint_table(self.fixed, self.axis, self.prismatic)
        object.__setattr__(self, "table", read_only(table))

    @classmethod
    def build(
        cls,
        joints: Sequence[Joint],
        *,
        links: Sequence[Link] = (),
        tail: ArrayLike | None = None,
        shift: ArrayLike | None = None,
        where: str = "arm",
    ) -> Self:
        """Make an arm of joints, base to flange.

        Args:
            joints: At least one.
            links: The base and the link after each joint; empty if their masses are unknown.
            tail: The flange in the last link, shape [4, 4]; None: the last link's frame is it.
            shift: Where the scene's links begin in the arm's, shape [J + 1, 3] [m], if their
                origins lie off the joints' axes; None: they don't.
            where: Whose arm it is, for messages: a prim path.

        Raises:
            SceneError: an axis is unknown, or a limit or a mass can't be.
        """
        links = links or [Link()] * (len(joints) + 1)
        problems = [
            problem
            for number, joint in enumerate(joints, 1)
            for problem in faults_of_joint(f"{where}/{joint.name or f'joint_{number}'}", joint)
        ]
        problems += [
            problem
            for number, link in enumerate(links)
            for problem in faults_of_link(f"{where}/{link.name or f'link_{number}'}", link)
        ]
        if len(links) != len(joints) + 1:
            rule = f"must have {len(joints) + 1} links, one more than joints"
            problems.append(Problem(where, rule, str(len(links))))
        if problems or not joints:
            raise SceneError(problems or [Problem(where, "must have at least one joint")])
        turn = np.array([joint.wxyz for joint in joints], dtype=np.float64)
        turn /= np.linalg.norm(turn, axis=1, keepdims=True)
        return cls(
            fixed=read_only(matrix_from([joint.origin for joint in joints], turn)),
            axis=read_only(np.array([unit_axis(joint) for joint in joints])),
            prismatic=read_only(np.array([joint.prismatic for joint in joints])),
            tail=read_only(np.eye(4) if tail is None else np.asarray(tail, dtype=np.float64)),
            lower=_column(joint.lower for joint in joints),
            upper=_column(joint.upper for joint in joints),
            speed=_column(joint.speed for joint in joints),
            acceleration=_column(joint.acceleration for joint in joints),
            jerk=_column(joint.jerk for joint in joints),
            effort=_column(joint.effort for joint in joints),
            mass=_column(link.mass for link in links),
            com=read_only(np.array([link.com for link in links], dtype=np.float64)),
            inertia=read_only(np.array([link.inertia for link in links], dtype=np.float64)),
            shift=read_only(
                np.zeros((len(links), 3)) if shift is None else np.asarray(shift, float)
            ),
            joint_names=tuple(joint.name for joint in joints),
            link_names=tuple(link.name for link in links),
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
            Matrices, shape [n, J + 1, 4, 4]; index 0 is the base.
        """
        return _frames(self.table[None], np.zeros(len(np.asarray(joints)), np.int64), joints, base)

    def flange(self, joints: ArrayLike, base: ArrayLike | None = None) -> NDArray[np.float64]:
        """Frames of the flange in the world, shape [n, 4, 4]; arguments as in `link_frames`."""
        return self.link_frames(joints, base)[:, -1] @ self.tail

    def within_limits(self, joints: ArrayLike) -> NDArray[np.bool_]:
        """Which joint poses [..., J] [rad] keep every axis in its range; not-a-number does not."""
        joints = np.asarray(joints, dtype=np.float64)
        return np.all((joints >= self.lower) & (joints <= self.upper), axis=-1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arms:
    """Several types of arm, to place a mixed crowd at once.

    J is the number of joints of the longest; those that others lack do not move, and their links
    are where the last one is.
    """

    fixed: NDArray[np.float64]  # shape [type_count, J, 4, 4]
    axis: NDArray[np.float64]  # shape [type_count, J, 3]
    prismatic: NDArray[np.bool_]  # shape [type_count, J]
    tail: NDArray[np.float64]  # shape [type_count, 4, 4]
    shift: NDArray[np.float64]  # shape [type_count, J + 1, 3]
    table: NDArray[np.float64]  # of each arm, shape [type_count, J, JOINT]
    joint_count: NDArray[np.int64]  # its own, shape [type_count]

    @classmethod
    def build(cls, arms: Iterable[Arm]) -> Self:
        """Stack arms, at least one: the first is row 0."""
        arms = list(arms)
        counts = np.array([arm.joint_count for arm in arms], dtype=np.int64)
        most = int(counts.max())
        fixed, prismatic = np.tile(np.eye(4), (len(arms), most, 1, 1)), np.ones((len(arms), most))
        axis, shift = (
            np.tile([0.0, 0.0, 1.0], (len(arms), most, 1)),
            np.zeros((len(arms), most + 1, 3)),
        )
        for row, arm in enumerate(arms):
            own = slice(arm.joint_count)
            fixed[row, own], axis[row, own], prismatic[row, own] = (
                arm.fixed,
                arm.axis,
                arm.prismatic,
            )
            shift[row, : arm.joint_count + 1] = arm.shift
        slides = prismatic.astype(np.bool_)
        chains = zip(fixed, axis, slides, strict=True)
        return cls(
            fixed=read_only(fixed),
            axis=read_only(axis),
            prismatic=read_only(slides),
            tail=read_only(np.stack([arm.tail for arm in arms])),
            shift=read_only(shift),
            table=read_only(np.stack([joint_table(*chain) for chain in chains])),
            joint_count=read_only(counts),
        )

    def link_frames(
        self, row: ArrayLike, joints: ArrayLike, base: ArrayLike | None = None
    ) -> NDArray[np.float64]:
        """As `Arm.link_frames`, for robots of the types `row`, shape [n]."""
        return _frames(self.table, np.array(row, dtype=np.int64), joints, base)


def _frames(
    table: NDArray[np.float64],
    row: NDArray[np.int64],
    joints: ArrayLike,
    base: ArrayLike | None,
) -> NDArray[np.float64]:
    """Link frames of robots of the types `row` of table [type_count, J, JOINT]."""
    joints = np.ascontiguousarray(joints, dtype=np.float64)
    stand = np.eye(4) if base is None else np.ascontiguousarray(base, dtype=np.float64)
    if len(joints) < MANY:
        return frames_of_few(table[row], joints, stand)
    frames = np.empty((len(joints), table.shape[1] + 1, 4, 4))
    frames[..., 3, :] = (0.0, 0.0, 0.0, 1.0)
    frames_of_many(table, row, joints, stand, frames)
    return frames


def _column(values: Iterable[float]) -> NDArray[np.float64]:
    """Read-only column of a number for each joint or link."""
    return read_only(np.array(list(values), dtype=np.float64))
