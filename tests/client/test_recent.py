import numpy as np

from twin.client.recent import Recent

ROW = np.dtype([("tick", "i8"), ("who", "i4"), ("what", "i4")])


def filled() -> Recent:
    recent = Recent(ROW, "who")
    recent.add(np.array([(0, 1, 10), (0, 2, 20), (5, 1, 11), (5, 1, 12)], ROW))
    recent.add(np.array([(7, 2, 21), (9, 1, 13)], ROW))
    return recent


def whats(rows) -> list[int]:
    return rows["what"].tolist()


def test_what_holds_at_a_tick_is_each_owners_last_row_and_all_later_ones():
    recent = filled()
    assert whats(recent.since(-1)) == [10, 20, 11, 12, 21, 13]
    assert whats(recent.since(0)) == [10, 20, 11, 12, 21, 13]
    assert whats(recent.since(5)) == [20, 12, 21, 13]
    assert whats(recent.since(8)) == [12, 21, 13]
    assert whats(recent.since(99)) == [21, 13]


def test_forgetting_changes_nothing_for_those_who_join_later():
    recent = filled()
    recent.forget(6)
    assert len(recent) == 4
    for tick in (6, 7, 9, 50):
        assert whats(recent.since(tick)) == whats(filled().since(tick))


def test_cutting_drops_the_future():
    recent = filled()
    recent.cut(5)
    assert whats(recent.rows) == [10, 20, 11, 12]
    recent.add(np.array([(6, 2, 99)], ROW))
    assert whats(recent.since(6)) == [12, 99]


def test_without_rows_there_is_nothing():
    recent = Recent(ROW, "who")
    assert whats(recent.since(3)) == []
    recent.forget(3)
    recent.cut(3)
    assert len(recent) == 0
