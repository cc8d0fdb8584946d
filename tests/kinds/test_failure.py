"""Failure modes of a place, on both clocks, and crews that repair them; times in seconds."""

from dataclasses import replace

import pytest

from tests.engine.lines import Tape
from twin.core.record import FAILED, MOVE, REPAIRED
from twin.core.state import STATES
from twin.engine.simulation import Simulation
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.pool import Pool
from twin.kinds.sensor import Sensor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, check, connect

SECOND = 1_000_000


def every(mtbf, mttr, **more):
    """A failure mode without chance."""
    constant = {"mtbf_distribution": "constant", "mttr_distribution": "constant"}
    return Failure(mtbf=mtbf, mttr=mttr, **constant, **more)


def plant(*modes, station=None, interval=0.0, more=()):
    places = connect([
        ("/Source", Source(interval=interval)),
        ("/Station", station or Station(process_time=4.0)),
        ("/Sink", Sink()),
    ])  # fmt: skip
    rows = [Place(path=f"/Station/Mode_{n}", params=mode) for n, mode in enumerate(modes)]
    return Plant(places=(*places, *rows, *more))


def run(plant, until):
    tape = Tape()
    simulation = Simulation(plant, recorder=tape, interpreted=True)
    simulation.advance(until * SECOND)
    events = [row for events in tape.events for row in events]
    done = [row["tick"] / SECOND for row in events if row["code"] == MOVE and row["place"] == 2]
    return done, simulation, events


def times(simulation, row=1):
    seconds = simulation.totals().place.times[row] / SECOND
    return dict(zip(STATES, seconds.tolist(), strict=True))


def test_a_mode_on_the_operating_clock_strikes_after_so_much_work():
    done, simulation, _ = run(plant(every(10.0, 3.0)), 30)
    assert done == [4, 8, 15, 19, 23, 30]  # down from 10 to 13 and from 23 to 26
    assert times(simulation)["down"] == 6


@pytest.mark.parametrize("seen", [False, True])
def test_a_belt_counts_the_time_in_which_it_moves_parts(seen):
    """A part every 10 s is on the belt for 6 s: 10 s of that end at 14 s, 24 s at the first stop.

    The belt stands from 14 to 17 s, so the second part comes at 19 s, and the third one goes from
    20 s on. 10 s after 17 s are 2 + 6 + 2 s: to 19, 20 to 26, and 30 to 32 s.
    """
    belt = Conveyor(length=6.0, speed=1.0, spacing=1.0)
    places = connect([("/Source", Source(interval=10.0)), ("/Belt", belt), ("/Sink", Sink())])
    more = [Place(path="/Belt/Jam", params=every(10.0, 3.0))]
    if seen:
        more.append(Place(path="/Belt/Eye", params=Sensor(position=2.5)))
    done, simulation, events = run(Plant(places=(*places, *more)), 40)
    failed = [row["tick"] / SECOND for row in events if row["code"] == FAILED]
    assert failed == [14, 32]
    assert done == [6, 19, 26, 39]
    assert times(simulation)["down"] == 6


def test_a_belt_that_is_blocked_does_not_wear():
    """The station takes 20 s for a part: the belt moves from 0 to 6 s, and at 6 s for no time."""
    belt = Conveyor(length=6.0, speed=1.0, spacing=6.0)
    end = Pose((6.0, 0.0, 0.0))
    places = connect([
        Place(path="/Source", params=Source(interval=0.0)),
        Place(path="/Belt", params=belt),
        Place(path="/Station", params=Station(process_time=20.0), pose=end),
        Place(path="/Sink", params=Sink(), pose=end),
    ])  # fmt: skip
    more = [Place(path="/Belt/Jam", params=every(14.0, 1.0))]
    _, _, events = run(Plant(places=(*places, *more)), 100)
    failed = [row["tick"] / SECOND for row in events if row["code"] == FAILED]
    assert failed == [
        28,
        70,
    ]  # 6 s from 0, 6 s from 6, 2 s from 26; 4 s from 29, 6 s from 46, 4 s from 66


def test_a_mode_on_the_calendar_clock_strikes_whether_there_is_work_or_not():
    mode = every(10.0, 3.0, failure_clock="calendar")
    _, simulation, events = run(plant(mode, interval=100.0), 40)
    assert [row["tick"] / SECOND for row in events if row["code"] == FAILED] == [10, 23, 36]
    assert [row["tick"] / SECOND for row in events if row["code"] == REPAIRED] == [13, 26, 39]
    assert times(simulation)["down"] == 9


def test_two_modes_strike_each_on_its_own_count_of_work():
    done, simulation, _ = run(plant(every(6.0, 1.0), every(10.0, 2.0)), 24)
    # down 6-7, 11-13 (10 s of work done), 15-16 (12 s), 22-23 (18 s)
    assert done == [4, 9, 15, 20]
    assert simulation.world.place.failures[3:5].tolist() == [3, 1]
    assert simulation.world.place.failures[1] == 4


def test_a_station_is_down_until_the_last_of_its_modes_is_repaired():
    clock = {"failure_clock": "calendar"}
    _, simulation, _ = run(plant(every(5.0, 6.0, **clock), every(8.0, 5.0, **clock)), 13)
    assert times(simulation)["down"] == 8  # 5 to 11 and 8 to 13


def test_one_crew_repairs_one_after_another_and_the_higher_priority_first():
    clock = {"failure_clock": "calendar", "crew": ("/Crew",)}
    modes = every(5.0, 4.0, **clock), every(6.0, 3.0, **clock), every(7.0, 2.0, priority=1, **clock)
    crew = Place(path="/Crew", params=Pool(size=1))
    _, simulation, events = run(plant(*modes, more=(crew,)), 14)
    ends = [row for row in events if row["code"] == REPAIRED]
    repaired = [(row["value"] - 3, row["tick"] / SECOND) for row in ends]
    assert repaired == [(0, 9), (2, 11), (1, 14)]
    assert times(simulation, row=4)["waiting operator"] == 11 - 6
    assert times(simulation, row=5)["waiting operator"] == 9 - 7


def test_two_crews_repair_at_the_same_time():
    clock = {"failure_clock": "calendar", "crew": ("/Crew",)}
    crew = Place(path="/Crew", params=Pool(size=2))
    _, _, events = run(plant(every(5.0, 4.0, **clock), every(6.0, 3.0, **clock), more=(crew,)), 10)
    assert [row["tick"] / SECOND for row in events if row["code"] == REPAIRED] == [9, 9]


def test_a_crew_off_shift_lets_failures_wait():
    clock = {"failure_clock": "calendar", "crew": ("/Crew",)}
    shifts = Calendar(period=100.0, starts=(20.0,), ends=(90.0,))
    more = (
        Place(path="/Crew", params=Pool(size=1), calendar="/Shifts"),
        Place(path="/Shifts", params=shifts),
    )
    _, simulation, events = run(plant(every(5.0, 4.0, **clock), more=more), 30)
    assert [row["tick"] / SECOND for row in events if row["code"] == REPAIRED] == [24]
    assert times(simulation)["down"] == 20


def test_buffers_and_conveyors_fail_as_well():
    line = connect([
        ("/Source", Source(interval=1.0)),
        ("/Belt", Conveyor(length=2.0, speed=1.0, spacing=1.0)),
        ("/Store", Buffer(capacity=3)),
        ("/Sink", Sink()),
    ])  # fmt: skip
    clock = {"failure_clock": "calendar"}
    modes = (
        Place(path="/Belt/Jam", params=every(5.0, 2.0, **clock)),
        Place(path="/Store/Crane", params=every(9.0, 3.0, **clock)),
    )
    simulation = Simulation(Plant(places=(*line, *modes)), interpreted=True)
    simulation.advance(12 * SECOND)
    down = simulation.totals().place.times[:, STATES.index("down")] / SECOND
    assert down.tolist()[1:3] == [2, 3]


def test_a_mode_of_nothing_is_named():
    lost = Place(path="/Lost", params=every(1.0, 1.0))
    whole = plant()
    assert [str(each) for each in check(replace(whole, places=(*whole.places, lost)))] == [
        "/Lost must be the child of the place that fails; move it"
    ]


def test_a_crew_must_be_a_pool():
    whole = plant(every(5.0, 1.0, crew=("/Sink",)), more=(Place(path="/Crew", params=Pool()),))
    assert [str(each) for each in check(whole)] == [
        "/Station/Mode_0 twin:crew must point at a pool, got /Sink; there are: /Crew"
    ]


@pytest.mark.parametrize("machines", [3, 5])
def test_machines_that_share_a_crew_are_up_as_often_as_theory_says(machines):
    """Machine repair: finite-source M/M/1//N; each machine's share of being up is exact."""
    life, repair = 100.0, 30.0
    ratio, weight, weights = repair / life, 1.0, [1.0]
    for down in range(1, machines + 1):
        weight *= (machines - down + 1) * ratio
        weights.append(weight)
    up = sum(w * (machines - d) for d, w in enumerate(weights)) / sum(weights) / machines
    rows = [Place(path="/Crew", params=Pool(size=1))]
    for n in range(machines):
        rows += connect([
            (f"/Source_{n}", Source(interval=0.0)),
            (f"/Machine_{n}", Station(process_time=1.0)),
            (f"/Sink_{n}", Sink()),
        ])  # fmt: skip
        mode = Failure(mtbf=life, mttr=repair, crew=("/Crew",))
        rows.append(Place(path=f"/Machine_{n}/Mode", params=mode))
    simulation = Simulation(Plant(places=tuple(rows)), seed=4)
    hours = 2_000_000
    simulation.advance(hours * SECOND)
    shares = simulation.totals().place.times[:, STATES.index("working")] / (hours * SECOND)
    found = shares[[isinstance(row.params, Station) for row in rows]]
    assert found.mean() == pytest.approx(up, rel=0.01)
