"""Saturated lines against their exact throughput from theory.

The mean of replications is held to within four of its standard errors.
"""

import numpy as np
import pytest

from tests.engine.lines import exponential, serial_line
from tests.engine.measured import assert_mean, runs, throughputs
from tests.theory.failing import fluid_pair, longer_of_two, work_with_repairs
from tests.theory.lines import tandem
from tests.theory.network import Machine, erlang
from twin.core.draw import DISTRIBUTIONS
from twin.core.state import BLOCKED, DOWN, WORKING
from twin.kinds.station import Station

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("means", "buffers"),
    [([1.0, 1.0], [3]), ([1.0, 0.8], [0]), ([1.0, 0.8, 1.25], [1, 2]), ([1.0] * 4, [0, 1, 0])],
)
def test_exponential_lines_have_the_throughput_of_their_chain(means, buffers):
    net = tandem([Machine(erlang(mean)) for mean in means], buffers)
    plant = serial_line([exponential(mean) for mean in means], buffers)
    assert_mean(throughputs(plant, 40_000 * SECOND), net.throughput(len(net.nodes) - 1))


@pytest.mark.skipif("erlang" not in DISTRIBUTIONS, reason="the engine has no Erlang times")
@pytest.mark.parametrize(("phases", "buffers"), [(2, [0, 0]), (4, [1, 0])])
def test_erlang_lines_have_the_throughput_of_their_chain(phases, buffers):
    means = [1.0, 0.9, 1.0]
    net = tandem([Machine(erlang(mean, phases)) for mean in means], buffers)
    stations = [
        Station(process_time=mean, process_distribution="erlang", process_spread=mean / phases**0.5)
        for mean in means
    ]
    rates = throughputs(serial_line(stations, buffers), 40_000 * SECOND)
    assert_mean(rates, net.throughput(len(net.nodes) - 1))


@pytest.mark.parametrize("clock", ["operating", "calendar"])
def test_the_states_of_a_failing_line_have_the_shares_of_its_chain(clock):
    """Working and blocked of every station, and down, on both clocks."""
    fails = {"mtbf": 20.0, "mttr": 4.0, "failure_clock": clock}
    means, buffers = [1.0, 0.8, 0.9], [1, 2]
    machines = [Machine(erlang(m), (), (), 1 / 20, 1 / 4, clock == "operating") for m in means]
    net = tandem(machines, buffers)
    plant = serial_line([exponential(mean, **fails) for mean in means], buffers)
    until = 40_000 * SECOND
    times = [after.place.times - before.place.times for after, before in runs(plant, until)]
    for place, node in ((1, 0), (3, 2), (5, 4)):
        shares = np.array([each[place] for each in times]) / until
        assert_mean(shares[:, WORKING], net.working(node))
        assert_mean(shares[:, DOWN], net.down(node), within=0.05)
        if node < 4:
            assert_mean(shares[:, BLOCKED], net.blocked(node), within=0.1)


@pytest.mark.parametrize("clock", ["operating", "calendar"])
@pytest.mark.parametrize("places", [0, 2, 10])
def test_two_exponential_machines_that_fail_have_the_throughput_of_their_chain(clock, places):
    operating = clock == "operating"
    one = Machine(erlang(1.0), (), (), 1 / 30, 1 / 5, operating)
    two = Machine(erlang(0.9), (), (), 1 / 20, 1 / 6, operating)
    net = tandem([one, two], [places])
    stations = [
        exponential(1.0, mtbf=30.0, mttr=5.0, failure_clock=clock),
        exponential(0.9, mtbf=20.0, mttr=6.0, failure_clock=clock),
    ]
    rates = throughputs(serial_line(stations, [places]), 40_000 * SECOND)
    assert_mean(rates, net.throughput(len(net.nodes) - 1))


def test_two_constant_machines_without_a_buffer_wait_for_the_longer_of_work_and_repairs():
    stations = [Station(process_time=2.0, mtbf=mtbf, mttr=3.0) for mtbf in (10.0, 15.0)]
    times = [work_with_repairs(2.0, 1 / mtbf, 3.0) for mtbf in (10.0, 15.0)]
    cycle = longer_of_two(*times, 2.0, 200.0)
    assert_mean(throughputs(serial_line(stations, [0]), 40_000 * SECOND), 1 / cycle)


@pytest.mark.parametrize("clock", ["operating", "calendar"])
def test_two_constant_machines_with_a_buffer_are_nearly_two_fluid_ones(clock):
    """The theory leaves out that parts are whole: a part in 200 that a repair is long."""
    fails = {"mtbf": 2000.0, "mttr": 200.0, "failure_clock": clock}
    plant = serial_line([Station(process_time=1.0, **fails)] * 2, [200])
    exact = fluid_pair((5e-4, 5e-4), (5e-3, 5e-3), 201.0, operating=clock == "operating")
    assert_mean(throughputs(plant, 400_000 * SECOND), exact, bias=0.001)


@pytest.mark.parametrize("fails", [{}, {"mtbf": 20.0, "mttr": 4.0}], ids=["up", "failing"])
def test_a_random_line_and_its_mirror_have_the_same_throughput(fails):
    stations, buffers = [exponential(mean, **fails) for mean in (1.0, 0.7, 1.1)], [2, 0]
    forth = throughputs(serial_line(stations, buffers), 20_000 * SECOND)
    back = throughputs(serial_line(stations[::-1], buffers[::-1]), 20_000 * SECOND)
    error = ((np.var(forth, ddof=1) + np.var(back, ddof=1)) / len(forth)) ** 0.5
    assert abs(np.mean(forth) - np.mean(back)) < 4 * error < 0.02
