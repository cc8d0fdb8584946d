"""Closed loops of skids against exact results: Markov chains, cycles, and what is conserved."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import exponential
from tests.kinds.shop_loop import failing_skid_loop, skid_loop
from twin.core.world import NONE
from twin.engine.simulation import Simulation
from twin.kinds.buffer import Buffer
from twin.kinds.station import Station

SECOND = 1_000_000


def settled(room, held, done):
    """Skids in a ring that are done move on while they find room."""
    held, done, count = list(held), list(done), len(room)
    moved = True
    while moved:
        moved = False
        for k in range(count):
            ahead = (k + 1) % count
            if done[k] and held[ahead] < room[ahead] + 1:
                held[k], held[ahead], done[k], moved = held[k] - 1, held[ahead] + 1, False, True
    return tuple(held), tuple(done)


def chain_of(room, skids):
    """All states of a ring, and its flows: number of a state, of the next one, and the machine."""
    start = [0] * len(room)
    for _ in range(skids):
        start[next(k for k in range(len(room)) if start[k] < room[k] + 1)] += 1
    first = (tuple(start), (False,) * len(room))
    states, flows, queue = {first: 0}, [], [first]
    while queue:
        held, done = state = queue.pop()
        for k in (k for k in range(len(room)) if held[k] and not done[k]):
            after = settled(room, held, [*done[:k], True, *done[k + 1 :]])
            if after not in states:
                states[after] = len(states)
                queue.append(after)
            flows.append((states[state], states[after], k))
    return states, flows


def ring_rate(rates, room, skids):
    """Throughput of exponential machines in a ring, with blocking after service, exactly.

    Args:
        rates: of the machines, in the order of the ring [1/s].
        room: places in front of each machine.
        skids: in the ring; fewer than it has places.

    A state is, for each machine, how many skids are at it or in front of it, and whether it is
    blocked: done with its skid, which finds no room ahead.
    """
    states, flows = chain_of(room, skids)
    generator = np.zeros((len(states), len(states)))
    for one, two, k in flows:
        generator[one, two] += rates[k]
        generator[one, one] -= rates[k]
    generator[:, 0] = 1.0  # shares of time sum to 1
    shares = np.linalg.solve(generator.T, np.eye(len(states))[0])
    return sum(shares[one] * rates[k] for one, _, k in flows if k == 0)


def simulated_rate(plant, seconds, *, seed=1):
    """Bodies finished per second after a warm-up of a tenth."""
    simulation = Simulation(plant, seed=seed)
    simulation.advance(seconds // 10 * SECOND)
    before = int(simulation.world.product.finished.sum())
    simulation.advance(seconds * SECOND)
    return (int(simulation.world.product.finished.sum()) - before) / (seconds - seconds // 10)


def test_the_chain_of_a_ring_with_much_room_is_a_closed_queueing_network():
    """Gordon and Newell, 1967: two equal machines share n skids; each works n / (n + 1)."""
    for skids in (1, 2, 5):
        assert ring_rate([1.0, 1.0], [9, 9], skids) == pytest.approx(skids / (skids + 1))
    # Rates 1 and 2: the first works unless all four skids are at the second, (1/2)^4 / (2 - 2^-4).
    idle = 0.5**4 / sum(0.5**n for n in range(5))
    assert ring_rate([1.0, 2.0], [9, 9], 4) == pytest.approx(1.0 - idle)


@pytest.mark.parametrize("skids", [1, 2, 4, 6, 7])
def test_a_loop_of_exponential_machines_has_the_rate_of_its_chain(skids):
    """Loading, a machine, a buffer, a machine, unloading: work is exponential at all four.

    The way back has a place besides the merge's: two places in front of loading.
    """
    plant = skid_loop(
        skids, [exponential(1.0), Buffer(capacity=2), exponential(0.8)],
        load=0.5, unload=0.7, back=1, distribution="exponential",
    )  # fmt: skip
    exact = ring_rate([2.0, 1.0, 1.25, 1 / 0.7], [2, 0, 2, 0], skids)
    assert simulated_rate(plant, 200_000) == pytest.approx(exact, rel=0.012)


@pytest.mark.parametrize(("skids", "cycle"), [(1, 8.0), (2, 4.0), (3, 3.0), (5, 3.0)])
def test_a_loop_of_constant_times_is_paced_by_its_skids_or_its_bottleneck(skids, cycle):
    """Round trip of 1 + 3 + 2 + 2 s: the rate is skids per round trip, at most one per 3 s."""
    line = [Station(process_time=3.0), Station(process_time=2.0)]
    plant = skid_loop(skids, line, load=1.0, unload=2.0)
    simulation = Simulation(plant)
    simulation.advance(100 * 24 * SECOND)
    before = int(simulation.world.product.finished.sum())
    simulation.advance(200 * 24 * SECOND)
    assert int(simulation.world.product.finished.sum()) - before == 100 * 24 / cycle


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), until=st.integers(0, 4000))
def test_skids_are_neither_lost_nor_made(seed, until):
    simulation = Simulation(failing_skid_loop(), seed=seed)
    simulation.advance(until * SECOND)
    parts = simulation.world.part
    alive = parts[parts.serial > 0]
    made = int(simulation.world.place[1].made)
    assert made <= 5
    assert (alive["product"] == 0).sum() == made
    carried = [int(part.attached) for part in alive if part["product"] == 0]
    bodies = [slot for slot in carried if slot != NONE]
    assert all(parts.product[slot] == 1 for slot in bodies)
    assert len(set(bodies)) == len(bodies)


def test_more_skids_never_slow_a_loop_that_has_room_for_them():
    line = [exponential(1.0), Buffer(capacity=20), exponential(1.0), Buffer(capacity=20)]
    rates = [simulated_rate(skid_loop(each, line, back=40), 30_000) for each in (1, 2, 4, 8, 16)]
    assert all(more > less for less, more in pairwise(rates))
