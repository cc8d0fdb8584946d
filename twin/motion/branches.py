"""The eight answers of a spherical-wrist arm, as scalars that numba compiles.

Axis 1 turns the wrist centre into the plane of the arm, axes 2 and 3 place it there, and the wrist
makes up the rest of the rotation. Each step has two answers. Sines and cosines of the arm's angles
are products of what is known already; only the answers themselves are arc tangents.
"""

from math import fabs, nan, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable
from twin.motion.arctan import arctan2

__all__ = ["fill_branches"]

Array = NDArray[np.float64]

MISS = 1e-6  # [m]: a wrist centre so little out of reach is reached
ALIGNED = 1e-10  # sine of axis 5, measured from the straight wrist: axes 4 and 6 are one axis


@compilable
def fill_branches(
    left: Array, right: Array, shape: Array, poses: Array, room: Array, joints: Array
) -> None:
    """Write the branches of every pose.

    Args:
        left: `SphericalWrist.left`.
        right: `SphericalWrist.right`.
        shape: `SphericalWrist.shape`.
        poses: Flange poses in the arm's base, shape [n, 4, 4].
        room: To work in, shape [2, 3, 4].
        joints: Joint positions in (-pi, pi] [rad], to be written, shape [n, 8, 6].
    """
    for i in range(len(poses)):
        fill_goal(left, poses[i], right, room[1], room[0])
        fill_shoulders(shape, room[0], room[1], joints[i])


@compilable
def fill_goal(left: Array, pose: Array, right: Array, half: Array, goal: Array) -> None:
    """Write left @ pose @ right: where the wrist must be, seen from the canonical base."""
    for i in range(3):
        for j in range(4):
            half[i, j] = (
                pose[i, 0] * right[0, j] + pose[i, 1] * right[1, j] + pose[i, 2] * right[2, j]
            )
        half[i, 3] += pose[i, 3]
    for i in range(3):
        for j in range(4):
            goal[i, j] = left[i, 0] * half[0, j] + left[i, 1] * half[1, j] + left[i, 2] * half[2, j]
        goal[i, 3] += left[i, 3]


@compilable
def fill_shoulders(shape: Array, goal: Array, plane: Array, joints: Array) -> None:
    """Axis 1: turned back by it, the wrist centre stands as far beside the arm as at zero."""
    sine, cosine, sideways = shape[0], shape[1], shape[2]
    x, y, z = goal[0, 3], goal[1, 3], goal[2, 3]
    beside = (sideways - cosine * z) / sine
    from_axis = x * x + y * y
    ahead = sqrt(max(from_axis - beside * beside, 0.0))
    short = max(fabs(beside) - sqrt(from_axis), 0.0)
    scale = sqrt(from_axis * (ahead * ahead + beside * beside))
    for back in range(2):
        if back:
            ahead = -ahead
        c, s = 1.0 - 2.0 * back, 0.0  # on axis 1: any angle will do
        if scale > 0.0:
            c, s = (x * ahead + y * beside) / scale, (y * ahead - x * beside) / scale
        for j in range(3):  # columns of the wrist's frame, seen from the plane of the arm
            along, across = c * goal[0, j] + s * goal[1, j], c * goal[1, j] - s * goal[0, j]
            plane[0, j] = along
            plane[1, j] = cosine * across - sine * goal[2, j]
            plane[2, j] = sine * across + cosine * goal[2, j]
        u = ahead - shape[3]
        v = cosine * beside - sine * z - shape[4]
        fill_elbows(shape, u, v, short, arctan2(s, c), plane, joints[4 * back : 4 * back + 4])


@compilable
def fill_elbows(
    shape: Array, u: float, v: float, short: float, first: float, plane: Array, joints: Array
) -> None:
    """Axes 2 and 3: a triangle of upper arm, forearm and the way (u, v) to the wrist centre."""
    upper, fore, fold = shape[5], shape[6], shape[9]
    square = u * u + v * v
    bend = (square - upper * upper - fore * fore) / (2.0 * upper * fore)
    if not -1.0 <= bend <= 1.0:
        way = sqrt(square)
        short = sqrt(short**2 + max(way - upper - fore, fabs(upper - fore) - way) ** 2)
        bend = 1.0 if bend > 0.0 else -1.0
    if not short <= MISS:
        joints[:] = nan
        return
    folded = sqrt((1.0 - bend) * (1.0 + bend))
    elbow = arctan2(folded, bend)
    base = upper + fore * bend
    scale = sqrt(base * base + fore * fore * folded * folded) * sqrt(square)
    for down in range(2):
        if down:
            folded, elbow = -folded, -elbow
        c, s = 1.0, 0.0  # folded onto axis 2: any angle will do
        if scale > 0.0:
            c = (u * base + v * fore * folded) / scale
            s = (v * base - u * fore * folded) / scale
        second = within_turn(arctan2(s, c) - shape[7])
        third = within_turn(fold * within_turn(elbow - shape[8] + shape[7]))
        c, s = c * bend - s * folded, s * bend + c * folded  # of the forearm
        for k in range(2):
            joints[2 * down + k, 0] = first
            joints[2 * down + k, 1] = second
            joints[2 * down + k, 2] = third
        c, s = c * shape[10] - s * shape[11], s * shape[10] + c * shape[11]  # of axis 4
        fill_wrists(shape, c, s, plane, joints[2 * down], joints[2 * down + 1])


@compilable
def fill_wrists(
    shape: Array, c: float, s: float, plane: Array, joints: Array, flipped: Array
) -> None:
    """Axes 4, 5 and 6: the rest k = Rx(q4) Ry(q5) Rx(q6), where axis 4 stands at (c, s)."""
    skew_cosine, skew_sine = shape[12], shape[13]
    level = c * plane[0, 0] + s * plane[1, 0]
    k00 = skew_cosine * level - skew_sine * plane[2, 0]
    k10 = c * plane[1, 0] - s * plane[0, 0]
    k20 = skew_sine * level + skew_cosine * plane[2, 0]
    k11 = c * plane[1, 1] - s * plane[0, 1]
    k21 = skew_sine * (c * plane[0, 1] + s * plane[1, 1]) + skew_cosine * plane[2, 1]
    k12 = c * plane[1, 2] - s * plane[0, 2]
    k22 = skew_sine * (c * plane[0, 2] + s * plane[1, 2]) + skew_cosine * plane[2, 2]
    sine = sqrt(k10 * k10 + k20 * k20)
    fifth = arctan2(sine, k00)
    turn = pi
    if sine > ALIGNED:
        c4, s4 = -k20 / sine, k10 / sine
        fourth = within_turn(arctan2(s4, c4) - shape[14])
    else:
        c4, s4, fourth, turn = shape[15], shape[16], 0.0, 0.0
    sixth = arctan2(-c4 * k12 - s4 * k22, c4 * k11 + s4 * k21)
    joints[3] = fourth
    joints[4] = within_turn(fifth - shape[17])
    joints[5] = within_turn(sixth)
    flipped[3] = within_turn(fourth - turn)
    flipped[4] = within_turn(-fifth - shape[17])
    flipped[5] = within_turn(sixth - turn)


@compilable
def within_turn(angle: float) -> float:
    """An angle in (-3 pi, 3 pi] brought into (-pi, pi] [rad]."""
    if angle > pi:
        return angle - 2.0 * pi
    if angle <= -pi:
        return angle + 2.0 * pi
    return angle
