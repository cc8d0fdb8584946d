"""ISO 22400-2: time elements nest, the OEE is one figure, three known mistakes are not made."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.report.lines import plant_of, recorded
from tests.report.test_identities import plants
from twin.core.state import DOWN, OFF_SHIFT, SETUP, STARVED, STATES, WORKING
from twin.engine.command import Command
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant
from twin.report import Report, report_of
from twin.report.energy import energy_of
from twin.report.iso22400 import Iso22400, elements_of, iso_of
from twin.report.oee import Oee, oees_of
from twin.report.totals import totals_of
from twin.units import to_seconds, to_ticks

HOUR = 3600.0


def times_of(**seconds: float) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Times by state, given by the states' names."""
    return np.array([to_ticks(seconds.get(name.replace(" ", "_"), 0.0)) for name in STATES])


def iso_with(ideal_cycle: float, passed: int, good: int, **seconds: float) -> Iso22400:
    times = times_of(**seconds)
    elapsed = int(times.sum())
    elements = elements_of(times, elapsed)
    lost = int(times[[DOWN, SETUP]].sum())
    oee = Oee(
        planned=to_seconds(elements.pbt), available=to_seconds(elements.pbt - lost),
        ideal_cycle=ideal_cycle, passed=passed, good=good,
    )  # fmt: skip
    return Iso22400(elements=elements, oee=oee, failures=2)


def test_each_key_figure_is_the_one_of_the_standard():
    iso = iso_with(
        50.0, 100, 90, working=6000.0, setup=1000.0, down=1000.0, starved=1500.0, blocked=400.0,
        waiting_operator=50.0, waiting_part=50.0, off_shift=2000.0,
    )  # fmt: skip
    elements = iso.elements
    assert (elements.pbt, elements.aubt, elements.aupt) == tuple(
        to_ticks(each) for each in (10000.0, 8000.0, 7000.0)
    )
    assert elements.adot == to_ticks(2000.0)
    assert iso.availability == 0.6
    assert iso.effectiveness == 5000 / 6000
    assert iso.quality_ratio == 0.9
    assert iso.oee.oee == 0.45
    assert iso.nee == pytest.approx(0.7 * 5000 / 6000 * 0.9)
    assert iso.utilisation_efficiency == 0.75
    assert iso.allocation_efficiency == 0.8
    assert iso.technical_efficiency == 6000 / 7000
    assert iso.setup_ratio == 1000 / 7000
    assert iso.scrap_ratio == 0.1
    assert iso.throughput_rate == 100 * 3600 / 12000
    assert (iso.mtbf, iso.mtbf_operating, iso.mttr) == (4500.0, 3500.0, 500.0)


durations = some.floats(0, 1e5).map(lambda seconds: round(seconds, 3))


@given(
    seconds=some.fixed_dictionaries({name.replace(" ", "_"): durations for name in STATES}),
    cycle=some.floats(0, 1e3),
    counts=some.tuples(some.integers(0, 1000), some.integers(0, 1000)),
)
def test_times_nest_and_the_oee_is_the_product_of_either_set_of_factors(
    seconds: dict[str, float], cycle: float, counts: tuple[int, int]
):
    good, passed = sorted(counts)
    iso = iso_with(cycle, passed, good, **seconds)
    each, oee = iso.elements, iso.oee
    assert each.reference == each.pbt + to_ticks(seconds["off_shift"])
    assert each.pbt == each.adot + each.aubt
    assert each.aubt == each.adet + each.aupt
    assert each.aupt == each.aust + each.apt
    assert oee.oee == (cycle * good / oee.planned if oee.planned else 0.0)
    if each.apt and passed:
        assert iso.availability * iso.effectiveness * iso.quality_ratio == pytest.approx(oee.oee)
        assert oee.availability * oee.performance * oee.quality == pytest.approx(oee.oee)
        assert iso.availability <= oee.availability + 1e-12


@settings(max_examples=30)
@given(plant=plants(), seed=some.integers(0, 5))
def test_every_station_of_a_run_has_one_oee(plant: Plant, seed: int):
    simulation, _ = recorded(plant, 100.0, seed=seed, interpreted=False)
    for place in report_of(simulation).places:
        assert (place.iso22400 is None) == (place.oee is None)
        if place.iso22400 is not None and place.oee is not None and place.iso22400.elements.apt:
            iso = place.iso22400
            assert iso.oee is place.oee
            product = iso.availability * iso.effectiveness * iso.quality_ratio
            assert product == pytest.approx(place.oee.oee, rel=1e-9)


def test_what_is_scrapped_is_no_good():
    simulation, _ = recorded(plant_of(Source(interval=0.0), Station(process_time=10.0), Sink()),
                             100.0)  # fmt: skip
    totals = totals_of(simulation)
    good = replace(totals, passed=totals.passed - [0, 3, 0])
    scrapped = replace(good, scrapped=np.array([[0], [3], [0]]))
    oee = oees_of(simulation.plant, simulation.layout, scrapped)[1]
    assert oee is not None
    assert (oee.passed, oee.good, oee.quality) == (10, 7, 0.7)
    assert oee.oee == 0.7
    assert iso_of(scrapped, 1, oee).scrap_ratio == pytest.approx(0.3)


# Three mistakes found in a published twin; each of these tests would catch one.


def shop(hours: float, *commands: Command) -> Report:
    """Four stations of 50 s behind a source that always has a part."""
    plant = plant_of(Source(interval=0.0), *[Station(process_time=50.0)] * 4, Sink())
    return report_of(recorded(plant, hours * HOUR, *commands, interpreted=False)[0])


def down_for(station: int, at: float, seconds: float) -> Command:
    path = f"/Line/Station_{station}"
    return Command(action="fail", path=path, value=seconds, tick=to_ticks(at))


@pytest.mark.parametrize("hours", [2, 4, 8])
def test_downtime_is_not_counted_in_performance_and_again_in_availability(hours: int):
    report = shop(hours, down_for(1, 1000.0, 500.0))
    oee = report.places[1].oee
    assert oee is not None
    assert oee.oee == pytest.approx(50.0 * oee.good / (hours * HOUR), rel=1e-12)
    assert oee.oee == pytest.approx(oee.availability, abs=0.01)  # it never waits: downtime is all
    assert oee.performance == pytest.approx(1.0, abs=0.01)


def test_downtimes_of_stations_are_not_added_up_in_each_of_them():
    fails = [down_for(number, 1000.0 * number, 100.0) for number in (1, 2, 3, 4)]
    report = shop(2, *fails)
    for place in report.places[1:5]:
        assert place.oee is not None
        assert place.oee.availability == pytest.approx(1 - 100 / 7200)
        assert place.iso22400 is not None
        assert place.iso22400.mttr == 100.0


def test_output_and_planned_time_are_of_the_same_span_however_long():
    for hours in (8, 9, 24):
        report = shop(hours)
        oee, iso = report.places[1].oee, report.places[1].iso22400
        assert oee is not None
        assert iso is not None
        assert oee.planned == hours * HOUR
        assert oee.oee == pytest.approx(50.0 * oee.good / (hours * HOUR), rel=1e-12)
        assert oee.oee <= 1.0
        assert report.jph == pytest.approx(72.0, abs=0.6)
        assert iso.throughput_rate == pytest.approx(72.0, abs=0.2)


def test_time_off_shift_is_not_planned():
    iso = iso_with(50.0, 144, 144, working=7200.0, off_shift=57600.0)
    assert (iso.oee.oee, iso.availability, iso.throughput_rate) == (1.0, 1.0, 8.0)


class Powered(Station):
    """A station that draws power."""

    power_working = 1000.0
    power_waiting = 100.0
    power_off = 10.0


def test_energy_is_the_sum_of_power_times_time_in_each_state():
    plant = plant_of(Source(interval=20.0), Station(process_time=10.0), Sink())
    simulation, _ = recorded(plant, 100.0, down_for(1, 65.0, 10.0))
    totals = totals_of(simulation)
    places = (plant.places[0], replace(plant.places[1], params=Powered()), plant.places[2])
    energy = energy_of(replace(plant, places=places), totals)
    working = int(totals.times[1, WORKING]) / to_ticks(1.0)
    assert totals.times[1, DOWN] == to_ticks(10.0)
    assert energy.places == (0.0, 1000.0 * working + 100.0 * (100.0 - working), 0.0)
    assert energy.per_part == energy.total / int(totals.finished.sum())
    assert energy.kwh == energy.total / 3.6e6
    off = np.zeros_like(totals.times)
    off[1, OFF_SHIFT], off[1, STARVED] = to_ticks(90.0), to_ticks(10.0)
    assert energy_of(replace(plant, places=places), replace(totals, times=off)).total == 1900.0


def test_a_plant_without_powers_draws_none():
    plant = plant_of(Source(interval=20.0), Station(process_time=10.0), Sink())
    energy = report_of(recorded(plant, 5.0)[0]).energy
    assert (energy.total, energy.per_part) == (0.0, None)
