"""Open queues: the closed forms of M/M/1, M/D/1, M/G/1 and M/M/c, and their recursions."""

from itertools import accumulate

import pytest

from tests.engine.lines import exponential
from tests.engine.measured import assert_mean, left, runs, same_start
from tests.theory import queues, recursions
from tests.theory.streams import exponential_ticks
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant

SECOND = 1_000_000


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
