"""Warehouses: cycles of cranes to the tick, and the order of parts."""

import numpy as np
import pytest

from tests.engine.lines import Tape
from twin.core.record import MOVE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.warehouse import Warehouse, cycles
from twin.plant import Plant, check, connect

SECOND = 1_000_000

# Travel to the slots, 2 m per column at 1 m/s and 1 m per level at 0.5 m/s: 0, 2 (three slots), 4.
RACK = Warehouse(
    capacity=4, columns=3, levels=2, column_pitch=2.0, level_pitch=1.0,
    crane_speed=1.0, lift_speed=0.5, handling_time=1.0,
)  # fmt: skip


def line(warehouse, *, interval=100.0, limit=0, service=0.0):
    machine = Station(process_time=service)
    source = Source(interval=interval, limit=limit)
    places = [("/Source", source), ("/Rack", warehouse), ("/Machine", machine), ("/Sink", Sink())]
    return Plant(places=connect(places))


def moves(plant, until, commands=()):
    """When parts came in and went out [s]."""
    tape = Tape()
    simulation = Simulation(plant, recorder=tape)
    for at, action, path in commands:
        simulation.advance(at * SECOND)
        simulation.apply(Command(action=action, path=path))
    simulation.advance(round(until * SECOND))
    events = np.concatenate(tape.events)
    events = events[events["code"] == MOVE]
    return tuple(
        (events["tick"][events[side] == 1] / SECOND).tolist() for side in ("place", "value")
    )


def test_a_cycle_is_twice_the_longer_travel_and_twice_the_handling():
    assert [ticks / SECOND for ticks in cycles(RACK)] == [2.0, 6.0, 6.0, 6.0]


def test_a_part_alone_is_stored_and_fetched_in_two_cycles():
    came, went = moves(line(RACK, limit=1), 50.0)
    assert (came, went) == ([0.0], [4.0])


def test_one_crane_fetches_before_it_stores():
    """Parts wait in front of it at all times, and each goes in and out of the nearest slot."""
    came, went = moves(line(RACK, interval=0.0), 20.0)
    assert came == [0.0, 4.0, 8.0, 12.0, 16.0, 20.0]
    assert went == [4.0, 8.0, 12.0, 16.0, 20.0]


def test_the_rack_fills_from_near_to_far_while_nothing_leaves():
    """The machine stands. The first part waits at the exit from 4 s on, its slot is still taken.

    Then the crane stores: 6 s each into three slots, until the rack is full.
    """
    came, went = moves(line(RACK, interval=0.0), 100.0, [(0, "stop", "/Machine")])
    assert came == [0.0, 4.0, 10.0, 16.0]
    assert went == []


def test_the_oldest_is_fetched_first_and_the_next_while_it_leaves():
    """Full at 22 s with part 1 at the exit; the machine starts at 30 s and works for 1 s.

    Part 2 is fetched as soon as part 1 has left, from 30 to 36 s. It leaves then, and part 3 is
    fetched; the rack has slots for new parts, but fetching goes first until none is stored.
    """
    plant = line(RACK, interval=0.0, limit=5, service=1.0)
    came, went = moves(plant, 200.0, [(0, "stop", "/Machine"), (30, "start", "/Machine")])
    assert went[:4] == [30.0, 36.0, 42.0, 48.0]
    assert came == [0.0, 4.0, 10.0, 16.0, 48.0]
    assert went[4] == 52.0


def test_two_cranes_work_side_by_side():
    """Two parts come at 0; cycles of 2 and 6 s. Part 1 is out at 4 s and its slot is near again."""
    rack = Warehouse(
        capacity=4, cranes=2, columns=3, levels=2, column_pitch=2.0, level_pitch=1.0,
        crane_speed=1.0, lift_speed=0.5, handling_time=1.0,
    )  # fmt: skip
    came, went = moves(line(rack, interval=0.0, limit=4), 60.0)
    assert came[:3] == [0.0, 0.0, 4.0]
    # Crane 1: stores 1 until 2, fetches it until 4, stores 3 until 6. Crane 2: stores 2 until 6.
    # At 6 both are free: 2 and 3 are fetched, until 12 and 8.
    assert went[:3] == [4.0, 8.0, 12.0]


def test_a_stop_delays_the_cranes_by_its_length():
    _, went = moves(line(RACK, limit=1), 50.0, [(1, "stop", "/Rack"), (8, "start", "/Rack")])
    assert went == [4.0 + 7.0]


def test_the_rate_of_a_busy_crane_is_one_part_per_two_cycles():
    simulation = Simulation(line(RACK, interval=0.0))
    simulation.advance(40_000 * SECOND)
    assert int(simulation.world.clock[0].finished) == 10_000
    assert simulation.totals().place.times[1, 0] == 40_000 * SECOND  # always working


def test_a_rack_without_enough_slots_is_a_problem():
    rack = Warehouse(capacity=21, columns=5, levels=4)
    (problem,) = check(line(rack))
    rule = "must be <= 20, the number of columns times levels, got 21"
    assert str(problem) == f"/Rack twin:capacity {rule}"


@pytest.mark.parametrize("interval", [0.0, 3.0, 7.0])
def test_no_part_is_lost(interval):
    simulation = Simulation(line(RACK, interval=interval, limit=50, service=3.0))
    simulation.advance(2_000 * SECOND)
    assert simulation.world.clock[0].finished == 50
    rack = simulation.world.place[1]
    assert (int(rack.busy), int(rack.leaving), int(rack["count"])) == (0, 0, 0)
