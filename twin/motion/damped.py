"""Inverse kinematics of any chain: turning or sliding joints, any number of them, any wrist.

Damped least squares from the reference, then from seeds spread evenly over the joint ranges, the
same ones for every call. What it comes to is proven by forward kinematics; where it does not reach
a pose, it says how near it came.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.core.compiled import compiled
from twin.motion.arm import Arm
from twin.motion.choice import nearest
from twin.motion.descent import descend_all
from twin.motion.frame import invert_matrix
from twin.motion.gap import Chain, Room

__all__ = ["Damped", "polish", "solve_damped"]

Array = NDArray[np.float64]

SEEDS = 24
CLOSE = 1e-9  # [m] and [rad]: a flange so near its pose has reached it
FREE = math.pi  # [rad] or [m]: seeds of a joint without limits lie so far from zero at most


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Damped:
    """What damped least squares came to, for n poses."""

    joints: Array  # the answer, or the nearest that was come to, within limits [rad], shape [n, J]
    miss_distance: Array  # from the flange to its pose [m], shape [n]
    miss_angle: Array  # between them [rad], shape [n]

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Which poses were reached to 1e-9 m and rad, shape [n]."""
        return (self.miss_distance <= CLOSE) & (self.miss_angle <= CLOSE)


def solve_damped(
    arm: Arm,
    flange: ArrayLike,
    reference: ArrayLike,
    *,
    base: ArrayLike | None = None,
    seed_count: int = SEEDS,
) -> Damped:
    """Find joint positions within limits for flange poses, beginning at a reference.

    Where the descent from the reference reaches the pose, its answer is taken, however many there
    are: for a redundant arm it is the one with the least motion, step by step. Else the soonest
    reached of the first three answers from seeds is.

    Args:
        arm: Any arm.
        flange: Poses of the flange in the world, shape [n, 4, 4].
        reference: Joint positions to come from [rad], shape [n, J] or [J].
        base: Where the arm stands in the world, shape [4, 4] or [n, 4, 4]; None: the origin.
        seed_count: Other beginnings to try.
    """
    poses = np.asarray(flange, dtype=np.float64)
    if base is not None:
        poses = invert_matrix(base) @ poses
    near = np.broadcast_to(np.asarray(reference, np.float64), (len(poses), arm.joint_count))
    chain = _chain(arm)
    found = _descend(chain, poses, near, _seeds(arm, seed_count))
    turned = nearest(arm, found.joints[:, None], near)
    return Damped(
        joints=np.where(np.isnan(turned), found.joints, turned),
        miss_distance=found.miss_distance,
        miss_angle=found.miss_angle,
    )


def polish(arm: Arm, poses: ArrayLike, joints: ArrayLike) -> Damped:
    """Bring joint positions [n, J] that nearly reach poses [n, 4, 4] in the base onto them.

    Joint limits do not count.
    """
    anywhere = np.full(arm.joint_count, np.inf)
    chain = _chain(arm)._replace(lower=-anywhere, upper=anywhere)
    starts = np.asarray(joints, dtype=np.float64)
    return _descend(chain, np.asarray(poses, np.float64), starts, np.empty((0, arm.joint_count)))


def _descend(chain: Chain, poses: Array, starts: Array, seeds: Array) -> Damped:
    count = len(chain.slides)
    room = Room(
        frames=np.empty((count + 1, 3, 4)),
        jacobian=np.empty((6, count)),
        normal=np.empty((6, 6)),
        error=np.empty(6),
        pull=np.empty(6),
        step=np.empty(count),
        trial=np.empty(count),
        joints=np.empty(count),
    )
    joints, miss = np.empty((len(poses), count)), np.empty((len(poses), 2))
    compiled(descend_all)(chain, np.array(poses), np.array(starts), seeds, room, joints, miss)
    return Damped(joints=joints, miss_distance=miss[:, 0], miss_angle=miss[:, 1])


@lru_cache(maxsize=256)
def _chain(arm: Arm) -> Chain:
    """The arm with every joint frame turned so that its joint is about z."""
    count = arm.joint_count
    turn = np.tile(np.eye(4), (count + 1, 1, 1))
    for i, axis in enumerate(arm.axis):
        aside = np.eye(3)[np.argmin(np.abs(axis))]
        x = np.cross(aside, axis)
        x /= np.linalg.norm(x)
        turn[i, :3, :3] = np.column_stack([x, np.cross(axis, x), axis])
    fixed = np.concatenate([arm.fixed, arm.tail[None]]) @ turn
    fixed[1:] = invert_matrix(turn[:-1]) @ fixed[1:]
    length = float(np.linalg.norm(fixed[1:, :3, 3], axis=1).sum())
    return Chain(
        fixed=np.ascontiguousarray(fixed[:, :3]),
        slides=np.array(arm.prismatic),
        lower=np.array(arm.lower),
        upper=np.array(arm.upper),
        speed=np.array(arm.speed),
        length=length or 1.0,
    )


@lru_cache(maxsize=256)
def _seeds(arm: Arm, count: int) -> Array:
    """Joint positions spread over the ranges: multiples of powers of a generalised golden ratio.

    Roberts, The unreasonable effectiveness of quasirandom sequences (2018).
    """
    ratio = 2.0
    for _ in range(60):  # the root of x^(J + 1) = x + 1
        ratio = (1.0 + ratio) ** (1.0 / (arm.joint_count + 1))
    powers = ratio ** -np.arange(1.0, arm.joint_count + 1.0)
    share = np.mod(0.5 + np.arange(count)[:, None] * powers, 1.0)
    lower, upper = np.maximum(arm.lower, -FREE), np.minimum(arm.upper, FREE)
    lower, upper = np.minimum(lower, arm.upper), np.maximum(upper, arm.lower)
    seeds: Array = lower + share * (upper - lower)
    return seeds
