"""The bottleneck as it shifts, by hand and as a partition of the time; the turning point."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.report.lines import plant_of, recorded, two_stations
from tests.report.test_identities import plants
from twin.core.state import BLOCKED, STARVED
from twin.engine.command import Command
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant
from twin.report.shifting import Share, Spell, shifting_of
from twin.report.states import active_of, states_of
from twin.report.totals import totals_of
from twin.report.turning import turning_points
from twin.units import to_ticks

S = to_ticks(1.0)


def test_the_longest_active_period_takes_over_when_the_one_before_it_ends():
    _, journal = recorded(two_stations(), 200.0)
    # Station_1 works without a wait up to 40 s, Station_2 from 20 s to the end.
    found = shifting_of(journal)
    assert found.spells == (
        Spell(place=1, start=0, end=40 * S), Spell(place=2, start=20 * S, end=200 * S),
    )  # fmt: skip
    assert found.shares == (
        Share(place=2, sole=160 * S, shifting=20 * S), Share(place=1, sole=20 * S, shifting=20 * S),
    )  # fmt: skip


def test_periods_are_cut_where_counting_begins():
    _, journal = recorded(two_stations(), 200.0)
    found = shifting_of(journal, since=100 * S)
    assert found.shares[0] == Share(place=2, sole=100 * S, shifting=0)
    assert found.elapsed == 100 * S


def test_the_bottleneck_goes_to_a_machine_that_is_down_for_long():
    plant = plant_of(Source(interval=20.0), Station(process_time=5.0), Station(process_time=10.0),
                     Sink())  # fmt: skip
    failure = Command(action="fail", path="/Line/Station_1", value=300.0, tick=to_ticks(100.0))
    found = shifting_of(recorded(plant, 500.0, failure)[1])
    assert found.shares[0].place == 1
    # Down up to 400 s, then at work on the part that it had and on one that waited.
    assert Spell(place=1, start=100 * S, end=410 * S) in found.spells


def test_where_nothing_is_active_there_is_no_bottleneck():
    plant = plant_of(Source(interval=0.0, limit=1), Station(process_time=0.0), Sink())
    assert shifting_of(recorded(plant, 10.0)[1]).spells == ()


@settings(max_examples=40)
@given(plant=plants(), seed=some.integers(0, 5))
def test_at_each_instant_one_machine_is_alone_or_several_shift(plant: Plant, seed: int):
    _, journal = recorded(plant, 100.0, seed=seed, interpreted=False)
    found = shifting_of(journal)
    edges = sorted({tick for each in found.spells for tick in (each.start, each.end)})
    sole = dict.fromkeys(range(len(plant.places)), 0)
    for start, end in pairwise(edges):
        over = [each.place for each in found.spells if each.start <= start < each.end]
        assert len(over) == len(set(over))
        if len(over) == 1:
            sole[over[0]] += end - start
    assert {each.place: each.sole for each in found.shares} == {
        place: sole[place] for place in {each.place for each in found.spells}
    }


@settings(max_examples=40)
@given(plant=plants(), seed=some.integers(0, 5))
def test_there_are_as_many_active_periods_as_were_counted(plant: Plant, seed: int):
    simulation, journal = recorded(plant, 100.0, seed=seed, interpreted=False)
    totals = totals_of(simulation)
    periods = active_of(states_of(journal))
    long = np.bincount(periods.place, minlength=len(plant.places))
    assert (long <= totals.active_periods).all()  # the counter also counts those of no length
    assert (periods.ticks > 0).all()


def line_of(*times: float) -> Plant:
    middle: list[Station | Buffer] = []
    for each in times:
        middle += [Station(process_time=each), Buffer(capacity=1)]
    return plant_of(Source(interval=0.0), *middle[:-1], Sink())


def turns(plant: Plant, seconds: float) -> list[str]:
    simulation, _ = recorded(plant, seconds)
    return [plant.places[row].name for row in turning_points(plant, totals_of(simulation))]


def test_the_line_turns_where_blocking_becomes_starving():
    assert turns(line_of(10.0, 15.0, 30.0, 20.0, 10.0), 3600.0) == ["Station_3"]
    assert turns(line_of(30.0, 20.0, 10.0), 3600.0) == ["Station_1"]
    assert turns(line_of(10.0, 20.0, 30.0), 3600.0) == ["Station_3"]


def test_two_slow_stations_can_both_be_turning_points_the_slower_first():
    plant = Plant(
        places=(
            Place(path="/A/Source", params=Source(interval=0.0), next=("/A/One",)),
            Place(path="/A/One", params=Station(process_time=10.0), next=("/A/Left", "/A/Right")),
            Place(path="/A/Left", params=Station(process_time=60.0), next=("/A/Sink",)),
            Place(path="/A/Right", params=Station(process_time=50.0), next=("/A/Sink",)),
            Place(path="/A/Sink", params=Sink()),
        )
    )
    assert turns(plant, 3600.0) == ["Left", "Right"]


def test_a_station_alone_is_no_turning_point():
    assert turns(line_of(10.0), 100.0) == []


@pytest.mark.parametrize(
    ("waits", "found"),
    [
        ([(50, 10), (5, 5), (10, 50)], [2]),  # blocked and starved seconds of each station
        ([(10, 50), (5, 5), (10, 50)], []),  # the first is not blocked by the second
        ([(50, 10), (5, 5), (50, 10)], []),  # the third does not starve because of it
        ([(50, 10), (40, 40), (10, 50)], []),  # the second waits more than its neighbours
        ([(2, 5), (9, 20), (9, 20)], [1]),
    ],
)
def test_a_turning_point_waits_least_between_blocked_and_starved(
    waits: list[tuple[int, int]], found: list[int]
):
    simulation, _ = recorded(plant_of(Source(), *[Station()] * 3, Sink()), 100.0)
    totals = totals_of(simulation)
    times = np.zeros_like(totals.times)
    for row, (blocked, starved) in enumerate(waits, start=1):
        times[row, BLOCKED], times[row, STARVED] = blocked, starved
    assert turning_points(simulation.plant, replace(totals, times=times)) == found
