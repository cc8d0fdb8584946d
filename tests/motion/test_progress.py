import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.motion import profile
from twin.motion.progress import moment, rates

share = st.one_of(st.just(0.0), st.just(1.0), st.floats(1e-3, 1.0))
duration = st.floats(1e-2, 1e3)


@given(duration, share, share, st.floats(0, 1))
def test_the_moment_at_which_a_move_is_so_far_done_inverts_the_profile(
    duration: float, ramp: float, jerk: float, at: float
):
    ramp *= duration / 2
    jerk *= ramp / 2
    done = profile(at * duration, duration, ramp, jerk)
    back = profile(moment(done, duration, ramp, jerk), duration, ramp, jerk)
    np.testing.assert_allclose(back, done, rtol=0, atol=1e-14)
    again = moment(done, duration, ramp, jerk)
    slow = float(rates(at * duration, duration, ramp, jerk).velocity) * duration < 1e-3
    assert slow or abs(again - at * duration) <= 1e-12 * duration


def test_the_ends_are_exact_and_what_lies_beyond_counts_as_them():
    got = moment([-1.0, 0.0, 0.5, 1.0, 2.0], 3.0, 1.0, 0.25)
    np.testing.assert_allclose(got, [0.0, 0.0, 1.5, 3.0, 3.0], rtol=1e-15)
    assert moment(0.5, 0.0, 0.0, 0.0) == 0.0


@given(duration, share, share, st.floats(0.01, 0.99))
def test_rates_are_the_derivatives_of_the_profile(
    duration: float, ramp: float, jerk: float, at: float
):
    ramp *= duration / 2
    jerk *= ramp / 2
    u, h = at * duration, 1e-6 * duration
    before, after = (profile(u + side * h, duration, ramp, jerk) for side in (-1, 1))
    got = rates(u, duration, ramp, jerk)
    kink = abs(float(got.acceleration)) * h + 1e-8 / duration
    assert abs((after - before) / (2 * h) - got.velocity) <= kink
    if jerk > 0:
        one, other = (rates(u + side * h, duration, ramp, jerk).velocity for side in (-1, 1))
        slack = 2 * (1 / (duration - ramp)) / ((ramp - jerk) * jerk) * h + 1e-8 / duration**2
        assert abs((other - one) / (2 * h) - got.acceleration) <= slack


def test_outside_a_move_nothing_changes():
    for rate in rates([-0.1, 2.1], 2.0, 1.0, 0.5):
        assert rate.tolist() == [0.0, 0.0]
    for rate in rates(0.0, 0.0, 0.0, 0.0):
        assert rate == 0.0
