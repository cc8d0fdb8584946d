"""Starvation and blocking chains: lines whose causes are known by hand, and sums that must hold."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as some

from tests.engine.lines import little_shop
from tests.report.lines import Row, plant_of, recorded, two_stations, written
from tests.report.test_identities import plants
from twin.core.parameters import Params
from twin.core.record import MOVE, STATE
from twin.core.state import BLOCKED, DOWN, STARVED, STATES, WAITING_PART, WORKING
from twin.engine.command import Command
from twin.journal import Journal
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant
from twin.report.because import sentences
from twin.report.chains import causes_of
from twin.report.states import states_of
from twin.units import to_seconds, to_ticks

Told = dict[tuple[str, str, str, str], float]


def told(journal: Journal, *, since: float = 0.0) -> Told:
    """Who waited how, because of whom and what it did: seconds."""
    names = [place.name for place in journal.plant.places]
    return {
        (names[each.place], STATES[each.waiting], names[each.cause], STATES[each.doing]):
            to_seconds(each.ticks)
        for each in causes_of(journal, since=to_ticks(since))
    }  # fmt: skip


def failing(station: str, at: float, seconds: float) -> Command:
    return Command(action="fail", path=f"/Line/{station}", value=seconds, tick=to_ticks(at))


def three(*between: Params) -> Plant:
    """Three stations of 10 s with a part always ready."""
    station = Station(process_time=10.0)
    return plant_of(Source(interval=0.0), station, *between, station, station, Sink())


def test_a_station_waits_for_the_one_that_works():
    found = told(recorded(two_stations(), 200.0)[1])
    assert found == {
        ("Source_1", "blocked", "Station_1", "working"): 70.0,  # its last 10 s of 20, 7 times
        ("Source_1", "blocked", "Station_2", "working"): 60.0,
        ("Station_1", "blocked", "Station_2", "working"): 60.0,
        ("Station_2", "starved", "Station_1", "working"): 20.0,
        ("Sink_1", "starved", "Station_1", "working"): 20.0,
        ("Sink_1", "starved", "Station_2", "working"): 180.0,
    }


def test_downtime_travels_down_the_line_past_those_who_starve():
    _, journal = recorded(three(), 220.0, failing("Station_1", 105.0, 100.0))
    found = told(journal)  # Station_1 has 5 s of work left when it is repaired at 205 s
    assert found["Station_2", "starved", "Station_1", "down"] == 95.0  # from 110 s
    assert found["Station_2", "starved", "Station_1", "working"] == 10.0 + 5.0
    assert found["Station_3", "starved", "Station_1", "down"] == 85.0  # from 120 s
    assert found["Station_3", "starved", "Station_1", "working"] == 10.0 + 5.0
    assert found["Station_3", "starved", "Station_2", "working"] == 10.0 + 10.0


def test_downtime_travels_up_the_line_past_full_buffers_and_those_who_are_blocked():
    plant = three(Buffer(capacity=2))
    _, journal = recorded(plant, 200.0, failing("Station_3", 105.0, 95.0))
    found = told(journal)
    assert found["Station_2", "blocked", "Station_3", "down"] == 90.0  # from 110 s
    assert found["Station_1", "blocked", "Station_3", "down"] == 70.0  # the buffer took two more
    assert not any(cause.startswith("Buffer") for _, _, cause, _ in found)


def test_the_sentence_adds_up_in_the_figures_that_it_shows():
    _, journal = recorded(three(), 220.0, failing("Station_1", 105.0, 100.0))
    waits = sentences(journal.plant, causes_of(journal), journal.until)
    assert waits[2, STARVED] == (
        "Station_2 starved 50.0 %: 43.2 % because Station_1 was down, "
        "6.8 % because Station_1 was working"
    )
    one = sentences(journal.plant, causes_of(journal), journal.until, named=1)
    assert one[2, STARVED].endswith("43.2 % because Station_1 was down, 6.8 % because of others")


def test_at_a_merge_the_cause_is_where_the_next_part_comes_from():
    plant = Plant(
        places=(
            Place(path="/A/One", params=Source(), next=("/A/Join",)),
            Place(path="/A/Two", params=Source(), next=("/A/Join",)),
            Place(path="/A/Join", params=Station(), next=("/A/Sink",)),
            Place(path="/A/Sink", params=Sink()),
        )
    )
    rows: list[Row] = [(0.0, STATE, 0, WORKING), (0.0, STATE, 1, WORKING)]
    for second, giver in ((0.0, 0), (10.0, 0), (26.0, 1)):  # each part is worked on for 2 s
        rows += [(second, STATE, 2, WORKING), (second, MOVE, 2, giver)]
        rows += [(second + 2, STATE, 2, STARVED), (second + 2, MOVE, 3, 2)]
    found = told(written(plant, rows, 31.0))
    assert found["Join", "starved", "Two", "working"] == 14.0
    assert found["Join", "starved", "One", "working"] == 8.0 + 3.0  # nobody ends the last wait
    late = told(written(plant, rows, 31.0), since=20.0)
    assert late["Join", "starved", "Two", "working"] == 6.0


def loop() -> Plant:
    """Two stations that give to one another; the first also takes from a source."""
    return Plant(
        places=(
            Place(path="/A/Source", params=Source(), next=("/A/One",)),
            Place(path="/A/One", params=Station(), next=("/A/Two",)),
            Place(path="/A/Two", params=Station(), next=("/A/One",)),
        )
    )


def test_in_a_loop_each_waits_for_the_one_that_has_the_part():
    rows: list[Row] = [(0.0, STATE, 1, WORKING), (0.0, MOVE, 1, 0)]
    for second in (10.0, 20.0, 30.0, 40.0):
        one, other = (1, 2) if second in (10.0, 30.0) else (2, 1)
        rows += [(second, STATE, one, STARVED), (second, STATE, other, WORKING)]
        rows += [(second, MOVE, other, one)]
    found = told(written(loop(), rows, 40.0))
    assert found["One", "starved", "Two", "working"] == 20.0
    assert found["Two", "starved", "One", "working"] == 20.0


def test_an_empty_loop_ends_with_a_cause_in_it():
    places = tuple(
        Place(path=f"/A/{name}", params=Station(), next=(f"/A/{onto}",))
        for name, onto in (("One", "Two"), ("Two", "Three"), ("Three", "Two"))
    )
    journal = written(Plant(places=places), [], 10.0)
    assert waited(journal) == 30.0
    check_sums(journal, 0)


def test_a_part_that_an_assembly_lacks_is_followed_to_where_it_comes_from():
    plant = Plant(
        places=(
            Place(path="/A/Doors", params=Station(), next=("/A/Join",)),
            Place(path="/A/Bodies", params=Station(), next=("/A/Join",)),
            Place(path="/A/Join", params=Station()),
        )
    )
    rows = [
        (0.0, STATE, 0, WORKING), (0.0, MOVE, 2, 1), (0.0, STATE, 2, WAITING_PART),
        (5.0, STATE, 1, BLOCKED), (9.0, MOVE, 2, 0), (9.0, STATE, 2, WORKING),
        (20.0, MOVE, 2, 1), (20.0, STATE, 1, STARVED),
    ]  # fmt: skip
    found = told(written(plant, rows, 20.0))
    assert found["Bodies", "blocked", "Doors", "working"] == 4.0
    assert found["Bodies", "blocked", "Join", "working"] == 11.0


def waited(journal: Journal) -> float:
    """All seconds that places were starved or blocked."""
    states = states_of(journal)
    waits = (states.value == STARVED) | (states.value == BLOCKED)
    return to_seconds(int(states.ticks[waits].sum()))


def test_a_source_without_more_parts_is_the_cause():
    plant = plant_of(Source(interval=0.0, limit=1), Station(process_time=10.0), Sink())
    _, journal = recorded(plant, 100.0)
    found = told(journal)
    assert found["Station_1", "starved", "Source_1", "starved"] == 90.0
    assert sentences(plant, causes_of(journal), journal.until)[1, STARVED] == (
        "Station_1 starved 90.0 %: 90.0 % because Source_1 had no more parts"
    )


def test_what_was_before_the_counted_time_does_not_count():
    _, journal = recorded(three(), 220.0, failing("Station_1", 105.0, 100.0))
    found = told(journal, since=150.0)
    assert found["Station_2", "starved", "Station_1", "down"] == 55.0
    assert found["Station_3", "starved", "Station_2", "working"] == 10.0


@settings(max_examples=40)
@given(plant=plants(), seed=some.integers(0, 5), since=some.sampled_from([0, 1, 33]))
def test_the_causes_of_a_wait_add_up_to_it(plant: Plant, seed: int, since: int):
    _, journal = recorded(plant, 100.0, seed=seed, interpreted=False)
    check_sums(journal, to_ticks(since))


def test_in_a_shop_with_every_kind_causes_add_up_and_are_at_work_or_down():
    _, journal = recorded(little_shop(), 3600.0, interpreted=False)
    check_sums(journal, 0)
    assert {each.doing for each in causes_of(journal)} == {WORKING, DOWN}


def check_sums(journal: Journal, since: int) -> None:
    sums = Counter[tuple[int, int]]()
    for each in causes_of(journal, since=since):
        assert each.ticks > 0
        sums[each.place, each.waiting] += each.ticks
    states = states_of(journal, since=since)
    times = Counter[tuple[int, int]]()
    for place, state, ticks in zip(
        states.place.tolist(), states.value.tolist(), states.ticks.tolist(), strict=True
    ):
        if state in (STARVED, BLOCKED) and ticks:
            times[place, state] += ticks
    assert sums == times
