"""Conveyors against their closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.lines import Tape
from twin.core.record import MOVE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, connect

SECOND = 1_000_000


def belt(*, accumulating=True, interval=4.0, service=3.0, length=12.0, speed=2.0, spacing=3.0):
    end = Pose((length, 0.0, 0.0))
    conveyor = Conveyor(length=length, speed=speed, spacing=spacing, accumulating=accumulating)
    return Plant(
        places=connect([
            Place(path="/Source", params=Source(interval=interval)),
            Place(path="/Belt", params=conveyor),
            Place(path="/Station", params=Station(process_time=service), pose=end),
            Place(path="/Sink", params=Sink(), pose=end),
        ])
    )  # fmt: skip


def moves(plant, until):
    """Ticks at which parts entered and left the belt."""
    tape = Tape()
    simulation = Simulation(plant, recorder=tape)
    simulation.advance(until)
    events = np.concatenate(tape.events)
    events = events[events["code"] == MOVE]
    entered, left = (events["tick"][events[side] == 1] for side in ("place", "value"))
    return entered[: len(left)], left


@given(
    interval=st.floats(0.5, 6.0),
    service=st.floats(0.1, 6.0),
    speed=st.floats(0.3, 5.0),
    spacing=st.floats(0.5, 5.9),
)
def test_an_accumulating_belt_follows_newells_recursion(interval, service, speed, spacing):
    """Head arrival r = max(entry + L/v, last departure + spacing/v); then it waits for room."""
    plant = belt(interval=interval, service=service, speed=speed, spacing=spacing)
    entered, left = moves(plant, 300 * SECOND)
    transit, headway = round(12.0 / speed * SECOND), round(spacing / speed * SECOND)
    work = round(service * SECOND)
    capacity = int(12.0 / spacing + 1e-9)
    expected: list[int] = []
    for k, entry in enumerate(entered.tolist()):
        ready = entry + transit
        if k:
            ready = max(ready, expected[-1] + headway, expected[-1] + work)
        expected.append(ready)
    np.testing.assert_array_equal(left, expected)
    assert (np.diff(entered) >= headway).all()
    late = entered[capacity:] < left[: len(entered) - capacity][: len(entered[capacity:])]
    assert not late.any(), "more parts on the belt than fit"


def test_a_free_belt_takes_length_over_speed():
    entered, left = moves(belt(interval=5.0, service=1.0), 100 * SECOND)
    assert (left - entered == 6 * SECOND).all()


def test_the_rate_of_a_belt_is_speed_over_spacing():
    entered, _ = moves(belt(interval=0.0, service=0.1), 100 * SECOND)
    assert (np.diff(entered) == 1.5 * SECOND).all()


def test_a_belt_that_does_not_accumulate_stands_with_its_first_part():
    """Belt time, the time that the belt has run, is transit for every part."""
    plant = belt(accumulating=False, interval=0.0, service=5.0)
    simulation = Simulation(plant, motion=True)
    simulation.advance(60 * SECOND)
    _entered, left = moves(plant, 600 * SECOND)
    assert (np.diff(left)[2:] == 5 * SECOND).all()  # paced by the station
    standing = simulation.poses().xyz[:, 0]
    simulation.advance(60 * SECOND + 100_000)
    np.testing.assert_array_equal(simulation.poses().xyz[:, 0], standing)


def test_a_queue_closes_up_to_its_spacing():
    simulation = Simulation(belt(interval=1.0, service=1000.0), motion=True)
    simulation.advance(100 * SECOND)
    np.testing.assert_allclose(np.sort(simulation.poses().xyz[:, 0]), [3, 6, 9, 12, 12])


@pytest.mark.parametrize("accumulating", [True, False])
def test_a_stop_delays_all_that_is_on_the_belt_by_its_length(accumulating):
    def departures(stop):
        simulation = Simulation(belt(accumulating=accumulating, interval=5.0, service=1.0))
        simulation.advance(14 * SECOND)
        if stop:
            simulation.apply(Command(action="stop", path="/Belt"))
            simulation.advance(21 * SECOND)
            simulation.apply(Command(action="start", path="/Belt"))
        simulation.advance(22 * SECOND)
        due = simulation.world.part.due[simulation.world.part.place == 1]
        return simulation.world.product.finished.sum(), np.sort(due)

    (free, _), (late, due) = departures(stop=False), departures(stop=True)
    assert free == 4
    assert late == 2
    assert due[0] == 16 * SECOND + 7 * SECOND  # entered at 10 s, 6 s of transit, 7 s stopped
