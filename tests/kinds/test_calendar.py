"""Shifts: who works when, and what becomes of work in progress at the bell; times in seconds."""

from dataclasses import replace

import pytest

from tests.engine.lines import Tape
from twin.core.record import MOVE
from twin.core.state import OFF_SHIFT, STATES, WORKING
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, check, connect

SECOND = 1_000_000


def plant(calendar, process=4.0, **station):
    """One saturated station that keeps shifts."""
    places = connect([
        ("/Source", Source(interval=0.0)),
        ("/Station", Station(process_time=process, **station)),
        ("/Sink", Sink()),
    ])  # fmt: skip
    places = [
        replace(place, calendar="/Shifts") if place.path == "/Station" else place
        for place in places
    ]
    return Plant(places=(*places, Place(path="/Shifts", params=calendar)))


def shifts(at_bell="stop", starts=(0.0, 30.0), ends=(10.0, 40.0), period=60.0):
    return Calendar(period=period, starts=starts, ends=ends, at_bell=at_bell)


def run(plant, until, *commands):
    """Seconds at which parts are finished, and the seconds of the station in each state."""
    tape = Tape()
    simulation = Simulation(plant, recorder=tape, interpreted=True)
    for second, command in commands:
        simulation.advance(second * SECOND)
        simulation.apply(command)
    simulation.advance(until * SECOND)
    moves = [row for events in tape.events for row in events if row["code"] == MOVE]
    done = [int(row["tick"]) / SECOND for row in moves if row["place"] == 2]
    times = simulation.totals().place.times[1] / SECOND
    return done, dict(zip(STATES, times.tolist(), strict=True))


def test_work_that_stops_at_the_bell_goes_on_in_the_next_shift():
    done, times = run(plant(shifts()), 60)  # two seconds of the third part are left at 10 s
    assert done == [4, 8, 32, 36, 40]
    assert times["working"] == 20
    assert times["off shift"] == 40


def test_work_that_is_finished_after_the_bell_leaves_the_next_shift_fresh():
    done, times = run(plant(shifts("finish")), 60)
    assert done == [4, 8, 12, 34, 38, 42]
    assert times["working"] == 24
    assert times["off shift"] == 36


def test_shifts_come_again_every_period():
    done, _ = run(plant(shifts(starts=(0.0,), ends=(10.0,), period=20.0), process=5.0), 100)
    assert done == [5, 10, 25, 30, 45, 50, 65, 70, 85, 90]


def test_a_run_that_begins_before_the_first_shift_waits_for_it():
    done, times = run(plant(shifts(starts=(7.0,), ends=(27.0,))), 27)
    assert done == [11, 15, 19, 23, 27]
    assert times["off shift"] == 7


def test_a_shift_around_midnight_has_no_gap():
    day = shifts(starts=(0.0, 40.0), ends=(20.0, 60.0))
    done, times = run(plant(day, process=10.0), 120)
    assert done == [10, 20, 50, 60, 70, 80, 110, 120]
    assert times["off shift"] == 40


def test_a_failure_at_the_bell_is_repaired_off_shift():
    fail = Command(action="fail", path="/Station", value=10.0)
    done, times = run(plant(shifts()), 40, (9, fail))  # repaired at 19 s, off shift until 30 s
    assert done == [4, 8, 33, 37]
    assert times["down"] == 1
    assert times["off shift"] == 20


def test_a_failure_after_the_bell_delays_work_that_is_being_finished():
    fail = Command(action="fail", path="/Station", value=3.0)
    done, times = run(plant(shifts("finish")), 40, (11, fail))
    assert done == [4, 8, 15, 34, 38]
    assert (times["down"], times["working"]) == (3, 22)


def test_a_place_with_nothing_to_finish_goes_off_at_once():
    lazy = replace(plant(shifts("finish")).places[0], params=Source(interval=100.0))
    whole = plant(shifts("finish"))
    _, times = run(replace(whole, places=(lazy, *whole.places[1:])), 30)
    assert times["off shift"] == 20


def test_a_part_that_is_done_can_leave_off_shift():
    whole = plant(shifts(starts=(0.0,), ends=(4.0,)))
    places = {place.path: place for place in whole.places}
    slow = Place(path="/Slow", params=Station(process_time=9.0), next=("/Sink",))
    places["/Station"] = replace(places["/Station"], next=("/Slow",))
    run_of = Simulation(replace(whole, places=(*places.values(), slow)), interpreted=True)
    run_of.advance(30 * SECOND)
    assert run_of.world.clock.finished[0] == 1
    assert run_of.world.place.passed[1] == 1


def test_the_calendar_itself_shows_the_shift():
    simulation = Simulation(plant(shifts()), interpreted=True)
    seen = []
    for second in (5, 15, 35, 45, 65):
        simulation.advance(second * SECOND)
        seen.append(int(simulation.world.place.state[3]))
    assert seen == [WORKING, OFF_SHIFT, WORKING, OFF_SHIFT, WORKING]


@pytest.mark.parametrize(
    ("calendar", "problem"),
    [
        (shifts(starts=(), ends=()), "/Shifts twin:starts must name at least one shift, got none"),
        (
            shifts(starts=(0.0,), ends=(5.0, 9.0)),
            "/Shifts twin:ends must have one end for each of the 1 starts, got 2",
        ),
        (
            shifts(starts=(0.0, 5.0), ends=(10.0, 12.0)),
            "/Shifts twin:starts must not begin before the shift before it ends (10 s), got 5",
        ),
        (shifts(starts=(9.0,), ends=(9.0,)), "/Shifts twin:ends must be > its start (9 s), got 9"),
        (
            shifts(starts=(9.0,), ends=(99.0,)),
            "/Shifts twin:ends must be <= twin:period (60 s), got 99",
        ),
    ],
)
def test_a_calendar_that_can_not_be_kept_is_named(calendar, problem):
    assert [str(each) for each in check(plant(calendar))] == [problem]


def test_a_place_may_only_keep_a_calendar():
    whole = plant(shifts())
    places = [replace(each, calendar="/Sink") for each in whole.places[1:2]]
    wrong = replace(whole, places=(whole.places[0], *places, *whole.places[2:]))
    assert [str(each) for each in check(wrong)] == [
        "/Station twin:calendar must point at a calendar, got /Sink; did you mean /Shifts?"
    ]


def test_a_line_off_shift_fills_the_buffer_before_it():
    whole = plant(shifts(starts=(0.0,), ends=(5.0,)))
    rows = {place.path: place for place in whole.places}
    rows["/Source"] = Place(path="/Source", params=Source(interval=2.0), next=("/Buffer",))
    rows["/Buffer"] = Place(path="/Buffer", params=Buffer(capacity=4), next=("/Station",))
    simulation = Simulation(replace(whole, places=tuple(rows.values())), interpreted=True)
    simulation.advance(50 * SECOND)
    levels = dict(zip(rows, simulation.world.place["count"].tolist(), strict=True))
    assert levels["/Buffer"] == 4
