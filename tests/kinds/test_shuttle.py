"""Shuttles against hand-made schedules, a recursion, a SimPy model, and the mean of a maximum."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.test_oracles import exponential_ticks
from tests.kinds.visits import SECOND, stopped_visits, visits
from tests.theory import simpy_models
from twin.core.state import BLOCKED, STARVED, WORKING
from twin.engine.simulation import Simulation
from twin.kinds.shuttle import Shuttle
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant, check, connect

HOUR = 3600 * SECOND


def shuttle(times=(3.0, 5.0, 1.0), *, index=2.0, **more):
    shuttle = {"positions": len(times), "pitch": 4.0, "index_time": index, "process_times": times}
    return Shuttle(**(shuttle | more))


def line(shuttle, *, interval=0.0, service=0.0, feed=None, **source):
    """A source or a station that feeds, a shuttle, a station where parts arrive at once."""
    places = [("/Source", Source(interval=interval, **source))]
    places += [("/Feed", feed)] if feed else []
    after = Station(process_time=service, transfer_time=1e-6)
    return Plant(
        places=connect([*places, ("/Line", shuttle), ("/After", after), ("/Sink", Sink())])
    )


def seconds(plant, until):
    came, left = visits(plant, "/Line", until)
    return [tick / SECOND for tick in came], [tick / SECOND for tick in left]


def test_all_move_together_when_the_longest_work_is_done():
    """Index 2 s; work 3 s with one part, 5 s from the second on; the first leaves after three."""
    came, left = seconds(line(shuttle()), 34)
    assert came == [0, 5, 12, 19, 26, 33]
    assert left == [19, 26, 33]


def test_parts_move_on_with_a_gap_when_none_is_offered():
    """Parts come at 0, 7 and 14; the shuttle could take at 0, 5 and 9, then only when empty."""
    came, left = seconds(line(shuttle((3.0, 2.0), index=1.0), interval=6.5), 40)
    assert came == [0, 7, 14, 21, 28, 35]
    assert left == [7, 14, 21, 28, 35]


def test_a_part_offered_in_the_tick_of_the_index_comes_along():
    came, left = seconds(line(shuttle((2.0, 2.0), index=1.0), interval=3.0), 12.5)
    assert came == [0, 3, 6, 9, 12]
    assert left == [6, 9, 12]


def test_an_empty_shuttle_waits_without_events():
    simulation = Simulation(line(shuttle(), interval=0.0, limit=1), interpreted=True)
    simulation.advance(60 * SECOND)
    events = int(simulation.world.clock[0].processed)
    assert simulation.world.clock[0].pending == 0
    assert events < 20
    times = simulation.totals().place.times[1] / SECOND
    assert times[STARVED] == 60 - (3 * 2 + 3 + 5 + 1)


def test_it_is_blocked_until_the_next_place_takes_the_last_part():
    plant = line(shuttle((1.0, 1.0), index=1.0), service=6.0)
    came, left = seconds(plant, 24)
    assert [round(each, 3) for each in left] == [4, 10, 16, 22]
    assert [round(each, 3) for each in came] == [0, 2, 4, 10, 16, 22]
    simulation = Simulation(plant, interpreted=True)
    simulation.advance(22 * SECOND)
    times = simulation.totals().place.times[1] / SECOND
    np.testing.assert_allclose(times[[WORKING, BLOCKED]], [10, 12], atol=1e-4)


@settings(max_examples=40)
@given(
    times=st.lists(st.integers(0, 9), min_size=1, max_size=5),
    index=st.integers(1, 5),
    service=st.integers(0, 15),
    feed=st.integers(0, 12),
)
def test_visits_follow_the_recursion_of_its_cycles(times, index, service, feed):
    """Cycle by cycle: which positions are taken, when work ends, and when the last part leaves."""
    fed = Station(process_time=feed)
    plant = line(shuttle(tuple(times), index=index), service=service, feed=fed)
    came, left = visits(plant, "/Line", 150)
    expected = cycles(times, index, service, [feed] * 200, 150)
    assert np.round(np.divide(came, SECOND), 3).tolist() == expected[0]
    assert np.round(np.divide(left, SECOND), 3).tolist() == expected[1]


def cycles(times, index, service, feeds, until):
    """Seconds at which parts come in and leave; `feeds` are the works of a station before."""
    taken, came, left = [False] * len(times), [], []
    now = free = 0.0
    offered = feeds[0]
    while now <= until:
        if taken[-1]:
            now = max(now, free)
            left.append(now)
            free = now + service
            taken[-1] = False
        if not any(taken):
            now = max(now, offered)
        enters = offered <= now
        if enters:
            came.append(now)
            offered = now + feeds[len(came)]
        taken = [enters, *taken[:-1]]
        now += index + max(work for work, part in zip(times, taken, strict=True) if part)
    return [t for t in came if t <= until], [t for t in left if t <= until]


def test_random_arrivals_find_the_same_gaps_as_in_the_recursion():
    fed = Station(process_time=8.0, process_distribution="exponential")
    plant = line(shuttle((3.0, 4.0, 5.0)), feed=fed)
    came, left = visits(plant, "/Line", 3000)
    feeds = [tick / SECOND for tick in exponential_ticks("/Feed", 600, 8.0)]
    expected = cycles((3.0, 4.0, 5.0), 2.0, 0.0, feeds, 3000)
    np.testing.assert_allclose(np.divide(came, SECOND), expected[0], atol=1e-4)
    np.testing.assert_allclose(np.divide(left, SECOND), expected[1], atol=1e-4)
    assert len(left) > 200


def test_a_saturated_shuttle_moves_when_a_simpy_model_does():
    """Work at the positions is drawn cycle by cycle, from the first position on."""
    positions, cycles = 4, 120
    random = shuttle((6.0,) * positions, process_distribution="exponential")
    came, left = visits(line(random), "/Line", 1000)
    draws = iter(exponential_ticks("/Line", positions * cycles, 6.0))
    services = [[] for _ in range(positions)]
    for cycle in range(cycles):
        for position in range(min(cycle + 1, positions)):
            services[position].append(next(draws))
    begun, _ = simpy_models.shuttle(services, 2 * SECOND)
    expected = [tick + 2 * SECOND for tick in begun]  # there, the first part is in place at once
    assert came == [0, *expected][: len(came)]
    assert left == expected[positions - 1 :][: len(left)]
    assert len(left) > 50


def test_random_work_gives_cycles_of_the_mean_maximum():
    """The mean of the largest of n exponential times is their mean times 1 + 1/2 + ... + 1/n."""
    random = shuttle((10.0,) * 4, index=3.0, process_distribution="exponential")
    simulation = Simulation(line(random), seed=5)
    simulation.advance(200 * HOUR)
    cycle = 200 * 3600 / int(simulation.world.place.passed[1])
    mean = 3.0 + 10.0 * (1 + 1 / 2 + 1 / 3 + 1 / 4)
    deviation = 10.0 * (1 + 1 / 4 + 1 / 9 + 1 / 16) ** 0.5
    count = int(simulation.world.place.passed[1])
    assert cycle == pytest.approx(mean, abs=4 * deviation / count**0.5)


def test_random_work_is_in_proportion_to_its_mean():
    random = {"process_distribution": "uniform", "process_spread": 4.0}
    long, left_long = visits(line(shuttle((8.0,), **random)), "/Line", 1000)
    short, left_short = visits(line(shuttle((0.0, 8.0), **random)), "/Line", 1000)
    work = np.subtract(left_long, long[: len(left_long)]) - 2 * SECOND
    also = np.diff([0, *short])[1:] - 2 * SECOND
    assert work.min() >= 4 * SECOND
    assert work.max() <= 12 * SECOND
    count = min(len(work), len(also[1:]))
    np.testing.assert_array_equal(also[1 : count + 1], work[:count])
    assert len(left_short) > 80


@pytest.mark.parametrize(
    ("stop", "start", "service", "came", "left"),
    [
        (6, 13, 0.0, [0, 5, 19, 26, 33], [26, 33]),  # while parts move, from 5 to 7
        (8, 15, 0.0, [0, 5, 19, 26, 33], [26, 33]),  # while there is work, from 7 to 12
        (20, 27, 0.0, [0, 5, 12, 19, 33], [19, 33]),  # while parts move, from 19 to 21
        (27, 32, 14.0, [0, 5, 12, 19, 33], [19, 33]),  # blocked from 26 to 33, and up by then
        (27, 34, 14.0, [0, 5, 12, 19, 34], [19, 34]),  # blocked from 26 to 33, and down then
    ],
)
def test_a_stop_is_made_up_for_in_every_phase(stop, start, service, came, left):
    actual = stopped_visits(line(shuttle(), service=service), "/Line", stop, start, 35)
    assert np.round(actual[0], 3).tolist() == came
    assert np.round(actual[1], 3).tolist() == left


def test_a_stop_while_it_is_empty_keeps_parts_out():
    plant = line(shuttle((1.0,), index=1.0), interval=5.0)
    assert stopped_visits(plant, "/Line", 3.0, 6.5, 13) == ([0, 6.5, 11.5], [2, 8.5])


def test_parts_are_a_pitch_apart_all_the_time():
    simulation = Simulation(line(shuttle()), motion=True, interpreted=True)
    for tenth in range(190, 600):
        simulation.advance(tenth * SECOND // 10)
        world = simulation.world
        on_it = world.part.serial[(world.part.serial > 0) & (world.part.place == 1)]
        poses = simulation.poses()
        x = np.sort(poses.xyz[np.isin(poses.serial, on_it), 0])
        assert len(x) == 3
        np.testing.assert_allclose(np.diff(x), 4.0, atol=1e-9)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"process_times": (1.0, 2.0)}, "/Line twin:processTimes must have one value, or 3: one"),
        ({"process_times": ()}, "/Line twin:processTimes must have one value, or 3: one for each"),
        (
            {"process_distribution": "uniform", "process_spread": 6.0},
            "/Line twin:processSpread must be <= the mean of a uniform time, got 6; the mean is 5",
        ),
        ({"index_time": 0.0}, "/Line twin:indexTime must be > 0"),
    ],
)
def test_what_breaks_a_rule_is_named(wrong, message):
    problems = [str(problem) for problem in check(line(shuttle(**wrong)))]
    assert any(message in problem for problem in problems), problems
