import numpy as np
import pytest

from tests.motion.hs220 import HOME, hs220
from tests.motion.industrial import OTHERS, iiwa, rail, random_joints
from twin.motion.damped import polish, solve_damped
from twin.motion.frame import about, matrix_from
from twin.motion.inverse import follow, reach_flange, solve


@pytest.mark.parametrize("name", OTHERS)
def test_any_chain_reaches_from_near(name: str):
    arm = OTHERS[name]()
    joints = random_joints(arm, 20_000)
    flange = arm.flange(joints)
    near = joints + np.random.default_rng(1).normal(0.0, 0.2, joints.shape)
    found = solve_damped(arm, flange, near)
    assert found.reached.all()
    assert arm.within_limits(found.joints).all()
    np.testing.assert_allclose(arm.flange(found.joints), flange, atol=1e-9)


@pytest.mark.parametrize("name", OTHERS)
def test_any_chain_reaches_from_far(name: str):
    arm = OTHERS[name]()
    flange = arm.flange(random_joints(arm, 2000))
    found = solve_damped(arm, flange, np.zeros(arm.joint_count))
    assert found.reached.mean() > 0.999
    assert arm.within_limits(found.joints).all()
    assert np.abs(arm.flange(found.joints) - flange)[found.reached].max() < 1e-9


def test_an_arm_that_can_be_solved_exactly_is_found_by_descent_as_well():
    arm = hs220()
    joints = random_joints(arm, 300)
    flange = arm.flange(joints)
    found = solve_damped(arm, flange, joints)
    np.testing.assert_allclose(found.joints, joints, atol=1e-6)
    branches = solve(arm, flange)
    answers = solve_damped(arm, flange, HOME)
    apart = np.mod(branches - answers.joints[:, None] + np.pi, 2 * np.pi) - np.pi
    gap = np.nanmin(np.abs(apart).max(axis=2), axis=1)
    assert gap[answers.reached].max() < 1e-5


def test_what_is_out_of_reach_is_said_to_be_missed_and_by_how_much():
    arm = iiwa()
    flange = np.eye(4)[None].copy()
    flange[0, :3, 3] = (3.0, 0.0, 0.34)
    found = solve_damped(arm, flange, np.zeros(7))
    assert not found.reached[0]
    gap = np.linalg.norm(arm.flange(found.joints)[0, :3, 3] - flange[0, :3, 3])
    assert found.miss_distance[0] == pytest.approx(gap)
    assert 3.0 - 0.926 < gap < 2.4


def test_the_same_call_gives_the_same_bits():
    arm = rail()
    flange = arm.flange(random_joints(arm, 200))
    first, again = (solve_damped(arm, flange, np.zeros(7)) for _ in range(2))
    assert np.array_equal(first.joints, again.joints)


def test_a_pose_half_a_turn_away_is_turned_to():
    arm = iiwa()
    joints = np.array([[0.2, 0.7, 0.1, -1.2, 0.3, 0.8, -1.4]])
    turned = joints.copy()
    turned[0, 6] += np.pi
    found = solve_damped(arm, arm.flange(turned), joints)
    assert found.reached[0]


def test_a_base_in_the_world_and_a_sliding_axis():
    arm = rail()
    base = matrix_from(np.array([21.0, -3.0, 0.4]), about([0.0, 0.0, 1.0], 1.0))
    joints = random_joints(arm, 100)
    flange = arm.flange(joints, base)
    reached = reach_flange(arm, flange, joints + 0.01, base=base)
    np.testing.assert_allclose(arm.flange(reached, base), flange, atol=1e-8)
    assert np.abs(reached - joints).max() < 0.5


def test_a_path_of_a_redundant_arm_goes_on_from_target_to_target():
    arm = iiwa()
    way = np.linspace(0.0, 1.0, 40)[:, None]
    joints = np.array([0.2, 0.7, 0.1, -1.2, 0.3, 0.8, -0.4]) + way * 0.6
    path = follow(arm, arm.flange(joints), joints[0])
    np.testing.assert_allclose(arm.flange(path), arm.flange(joints), atol=1e-9)
    assert np.abs(np.diff(path, axis=0)).max() < 0.1


def test_polishing_takes_rounded_joints_onto_the_pose():
    arm = hs220()
    joints = random_joints(arm, 500)
    flange = arm.flange(joints)
    better = polish(arm, flange, joints + 1e-5)
    assert better.reached.all()
    np.testing.assert_allclose(arm.flange(better.joints), flange, atol=1e-9)


def test_descent_interpreted_is_descent_compiled(monkeypatch: pytest.MonkeyPatch):
    arm = iiwa()
    flange = arm.flange(random_joints(arm, 3))
    compiled = solve_damped(arm, flange, np.zeros(7))
    monkeypatch.setattr("twin.motion.damped.compiled", lambda function: function)
    interpreted = solve_damped(arm, flange, np.zeros(7))
    assert np.array_equal(compiled.joints, interpreted.joints)
