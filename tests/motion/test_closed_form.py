import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.motion.hs220 import hs220
from tests.motion.industrial import ARMS, Drawn, drawn, random_joints
from twin.motion import Arm
from twin.motion.branches import fill_branches
from twin.motion.closed_form import solve
from twin.motion.frame import about, matrix_from
from twin.motion.wrist import spherical_wrist

COUNT = 100_000

Array = NDArray[np.float64]


def missed(arm: Arm, branches: Array, flange: Array) -> float:
    """The worst element of all branches' flange poses against the poses asked for."""
    found = ~np.isnan(branches).any(axis=2)
    row = np.nonzero(found)[0]
    return float(np.abs(arm.flange(branches[found]) - flange[row]).max())


def lost(branches: Array, joints: Array) -> float:
    """How far the poses [n, J] that targets were made from are from their nearest branch [rad]."""
    apart = np.mod(branches - joints[:, None] + np.pi, 2 * np.pi) - np.pi
    return float(np.nanmin(np.abs(apart).max(axis=2), axis=1).max())


@pytest.mark.parametrize("name", ARMS)
def test_every_branch_reaches_and_one_is_where_the_pose_came_from(name: str):
    arm = ARMS[name]()
    joints = random_joints(arm, COUNT)
    flange = arm.flange(joints)
    branches = solve(arm, flange)
    assert missed(arm, branches, flange) < 1e-9
    assert lost(branches, joints) < 1e-5  # in a singularity a rounded pose moves the joints


@pytest.mark.parametrize("name", ARMS)
def test_the_robots_library_eaik_finds_the_same_branches(name: str):
    hp = pytest.importorskip("eaik.IK_HP")
    arm = ARMS[name]()
    joints = random_joints(arm, 200, seed=5)
    flange = arm.flange(joints)
    frames, home = arm.link_frames(np.zeros((1, 6)))[0], arm.flange(np.zeros((1, 6)))[0]
    axes = (frames[1:, :3, :3] @ arm.axis[..., None])[..., 0]
    points = np.concatenate([np.zeros((1, 3)), frames[1:, :3, 3], home[None, :3, 3]])
    robot = hp.HPRobot(axes, np.diff(points, axis=0))
    turned = flange.copy()
    turned[:, :3, :3] = flange[:, :3, :3] @ home[:3, :3].T  # its flange has the base's axes at zero
    branches = solve(arm, flange)
    for i in range(len(joints)):
        answer = robot.IK(turned[i])
        theirs = np.array(answer.Q)[~np.array(answer.is_LS)]
        ours = branches[i][~np.isnan(branches[i]).any(axis=1)]
        apart = np.mod(theirs[:, None] - ours[None] + np.pi, 2 * np.pi) - np.pi
        gap = np.abs(apart).max(axis=2)
        assert len(theirs) == len(ours)
        assert gap.min(axis=1).max() < 1e-5
        assert gap.min(axis=0).max() < 1e-5


length = st.floats(-0.6, 0.6)
angle = st.floats(-3.1, 3.1)
lean = st.floats(-0.6, 0.6)
arms = st.builds(
    Drawn,
    lengths=st.lists(length, min_size=12, max_size=12),
    angles=st.builds(
        lambda turns, leans: [*turns, *leans],
        st.lists(angle, min_size=12, max_size=12),
        st.lists(lean, min_size=2, max_size=2),
    ),
    signs=st.lists(st.sampled_from([-1.0, 1.0]), min_size=6, max_size=6),
)


@settings(deadline=None, max_examples=150)
@given(of=arms)
def test_any_base_zero_sign_lean_and_offset_is_solved(of: Drawn):
    if min(math.hypot(0.5 + of.lengths[6], of.lengths[7]), 0.5 + of.lengths[2]) < 0.05:
        return  # no upper arm, or no forearm
    arm = drawn(of)
    joints = random_joints(arm, 200)
    flange = arm.flange(joints)
    branches = solve(arm, flange)
    assert missed(arm, branches, flange) < 1e-9
    assert lost(branches, joints) < 1e-4


def test_interpreted_and_compiled_are_the_same_to_the_bit():
    for name in ("HS220", "KR210", "TX40"):
        arm = ARMS[name]()
        flange = arm.flange(random_joints(arm, 200))
        wrist, joints = spherical_wrist(arm), np.empty((200, 8, 6))
        fill_branches(wrist.left, wrist.right, wrist.shape, flange, np.empty((2, 3, 4)), joints)
        assert np.array_equal(solve(arm, flange), joints, equal_nan=True)


def test_singular_poses_are_reached():
    arm = hs220()
    wrist = spherical_wrist(arm)
    stretched = wrist["upper_angle"] - wrist["fore_angle"]
    joints = random_joints(arm, 600)
    joints[:200, 4] = 0.0  # axes 4 and 6 in line
    joints[200:400, 2] = stretched  # the arm straight
    joints[400:, 2] = stretched
    joints[400:, 4] = 0.0
    flange = arm.flange(joints)
    branches = solve(arm, flange)
    assert not np.isnan(branches).all(axis=(1, 2)).any()
    assert missed(arm, branches, flange) < 1e-9


def test_a_wrist_centre_on_axis_1_is_reached_at_any_angle():
    arm = ARMS["IRB140"]()
    wrist = spherical_wrist(arm)
    goal = np.eye(4)
    goal[:3, 3] = (0.0, 0.0, 0.352 + 0.5)
    seen = np.eye(4)
    seen[:3, 3] = wrist.right[:, 3]
    flange = (goal @ np.linalg.inv(seen))[None]
    branches = solve(arm, flange)
    assert not np.isnan(branches).all()
    assert missed(arm, branches, flange) < 1e-9


def test_an_arm_with_rounded_angles_is_solved_on_the_arm_as_it_is():
    arm = ARMS["KR210"]()
    off = matrix_from([0.0, 0.0, 0.0], about([1.0, 0.0, 0.0], 1.5708 - math.pi / 2))
    rounded = replace(arm, fixed=arm.fixed @ off)
    assert not spherical_wrist(rounded).exact
    joints = random_joints(rounded, 2000)
    joints[:, 4] = np.where(np.abs(np.sin(joints[:, 4])) < 0.05, 1.0, joints[:, 4])
    flange = rounded.flange(joints)
    branches = solve(rounded, flange)
    assert missed(rounded, branches, flange) < 2e-9
    assert np.isfinite(branches).all(axis=2).any(axis=1).mean() > 0.99


def test_targets_just_out_of_reach_are_not_reached():
    arm = hs220()
    wrist = spherical_wrist(arm)
    joints = np.array([[0.3, 1.0, wrist["upper_angle"] - wrist["fore_angle"], 0.2, 0.5, 0.1]])
    flange = arm.flange(joints)
    frames = arm.link_frames(joints)[0]
    seen = flange[0, :3, :3] @ wrist.right[:, 3] + flange[0, :3, 3]
    outward = (seen - frames[2, :3, 3]) / np.linalg.norm(seen - frames[2, :3, 3])
    for way, reached in ((-1e-4, True), (1e-7, True), (1e-5, False), (1.0, False)):
        moved = flange.copy()
        moved[0, :3, 3] += way * outward
        assert bool(np.isfinite(solve(arm, moved)).any()) == reached


def test_a_pose_that_is_not_a_number_has_no_answer():
    flange = np.full((1, 4, 4), np.nan)
    assert np.isnan(solve(hs220(), flange)).all()
