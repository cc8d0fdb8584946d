"""Laws that every run obeys, whatever its numbers: Little, mirrored lines, more room, less work."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import exponential, little_shop, serial_line
from tests.engine.measured import left
from twin.data import scene_names, scene_path
from twin.engine.simulation import Simulation
from twin.journal import Journal
from twin.kinds.conveyor import Conveyor
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, connect
from twin.report.parts import NEVER, parts_of, work_of
from twin.report.totals import totals_of
from twin.scene import load

SECOND = 1_000_000
HOUR = 3600 * SECOND

buffer_sizes = st.lists(st.integers(0, 4), min_size=2, max_size=2)


def makespan(plant):
    """When the last part of a source with a limit leaves the plant."""
    return max(left(plant, 10 * HOUR)[-1])


@settings(max_examples=25)
@given(
    seed=st.integers(0, 999),
    limit=st.integers(1, 60),
    accumulating=st.booleans(),
    clock=st.sampled_from(["operating", "calendar"]),
)
def test_little_holds_to_the_tick_in_a_plant_that_has_run_empty(seed, limit, accumulating, clock):
    """The stock summed over time is the lead times summed over parts."""
    shop = little_shop(accumulating=accumulating, failure_clock=clock)
    source, *rest = shop.places
    limited = Source(interval=5.0, interval_distribution="exponential", limit=limit)
    plant = Plant(
        places=(Place(path=source.path, params=limited, next=source.next), *rest),
        products=shop.products,
    )
    simulation = Simulation(plant, seed=seed)
    simulation.advance(HOUR)
    totals = simulation.totals()
    assert totals.clock[0].finished == limit
    assert totals.clock[0].part_ticks == totals.product.lead_ticks.sum()


@pytest.mark.parametrize("name", scene_names())
@pytest.mark.parametrize("hours", [0.3, 8.0])
def test_little_holds_to_the_tick_in_every_scene(name, hours):
    """At any tick: the stock summed over time is the leads so far, of parts gone and present.

    Parts leave by themselves, as parts of others, and as scrap.
    """
    plant = load(scene_path(name))
    journal = Journal(plant, seed=3)
    simulation = Simulation(plant, seed=3, recorder=journal)
    simulation.advance(round(hours * HOUR))
    journal.close(simulation.now)
    assert len(parts_of(journal).serial) == simulation.world.clock[0].created > 0
    parts = work_of(journal)
    ends = np.stack([parts.finished, parts.built_in, parts.scrapped])
    gone = np.where(ends == NEVER, simulation.now, ends).min(axis=0)
    assert totals_of(simulation).part_ticks == (gone - parts.created).sum()


times_of_stations = st.lists(st.integers(0, 50), min_size=3, max_size=3)


def constant_line(times, buffers, *, limit):
    stations = [Station(process_time=float(time)) for time in times]
    return serial_line(stations, buffers, limit=limit)


@settings(max_examples=40)
@given(times=times_of_stations, buffers=buffer_sizes, limit=st.integers(1, 30))
def test_a_line_and_its_mirror_finish_at_the_same_tick(times, buffers, limit):
    """Muth 1979."""
    forth = constant_line(times, buffers, limit=limit)
    back = constant_line(times[::-1], buffers[::-1], limit=limit)
    assert makespan(forth) == makespan(back)


@settings(max_examples=25)
@given(
    seed=st.integers(0, 999),
    buffers=buffer_sizes,
    more=st.integers(0, 1),
    mtbf=st.just(0.0) | st.just(9.0),
)
def test_one_more_buffer_place_delays_no_part_anywhere(seed, buffers, more, mtbf):
    """Also with failures on the operating clock: they lengthen work, and no more."""
    stations = [exponential(mtbf=mtbf, mttr=3.0)] * 3
    larger = [places + (i == more) for i, places in enumerate(buffers)]
    few = left(serial_line(stations, buffers), 200 * SECOND, seed=seed)
    many = left(serial_line(stations, larger), 200 * SECOND, seed=seed)
    for later, sooner in zip(few, many, strict=True):
        assert len(sooner) >= len(later)
        assert all(a >= b for a, b in zip(later, sooner, strict=False))


@settings(max_examples=25)
@given(times=times_of_stations, buffers=buffer_sizes, at=st.integers(0, 2), less=st.integers(0, 50))
def test_shorter_work_delays_no_part_anywhere(times, buffers, at, less):
    shorter = [max(0, time - less) if i == at else time for i, time in enumerate(times)]
    slow = left(constant_line(times, buffers, limit=20), HOUR)
    quick = left(constant_line(shorter, buffers, limit=20), HOUR)
    for later, sooner in zip(slow, quick, strict=True):
        assert len(later) == len(sooner) == 20
        assert all(a >= b for a, b in zip(later, sooner, strict=True))


@settings(max_examples=25)
@given(times=times_of_stations, buffers=buffer_sizes, factor=st.integers(2, 7))
def test_times_so_many_times_as_long_make_departures_so_many_times_as_late(times, buffers, factor):
    def plant(scale):
        line = serial_line(
            [Station(process_time=float(scale * t)) for t in times], buffers, limit=20
        )
        belt = Conveyor(length=8.0, speed=1.0 / scale, spacing=3.0)
        *before, sink = line.places
        return Plant(places=connect([*before, Place(path="/Belt", params=belt), sink]))

    once, scaled = left(plant(1), HOUR), left(plant(factor), factor * HOUR)
    assert scaled == [[factor * tick for tick in ticks] for ticks in once]
