"""The engine's own scalar profile is the one that viewers and exporters evaluate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.core.compiled import compiled
from twin.core.motion import fraction
from twin.motion import profile

SHARE = st.just(0.0) | st.floats(1e-3, 1.0)  # none, or one that a drive could have


@given(duration=st.floats(1e-3, 1e4), ramp=SHARE, jerk=SHARE, at=st.floats(-0.5, 1.5))
def test_the_share_done_equals_the_profile_of_every_other_evaluator(duration, ramp, jerk, at):
    ramp *= duration / 2  # at most half of the time, and jerk at most half of that
    jerk *= ramp / 2
    expected = float(profile(at * duration, duration, ramp, jerk))
    assert fraction(at * duration, duration, ramp, jerk) == pytest.approx(expected, abs=1e-12)


def test_compiled_and_interpreted_profiles_have_the_same_bits():
    quick = compiled(fraction)
    for ramp, jerk in ((0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (5.0, 2.5)):
        times = np.linspace(-1.0, 11.0, 1201).tolist()
        assert [quick(t, 10.0, ramp, jerk) for t in times] == [
            fraction(t, 10.0, ramp, jerk) for t in times
        ]
