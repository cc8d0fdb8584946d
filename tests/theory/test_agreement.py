"""Markov chains, closed forms and SimPy models know nothing of each other, and agree."""

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory import lines, paced, queues
from tests.theory.network import Machine, Network, Store, erlang

pytest.importorskip("simpy", reason="install '.[bench]' for the models in SimPy")
from tests.theory import simpy_models

S = 1_000_000
PARTS = 30_000
BATCHES = 20


def draws(rng, mean, count=PARTS):
    return np.rint(rng.exponential(mean * S, count)).astype(int).tolist()


def assert_rate(left, exact):
    """Parts per second in the middle of a run, held to four standard errors of batch means."""
    middle = np.sort(left)[len(left) // 10 : len(left) * 9 // 10]
    gaps = np.diff(middle[:: len(middle) // BATCHES]) / S / (len(middle) // BATCHES)
    error = float(gaps.std(ddof=1)) / len(gaps) ** 0.5
    assert 4 * error < 0.08 * gaps.mean()
    assert float(gaps.mean()) == pytest.approx(1 / exact, abs=4 * error)


@pytest.mark.parametrize("clock", ["operating", "calendar"])
def test_two_failing_machines_with_one_crew(clock):
    rng = np.random.default_rng(11)
    lives = [draws(rng, mean) for mean in (12.0, 9.0)]
    repairs = [draws(rng, mean) for mean in (3.0, 4.0)]
    services = [draws(rng, 1.0), draws(rng, 0.9)]
    left = simpy_models.failing_line(
        services, [2], lives, repairs, clock=clock, until=48_000 * S, crews=1
    )
    machines = [
        Machine(erlang(1.0), (1,), (), 1 / 12, 1 / 3, clock == "operating"),
        Store(2, (2,)),
        Machine(erlang(0.9), (), (), 1 / 9, 1 / 4, clock == "operating"),
    ]
    assert_rate(left[-1], Network(tuple(machines), crews=1).throughput(2))


def test_machine_repair_with_two_crews():
    rng = np.random.default_rng(12)
    told = simpy_models.repairs(
        [draws(rng, 5.0, 4000) for _ in range(6)], [draws(rng, 1.0, 4000) for _ in range(6)], 2
    )
    begun = [row[1] for each in told for row in each]
    last = min(each[-1][2] for each in told)  # from then on some machine never fails again
    assert_rate([tick for tick in begun if tick < last], queues.machine_repair(6, 2, 5.0, 1.0)[-1])


def test_a_merge_with_priority():
    rng = np.random.default_rng(13)
    feeds = [draws(rng, 1.5, 2 * PARTS), draws(rng, 1.0, 2 * PARTS)]
    left, out = simpy_models.merge(feeds, draws(rng, 0.7), 1, rule="first")
    net = lines.merge([1 / 1.5], [1.0], 0.7, 1)
    assert_rate(out, net.throughput(3))
    for ticks, feed in zip(left, (0, 1), strict=True):
        assert_rate(ticks, net.throughput(feed))


@pytest.mark.parametrize("rule", ["first", "given"])
def test_a_router_that_holds_one_part(rule):
    rng = np.random.default_rng(14)
    chosen = (rng.random(PARTS) < 0.6).astype(int)
    branches = [draws(rng, 1.6), draws(rng, 1.3)]
    left, _ = simpy_models.router(
        draws(rng, 0.8), branches, [1, 0], rule=rule, chosen=chosen.tolist()
    )
    shares = (0.4, 0.6) if rule == "given" else ()
    moment = Machine((1e7,), (2, 4), shares)  # the router takes next to no time
    net = Network(
        (
            Machine(erlang(0.8), (1,)),
            moment,
            Store(1, (3,)),
            Machine(erlang(1.6)),
            Machine(erlang(1.3)),
        )
    )
    assert_rate(left, net.throughput(0))


@pytest.mark.parametrize("places", [0, 2])
def test_an_assembler_and_a_disassembler_have_the_throughput_of_the_same_chain(places):
    """To take apart is to put together, backwards."""
    rng = np.random.default_rng(15)
    exact = lines.assembly([1.0, 0.8], [places, places], 0.9)
    exact = exact.throughput(len(exact.nodes) - 1)
    sides, middle = [draws(rng, 1.0), draws(rng, 0.8)], draws(rng, 0.9)
    assert_rate(simpy_models.assembler(sides, middle, [places, places])[1], exact)
    assert_rate(simpy_models.disassembler(middle, sides, [places, places])[0], exact)


@settings(max_examples=50)
@given(
    rows=st.lists(st.tuples(*[st.integers(1, 9)] * 3), min_size=1, max_size=10),
    buffers=st.lists(st.integers(0, 2), min_size=2, max_size=2),
)
def test_to_take_apart_lasts_as_long_as_to_put_together_backwards(rows, buffers):
    middle, *sides = (list(column) for column in zip(*rows, strict=True))
    _, apart = simpy_models.disassembler(middle, sides, buffers)
    backwards = [side[::-1] for side in sides]
    _, together = simpy_models.assembler(backwards, middle[::-1], buffers)
    assert max(map(max, apart)) == together[-1]


def test_a_closed_loop_with_blocking():
    rng = np.random.default_rng(16)
    means, buffers = [1.0, 0.8, 0.9], [2, 1, 2]
    left = simpy_models.closed_loop(
        [draws(rng, mean) for mean in means], buffers, [2, 1, 1], 24_000 * S
    )
    assert_rate(left[0], lines.loop(means, buffers, 4).throughput(1))


def test_three_servers_side_by_side():
    rng = np.random.default_rng(17)
    arrivals = np.cumsum(draws(rng, 0.5)).tolist()
    services = [draws(rng, 1.0)]
    left = simpy_models.line(services, [], servers=[3], arrivals=arrivals)[0]
    stays = np.sort(left) - arrivals  # mean of differences; order does not matter
    batches = stays[: PARTS // 15 * 15].reshape(15, -1).mean(axis=1) / S
    error = batches.std(ddof=1) / 15**0.5
    assert batches.mean() == pytest.approx(queues.mmc(2.0, 1.0, 3).stay, abs=4 * error)


def test_paced_lines_that_stop():
    rng = np.random.default_rng(18)
    cycle, share, stations = 60.0, 0.05, 4

    def calls():
        rows = zip(*(draws(rng, 50.0, 2000) for _ in range(stations)), strict=True)
        for row in rows:
            called = {n: (0, ticks) for n, ticks in enumerate(row) if rng.random() < share}
            yield called

    at_once = simpy_models.paced_line(list(calls()), 60 * S, fixed_position=False)
    assert_rate(at_once, paced.in_turn(cycle, stations, share, 50.0))
    at_the_end = simpy_models.paced_line(list(calls()), 60 * S, fixed_position=True)
    exact = paced.fixed_position(cycle, stations, share, lambda t: exp(-t / 50.0), 2000.0)
    assert_rate(at_the_end, exact)


def test_a_crane_that_only_stores_is_m_d_1():
    rng = np.random.default_rng(19)
    arrivals = np.cumsum(draws(rng, 10.0)).tolist()
    stored, _ = simpy_models.warehouse(
        arrivals, [], capacity=PARTS, cranes=1, store=4 * S, fetch=S, back=2 * S
    )
    waits = (np.array(stored) - arrivals - 4 * S).reshape(20, -1).mean(axis=1) / S
    error = waits.std(ddof=1) / 20**0.5
    assert waits.mean() == pytest.approx(queues.md1(0.1, 6.0).wait, abs=4 * error)
