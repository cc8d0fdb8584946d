from tests.report.lines import plant_of, recorded, two_stations
from twin.engine.command import Command
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant
from twin.report import report_from, report_of
from twin.report.bottleneck import Bottleneck
from twin.report.reason import machines_after, machines_before, short_names
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
        "Station_2 holds the line back. Once it runs, it goes on for 3.0 min on average before it "
        "waits for others. It works 90.0 % of the time, and waits 10.0 %. "
        "Before it, Station_1 is blocked 30.0 % of the time. "
        "The closest to it is Station_1, which goes on for 20.0 s."
    )


def test_a_source_that_never_waits_sets_the_pace():
    plant = plant_of(Source(interval=60.0), Station(process_time=50.0), Sink())
    found = bottleneck(plant, 3590.0)
    assert (found.path, found.mean_active) == ("/Line/Source_1", 3590.0)
    assert (found.runner_up, found.runner_up_mean_active) == ("/Line/Station_1", 50.0)
    assert found.why == (
        "Source_1 sets the pace: it releases a part every 60.0 s. "
        "It is never blocked: the line takes all that it is given. "
        "After it, Station_1 is starved 16.4 % of the time. "
        "The closest to it is Station_1, which goes on for 50.0 s."
    )


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
    assert "Before it, Station_1 is blocked" in found.why


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
    assert machines_after(plant, 0) == [2, 3]
    assert machines_before(plant, 3) == [0]
    assert machines_after(plant, 3) == []


def test_names_are_short_where_that_is_clear():
    places = (Place(path="/A/M", params=Station()), Place(path="/B/M", params=Station()))
    sink = Place(path="/B/Sink", params=Sink())
    assert short_names(Plant(places=(*places, sink))) == ["/A/M", "/B/M", "Sink"]
