"""The event heap against Python's own, and its order of ties."""

import heapq

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.lines import exponential, serial_line
from twin.core.heap import arrange, cancel, pop, schedule, version_of
from twin.engine.simulation import Simulation


def empty_world(rows=400):
    simulation = Simulation(serial_line([exponential()] * 50), interpreted=True)
    world = simulation.world
    world.clock.pending = world.clock.arranged = 0
    world.clock.sequence = 0
    assert len(world.heap) >= rows
    return world


@given(st.lists(st.one_of(st.integers(0, 20), st.none()), max_size=300))
def test_events_come_in_order_of_tick_then_of_scheduling(steps):
    """Numbers are scheduled; None takes the earliest, and what follows is scheduled by it."""
    world, model, taken = empty_world(), [], 0
    for step in steps:
        if step is not None:
            schedule(world, taken % 3, 0, step)
            heapq.heappush(model, (step, int(world.clock[0].sequence) - 1))
            continue
        arrange(world)
        if model:
            assert (world.heap[0].tick, world.heap[0].sequence) == heapq.heappop(model)
            pop(world)
            taken += 1
    arrange(world)
    while model:
        assert (world.heap[0].tick, world.heap[0].sequence) == heapq.heappop(model)
        pop(world)
        arrange(world)
    assert world.clock[0].pending == 0


def test_a_cancelled_timer_makes_its_pending_events_stale():
    world = empty_world()
    schedule(world, 1, 2, 5)
    assert version_of(world.heap[0].what) == world.place[1].version[2]
    cancel(world, 1, 2)
    assert version_of(world.heap[0].what) != world.place[1].version[2]
