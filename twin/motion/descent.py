"""Damped least squares on one chain of joints, as scalars and small arrays that numba compiles.

Levenberg's method on the error e between the flange and its goal: a step is
dq = J^T (J J^T + d |e|^2 I)^-1 e, where J is the Jacobian and the damping d falls after a step that
came nearer and rises after one that did not. The damping vanishes with the error, so the last steps
are Newton's (Sugihara, Solvability-unconcerned inverse kinematics, 2011). A joint that stands at
its limit and would go on is left out of the step. Lengths count in units of the arm's own.
"""

from math import atan2, cos, fabs, inf, isnan, sin, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compilable_apart
from twin.motion.vector import copy, norm

__all__ = ["Chain", "Room", "descend_all"]

Array = NDArray[np.float64]

REACHED = 1e-10  # [m] and [rad]: a flange so near its goal is there
STEPS = 100  # of one descent, at most
LONGEST = 0.5  # [rad], or lengths of the arm: largest step of any joint
HEAVIEST = 1e10  # damping at which a descent that comes no nearer is given up
ENOUGH = 3  # seeds that reach the goal, to choose the soonest of


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


@compilable
def descend_all(
    chain: Chain, poses: Array, starts: Array, seeds: Array, room: Room, joints: Array, miss: Array
) -> None:
    """Bring the flange to every pose: from its start, else from seeds.

    Args:
        chain: The arm.
        poses: Flange poses in the arm's base, shape [n, 4, 4].
        starts: Where to descend from first [rad], shape [n, J].
        seeds: Where to descend from after that [rad], shape [k, J].
        room: To work in.
        joints: Written: the joint positions of the soonest answer, seen from the start, or of the
            nearest that was come to [rad], shape [n, J].
        miss: Written: how far the flange is from its pose, shape [n, 2] [m, rad].
    """
    for i in range(len(poses)):
        best, found = inf, 0
        for k in range(-1, len(seeds)):
            copy(starts[i] if k < 0 else seeds[k], room.joints)
            square = descend(chain, poses[i], room)
            rank = square
            if reached(chain, room):
                found += 1
                rank = -1.0 / (1.0 + longest_time(chain, starts[i], room.joints))
            if rank < best or k < 0:
                best = rank
                copy(room.joints, joints[i])
                miss[i, 0] = chain.length * norm(room.error[:3])
                miss[i, 1] = norm(room.error[3:])
            if isnan(square) or found == ENOUGH or (k < 0 < found):
                break


@compilable_apart
def descend(chain: Chain, pose: Array, room: Room) -> float:
    """Go down from `room.joints`; leaves there where it came to, and returns the squared error."""
    for j in range(len(room.joints)):
        room.joints[j] = min(max(room.joints[j], chain.lower[j]), chain.upper[j])
    square = look(chain, pose, room.joints, room)
    damping = 1.0
    for _ in range(STEPS):
        if isnan(square) or reached(chain, room) or damping > HEAVIEST:
            break
        fill_step(chain, damping * square, room)
        for j in range(len(room.joints)):
            wanted = room.joints[j] + room.step[j]
            room.trial[j] = min(max(wanted, chain.lower[j]), chain.upper[j])
        nearer = look(chain, pose, room.trial, room)
        if nearer < square:
            copy(room.trial, room.joints)
            square, damping = nearer, max(0.2 * damping, 1e-6)
        else:
            damping *= 8.0
            square = look(chain, pose, room.joints, room)
    return square


@compilable
def reached(chain: Chain, room: Room) -> bool:
    """Whether the error in `room` is nothing but rounding."""
    return chain.length * norm(room.error[:3]) <= REACHED and norm(room.error[3:]) <= REACHED


@compilable
def longest_time(chain: Chain, start: Array, end: Array) -> float:
    """Time that the slowest axis needs at full speed [s]."""
    time = 0.0
    for j in range(len(end)):
        time = max(time, fabs(end[j] - start[j]) / chain.speed[j])
    return time


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


@compilable_apart
def fill_step(chain: Chain, damping: float, room: Room) -> None:
    """Write the damped step; joints that would pass the limit they stand at take no part."""
    count = len(room.step)
    room.step[:] = 1.0  # not zero: takes part
    again = True
    while again:
        again = False
        solve_normal(room, damping)
        for j in range(count):
            if room.step[j] == 0.0:
                continue
            pull = 0.0
            for r in range(6):
                pull += room.jacobian[r, j] * room.pull[r]
            at = room.joints[j]
            out = (pull < 0.0 and at <= chain.lower[j]) or (pull > 0.0 and at >= chain.upper[j])
            room.step[j] = 0.0 if out else pull
            again = again or out
    longest = 0.0
    for j in range(count):
        unit = chain.length if chain.slides[j] else 1.0
        longest = max(longest, fabs(room.step[j]) / unit)
    if longest > LONGEST:
        for j in range(count):
            room.step[j] *= LONGEST / longest


@compilable
def solve_normal(room: Room, damping: float) -> None:
    """Solve (J J^T + damping I) pull = error over the joints that take part, by Cholesky."""
    normal, jacobian, pull = room.normal, room.jacobian, room.pull
    for r in range(6):
        for c in range(r + 1):
            total = damping + 1e-15 if r == c else 0.0
            for j in range(len(room.step)):
                if room.step[j] != 0.0:
                    total += jacobian[r, j] * jacobian[c, j]
            for k in range(c):
                total -= normal[r, k] * normal[c, k]
            normal[r, c] = sqrt(max(total, 1e-30)) if r == c else total / normal[c, c]
    for r in range(6):
        total = room.error[r]
        for k in range(r):
            total -= normal[r, k] * pull[k]
        pull[r] = total / normal[r, r]
    for back in range(6):
        r = 5 - back
        total = pull[r]
        for k in range(r + 1, 6):
            total -= normal[k, r] * pull[k]
        pull[r] = total / normal[r, r]
