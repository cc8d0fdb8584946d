"""What a planner may say of a random time, and what is made of it."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from twin.core.distribution import shape, shape_problem
from twin.core.draw import (
    CONSTANT,
    EMPIRICAL,
    ERLANG,
    EXPONENTIAL,
    GAMMA,
    LOGNORMAL,
    NORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
)

ERLANG_RULE = "must be the mean over the root of a whole number of phases to be erlang, such as"
DEVIATIONS = [NORMAL, LOGNORMAL, GAMMA, WEIBULL]


@pytest.mark.parametrize(
    ("distribution", "mean", "spread", "mode", "rule"),
    [
        (UNIFORM, 60, 61, 0, "must be <= the mean of a uniform time"),
        (TRIANGULAR, 60, 61, 0, "must be <= 60, as a triangular time must not be negative"),
        (TRIANGULAR, 60, 70, 50, "must be <= 65, as a triangular time must not be negative"),
        (TRIANGULAR, 60, 14, 50, "must be >= 15, as a triangular time must reach its mode"),
        (TRIANGULAR, 60, 0, 50, "must be >= 15, as a triangular time must reach its mode"),
        (
            *(TRIANGULAR, 60, 5, 91),
            "has no valid value: the mode of a triangular time must be <= 1.5 times the mean",
        ),
        (NORMAL, 60, 0, 0, "must be > 0 to be normal"),
        (NORMAL, 60, 60, 0, "must be 1e-05 to 0.99 times the mean to be normal"),
        (LOGNORMAL, 60, 0, 0, "must be > 0 to be lognormal"),
        (LOGNORMAL, 0, 5, 0, "has no valid value: the mean of a time must be > 0 to be lognormal"),
        (GAMMA, 60, 6001, 0, "must be 1e-05 to 100 times the mean to be gamma"),
        (WEIBULL, 60, 1e-9, 0, "must be 1e-05 to 100 times the mean to be weibull"),
        (ERLANG, 60, 34.3, 0, f"{ERLANG_RULE} 34.641 with 3"),
        (ERLANG, 60, 40, 0, f"{ERLANG_RULE} 42.4264 with 2"),
        (ERLANG, 60, 100, 0, f"{ERLANG_RULE} 60 with 1"),
    ],
)
def test_an_impossible_spread_is_told_as_a_rule(distribution, mean, spread, mode, rule):
    assert shape_problem(distribution, mean, spread, mode) == rule


@pytest.mark.parametrize(
    ("distribution", "mean", "spread", "mode"),
    [
        (CONSTANT, 0, 0, 0),
        (CONSTANT, 60, 99, 0),
        (EXPONENTIAL, 60, 0, 0),
        (EMPIRICAL, 0, 0, 0),
        (UNIFORM, 60, 60, 0),
        (UNIFORM, 0, 0, 0),
        (TRIANGULAR, 60, 60, 0),
        (TRIANGULAR, 60, 0, 0),
        (TRIANGULAR, 60, 45, 90),
        (TRIANGULAR, 0.3, 0.4, 0.1),
        (NORMAL, 60, 59.4, 0),
        (LOGNORMAL, 60, 600, 0),
        (GAMMA, 60, 60, 0),
        (ERLANG, 60, 60, 0),
        (ERLANG, 60, 34.64, 0),
        (ERLANG, 60, 34.5, 0),
        (ERLANG, 60, 0.6, 0),
        (WEIBULL, 60, 6000, 0),
    ],
)
def test_what_is_possible_is_no_problem(distribution, mean, spread, mode):
    assert not shape_problem(distribution, mean, spread, mode)
    assert np.isfinite(shape(distribution, mean, spread, mode)).all()


def test_a_triangular_time_is_given_by_mean_half_width_and_mode():
    assert shape(TRIANGULAR, 60, 20) == (40, 60, 80)
    assert shape(TRIANGULAR, 60, 20, 50) == (45, 50, 85)
    assert shape(TRIANGULAR, 60, 0) == (60, 60, 60)


def test_a_normal_time_far_from_zero_is_not_changed_by_the_cut():
    assert shape(NORMAL, 60e6, 6e6) == pytest.approx((60e6, 6e6, 1.0), rel=1e-12)


def test_an_erlang_time_has_a_whole_number_of_phases():
    scale, third, power = shape(ERLANG, 60e6, 34.64e6)
    assert third + 1 / 3 == pytest.approx(3, rel=1e-15)
    assert (scale, power) == (pytest.approx(20e6), 0)


@given(distribution=st.sampled_from(DEVIATIONS), ratio=st.floats(1e-5, 100))
def test_mean_and_spread_are_those_of_the_times(distribution, ratio):
    assume(not shape_problem(distribution, 1.0, ratio))
    a, b, c = shape(distribution, 1.0, ratio)
    if distribution == NORMAL:
        known = stats.truncnorm(-a / b, np.inf, a, b)
    elif distribution == LOGNORMAL:
        known = stats.lognorm(b, scale=a)
    elif distribution == GAMMA:
        known = stats.gamma(1 / c if c else b + 1 / 3, scale=a)
    else:
        known = stats.weibull_min(1 / b, scale=a)
    assert known.mean() == pytest.approx(1.0, rel=1e-8)
    if ratio > 1e-3:  # below, scipy subtracts nearly equal moments
        assert known.std() == pytest.approx(ratio, rel=1e-6)
