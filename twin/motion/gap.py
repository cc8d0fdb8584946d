"""How far a flange is from its goal, and how each joint would change that: error and Jacobian.

Joints all turn about z of their frames, or slide along it. Lengths count in lengths of the arm.
"""

from math import atan2, cos, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compilable_apart
from twin.motion.vector import norm

__all__ = ["Chain", "Room", "look"]

Array = NDArray[np.float64]


class Chain(NamedTuple):
    """Joints that all turn about, or slide along, z of their frames."""

    fixed: Array  # joint frames in the one before, the flange last, shape [J + 1, 3, 4]
    slides: NDArray[np.bool_]  # shape [J]
    lower: Array  # [rad], shape [J]
    upper: Array  # [rad], shape [J]
    speed: Array  # [rad/s], shape [J]
    length: float  # of the whole chain [m]


class Room(NamedTuple):
    """Arrays to work in."""

    frames: Array  # shape [J + 1, 3, 4]
    jacobian: Array  # shape [6, J]
    normal: Array  # J J^T, then its Cholesky factor, shape [6, 6]
    error: Array  # position and rotation, shape [6]
    pull: Array  # (J J^T + ...)^-1 e, shape [6]
    step: Array  # shape [J]
    trial: Array  # shape [J]
    joints: Array  # shape [J]


@compilable_apart
def look(chain: Chain, pose: Array, joints: Array, room: Room) -> float:
    """Fill in frames, error and Jacobian at joint positions; returns the squared error."""
    fill_frames(chain, joints, room.frames)
    flange = room.frames[len(joints)]
    for r in range(3):
        room.error[r] = (pose[r, 3] - flange[r, 3]) / chain.length
    fill_turn(flange, pose, room.error[3:])
    for j in range(len(joints)):
        fill_column(room.frames[j], flange, chain.slides[j], chain.length, room.jacobian[:, j])
    return norm(room.error) ** 2


@compilable
def fill_frames(chain: Chain, joints: Array, frames: Array) -> None:
    """Write the frame of every link, and the flange's last."""
    count = len(joints)
    for i in range(count + 1):
        for r in range(3):
            for c in range(4):
                frames[i, r, c] = chain.fixed[i, r, c]
        if i > 0:
            carry(frames[i - 1], chain.fixed[i], frames[i])
        if i < count:
            move(frames[i], joints[i], chain.slides[i])


@compilable
def carry(frame: Array, fixed: Array, product: Array) -> None:
    """Write the product of two frames [3, 4]."""
    for r in range(3):
        for c in range(4):
            product[r, c] = (
                frame[r, 0] * fixed[0, c] + frame[r, 1] * fixed[1, c] + frame[r, 2] * fixed[2, c]
            )
        product[r, 3] += frame[r, 3]


@compilable
def fill_column(frame: Array, flange: Array, slides: bool, length: float, column: Array) -> None:  # noqa: FBT001
    """Write one joint's column of the Jacobian, its linear part in lengths of the arm."""
    x, y, z = frame[0, 2], frame[1, 2], frame[2, 2]
    if slides:
        column[0], column[1], column[2] = x / length, y / length, z / length
        column[3], column[4], column[5] = 0.0, 0.0, 0.0
    else:
        px = flange[0, 3] - frame[0, 3]
        py = flange[1, 3] - frame[1, 3]
        pz = flange[2, 3] - frame[2, 3]
        column[0] = (y * pz - z * py) / length
        column[1] = (z * px - x * pz) / length
        column[2] = (x * py - y * px) / length
        column[3], column[4], column[5] = x, y, z


@compilable
def move(frame: Array, joint: float, slides: bool) -> None:  # noqa: FBT001
    """Turn a frame [3, 4] about its z axis, or slide it along."""
    if slides:
        for r in range(3):
            frame[r, 3] += joint * frame[r, 2]
    else:
        c, s = cos(joint), sin(joint)
        for r in range(3):
            x, y = frame[r, 0], frame[r, 1]
            frame[r, 0] = c * x + s * y
            frame[r, 1] = c * y - s * x


@compilable
def fill_turn(flange: Array, pose: Array, turn: Array) -> None:
    """Write the rotation vector that turns one frame into another: axis times angle [rad]."""
    trace = 0.0
    turn[:] = 0.0
    for c in range(3):
        for r in range(3):
            a, b = (r + 1) % 3, (r + 2) % 3
            turn[r] += 0.5 * (flange[a, c] * pose[b, c] - flange[b, c] * pose[a, c])
            trace += flange[r, c] * pose[r, c]
    sine = norm(turn)
    angle = atan2(sine, 0.5 * (trace - 1.0))
    if sine > 1e-7:
        for r in range(3):
            turn[r] *= angle / sine
    elif trace < 0.0:  # half a turn: its axis is the longest column of R + I
        best = 0
        for r in range(3):
            if turned(flange, pose, r, r) > turned(flange, pose, best, best):
                best = r
        for r in range(3):
            turn[r] = turned(flange, pose, r, best) + (1.0 if r == best else 0.0)
        scale = angle / norm(turn)
        for r in range(3):
            turn[r] *= scale


@compilable
def turned(flange: Array, pose: Array, r: int, c: int) -> float:
    """One element of the rotation from a frame to a pose: pose @ flange^T."""
    return pose[r, 0] * flange[c, 0] + pose[r, 1] * flange[c, 1] + pose[r, 2] * flange[c, 2]
