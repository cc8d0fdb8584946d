"""Step functions of time, and the states and levels that are told by them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.report.lines import recorded, two_stations
from tests.report.test_identities import plants
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.plant import Plant
from twin.report.flow import levels, link_flows, work_in_process
from twin.report.states import states_at, states_of
from twin.report.steps import steps_of
from twin.report.totals import totals_of
from twin.units import to_ticks


def test_steps_are_cut_joined_and_asked():
    steps = steps_of([1, 0, 1, 1], [2, 4, 4, 4], [5, 7, 6, 5], first=[3, 3], until=10)
    assert steps.at(3).tolist() == [3, 5]
    assert steps.at(4).tolist() == [7, 5]
    assert steps.ticks.tolist() == [4, 6, 2, 2, 0, 6]
    joined = steps.lasting()
    assert joined.of(1).start.tolist() == [0, 2]
    assert steps.integral().tolist() == [4 * 3 + 6 * 7, 2 * 3 + 8 * 5]
    late = steps.cut(9)
    assert (late.start.tolist(), late.value.tolist(), late.mean().tolist()) == (
        [9, 9], [7, 5], [7.0, 5.0],
    )  # fmt: skip


def test_steps_over_a_span_are_all_that_touch_it():
    steps = steps_of([0, 0, 1], [3, 6, 5], [1, 2, 1], first=[0, 0], until=10).lasting()
    place, start, end = np.array([0, 0, 1]), np.array([3, 2, 0]), np.array([6, 7, 10])
    span, step = steps.over(place, start, end)
    assert span.tolist() == [0, 1, 1, 1, 2, 2]
    assert steps.value[step].tolist() == [1, 0, 1, 2, 0, 1]


@settings(max_examples=30)
@given(plant=plants(), seed=some.integers(0, 5), at=some.integers(0, 100))
def test_the_state_and_level_of_each_place_at_any_tick_are_those_of_the_run(
    plant: Plant, seed: int, at: int
):
    _, journal = recorded(plant, 100.0, seed=seed, interpreted=False)
    simulation = Simulation(plant, seed=seed, motion=False)
    simulation.advance(to_ticks(at))
    world = simulation.totals()
    assert states_at(journal, to_ticks(at)).tolist() == world.place["state"].tolist()
    assert levels(journal).at(to_ticks(at)).tolist() == world.place["count"].tolist()
    in_plant = int(world.clock[0].created - world.clock[0].finished)
    assert work_in_process(journal).at(to_ticks(at)).tolist() == [in_plant]


@settings(max_examples=30)
@given(plant=plants(), seed=some.integers(0, 5))
def test_states_levels_and_flows_sum_to_the_counters(plant: Plant, seed: int):
    simulation, journal = recorded(plant, 100.0, seed=seed, interpreted=False)
    totals = totals_of(simulation)
    assert levels(journal).integral().sum() == totals.part_ticks
    assert work_in_process(journal).integral().tolist() == [totals.part_ticks]
    assert states_of(journal).ticks.sum() == totals.times.sum()
    left = np.zeros(len(plant.places), np.int64)
    for giver, _, parts in link_flows(journal):
        left[giver] += parts
    assert left[:-1].tolist() == totals.passed[:-1].tolist()  # the last is a sink


def test_levels_and_flows_are_counted_from_a_tick_on():
    _, journal = recorded(two_stations(), 200.0)
    assert levels(journal, since=to_ticks(100.0)).mean().tolist() == [0.7, 1.0, 1.0, 0.0]
    assert [parts for _, _, parts in link_flows(journal, since=to_ticks(100.0))] == [4, 4, 4]


def test_a_tick_outside_the_run_has_no_states():
    with pytest.raises(CommandError, match="from 0 to 10000000 has no states at 10000001"):
        states_at(recorded(two_stations(), 10.0)[1], 10_000_001)
