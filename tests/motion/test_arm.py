import math

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.motion.hs220 import CHAIN, HOME, hs220
from twin.errors import SceneError
from twin.motion import Arm, Arms, Joint
from twin.motion.frame import about, matrix_from

Matrix = list[list[float]]

JOINT = {"origin": (0.0, 0.0, 1.0), "axis": "X", "lower": -1.0, "upper": 1.0}
LIMITS = {"speed": 1.0, "acceleration": 2.0, "jerk": 3.0}


def product(a: Matrix, b: Matrix) -> Matrix:
    return [[sum(a[i][k] * b[k][j] for k in range(4)) for j in range(4)] for i in range(4)]


def placed(origin: tuple[float, ...], wxyz: tuple[float, ...]) -> Matrix:
    w, x, y, z = wxyz
    px, py, pz = origin
    return [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), px],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x), py],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y), pz],
        [0.0, 0.0, 0.0, 1.0],
    ]


def turned(axis: str, q: float) -> Matrix:
    c, s = math.cos(q), math.sin(q)
    corner = {
        "X": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "Y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "Z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }[axis]
    return [[*row, 0.0] for row in corner] + [[0.0, 0.0, 0.0, 1.0]]


def plain_frames(joints: list[float], base: Matrix) -> list[Matrix]:
    """Forward kinematics of the HS220 one number at a time."""
    frames = [base]
    for (origin, wxyz, axis, *_), q in zip(CHAIN, joints, strict=True):
        frames.append(product(product(frames[-1], placed(origin, wxyz)), turned(axis, q)))
    return frames


def random_joints(arm: Arm, count: int) -> NDArray[np.float64]:
    draws = np.random.default_rng(11).random((count, arm.joint_count))
    return arm.lower + draws * (arm.upper - arm.lower)


def test_frames_equal_plain_matrix_products():
    arm = hs220()
    joints = random_joints(arm, 200)
    yaw = np.linspace(-3, 3, 200)
    base = matrix_from(np.stack([yaw, 2 * yaw, yaw * yaw], axis=1), about([0, 0, 1], yaw))
    expected = [plain_frames(q, b) for q, b in zip(joints.tolist(), base.tolist(), strict=True)]
    np.testing.assert_allclose(arm.link_frames(joints, base), expected, atol=1e-13)


def test_the_home_flange_is_where_the_manual_says():
    flange = hs220().flange([HOME])[0]
    np.testing.assert_allclose(flange, placed((1.782, 0.0, 1.938), (1, 0, 0, 0)), atol=1e-15)


def test_home_joints_are_spaced_as_published():
    origin = hs220().link_frames([HOME])[0, :, :3, 3]
    expected = [(0, 0, 0), (0, 0, 0), (0.312, 0, 0.608), (0.312, 0, 1.708), (0.312, 0, 1.938)]
    expected += [(1.562, 0, 1.938), (1.782, 0, 1.938)]
    np.testing.assert_allclose(origin, expected, atol=1e-15)


def test_reach_and_height_within_limits_are_the_manuals():
    arm = hs220()
    h, v = np.meshgrid(np.radians(np.arange(10, 156)), np.radians(np.arange(-80, 191)))
    joints = np.zeros((h.size, 6))
    joints[:, 1], joints[:, 2] = h.ravel(), v.ravel()
    centre = arm.link_frames(joints)[:, 5, :3, 3]
    assert np.hypot(centre[:, 0], centre[:, 1]).max() == pytest.approx(2.6662, abs=5e-5)
    assert centre[:, 2].max() == pytest.approx(2.9789, abs=5e-5)


def test_one_base_serves_all_robots():
    arm, base = hs220(), matrix_from([1.0, 2.0, 3.0], [1.0, 0.0, 0.0, 0.0])
    frames = arm.link_frames(np.tile(HOME, (3, 1)), base)
    assert frames.shape == (3, 7, 4, 4)
    assert np.array_equal(frames[2, 0], base)
    np.testing.assert_allclose(arm.flange([HOME], base)[0, :3, 3], [2.782, 2.0, 4.938])


def test_mixed_types_are_placed_like_each_alone():
    long, short = hs220(), Arm.build([Joint(**JOINT, **LIMITS)] * 6)
    joints = random_joints(long, 10)
    row = np.arange(10) % 2
    together = Arms.build([long, short]).link_frames(row, joints)
    assert np.array_equal(together[row == 0], long.link_frames(joints[row == 0]))
    assert np.array_equal(together[row == 1], short.link_frames(joints[row == 1]))


def test_a_shorter_arm_has_its_missing_links_where_its_last_one_is():
    long, short = hs220(), Arm.build([Joint(**JOINT, **LIMITS)])
    joints = random_joints(long, 10)
    row = np.arange(10) % 2
    joints[row == 1, 1:] = 0.0
    together = Arms.build([long, short]).link_frames(row, joints)
    assert np.array_equal(together[row == 0], long.link_frames(joints[row == 0]))
    assert np.array_equal(together[row == 1, :2], short.link_frames(joints[row == 1, :1]))
    assert np.array_equal(together[row == 1, 2:], together[row == 1, 1:-1])


def test_limits_hold_for_every_axis():
    arm = hs220()
    joints = np.array([HOME, HOME, HOME, HOME])
    joints[1, 1] = arm.lower[1]
    joints[2, 1] = np.nextafter(arm.lower[1], 0.0)
    joints[3, 4] = np.nan
    assert arm.within_limits(joints).tolist() == [True, True, False, False]


def test_an_arm_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        hs220().speed[0] = 99.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"axis": "W"}, "/R1/joint_2 axis must be X, Y or Z, got W"),
        ({"lower": 2.0}, "/R1/joint_2 lower limit must not be above upper, got 2.0, 1.0"),
        ({"speed": 0.0}, "/R1/joint_2 speed must be > 0, got 0.0"),
        ({"acceleration": -1.0}, "acceleration must be > 0"),
        ({"jerk": math.nan}, "jerk must be > 0, got nan"),
        ({"wxyz": (0.0, 0.0, 0.0, 0.0)}, "wxyz must not be zero"),
    ],
)
def test_a_wrong_joint_is_refused_with_its_reason(change: dict[str, object], message: str):
    sound = Joint(**JOINT, **LIMITS)
    wrong = Joint(**(JOINT | LIMITS | change))
    with pytest.raises(SceneError, match=message):
        Arm.build([sound, wrong], where="/R1")


def test_all_faults_of_an_arm_are_told_at_once():
    wrong = Joint(**(JOINT | LIMITS | {"axis": "W", "speed": 0.0}))
    with pytest.raises(SceneError) as error:
        Arm.build([wrong, wrong])
    assert len(error.value.problems) == 4


def test_an_arm_without_joints_is_refused():
    with pytest.raises(SceneError, match="must have at least one joint"):
        Arm.build([])
