from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from twin.motion import SEGMENT, Timeline, coordinate, current


def segments(*rows: dict[str, float]) -> NDArray[Any]:
    table = np.zeros(len(rows), dtype=SEGMENT)
    for i, row in enumerate(rows):
        for name, value in row.items():
            table[name][i] = value
    return table


def test_a_segment_is_64_bytes_in_the_agreed_order():
    assert SEGMENT.itemsize == 64
    assert SEGMENT.names == (
        "tick", "duration", "start", "end", "ramp", "jerk", "subject", "track", "look", "part",
    )  # fmt: skip


def test_a_coordinate_holds_before_and_after_its_segment():
    belt = segments({"tick": 1_000_000, "duration": 4_000_000, "start": 2.0, "end": 4.0})
    seen = [coordinate(belt, tick).item() for tick in (0, 1_000_000, 2_000_000, 9_000_000)]
    assert seen == [2.0, 2.0, 2.5, 4.0]


def test_a_segment_lands_on_its_end_exactly():
    belt = segments({"duration": 3_333_333, "start": 0.1, "end": 0.7000000000000001})
    assert coordinate(belt, 3_333_333).item() == belt["end"].item()


def test_coordinates_take_one_time_or_one_each():
    belts = segments(
        {"duration": 2_000_000, "end": 1.0}, {"duration": 2_000_000, "end": 8.0, "ramp": 1.0}
    )
    assert coordinate(belts, 1_000_000).tolist() == [0.5, 4.0]
    assert coordinate(belts, [500_000, 500_000]).tolist() == [0.25, 1.0]


def test_the_latest_segment_begun_is_the_current_one():
    table = segments(
        {"tick": 9, "subject": 4, "part": 3},  # not begun
        {"tick": 5, "subject": 4, "part": 2},
        {"tick": 0, "subject": 7, "part": 4},
        {"tick": 0, "subject": 4, "part": 1},
        {"tick": 6, "subject": 5, "part": 5},  # not begun
    )
    now = current(table, 5)
    assert now["subject"].tolist() == [4, 7]
    assert now["part"].tolist() == [2, 4]


def test_of_two_segments_in_one_tick_the_later_written_holds():
    table = segments({"tick": 3, "part": 1}, {"tick": 3, "part": 2})
    assert current(table, 3)["part"].tolist() == [2]


def test_nothing_is_current_in_an_empty_table():
    assert len(current(segments(), 10)) == 0


def test_a_timeline_cannot_be_written():
    timeline = Timeline.build(segments({"tick": 3}))
    with pytest.raises(ValueError, match="read-only"):
        timeline.segments["tick"] = 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=30), st.integers(-1, 10))
def test_current_equals_a_scan_in_order(rows: list[tuple[int, int]], tick: int):
    table = segments(*({"tick": t, "subject": s, "part": i} for i, (t, s) in enumerate(rows)))
    best: dict[int, tuple[int, int]] = {}
    for i, (t, s) in enumerate(rows):
        if t <= tick:
            best[s] = max(best.get(s, (t, i)), (t, i))
    now = current(table, tick)
    assert now["subject"].tolist() == sorted(best)
    assert now["part"].tolist() == [best[s][1] for s in sorted(best)]
