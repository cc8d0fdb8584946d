import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.motion.rows import first_rows, last_at_or_before, read_only


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=20), min_size=1, max_size=5),
    st.integers(-1, 10),
)
def test_the_search_equals_a_scan(owners: list[list[int]], x: int):
    owners = [sorted(values) for values in owners]
    count = np.array([len(values) for values in owners])
    first = first_rows(count)
    table = np.array([value for values in owners for value in values])
    found = last_at_or_before(table, first, count, np.full(len(owners), x))
    for values, start, row in zip(owners, first, found, strict=True):
        below = [i for i, value in enumerate(values) if value <= x]
        assert row - start == (below[-1] if below else 0)


def test_first_rows_lay_owners_end_to_end():
    assert first_rows(np.array([3, 0, 2])).tolist() == [0, 3, 3]


def test_a_read_only_column_is_a_copy_nobody_can_write():
    source = np.zeros(2)
    kept = read_only(source)
    source[0] = 1.0
    assert kept.tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 1.0
