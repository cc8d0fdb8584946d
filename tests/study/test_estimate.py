import math

import pytest

from twin.study import Estimate, estimate


def test_the_half_width_is_students():
    found = estimate([1.0, 2.0, 3.0])
    assert found is not None
    assert found.mean == 2.0
    # two degrees of freedom: 4.302653 times the standard error 1 / sqrt(3)
    assert found.half_width == pytest.approx(4.302652729749464 / math.sqrt(3), rel=1e-12)


def test_equal_values_leave_no_doubt():
    assert estimate([5.0] * 4) == Estimate(mean=5.0, half_width=0.0, count=4)


def test_one_value_has_a_mean_and_no_half_width():
    assert estimate([7.0]) == Estimate(mean=7.0, half_width=None, count=1)


def test_no_value_has_no_estimate():
    assert estimate([]) is None
