"""The engine against exact results from theory, and against models written apart from it.

A statistical test holds the mean of replications to within four of its standard errors.
"""

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape, exponential, little_shop, serial_line
from tests.theory import queues, recursions
from tests.theory.failing import fluid_pair, longer_of_two, work_with_repairs
from tests.theory.lines import tandem
from tests.theory.network import Machine, erlang
from tests.theory.streams import exponential_ticks
from twin.core.draw import DISTRIBUTIONS
from twin.core.record import MOVE
from twin.core.state import BLOCKED, DOWN, WORKING
from twin.engine.simulation import Simulation
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, connect

SECOND = 1_000_000
HOUR = 3600 * SECOND
REPLICATIONS = 24

buffer_sizes = st.lists(st.integers(0, 4), min_size=2, max_size=2)


def runs(plant, until, *, warm_up=2000 * SECOND):
    """What each replication counted after its warm-up: totals at the end, and before."""
    for replication in range(REPLICATIONS):
        simulation = Simulation(plant, seed=1, replication=replication)
        simulation.advance(warm_up)
        before = simulation.totals()
        simulation.advance(warm_up + until)
        yield simulation.totals(), before


def throughputs(plant, until):
    """Finished parts per second of each replication."""
    seconds = until / SECOND
    return [
        int(after.clock[0].finished - before.clock[0].finished) / seconds
        for after, before in runs(plant, until)
    ]


def assert_mean(values, exact, *, within=0.02, bias=0.0):
    """The mean is exact to four standard errors, which are small; `bias` is of the theory."""
    error = float(np.std(values, ddof=1)) / len(values) ** 0.5
    assert 4 * error < within * exact
    assert float(np.mean(values)) == pytest.approx(exact, abs=4 * error + bias)


def left(plant, until, *, seed=7):
    """When parts left each place but source, buffer and sink; one list per place."""
    tape = Tape()
    Simulation(plant, seed=seed, recorder=tape).advance(until)
    events = np.concatenate([np.zeros(0, tape.events[0].dtype), *tape.events])
    moves = events[events["code"] == MOVE]
    rows = [i for i, p in enumerate(plant.places) if isinstance(p.params, (Station, Conveyor))]
    return [moves["tick"][moves["value"] == row].tolist() for row in rows]


def makespan(plant):
    """When the last part of a source with a limit leaves the plant."""
    return max(left(plant, 10 * HOUR)[-1])


def same_start(actual, expected, least=100):
    """Two lists of ticks are equal as far as both go, and that is far enough."""
    count = min(len(actual), len(expected))
    assert count >= least
    assert actual[:count] == expected[:count]


# Lines of exponential and Erlang machines


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


# Two machines that fail


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


# Open queues


def open_queue(interval, servers):
    """Poisson arrivals, an endless buffer, and stations side by side."""
    stations = [
        Place(path=f"/S{n}", params=each, next=("/Sink",)) for n, each in enumerate(servers)
    ]
    source = Source(interval=interval, interval_distribution="exponential")
    buffer = Buffer(capacity=1_000_000)
    head = (
        Place(path="/Source", params=source, next=("/Queue",)),
        Place(path="/Queue", params=buffer, next=tuple(each.path for each in stations)),
    )
    return Plant(places=(*head, *stations, Place(path="/Sink", params=Sink())))


UNIFORM = Station(process_time=1.0, process_distribution="uniform", process_spread=0.9)


@pytest.mark.parametrize(
    ("rate", "servers", "theory"),
    [
        (0.7, [exponential()], queues.mm1(0.7, 1.0)),
        (0.7, [Station(process_time=1.0)], queues.md1(0.7, 1.0)),
        (0.7, [UNIFORM], queues.mg1(0.7, 1.0, 0.9**2 / 3)),
        (2.1, [exponential()] * 3, queues.mmc(2.1, 1.0, 3)),
    ],
    ids=["M/M/1", "M/D/1", "M/U/1", "M/M/3"],
)
def test_open_queues_have_their_mean_stay_and_stock(rate, servers, theory):
    stays, stocks = [], []
    until = 100_000 * SECOND
    for after, before in runs(open_queue(1 / rate, servers), until):
        count = int(after.clock[0].finished - before.clock[0].finished)
        lead = int(after.product.lead_ticks.sum() - before.product.lead_ticks.sum())
        stays.append(lead / count / SECOND)
        stocks.append(int(after.clock[0].part_ticks - before.clock[0].part_ticks) / until)
    assert_mean(stays, theory.stay, within=0.05)
    assert_mean(stocks, theory.present, within=0.05)


# Sample paths


def test_an_open_queue_is_lindleys_to_the_tick():
    plant = open_queue(1.2, [exponential()])
    arrivals = [
        0,
        *accumulate(exponential_ticks("/Source", "process", 900, mean=1.2, seed=7)),
    ]
    services = exponential_ticks("/S0", "process", 901, mean=1.0, seed=7)
    same_start(left(plant, 600 * SECOND)[0], recursions.lindley(arrivals, services), 400)


def test_servers_side_by_side_are_kiefers_and_wolfowitzs_to_the_tick():
    plant = open_queue(0.4, [Station(process_time=1.1)] * 3)
    arrivals = [
        0,
        *accumulate(exponential_ticks("/Source", "process", 2000, mean=0.4, seed=7)),
    ]
    expected = recursions.many_servers(arrivals, [1_100_000] * 2001, 3)
    actual = [tick for each in left(plant, 600 * SECOND) for tick in each]
    same_start(sorted(actual), sorted(expected), 1000)


@pytest.mark.parametrize("mean", [0.5, 3.0])
def test_a_conveyor_between_stations_is_its_recursion_to_the_tick(mean):
    end = Pose((10.0, 0.0, 0.0))
    line = [
        ("/Source", Source(interval=0.0)),
        ("/S0", exponential(1.5)),
        ("/Belt", Conveyor(length=10.0, speed=0.5, spacing=2.0)),
        Place(path="/S1", params=exponential(mean), pose=end),
        Place(path="/Sink", params=Sink(), pose=end),
    ]
    works = exponential_ticks("/S0", "process", 800, mean=1.5, seed=7)
    services = exponential_ticks("/S1", "process", 800, mean=mean, seed=7)
    expected = recursions.conveyor(works, services, 20 * SECOND, 4 * SECOND, 5)
    actual = left(Plant(places=connect(line)), 1000 * SECOND)
    for column, ticks in zip(expected.T, actual, strict=True):
        same_start(ticks, column.tolist())


@pytest.mark.parametrize("clock", ["operating", "calendar"])
@pytest.mark.parametrize("buffers", [[0, 0], [3, 1]])
def test_a_failing_line_is_the_same_in_simpy_to_the_tick(clock, buffers):
    pytest.importorskip("simpy", reason="install '.[bench]' for the models in SimPy")
    from tests.theory import simpy_models

    def draws(purpose, mean):
        return [
            exponential_ticks(f"/Station_{i}", purpose, 900, mean=mean, seed=7) for i in range(3)
        ]

    fails = {"mtbf": 12.0, "mttr": 3.0, "failure_clock": clock}
    actual = left(serial_line([exponential(**fails)] * 3, buffers), 600 * SECOND)
    services, lives, repairs = draws("process", 1.0), draws("failure", 12.0), draws("repair", 3.0)
    expected = simpy_models.failing_line(
        services, buffers, lives, repairs, clock=clock, until=600 * SECOND
    )
    assert actual == expected
    assert len(actual[-1]) > 200


# Properties


@settings(max_examples=25)
@given(
    seed=st.integers(0, 999),
    limit=st.integers(1, 60),
    accumulating=st.booleans(),
    clock=st.sampled_from(["operating", "calendar"]),
)
def test_little_holds_to_the_tick_in_a_plant_that_has_run_empty(seed, limit, accumulating, clock):
    """The stock summed over time is the lead times summed over parts."""
    shop = little_shop(accumulating=accumulating, failure_clock=clock)
    source, *rest = shop.places
    limited = Source(interval=5.0, interval_distribution="exponential", limit=limit)
    plant = Plant(
        places=(Place(path=source.path, params=limited, next=source.next), *rest),
        products=shop.products,
    )
    simulation = Simulation(plant, seed=seed)
    simulation.advance(HOUR)
    totals = simulation.totals()
    assert totals.clock[0].finished == limit
    assert totals.clock[0].part_ticks == totals.product.lead_ticks.sum()


times_of_stations = st.lists(st.integers(0, 50), min_size=3, max_size=3)


def constant_line(times, buffers, *, limit):
    stations = [Station(process_time=float(time)) for time in times]
    return serial_line(stations, buffers, limit=limit)


@settings(max_examples=40)
@given(times=times_of_stations, buffers=buffer_sizes, limit=st.integers(1, 30))
def test_a_line_and_its_mirror_finish_at_the_same_tick(times, buffers, limit):
    """Muth 1979."""
    forth = constant_line(times, buffers, limit=limit)
    back = constant_line(times[::-1], buffers[::-1], limit=limit)
    assert makespan(forth) == makespan(back)


@pytest.mark.parametrize("fails", [{}, {"mtbf": 20.0, "mttr": 4.0}], ids=["up", "failing"])
def test_a_random_line_and_its_mirror_have_the_same_throughput(fails):
    stations, buffers = [exponential(mean, **fails) for mean in (1.0, 0.7, 1.1)], [2, 0]
    forth = throughputs(serial_line(stations, buffers), 20_000 * SECOND)
    back = throughputs(serial_line(stations[::-1], buffers[::-1]), 20_000 * SECOND)
    error = ((np.var(forth, ddof=1) + np.var(back, ddof=1)) / REPLICATIONS) ** 0.5
    assert abs(np.mean(forth) - np.mean(back)) < 4 * error < 0.02


@settings(max_examples=25)
@given(
    seed=st.integers(0, 999),
    buffers=buffer_sizes,
    more=st.integers(0, 1),
    mtbf=st.just(0.0) | st.just(9.0),
)
def test_one_more_buffer_place_delays_no_part_anywhere(seed, buffers, more, mtbf):
    """Also with failures on the operating clock: they lengthen work, and no more."""
    stations = [exponential(mtbf=mtbf, mttr=3.0)] * 3
    larger = [places + (i == more) for i, places in enumerate(buffers)]
    few = left(serial_line(stations, buffers), 200 * SECOND, seed=seed)
    many = left(serial_line(stations, larger), 200 * SECOND, seed=seed)
    for later, sooner in zip(few, many, strict=True):
        assert len(sooner) >= len(later)
        assert all(a >= b for a, b in zip(later, sooner, strict=False))


@settings(max_examples=25)
@given(times=times_of_stations, buffers=buffer_sizes, at=st.integers(0, 2), less=st.integers(0, 50))
def test_shorter_work_delays_no_part_anywhere(times, buffers, at, less):
    shorter = [max(0, time - less) if i == at else time for i, time in enumerate(times)]
    slow = left(constant_line(times, buffers, limit=20), HOUR)
    quick = left(constant_line(shorter, buffers, limit=20), HOUR)
    for later, sooner in zip(slow, quick, strict=True):
        assert len(later) == len(sooner) == 20
        assert all(a >= b for a, b in zip(later, sooner, strict=True))


@settings(max_examples=25)
@given(times=times_of_stations, buffers=buffer_sizes, factor=st.integers(2, 7))
def test_times_so_many_times_as_long_make_departures_so_many_times_as_late(times, buffers, factor):
    def plant(scale):
        line = serial_line(
            [Station(process_time=float(scale * t)) for t in times], buffers, limit=20
        )
        belt = Conveyor(length=8.0, speed=1.0 / scale, spacing=3.0)
        *before, sink = line.places
        return Plant(places=connect([*before, Place(path="/Belt", params=belt), sink]))

    once, scaled = left(plant(1), HOUR), left(plant(factor), factor * HOUR)
    assert scaled == [[factor * tick for tick in ticks] for ticks in once]
