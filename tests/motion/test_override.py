import numpy as np
import pytest

from tests.motion.tool_cases import ARM, START
from twin.errors import CommandError
from twin.motion import profile, synchronised
from twin.motion.blend import plan_blended
from twin.motion.override import change_of_pace, overridden

END = START + 0.3


def test_half_speed_takes_twice_as_long_on_the_same_way():
    timing = synchronised(START, END, speed=ARM.speed, acceleration=ARM.acceleration, jerk=ARM.jerk)
    slow = overridden(timing, 0.5)
    assert slow.duration == 2 * timing.duration
    at = np.linspace(0, timing.duration, 100)
    np.testing.assert_allclose(profile(2 * at, *slow), profile(at, *timing), atol=1e-15)

    table = plan_blended(ARM, np.stack([START, END]), 0.0).table
    half = overridden(table, 0.5)
    np.testing.assert_allclose(half.at(2 * at), table.at(at), atol=1e-12)
    np.testing.assert_allclose(half.peaks()[0], table.peaks()[0] / 2)


def test_full_speed_changes_nothing():
    table = plan_blended(ARM, np.stack([START, END]), 0.0).table
    assert np.array_equal(overridden(table, 1.0).coefficients, table.coefficients)


def test_a_change_of_override_moves_the_clock_smoothly():
    clock = change_of_pace(1.0, 0.3, acceleration=2.0, jerk=20.0)
    first, last = clock.state(0.0), clock.state(clock.duration)
    assert first.velocity[0, 0] == pytest.approx(1.0)
    assert last.velocity[0, 0] == pytest.approx(0.3)
    assert last.acceleration[0, 0] == pytest.approx(0.0, abs=1e-12)
    assert np.all(clock.peaks()[:, 0] <= [1 + 1e-12, 2 + 1e-9, 20 + 1e-9])


@pytest.mark.parametrize("override", [0.0, -0.5, 1.01, float("nan")])
def test_an_override_that_can_not_be_is_refused(override: float):
    timing = synchronised(START, END, speed=1.0, acceleration=1.0, jerk=1.0)
    with pytest.raises(CommandError, match="above 0 and at most 1"):
        overridden(timing, override)
