from dataclasses import replace

import pytest

from tests.report.lines import plant_of, recorded, two_stations
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.report import report_from
from twin.report.history import history_of
from twin.report.parts import NEVER, parts_of
from twin.units import to_ticks


def test_parts_are_known_from_their_making_to_their_end():
    _, journal = recorded(two_stations(), 200.0)
    parts = parts_of(journal)
    assert (parts.created // 1_000_000).tolist() == [0, 10, 30, 60, 90, 120, 150, 180]
    assert (parts.finished[:6] // 1_000_000).tolist() == [50, 80, 110, 140, 170, 200]
    assert parts.finished[6:].tolist() == [NEVER] * 2
    assert parts.serial.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    _, earlier = recorded(two_stations(), 190.0)
    assert parts_of(earlier).serial.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_output_is_counted_hour_by_hour():
    plant = plant_of(Source(interval=600.0), Station(process_time=300.0), Sink())
    _, journal = recorded(plant, 2.5 * 3600)
    history = history_of(journal)  # done at 300 s, 900 s, ...; the last at 8700 s
    assert history.finished_by_hour == (6, 6, 3)
    assert history.jph_by_hour == (6.0, 6.0, 6.0)


def test_a_part_done_on_the_hour_belongs_to_the_hour_that_ends():
    plant = plant_of(Source(interval=1800.0), Station(process_time=1800.0), Sink())
    assert history_of(recorded(plant, 7200.0)[1]).finished_by_hour == (2, 2)


def test_lead_time_quantiles_are_lead_times_that_occurred():
    _, journal = recorded(two_stations(), 200.0)  # lead times 50 70 80 80 80 80
    assert history_of(journal).lead_quantiles == (50.0, 80.0, 80.0, 80.0)
    _, empty = recorded(two_stations(), 20.0)
    assert history_of(empty).lead_quantiles == ()


def test_a_report_from_a_journal_has_the_history():
    _, journal = recorded(two_stations(), 200.0)
    report = report_from(journal)
    assert report.history == history_of(journal)
    assert report == replace(report, elapsed=journal.until / to_ticks(1.0))
    assert report.jph == pytest.approx(108.0)
