"""Vehicles drive round what is in their way where there is a way round, and wait where not."""

from dataclasses import replace

import numpy as np
import pytest

from tests.engine.lines import Tape
from tests.kinds.fleets import FLEET, place, roads
from tests.kinds.test_vehicle import changed, moves_to, run, states_of
from twin.core.state import BLOCKED, STARVED
from twin.core.world import NONE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.dock import Dock
from twin.kinds.fleet import Fleet
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.vehicle import Vehicle
from twin.plant import Plant, Product, check

SECOND = 1_000_000


def by_pass(*, around: bool, count: int = 2, **fleet) -> Plant:
    """A ring A, B, C, D, E, F of 10 m lanes, and a way B, X, Y, D of 30 m beside B, C, D.

    Parts go from A to E. V0 begins at P0, 10 m before A; V1 at P1, 10 m before Z, 10 m before A.
    """
    points = {
        "Z": (-10, 0), "A": (0, 0), "B": (10, 0), "C": (20, 0), "D": (30, 0), "E": (40, 0),
        "F": (40, 10), "G": (-10, 10), "P0": (0, -10), "P1": (-10, -10),
    }  # fmt: skip
    lanes = ["Z A B C D E F G Z", "P0 A P0", "P1 Z P1"]
    if around:
        points |= {"X": (10, -10), "Y": (30, -10)}
        lanes.append("B X Y D")
    served = {"capacity": 4}
    return Plant(
        places=(
            place("/Source", Source(interval=0.0, limit=count), 0, 0, "/From"),
            place("/From", Dock(waypoint=("/A",), fleet=(FLEET,), **served), 0, 0, "/To"),
            place("/To", Dock(waypoint=("/E",), **served), 40, 0, "/Sink"),
            place("/Sink", Sink(), 40, 0),
            *roads(points, lanes),
            place(FLEET, Fleet(**fleet)),
            *(
                place(f"/V{k}", Vehicle(fleet=(FLEET,), home=(f"/P{k}",), speed=1.0, length=2.0))
                for k in range(2)
            ),
        )
    )  # fmt: skip


def with_failure(plant: Plant, at: float, until: float, *, lasts: float = 500.0):
    """V0 fails at a time, for so long."""
    simulation = Simulation(plant, recorder=(tape := Tape()))
    simulation.advance(round(at * SECOND))
    simulation.apply(Command(action="fail", path="/V0", value=lasts))
    simulation.advance(round(until * SECOND))
    return simulation, np.concatenate(tape.events)


def test_a_failed_vehicle_is_passed_where_there_is_a_way_round():
    """V0 loads at 10 s, and fails at 25 s between B and C, holding C. V1 comes to A
    when V0 has left it, at 22 s, and drives A, B, X, Y, D, E: 10 + 10 + 20 + 10 + 10 m."""
    plant = by_pass(around=True)
    assert check(plant) == []
    _, events = with_failure(plant, 25.0, 300.0)
    assert moves_to(plant, events, "/V1") == [22.0]
    assert moves_to(plant, events, "/To") == [22.0 + 60.0]
    assert states_of(plant, events, "/V1")[3:] == [(82.0, STARVED)]


def test_without_a_way_round_vehicles_wait_behind_the_failed_one():
    """V0 stands from 25 s to 525 s, 5 m before C; it leaves C at 530 s, and is clear at 532 s."""
    plant = by_pass(around=False)
    _, events = with_failure(plant, 25.0, 700.0)
    assert moves_to(plant, events, "/To") == [10.0 + 40.0 + 500.0, 532.0 + 30.0]
    assert (32.0, BLOCKED) in states_of(plant, events, "/V1")


def test_without_patience_a_fleet_never_leaves_its_way():
    plant = by_pass(around=True, patience=0.0)
    _, events = with_failure(plant, 25.0, 700.0)
    assert moves_to(plant, events, "/To") == [10.0 + 40.0 + 500.0, 532.0 + 30.0]


def test_a_vehicle_that_waits_already_leaves_when_its_patience_ends():
    """V0 fails at 9.5 s, still before A; nobody can pass. Free again, it goes on, and V1 too."""
    plant = by_pass(around=True)
    _, events = with_failure(plant, 9.5, 300.0, lasts=60.0)
    assert moves_to(plant, events, "/V0") == [70.0]
    assert moves_to(plant, events, "/V1") == [82.0]


def test_a_closed_waypoint_is_driven_round():
    plant = by_pass(around=True)
    simulation = Simulation(plant, recorder=(tape := Tape()))
    simulation.apply(Command(action="stop", path="/C"))
    simulation.advance(300 * SECOND)
    events = np.concatenate(tape.events)
    assert moves_to(plant, events, "/To") == [10.0 + 60.0, 22.0 + 60.0 + 10.0]  # waits for Y


def slow_dock(handling: float, patience: float) -> Plant:
    """A second dock at C keeps vehicles for so long; its parts go to E too."""
    plant = by_pass(around=True, count=1, patience=patience)
    docks = (
        place("/Other", Source(interval=0.0, limit=1), 20, 1, "/Slow"),
        place("/Slow", Dock(waypoint=("/C",), fleet=(FLEET,), handling_time=handling),
              20, 1, "/To"),
    )  # fmt: skip
    return replace(plant, places=(*plant.places, *docks))


def test_a_vehicle_that_would_wait_long_for_one_that_loads_goes_round():
    """V0 goes to A, 10 m. V1 fetches at C by 20 + 10 + 10 m... whoever comes second waits at B."""
    quick = run(slow_dock(100.0, 15.0), 400)
    patient = run(slow_dock(100.0, 0.0), 400)
    ends = [moves_to(slow_dock(100.0, 15.0), events, "/To") for _, events in (quick, patient)]
    assert ends[0][0] <= ends[1][0]


def test_docks_are_passed_by_where_another_way_is_not_longer_than_their_handling():
    """The way past the dock at C is 20 m, the other 40 m: 20 s more. Handling 10 s: through C;
    handling 30 s: round it."""
    for handling, metres in ((10.0, 40), (30.0, 60)):
        plant = slow_dock(handling, 0.0)
        plant = changed(plant, "/Other", times=(1000.0,))
        simulation = Simulation(plant)
        simulation.advance(100 * SECOND)
        rows = [simulation.world.place[plant.index(f"/V{k}")] for k in range(2)]
        assert sum(int(row.driven_loaded) for row in rows) == metres * SECOND


def test_a_vehicle_that_stays_makes_way_for_another_one():
    """V0 sets down at E at 50 s, and stays there; V1 comes to D at 52 s, and sends it
    away; it has left E at 54 s."""
    plant = by_pass(around=False, idle_vehicles="stay")
    _, events = run(plant, 300)
    assert moves_to(plant, events, "/To") == [50.0, 64.0]
    simulation, _ = run(plant, 1000)
    first, second = (simulation.world.place[plant.index(f"/V{k}")] for k in range(2))
    assert plant.places[first.at].path == "/P0"
    assert plant.places[second.at].path == "/E"
    held = [simulation.world.place[plant.index(path)].holder != NONE for path in ("/P0", "/P1")]
    assert held == [True, False]


def test_idle_vehicles_take_the_nearest_home_that_is_free():
    """From E, P1 lies 20 m nearer than P0; V0 comes first and takes it, V1 has the other one."""
    plant = by_pass(around=False, idle_vehicles="nearest")
    simulation, _ = run(plant, 1000)
    ends = [plant.places[simulation.world.place[plant.index(f"/V{k}")].at].path for k in range(2)]
    assert ends == ["/P1", "/P0"]


@pytest.mark.parametrize("rule", ["home", "stay", "nearest"])
def test_whatever_idle_vehicles_do_all_parts_are_carried(rule: str):
    plant = by_pass(around=True, count=30, idle_vehicles=rule)
    plant = changed(plant, "/Source", interval=17.0)
    simulation, _ = run(plant, 3000)
    assert int(simulation.world.clock[0].finished) == 30


def test_an_exit_of_a_dock_takes_several_products():
    """x and y go to the first dock, z to the second, w to either: the first with room."""
    points = {"H": (-5, 0), "A": (0, 0), "B": (10, 0), "C": (20, 0)}
    own = Dock(
        waypoint=("/A",), fleet=(FLEET,), capacity=4, products=("x", "y", "z"), exits=(0, 0, 1)
    )
    plant = Plant(
        places=(
            place("/Source", Source(interval=0.0, sequence=tuple("xyzw"), limit=4), 0, 0, "/A0"),
            place("/A0", own, 0, 0, "/X", "/Z"),
            place("/X", Dock(waypoint=("/B",), capacity=2), 10, 0, "/Work"),
            place("/Z", Dock(waypoint=("/C",), capacity=4), 20, 0, "/Sink"),
            place("/Work", Station(process_time=5000.0), 10, 0, "/Sink"),
            place("/Sink", Sink(), 20, 0),
            *roads(points, ["H A B C B A H"]),
            place(FLEET, Fleet()),
            place("/V", Vehicle(fleet=(FLEET,), home=("/H",), speed=1.0)),
        ),
        products=tuple(Product(name=name) for name in "xyzw"),
    )  # fmt: skip
    assert check(plant) == []
    _, events = run(plant, 400)
    assert moves_to(plant, events, "/X") == [15.0, 35.0, 95.0]
    assert moves_to(plant, events, "/Z") == [65.0]
    wrong = changed(plant, "/A0", exits=(0, 0, 2))
    rule = "/A0 twin:exits must be numbers from 0 to 1 of the docks in twin:next, got 2"
    assert [str(each) for each in check(wrong)] == [rule]
    short = changed(plant, "/A0", exits=(0,))
    assert any("twin:exits" in str(each) for each in check(short))
