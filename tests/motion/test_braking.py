import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.motion.braking import brake, emergency_stop

limit = st.floats(0.1, 50.0)
share = st.floats(-1.0, 1.0)


def test_braking_takes_as_long_as_ruckigs_velocity_control():
    ruckig = pytest.importorskip("ruckig")
    rng = np.random.default_rng(3)
    peer = ruckig.Ruckig(6)
    request = ruckig.InputParameter(6)
    request.control_interface = ruckig.ControlInterface.Velocity
    request.synchronization = ruckig.Synchronization.No
    request.target_velocity = request.target_acceleration = [0.0] * 6
    for _ in range(500):
        deceleration, jerk = rng.uniform(0.5, 5, 6), rng.uniform(1, 50, 6)
        position, velocity = rng.uniform(-3, 3, 6), rng.uniform(-2, 2, 6)
        acceleration = rng.uniform(-1, 1, 6) * deceleration
        request.max_acceleration, request.max_jerk = deceleration, jerk
        request.current_position, request.current_velocity = position, velocity
        request.current_acceleration = acceleration
        answer = ruckig.Trajectory(6)
        peer.calculate(request, answer)
        limits = {"deceleration": deceleration, "jerk": jerk}
        phases = brake(velocity, acceleration, **limits)
        np.testing.assert_allclose(
            phases.duration.sum(axis=0), answer.independent_min_durations, rtol=1e-9, atol=1e-12
        )
        stop = emergency_stop(position, velocity, acceleration, **limits)
        for at in np.linspace(0, answer.duration, 9):
            want = answer.at_time(at)
            got = stop.state(at)
            for one, other in zip(got, want, strict=True):
                np.testing.assert_allclose(one[0], other, rtol=0, atol=1e-9)


@given(share, share, limit, limit, st.floats(-3, 3))
def test_from_any_state_an_axis_reaches_its_target_within_its_limits(
    v: float, a: float, deceleration: float, jerk: float, target: float
):
    a *= deceleration
    duration, start, change = brake(v, a, deceleration=deceleration, jerk=jerk, target=target)
    assert np.all(duration >= 0)
    assert np.all(np.abs(start) <= deceleration * (1 + 1e-12))
    assert np.all(np.abs(start + change * duration) <= deceleration * (1 + 1e-12))
    assert set(np.abs(change).tolist()) <= {0.0, jerk}
    assert start[0] == a
    gained = np.sum(start * duration + change * duration**2 / 2)
    assert v + gained == pytest.approx(target, abs=1e-9)
    assert (start + change * duration)[2] == pytest.approx(0.0, abs=1e-9)


@given(share, share)
def test_a_state_that_could_still_keep_the_speed_limit_keeps_it(v: float, a: float):
    """A state is viable if ending its acceleration at full jerk does not pass the limit."""
    limit, jerk = 2.0, 9.0
    if abs(v + a * abs(a) / (2 * jerk)) <= 1.0:
        stop = emergency_stop([0.0], [v], [a], deceleration=limit, jerk=jerk)
        assert stop.peaks()[0] <= 1 + 1e-9


def test_joints_stand_one_after_another_and_stay():
    velocity, acceleration = [1.0, -2.0, 0.0], [0.5, 1.0, 0.0]
    stop = emergency_stop([0.1, 0.2, 0.3], velocity, acceleration, deceleration=4.0, jerk=20.0)
    first = stop.state(0.0)
    assert first.velocity[0].tolist() == velocity
    assert first.acceleration[0].tolist() == acceleration
    last = stop.state(stop.duration)
    np.testing.assert_allclose(last.velocity, 0, atol=1e-12)
    np.testing.assert_allclose(last.acceleration, 0, atol=1e-12)
    assert np.all(stop.at(np.linspace(0, 2, 50))[:, 2] == 0.3)
    knots = stop.time[1:-1]
    for one, other in zip(stop.state(knots - 1e-12), stop.state(knots + 1e-12), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-9)


def test_without_a_jerk_limit_braking_begins_at_once():
    phases = brake([3.0, -1.0], [2.0, 0.0], deceleration=2.0, jerk=math.inf)
    np.testing.assert_allclose(phases.duration, [[0, 0], [1.5, 0.5], [0, 0]])
    np.testing.assert_allclose(phases.acceleration[1], [-2, 2])


def test_what_stands_already_takes_no_time():
    stop = emergency_stop([1.0], [0.0], [0.0], deceleration=1.0, jerk=1.0)
    assert stop.duration <= 1e-6
    assert stop.at([0.0, 5.0]).tolist() == [[1.0], [1.0]]


@pytest.mark.parametrize("wrong", [{"deceleration": 0.0}, {"jerk": -1.0}, {"deceleration": 0.5}])
def test_limits_that_can_not_be_are_refused(wrong: dict[str, float]):
    with pytest.raises(ValueError, match="must be"):
        brake(1.0, 1.0, **{"deceleration": 2.0, "jerk": 3.0} | wrong)
