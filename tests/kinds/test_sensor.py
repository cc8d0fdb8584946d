"""Sensors: exact ticks of parts that run, queue up, or stand with the belt."""

import numpy as np
import pytest

from tests.kinds.shop_gates import gated_belt, metered_belt, seen_belt
from tests.kinds.test_gate import seconds, tape_of
from tests.kinds.test_vehicle import changed
from twin.core.record import MOVE, PASSED, STATE
from twin.core.state import STARVED, STATES
from twin.engine.simulation import Simulation
from twin.journal import Journal
from twin.kinds.gate import Gate
from twin.kinds.sensor import Sensor
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import check
from twin.report import report_from, report_of

SECOND = 1_000_000


def belt(*, interval=4.0, service=0.0, position=5.0, accumulating=True):
    """12 m at 1 m/s with spacing 2 m."""
    return gated_belt(
        {"Eye": Sensor(position=position)},
        source=Source(interval=interval, sequence=("A", "A", "B")),
        after=Station(process_time=service),
        accumulating=accumulating,
    )


def test_a_sensor_tells_each_part_at_the_tick_at_which_its_leading_point_comes_by():
    plant = belt(position=5.3)
    events, _ = tape_of(plant, 21)
    seen = events[events["code"] == PASSED]
    assert (seen["tick"] / SECOND).tolist() == [5.3, 9.3, 13.3, 17.3]
    assert seen["part"].tolist() == [1, 2, 3, 4]
    assert seen["value"].tolist() == [0, 0, 1, 0]
    assert set(seen["place"].tolist()) == {plant.index("/Belt/Eye")}


def test_in_a_queue_a_part_comes_by_when_those_ahead_have_moved_up():
    """Parts come in at 0, 2, 4, ... s; the station takes one every 10 s from 12 s on.

    They queue up at 12, 10, 8, 6, 4 m: the fourth stands at 6 m and passes 5 m freely at 11 s; the
    fifth stops at 4 m, and passes when the queue moves up by 2 m after 22 s: 1 s later.
    """
    plant = belt(interval=0.0, service=10.0)
    events, _ = tape_of(plant, 40)
    assert seconds(events, plant, "/Belt/Eye") == [5, 7, 9, 11, 13, 23, 33]
    assert seconds(events, plant, "/Belt", MOVE, "value") == [12, 22, 32]


def test_a_part_that_comes_to_stand_at_the_sensor_has_come_by():
    """The third part in the queue stands at 6 m: it is there at 6 + 2 * 3 s, when it stops."""
    plant = belt(interval=0.0, service=100.0, position=6.0)
    events, _ = tape_of(plant, 60)
    assert seconds(events, plant, "/Belt/Eye") == [6, 8, 10, 12, 14]


def test_a_belt_that_stands_delays_what_has_not_come_by():
    """The second part is 1 m before the sensor when the first stops at 12 s, until 17 s.

    The third is due at 16 s and comes in when the belt runs again; the fourth is due 8 s later.
    """
    plant = belt(interval=8.0, accumulating=False, service=0.0)
    free, _ = tape_of(plant, 30)
    assert seconds(free, plant, "/Belt/Eye") == [5, 13, 21, 29]
    commands = [(11, "stop", "/After"), (17, "start", "/After")]
    late, _ = tape_of(plant, 30, commands)
    assert seconds(late, plant, "/Belt/Eye") == [5, 18, 22, 30]


@pytest.mark.parametrize("shop", [metered_belt, seen_belt])
def test_sensors_count_parts_by_product_and_the_journal_counts_the_same(shop):
    plant = shop()
    journal = Journal(plant, seed=2)
    simulation = Simulation(plant, seed=2, recorder=journal, interpreted=True)
    simulation.advance(300 * SECOND)
    simulation.reset_statistics()
    simulation.advance(900 * SECOND)
    journal.close(simulation.now)
    live, told = report_of(simulation), report_from(journal)
    rows = [n for n, place in enumerate(plant.places) if isinstance(place.params, Sensor)]
    assert rows
    for row in rows:
        assert live.places[row].seen
        assert sum(live.places[row].seen.values()) == live.places[row].passed > 50
        assert told.places[row] == live.places[row]
    assert told.totals.passed.tolist() == live.totals.passed.tolist()
    assert np.array_equal(told.totals.seen, live.totals.seen)


def states(plant, until, path="/Belt/Eye", commands=()):
    """The states of a sensor, and the seconds since which it is in them."""
    events, _ = tape_of(plant, until, commands)
    rows = events[(events["code"] == STATE) & (events["place"] == plant.index(path))]
    return [(row["tick"] / SECOND, STATES[row["value"]]) for row in rows]


def test_a_sensor_is_covered_from_a_front_to_its_rear():
    """Parts of 1.5 m at 1 m/s come in every 4 s; the belt stands from 6 to 9 s."""
    plant = changed(belt(), "/Belt/Eye", part_length=1.5)
    free = [(5, "working"), (6.5, "starved"), (9, "working"), (10.5, "starved")]
    assert states(plant, 12) == free
    stopped = states(plant, 13.9, commands=[(6, "stop", "/Belt"), (9, "start", "/Belt")])
    assert stopped == [(5, "working"), (9.5, "starved"), (12, "working"), (13.5, "starved")]


def test_a_part_that_stands_in_front_covers_the_sensor_until_it_moves_up():
    """Parts stand at 12, 10, 8, 6 m: the fifth, 1.5 m long, covers 5 m from 13 s until the queue
    moves at 22 s: its rear is at 5 m 0.5 s later. Then the sixth stands there from 23 s on."""
    plant = changed(belt(interval=0.0, service=10.0), "/Belt/Eye", part_length=1.5)
    assert states(plant, 30)[8:] == [(13, "working"), (22.5, "starved"), (23, "working")]


def test_a_sensor_that_is_covered_for_too_long_closes_its_gate():
    """Parts of 0.8 m come every 3 s; the station takes one at 12, 32 and 52 s. The third one stands
    at 10 m from 16 s on, so the line is full at 17.5 s, and the sixth part waits at the gate.

    The queue moves at 32 s: the eye is free at 32.8 s, the sixth part goes, and the seventh 2 m
    behind it. The fourth stands at 10 m from 34 s on, and the gate is closed again at 35.5 s.
    """
    eye = Sensor(position=10.0, part_length=0.8, full_after=1.5, closes=("/Belt/Stop",))
    plant = gated_belt(
        {"Stop": Gate(position=3.0), "Eye": eye},
        source=Source(interval=3.0),
        after=Station(process_time=20.0),
    )
    events, _ = tape_of(plant, 60)
    assert seconds(events, plant, "/Belt/Stop") == [3, 6, 9, 12, 15, 32.8, 34.8, 53]
    assert states(plant, 60)[4:] == [
        (16, "working"), (17.5, "blocked"), (32.8, "starved"),
        (34, "working"), (35.5, "blocked"), (52.8, "starved"), (54, "working"), (55.5, "blocked"),
    ]  # fmt: skip


@pytest.mark.parametrize("more", [{}, {"Second": Gate(position=8.4, release_time=5.0)}])
def test_what_covers_a_sensor_leaves_it_as_a_second_sensor_says(more):
    """One sensor a part's length behind another one sees its front as the rear leaves the first."""
    for seed in range(4):
        plant = gated_belt(
            {"Eye": Sensor(position=8.0, part_length=0.8), "Rear": Sensor(position=8.8), **more},
            source=Source(interval=2.0, interval_distribution="exponential"),
            after=Station(process_time=2.0, process_distribution="exponential", mtbf=9.0, mttr=4.0),
        )
        commands = [(40, "stop", "/Belt"), (47.25, "start", "/Belt"), (90, "stop", "/Belt")]
        events, _ = tape_of(plant, 200, commands, seed=seed)
        rows = events[(events["code"] == STATE) & (events["place"] == plant.index("/Belt/Eye"))]
        left = rows["tick"][rows["value"] == STARVED] / SECOND
        assert left.tolist() == seconds(events, plant, "/Belt/Rear")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"part_length": 2.5}, "twin:partLength must be <= the spacing of the conveyor (2 m), got"),
        ({"position": 11.0, "part_length": 1.5}, "twin:partLength must be <= 1 m, the way from he"),
        ({"full_after": 3.0}, "twin:partLength must be > 0 where twin:fullAfter is, got 0"),
        (
            {"closes": ("/Belt/Stop",), "part_length": 1.0},
            "twin:fullAfter must be > 0 where twin",
        ),
    ],
)
def test_a_sensor_that_can_see_no_full_line_is_refused(more, message):
    eye = {"position": 8.0} | more
    plant = gated_belt(
        {"Stop": Gate(position=4.0), "Eye": Sensor(**eye)}, source=Source(), after=Station()
    )
    assert [each for each in check(plant) if message in str(each)], check(plant)
