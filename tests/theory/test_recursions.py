"""The recursions and the SimPy models, which know nothing of each other, agree to the tick."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory import recursions

pytest.importorskip("simpy", reason="install '.[bench]' for the models in SimPy")
from tests.theory import simpy_models

S = 1_000_000


def drawn(rng, *shape, mean=S):
    """Ticks with hardly any ties."""
    return rng.exponential(mean, shape).astype(np.int64) + 1


@pytest.mark.parametrize("buffers", [[0, 0, 0], [2, 0, 1], [9, 9, 9]])
def test_a_line_is_its_recursion(buffers):
    times = drawn(np.random.default_rng(1), 300, 4)
    left = simpy_models.line(times.T.tolist(), buffers)
    np.testing.assert_array_equal(
        np.column_stack(left), recursions.blocking_line(times, [*buffers, 0])
    )


def test_blocking_before_service_is_never_earlier_and_waits_for_room():
    times = drawn(np.random.default_rng(1), 300, 3)
    after = recursions.blocking_line(times, [1, 1, 0])
    before = recursions.blocking_line(times, [1, 1, 0], before=True)
    assert (before >= after).all()
    by_hand = recursions.blocking_line([[1, 5], [1, 5], [1, 5]], [0, 0], before=True)
    assert by_hand.tolist() == [[1, 6], [7, 12], [13, 18]]


@given(
    times=st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=12),
    buffers=st.lists(st.integers(0, 3), min_size=2, max_size=2),
)
def test_the_last_part_of_a_line_and_of_its_mirror_leave_at_the_same_tick(times, buffers):
    """Muth, "The reversibility property of production lines", Management Science 25 (1979)."""
    forth = recursions.blocking_line(times, [*buffers, 0])
    mirrored = [row[::-1] for row in times[::-1]]
    back = recursions.blocking_line(mirrored, [*buffers[::-1], 0])
    assert forth[-1, -1] == back[-1, -1]


@pytest.mark.parametrize("servers", [1, 3])
def test_servers_side_by_side_are_kiefer_and_wolfowitz(servers):
    rng = np.random.default_rng(2)
    arrivals = np.cumsum(drawn(rng, 400)).tolist()
    services = drawn(rng, 400, mean=0.8 * servers * S).tolist()
    left = simpy_models.line([services], [], servers=[servers], arrivals=arrivals)
    assert left[0] == sorted(recursions.many_servers(arrivals, services, servers))


@pytest.mark.parametrize("clock", ["operating", "calendar"])
def test_a_line_that_never_fails_is_a_line(clock):
    times = drawn(np.random.default_rng(1), 100, 3)
    never = [[10**12]] * 3
    left = simpy_models.failing_line(
        times.T.tolist(), [1, 0], never, [[1]] * 3, clock=clock, until=10**9
    )
    np.testing.assert_array_equal(np.column_stack(left), recursions.blocking_line(times, [1, 0, 0]))


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12))
def test_shifts_that_stop_work_are_a_change_of_time(services):
    shifts, period = [(3, 10), (20, 25)], 40
    worked = np.cumsum(services).tolist()
    actual = simpy_models.calendar(services, shifts, period, at_bell="stop", until=5000)
    assert actual == recursions.on_shift(worked, shifts, period)


def test_a_buffered_merge_serves_in_the_order_of_coming():
    rng = np.random.default_rng(5)
    feeds = [drawn(rng, 200).tolist() for _ in range(3)]
    services = drawn(rng, 600, mean=0.3 * S).tolist()
    left, out = simpy_models.merge(feeds, services, 600)
    assert left == [np.cumsum(feed).tolist() for feed in feeds]
    came = [tick for tick, _ in recursions.merged(left)]
    assert out == recursions.lindley(came, services)


@pytest.mark.parametrize("places", [0, 2])
def test_an_assembler_is_its_recursion(places):
    rng = np.random.default_rng(6)
    feeds = drawn(rng, 2, 300).tolist()
    services = drawn(rng, 300).tolist()
    left, out = simpy_models.assembler(feeds, services, [places, places])
    # its sets, from the moments at which parts are ready and not hindered by room
    sets = recursions.assembly([np.cumsum(feed).tolist() for feed in feeds], services)
    assert out[0] == sets[0, -1]
    assert (np.array(out) >= sets[:, -1]).all()
    roomy, free = simpy_models.assembler(feeds, services, [300, 300])
    assert free == sets[:, -1].tolist()
    assert roomy == [np.cumsum(feed).tolist() for feed in feeds]
    assert all(tick <= other for tick, other in zip(free, out, strict=True))
    assert left[0][places + 1] == max(out[0], sum(feeds[0][: places + 2]))


@given(
    times=st.lists(st.tuples(*[st.integers(1, 9)] * 3), min_size=8, max_size=20),
    held=st.tuples(*[st.integers(0, 2)] * 3).filter(any),
    more=st.tuples(*[st.integers(0, 2)] * 3).filter(any),
)
def test_a_closed_loop_is_its_recursion(times, held, more):
    """Up to the first station that has had all its visits; a full ring would be stuck."""
    buffers = [count + room for count, room in zip(held, more, strict=True)]
    expected = recursions.closed_line(times, buffers, held)
    services = [list(column) for column in zip(*times, strict=True)]
    left = simpy_models.closed_loop(services, buffers, held, 10_000)
    end = int(expected[-1].min())
    for actual, column in zip(left, expected.T, strict=True):
        assert [tick for tick in actual if tick < end] == [tick for tick in column if tick < end]


@given(
    times=st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=1, max_size=15),
    buffers=st.tuples(*[st.integers(0, 2)] * 2),
)
def test_a_line_with_many_ties_is_its_recursion(times, buffers):
    left = simpy_models.line([list(column) for column in zip(*times, strict=True)], buffers)
    expected = recursions.blocking_line(times, [*buffers, 0])
    np.testing.assert_array_equal(np.column_stack(left), expected)


def test_a_change_of_product_costs_its_setup():
    setup = {("A", "B"): 5, ("B", "A"): 3}
    assert recursions.setups("AABA", [1, 1, 2, 1], setup) == [1, 2, 9, 13]


def test_batches_wait_for_their_last_part():
    assert recursions.batches([1, 2, 7, 8, 9], 2, [10, 10]) == [12, 22]


@settings(max_examples=30)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=20), st.integers(1, 4))
def test_a_conveyor_keeps_transit_headway_and_room(works, places):
    rows = recursions.conveyor(works, [7] * len(works), 10, 3, places)
    on, off, done = rows.T
    assert (off - on >= 10).all()
    assert (np.diff(on) >= 3).all()
    assert (off[1:] >= done[:-1]).all()
    inside = [int((on <= t).sum() - (off <= t).sum()) for t in on]
    assert max(inside) <= places
