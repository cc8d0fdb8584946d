import re
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.motion.hs220 import HOME, hs220
from tests.motion.industrial import iiwa, random_joints
from twin.errors import SceneError
from twin.motion import Arm
from twin.motion.frame import about, matrix_from
from twin.motion.inverse import follow, nearest, reach_flange, solve
from twin.motion.reach import explain
from twin.motion.singularity import nearly_singular, singularity
from twin.motion.wrist import spherical_wrist

STANDS = matrix_from(np.array([21.0, -3.0, 0.4]), about([0.0, 0.0, 1.0], np.pi / 2))


def flange_at(xyz: tuple[float, float, float], arm: Arm | None = None) -> NDArray[np.float64]:
    """The flange of an HS220, turned as at home, at a point of its base."""
    flange = (arm or hs220()).flange(np.array([HOME]))[0]
    flange[:3, 3] = xyz
    return flange


def said(text: str, pattern: str) -> list[float]:
    found = re.search(pattern, text)
    assert found, text
    return [float(each) for each in found.groups()]


NUMBER = r"(-?[\d.]+)"
AT = rf"at \[{NUMBER}, {NUMBER}, {NUMBER}\] m$"


def test_too_far_is_said_in_millimetres_with_the_nearest_that_works():
    arm = hs220()
    pose = STANDS @ flange_at((3.5, 0.0, 1.0))
    problem = explain(arm, pose, base=STANDS, where="/Line/R1", target="spot_17")
    assert problem
    text = str(problem)
    assert text.startswith("/Line/R1 spot_17 must be within reach, got a wrist centre ")
    wrist = np.array([3.5 - 0.22 - 0.312, 0.0, 1.0 - 0.608])
    far = 1e3 * (np.linalg.norm(wrist) - 1.1 - np.hypot(0.23, 1.25))
    assert said(text, f"centre {NUMBER} mm too far from axis 2") == [pytest.approx(far, abs=0.06)]
    works = pose.copy()
    works[:3, 3] = said(text, AT)
    works[:3, 3] += 2e-3 * (STANDS[:3, 3] + [0, 0, 0.6] - works[:3, 3])  # what rounding took off
    assert reach_flange(arm, works[None], HOME, base=STANDS).shape == (1, 6)
    beyond = pose.copy()
    beyond[:3, 3] = 0.99 * np.array(said(text, AT)) + 0.01 * pose[:3, 3]
    assert explain(arm, beyond, base=STANDS) is not None


def test_too_near_is_said():
    arm = hs220()
    fixed = arm.fixed.copy()
    fixed[1, 0, 3] = 0.1
    fixed[4, 0, 3] = 0.5  # a forearm of half the length: a hole around axis 2
    short = replace(arm, fixed=fixed)
    problem = explain(short, flange_at((0.22 + 0.2, 0.0, 0.608), short))
    assert problem
    hole, way = 1.1 - np.hypot(0.23, 0.5), 0.1 + 0.2  # with axis 1 turned round it lacks less
    near = said(str(problem), f"centre {NUMBER} mm too near to axis 2")
    assert near == [pytest.approx(1e3 * (hole - way), abs=0.06)]


def test_too_near_to_axis_1_is_said_for_an_arm_that_stands_beside_it():
    arm = hs220()
    fixed = arm.fixed.copy()
    fixed[1, 1, 3] = 0.2
    beside = replace(arm, fixed=fixed)
    problem = explain(beside, flange_at((0.22, 0.05, 1.5), beside))
    assert problem
    assert said(str(problem), f"{NUMBER} mm too near to axis 1") == [pytest.approx(150.0, abs=0.06)]


def test_a_limit_is_named_with_its_joint_and_the_degrees_beyond():
    arm = hs220()
    joints = np.radians([[20.0, 90.0, 10.0, 30.0, 131.5, 40.0]])
    tight = replace(arm, lower=np.radians([-180, 60, -20, -60, -128, -180.0]),
                    upper=np.radians([180, 120, 60, 60, 128, 180.0]))  # fmt: skip
    problem = explain(tight, arm.flange(joints)[0], where="/R1", target="t")
    assert problem
    text = str(problem)
    assert "must keep joint limits" in text
    assert "joint_5 at 131.5 deg, 3.50 deg beyond its 128 deg" in text
    way, turn = said(text, rf"works is {NUMBER} mm from there, turned by {NUMBER} deg")
    assert way < 20.0
    assert turn <= 3.51


def test_what_the_arm_reaches_needs_no_explanation():
    arm = hs220()
    for flange in arm.flange(random_joints(arm, 50)):
        assert explain(arm, flange) is None
    for flange in iiwa().flange(random_joints(iiwa(), 5)):
        assert explain(iiwa(), flange) is None


def test_every_pose_said_to_work_is_reached():
    arm = hs220()
    flange = arm.flange(random_joints(arm, 60, seed=8))
    flange[:, :3, 3] = flange[:, :3, 3] * 1.3 + [0.0, 0.0, -0.5]
    lost = np.isnan(nearest(arm, solve(arm, flange), HOME)).any(axis=1)
    assert lost.sum() > 20
    for pose in flange[lost]:
        problem = explain(arm, pose)
        assert problem
        if problem.way_out.endswith("m") and "turned as it is" in problem.way_out:
            at = np.array(said(problem.way_out, AT))
            near = pose.copy()
            offsets = np.stack(np.meshgrid(*[[-5e-4, 0.0, 5e-4]] * 3), axis=-1).reshape(-1, 3)
            tried = np.tile(near, (len(offsets), 1, 1))
            tried[:, :3, 3] = at + offsets
            assert np.isfinite(nearest(arm, solve(arm, tried), HOME)).any()


def test_another_chain_says_how_near_it_came_and_what_stood_in_the_way():
    arm = iiwa()
    far = np.eye(4)
    far[:3, 3] = (3.0, 0.0, 0.34)
    problem = explain(arm, far, where="/Line/Arm", target="t")
    assert problem
    assert "at least 2074.0 mm too far for an arm of 0.926 m" in str(problem)
    inside = np.eye(4)
    inside[:3, 3] = (0.0, 0.0, 0.3)
    text = str(explain(arm, inside))
    assert said(text, f"came no nearer than {NUMBER} mm")[0] > 50.0
    assert "at the limit" in text


def test_all_targets_that_are_lost_are_named_at_once():
    arm = hs220()
    flange = np.stack([flange_at(xyz) for xyz in ((3.5, 0.0, 1.0), (1.7, 0, 1.9), (0.0, 4.0, 1.0))])
    for call in (reach_flange, follow):
        with pytest.raises(SceneError) as caught:
            call(arm, flange, HOME, where="/R1", targets=["a", "b", "c"])
        assert [problem.path for problem in caught.value.problems] == ["/R1 a", "/R1 c"]


def test_a_pose_of_no_numbers_is_named():
    with pytest.raises(SceneError, match="/R1 pose 1 must be a pose of finite numbers"):
        reach_flange(hs220(), np.full((1, 4, 4), np.nan), HOME, where="/R1")
    with pytest.raises(SceneError, match="/R1 pose 1 must be a pose of finite numbers"):
        reach_flange(iiwa(), np.full((1, 4, 4), np.nan), np.zeros(7), where="/R1")


def test_singularities_are_measured():
    arm = hs220()
    wrist = spherical_wrist(arm)
    stretched = wrist["upper_angle"] - wrist["fore_angle"]
    joints = np.array([[0.1, 1.2, stretched + 0.03, 2.0, 0.02, 1.0]])
    found = singularity(arm, joints)
    assert found.wrist[0] == pytest.approx(0.02)
    assert found.elbow[0] == pytest.approx(0.03)
    frames = arm.link_frames(joints)[0]
    assert found.shoulder[0] == pytest.approx(np.hypot(*frames[5, :2, 3]))


def test_nearly_singular_targets_are_named_with_their_distance():
    arm = hs220()
    joints = np.radians([[0, 90, 10, 0, 1.5, 0], [0, 90, 10, 0, 30, 0]])
    problems = list(nearly_singular(arm, joints, where="/R1", targets=["a", "b"]))
    assert [problem.path for problem in problems] == ["/R1 a"]
    assert "wrist's singularity, got 1.50 deg" in str(problems[0])
