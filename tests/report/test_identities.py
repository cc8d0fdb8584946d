"""What must hold for every line, however it is made."""

from dataclasses import asdict, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.report.lines import plant_of, recorded
from twin.core.parameters import Params
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant
from twin.report import report_from, report_of
from twin.report.retell import totals_from
from twin.report.shares import apportion, shares_of
from twin.report.totals import totals_of
from twin.units import to_ticks

times = some.sampled_from([0.5, 1.0, 3.0, 7.25, 10.0])
distributions = some.sampled_from(["constant", "exponential", "uniform"])
stations = some.builds(
    Station,
    process_time=times,
    process_distribution=distributions,
    process_spread=some.just(0.5),
    transfer_time=some.sampled_from([0.0, 1.0]),
    mtbf=some.sampled_from([0.0, 20.0]),
    mttr=some.just(5.0),
    failure_clock=some.sampled_from(["operating", "calendar"]),
)
buffers = some.builds(Buffer, capacity=some.integers(1, 3))
conveyors = some.just(Conveyor(length=0.008, speed=0.004, spacing=0.002))  # too short to be a jump
sources = some.builds(
    Source,
    interval=some.sampled_from([0.0, 2.0, 9.0]),
    interval_distribution=distributions.filter(lambda name: name != "uniform"),
    sequence=some.sampled_from([(), ("a", "b", "b")]),
    limit=some.sampled_from([0, 4]),
)


@some.composite
def plants(draw: some.DrawFn) -> Plant:
    middle: list[Params] = draw(some.lists(stations | buffers | conveyors, min_size=1, max_size=4))
    line = [draw(sources), draw(stations), *middle, Sink()]
    return plant_of(*line, products=("a", "b"))


@some.composite
def stops(draw: some.DrawFn) -> list[Command]:
    """The first station and the source are stopped, and perhaps started again."""
    ticks = sorted(draw(some.lists(some.integers(0, 99), max_size=4)))
    paths = draw(some.lists(some.sampled_from(["/Line/Source_1", "/Line/Station_1"]), min_size=4))
    actions = draw(some.lists(some.sampled_from(["stop", "start"]), min_size=4))
    return [
        Command(action=action, path=path, tick=to_ticks(tick))
        for tick, path, action in zip(ticks, paths, actions, strict=False)
    ]


@settings(max_examples=60)
@given(plant=plants(), commands=stops(), seed=some.integers(0, 5))
def test_counters_and_journal_tell_the_same(plant: Plant, commands: list[Command], seed: int):
    simulation, journal = recorded(plant, 100.0, *commands, seed=seed, interpreted=False)
    counted, told = asdict(totals_of(simulation)), asdict(totals_from(journal))
    for name in counted:
        if name != "failures":  # those of a stopped place leave no event
            np.testing.assert_array_equal(counted[name], told[name], err_msg=name)
    if not commands:
        np.testing.assert_array_equal(counted["failures"], told["failures"])
        assert replace(report_from(journal), history=None) == report_of(simulation)


@settings(max_examples=40)
@given(plant=plants(), seed=some.integers(0, 5), since=some.integers(1, 99))
def test_what_a_journal_tells_after_a_tick_is_what_was_counted_after_it(
    plant: Plant, seed: int, since: int
):
    _, journal = recorded(plant, 100.0, seed=seed, interpreted=False)
    simulation = Simulation(plant, seed=seed)
    simulation.advance(to_ticks(since))
    before = asdict(totals_of(simulation))
    simulation.advance(to_ticks(100.0))
    after = asdict(totals_of(simulation))
    told = asdict(totals_from(journal, since=to_ticks(since)))
    for name in ("created", "finished", "lead_ticks", "part_ticks", "times", "passed", "failures"):
        np.testing.assert_array_equal(after[name] - before[name], told[name], err_msg=name)
    np.testing.assert_array_equal(after["level"], told["level"])
    report = report_from(journal, since=to_ticks(since))
    assert report.elapsed == 100.0 - since
    assert report.history is not None
    assert sum(report.history.finished_by_hour) == report.finished
    assert sum(each.parts for each in report.history.flows) == sum(
        place.passed for place in report.places if place.kind != "sink"
    )


@settings(max_examples=60)
@given(plant=plants(), seed=some.integers(0, 5))
def test_every_report_adds_up(plant: Plant, seed: int):
    simulation, _ = recorded(plant, 100.0, seed=seed, interpreted=False)
    report, totals = report_of(simulation), totals_of(simulation)
    assert report.created == report.finished + report.wip_now
    assert sum(place.level for place in report.places) == report.wip_now
    assert sum(each.finished for each in report.products) == report.finished
    assert sum(each.jph for each in report.products) == pytest.approx(report.jph)
    assert (totals.times.sum(axis=1) == totals.elapsed).all()
    for place in report.places:
        assert sum(Decimal(str(share)) for share in place.shares.values()) == 1
        if place.oee is not None:
            oee = place.oee
            factors = oee.availability * oee.performance * oee.quality
            assert oee.oee == pytest.approx(factors, rel=1e-12)
            assert oee.oee == pytest.approx(oee.ideal_cycle * oee.good / oee.planned, rel=1e-12)
            assert oee.availability == pytest.approx(1 - place.shares["down"], abs=1e-6)


@given(amounts=some.lists(some.integers(0, 10**15), min_size=1).filter(any))
def test_shares_sum_to_one_and_are_off_by_less_than_a_millionth(amounts: list[int]):
    shares = shares_of(amounts)
    assert sum(Decimal(str(share)) for share in shares) == 1
    whole = sum(amounts)
    assert all(abs(s - a / whole) < 1.000001e-6 for s, a in zip(shares, amounts, strict=True))


def test_units_left_over_go_to_the_largest_remainders():
    assert apportion([1, 1, 1], 10) == [4, 3, 3]
    assert apportion([5, 3, 2], 10) == [5, 3, 2]
    assert apportion([0, 7], 3) == [0, 3]
