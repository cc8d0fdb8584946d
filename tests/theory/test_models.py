"""The SimPy models against values by hand."""

import numpy as np
import pytest

pytest.importorskip("simpy", reason="install '.[bench]' for the models in SimPy")
from tests.theory import simpy_models

S = 1_000_000


def drawn(rng, *shape, mean=S):
    """Ticks with hardly any ties."""
    return rng.exponential(mean, shape).astype(np.int64) + 1


def test_failures_by_hand():
    """Work of 10, twice. Lives 6 and 100, repair 5; a second station blocks from 15 to 40."""
    services, buffers, repairs = [[10, 10], [25, 1]], [0], [[5, 5], []]
    lives = [[6, 12], [1000]]
    operating = simpy_models.failing_line(
        services, buffers, lives, repairs, clock="operating", until=100
    )
    assert operating == [[15, 40], [40, 41]]  # fails at 6 of 10, and at 8 of the second 10
    calendar = simpy_models.failing_line(
        services, buffers, lives, repairs, clock="calendar", until=100
    )
    assert calendar == [[15, 40], [40, 41]]
    longer = [[6, 24], [1000]]  # on the calendar the second failure finds it blocked, at 35
    calendar = simpy_models.failing_line(
        services, buffers, longer, repairs, clock="calendar", until=100
    )
    assert calendar == [[15, 40], [40, 41]]


def test_a_line_with_one_crew_waits_for_it():
    """They fail at 6 and 7; the first is repaired at 9, the second from then to 13, or at 11."""
    lives, repairs = [[6], [2]], [[3], [4]]
    services = [[5, 9], [9, 1]]
    one = simpy_models.failing_line(
        services, [0], lives, repairs, clock="operating", until=99, crews=1
    )
    assert one == [[5, 20], [20, 21]]
    many = simpy_models.failing_line(services, [0], lives, repairs, clock="operating", until=99)
    assert many == [[5, 18], [18, 19]]


@pytest.mark.parametrize("clock", ["operating", "calendar"])
def test_one_of_several_failures_is_one_failure(clock):
    rng = np.random.default_rng(8)
    services, lives = drawn(rng, 200).tolist(), drawn(rng, 90, mean=5 * S).tolist()
    repairs = drawn(rng, 90).tolist()
    one = simpy_models.several_failures(services, [lives], [repairs], clock=clock, until=10**9)
    line = simpy_models.failing_line([services], [], [lives], [repairs], clock=clock, until=10**9)
    assert one == line[0]


def test_several_failures_by_hand():
    """Work of 10; modes fail at 4 for 6 and at 6 for 3 of work, or of the calendar."""
    lives, repairs = [[4, 99], [6, 99]], [[6, 0], [3, 0]]
    operating = simpy_models.several_failures([10], lives, repairs, clock="operating", until=99)
    assert operating == [19]
    calendar = simpy_models.several_failures([10], lives, repairs, clock="calendar", until=99)
    assert calendar == [16]


def test_a_station_that_is_down_takes_no_part():
    left = simpy_models.failing_line(
        [[10], [4]], [0], [[100], [8]], [[0], [7]], clock="calendar", until=100
    )
    assert left == [[15], [19]]


def test_shifts_by_hand():
    """Shifts [0, 10) and [20, 30) of 40; work of 7."""
    shifts = [(0, 10), (20, 30)]
    stop = simpy_models.calendar([7] * 4, shifts, 40, at_bell="stop", until=70)
    assert stop == [7, 24, 41, 48]
    finish = simpy_models.calendar([7] * 4, shifts, 40, at_bell="finish", until=70)
    assert finish == [7, 14, 27, 34]


def test_routers_by_hand():
    head, branches = [1, 1, 1, 1], [[10] * 4, [3] * 4]
    _, first = simpy_models.router(head, branches, [0, 0])
    assert first == [[11], [5, 8, 11]]
    _, turn = simpy_models.router(head, branches, [0, 0], rule="turn")
    assert turn == [[11, 21], [5, 14]]
    _, short = simpy_models.router(head, branches, [5, 5], rule="shortest")
    assert short == [[11, 21], [5, 8]]
    _, given_ = simpy_models.router(head, branches, [0, 0], rule="given", chosen=[1, 1, 1, 0])
    assert given_ == [[17], [4, 7, 10]]


def test_merges_by_hand():
    feeds, end = [[2, 2], [3, 3]], [10] * 4
    waited = simpy_models.merge(feeds, end, 0)
    assert waited == ([[2, 22], [12, 32]], [12, 22, 32, 42])
    assert simpy_models.merge(feeds, end, 0, rule="turn") == waited
    assert simpy_models.merge(feeds, end, 0, rule="first") == (
        [[2, 12], [22, 32]],
        [12, 22, 32, 42],
    )
    strict = simpy_models.merge(feeds, end, 0, rule="sequence", sequence=[1, 0, 0, 1])
    assert strict == ([[13, 23], [3, 33]], [13, 23, 33, 43])


def test_an_assembler_with_counts_by_hand():
    _, out = simpy_models.assembler([[1] * 4, [10] * 2], [5, 5], [4, 4], [2, 1])
    assert out == [15, 25]


def test_a_disassembler_waits_for_the_slower_exit():
    left, out = simpy_models.disassembler([1, 1, 1], [[10] * 3, [2] * 3], [0, 0])
    assert left == [1, 11, 21]
    assert out == [[11, 21, 31], [3, 5, 14]]


def test_one_worker_for_two_stations_by_hand():
    """The second station's request comes at 4, when the first asks for its second part too."""
    by_rank = simpy_models.worked([[4, 4], [6, 6]], [0], 1, priorities=[0, 1])
    assert by_rank == [[4, 14], [10, 20]]
    assert simpy_models.worked([[4, 4], [6, 6]], [0], 2) == [[4, 10], [10, 16]]


def test_repairs_with_one_crew_by_hand():
    told = simpy_models.repairs([[10], [12], [13]], [[5], [5], [5]], 1, [0, 0, 1])
    assert told == [[(10, 10, 15)], [(12, 20, 25)], [(13, 15, 20)]]


def test_a_loop_of_one_pallet_goes_round_and_a_full_one_is_stuck():
    assert simpy_models.closed_loop([[2] * 9, [3] * 9], [1, 1], [1, 0], 12) == [[2, 7, 12], [5, 10]]
    assert simpy_models.closed_loop([[2] * 9, [3] * 9], [0, 2], [0, 2], 99)[1][0] == 3


def test_a_mover_returns_empty():
    left, out = simpy_models.mover([1, 1, 1], [[20] * 2, [5]], [0, 1, 0], [3, 4], 2)
    assert left == [1, 6, 12]
    assert out == [[24, 44], [15]]


def test_a_shuttle_waits_for_its_slowest_position():
    begun, ended = simpy_models.shuttle([[5, 5, 5], [9, 1]], 2)
    assert begun == [5, 16, 23]
    assert ended == [7, 18, 25]


def test_a_paced_line_by_hand():
    calls = [{}, {0: (10, 30), 3: (50, 20)}, {1: (59, 2)}]
    assert simpy_models.paced_line(calls, 60, fixed_position=False) == [60, 170, 232]
    assert simpy_models.paced_line(calls, 60, fixed_position=True) == [60, 130, 191]


def test_one_crane_brings_in_and_out():
    stored, out = simpy_models.warehouse(
        [0, 1, 2], [0, 30], capacity=2, cranes=1, store=4, fetch=6, back=1
    )
    assert stored == [4, 9, 21]  # the request of tick 0 is served from 10 to 16
    assert out == [16, 36]
