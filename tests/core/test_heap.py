"""The event heap and its calendar against Python's own heap, and the order of ties."""

import heapq
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.lines import exponential, serial_line
from twin.core.heap import BELL, FINISH, arrange, cancel, pop, schedule, version_of
from twin.engine.grow import free_events, grown, limit_pending, no_events, with_room
from twin.engine.simulation import Simulation
from twin.engine.standstill import stands_still


def empty_world(rows=400):
    simulation = Simulation(serial_line([exponential()] * 50), interpreted=True)
    world = simulation.world
    world.clock.pending = world.clock.arranged = 0
    world.clock.sequence = 0
    assert world.clock[0].far == 0
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


DELAYS = {
    "even": lambda chance: chance.randrange(500_000, 1_500_000),
    "storms": lambda chance: chance.choice([0, 0, 0, 5_000_000]),
    "sparse": lambda chance: chance.randrange(10**12),
    "all scales": lambda chance: int(10 ** chance.uniform(0, 15)),
    "soon and late": lambda chance: chance.choice([chance.randrange(9), 10**10]),
}


@pytest.mark.parametrize("delays", DELAYS)
def test_many_events_come_in_order_however_they_are_spread(delays):
    """1,000 are pending; whenever one comes, up to three others are scheduled after it."""
    world, chance, model = empty_world(), random.Random(7), []
    world = world._replace(**no_events(1_000))
    free_events(world)
    now = taken = 0
    while taken < 4_000:
        for _ in range(chance.choice([0, 1, 1, 2, 3]) if model else 1_000):
            if len(model) < 2_000:
                tick = now + DELAYS[delays](chance)
                heapq.heappush(model, (tick, int(world.clock[0].sequence)))
                schedule(world, taken % 3, 0, tick)
        arrange(world)
        clock = world.clock[0]
        assert clock.pending + clock.far == len(model)
        if model:
            now, sequence = heapq.heappop(model)
            assert (world.heap[0].tick, world.heap[0].sequence) == (now, sequence)
            clock.now = now
            clock.processed += 1
            taken += 1
            pop(world)
    assert world.clock[0].days > 0


def test_the_table_of_events_grows_with_what_it_holds():
    """Events of the calendar move to the upper half of the larger table."""
    world, model = empty_world(), []
    for k in range(300):
        tick = (k * 7_919) % 1_000 * 1_000_000
        heapq.heappush(model, (tick, int(world.clock[0].sequence)))
        schedule(world, k % 50, 0, tick)
        if k in (100, 200):
            arrange(world)
            assert world.clock[0].far > 0
            world.clock[0].most_pending = 0
            rows = len(world.heap)
            world = grown(world)
            assert len(world.heap) == 2 * rows
    while model:
        arrange(world)
        assert (world.heap[0].tick, world.heap[0].sequence) == heapq.heappop(model)
        world.clock[0].now = world.heap[0].tick
        world.clock[0].processed += 1
        pop(world)
    arrange(world)
    assert world.clock[0].pending == world.clock[0].far == 0


def test_events_of_the_calendar_are_looked_at_when_a_plant_may_stand_still():
    """A repair far ahead, behind 200 failures on all time, brings the plant to life again."""
    world = empty_world()
    for k in range(200):
        schedule(world, k % 50, BELL, 1_000_000 * k)
    arrange(world)
    assert world.clock[0].far > 0
    world.clock[0].created = 1  # a part is in the plant
    assert stands_still(world)
    schedule(world, 3, FINISH, 500_000_000)
    arrange(world)
    assert not stands_still(world)


@pytest.mark.parametrize("count", [65, 90, 105, 150, 220])
def test_a_plant_of_few_places_may_have_many_events(count):
    """The ring has no more days than the lower half of the table has rows."""
    world, model = empty_world(), []
    world = world._replace(**no_events(3), place=world.place[:3])
    free_events(world)
    limit_pending(world)
    for k in range(count):
        world = with_room(world)
        tick = (k * 7_919) % 1_000 * 1_000
        heapq.heappush(model, (tick, int(world.clock[0].sequence)))
        schedule(world, k % 3, 0, tick)
    while model:
        arrange(world)
        assert world.clock[0].days <= len(world.heap) // 2
        assert (world.heap[0].tick, world.heap[0].sequence) == heapq.heappop(model)
        pop(world)
