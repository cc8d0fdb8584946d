import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.motion.hs220 import HOME, hs220
from twin.errors import SceneError
from twin.motion import Programs, plan_program, synchronised

ARM = hs220()
NEAR = np.radians([25, 70, 20, 40, 60, -90])

poses = st.lists(st.lists(st.floats(0.0, 1.0), min_size=6, max_size=6), min_size=1, max_size=5).map(
    lambda rows: ARM.lower + np.array(rows) * (ARM.upper - ARM.lower)
)


def test_moves_and_waits_follow_one_another_without_a_gap():
    plan = plan_program(ARM, [HOME, NEAR, HOME], [0.5, 0.0, 0.25])
    assert plan.start[0] == 0.0
    np.testing.assert_allclose(plan.start[1:], (plan.start + plan.duration)[:-1], rtol=1e-15)
    assert np.array_equal(plan.joints_from[1:], plan.joints_to[:-1])
    assert plan.duration[[0, 3]].tolist() == [0.5, 0.25]
    assert plan.ramp[[0, 3]].tolist() == [0.0, 0.0]
    assert plan.length == pytest.approx(plan.duration.sum(), abs=1e-12)


def test_a_move_is_as_fast_as_the_limits_allow():
    fast = synchronised(HOME, NEAR, speed=ARM.speed, acceleration=ARM.acceleration, jerk=ARM.jerk)
    plan = plan_program(ARM, np.array([HOME, NEAR]), 0.0)
    assert 0.0 <= plan.length - fast.duration < 1.001e-6


def test_all_times_are_whole_microseconds():
    plan = plan_program(ARM, [HOME, NEAR, HOME, NEAR], [0.1, 0.2, 1 / 3, 0.0])
    ticks = np.concatenate([plan.start, plan.duration, [plan.length]]) * 1e6
    np.testing.assert_allclose(ticks, np.round(ticks), atol=1e-8)


@given(poses)
def test_a_program_never_breaks_a_limit(waypoints: np.ndarray):
    programs = Programs.build([plan_program(ARM, waypoints, 0.01)])
    step = 0.002
    time = np.arange(-3, programs.duration[0] / step + 3) * step
    joints = programs.joints(np.zeros(len(time)), time)
    assert ARM.within_limits(joints).all()
    for order, bound in ((1, ARM.speed), (2, ARM.acceleration), (3, ARM.jerk)):
        # A difference quotient is a mean of the derivative, so it can't exceed the limit.
        rate = np.abs(np.diff(joints, order, axis=0)).max(axis=0) / step**order
        assert np.all(rate <= bound * (1 + 1e-9) + 1e-13 / step**order)


def test_joints_pass_their_waypoints_exactly_and_hold_beyond_the_ends():
    plan = plan_program(ARM, [HOME, NEAR], [0.5, 0.0])
    programs = Programs.build([plan])
    times = [-1.0, 0.0, 0.5, plan.length / 2 + 0.25, plan.length, 99.0]
    joints = programs.joints([0] * 6, times)
    assert np.array_equal(joints[[0, 1, 2]], [HOME] * 3)
    assert np.array_equal(joints[[4, 5]], [NEAR] * 2)
    np.testing.assert_allclose(joints[3], (np.array(HOME) + NEAR) / 2, atol=1e-6)


def test_all_axes_share_one_straight_line():
    programs = Programs.build([plan_program(ARM, [HOME, NEAR], 0.0)])
    joints = programs.joints([0] * 50, np.linspace(0, programs.duration[0], 50))
    share = (joints - HOME) / (NEAR - HOME)
    np.testing.assert_allclose(share, np.tile(share[:, :1], 6), atol=1e-14)


def test_robots_in_different_programs_are_sampled_like_each_alone():
    plans = [
        plan_program(ARM, [HOME, NEAR, HOME], 0.3),
        plan_program(ARM, [NEAR], 2.0),
        plan_program(ARM, [NEAR, HOME], 0.0),
    ]
    together = Programs.build(plans)
    row = np.arange(60) % 3
    time = np.linspace(-0.1, 4.0, 60)
    joints = together.joints(row, time)
    for i, plan in enumerate(plans):
        alone = Programs.build([plan]).joints(np.zeros(20), time[row == i])
        assert np.array_equal(joints[row == i], alone)
    assert together.moves.shape == (sum(len(p.start) for p in plans), 16)
    assert together.duration.tolist() == [p.length for p in plans]


def test_a_program_of_many_rows_keeps_its_moves_once():
    one, two = plan_program(ARM, [HOME, NEAR, HOME], 0.3), plan_program(ARM, [NEAR, HOME], 0.0)
    many = Programs.build([one, two, one, two, one])
    once = Programs.build([one, two])
    assert many.moves.shape == once.moves.shape
    assert many.first.tolist() == once.first[[0, 1, 0, 1, 0]].tolist()
    assert many.duration.tolist() == once.duration[[0, 1, 0, 1, 0]].tolist()
    row, time = np.array([2, 3]), np.array([0.4, 0.1])
    assert np.array_equal(many.joints(row, time), once.joints(row - 2, time))


def test_a_program_of_one_pose_holds_it():
    programs = Programs.build([plan_program(ARM, [NEAR], 0.0)])
    assert programs.duration.tolist() == [0.0]
    assert np.array_equal(programs.joints([0, 0], [0.0, 5.0]), [NEAR, NEAR])


def test_a_waypoint_given_twice_takes_no_time():
    once, twice = (plan_program(ARM, points, 0.0) for points in ([HOME, NEAR], [HOME, HOME, NEAR]))
    assert twice.length == once.length


def test_a_plant_may_have_no_programs():
    programs = Programs.build([])
    assert programs.joints(np.empty(0, dtype=np.int64), []).shape == (0, 6)
    assert programs.moves.shape == (0, 16)


def test_a_plan_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        plan_program(ARM, [HOME], 1.0).duration[0] = 0.0


@pytest.mark.parametrize(
    ("waypoints", "dwell", "message"),
    [
        ([HOME[:5]], 0.0, r"/R1/spot waypoints must have shape \[n, 6\], n >= 1, got \(1, 5\)"),
        (np.empty((0, 6)), 0.0, "waypoints must have shape"),
        (HOME, 0.0, "waypoints must have shape"),
        ([HOME, np.zeros(6)], 0.0, "waypoint 2 joint 2 must be within 10 and 155 degrees, got 0"),
        ([[np.nan] * 6], 0.0, "joint 1 must be within .* got nan"),
        ([HOME, NEAR], [1.0, -0.5], r"waypoint 2 dwell must be >= 0 \[s\] and finite, got -0.5"),
        ([HOME], np.inf, "dwell must be"),
        ([HOME, NEAR], [1.0, 2.0, 3.0], r"dwell must have shape \[2\], or be one number"),
    ],
)
def test_a_wrong_program_is_refused_with_its_reason(
    waypoints: np.ndarray, dwell: float, message: str
):
    with pytest.raises(SceneError, match=message):
        plan_program(ARM, waypoints, dwell, where="/R1/spot")
