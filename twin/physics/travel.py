"""How far any point of an arm can go in a joint move: what a robot's odometer shows."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion import Arm

__all__ = ["POSES", "advances", "levers", "radii", "reaches_of"]

Array = NDArray[np.float64]

POSES = 5  # of a move, at which the distance of links from axes is measured


def radii(arm: Arm, reaches: ArrayLike) -> Array:
    """How far from each joint a link beyond it can be [m], whatever the pose, shape [J, J].

    Row i, column k is the sum of the lengths of the chain from joint i on to the link after joint
    k, and that link's reach: no point of it goes farther when joint i turns by 1 rad. For a joint
    that slides it is 1, and 0 for links before the joint.

    Args:
        arm: the chain.
        reaches: of the base and the link after each joint: the distance of its farthest corner
            from its origin [m], shape [J + 1].
    """
    reaches = np.asarray(reaches, dtype=np.float64)
    lengths = np.linalg.norm(arm.fixed[:, :3, 3], axis=1)
    stroke = np.maximum(np.abs(arm.lower), np.abs(arm.upper))
    lengths = lengths + np.where(arm.prismatic, stroke, 0.0)
    count = arm.joint_count
    found = np.zeros((count, count))
    for joint in range(count):
        chain = np.cumsum(np.append(0.0, lengths[joint + 1 :]))
        found[joint, joint:] = chain + reaches[joint + 1 :]
    return np.where(arm.prismatic[:, None], np.triu(np.ones((count, count))), found)


def advances(arm: Arm, balls: Array, start: ArrayLike, end: ArrayLike) -> Array:
    """How far any point of an arm goes in straight joint moves, at most [m], shape [n].

    Args:
        arm: the chain.
        balls: as in `levers`.
        start: joint positions, shape [n, J].
        end: joint positions, shape [n, J].
    """
    start, end = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    turn = np.abs(end - start)
    poses = [start + (end - start) * share for share in np.linspace(0.0, 1.0, POSES)]
    bound = levers(arm, balls, np.stack(poses), turn / (POSES - 1))
    return (turn[:, :, None] * bound).sum(axis=1).max(axis=1)


def levers(arm: Arm, balls: Array, poses: Array, step: Array) -> Array:
    """How far links' points are from joints' axes during moves, at most [m], shape [n, J, J].

    Row i, column k is of joint i and the link after joint k; 1 for a joint that slides, 0 for links
    before the joint. The distance is measured at some poses of each move; in between it changes by
    no more than the joints beyond carry the link on the way from the nearer pose, see `radii`.

    Args:
        arm: the chain.
        balls: middle [m] and radius [m] of a ball around each link, the base first, in the link's
            own frame, shape [J + 1, 4].
        poses: joint positions in the order in which each move comes through them, the first and
            the last of the move among them, shape [p, n, J].
        step: how far each joint goes from one of them to the next, there and back summed up, at
            most [rad] or [m], shape [n, J].
    """
    most = radii(arm, reaches_of(balls))
    farthest = np.zeros((poses.shape[1], *most.shape))
    for joints in poses:
        frames = arm.link_frames(joints)[:, 1:]
        axis = (frames[..., :3, :3] @ arm.axis[..., None])[..., 0]
        middle = (frames[..., :3, :3] @ balls[1:, :3, None])[..., 0] + frames[..., :3, 3]
        arms = middle[:, None] - frames[:, :, None, :3, 3]  # [n, joint, link, 3]
        across = np.cross(axis[:, :, None], arms)
        farthest = np.maximum(farthest, np.linalg.norm(across, axis=3) + balls[1:, 3])
    # joints after i carry link k, half a step from a pose at most
    carried = step[:, :, None] * most / 2.0
    later = np.cumsum(carried[:, ::-1], axis=1)[:, ::-1] - carried
    bound = np.minimum(farthest + later, most)
    bound = np.where(arm.prismatic[:, None], most, bound)
    return bound * np.triu(np.ones(most.shape))


def reaches_of(balls: Array) -> Array:
    """The distance of each ball's farthest point from the origin [m]."""
    return np.linalg.norm(balls[:, :3], axis=1) + balls[:, 3]
