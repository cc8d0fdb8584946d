"""The engine against theory: exact sample paths, closed forms, and known throughputs."""

import math

import numpy as np
import pytest

from tests.engine.lines import Tape, exponential, serial_line
from twin.core.draw import stream_key
from twin.core.record import MOVE
from twin.engine.simulation import Simulation
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant, connect

SECOND = 1_000_000


def departures(plant, until):
    """Ticks at which each part left each station; shape [parts that finished, stations]."""
    tape = Tape()
    simulation = Simulation(plant, seed=7, recorder=tape)
    simulation.advance(until)
    events = np.concatenate(tape.events)
    moves = events[events["code"] == MOVE]
    stations = [i for i, p in enumerate(plant.places) if isinstance(p.params, Station)]
    columns = [moves["tick"][moves["value"] == i] for i in stations]
    done = min(map(len, columns))
    return np.column_stack([column[:done] for column in columns])


def philox(key, counter):
    """Philox 4x32-7 in plain Python, from its paper: the first two words, as one number."""
    x = [counter & 0xFFFFFFFF, counter >> 32, 0, 0]
    k = [key & 0xFFFFFFFF, key >> 32]
    for _ in range(7):
        a, b = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [(b >> 32) ^ x[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ x[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return x[0] | x[1] << 32


def exponential_ticks(path, count, mean=1.0):
    """The process times that a station of this path draws, without the engine."""
    key = stream_key(7, 0, path, "process")
    uniforms = [(philox(key, n) >> 11) / 2**53 for n in range(count)]
    return [int(-mean * SECOND * math.log(1.0 - u) + 0.5) for u in uniforms]


def max_plus(times, buffers):
    """Departures of a saturated line with blocking after service, by its recursion."""
    parts, stations = times.shape
    left = np.zeros((parts, stations), np.int64)
    for k in range(parts):
        for i in range(stations):
            arrived = left[k, i - 1] if i else 0
            free = left[k - 1, i] if k else 0
            left[k, i] = max(arrived, free) + times[k, i]
            before = k - buffers[i] - 1 if i < stations - 1 else -1
            if before >= 0:
                left[k, i] = max(left[k, i], left[before, i + 1])
    return left


@pytest.mark.parametrize("buffers", [[0, 0, 0], [5, 5, 5], [1, 0, 7]])
def test_departures_equal_the_max_plus_recursion_to_the_tick(buffers):
    plant = serial_line([exponential()] * 4, buffers)
    actual = departures(plant, 600 * SECOND)
    draws = [exponential_ticks(f"/Station_{i}", len(actual)) for i in range(4)]
    expected = max_plus(np.column_stack(draws), [*buffers, 0])
    assert len(actual) > 250
    np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("buffers", [[0, 0], [2, 1]])
def test_whole_second_times_with_many_ties_equal_the_recursion_too(buffers):
    times = [3.0, 3.0, 2.0]
    plant = serial_line([Station(process_time=each) for each in times], buffers)
    actual = departures(plant, 300 * SECOND)
    expected = max_plus(np.tile(np.array(times) * SECOND, (len(actual), 1)), [*buffers, 0])
    np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize(("stations", "exact"), [(2, 2 / 3), (3, 22 / 39)])
def test_exponential_lines_without_buffers_have_hunts_throughput(stations, exact):
    """Hunt 1956: 2/3 and 22/39 of the rate of one station."""
    simulation = Simulation(serial_line([exponential()] * stations), seed=11)
    simulation.advance(400_000 * SECOND)
    throughput = int(simulation.world.clock[0].finished) / 400_000
    assert throughput == pytest.approx(exact, abs=4 * 0.0015)


@pytest.mark.parametrize(
    ("failures", "golden", "error"),
    [({}, 0.763473, 0.0025), ({"mtbf": 100.0, "mttr": 10.0}, 0.554148, 0.005)],
)
def test_the_reference_line_has_its_golden_throughput(failures, golden, error):
    simulation = Simulation(serial_line([exponential(**failures)] * 10, [5] * 9), seed=1)
    simulation.advance(2_000 * SECOND)
    before = int(simulation.world.clock[0].finished)
    simulation.advance(402_000 * SECOND)
    throughput = (int(simulation.world.clock[0].finished) - before) / 400_000
    assert throughput == pytest.approx(golden, abs=error)


def test_an_open_queue_has_the_lead_time_and_stock_of_m_m_1():
    """W = 1 / (mu - lambda), L = lambda W; rho = 0.7."""
    line = [
        ("/Source", Source(interval=1.0, interval_distribution="exponential")),
        ("/Queue", Buffer(capacity=1_000_000)),
        ("/Server", exponential(0.7)),
        ("/Sink", Sink()),
    ]
    simulation = Simulation(Plant(places=connect(line)), seed=2)
    simulation.advance(1_000_000 * SECOND)
    clock = simulation.totals().clock[0]
    lead = simulation.world.product.lead_ticks.sum() / int(clock.finished) / SECOND
    stock = clock.part_ticks / int(clock.now)
    assert lead == pytest.approx(0.7 / 0.3, rel=0.03)
    assert stock == pytest.approx(lead * int(clock.finished) / 1e6, rel=1e-3)  # Little


def test_operating_failures_of_a_line_without_buffers_have_buzacotts_efficiency():
    """1 / (1 + sum of MTTR / MTBF), with equal cycles in which two failures hardly ever meet."""
    station = Station(process_time=1.0, mtbf=500.0, mttr=50.0)
    simulation = Simulation(serial_line([station] * 5), seed=3)
    simulation.advance(5_000_000 * SECOND)
    rate = int(simulation.world.clock[0].finished) / 5_000_000
    assert rate == pytest.approx(1 / (1 + 5 * 0.1), rel=0.01)


def test_calendar_failures_of_one_station_cost_its_unavailability():
    station = Station(process_time=1.0, mtbf=50.0, mttr=5.0, failure_clock="calendar")
    simulation = Simulation(serial_line([station]), seed=3)
    simulation.advance(500_000 * SECOND)
    rate = int(simulation.world.clock[0].finished) / 500_000
    assert rate == pytest.approx(50 / 55, rel=0.01)


def test_doubling_all_times_doubles_all_departures_exactly():
    slow = [Station(process_time=2 * each) for each in (3.0, 5.0, 4.0)]
    fast = [Station(process_time=each) for each in (3.0, 5.0, 4.0)]
    np.testing.assert_array_equal(
        departures(serial_line(slow, [1, 1]), 2000 * SECOND),
        2 * departures(serial_line(fast, [1, 1]), 1000 * SECOND),
    )


def test_another_buffer_place_never_delays_a_departure():
    few = departures(serial_line([exponential()] * 3, [1, 1]), 500 * SECOND)
    more = departures(serial_line([exponential()] * 3, [1, 2]), 500 * SECOND)
    count = min(len(few), len(more))
    assert (more[:count] <= few[:count]).all()
