import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.motion.hs220 import HOME, hs220
from twin.errors import SceneError
from twin.motion import Arm, Joint
from twin.motion.frame import about, matrix_from
from twin.motion.inverse import nearest, reach_flange, solve

COUNT = 4000
CLOSE = np.radians([[30, 130, -60, 20, 50, -40]])  # so close that all branches reach it


def random_joints(arm: Arm, count: int = COUNT) -> NDArray[np.float64]:
    draws = np.random.default_rng(17).random((count, arm.joint_count))
    return arm.lower + draws * (arm.upper - arm.lower)


def skewed() -> Arm:
    """A made-up arm: axis 1 leans, the shoulder is set sideways, axis 3 runs against axis 2."""
    limits = {"lower": -3.1, "upper": 3.1, "speed": 2.0, "acceleration": 5.0}
    chain = [  # origin [m], turn [rad], axis
        ((0.1, 0.0, 0.4), (0.2, 0.4, 0.1), "Z"),
        ((0.3, 0.2, 0.1), (0.3, 0.0, 0.9), "Z"),
        ((0.9, 0.05, 0.02), (0.0, math.pi, 0.0), "Z"),
        ((0.1, 0.7, 0.3), (0.0, math.pi / 2, 0.0), "Y"),
        ((0.0, 0.2, 0.0), (0.0, 0.7, 0.0), "X"),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), "Y"),
    ]
    joints: list[Joint] = []
    for origin, turn, axis in chain:
        angle = math.hypot(*turn)
        w, x, y, z = about(np.divide(turn, angle or 1.0), angle).tolist()
        joints.append(Joint(origin=origin, wxyz=(w, x, y, z), axis=axis, **limits))
    return Arm.build(joints)


@pytest.mark.parametrize("build", [hs220, skewed])
def test_every_branch_reaches_and_one_is_the_pose_it_came_from(build: Callable[[], Arm]):
    arm = build()
    joints = random_joints(arm)
    flange = arm.flange(joints)
    branches = solve(arm, flange)
    found = ~np.isnan(branches).any(axis=2)
    reached = arm.flange(branches[found])
    wanted = np.repeat(flange, 8, axis=0)[found.ravel()]
    np.testing.assert_allclose(reached, wanted, atol=1e-9)
    apart = np.mod(branches - joints[:, None] + np.pi, 2 * np.pi) - np.pi
    assert np.nanmin(np.abs(apart).max(axis=2), axis=1).max() < 1e-6


def test_a_chain_rounded_to_single_precision_is_still_solved():
    arm = hs220()
    rounded = replace(arm, fixed=arm.fixed.astype(np.float32).astype(np.float64))
    joints = random_joints(arm, 500)
    flange = rounded.flange(joints)
    chosen = nearest(rounded, solve(rounded, flange), joints)
    np.testing.assert_allclose(rounded.flange(chosen), flange, atol=1e-6)


def test_a_close_pose_has_eight_different_branches():
    arm = hs220()
    branches = solve(arm, arm.flange(CLOSE))[0]
    gaps = np.abs(branches[:, None] - branches[None]).max(axis=2) + 9 * np.eye(8)
    assert gaps.min() > 0.1


def test_branches_come_shoulder_elbow_wrist():
    arm = hs220()
    branches = solve(arm, arm.flange(CLOSE))[0]
    assert np.ptp(branches[:4, 0]) == 0.0
    assert np.ptp(branches[4:, 0]) == 0.0
    assert np.array_equal(branches[0::2, :3], branches[1::2, :3])
    np.testing.assert_allclose(branches[0::2, 4], -branches[1::2, 4], atol=1e-12)


def test_a_straight_wrist_leaves_joint_4_at_zero():
    arm = hs220()
    joints = np.radians([[20, 90, 10, 50, 0, 30]])
    chosen = reach_flange(arm, arm.flange(joints), HOME)
    np.testing.assert_allclose(np.degrees(chosen), [[20, 90, 10, 0, 0, 80]], atol=1e-9)


def test_poses_are_given_in_the_world_the_base_stands_in():
    arm = hs220()
    joints = random_joints(arm, 50)
    base = matrix_from(np.array([21.0, -3.0, 0.4]), about([0.0, 0.0, 1.0], np.pi / 2))
    chosen = reach_flange(arm, arm.flange(joints, base), joints, base=base)
    np.testing.assert_allclose(chosen, joints, atol=1e-6)


def test_the_nearest_branch_is_the_reference_itself_even_after_whole_turns():
    arm = hs220()
    joints = random_joints(arm)  # axes 4 and 6 range over two turns
    chosen = nearest(arm, solve(arm, arm.flange(joints)), joints)
    np.testing.assert_allclose(chosen, joints, atol=1e-6)


def test_the_choice_keeps_joint_limits():
    arm = hs220()
    flange = arm.flange(random_joints(arm))
    chosen = nearest(arm, solve(arm, flange), np.zeros(6))
    assert arm.within_limits(chosen).all()
    np.testing.assert_allclose(arm.flange(chosen), flange, atol=1e-9)


def test_soonest_is_judged_by_the_slowest_axis():
    arm = replace(hs220(), speed=np.array([1.0, 1.0, 1.0, 1.0, 1.0, 10.0]))
    branches = np.tile(HOME, (1, 2, 1))
    branches[0, 0, 0], branches[0, 1, 5] = 0.5, 2.0
    assert nearest(arm, branches, HOME)[0, 5] == 2.0


def test_a_whole_turn_back_is_taken_where_a_limit_is_in_the_way():
    arm = hs220()
    branches = np.array([[HOME]])
    branches[0, 0, 3] = np.radians(-10)
    near = np.array(HOME)
    near[3] = np.radians(358)
    assert np.degrees(nearest(arm, branches, near))[0, 3] == pytest.approx(350)
    near[3] = np.radians(-358)
    branches[0, 0, 3] = np.radians(-1)
    assert np.degrees(nearest(arm, branches, near))[0, 3] == pytest.approx(-1)


def test_rounding_at_a_limit_is_snapped_to_it():
    arm = hs220()
    joints = np.array([HOME])
    joints[0, 1] = arm.lower[1] - 1e-12
    assert nearest(arm, joints[:, None], HOME)[0, 1] == arm.lower[1]


def test_a_pose_out_of_reach_is_not_a_number_or_refused():
    arm = hs220()
    flange = np.stack([np.eye(4), np.eye(4)])
    flange[0, :3, 3] = (1.782, 0.0, 1.938)
    flange[1, :3, 3] = (3.5, 0.0, 1.0)
    branches = solve(arm, flange)
    assert np.isnan(branches[1]).all()
    assert np.isnan(nearest(arm, branches, HOME)[1]).all()
    message = "/R1 pose 2 must be within reach, got a wrist centre .* mm too far from axis 2"
    with pytest.raises(SceneError, match=message):
        reach_flange(arm, flange, HOME, where="/R1")


def test_no_poses_give_no_joints():
    assert solve(hs220(), np.empty((0, 4, 4))).shape == (0, 8, 6)


SIDEWAYS = matrix_from(np.array([0.0, 0.1, 0.1]), np.array([1.0, 0.0, 0.0, 0.0]))
LEANING = matrix_from(np.zeros(3), about(np.array([0.6, 0.0, 0.8]), 0.3))
UPENDED = matrix_from(np.zeros(3), about(np.array([0.0, 0.0, 1.0]), np.pi / 2))


@pytest.mark.parametrize(
    ("number", "by", "message"),
    [
        (6, SIDEWAYS, "axes 4, 5 and 6 must meet in one point"),
        (6, LEANING, "axes 4, 5 and 6 must be square"),
        (3, LEANING, "axes 2 and 3 must be parallel"),
        (2, UPENDED, "axes 1 and 2 must not be parallel"),
    ],
)
def test_an_arm_without_a_spherical_wrist_is_refused(
    number: int, by: NDArray[np.float64], message: str
):
    arm = hs220()
    fixed = arm.fixed.copy()
    fixed[number - 1] = fixed[number - 1] @ by
    with pytest.raises(SceneError, match=message):
        solve(replace(arm, fixed=fixed), np.eye(4)[None])


def test_an_arm_of_other_than_six_joints_is_refused():
    joint = Joint(origin=(0, 0, 0), axis="Z", lower=-1, upper=1, speed=1, acceleration=1)
    with pytest.raises(SceneError, match="must have 6 joints, got 7; solve such an arm by damped"):
        solve(Arm.build([joint] * 7), np.eye(4)[None])
