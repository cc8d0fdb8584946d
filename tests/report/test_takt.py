"""Takt, lead and cycle times, Gantt bars and flows of lines that are known by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.report.lines import Row, plant_of, recorded, two_stations, written
from tests.report.test_identities import plants
from twin.core.record import MOVE
from twin.engine.command import Command
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant
from twin.report.gantt import Bar, gantt_of
from twin.report.history import history_of
from twin.report.sankey import Flow, contracted, flows_of
from twin.report.takt import cycle_times_of, lead_times_of, spread_of, takts_of
from twin.report.totals import totals_of
from twin.units import to_ticks


def test_takt_is_told_against_the_plan_of_the_sources():
    plant = plant_of(Source(interval=60.0), Station(process_time=50.0), Sink())
    failure = Command(action="fail", path="/Line/Station_1", value=30.0, tick=to_ticks(70.0))
    _, journal = recorded(plant, 600.0, failure)
    # Done at 50, 140, 190 s (its part had to wait 20 s), 250 s and every 60 s from then on.
    (takt,) = takts_of(journal)
    assert (takt.target, takt.planned) == (60.0, True)
    assert (takt.intervals.count, takt.intervals.mean, takt.intervals.longest) == (8, 62.5, 90.0)
    assert takt.adherence == 6 / 8
    assert takt.variation == pytest.approx(np.std([90, 50, *[60] * 6]) / 62.5)


def test_without_a_plan_the_median_is_the_target():
    plant = plant_of(Source(interval=0.0), Station(process_time=50.0), Sink())
    (takt,) = takts_of(recorded(plant, 500.0)[1])
    assert (takt.target, takt.planned, takt.adherence, takt.variation) == (50.0, False, 1.0, 0.0)


def test_fewer_than_two_parts_have_no_takt():
    assert takts_of(recorded(two_stations(), 60.0)[1]) == ()
    assert takts_of(recorded(two_stations(), 200.0)[1], since=to_ticks(190.0)) == ()


def test_lead_times_are_told_by_product():
    plant = plant_of(
        Source(interval=30.0, sequence=("a", "b", "b")), Station(process_time=10.0), Sink(),
        products=("a", "b", "c"),
    )  # fmt: skip
    _, journal = recorded(plant, 100.0)
    found = lead_times_of(journal)
    assert [(each.product, each.times.count) for each in found] == [(0, 2), (1, 2)]
    assert {each.times.mean for each in found} == {10.0}
    assert [each.times.count for each in lead_times_of(journal, since=to_ticks(50.0))] == [1, 1]


def test_cycle_times_run_from_coming_in_to_leaving():
    _, journal = recorded(two_stations(), 200.0)
    one, two = cycle_times_of(journal)
    assert (one.place, one.times.count, one.times.longest) == (1, 7, 30.0)
    assert one.times.mean == (20.0 + 6 * 30.0) / 7  # the first finds Station_2 free
    assert (two.place, two.times.count, two.times.mean) == (2, 6, 30.0)


def test_a_part_that_comes_again_has_a_cycle_for_each_time():
    plant = Plant(
        places=(
            Place(path="/A/Source", params=Source(), next=("/A/One",)),
            Place(path="/A/One", params=Station(), next=("/A/Two", "/A/Sink")),
            Place(path="/A/Two", params=Station(), next=("/A/One",)),
            Place(path="/A/Sink", params=Sink()),
        )
    )
    rows: list[Row] = [(0.0, MOVE, 1, 0), (10.0, MOVE, 2, 1), (15.0, MOVE, 1, 2)]
    journal = written(plant, [*rows, (18.0, MOVE, 3, 1)], 20.0)
    one, two = cycle_times_of(journal)
    assert (one.times.count, one.times.mean, one.times.longest) == (2, 6.5, 10.0)
    assert (two.times.count, two.times.mean) == (1, 5.0)
    assert [each.times.mean for each in cycle_times_of(journal, since=to_ticks(15.0))] == [3.0]


@settings(max_examples=30)
@given(plant=plants(), seed=some.integers(0, 5))
def test_lead_times_by_product_sum_to_the_counters(plant: Plant, seed: int):
    simulation, journal = recorded(plant, 100.0, seed=seed, interpreted=False)
    totals, found = totals_of(simulation), lead_times_of(journal)
    assert {each.product: each.times.count for each in found} == {
        row: count for row, count in enumerate(totals.finished.tolist()) if count
    }
    total = sum(each.times.mean * each.times.count for each in found)
    assert total == pytest.approx(totals.lead_ticks / 1e6)
    by_machine = {row: 0 for row, each in enumerate(plant.places) if "Station" in each.path}
    for each in cycle_times_of(journal):
        by_machine[each.place] += each.times.count
    assert by_machine == {row: int(totals.passed[row]) for row in by_machine}


def test_a_spread_has_quantiles_that_occurred():
    spread = spread_of(np.array([to_ticks(each) for each in (1.0, 2.0, 3.0, 10.0)]))
    assert (spread.count, spread.mean, spread.quantiles) == (4, 4.0, (1.0, 2.0, 10.0, 10.0))


def test_bars_cover_the_time_of_each_place():
    _, journal = recorded(two_stations(), 200.0)
    bars = gantt_of(journal, [2])
    assert bars == (
        Bar(place=2, state="starved", start=0.0, end=20.0),
        Bar(place=2, state="working", start=20.0, end=200.0),
    )
    late = gantt_of(journal, since=to_ticks(150.0))
    assert min(bar.start for bar in late) == 150.0
    assert sum(bar.end - bar.start for bar in late) == pytest.approx(4 * 50.0)
    few = gantt_of(journal, most=8)
    assert len(few) <= 8
    assert max(bar.end for bar in few) == 200.0


def test_flows_count_the_parts_over_each_link():
    _, journal = recorded(two_stations(), 200.0)
    assert flows_of(journal) == (
        Flow(giver=0, taker=1, parts=8), Flow(giver=1, taker=2, parts=7),
        Flow(giver=2, taker=3, parts=6),
    )  # fmt: skip
    assert flows_of(journal) == history_of(journal).flows


def test_a_diagram_keeps_branches_and_leaves_out_who_only_passes_on():
    links = {(0, 1): 9, (1, 2): 9, (2, 3): 5, (2, 4): 4, (3, 5): 5, (4, 5): 3, (5, 6): 8, (7, 6): 0}
    flows = tuple(Flow(giver=a, taker=b, parts=parts) for (a, b), parts in links.items())
    assert {(each.giver, each.taker): each.parts for each in contracted(flows, 10)} == {
        (0, 2): 9, (2, 3): 5, (2, 4): 4, (3, 5): 5, (4, 5): 3, (5, 6): 8,
    }  # fmt: skip
    assert [each.parts for each in contracted(flows, 2)] == [9, 8]
