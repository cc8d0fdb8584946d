import pytest

from tests.report.lines import plant_of, recorded, two_stations
from twin.engine.command import Command
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant
from twin.report import report_from, report_of
from twin.report.bottleneck import Bottleneck
from twin.report.neighbours import Neighbours
from twin.report.reason import short_names, takt_of
from twin.units import to_ticks


def bottleneck(plant: Plant, seconds: float, *commands: Command) -> Bottleneck:
    simulation, journal = recorded(plant, seconds, *commands)
    found = report_of(simulation).bottleneck
    assert found is not None
    assert found == report_from(journal).bottleneck
    return found


def test_the_machine_that_waits_least_often_is_the_bottleneck():
    found = bottleneck(two_stations(), 200.0)
    assert found.path == "/Line/Station_2"
    assert found.mean_active == 180.0  # never waits after its first part
    assert found.runner_up == "/Line/Station_1"
    assert (
        found.runner_up_mean_active == (40 + 5 * 20 + 0) / 7
    )  # its first two parts follow at once


def test_the_reason_names_those_who_wait_for_the_bottleneck():
    assert bottleneck(two_stations(), 200.0).why == (
        "Station_2 is the bottleneck: it works 90.0 % of the time, and waits 10.0 %. "
        "It needs 30.0 s for a part, against a takt of 10.0 s at the source. "
        "Because of it, Station_1 before it is blocked 30.0 % of the time. "
        "It is at work or down for 3.0 min on average between two waits, "
        "longest of all stations; next is Station_1 with 20.0 s. "
        "Source_1 is blocked 65.0 % of the time: "
        "the line can't keep up with the release interval of 10.0 s, and limits the output."
    )


def test_a_line_with_slack_has_a_bottleneck_but_the_release_limits_the_output():
    plant = plant_of(Source(interval=60.0), Station(process_time=50.0), Sink())
    found = bottleneck(plant, 3590.0)
    assert (found.path, found.mean_active) == ("/Line/Station_1", 50.0)
    assert (found.effective_cycle, found.takt) == (50.0, 60.0)
    assert (found.runner_up, found.runner_up_mean_active) == (None, 0.0)
    assert found.why == (
        "Station_1 is the bottleneck: it works 83.6 % of the time, and waits 16.4 %. "
        "It needs 50.0 s for a part, against a takt of 60.0 s at the source. "
        "Source_1 is never blocked: "
        "the line has slack, and the release interval of 60.0 s limits the output."
    )


def test_a_source_that_is_blocked_at_times_shares_the_blame():
    plant = plant_of(Source(interval=60.0), Station(process_time=50.0), Sink())
    failure = Command(action="fail", path="/Line/Station_1", value=300.0, tick=to_ticks(3600.0))
    why = bottleneck(plant, 7200.0, failure).why
    assert "It needs 52.7 s for a part, downtime included" in why
    assert "at times the line limits the output, mostly the release interval of 60.0 s does." in why


def test_sources_are_compared_where_there_is_no_station():
    found = bottleneck(plant_of(Source(interval=60.0), Buffer(), Sink()), 3590.0)
    assert (found.path, found.mean_active) == ("/Line/Source_1", 3590.0)
    assert found.why == (
        "Source_1 sets the pace: it releases a part every 60.0 s. It is never blocked."
    )


def test_a_source_that_has_no_more_parts_is_not_said_to_limit_the_output():
    plant = plant_of(Source(interval=10.0, limit=2), Station(process_time=5.0), Sink())
    assert "has released all of its parts" in bottleneck(plant, 100.0).why


def test_a_takt_is_of_all_sources_and_only_where_no_part_goes_past():
    plant = Plant(
        places=(
            Place(path="/A/One", params=Source(interval=60.0), next=("/A/Join",)),
            Place(path="/A/Two", params=Source(interval=30.0), next=("/A/Join",)),
            Place(path="/A/Join", params=Station(), next=("/A/Left", "/A/Right")),
            Place(path="/A/Left", params=Station(), next=("/A/Sink",)),
            Place(path="/A/Right", params=Station(), next=("/A/Sink",)),
            Place(path="/A/Sink", params=Sink()),
        )
    )
    assert takt_of(plant, 2) == pytest.approx(20.0)
    assert takt_of(plant, 3) is None


def test_a_machine_that_is_down_is_active_because_others_wait_for_it():
    plant = plant_of(
        Source(interval=0.0),
        Station(process_time=10.0),
        Buffer(capacity=1),
        Station(process_time=10.0),
        Sink(),
    )
    failure = Command(action="fail", path="/Line/Station_2", value=100.0, tick=to_ticks(105.0))
    found = bottleneck(plant, 300.0, failure)
    assert found.path == "/Line/Station_2"
    assert "is down 33.3 % (failed once)" in found.why
    assert "Because of it, Station_1 before it is blocked" in found.why
    assert "it always has a part ready, and the line limits the output" in found.why


def test_nothing_is_a_bottleneck_where_nothing_is_ever_active():
    plant = plant_of(Source(interval=0.0), Station(process_time=0.0, transfer_time=1.0), Sink())
    stop = Command(action="stop", path="/Line/Station_1", tick=0)
    simulation, _ = recorded(plant, 10.0, stop)
    assert report_of(simulation).bottleneck is not None  # down all the time: all wait for it


def test_the_nearest_machines_lie_past_buffers_and_branches():
    plant = Plant(
        places=(
            Place(path="/A/Source", params=Source(), next=("/A/Buffer",)),
            Place(path="/A/Buffer", params=Buffer(), next=("/A/Left", "/A/Right")),
            Place(path="/A/Left", params=Station(), next=("/A/Sink",)),
            Place(path="/A/Right", params=Station(), next=("/A/Sink",)),
            Place(path="/A/Sink", params=Sink()),
        )
    )
    near = Neighbours(plant)
    assert near.after(0) == [2, 3]
    assert near.before(3) == [0]
    assert near.after(3) == []


def test_names_are_short_where_that_is_clear():
    places = (Place(path="/A/M", params=Station()), Place(path="/B/M", params=Station()))
    sink = Place(path="/B/Sink", params=Sink())
    assert short_names(Plant(places=(*places, sink))) == ["A/M", "B/M", "Sink"]
