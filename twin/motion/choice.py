"""Which of many answers: within limits, soon, and away from singularities.

The rule is a number of seconds for each answer, and the least wins:

    cost = time of the axis that takes longest to come to the answer
         + sum over the angles that can be singular of 0.2 s (1 - |sin| / sin 10 deg), if positive

Time is judged at full speed for a single target (`nearest`). On a path with a stop at each target
(`twin.motion.sequence`) it is that of a move from rest to rest, which counts accelerations as well
but not the jerk. Two angles can be singular: that of the wrist (axis 5, from where axis 6 lies
along axis 4) and that of the elbow (axis 3, from where the arm is stretched or folded). The third
singularity of such an arm, a wrist centre on axis 1, is the same for all answers to a pose, so it
chooses nothing. Whole turns are added where an axis may turn that far.
"""

from functools import lru_cache
from math import ceil, fabs, floor, inf, isnan, nan, pi, radians, sin, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.core.compiled import compilable, compiled
from twin.motion.arm import Arm
from twin.motion.vector import copy
from twin.motion.wrist import has_spherical_wrist, spherical_wrist

__all__ = ["TURN", "Rule", "closeness", "move_time", "nearest", "rule_of", "turns"]

Array = NDArray[np.float64]

LIMIT_SLACK = 1e-9  # [rad]: rounding that is snapped back to a limit
SINGULAR_WEIGHT = 0.2  # [s]: cost of an answer in a singularity
SINGULAR_MARGIN = radians(10.0)  # [rad]: an angle this far from singular costs nothing
TURN = 2.0 * pi


class Rule(NamedTuple):
    """What answers are judged by, a number for each of J joints."""

    lower: Array  # lowest position [rad]
    upper: Array  # highest position [rad]
    speed: Array  # largest speed [rad/s]
    acceleration: Array  # largest acceleration [rad/s2]
    slides: NDArray[np.bool_]  # prismatic: no whole turns
    weight: Array  # cost where the joint is singular [s], 0 where it can't be
    singular: Array  # minus a position where it is; half a turn further it is again [rad]


@lru_cache(maxsize=256)
def rule_of(arm: Arm) -> Rule:
    """The rule for one arm."""
    weight, singular = np.zeros(arm.joint_count), np.zeros(arm.joint_count)
    if has_spherical_wrist(arm):
        wrist = spherical_wrist(arm)
        weight[[2, 4]] = SINGULAR_WEIGHT
        singular[2] = wrist["fold"] * (wrist["fore_angle"] - wrist["upper_angle"])
        singular[4] = wrist["straight"]
    return Rule(
        lower=np.array(arm.lower),
        upper=np.array(arm.upper),
        speed=np.array(arm.speed),
        acceleration=np.array(arm.acceleration),
        slides=np.array(arm.prismatic),
        weight=weight,
        singular=singular,
    )


def nearest(arm: Arm, branches: ArrayLike, reference: ArrayLike) -> Array:
    """Choose among answers by the rule of this module, coming from a reference.

    Args:
        arm: Gives limits, speeds and accelerations.
        branches: Answers, not-a-number where there is none, shape [n, k, J] [rad].
        reference: Joint positions to come from [rad], shape [n, J] or [J].

    Returns:
        Joint positions [rad], shape [n, J]; not-a-number where no branch is within the limits.
    """
    rule = rule_of(arm)._replace(acceleration=np.full(arm.joint_count, np.inf))
    answers = np.array(branches, dtype=np.float64)
    near = np.array(
        np.broadcast_to(np.asarray(reference, np.float64), (len(answers), arm.joint_count))
    )
    joints, room = np.empty_like(near), np.empty(arm.joint_count)
    compiled(choose_all)(rule, answers, near, room, joints)
    return joints


@compilable
def choose_all(rule: Rule, answers: Array, near: Array, room: Array, joints: Array) -> None:
    """Write the chosen answer of each row: answers [n, k, J], near and joints [n, J], room [J]."""
    for i in range(len(answers)):
        joints[i, :] = nan
        least = inf
        for k in range(answers.shape[1]):
            if not wind(rule, answers[i, k], near[i], room):
                continue
            cost = move_time(rule, near[i], room) + closeness(rule, room)
            if cost < least:
                least = cost
                copy(room, joints[i])


@compilable
def wind(rule: Rule, answer: Array, near: Array, wound: Array) -> bool:
    """Write the answer with whole turns added, as near as limits allow; False where they don't."""
    for j in range(len(answer)):
        low, high = turns(rule, answer[j], j)
        if not low <= high:  # not-a-number lands here too
            return False
        count = min(max(floor((near[j] - answer[j]) / TURN + 0.5), low), high)
        wound[j] = min(max(answer[j] + TURN * count, rule.lower[j]), rule.upper[j])
    return True


@compilable
def turns(rule: Rule, angle: float, j: int) -> tuple[float, float]:
    """How many whole turns may be added to a joint's angle: fewest and most; none if crossed."""
    lower, upper = rule.lower[j] - LIMIT_SLACK - angle, rule.upper[j] + LIMIT_SLACK - angle
    if isnan(angle):
        return 1.0, 0.0
    if rule.slides[j]:
        return (0.0, 0.0) if lower <= 0.0 <= upper else (1.0, 0.0)
    low = ceil(lower / TURN) * 1.0 if lower > -inf else -inf
    high = floor(upper / TURN) * 1.0 if upper < inf else inf
    return low, high


@compilable
def move_time(rule: Rule, start: Array, end: Array) -> float:
    """Time of the slowest axis from rest to rest, at its limits of speed and acceleration [s]."""
    longest = 0.0
    for j in range(len(end)):
        way, speed, acceleration = fabs(end[j] - start[j]), rule.speed[j], rule.acceleration[j]
        ramp = speed / acceleration
        time = way / speed + ramp if way > speed * ramp else 2.0 * sqrt(way / acceleration)
        longest = max(longest, time)
    return longest


@compilable
def closeness(rule: Rule, joints: Array) -> float:
    """What being near to singularities costs [s]."""
    cost = 0.0
    for j in range(len(joints)):
        if rule.weight[j] > 0.0:
            sine = fabs(sin(joints[j] + rule.singular[j]))
            cost += rule.weight[j] * max(0.0, 1.0 - sine / sin(SINGULAR_MARGIN))
    return cost
