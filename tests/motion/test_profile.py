import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.motion import Timing, profile, synchronised, to_whole_ticks, travel

share = st.one_of(st.just(0.0), st.floats(1e-6, 1.0))  # of half a move, of half a ramp
duration = st.floats(1e-3, 1e4)
limit = st.floats(0.05, 50.0)
distance = st.floats(1e-4, 100.0)


def integrated(u: float, duration: float, ramp: float, jerk: float) -> float:
    """Progress by stepping through the phases of constant jerk, no closed form."""
    speed = 1.0 / (duration - ramp)
    peak = speed / (ramp - jerk) if ramp > 0 else 0.0
    rate = peak / jerk if jerk > 0 else 0.0
    phases = [  # length, acceleration at its start, jerk
        (jerk, 0.0, rate),
        (ramp - 2 * jerk, peak, 0.0),
        (jerk, peak, -rate),
        (duration - 2 * ramp, 0.0, 0.0),
        (jerk, 0.0, -rate),
        (ramp - 2 * jerk, -peak, 0.0),
        (jerk, -peak, rate),
    ]
    s, v, left = 0.0, speed if ramp == 0 else 0.0, u
    for length, a, j in phases:
        t = min(left, max(length, 0.0))
        s += v * t + a * t * t / 2 + j * t**3 / 6
        v += a * t + j * t * t / 2
        left -= t
    return s


def test_constant_speed_is_proportional_to_time():
    values = profile([-1.0, 0.0, 0.5, 1.0, 2.0, 9.0], 2.0, 0.0, 0.0)
    assert values.tolist() == [0.0, 0.0, 0.25, 0.5, 1.0, 1.0]


def test_trapezoid_gains_a_quarter_in_its_ramp():
    values = profile([0.5, 1.0, 1.5, 2.0, 2.5, 3.0], 3.0, 1.0, 0.0)
    assert values.tolist() == [0.0625, 0.25, 0.5, 0.75, 0.9375, 1.0]


def test_s_curve_of_jerk_phases_only_follows_cubes():
    values = profile([0.25, 0.5, 1.0, 1.75], 2.0, 1.0, 0.5)
    expected = [4 / 6 * 0.25**3, 4 / 6 * 0.5**3, 0.5, 1 - 4 / 6 * 0.25**3]
    np.testing.assert_allclose(values, expected, rtol=1e-15)


def test_a_move_without_duration_is_done_at_once():
    assert profile([-1.0, 0.0, 1.0], 0.0, 0.0, 0.0).tolist() == [1.0, 1.0, 1.0]


def test_moves_of_all_families_are_evaluated_together():
    together = profile(0.5, [1.0, 2.0, 2.0, 2.0, 0.0], [0, 0, 1, 1, 0], [0, 0, 0, 0.5, 0])
    np.testing.assert_allclose(together, [0.5, 0.25, 0.125, 1 / 12, 1.0], rtol=1e-15)


@given(duration, share, share, st.floats(-0.2, 1.2))
def test_profile_is_the_integral_of_its_phases(
    duration: float, ramp: float, jerk: float, at: float
):
    ramp *= duration / 2
    jerk *= ramp / 2
    expected = integrated(min(max(at, 0.0), 1.0) * duration, duration, ramp, jerk)
    got = profile(at * duration, duration, ramp, jerk)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


@given(duration, share, share)
def test_profile_is_symmetric_rises_and_never_jumps(duration: float, ramp: float, jerk: float):
    ramp *= duration / 2
    jerk *= ramp / 2
    u = np.linspace(0.0, 1.0, 1001) * duration
    s = profile(u, duration, ramp, jerk)
    steps = np.diff(s)
    assert s[0] == 0.0
    assert s[-1] == 1.0
    np.testing.assert_allclose(s + s[::-1], 1.0, atol=1e-12)
    assert steps.min() >= -1e-15
    assert steps.max() <= np.diff(u).max() / (duration - ramp) + 1e-12


@given(distance, limit, limit, st.one_of(limit, st.just(math.inf)))
def test_travel_keeps_its_limits(distance: float, speed: float, acceleration: float, jerk: float):
    timing = travel(distance, speed, acceleration, jerk)
    step = float(timing.duration) / 400
    u = np.arange(-4, 405) * step
    x = distance * profile(u, *timing)
    # A difference quotient is a mean of the derivative, so it can't exceed the limit.
    for order, bound in ((1, speed), (2, acceleration), (3, jerk)):
        noise = 1e-14 * distance / step**order
        assert np.abs(np.diff(x, order)).max() / step**order <= bound * (1 + 1e-9) + noise


@given(distance, limit, limit, limit)
def test_travel_reaches_its_tightest_limit(
    distance: float, speed: float, acceleration: float, jerk: float
):
    total, ramp, phase = travel(distance, speed, acceleration, jerk)
    peak_speed = distance / (total - ramp)
    peak_acceleration = peak_speed / (ramp - phase)
    peak_jerk = peak_acceleration / phase
    assert peak_jerk == pytest.approx(jerk)
    at_speed = peak_speed == pytest.approx(speed)
    at_acceleration = peak_acceleration == pytest.approx(acceleration)
    cruises, eases = total > 2 * ramp * (1 + 1e-9), ramp > 2 * phase * (1 + 1e-9)
    assert at_speed or not cruises
    assert at_acceleration or not eases


def test_travel_without_acceleration_limit_is_constant_speed():
    timing = travel([6.0, 0.0], 1.5, math.inf, math.inf)
    assert [column.tolist() for column in timing] == [[4.0, 0.0], [0.0, 0.0], [0.0, 0.0]]


def test_travel_without_jerk_limit_is_a_trapezoid_or_a_triangle():
    timing = travel([3.0, 0.5], 1.0, 2.0, math.inf)
    np.testing.assert_allclose(timing.duration, [3.5, 1.0], rtol=1e-15)
    np.testing.assert_allclose(timing.ramp, [0.5, 0.5], rtol=1e-15)
    assert timing.jerk.tolist() == [0.0, 0.0]


def test_travel_counts_distance_not_direction():
    assert travel(-2.0, 1.0, 1.0, 5.0) == travel(2.0, 1.0, 1.0, 5.0)


def test_the_axis_that_needs_longest_times_all():
    start, end = np.zeros(2), np.array([1.0, 3.0])
    both = synchronised(start, end, speed=[1.0, 1.0], acceleration=[2.0, 2.0], jerk=[9.0, 9.0])
    assert both == travel(3.0, 1.0, 2.0, 9.0)


def test_no_axis_moving_takes_no_time():
    pose = np.array([[0.1, -0.2], [0.1, 0.3]])
    timing = synchronised(pose, pose[0], speed=1.0, acceleration=1.0, jerk=1.0)
    assert timing.duration[0] == 0.0
    assert timing.duration[1] > 0.0


def test_batches_are_timed_like_single_moves():
    moves = np.random.default_rng(3).normal(size=(50, 2, 6))
    limits = {"speed": np.arange(1, 7), "acceleration": 3.0, "jerk": 20.0}
    together = synchronised(moves[:, 0], moves[:, 1], **limits)
    alone = [synchronised(start, end, **limits) for start, end in moves]
    assert np.array_equal(np.stack(together, axis=1), np.array(alone))


def test_durations_equal_ruckigs_where_it_goes_straight():
    """Where axes bind in turns, ruckig's phase synchronisation gives the straight line up."""
    ruckig = pytest.importorskip("ruckig")
    rng = np.random.default_rng(7)
    limits = {"speed": rng.uniform(1, 4, 6), "acceleration": rng.uniform(3, 12, 6)}
    limits["jerk"] = rng.uniform(20, 200, 6)
    peer = ruckig.Ruckig(6)
    request = ruckig.InputParameter(6)
    request.synchronization = ruckig.Synchronization.Phase
    request.max_velocity = limits["speed"]
    request.max_acceleration = limits["acceleration"]
    request.max_jerk = limits["jerk"]
    start = rng.uniform(-3, 3, (300, 6))
    end = start + rng.uniform(-3, 3, (300, 6)) * 10.0 ** rng.uniform(-4, 0, (300, 1))
    peer_duration: list[float] = []
    straight: list[bool] = []
    for request.current_position, request.target_position in zip(start, end, strict=True):
        answer = ruckig.Trajectory(6)
        peer.calculate(request, answer)
        peer_duration.append(answer.duration)
        at = np.array([answer.at_time(part * answer.duration)[0] for part in (0.1, 0.3, 0.7)])
        shares = (at - request.current_position) / np.subtract(
            request.target_position, request.current_position
        )
        straight.append(bool(np.ptp(shares, axis=1).max() < 1e-9))
    timing = synchronised(start, end, **limits)
    same = np.isclose(timing.duration, peer_duration, rtol=1e-12, atol=0.0)
    assert sum(straight) > 200
    assert np.all(same[straight])
    assert np.all(same | (timing.duration > peer_duration))


@given(distance, limit, limit, limit)
def test_whole_ticks_slow_a_move_by_less_than_one(
    distance: float, speed: float, acceleration: float, jerk: float
):
    fast = travel(distance, speed, acceleration, jerk)
    slow = to_whole_ticks(fast)
    ticks = float(slow.duration) * 1e6
    assert ticks == pytest.approx(round(ticks), abs=1e-3)
    stretch = float(slow.duration / fast.duration)
    assert stretch >= 1.0 - 1e-15
    assert float(slow.duration - fast.duration) < 1.001e-6
    assert slow.ramp / fast.ramp == pytest.approx(stretch, rel=1e-15)
    assert slow.jerk / fast.jerk == pytest.approx(stretch, rel=1e-15)


def test_whole_durations_stay_as_they_are():
    zero = np.zeros(3)
    timing = to_whole_ticks(Timing(np.array([0.0, 3.5, 0.1]), zero, zero))
    assert timing.duration.tolist() == [0.0, 3.5, 0.1]
