import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.motion.hs220 import HOME, hs220
from twin.core.compiled import compiled
from twin.errors import SceneError
from twin.motion import (
    Arm,
    Arms,
    Joint,
    Link,
    jacobian,
    link_poses,
    manipulability,
    singularity_distance,
)
from twin.motion.frame import about, matrix_from
from twin.motion.mass import joined, missing_masses
from twin.motion.sine import sines

LIMITS = {"lower": -2.0, "upper": 2.0, "speed": 1.0, "acceleration": 1.0}


def gantry() -> Arm:
    """A slide, two joints on slanted axes, another slide, and a flange away from the last link."""
    joints = [
        Joint(origin=(0.1, 0.2, 0.3), axis="X", prismatic=True, **LIMITS),
        Joint(origin=(0.5, 0.0, 0.2), wxyz=(0.8, 0.0, 0.6, 0.0), axis=(1.0, 2.0, -2.0), **LIMITS),
        Joint(origin=(0.0, 0.4, 0.0), axis=(0.0, -1.0, 0.0), **LIMITS),
        Joint(origin=(0.0, 0.0, 0.3), wxyz=(0.6, 0.8, 0.0, 0.0), axis=(0.0, 3.0, 4.0),
              prismatic=True, **LIMITS),
        Joint(origin=(0.0, 0.0, 0.1), axis="Z", **LIMITS),
        Joint(origin=(0.2, 0.0, 0.1), axis="Y", **LIMITS),
    ]  # fmt: skip
    return Arm.build(joints, tail=matrix_from((0.1, 0.0, 0.2), (0.0, 0.6, 0.0, 0.8)))


def poses(arm: Arm, count: int = 300) -> np.ndarray:
    draws = np.random.default_rng(5).random((count, arm.joint_count))
    return arm.lower + draws * (arm.upper - arm.lower)


def bases(count: int) -> np.ndarray:
    yaw = np.linspace(-3.0, 3.0, count)
    return matrix_from(np.stack([yaw, 2 * yaw, yaw * yaw], axis=1), about([0.0, 0.6, 0.8], yaw))


def test_a_prismatic_joint_slides_along_its_axis():
    arm = Arm.build([Joint(origin=(0, 0, 1), axis=(0.0, 3.0, 4.0), prismatic=True, **LIMITS)])
    assert arm.axis[0] == pytest.approx((0.0, 0.6, 0.8))
    flange = arm.flange([[0.0], [0.5]])
    assert flange[0] == pytest.approx(matrix_from((0, 0, 1), (1, 0, 0, 0)))
    assert flange[1] == pytest.approx(matrix_from((0, 0.3, 1.4), (1, 0, 0, 0)))


def test_a_slanted_axis_stands_still_while_it_turns():
    arm = gantry()
    frames = arm.link_frames(poses(arm))
    before = frames[:, 1] @ arm.fixed[1]
    there = (before[:, :3, :3] @ arm.axis[1, :, None])[..., 0]
    np.testing.assert_allclose((frames[:, 2, :3, :3] @ arm.axis[1, :, None])[..., 0], there)
    np.testing.assert_allclose(frames[:, 2, :3, 3], before[:, :3, 3], atol=1e-14)


def test_many_robots_of_mixed_types_are_where_each_alone_is():
    arms = [hs220(), gantry()]
    row = np.arange(3000) % 2
    joints, stands = poses(gantry(), 3000), bases(3000)
    together = Arms.build(arms).link_frames(row, joints, stands)
    for number, arm in enumerate(arms):
        mine = np.flatnonzero(row == number)
        for some in np.array_split(mine, 5):  # few at a time: not by the kernel
            np.testing.assert_allclose(
                together[some], arm.link_frames(joints[some], stands[some]), rtol=0, atol=3e-14
            )


def test_link_poses_are_the_frames_without_their_last_row():
    arms = Arms.build([hs220(), gantry()])
    row, joints = np.arange(700) % 2, poses(gantry(), 700)
    out = np.full((700, 7, 3, 4), np.nan)
    assert link_poses(arms, row, joints, bases(700), out=out) is out
    frames = arms.link_frames(row, joints, bases(700))
    np.testing.assert_allclose(out, frames[:, :, :3], rtol=0, atol=3e-14)
    one = link_poses(hs220(), 0, [HOME], matrix_from((1, 2, 3), (1, 0, 0, 0)))
    np.testing.assert_allclose(one[0, 6, :, 3], (2.782, 2.0, 4.938), atol=1e-15)


def test_single_precision_is_double_precision_rounded_once():
    joints = poses(gantry(), 2000)
    double = link_poses(gantry(), 0, joints, bases(2000))
    single = link_poses(gantry(), 0, joints, bases(2000), out=np.empty((2000, 7, 3, 4), np.float32))
    assert np.array_equal(single, double.astype(np.float32))
    assert np.all(np.abs(single - double) <= 2.0**-24 * np.abs(double) + 1e-45)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"joints": np.zeros((5, 5))}, r"link_poses joints must be \[n, 6\], got \[5, 5\]"),
        ({"base": np.zeros((3, 4, 4))}, r"link_poses base must be one or 5 matrices"),
        ({"out": np.zeros((5, 7, 4, 4))}, r"link_poses out must be \[5, 7, 3, 4\]"),
        ({"row": np.full(5, 2)}, r"link_poses row must be 0 to 0, got 2 to 2"),
        ({"row": -1}, r"link_poses row must be 0 to 0, got -1 to -1"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_before_memory_is_touched(change, message):
    arguments = {"row": 0, "joints": np.zeros((5, 6)), "base": None, "out": None} | change
    with pytest.raises(SceneError, match=message):
        link_poses(hs220(), **arguments)


def test_no_robots_have_no_poses():
    assert link_poses(hs220(), 0, np.empty((0, 6))).shape == (0, 7, 3, 4)


@given(st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=40))
@settings(max_examples=50)
def test_our_sines_are_right_to_the_last_bits(angles):
    angle = np.array(angles)
    for make in (sines, compiled(sines)):
        sine, cosine = np.empty_like(angle), np.empty_like(angle)
        make(angle, 0, len(angle), sine, cosine)
        assert sine == pytest.approx([math.sin(x) for x in angles], rel=0, abs=2.3e-16)
        assert cosine == pytest.approx([math.cos(x) for x in angles], rel=0, abs=2.3e-16)


@pytest.mark.parametrize("build", [hs220, gantry])
def test_the_jacobian_is_how_the_flange_moves(build):
    arm, step = build(), 1e-6
    joints, stands = poses(arm, 50), bases(50)
    found = jacobian(arm, joints, stands)
    assert found.shape == (50, 6, 6)
    for i in range(6):
        ends = [arm.flange(joints + way * step * np.eye(6)[i], stands) for way in (1, -1)]
        rate = (ends[0] - ends[1]) / (2 * step)
        spin = rate[:, :3, :3] @ np.swapaxes(arm.flange(joints, stands)[:, :3, :3], 1, 2)
        turning = np.stack([spin[:, 2, 1], spin[:, 0, 2], spin[:, 1, 0]], axis=1)
        np.testing.assert_allclose(found[:, :3, i], rate[:, :3, 3], atol=1e-8)
        np.testing.assert_allclose(found[:, 3:, i], turning, atol=1e-8)


def test_manipulability_is_the_volume_that_joint_speeds_span():
    arm = hs220()
    joints = poses(arm, 100)
    j = jacobian(arm, joints)
    expected = np.sqrt(np.linalg.det(j @ np.swapaxes(j, 1, 2)))
    np.testing.assert_allclose(manipulability(arm, joints), expected, rtol=1e-9, atol=1e-12)


def test_a_straight_wrist_and_a_stretched_arm_are_singular():
    arm = hs220()
    straight = np.array([0.3, 1.4, 0.2, 0.5, 0.0, 0.1])
    stretched = np.array([0.3, 1.2, math.pi / 2 - math.atan2(0.23, 1.25), 0.4, 0.7, 0.0])
    assert singularity_distance(arm, [straight, stretched]) == pytest.approx([0, 0], abs=1e-12)
    assert manipulability(arm, [straight, stretched]) == pytest.approx([0, 0], abs=1e-12)
    assert singularity_distance(arm, [straight + [0, 0, 0, 0, 0.5, 0]])[0] > 0.05


def test_an_arm_knows_the_mass_of_its_links():
    ((xx, xy, xz), (yx, yy, yz), (zx, zy, zz)) = np.diag([1.0, 2.0, 2.5]).tolist()
    body = Link(mass=12.0, com=(0.1, 0.0, 0.2), name="arm",
                inertia=((xx, xy, xz), (yx, yy, yz), (zx, zy, zz)))  # fmt: skip
    joint = Joint(origin=(0, 0, 1), axis="X", effort=400.0, name="shoulder", **LIMITS)
    arm = Arm.build([joint], links=[Link(name="base"), body])
    assert arm.mass.tolist() == [0.0, 12.0]
    assert arm.com[1].tolist() == [0.1, 0.0, 0.2]
    assert arm.inertia[1] == pytest.approx(np.diag([1.0, 2.0, 2.5]))
    assert arm.effort.tolist() == [400.0]
    assert (arm.joint_names, arm.link_names) == (("shoulder",), ("base", "arm"))
    assert missing_masses(arm) == []
    without = Arm.build([joint], links=[Link(), Link(name="arm")])
    (problem,) = missing_masses(without, "/R1")
    assert str(problem).startswith("/R1/arm must have a mass for torque and energy")


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (Link(mass=-1.0), "/R1/link_1 mass must be >= 0 kg"),
        (Link(mass=1.0, com=(0.0, math.nan, 0.0)), "all mass properties finite"),
        (Link(mass=1.0, inertia=((1, 0.5, 0), (0, 1, 0), (0, 0, 1))), "inertia must be symmetric"),
        (Link(mass=1.0, inertia=((-1, 0, 0), (0, 1, 0), (0, 0, 1))), "no negative principal"),
    ],
)
def test_a_mass_that_can_t_be_is_refused(link, message):
    joint = Joint(origin=(0, 0, 1), axis="X", **LIMITS)
    with pytest.raises(SceneError, match=message):
        Arm.build([joint], links=[Link(), link], where="/R1")


def test_links_must_be_one_more_than_joints():
    with pytest.raises(SceneError, match="must have 2 links, one more than joints, got 3"):
        Arm.build([Joint(origin=(0, 0, 1), axis="X", **LIMITS)], links=[Link()] * 3)


def test_an_axis_without_length_is_refused():
    with pytest.raises(SceneError, match="joint_1 axis must be a vector of some length"):
        Arm.build([Joint(origin=(0, 0, 1), axis=(0.0, 0.0, 0.0), **LIMITS)])


def test_bodies_joined_have_the_mass_properties_of_their_points():
    rng = np.random.default_rng(3)
    points, weights = rng.normal(size=(40, 3)), rng.random(40)

    def body(some: slice, frame: np.ndarray) -> Link:
        local = (points[some] - frame[:3, 3]) @ frame[:3, :3]
        mass = weights[some].sum()
        com = weights[some] @ local / mass
        off = local - com
        rows = sum(
            w * (r @ r * np.eye(3) - np.outer(r, r))
            for w, r in zip(weights[some], off, strict=True)
        )
        return Link(mass=float(mass), com=tuple(com), inertia=tuple(map(tuple, rows)))

    frames = matrix_from(rng.normal(size=(2, 3)), about([0.0, 0.6, 0.8], [0.5, 2.0]))
    halves = [body(slice(0, 15), frames[0]), body(slice(15, 40), frames[1])]
    both, whole = joined(list(zip(halves, frames, strict=True))), body(slice(0, 40), np.eye(4))
    assert both.mass == pytest.approx(whole.mass)
    np.testing.assert_allclose(both.com, whole.com)
    np.testing.assert_allclose(both.inertia, whole.inertia, atol=1e-12)
