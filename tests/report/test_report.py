from dataclasses import replace

import pytest

from tests.report.lines import plant_of, recorded, two_stations
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.report import Report, report_from, report_of
from twin.units import to_ticks

# Two stations of 20 s and 30 s behind a source of 10 s. By hand, up to 200 s:
#   made      0 10 30 60 90 120 150 180      each 10 s after the one before has left
#   into M1   0 20 50 80 110 140 170 200     M1 waits with a part until M2 is free
#   into M2   20 50 80 110 140 170 200
#   done      50 80 110 140 170 200          lead times 50 70 80 80 80 80


@pytest.fixture
def report() -> Report:
    simulation, _ = recorded(two_stations(), 200.0)
    return report_of(simulation)


def shares(report: Report, row: int) -> dict[str, float]:
    return {state: share for state, share in report.places[row].shares.items() if share}


def test_throughput_counts_finished_parts_per_hour(report: Report):
    assert (report.created, report.finished, report.jph) == (8, 6, 108.0)


def test_lead_time_runs_from_the_making_of_a_part_to_its_end(report: Report):
    assert (report.lead_mean, report.lead_max) == (440 / 6, 80.0)


def test_work_in_process_is_the_mean_over_time_and_the_number_now(report: Report):
    assert report.wip_mean == (440 + 50 + 20) / 200
    assert report.wip_now == 2


def test_states_are_timed_to_the_second(report: Report):
    assert shares(report, 0) == {"working": 0.35, "blocked": 0.65}
    assert shares(report, 1) == {"working": 0.7, "blocked": 0.3}
    assert shares(report, 2) == {"working": 0.9, "starved": 0.1}
    assert shares(report, 3) == {"starved": 1.0}


def test_places_count_the_parts_that_left_and_those_still_there(report: Report):
    assert [place.passed for place in report.places] == [8, 7, 6, 6]
    assert [place.level for place in report.places] == [0, 1, 1, 0]


def test_oee_is_the_share_of_time_that_good_parts_need(report: Report):
    first, second = report.places[1].oee, report.places[2].oee
    assert first is not None
    assert second is not None
    assert (first.oee, first.availability, first.performance, first.quality) == (0.7, 1.0, 0.7, 1.0)
    assert (second.oee, second.ideal_cycle, second.good) == (0.9, 30.0, 6)
    assert report.places[0].oee is None


def test_downtime_is_counted_once_in_oee():
    failure = Command(action="fail", path="/Line/Station_2", value=30.0, tick=to_ticks(100.0))
    simulation, _ = recorded(two_stations(), 200.0, failure)
    report = report_of(simulation)
    oee = report.places[2].oee
    assert oee is not None
    assert report.finished == 5  # done at 50, 80, 140, 170, 200
    assert report.places[2].failures == 1
    assert oee.availability == 170 / 200
    assert oee.performance == pytest.approx(30 * 5 / 170)
    assert oee.oee == 30 * 5 / 200


def test_the_ideal_cycle_is_of_the_products_that_were_released():
    plant = plant_of(
        Source(interval=10.0, sequence=("a", "b", "a")),
        Station(process_time=4.0, transfer_time=1.0),
        Sink(),
        products=("a", "b"),
    )
    report = report_of(recorded(plant, 100.0)[0])
    oee = report.places[1].oee
    assert oee is not None
    assert oee.ideal_cycle == 5.0
    assert [(each.name, each.created, each.finished) for each in report.products] == [
        ("a", 7, 7), ("b", 4, 3),
    ]  # fmt: skip
    assert [each.jph for each in report.products] == [252.0, 108.0]


def test_a_parameter_set_while_running_is_the_one_reported():
    slower = Command(
        action="set", path="/Line/Station_1", attribute="twin:processTime", value=25.0, tick=0
    )
    simulation, journal = recorded(two_stations(), 200.0, slower)
    for report in (report_of(simulation), report_from(journal)):
        oee = report.places[1].oee
        assert oee is not None
        assert oee.ideal_cycle == 25.0


def test_a_report_from_the_journal_is_the_report_from_the_counters():
    simulation, journal = recorded(two_stations(), 200.0)
    assert replace(report_from(journal), history=None) == report_of(simulation)


def test_before_the_first_part_is_done_there_is_no_lead_time():
    report = report_of(recorded(two_stations(), 15.0)[0])
    assert (report.lead_mean, report.lead_max, report.jph) == (None, None, 0.0)


def test_a_run_of_no_time_has_no_report():
    with pytest.raises(CommandError, match="needs a run of some time"):
        report_of(Simulation(two_stations(), interpreted=True))
