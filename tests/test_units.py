"""Durations as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import CommandError
from twin.units import parse_duration, to_seconds, to_ticks


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("8h", 28800), ("10min", 600), ("1h30min", 5400), ("1 h 30 min", 5400), ("45", 45),
     ("0.5s", 0.5), ("250ms", 0.25), ("2d", 172800), (" 90 s ", 90), ("1.5h", 5400)],
)  # fmt: skip
def test_a_duration_is_read(text, seconds):
    assert parse_duration(text) == seconds * 1_000_000


@pytest.mark.parametrize(
    "text", ["", "h", "8 hours", "-3s", "0", "nan", "inf", "1e30", "8h!", "h8"]
)
def test_what_is_no_duration_is_refused_in_words(text):
    with pytest.raises(CommandError, match="duration"):
        parse_duration(text)


@given(st.integers(-(10**15), 10**15))
def test_ticks_survive_the_way_over_seconds(ticks):
    assert to_ticks(to_seconds(ticks)) == ticks
