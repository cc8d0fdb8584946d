"""Vehicles keep exact times on their lanes, never hold one waypoint twice, and never lock up."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape
from tests.kinds.fleets import FLEET, place, ring, roads, shuttle_road
from twin.core.record import MOVE, STATE
from twin.core.road import WAITING
from twin.core.state import BLOCKED, DOWN, SETUP, STARVED, WORKING
from twin.core.world import NONE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import RunError
from twin.kinds.dock import Dock
from twin.kinds.failure import Failure
from twin.kinds.fleet import Fleet
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.vehicle import Vehicle
from twin.plant import Plant, Product, check

SECOND = 1_000_000
HOUR = 3600 * SECOND


def run(plant, until, *, seed=1, **more):
    tape = Tape()
    simulation = Simulation(plant, seed=seed, recorder=tape, **more)
    simulation.advance(round(until * SECOND))
    return simulation, np.concatenate(tape.events)


def moves_to(plant, events, path):
    """Times [s] at which parts came to a place."""
    rows = (events["code"] == MOVE) & (events["place"] == plant.index(path))
    return (events["tick"][rows] / SECOND).tolist()


def states_of(plant, events, path):
    """Times [s] and states of a place."""
    rows = events[(events["code"] == STATE) & (events["place"] == plant.index(path))]
    return [(float(row["tick"] / SECOND), int(row["value"])) for row in rows]


def test_trips_take_length_over_speed():
    plant = shuttle_road()
    _, events = run(plant, 300)
    assert moves_to(plant, events, "/V") == [5.0, 45.0, 85.0]
    assert moves_to(plant, events, "/To") == [25.0, 65.0, 105.0]
    assert states_of(plant, events, "/V") == [
        (0.0, WORKING), (25.0, STARVED), (25.0, WORKING), (65.0, STARVED), (65.0, WORKING),
        (105.0, STARVED),
    ]  # fmt: skip


def test_handling_comes_on_top_at_both_ends():
    plant = shuttle_road(dock={"handling_time": 3.0})
    _, events = run(plant, 300)
    assert moves_to(plant, events, "/V") == [8.0, 54.0, 100.0]
    assert moves_to(plant, events, "/To") == [31.0, 77.0, 123.0]


def test_an_idle_vehicle_goes_home_and_counts_its_metres():
    plant = shuttle_road()
    simulation, _ = run(plant, 300)
    vehicle = simulation.world.place[plant.index("/V")]
    assert vehicle.at == vehicle.home == plant.index("/H")
    assert vehicle.driven_loaded == 60 * SECOND
    assert vehicle.driven_empty == (5 + 40 + 25) * SECOND
    assert vehicle.passed == 3


def test_a_vehicle_is_sent_from_its_way_home():
    """The second part comes at 30 s, when the vehicle is 5 m on its way from B home."""
    plant = shuttle_road(source={"interval": 30.0, "limit": 2})
    _, events = run(plant, 300)
    assert moves_to(plant, events, "/V") == [5.0, 45.0]


def test_starts_and_stops_take_half_of_speed_over_acceleration_each():
    """v = 2 m/s, a = 1 m/s2: ramps of 2 s and 2 m; H-A is too long for a triangle (5 m > 4 m)."""
    plant = shuttle_road(vehicle={"speed": 2.0, "acceleration": 1.0})
    _, events = run(plant, 300)
    load, unload = 5 / 2 + 2, 20 / 2 + 2
    assert moves_to(plant, events, "/V") == [load, load + 2 * unload, load + 4 * unload]
    assert moves_to(plant, events, "/To") == [load + unload, load + 3 * unload, load + 5 * unload]


def test_a_lane_too_short_for_both_ramps_takes_two_roots_of_length_over_acceleration():
    plant = shuttle_road(vehicle={"speed": 3.0, "acceleration": 1.0})
    _, events = run(plant, 20)
    assert moves_to(plant, events, "/V") == [round(2 * sqrt(5) * SECOND) / SECOND]


def test_a_vehicle_runs_through_a_waypoint_that_it_has_reserved_in_time():
    """20 m in four lanes take as long as in one."""
    points = {"H": (0, -5), "A": (0, 0), "B": (20, 0), "M": (5, 0), "N": (10, 0), "O": (15, 0)}
    whole = shuttle_road(vehicle={"speed": 2.0, "acceleration": 0.5})
    kept = [each for each in whole.places if each.path not in ("/H", "/A", "/B", "/C")]
    parts = replace(whole, places=(*kept, *roads(points, ["H A M N O B O N M A H"])))
    times = [moves_to(plant, run(plant, 300)[1], "/To") for plant in (whole, parts)]
    assert times[0] == times[1]


def test_the_slower_of_lane_and_vehicle_counts():
    plant = shuttle_road(vehicle={"speed": 2.0})
    slow = tuple(
        replace(each, params=replace(each.params, speed=0.5)) if each.path == "/A" else each
        for each in plant.places
    )
    _, events = run(replace(plant, places=slow), 60)
    assert moves_to(plant, events, "/To")[0] == 2.5 + 40.0


def two_in_a_row(**vehicle):
    """Two vehicles one behind the other on a road of 10 m lanes; the first stops 60 s at B.

    Ways: home spurs at A (P0, 10 m) and Z (P1, 10 m); Z, A, B, C, D lie 10 m apart.
    """
    points = {
        "Z": (-10, 0), "A": (0, 0), "B": (10, 0), "C": (20, 0),
        "P0": (0, -10), "P1": (-10, -10), "R": (20, 10), "L": (-10, 10),
    }  # fmt: skip
    lanes = ["Z A B C R L Z", "P0 A P0", "P1 Z P1"]
    moves = {"speed": 1.0} | vehicle
    return Plant(
        places=(
            place("/Source", Source(interval=0.0, limit=2), 10, 1, "/From"),
            place("/From", Dock(waypoint=("/B",), fleet=(FLEET,), handling_time=60.0, capacity=2),
                  10, 1, "/To"),
            place("/To", Dock(waypoint=("/C",), handling_time=1.0, capacity=2), 20, 1, "/Sink"),
            place("/Sink", Sink(), 20, 1),
            *roads(points, lanes),
            place(FLEET, Fleet()),
            place("/V0", Vehicle(fleet=(FLEET,), home=("/P0",), **moves)),
            place("/V1", Vehicle(fleet=(FLEET,), home=("/P1",), **moves)),
        )
    )  # fmt: skip


def test_a_vehicle_waits_before_a_waypoint_that_another_holds():
    """V0 stands at B from 20 s to 80 s; V1 comes to A at 20 s and goes on when B is free."""
    plant = two_in_a_row()
    _, events = run(plant, 400)
    assert states_of(plant, events, "/V1")[:4] == [
        (0.0, WORKING), (20.0, BLOCKED), (80.0, WORKING), (162.0 - 1.0, STARVED)
    ]  # fmt: skip
    assert moves_to(plant, events, "/V1") == [80.0 + 10.0 + 60.0]


@pytest.mark.parametrize("length", [2.0, 5.0, 10.0, 40.0])
def test_a_waypoint_is_free_when_the_tail_has_left_it(length):
    plant = two_in_a_row(length=length)
    _, events = run(plant, 400)
    assert moves_to(plant, events, "/V1") == [80.0 + min(length, 10.0) + 10.0 + 60.0]


def test_a_vehicle_brakes_in_time_and_starts_again():
    """v = 2, a = 0.5: ramps of 4 s and 4 m.

    V0 has left A with its 1 m at 7.5 s. V1 must decide at 5 s whether it stops at Z, and does, at
    9 s; then it runs 10 m to A from rest to rest, and again to B when V0 has left that.
    """
    plant = two_in_a_row(speed=2.0, acceleration=0.5, length=1.0)
    _, events = run(plant, 400)
    loaded = 20 / 2 + 4 + 60
    leaves = loaded + 2 + 1 / 2
    assert states_of(plant, events, "/V1")[:3] == [
        (0.0, WORKING), (9.0 + 9.0, BLOCKED), (leaves, WORKING)
    ]  # fmt: skip
    assert moves_to(plant, events, "/V1") == [leaves + 10 / 2 + 4 + 60]


def test_a_vehicle_that_is_given_its_waypoint_before_it_brakes_does_not_lose_time():
    plant = two_in_a_row(speed=2.0, acceleration=0.5)
    places = [
        replace(each, params=replace(each.params, handling_time=0.5))
        if each.path == "/From"
        else each
        for each in plant.places
    ]
    free = replace(plant, places=tuple(places))
    simulation, events = run(free, 400)
    assert BLOCKED not in [state for _, state in states_of(free, events, "/V0")]
    assert simulation.world.clock.finished == 2


def test_a_head_on_meeting_is_a_circle_of_two_that_pass_each_other():
    """Each wants the other's waypoint: two one-way lanes lie side by side, so both go on at once.

    V0 fetches at A for B, V1 at B for A. Both have loaded after 10 s and set down after 20 s.
    """
    points = {"A": (0, 0), "B": (10, 0), "P0": (0, -5), "P1": (10, -5)}
    served = {"fleet": (FLEET,), "handling_time": 5.0, "capacity": 1}
    plant = Plant(
        places=(
            place("/S0", Source(limit=1), 0, 1, "/A0"),
            place("/S1", Source(limit=1), 10, 1, "/B1"),
            place("/A0", Dock(waypoint=("/A",), **served), 0, 1, "/B0"),
            place("/B1", Dock(waypoint=("/B",), **served), 10, 1, "/A1"),
            place("/B0", Dock(waypoint=("/B",), handling_time=5.0), 10, 1, "/Sink"),
            place("/A1", Dock(waypoint=("/A",), handling_time=5.0), 0, 1, "/Sink"),
            place("/Sink", Sink(), 10, 1),
            *roads(points, ["A B A", "A P0 A", "B P1 B"]),
            place(FLEET, Fleet()),
            *(
                place(f"/V{k}", Vehicle(fleet=(FLEET,), home=(f"/P{k}",), speed=1.0, length=3.0))
                for k in range(2)
            ),
        )
    )
    assert check(plant) == []
    _, events = run(plant, 200)
    for path in ("/B0", "/A1"):
        assert moves_to(plant, events, path) == [5 + 5 + 10 + 5]


def test_a_ring_full_of_vehicles_still_turns():
    """Eight vehicles on eight waypoints, with nothing between them: everybody is moved at once."""
    plant = ring(8, 12, vehicle={"speed": 1.0, "length": 1.0}, dock={"handling_time": 2.0})
    simulation = Simulation(plant)
    simulation.advance(HOUR)
    half = int(simulation.world.clock[0].finished)
    simulation.advance(2 * HOUR)
    assert half > 150
    assert abs(int(simulation.world.clock[0].finished) - 2 * half) < 0.05 * half


def held(simulation):
    """Waypoints with holders, and how many vehicles there are in every zone."""
    world, places = simulation.world, simulation.plant.places
    rows = [i for i, each in enumerate(places) if hasattr(each.params, "lanes")]
    holders = {i: int(world.place[i].holder) for i in rows if world.place[i].holder != NONE}
    zones = {}
    for i, holder in holders.items():
        zones.setdefault(int(world.place[i].zone), set()).add(holder)
    return holders, zones


@settings(max_examples=20, deadline=None)
@given(
    nodes=st.integers(6, 14).map(lambda n: 2 * (n // 2)),
    vehicles=st.integers(1, 12),
    length=st.sampled_from([0.0, 1.0, 4.0, 9.0]),
    acceleration=st.sampled_from([0.0, 0.3, 1.0]),
    speed=st.sampled_from([0.7, 1.5, 4.0]),
    limit=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_vehicles_hold_what_they_should_and_never_lock_up(
    nodes, vehicles, length, acceleration, speed, limit, seed
):
    moves = {"speed": speed, "acceleration": acceleration, "length": length}
    plant = ring(nodes, vehicles, vehicle=moves, dock={"handling_time": 1.0})
    zoned = {f"/N{k}" for k in range(1, 4)}
    places = [
        replace(each, params=replace(each.params, zone="Z", zone_limit=limit))
        if each.path in zoned
        else each
        for each in plant.places
    ]
    failing = [place(f"/V{k}/Stop", Failure(mtbf=200.0, mttr=20.0)) for k in range(0, vehicles, 3)]
    plant = replace(plant, places=(*places, *failing))
    simulation = Simulation(plant, seed=seed)
    rows = [i for i, each in enumerate(plant.places) if isinstance(each.params, Vehicle)]
    before = 0
    for step in range(1, 60):
        simulation.advance(step * 20 * SECOND)
        holders, zones = held(simulation)
        world = simulation.world
        for i in rows:
            vehicle = world.place[i]
            assert holders.get(int(vehicle.front)) == i
            mine = [w for w, holder in holders.items() if holder == i]
            if vehicle.drive != 2:
                assert mine == [vehicle.at]
        for zone, members in zones.items():
            counted = world.place[zone].zone_count
            assert len(members) <= counted <= world.place[zone].zone_limit
        if step % 20 == 0:
            finished = int(world.clock[0].finished)
            assert finished > before
            before = finished


def test_a_fleet_makes_what_its_cycle_allows():
    """One vehicle: a round of 60 m at 1 m/s and two handlings of 2 s, so one part in 64 s + 1 m."""
    plant = ring(12, 1, vehicle={"speed": 1.0}, dock={"handling_time": 2.0})
    simulation = Simulation(plant)
    simulation.advance(10 * HOUR)
    length = 2 * 25 + 2 * sqrt(5.0**2 * 0 + 3.0**2)
    each = length + 4.0
    assert abs(int(simulation.world.clock[0].finished) - 10 * 3600 / each) < 2


@pytest.mark.parametrize("vehicles", [2, 3, 4])
def test_a_loop_with_more_vehicles_makes_more_until_its_docks_are_busy(vehicles):
    """Handling at one dock takes 10 s; then the next drives up 5 m: at most one part in 15 s."""
    plant = ring(12, vehicles, vehicle={"speed": 1.0}, dock={"handling_time": 10.0})
    simulation = Simulation(plant)
    simulation.advance(10 * HOUR)
    cycle = (2 * 25 + 2 * 3 + 20) / vehicles
    expected = 10 * 3600 / max(cycle, 15.0)
    assert int(simulation.world.clock[0].finished) == pytest.approx(expected, rel=0.03)


def test_a_vehicle_charges_below_its_threshold_for_what_is_missing():
    """Range 100 m, charging from 60 % on: after 5 + 20 m it takes another job, after 65 m none."""
    plant = shuttle_road(
        vehicle={"range": 100.0, "charge_below": 0.6, "charge_time": 200.0}, chargers=("/C",),
        source={"limit": 2},
    )  # fmt: skip
    simulation, events = run(plant, 1000)
    assert moves_to(plant, events, "/To") == [25.0, 65.0]
    # From B, 35 m are left; C is 10 m away; 75 of 100 m are missing there: 150 s.
    assert states_of(plant, events, "/V")[-2:] == [(65.0, SETUP), (65.0 + 10 + 150, STARVED)]
    vehicle = simulation.world.place[plant.index("/V")]
    assert vehicle.charge == (100 - 35) * SECOND  # home again: 10 + 20 + 5 m
    assert simulation.world.place[plant.index("/C")].charging == NONE


def test_vehicles_share_a_charger_one_after_another():
    battery = {"range": 250.0, "charge_below": 0.7, "charge_time": 100.0, "speed": 1.0}
    plant = ring(12, 4, vehicle=battery, dock={"handling_time": 2.0}, chargers=1)
    simulation = Simulation(plant)
    low = 0
    for step in range(1, 500):
        simulation.advance(step * 10 * SECOND)
        rows = simulation.world.place
        charging = [i for i in range(4) if rows[plant.index(f"/V{i}")].task == 6]
        assert len(charging) <= 1
        low += len(charging)
    assert low > 100
    assert int(simulation.world.clock[0].finished) > 40


def test_a_failed_vehicle_stands_on_its_lane_and_goes_on_where_it_stopped():
    plant = shuttle_road(vehicle={"acceleration": 0.0})
    simulation = Simulation(plant, motion=True, recorder=(tape := Tape()))
    simulation.advance(15 * SECOND)  # 10 m before B
    simulation.apply(Command(action="fail", path="/V", value=100.0))
    where = simulation.poses().xyz[0].tolist()
    simulation.advance(60 * SECOND)
    assert simulation.poses().xyz[0].tolist() == where == [10.0, 0.0, 0.0]
    simulation.advance(200 * SECOND)
    events = np.concatenate(tape.events)
    assert moves_to(plant, events, "/To")[0] == 125.0
    assert (15.0, DOWN) in states_of(plant, events, "/V")


@pytest.mark.parametrize(("rule", "first"), [
    ("nearest", "near"), ("oldest", "old"), ("longest", "long"),
])  # fmt: skip
def test_the_rule_chooses_the_dock(rule, first):
    """One vehicle that is stopped until 100 s. Docks: near 10 m off, old since 1 s, long with 2."""
    points = {"H": (-5, 0), "A": (0, 0), "B": (10, 0), "C": (20, 0), "D": (30, 0)}
    docks = {"near": "/A", "long": "/B", "old": "/C"}
    times = {"near": 30.0, "long": 20.0, "old": 0.0}
    places = []
    for name, way in docks.items():
        count = 2 if name == "long" else 1
        source = Source(interval=0.0, limit=count, sequence=(name,))
        dock = Dock(waypoint=(way,), fleet=(FLEET,), capacity=2, transfer_time=times[name] + 1)
        places += [place(f"/S_{name}", source, 0, 1, f"/{name}")]
        places += [place(f"/{name}", dock, *points[way[1:]], "/To")]
    plant = Plant(
        places=(
            *places,
            place("/To", Dock(waypoint=("/D",), capacity=9), 30, 0, "/Sink"),
            place("/Sink", Sink(), 30, 0),
            *roads(points, ["H A B C D C B A H"]),
            place(FLEET, Fleet(rule=rule)),
            place("/V", Vehicle(fleet=(FLEET,), home=("/H",), speed=1.0)),
        ),
        products=tuple(Product(name=name) for name in docks),
    )
    assert check(plant) == []
    simulation = Simulation(plant, recorder=(tape := Tape()))
    simulation.apply(Command(action="stop", path=FLEET))
    simulation.advance(100 * SECOND)
    simulation.apply(Command(action="start", path=FLEET))
    simulation.advance(1000 * SECOND)
    events = np.concatenate(tape.events)
    loaded = events[(events["code"] == MOVE) & (events["place"] == plant.index("/V"))]
    names = [plant.places[row].path[1:] for row in loaded["value"]]
    assert names[0] == first
    assert sorted(names) == ["long", "long", "near", "old"]


def dock_loop() -> Plant:
    """Two docks that give their parts to each other only."""
    points = {"H": (-5, 0), "A": (0, 0), "B": (10, 0)}
    served = {"fleet": (FLEET,), "capacity": 2}
    return Plant(
        places=(
            place("/Source", Source(interval=30.0), 0, 0, "/From"),
            place("/From", Dock(waypoint=("/A",), **served), 0, 0, "/To"),
            place("/To", Dock(waypoint=("/B",), **served), 10, 0, "/From"),
            *roads(points, ["H A B A H"]),
            place(FLEET, Fleet()),
            place("/V", Vehicle(fleet=(FLEET,), home=("/H",), speed=1.0)),
        )
    )


def test_docks_that_wait_for_one_another_are_a_deadlock():
    simulation = Simulation(dock_loop())
    with pytest.raises(RunError, match="/To > /From > /To is a deadlock"):
        simulation.advance(HOUR)
    assert int(simulation.world.clock[0].created) > 3


def test_a_product_goes_to_its_own_dock_past_one_that_must_wait():
    """Dock X and its station keep one part each; the third x waits, and y overtakes it."""
    points = {"H": (-5, 0), "A": (0, 0), "B": (10, 0), "C": (20, 0)}
    plant = Plant(
        places=(
            place("/Source", Source(interval=0.0, sequence=tuple("xxxy"), limit=4), 0, 0, "/A0"),
            place("/A0", Dock(waypoint=("/A",), fleet=(FLEET,), capacity=4, products=("x", "y")),
                  0, 0, "/X", "/Y"),
            place("/X", Dock(waypoint=("/B",)), 10, 0, "/Work"),
            place("/Y", Dock(waypoint=("/C",)), 20, 0, "/Sink"),
            place("/Work", Station(process_time=500.0), 10, 0, "/Sink"),
            place("/Sink", Sink(), 20, 0),
            *roads(points, ["H A B C B A H"]),
            place(FLEET, Fleet()),
            place("/V", Vehicle(fleet=(FLEET,), home=("/H",), speed=1.0)),
        ),
        products=(Product(name="x"), Product(name="y")),
    )  # fmt: skip
    assert check(plant) == []
    _, events = run(plant, 200)
    assert moves_to(plant, events, "/X") == [15.0, 35.0]
    assert moves_to(plant, events, "/Y") == [65.0]


def changed(plant, path, **params):
    return replace(plant, places=tuple(
        replace(each, params=replace(each.params, **params)) if each.path == path else each
        for each in plant.places
    ))  # fmt: skip


BROKEN = {
    "/Fleet twin:chargers must name a waypoint: /V has a battery for 500 m": {
        "/V": {"range": 500.0}
    },
    "/V twin:fleet must name who sends it": {"/V": {"fleet": ()}},
    "/V twin:home must name where it begins": {"/V": {"home": ()}},
    "/V twin:home must point at a waypoint": {"/V": {"home": ("/X",)}},
    "/V twin:look must name a product of the plant, got AMR": {"/V": {"look": "AMR"}},
    "/A must not be a home or a charger": {"/V": {"home": ("/A",)}},
    "/A can't be reached by vehicles of /Fleet from /B": {"/B": {"lanes": ("/C",)}},
    "/H twin:lanes must name a waypoint, or a vehicle can never leave": {"/H": {"lanes": ()}},
    "/H twin:lanes must point at a waypoint": {"/H": {"lanes": ("/From",)}},
    "/From twin:waypoint must name where vehicles stop": {"/From": {"waypoint": ()}},
    "/From twin:fleet must name who carries its parts": {"/From": {"fleet": ()}},
    "/From twin:handlingTime must be > 0 s: the waypoint is 20.000 m away": {
        "/From": {"waypoint": ("/B",)}
    },
    "/From twin:products must name one for each of the 1 docks in twin:next, got 2": {
        "/From": {"products": ("part", "part")}
    },
    "/A twin:zoneLimit must be the same in all of zone Z": {
        "/A": {"zone": "Z", "zone_limit": 2}, "/B": {"zone": "Z"},
    },
    "/V twin:range must be >= 60 m": {
        "/V": {"range": 50.0}, "/Fleet": {"chargers": ("/C",)},
    },
    "/V twin:chargeBelow must be >= 0.6:": {
        "/V": {"range": 100.0}, "/Fleet": {"chargers": ("/C",)},
    },
}  # fmt: skip


@pytest.mark.parametrize("problem", BROKEN)
def test_what_a_fleet_needs_is_told_before_the_run(problem):
    plant = shuttle_road()
    for path, params in BROKEN[problem].items():
        plant = changed(plant, path, **params)
    assert [each for each in check(plant) if str(each).startswith(problem)], check(plant)


def test_two_vehicles_may_not_share_a_home_and_a_fleet_needs_one():
    plant = shuttle_road()
    twin = replace(plant.places[-1], path="/W")
    rule = "/W twin:home must be its own: /V has the same"
    problems = check(replace(plant, places=(*plant.places, twin)))
    assert rule in [f"{each.path} {each.rule}" for each in problems]
    lonely = check(replace(plant, places=plant.places[:-1]))
    assert [str(each) for each in lonely] == [
        "/Fleet needs a vehicle: none points at it with twin:fleet"
    ]


def test_a_vehicle_and_its_load_are_seen_on_the_same_way():
    """The body is a product of its own, which the vehicle holds for ever."""
    plant = shuttle_road(vehicle={"look": "AMR"}, source={"sequence": ("part",)})
    plant = replace(plant, products=(Product(name="part"), Product(name="AMR")))
    simulation = Simulation(plant, motion=True)
    vehicle = plant.index("/V")
    for tenth in range(51, 250):
        simulation.advance(tenth * SECOND // 10)
        poses = simulation.poses()
        held = simulation.world.part.serial[simulation.world.part.place == vehicle]
        where = poses.xyz[np.isin(poses.serial, held)]
        assert len(held) == 2
        np.testing.assert_allclose(where, [[tenth / 10 - 5, 0, 0]] * 2, atol=1e-9)
    simulation.advance(HOUR)
    assert simulation.world.part.place.tolist().count(vehicle) == 1
    assert simulation.poses().xyz.tolist() == [[0.0, -5.0, 0.0]]


def test_metres_count_from_the_reset_of_the_statistics():
    simulation = Simulation(shuttle_road())
    simulation.advance(25 * SECOND)
    simulation.reset_statistics()
    simulation.advance(HOUR)
    vehicle = simulation.world.place[simulation.plant.index("/V")]
    assert vehicle.driven_loaded == 40 * SECOND
    assert vehicle.driven_empty == (40 + 25) * SECOND


def test_a_fleet_that_is_stopped_sends_nobody_and_goes_on():
    plant = shuttle_road()
    simulation = Simulation(plant)
    simulation.advance(10 * SECOND)
    simulation.apply(Command(action="stop", path=FLEET))
    simulation.advance(100 * SECOND)
    assert int(simulation.world.clock[0].finished) == 1
    simulation.apply(Command(action="start", path=FLEET))
    simulation.advance(300 * SECOND)
    assert int(simulation.world.clock[0].finished) == 3


def test_a_closed_waypoint_is_waited_for_until_it_opens():
    plant = shuttle_road()
    simulation = Simulation(plant)
    simulation.apply(Command(action="stop", path="/B"))
    simulation.advance(100 * SECOND)
    assert simulation.world.place[plant.index("/V")].drive == WAITING
    simulation.apply(Command(action="start", path="/B"))
    simulation.advance(120 * SECOND)
    assert int(simulation.world.clock[0].finished) == 1
