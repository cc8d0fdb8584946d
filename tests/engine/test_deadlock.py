"""Deadlocks and livelocks: found when they form, named place by place, and never cried for none."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape, exponential, serial_line
from tests.kinds.shop_loop import skid_loop
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import RunError
from twin.kinds.buffer import Buffer
from twin.kinds.merge import Merge
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant

SECOND = 1_000_000


def ring(parts: int, *, interval: float = 0.0, hold: int = 1) -> Plant:
    """Parts go round through a merge, two machines and a buffer of `hold` places for ever."""
    return Plant(
        places=(
            Place(path="/Source", params=Source(interval=interval, limit=parts), next=("/Merge",)),
            Place(path="/Merge", params=Merge(order=("/Hold",)), next=("/One",)),
            Place(path="/One", params=Station(process_time=3.0), next=("/Two",)),
            Place(path="/Two", params=Station(process_time=2.0), next=("/Hold",)),
            Place(path="/Hold", params=Buffer(capacity=hold), next=("/Merge",)),
        )
    )


def with_merge(plant: Plant, path: str, first: str) -> Plant:
    """The plant with a merge whose parts from one place go first."""
    places = [
        replace(each, params=Merge(order=(first,))) if each.path == path else each
        for each in plant.places
    ]
    return replace(plant, places=tuple(places))


def test_a_loop_that_the_last_part_fills_is_found_at_that_very_tick():
    """Three parts circle in 5 s; the fourth enters the merge as soon as it is free.

    Without priority for the parts that go round, the source fills every gap: part 1 enters One at
    0, Two at 3, Hold at 5; part 2 One at 3, Two at 6; part 3 Merge at 3, One at 6; part 4 Merge at
    6. At 8 s Two is done and Hold is full with part 1; at 9 s One is done, and nothing can move.
    """
    simulation = Simulation(with_merge(ring(4), "/Merge", "/Source"))
    simulation.advance(9 * SECOND - 1)
    with pytest.raises(RunError) as error:
        simulation.advance(9 * SECOND)
    assert simulation.now == 9 * SECOND
    assert str(error.value) == (
        "/One > /Two > /Hold > /Merge > /One is a deadlock: each waits for the next, at 9.000000 s;"
        " give the loop more places, or let fewer parts into it"
    )


def test_a_loop_with_one_free_place_goes_on_for_ever():
    simulation = Simulation(ring(3))
    simulation.advance(100_000 * SECOND)
    passed = simulation.world.place[2].passed
    assert passed == pytest.approx(100_000 / 3.0, rel=1e-3)


@settings(max_examples=30)
@given(parts=st.integers(1, 9), hold=st.integers(1, 6))
def test_a_loop_is_a_deadlock_if_and_only_if_it_is_full(parts, hold):
    plant = with_merge(ring(parts, hold=hold), "/Merge", "/Source")
    simulation = Simulation(plant)
    if parts >= hold + 3:
        with pytest.raises(RunError, match="deadlock"):
            simulation.advance(1000 * SECOND)
    else:
        simulation.advance(1000 * SECOND)
        assert simulation.world.clock[0].created == parts


def rework(repeat: float, room: int) -> Plant:
    """A check sends a share of the parts back to the machine before it."""
    return Plant(
        places=(
            Place(path="/Source", params=Source(interval=0.0), next=("/In",)),
            Place(path="/In", params=Merge(order=("/Source",)), next=("/Weld",)),
            Place(path="/Weld", params=exponential(2.0), next=("/Check",)),
            Place(
                path="/Check",
                params=Router(rule="share", weights=(1.0 - repeat, repeat)),
                next=("/Sink", "/Back"),
            ),
            Place(path="/Back", params=Buffer(capacity=room), next=("/In",)),
            Place(path="/Sink", params=Sink()),
        )
    )


def test_a_rework_loop_that_fills_is_a_deadlock_and_the_way_out_is_not_in_its_circle():
    with pytest.raises(RunError, match="deadlock") as error:
        Simulation(rework(0.3, 2), seed=1).advance(10_000 * SECOND)
    named = str(error.value).split(" is a deadlock")[0].split(" > ")
    assert set(named) == {"/In", "/Weld", "/Check", "/Back"}


def test_a_rework_loop_whose_parts_go_first_never_fills():
    simulation = Simulation(with_merge(rework(0.3, 2), "/In", "/Back"), seed=1)
    simulation.advance(100_000 * SECOND)
    clock = simulation.world.clock[0]
    assert int(clock.finished) == pytest.approx(0.7 * 100_000 / 2.0, rel=0.02)


def test_a_full_loop_in_which_a_place_is_down_is_no_deadlock_until_it_is_back():
    """What is down may have its offer taken back; the circle is there when it is up again."""
    simulation = Simulation(with_merge(ring(4), "/Merge", "/Source"))
    simulation.advance(7 * SECOND)
    simulation.apply(Command(action="stop", path="/Hold"))
    simulation.advance(60 * SECOND)
    with pytest.raises(RunError, match=r"deadlock: each waits for the next, at 60\.000000 s"):
        simulation.apply(Command(action="start", path="/Hold"))


@pytest.mark.parametrize("buffers", [[0, 0], [1, 3]])
def test_a_line_without_loops_never_searches_for_a_deadlock(buffers):
    simulation = Simulation(serial_line([exponential(), exponential(5.0), exponential()], buffers))
    simulation.advance(5_000 * SECOND)
    assert simulation.world.clock[0].mark == 0
    assert not simulation.world.place.looped.any()


def test_skids_that_fill_their_loop_are_a_deadlock_and_one_less_is_none():
    """Loading, two machines, unloading, and two places on the way back.

    At 5 s the sixth skid comes in, and every place has one; unloading is done at 6 s, and the
    machines are at 7 s.
    """
    line = [Station(process_time=2.0), Station(process_time=2.0)]
    with pytest.raises(RunError, match=r"each waits for the next, at 7\.000000 s") as error:
        Simulation(skid_loop(6, line, back=1)).advance(100 * SECOND)
    named = str(error.value).split(" is a deadlock")[0].split(" > ")
    assert set(named) == {"/Load", "/Line_0", "/Line_1", "/Unload", "/Back", "/Empty"}
    simulation = Simulation(skid_loop(5, line, back=1))
    simulation.advance(1_000 * SECOND)
    assert int(simulation.world.product.finished.sum()) > 300


def zero_time_ring() -> Plant:
    return Plant(
        places=(
            Place(path="/Source", params=Source(interval=5.0, limit=1), next=("/A",)),
            Place(path="/A", params=Merge(), next=("/B",)),
            Place(path="/B", params=Router(), next=("/C",)),
            Place(path="/C", params=Router(), next=("/A",)),
        )
    )


def test_a_ring_of_places_without_time_is_a_livelock_that_names_them():
    with pytest.raises(RunError, match=r"in which no time passes, at 0\.000000 s") as error:
        Simulation(zero_time_ring())
    named = str(error.value).split(" is a loop")[0].split(" > ")
    assert named[0] == named[-1]
    assert sorted(named[1:]) == ["/A", "/B", "/C"]


def test_a_storm_of_parts_at_one_tick_is_none():
    """20,000 parts that pass seven places at one tick are 140,000 moves, and end."""
    plant = Plant(
        places=(
            Place(path="/Source", params=Source(interval=0.0, limit=20_000), next=("/R",)),
            Place(path="/R", params=Router(rule="turn"), next=("/S1", "/S2", "/S3")),
            *(
                Place(path=f"/S{k}", params=Station(process_time=0.0), next=("/M",))
                for k in (1, 2, 3)
            ),
            Place(path="/M", params=Merge(rule="turn"), next=("/Pile",)),
            Place(path="/Pile", params=Buffer(capacity=30_000), next=("/Last",)),
            Place(path="/Last", params=Station(process_time=1.0), next=("/Sink",)),
            Place(path="/Sink", params=Sink()),
        )
    )
    simulation = Simulation(plant, recorder=Tape())
    simulation.advance(0)
    assert simulation.world.clock[0].created == 20_000
    assert simulation.world.clock[0].burst > 100_000
    simulation.advance(10 * SECOND)
    assert simulation.world.clock[0].finished == 10
