"""The chains against published and hand-computed values."""

import numpy as np
import pytest

from tests.theory.lines import assembly, loop, merge, parallel, shared_exit, split, tandem
from tests.theory.markov import Move, solve
from tests.theory.network import Machine, Network, erlang
from tests.theory.queues import machine_repair


def last(net):
    return net.throughput(len(net.nodes) - 1)


def line(means, buffers, phases=1):
    return last(tandem([Machine(erlang(each, phases)) for each in means], buffers))


def test_a_chain_of_two_states_has_the_shares_of_its_rates():
    chain = solve("up", lambda s: [Move(1.0, "down", "f")] if s == "up" else [Move(3.0, "up")])
    assert chain.share == pytest.approx({"up": 0.75, "down": 0.25})
    assert chain.rate("f") == pytest.approx(0.75)


def test_a_state_without_a_way_out_is_named():
    with pytest.raises(ValueError, match="any more in state end"):
        solve("begin", lambda s: [Move(1.0, "end")] if s == "begin" else [])


@pytest.mark.parametrize(
    ("stations", "exact"),
    [(2, 2 / 3), (3, 22 / 39), (4, 0.5148)],  # Hunt 1956; Hillier and Boling 1967 for four
)
def test_lines_without_buffers_have_hunts_throughput(stations, exact):
    assert line([1.0] * stations, [0] * (stations - 1)) == pytest.approx(exact, abs=5e-5)


@pytest.mark.parametrize("places", range(5))
def test_two_balanced_machines_have_the_closed_form(places):
    """(B + 2) / (B + 3), Hunt 1956: the number in system of M/M/1/(B+2)."""
    assert line([1.0, 1.0], [places]) == pytest.approx((places + 2) / (places + 3))


@pytest.mark.parametrize(("ratio", "places"), [(0.5, 0), (0.8, 3), (1.7, 2)])
def test_two_unbalanced_machines_have_the_closed_form(ratio, places):
    """mu2 (1 - p0) of M/M/1/(B+2), whose arrivals are the first machine's services."""
    n = places + 2
    empty = (1 - ratio) / (1 - ratio ** (n + 1))
    assert line([1 / ratio, 1.0], [places]) == pytest.approx(1 - empty)


def test_two_erlang_machines_without_a_buffer_wait_for_the_longer_time():
    """E max of two Erlang-2 times of mean 1 is 11/8 (their survival, integrated by hand)."""
    assert line([1.0, 1.0], [0], phases=2) == pytest.approx(8 / 11)


def test_throughput_is_the_same_backwards():
    assert line([1.0, 0.7, 1.2], [2, 1]) == pytest.approx(line([1.2, 0.7, 1.0], [1, 2]))


def test_one_machine_on_either_clock_is_up_for_its_availability():
    for operating in (True, False):
        machine = Machine(erlang(1.0), (), (), 0.1, 0.9, operating)
        assert last(Network((machine,))) == pytest.approx(0.9)


def test_two_exponential_machines_without_a_buffer_on_the_operating_clock():
    """A cycle is the longer of two work times (rate 1) with failures (f) and repairs (r) in them.

    Mean times to its end from both up (uu), one down (ud), both down (dd), by first steps:
    uu (2 + 2 f) = 1 + 2 f ud + 2 up, ud (1 + f + r) = 1 + f dd + r uu + down, dd = 1 / (2 r) + ud,
    where a machine left alone needs up = 1 + f / r, or down = up + 1 / r.
    """
    f, r = 0.5, 1.0
    up = 1 + f / r
    down = up + 1 / r
    equations = [[2 + 2 * f, -2 * f, 0], [-r, 1 + f + r, -f], [0, -1, 1]]
    m_uu = np.linalg.solve(equations, [1 + 2 * up, 1 + down, 1 / (2 * r)])[0]
    machine = Machine(erlang(1.0), (), (), f, r)
    assert last(tandem([machine, machine], [0])) == pytest.approx(1 / m_uu)


def test_calendar_failures_cost_more_than_operating_ones_and_a_buffer_helps():
    def rate(clock, places):
        machine = Machine(erlang(1.0), (), (), 0.1, 0.5, clock == "operating")
        return last(tandem([machine, machine], [places]))

    assert rate("calendar", 0) < rate("operating", 0) < rate("operating", 3)
    assert rate("operating", 3) < rate("operating", 30) < 5 / 6
    assert rate("calendar", 200) == pytest.approx(5 / 6, abs=0.01)


@pytest.mark.parametrize("crews", [1, 2, 3])
def test_crews_that_are_too_few_are_the_machine_repair_model(crews):
    machine = Machine(erlang(0.1), (), (), 1 / 5, 1.0, operating=False)
    net = Network((machine,) * 3, crews)
    theory = machine_repair(3, crews, 5.0, 1.0)
    assert sum(net.down(i) for i in range(3)) == pytest.approx(theory.present)
    assert net.throughput(0) == pytest.approx(10 * (1 - theory.present / 3))


def test_a_free_choice_falls_on_the_first_branch_with_room():
    """Equal rates, no buffers, by hand: busy are the first, the second, both, none: 3, 1, 2 and 4

    times as often as both with the head blocked.
    """
    net = split(1.0, [1.0, 1.0], [0, 0])
    assert [net.working(i) for i in range(3)] == pytest.approx([10 / 11, 6 / 11, 4 / 11])
    assert net.blocked(0) == pytest.approx(1 / 11)


def test_a_closed_loop_of_equal_machines_with_room_for_all_is_jacksons():
    """N / (N + M - 1), Gordon and Newell 1967."""
    net = loop([1.0, 1.0, 1.0], [4, 4, 4], 4)
    assert net.throughput(1) == net.throughput(3) == pytest.approx(4 / 6)


def test_a_closed_loop_of_two_machines_with_one_pallet_goes_round_in_both_means():
    assert loop([2.0, 3.0], [1, 1], 1).throughput(1) == pytest.approx(1 / 5)


def test_a_loop_that_is_full_is_a_deadlock():
    nodes = (Machine(erlang(1.0), (1,)), Machine(erlang(1.0), (2,)), Machine(erlang(1.0), (1,)))
    with pytest.raises(ValueError, match="nothing can happen"):
        Network(nodes).throughput(1)


def test_a_merge_is_saturated_and_prefers_its_first_giver():
    net = merge([1.0], [1.0], 1.0, 2)
    assert net.throughput(0) + net.throughput(1) == pytest.approx(net.throughput(3))
    assert net.throughput(0) > net.throughput(1)
    # both blocked at all times but for moments: the end machine works nearly always
    assert merge([100.0], [100.0], 1.0, 2).throughput(3) == pytest.approx(1.0, abs=1e-4)


def test_a_split_to_equal_branches_without_wait_is_the_head():
    net = split(1.0, [0.01, 0.01], [5, 5], (0.3, 0.7))
    assert net.throughput(0) == pytest.approx(1.0, abs=1e-6)
    assert net.throughput(2) == pytest.approx(0.3, abs=1e-6)
    assert sum(net.throughput(i) for i in shared_exit(net)) == pytest.approx(net.throughput(0))


def test_machines_side_by_side_are_erlangs_loss_turned_into_blocking():
    """M/M/2 with room for all: throughput is the arrivals; utilisation is their load."""
    net = parallel(1.0, [1.0, 1.0], 60)
    assert net.throughput(0) == pytest.approx(1.0)
    assert net.level(1) == pytest.approx(1 / 3)  # Lq of M/M/2 with one erlang: 1/3


def test_assembly_of_two_without_buffers_is_three_times_in_a_row():
    """With "all", feeders are blocked until both are done and the assembler is free.

    One cycle with a very quick assembler is the longer of two exponential times: 1.5.
    """
    assert last(assembly([1.0, 1.0], [0, 0], 1e-9, joins="all")) == pytest.approx(2 / 3)
    assert last(assembly([1.0, 1.0], [0, 0], 1e-9, joins="each")) > 2 / 3


def test_an_assembler_that_takes_each_has_one_place_more_for_each_part():
    quick = 1e-9
    each = last(assembly([1.0, 1.0], [2, 2], quick, joins="each"))
    everything = last(assembly([1.0, 1.0], [3, 3], quick, joins="all"))
    assert each == pytest.approx(everything, abs=1e-6)
