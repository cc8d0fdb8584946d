"""Blocking before service: exact sample paths, known throughputs, and room that goes away."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import exponential, serial_line
from tests.kinds.flow import Flow, line, plant_of
from tests.theory.markov import Move, solve
from tests.theory.recursions import blocking_line
from tests.theory.streams import exponential_ticks
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import RunError
from twin.kinds.buffer import Buffer
from twin.kinds.merge import Merge
from twin.kinds.pool import Pool
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, check

SECOND = 1_000_000


def pair(first, second=10.0, *, after=(), more=()):
    """A station before one that takes its time."""
    middle = ("/First", first), ("/Second", Station(process_time=second))
    return line(("/In", Source(interval=0.0)), *middle, *after, ("/Out", Sink()), more=more)


def test_a_held_part_occupies_the_station_and_work_begins_when_there_is_room():
    """Work 0 to 2, then the second station has the part until 12; only then work goes on."""
    flow = Flow(pair(Station(process_time=2.0, blocking="before")), 40)
    assert flow.into("/First") == [0, 2, 14, 26, 38]
    assert flow.out("/First") == [2, 14, 26, 38]
    assert flow.states("/First")[:4] == [
        (0, "working"), (2, "blocked"), (12, "working"), (14, "blocked"),
    ]  # fmt: skip


def test_the_part_is_brought_in_and_set_up_for_before_it_waits_and_operators_come_after():
    """In to 1 s, work to 3 s; in to 4 s, setup to 9 s, room at 13 s, walk to 15 s, work to 17 s."""
    first = Station(
        process_time=2.0, transfer_time=1.0, setup_time=5.0, blocking="before", workers=("/Crew",)
    )
    source = Source(interval=0.0, sequence=("A", "B"))
    second = ("/Second", Station(process_time=10.0))
    crew = Place(path="/Crew", params=Pool(walking_speed=0.0))
    plant = line(("/In", source), ("/First", first), second, ("/Out", Sink()),
                 names=("A", "B"), more=[crew])  # fmt: skip
    flow = Flow(plant, 20)
    assert flow.states("/First")[:6] == [
        (0, "working"), (4, "setup"), (9, "blocked"), (13, "working"), (16, "setup"),
    ]  # fmt: skip
    assert flow.out("/First") == [3, 15]


@pytest.mark.parametrize("buffers", [[0, 0, 0], [5, 5, 5], [1, 0, 7]])
def test_departures_equal_the_recursion_to_the_tick(buffers):
    plant = serial_line([exponential(blocking="before")] * 4, buffers)
    flow = Flow(plant, 600, seed=7)
    left = [flow.out(f"/Station_{i}") for i in range(4)]
    parts = len(left[3])
    times = [exponential_ticks(f"/Station_{i}", "process", parts, mean=1.0, seed=7)
             for i in range(4)]  # fmt: skip
    expected = blocking_line(np.column_stack(times), [*buffers, 0], before=True)
    actual = np.column_stack([np.array(row[:parts]) * SECOND for row in left])
    assert parts > 200
    np.testing.assert_array_equal(np.round(actual), expected)


@settings(max_examples=30)
@given(
    rows=st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=12),
    buffers=st.tuples(*[st.integers(0, 2)] * 2),
)
def test_whole_seconds_with_many_ties_equal_the_recursion_too(rows, buffers):
    """Each part is a product of its own, with its own time at each station."""
    names = tuple(f"P{k}" for k in range(len(rows)))
    kinds = [("/In", Source(interval=0.0, sequence=names, limit=len(rows)))]
    for i, times in enumerate(zip(*rows, strict=True)):
        station = Station(products=names, product_times=tuple(map(float, times)), blocking="before")
        kinds.append((f"/Station_{i}", station))
        if i < 2 and buffers[i]:
            kinds.append((f"/Buffer_{i}", Buffer(capacity=buffers[i])))
    flow = Flow(line(*kinds, ("/Out", Sink()), names=names), 1000)
    actual = np.column_stack([flow.out(f"/Station_{i}") for i in range(3)])
    np.testing.assert_array_equal(actual, blocking_line(rows, [*buffers, 0], before=True))


def three_stations(means, buffers):
    """The chain of a saturated line; its state is how many parts are behind each of the first."""

    def moves(state):
        behind, last = state
        if behind <= buffers[0]:
            yield Move(1 / means[0], (behind + 1, last))
        if behind and last <= buffers[1]:
            yield Move(1 / means[1], (behind - 1, last + 1))
        if last:
            yield Move(1 / means[2], (behind, last - 1), "out")

    return solve((0, 0), moves)


@pytest.mark.parametrize(
    ("means", "buffers"), [((1.0, 1.0, 1.0), (0, 0)), ((1.0, 1.2, 0.9), (2, 1))]
)
def test_exponential_lines_have_the_throughput_of_their_markov_chain(means, buffers):
    stations = [exponential(mean, blocking="before") for mean in means]
    flow = Simulation(serial_line(stations, list(buffers)), seed=3)
    rates = []
    for number in range(1, 41):
        before = int(flow.world.clock.finished[0])
        flow.advance(number * 2000 * SECOND)
        rates.append((int(flow.world.clock.finished[0]) - before) / 2000)
    exact = three_stations(means, buffers).rate("out")
    error = 4 * np.std(rates, ddof=1) / 40**0.5
    assert error < 0.02
    assert np.mean(rates) == pytest.approx(exact, abs=error)


def test_two_stations_have_one_place_less_than_with_blocking_after_service():
    """n places between equal exponential stations: (n + 1) / (n + 2), which BAS has with n - 1."""
    chain = three_stations((1.0, 1.0, 1e-9), (1, 0))
    assert chain.rate("out") == pytest.approx(2 / 3, rel=1e-6)


def test_a_stop_ends_the_look_for_room_and_a_start_begins_it_anew():
    plant = pair(Station(process_time=2.0, blocking="before"))
    stop, start = (Command(action=each, path="/First") for each in ("stop", "start"))
    flow = Flow(plant, 40, commands=[(5, stop), (20, start)])
    assert flow.out("/First") == [2, 22, 34]
    assert flow.states("/First")[:4] == [
        (0, "working"), (2, "blocked"), (5, "down"), (20, "working"),
    ]  # fmt: skip
    again = Flow(plant, 30, commands=[(5, stop), (8, start)])
    assert again.out("/First") == [2, 14, 26]


def test_if_the_room_goes_away_in_the_work_the_part_waits_after_it_as_well():
    plant = pair(Station(process_time=2.0, blocking="before"))
    fail = Command(action="fail", path="/Second", value=20.0)
    flow = Flow(plant, 40, commands=[(13, fail)])  # work from 12 to 14 s
    assert flow.out("/First") == [2, 33]


def test_room_is_not_reserved_where_two_stations_see_it():
    """Both begin at 0 s as the last station is empty; at 2 s one gives, and one waits until 7 s.

    At 7 s room is shown to A, whose part goes in at 12 s, and taken by B. At 17 s both begin.
    """
    wait = Station(process_time=2.0, blocking="before")
    places = [
        Place(path="/In", params=Source(interval=0.0), next=("/A", "/B")),
        Place(path="/A", params=wait, next=("/Last",)),
        Place(path="/B", params=wait, next=("/Last",)),
        Place(path="/Last", params=Station(process_time=5.0), next=("/Out",)),
        Place(path="/Out", params=Sink()),
    ]
    flow = Flow(plant_of(places), 30)
    assert flow.into("/Last") == [2, 7, 12, 19, 24, 29]


def test_a_circle_of_held_parts_is_a_deadlock():
    station = Station(process_time=2.0, blocking="before")
    places = (
        Place(path="/Source", params=Source(interval=0.0, limit=3), next=("/Merge",)),
        Place(path="/Merge", params=Merge(order=("/Source",)), next=("/One",)),
        Place(path="/One", params=station, next=("/Two",)),
        Place(path="/Two", params=station, next=("/Merge",)),
    )
    run = Simulation(Plant(places=places))
    with pytest.raises(RunError, match="is a deadlock"):
        run.advance(100 * SECOND)


def test_it_can_not_wait_for_room_at_an_exit_that_the_work_decides():
    station = Station(blocking="before", defects=0.1, rework=("/Again",))
    plant = pair(station, more=[Place(path="/Again", params=Station(), next=("/First",))])
    places = [
        replace(each, next=("/Second", "/Again")) if each.path == "/First" else each
        for each in plant.places
    ]
    assert [str(each) for each in check(replace(plant, places=tuple(places)))] == [
        (
            "/First twin:blocking must be after where twin:rework is given, got before; "
            "only the work shows which exit needs room"
        )
    ]
