"""Saturated lines against their exact throughput from theory.

The mean of replications is held to within four of its standard errors.
"""

from dataclasses import replace

import numpy as np
import pytest

from tests.engine.lines import exponential, serial_line
from tests.engine.measured import assert_mean, runs, throughputs
from tests.theory.failing import fluid_pair, longer_of_two, work_with_repairs
from tests.theory.lines import parallel, split, tandem
from tests.theory.network import Machine, erlang
from twin.core.draw import DISTRIBUTIONS
from twin.core.state import BLOCKED, DOWN, WORKING
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, connect

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


def branched(head, buffer, branches):
    """A source (or a source and a station), a buffer (or none), and stations side by side."""
    stations = [
        Place(path=f"/S{n}", params=exponential(mean), next=("/Sink",))
        for n, mean in enumerate(branches)
    ]
    line = [*head, *([("/Buffer", Buffer(capacity=buffer))] if buffer else [])]
    *before, last = connect(line)
    fork = replace(last, next=tuple(station.path for station in stations))
    return Plant(places=(*before, fork, *stations, Place(path="/Sink", params=Sink())))


def shares_of_work(plant, until):
    """Working shares of the stations, shape [replications, stations]."""
    rows = [i for i, place in enumerate(plant.places) if isinstance(place.params, Station)]
    times = [after.place.times - before.place.times for after, before in runs(plant, until)]
    return np.array([each[rows, WORKING] for each in times]) / until


def test_a_split_without_buffers_goes_to_the_first_branch_with_room():
    head = [("/Source", Source(interval=0.0)), ("/Head", exponential(0.8))]
    shares = shares_of_work(branched(head, 0, [1.0, 1.5]), 20_000 * SECOND)
    net = split(0.8, [1.0, 1.5], [0, 0])
    for column, node in zip(shares.T, (0, 1, 2), strict=True):
        assert_mean(column, net.working(node))


@pytest.mark.parametrize("places", [1, 4])
def test_arrivals_that_wait_for_room_before_unlike_stations_are_their_chain(places):
    """The source's clock stands while its part can't leave; the first station is preferred."""
    source = Source(interval=0.7, interval_distribution="exponential")
    plant = branched([("/Source", source)], places, [1.0, 2.0])
    net = parallel(1 / 0.7, [1.0, 2.0], places)
    assert_mean(throughputs(plant, 20_000 * SECOND), net.throughput(0))
    shares = shares_of_work(plant, 20_000 * SECOND)
    for column, node in zip(shares.T, (2, 3), strict=True):
        assert_mean(column, net.working(node))
