"""Sensors: exact ticks of parts that run, queue up, or stand with the belt."""

import numpy as np
import pytest

from tests.kinds.shop_gates import gated_belt, metered_belt, seen_belt
from tests.kinds.test_gate import seconds, tape_of
from twin.core.record import MOVE, PASSED
from twin.engine.simulation import Simulation
from twin.journal import Journal
from twin.kinds.sensor import Sensor
from twin.kinds.source import Source
from twin.kinds.station import Station
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
