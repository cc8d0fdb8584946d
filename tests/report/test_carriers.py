"""Carriers, such as skids and the bodies of vehicles, are no work in process."""

from dataclasses import replace

import numpy as np
import pytest

from tests.kinds.fleets import shuttle_road
from tests.kinds.shop_loop import skid_loop
from tests.report.lines import recorded
from twin.kinds.station import Station
from twin.plant import Plant, Product
from twin.report import report_from, report_of
from twin.report.flow import work_in_process
from twin.report.retell import totals_from
from twin.report.totals import totals_of

BODY, SKID = 1, 0


def skids(*, carrier: bool) -> Plant:
    """Three skids round a station of 10 s, loaded and unloaded in 1 s each."""
    plant = skid_loop(3, [Station(process_time=10.0)])
    return replace(plant, products=(Product(name="Skid", carrier=carrier), Product(name="Body")))


def test_skids_that_go_round_are_not_in_process_and_bodies_are():
    simulation, _ = recorded(skids(carrier=True), 1000.0)
    report, totals = report_of(simulation), totals_of(simulation)
    assert report.carriers == 3
    assert report.created - report.finished == report.wip_now
    assert totals.created.tolist()[SKID] == 0 == totals.finished.tolist()[SKID]
    as_parts = totals_of(recorded(skids(carrier=False), 1000.0)[0])
    assert as_parts.in_process == totals.in_process + 3
    assert as_parts.part_ticks == totals.part_ticks + 3 * totals.elapsed
    assert as_parts.finished.tolist() == totals.finished.tolist()


@pytest.mark.parametrize("since", [0, 300_000_000])
def test_the_journal_tells_the_same_about_carriers(since: int):
    simulation, journal = recorded(skids(carrier=True), 1000.0)
    told, counted = totals_from(journal, since=since), totals_of(simulation)
    assert (told.in_process, told.carriers) == (counted.in_process, 3)
    assert work_in_process(journal).integral().tolist() == [counted.part_ticks]
    if not since:
        for name in ("created", "finished", "built_in", "lead_ticks", "longest_lead"):
            assert np.array_equal(getattr(told, name), getattr(counted, name)), name
        assert replace(report_from(journal), history=None) == report_of(simulation)


def test_a_body_is_as_long_in_the_plant_as_littles_law_says_without_its_skid():
    """In a full loop a body comes every 10 s; two wait loaded or go, so it stays some 20 s."""
    report = report_of(recorded(skids(carrier=True), 10_000.0)[0])
    assert report.lead_mean is not None
    assert report.wip_mean == pytest.approx(report.jph / 3600 * report.lead_mean, rel=0.01)


def test_the_body_of_a_vehicle_is_always_a_carrier():
    plant = shuttle_road(vehicle={"look": "AMR"}, source={"sequence": ("part",)})
    plant = replace(plant, products=(Product(name="part"), Product(name="AMR")))
    assert plant.carriers == (False, True)
    simulation, journal = recorded(plant, 1000.0)
    report = report_from(journal)
    assert (report.created, report.finished, report.wip_now, report.carriers) == (3, 3, 0, 1)
    assert int(simulation.world.clock[0].created) == 4  # a part for the engine all the same
    assert report.totals.part_ticks == report.totals.lead_ticks
