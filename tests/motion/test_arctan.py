import math

from hypothesis import example, given
from hypothesis import strategies as st

from twin.motion.arctan import arctan2

size = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(y=size, x=size)
@example(y=0.66, x=1.0)
@example(y=1.0, x=1.0)
@example(y=-1.0, x=-1e-300)
@example(y=-0.0, x=-1.0)
@example(y=1e-300, x=1e6)
def test_it_is_the_c_librarys_within_two_roundings(y: float, x: float):
    if x == 0.0 == y:
        assert arctan2(y, x) == 0.0
    else:
        expected = math.atan2(y, x)
        assert abs(arctan2(y, x) - expected) <= 2 * math.ulp(expected)
        assert math.copysign(1.0, arctan2(y, x)) == math.copysign(1.0, expected)
