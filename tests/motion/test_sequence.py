from dataclasses import replace
from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.motion.hs220 import HOME, hs220
from tests.motion.industrial import random_joints
from twin.motion import Arm
from twin.motion.choice import closeness, move_time, nearest, rule_of
from twin.motion.inverse import follow, solve
from twin.motion.sequence import soonest_path

Array = NDArray[np.float64]


def cost(arm: Arm, path: Array, start: Array) -> float:
    rule = rule_of(arm)
    moves = sum(move_time(rule, a, b) for a, b in pairwise([start, *path]))
    return moves + sum(closeness(rule, joints) for joints in path)


def every_option(arm: Arm, branches: Array) -> list[Array]:
    """All answers to one target with all whole turns within limits, found by trying them all."""
    options: list[Array] = []
    for answer in branches[~np.isnan(branches).any(axis=1)]:
        for turns in product((-1, 0, 1), repeat=6):
            joints = answer + 2 * np.pi * np.array(turns)
            if arm.within_limits(joints):
                options.append(joints)
    return options


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_a_path_is_as_cheap_as_the_best_of_all_combinations(seed: int):
    arm = hs220()
    flange = arm.flange(random_joints(arm, 2, seed=seed))
    start, branches = np.array(HOME), solve(arm, flange)
    path = soonest_path(arm, branches, start)
    options = [every_option(arm, each) for each in branches]
    best = min(cost(arm, np.stack(way), start) for way in product(*options))
    assert abs(cost(arm, path, start) - best) < 1e-9


def test_a_path_reaches_every_target_within_limits():
    arm = hs220()
    flange = arm.flange(random_joints(arm, 300))
    path = follow(arm, flange, HOME)
    assert arm.within_limits(path).all()
    np.testing.assert_allclose(arm.flange(path), flange, atol=1e-9)


def test_looking_ahead_is_never_dearer_than_taking_the_nearest_each_time():
    arm = hs220()
    gains: list[float] = []
    for seed in range(30):
        flange = arm.flange(random_joints(arm, 12, seed=seed))
        greedy, at = [], np.array(HOME)
        for branches in solve(arm, flange):
            at = nearest(arm, branches[None], at)[0]
            greedy.append(at)
        ahead = soonest_path(arm, solve(arm, flange), np.array(HOME))
        gains.append(cost(arm, np.stack(greedy), np.array(HOME)) - cost(arm, ahead, np.array(HOME)))
    assert min(gains) > -1e-9
    assert max(gains) > 0.5


def test_a_target_without_an_answer_is_passed_over():
    arm = hs220()
    branches = solve(arm, arm.flange(random_joints(arm, 3)))
    branches[1] = np.nan
    path = soonest_path(arm, branches, np.array(HOME))
    assert np.isnan(path[1]).all()
    without = soonest_path(arm, branches[[0, 2]], np.array(HOME))
    assert np.array_equal(path[[0, 2]], without)


def test_no_targets_are_no_path():
    assert follow(hs220(), np.empty((0, 4, 4)), HOME).shape == (0, 6)


def test_an_axis_without_limits_turns_on_by_less_than_a_turn():
    arm = hs220()
    free = replace(arm, lower=np.where(np.arange(6) == 5, -np.inf, arm.lower),
                   upper=np.where(np.arange(6) == 5, np.inf, arm.upper))  # fmt: skip
    joints = np.tile([0.1, 1.3, -0.4, 0.3, 0.6, 0.0], (7, 1))
    joints[:, 5] = np.arange(7)  # a radian each: past half a turn
    path = follow(free, free.flange(joints), joints[0])
    np.testing.assert_allclose(path, joints, atol=1e-9)
