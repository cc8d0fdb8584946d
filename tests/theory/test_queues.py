"""Closed forms against published and hand-computed values, and against Markov chains."""

from math import exp

import numpy as np
import pytest
from scipy.special import gammaincc

from tests.theory.closed import convolution, mean_values
from tests.theory.failing import buzacott, fluid_pair, longer_of_two, work_with_repairs
from tests.theory.lines import loop, tandem
from tests.theory.markov import Move, solve
from tests.theory.network import Machine, erlang
from tests.theory.paced import fixed_position, in_turn, unstopped
from tests.theory.queues import erlang_c, machine_repair, md1, mg1, mm1, mmc, mmck, priorities
from tests.theory.setups import conveyor, lots, rework, transfer_line


def test_one_server_has_the_textbook_means():
    queue = mm1(0.7, 1.0)
    assert queue == pytest.approx((0.49 / 0.3, 0.7 / 0.3, 0.7 / 0.3, 1 / 0.3, 0.7))


def test_erlang_c_of_two_servers_and_of_a_printed_table():
    """C(2, 1) = 1/3; C(10, 8) = 0.4092 in printed tables of Erlang C."""
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_c(10, 8.0) == pytest.approx(0.4092, abs=5e-5)


def test_service_with_the_variance_of_the_exponential_is_m_m_1_and_constant_is_half_the_wait():
    assert mg1(0.6, 1.0, 1.0) == pytest.approx(mm1(0.6, 1.0))
    assert md1(0.6, 1.0).wait == pytest.approx(mm1(0.6, 1.0).wait / 2)


def test_finite_room_loses_what_erlang_b_says_and_with_much_room_nothing():
    """Erlang B for two servers and one erlang: (1/2) / (1 + 1 + 1/2) = 1/5."""
    assert mmck(1.0, 1.0, 2, 2).throughput == pytest.approx(4 / 5)
    assert mmck(1.0, 1.0, 2, 200) == pytest.approx(mmc(1.0, 1.0, 2))


def test_the_mean_wait_over_priorities_of_equal_work_is_that_of_one_class():
    waits = priorities([0.3, 0.5], [1.0, 1.0])
    assert waits[0] == pytest.approx(0.8 / 0.7)
    assert (3 * waits[0] + 5 * waits[1]) / 8 == pytest.approx(mm1(0.8, 1.0).wait)


def test_machine_repair_is_binomial_with_enough_crews_and_a_chain_with_few():
    assert machine_repair(4, 4, 9.0, 1.0).present == pytest.approx(0.4)

    def moves(down):
        if down < 3:
            yield Move((3 - down) / 5.0, down + 1)
        if down > 0:
            yield Move(1.0, down - 1, "repair")

    few = machine_repair(3, 1, 5.0, 1.0)
    chain = solve(0, moves)
    assert few.throughput == pytest.approx(chain.rate("repair"))
    assert few.present == pytest.approx(chain.mean(float))


def test_mean_values_of_a_loop_equal_its_chain_and_buzens_convolution():
    means = [1.0, 0.5, 0.8]
    answer = mean_values(means, 4)
    assert answer.throughput == pytest.approx(loop(means, [4, 4, 4], 4).throughput(1))
    assert answer.throughput == pytest.approx(convolution(means, [1, 1, 1], 4))
    assert sum(answer.present) == pytest.approx(4)


def test_a_delay_is_a_station_with_a_server_for_every_pallet():
    delayed = mean_values([1.0, 0.5], 5, delay=2.0).throughput
    assert delayed == pytest.approx(convolution([1.0, 0.5, 2.0], [1, 1, 5], 5))
    assert convolution([3.0], [2], 5) == pytest.approx(2 / 3)


def test_buzacotts_efficiencies_of_two_machines_by_hand():
    assert buzacott([0.1, 0.1], [1.0, 1.0], "operating") == pytest.approx(1 / 1.2)
    assert buzacott([0.1, 0.1], [1.0, 1.0], "calendar") == pytest.approx(1 / 1.21)
    assert buzacott([0.1, 0.3], [1.0, 1.0], "buffered") == pytest.approx(1 / 1.3)


@pytest.mark.parametrize("clock", ["operating", "calendar"])
@pytest.mark.parametrize("second", [(0.1, 1.0), (0.05, 0.7)])
def test_a_fluid_pair_without_a_buffer_is_buzacotts_and_with_endless_buffer_too(clock, second):
    failing, repairing = (0.1, second[0]), (1.0, second[1])

    def pair(places):
        return fluid_pair(failing, repairing, places, operating=clock == "operating")

    assert pair(0.0) == pytest.approx(buzacott(failing, repairing, clock))
    assert pair(0.0) < pair(5.0) < pair(50.0)
    assert pair(5000.0) == pytest.approx(buzacott(failing, repairing, "buffered"), rel=2e-3)


@pytest.mark.parametrize("clock", ["operating", "calendar"])
def test_a_fluid_pair_is_the_limit_of_many_short_services(clock):
    """Exponential services twenty times as short as lives: a chain nears the fluid."""

    def chain(cuts):
        operating = clock == "operating"
        one = Machine(erlang(1 / cuts), (), (), 0.2, 1.0, operating)
        two = Machine(erlang(1 / cuts), (), (), 0.1, 0.5, operating)
        net = tandem([one, two], [2 * cuts])
        return net.throughput(2) / cuts

    fluid = fluid_pair((0.2, 0.1), (1.0, 0.5), 2.0, operating=clock == "operating")
    gaps = [fluid - chain(cuts) for cuts in (50, 200)]
    assert 0 < gaps[1] < gaps[0] < 0.05
    assert gaps[1] == pytest.approx(0, abs=0.005)


def test_work_with_repairs_has_its_mean_and_no_failure_is_no_delay():
    share = work_with_repairs(2.0, 0.3, 1.5)
    assert share(1.999) == 0.0
    assert share(2.0) == pytest.approx(exp(-0.6))
    mean = longer_of_two(share, lambda _: 1.0, 2.0, 100.0)
    assert mean == pytest.approx(2.0 * (1 + 0.3 * 1.5))


def test_the_longer_of_two_times_is_hunts_line_and_that_of_erlang():
    def exponential(t):
        return 1 - exp(-t)

    assert 1 / longer_of_two(exponential, exponential, 0.0, 60.0) == pytest.approx(2 / 3)

    def two_phases(t):
        return 1 - float(gammaincc(2, 2 * t))

    assert longer_of_two(two_phases, two_phases, 0.0, 60.0) == pytest.approx(11 / 8)


def test_a_paced_line_by_hand():
    assert unstopped(60.0, 6.0, 0.1) == pytest.approx((1 / 60, 600.0))
    assert in_turn(60.0, 10, 0.01, 30.0) == pytest.approx(1 / 63)
    # help of exactly 90 s, called at the start: 30 s are left if anyone called
    constant = fixed_position(60.0, 2, 0.1, lambda t: float(t < 90.0), 100.0)
    assert constant == pytest.approx(1 / (60 + 0.19 * 30), rel=1e-3)


def test_a_stop_at_a_fixed_position_is_the_mean_of_a_drawn_one():
    rng = np.random.default_rng(3)
    calls = rng.random((200_000, 3)) < 0.2
    left = rng.exponential(40.0, (200_000, 3)) - 60.0 * rng.random((200_000, 3))
    stop = np.where(calls, np.maximum(left, 0), 0).max(axis=1)
    exact = fixed_position(60.0, 3, 0.2, lambda t: exp(-t / 40.0), 1000.0, at="even")
    assert 1 / exact - 60 == pytest.approx(stop.mean(), abs=4 * stop.std() / 200_000**0.5)


def test_setups_conveyors_and_transfer_lines_by_hand():
    work = {"A": 1.0, "B": 2.0}
    setup = {("A", "B"): 5.0, ("B", "A"): 3.0}
    assert lots([("A", 10), ("B", 5)], work, setup) == pytest.approx(15 / 28)
    assert lots([("A", 1)], work, setup) == pytest.approx(1.0)
    assert conveyor(30.0, 0.5, 6.0) == pytest.approx((60.0, 1 / 12, 5))
    assert transfer_line([50.0, 55.0], 5.0) == pytest.approx(1 / 60)
    assert rework(0.2) == pytest.approx((1.25, 0.0))
    assert rework(0.5, 1) == pytest.approx((1.5, 0.25))
