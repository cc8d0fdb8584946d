"""The best answers for a whole path: branches and whole turns chosen jointly.

Dynamic programming (Bellman, 1957) over every answer to every target with every whole turn that
limits allow, judged by the rule of `twin.motion.choice`.
"""

from math import inf, nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.core.compiled import compilable, compiled
from twin.motion.arm import Arm
from twin.motion.choice import TURN, Rule, closeness, move_time, rule_of, turns
from twin.motion.vector import copy

__all__ = ["soonest_path"]

Array = NDArray[np.float64]


def soonest_path(arm: Arm, branches: ArrayLike, start: ArrayLike) -> Array:
    """Choose an answer for every target of a path so that the costs add up to the least.

    Args:
        arm: Gives limits, speeds and accelerations.
        branches: Answers, not-a-number where there is none, shape [n, k, J] [rad].
        start: Joint positions to come from [rad], shape [J].

    Returns:
        Joint positions [rad], shape [n, J]; not-a-number for targets without an answer within the
        limits, which are passed over.
    """
    answers, near = np.array(branches, dtype=np.float64), np.array(start, dtype=np.float64)
    rule = rule_of(arm)
    rule = rule._replace(
        lower=np.where(np.isfinite(rule.lower), rule.lower, near - TURN),
        upper=np.where(np.isfinite(rule.upper), rule.upper, near + TURN),
    )
    ways = np.where(rule.slides, 1, np.floor((rule.upper - rule.lower + 1e-6) / TURN) + 1)
    row_count, branch_count, joint_count = answers.shape
    width = branch_count * int(np.prod(ways))
    options = np.empty((row_count, width, joint_count))
    cost, before = np.empty((row_count, width)), np.empty((row_count, width), np.int64)
    joints, count = np.empty((row_count, joint_count)), np.empty(row_count, np.int64)
    compiled(choose_path)(rule, answers, near, options, cost, before, count, joints)
    return joints


@compilable
def choose_path(
    rule: Rule,
    answers: Array,
    start: Array,
    options: Array,
    cost: Array,
    before: NDArray[np.int64],
    count: NDArray[np.int64],
    joints: Array,
) -> None:
    """Write the cheapest path [n, J]: answers [n, k, J]; options [n, c, J], the rest to work in."""
    last = -1
    for i in range(len(answers)):
        count[i] = fill_options(rule, answers[i], options[i])
        for k in range(count[i]):
            cost[i, k] = closeness(rule, options[i, k])
            if last < 0:
                cost[i, k] += move_time(rule, start, options[i, k])
            else:
                m, least = cheapest_way(
                    rule, options[last, : count[last]], cost[last], options[i, k]
                )
                before[i, k] = m
                cost[i, k] += least
        if count[i] > 0:
            last = i
    fill_back(last, options, cost, before, count, joints)


@compilable
def cheapest_way(rule: Rule, origins: Array, cost: Array, end: Array) -> tuple[int, float]:
    """From which origin [c, J] with its cost so far [c] an end is come to cheapest; that cost."""
    best, least = 0, inf
    for m in range(len(origins)):
        if cost[m] < least:  # else the move can't make up for it
            total = cost[m] + move_time(rule, origins[m], end)
            if total < least:
                best, least = m, total
    return best, least


@compilable
def fill_back(
    last: int,
    options: Array,
    cost: Array,
    before: NDArray[np.int64],
    count: NDArray[np.int64],
    joints: Array,
) -> None:
    """Write the cheapest path, from its last target back to its first."""
    best = 0
    if last >= 0:
        for k in range(count[last]):
            if cost[last, k] < cost[last, best]:
                best = k
    for i in range(len(joints) - 1, -1, -1):
        if count[i] > 0:
            copy(options[i, best], joints[i])
            best = before[i, best]
        else:
            joints[i, :] = nan


@compilable
def fill_options(rule: Rule, answers: Array, options: Array) -> int:
    """Write all answers to one target with all whole turns that limits allow; returns how many."""
    count = 0
    for k in range(len(answers)):
        first = count
        for j in range(answers.shape[1]):
            low, high = turns(rule, answers[k, j], j)
            if not low <= high:
                count = first
                break
            if j == 0:
                copy(answers[k], options[count])
                count += 1
            made = count - first
            for way in range(round(high - low) + 1):
                for m in range(made):
                    row = first + way * made + m
                    copy(options[first + m], options[row])
                    angle = answers[k, j] + TURN * (low + way)
                    options[row, j] = min(max(angle, rule.lower[j]), rule.upper[j])
            count = first + made * (round(high - low) + 1)
    return count
