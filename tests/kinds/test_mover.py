"""Turntables, lifts, cross-transfers: hand-made schedules, a recursion, a SimPy model."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.lines import Tape, exponential
from tests.engine.test_oracles import exponential_ticks
from tests.kinds.shop_carry import SHOPS
from tests.kinds.visits import SECOND, stopped_visits, visits
from tests.theory import simpy_models
from twin.core.state import BLOCKED, STARVED, WORKING
from twin.engine.layout import lay_out
from twin.engine.simulation import Simulation
from twin.kinds.mover import Mover
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.motion import Timeline, coordinate
from twin.motion.frame import about
from twin.plant import Place, Plant, Product, check, connect


def line(mover, *, interval=0.0, service=0.0):
    """A source, a mover, a station where a part arrives in no time, and a sink."""
    return Plant(
        places=connect([
            ("/Source", Source(interval=interval)),
            ("/Mover", mover),
            ("/Station", Station(process_time=service)),
            ("/Sink", Sink()),
        ])
    )  # fmt: skip


def turning(move=3.0, back=2.0, **more):
    return Mover(mode="turn", move_times=(move,), return_time=back, **more)


def fork(mover, *, products=("part",), service=0.0, sequence=()):
    """Two exits, each with a station."""
    return Plant(
        places=(
            Place(path="/Source", params=Source(interval=0.0, sequence=sequence), next=("/Mover",)),
            Place(path="/Mover", params=mover, next=("/A", "/B")),
            Place(path="/A", params=Station(process_time=service), next=("/Sink",)),
            Place(path="/B", params=Station(process_time=service), next=("/Sink",)),
            Place(path="/Sink", params=Sink()),
        ),
        products=tuple(Product(name=name) for name in products),
    )


def test_a_cycle_is_the_move_and_the_return():
    came, left = visits(line(turning()), "/Mover", 21)
    assert came == [0, 5 * SECOND, 10 * SECOND, 15 * SECOND, 20 * SECOND]
    assert left == [3 * SECOND, 8 * SECOND, 13 * SECOND, 18 * SECOND]


def test_it_works_while_it_moves_and_returns_and_waits_otherwise():
    """In at 0, 7, 14, 23 and 32; the station takes at 3, 12, 21, 30 and 39."""
    plant = line(turning(), interval=7.0, service=9.0)
    simulation = Simulation(plant, interpreted=True)
    simulation.advance(40 * SECOND)
    times = simulation.totals().place.times[plant.index("/Mover")] / SECOND
    assert times[WORKING] == 4 * (3 + 2) + 3 + 1
    assert times[BLOCKED] == 0 + 2 + 4 + 4 + 4
    assert times[STARVED] == 40 - times[WORKING] - times[BLOCKED]


@given(
    move=st.integers(0, 9),
    back=st.integers(0, 9),
    service=st.integers(0, 20),
    every=st.integers(1, 9),
)
def test_visits_follow_their_recursion(move, back, service, every):
    """In when it is there and back; out when the move is done and the station has room."""
    plant = line(turning(move, back), interval=every, service=service)
    came, left = visits(plant, "/Mover", 100)
    arrival = free = station = 0
    for into, out in zip(came, left, strict=False):
        entry = max(arrival, free)
        leave = max(entry + move, station)
        arrival, free, station = entry + every, leave + back, leave + service
        assert (into, out) == (entry * SECOND, leave * SECOND)


def test_a_turntable_between_random_stations_acts_as_in_a_simpy_model():
    mover = Mover(
        mode="turn", move_times=(1.0, 2.5), return_time=1.5, products=("A", "B"), exits=(0, 1)
    )
    plant = fork(mover, products=("A", "B"), sequence=("A", "B", "B"))
    stations = dict.fromkeys(("/A", "/B"), exponential(4.0))
    feed = Place(path="/Feed", params=exponential(3.0), next=("/Mover",))
    places = [
        replace(place, params=stations.get(place.path, place.params),
                next=("/Feed",) if place.path == "/Source" else place.next)
        for place in plant.places
    ]  # fmt: skip
    plant = replace(plant, places=(*places, feed))
    draws = [exponential_ticks(path, 400, mean) for path, mean in (("/A", 4.0), ("/B", 4.0))]
    left, out = simpy_models.mover(
        exponential_ticks("/Feed", 300, 3.0), draws, [k % 3 > 0 for k in range(300)],
        [1 * SECOND, 5 * SECOND // 2], 3 * SECOND // 2,
    )  # fmt: skip
    came, _ = visits(plant, "/Mover", 1000)
    assert came == [tick for tick in left if tick <= 1000 * SECOND]
    assert len(came) > 150
    for path, ticks in zip(("/A", "/B"), out, strict=True):
        assert visits(plant, path, 1000)[1] == [tick for tick in ticks if tick <= 1000 * SECOND]


@pytest.mark.parametrize(
    ("stop", "service", "came", "left"),
    [
        (1.0, 0.0, [0, 12, 17], [10, 15, 20]),  # while it moves
        (4.0, 0.0, [0, 12, 17], [3, 15, 20]),  # while it returns
        (9.0, 10.0, [0, 5, 18], [3, 16]),  # while it waits with a part until 13
    ],
)
def test_a_stop_of_seven_seconds_is_made_up_for_in_every_phase(stop, service, came, left):
    plant = line(turning(), service=service)
    actual = stopped_visits(plant, "/Mover", stop, stop + 7, 21)
    assert actual == (came, left)


def test_a_stop_while_it_is_empty_keeps_parts_out():
    came, left = stopped_visits(line(turning(), interval=9.0), "/Mover", 7.0, 12.0, 20)
    assert came == [0, 12]
    assert left == [3, 15]


def test_each_product_has_its_exit_and_its_time():
    mover = Mover(
        mode="turn", move_times=(1.0, 4.0), turns=(0.0, 90.0), return_time=1.0,
        products=("Suv", "Sedan"), exits=(1, 0),
    )  # fmt: skip
    plant = fork(mover, products=("Sedan", "Suv"), sequence=("Sedan", "Suv"))
    came, left = visits(plant, "/Mover", 8.5)
    assert came == [0, 2 * SECOND, 7 * SECOND]
    assert left == [1 * SECOND, 6 * SECOND, 8 * SECOND]
    assert visits(plant, "/A", 8.5)[0] == [1 * SECOND, 8 * SECOND]
    assert visits(plant, "/B", 8.5)[0] == [6 * SECOND]


def test_other_parts_go_where_there_is_room_when_they_come_in():
    plant = fork(Mover(mode="turn", move_times=(2.0,)), service=5.0)
    # To A at 0, taken at 2; to B at 2 as A is full; at 4 both are: to A, which is free at 7;
    # at 7 only B is full, but A has just been taken: to A again, free at 12.
    assert visits(plant, "/A", 13)[0] == [2 * SECOND, 7 * SECOND, 12 * SECOND]
    assert visits(plant, "/B", 13)[0] == [4 * SECOND]


def test_a_part_ends_where_the_exit_is_and_turned_as_it_says():
    mover = Mover(mode="lift", move_times=(4.0, 4.0), travels=(2.0, -1.0), turns=(180.0, 0.0))
    plant = fork(mover)
    layout, row = lay_out(plant), 1
    paths = layout.place_path[row] + np.array([0, 0, 1])
    xyz, wxyz = layout.paths.pose(paths, [0.25, 1.0, 1.0])
    np.testing.assert_allclose(xyz, [[0, 0, 0.5], [0, 0, 2], [0, 0, -1]], atol=1e-12)
    z = [0.0, 0.0, 1.0]
    turned = [about(z, math.pi / 4), about(z, math.pi), about(z, 0.0)]
    np.testing.assert_allclose(np.abs((wxyz * turned).sum(axis=1)), 1.0, atol=1e-12)
    assert plant.places[row].exit_to("/B").xyz == (0.0, 0.0, -1.0)


@pytest.mark.parametrize("make", SHOPS, ids=lambda make: make.__name__)
def test_parts_turn_without_a_jump_from_place_to_place(make):
    """Orientations just before and at the start of every segment are the same."""
    tape = Tape()
    simulation = Simulation(make(), seed=1, motion=True, recorder=tape, interpreted=True)
    simulation.advance(300 * SECOND)
    segments = Timeline.build(tape.segments).segments
    before, after = segments[:-1], segments[1:]
    goes_on = (before["part"] == after["part"]) & (before["subject"] == after["subject"])
    goes_on &= (before["track"] >= 0) & (after["track"] >= 0)
    before, after = before[goes_on], after[goes_on]
    paths = simulation.layout.paths
    was = paths.pose(before["track"], coordinate(before, after["tick"]))[1]
    now = paths.pose(after["track"], coordinate(after, after["tick"]))[1]
    assert len(before) > 50
    assert np.abs((was * now).sum(axis=1)).min() > 1 - 1e-9


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"move_times": (1.0, 2.0, 3.0)}, "/Mover twin:moveTimes must have one value, or 2"),
        ({"move_times": ()}, "/Mover twin:moveTimes must have one value, or 2"),
        ({"turns": (1.0, 2.0, 3.0)}, "/Mover twin:turns must have one value, or 2"),
        ({"travels": (1.0,)}, "/Mover twin:travels must be empty to turn"),
        ({"turns": (90.0,), "move_times": (0.0,)}, "twin:moveTimes must be > 0 s where a part"),
        ({"products": ("Bus",), "exits": (0,)}, "twin:products must name products of the plant"),
        ({"products": ("part",)}, "twin:exits must have 1 values, one for each of twin:products"),
        ({"products": ("part",), "exits": (2,)}, "twin:exits must be below 2, the number of"),
    ],
)
def test_what_breaks_a_rule_is_named(wrong, message):
    mover = Mover(**({"mode": "turn", "move_times": (1.0,)} | wrong))
    problems = [str(problem) for problem in check(fork(mover))]
    assert any(message in problem for problem in problems), problems
