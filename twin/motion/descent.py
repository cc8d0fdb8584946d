"""Damped least squares on one chain of joints, as scalars and small arrays that numba compiles.

Levenberg's method on the error e between the flange and its goal: a step is
dq = J^T (J J^T + d |e|^2 I)^-1 e, where J is the Jacobian and the damping d falls after a step that
came nearer and rises after one that did not. The damping vanishes with the error, so the last steps
are Newton's (Sugihara, Solvability-unconcerned inverse kinematics, 2011). A joint that stands at
its limit and would go on is left out of the step. Lengths count in units of the arm's own.
"""

from math import fabs, inf, isnan, sqrt

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compilable_apart
from twin.motion.gap import Chain, Room, look
from twin.motion.vector import copy, norm

__all__ = ["descend_all"]

Array = NDArray[np.float64]

REACHED = 1e-10  # [m] and [rad]: a flange so near its goal is there
STEPS = 100  # of one descent, at most
LONGEST = 0.5  # [rad], or lengths of the arm: largest step of any joint
HEAVIEST = 1e10  # damping at which a descent that comes no nearer is given up
ENOUGH = 3  # seeds that reach the goal, to choose the soonest of


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
