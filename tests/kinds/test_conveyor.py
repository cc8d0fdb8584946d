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
from twin.plant import Place, Plant, Pose, check, connect

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
    capacity = int(12.0 / spacing + 1e-9)
    transit = round(12.0 / speed * SECOND)
    headway = min(round(spacing / speed * SECOND), transit // capacity)
    work = round(service * SECOND)
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


BENT = (0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 4.0, 3.0, 0.0, 4.0, 3.0, 2.0, 0.0, 3.0, 5.0)  # 4, 3, 2, 5 m


def bent(pose, points=BENT, *, service=0.0, **more):
    params = Conveyor(**({"points": points, "speed": 2.0, "spacing": 3.0} | more))
    end = pose.at((0.0, 3.0, 5.0))
    return Plant(
        places=connect([
            Place(path="/Source", params=Source(interval=5.0), pose=pose),
            Place(path="/Belt", params=params, pose=pose),
            Place(path="/Station", params=Station(process_time=service), pose=Pose(end)),
            Place(path="/Sink", params=Sink()),
        ])
    )  # fmt: skip


def test_parts_run_along_a_bent_conveyor_in_its_length_over_its_speed():
    entered, left = moves(bent(Pose((0.0, 0.0, 0.0))), 60 * SECOND)
    assert (left - entered == 7 * SECOND).all()


def test_parts_follow_the_points_and_turn_with_the_way_in_the_plane():
    """The belt lies at (1, 1, 1), turned by a quarter; the first part runs at 2 m/s from 0 s on."""
    quarter = (float(np.sqrt(0.5)), 0.0, 0.0, float(np.sqrt(0.5)))
    simulation = Simulation(bent(Pose((1.0, 1.0, 1.0), quarter)), motion=True, interpreted=True)
    expected = [  # s, x, y, z, degrees
        (0.0, 1.0, 1.0, 1.0, 90),
        (1.0, 1.0, 3.0, 1.0, 90),
        (2.0, 1.0, 5.0, 1.0, 135),  # half of the corner
        (2.5, 0.0, 5.0, 1.0, 180),
        (4.0, -2.0, 5.0, 2.0, 180),  # up a vertical leg
        (4.5, -2.0, 5.0, 3.0, 225),
        (5.75, -2.0, 3.0, 4.5, 270),  # up a slope
    ]
    for time, x, y, z, degrees in expected:
        simulation.advance(round(time * SECOND))
        poses = simulation.poses()
        np.testing.assert_allclose(poses.xyz[0], [x, y, z], atol=1e-9)
        half = np.radians(degrees) / 2
        turned = poses.wxyz[0] @ [np.cos(half), 0.0, 0.0, np.sin(half)]
        assert abs(turned) == pytest.approx(1.0, abs=1e-9), degrees


def test_a_bent_conveyor_holds_what_its_length_along_the_way_holds():
    plant = bent(Pose((0.0, 0.0, 0.0)), service=1e6)
    simulation = Simulation(plant, motion=True, interpreted=True)
    simulation.advance(100 * SECOND)
    assert simulation.world.place[1]["count"] == 4
    poses = simulation.poses()
    along = [(0.0, 3.0, 5.0), (2.4, 3.0, 3.2), (4.0, 3.0, 1.0), (4.0, 1.0, 0.0)]
    places = {tuple(np.round(each, 9).tolist()) for each in poses.xyz}
    assert {tuple(np.round(each, 9).tolist()) for each in along} <= places


@pytest.mark.parametrize(
    ("points", "more", "message"),
    [
        ((), {}, "/Belt twin:length must be > 0 m where there are no twin:points, got 0"),
        ((0.0, 0.0), {}, "/Belt twin:points must be x, y and z of at least two points, got 2 num"),
        ((0.0, 0.0, 0.0), {}, "/Belt twin:points must be x, y and z of at least two points"),
        ((*BENT, 1.0), {}, "/Belt twin:points must be x, y and z of at least two points, got 16"),
        ((1.0, 0.0, 0.0, 3.0, 0.0, 0.0), {}, "/Belt twin:points must begin with 0, 0, 0, got (1."),
        ((*BENT, *BENT[-3:]), {}, "/Belt twin:points must be at least 0.001 m apart, each from"),
        (BENT, {"length": 14.01}, "/Belt twin:length must be that of twin:points (14.0000 m), or"),
        (BENT, {"spacing": 15.0}, "/Belt twin:spacing must be <= twin:length (14 m), got 15"),
        (BENT, {"length": 14.0005}, ""),
    ],
)
def test_points_that_make_no_way_are_refused(points, more, message):
    problems = [str(each) for each in check(bent(Pose((0.0, 0.0, 0.0)), points, **more))]
    ours = [each for each in problems if each.startswith("/Belt twin:")]
    assert ours[0].startswith(message) if message else ours == []
    assert len(ours) == bool(message)
