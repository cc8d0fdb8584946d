"""Commands that people give in a hurry: emergency stops, holds, orders, vehicles out of service."""

from dataclasses import replace

import pytest

from tests.engine.lines import serial_line
from tests.kinds.fleets import ring, shuttle_road
from twin.core.state import DOWN, WORKING
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.journal import Journal, first_difference, replay
from twin.kinds.station import Station
from twin.plant import Plant

SECOND = 1_000_000


def line(**source) -> Plant:
    """A source, two stations of 10 s below /Shop, a sink."""
    plant = serial_line([Station(process_time=10.0), Station(process_time=10.0)], **source)
    name = {place.path: f"/Shop{place.path}" for place in plant.places[1:3]}
    places = tuple(
        replace(
            place,
            path=name.get(place.path, place.path),
            next=tuple(name.get(path, path) for path in place.next),
        )
        for place in plant.places
    )
    return replace(plant, places=places)


def simulate(plant: Plant, *, until=0, **options) -> Simulation:
    simulation = Simulation(plant, interpreted=True, **options)
    simulation.advance(until * SECOND)
    return simulation


def do(simulation: Simulation, action: str, path: str = "", **values) -> Command:
    return simulation.apply(Command(action=action, path=path, **values))


def finished(simulation: Simulation) -> int:
    return int(simulation.world.clock[0].finished)


def test_an_emergency_stop_stops_all_equipment_below_a_path_and_a_start_does_not_lift_it():
    simulation = simulate(line(), until=65)
    do(simulation, "estop", "/Shop")
    assert simulation.world.place.state[1:3].tolist() == [DOWN, DOWN]
    do(simulation, "start", "/Shop/Station_0")
    assert simulation.world.place.state[1] == DOWN
    assert simulation.world.place.down[0] == 0
    simulation.advance(165 * SECOND)
    done = finished(simulation)
    do(simulation, "clear", "/Shop")
    assert WORKING in simulation.world.place.state[1:3]
    simulation.advance(265 * SECOND)
    assert finished(simulation) == done + 10


def test_what_was_stopped_before_an_emergency_stop_stays_so_after_it():
    simulation = simulate(line(), until=65)
    do(simulation, "stop", "/Shop/Station_0")
    do(simulation, "estop", "/Shop")
    do(simulation, "clear", "/Shop")
    assert simulation.world.place.state[1] == DOWN
    assert simulation.world.place.down[2] == 0


def test_a_part_on_hold_does_not_leave_until_it_is_released():
    simulation = simulate(line(), until=65)
    place = simulation.world.place[1]
    serial = int(simulation.world.part[place.first].serial)
    do(simulation, "hold", "/Shop/Station_0", value=float(serial))
    simulation.advance(200 * SECOND)
    assert simulation.world.part[simulation.world.place.first[1]].serial == serial
    do(simulation, "start", "/Shop/Station_0")
    simulation.advance(300 * SECOND)
    assert simulation.world.part[simulation.world.place.first[1]].serial == serial
    do(simulation, "release", "/Shop/Station_0")
    simulation.advance(310 * SECOND)
    assert simulation.world.part[simulation.world.place.first[1]].serial != serial


def test_an_order_is_made_at_once_in_place_of_the_next_part():
    simulation = simulate(line(interval=100.0), until=50)
    assert simulation.world.clock[0].created == 1
    do(simulation, "order", "/Source", attribute="part")
    assert simulation.world.clock[0].created == 2
    simulation.advance(149 * SECOND)
    assert simulation.world.clock[0].created == 2
    simulation.advance(150 * SECOND)
    assert simulation.world.clock[0].created == 3


def test_an_order_in_a_takt_comes_besides_the_parts_that_fall_due():
    simulation = simulate(line(interval=100.0, release="takt"), until=150)
    before = int(simulation.world.clock[0].created)
    do(simulation, "order", "/Source")
    simulation.advance(199 * SECOND)
    assert simulation.world.clock[0].created == before + 1
    simulation.advance(200 * SECOND)
    assert simulation.world.clock[0].created == before + 2


def test_a_withdrawn_vehicle_ends_its_task_goes_home_and_gets_no_other():
    simulation = simulate(ring(8, 2), until=300)
    home = simulation.world.place.home[simulation.plant.index("/V0")]
    driven = []
    do(simulation, "withdraw", "/V0")
    for second in (600, 900):
        simulation.advance(second * SECOND)
        vehicle = simulation.world.place[simulation.plant.index("/V0")]
        driven.append(int(vehicle.driven_loaded))
    assert driven[0] == driven[1]
    assert vehicle.at == home
    done = finished(simulation)
    do(simulation, "return", "/V0")
    simulation.advance(1200 * SECOND)
    assert simulation.world.place[simulation.plant.index("/V0")].driven_loaded > driven[1]
    assert finished(simulation) > done


def test_a_new_seed_draws_what_comes_anew_and_leaves_what_was():
    plant = line(interval=9.0, interval_distribution="exponential")
    one, two, three = (simulate(plant, seed=1, until=500) for _ in range(3))
    do(two, "seed", attribute="7")
    do(three, "seed", attribute="7")
    for simulation in (one, two, three):
        simulation.advance(5000 * SECOND)
    assert two.digest() == three.digest()
    assert one.digest() != two.digest()


REFUSED = [
    ("hold", "/Shop/Station_0", 999.0, "", "/Shop/Station_0 has part 7, not 999"),
    ("hold", "/Sink", 0.0, "", "/Sink must have one part, and room for no other, to hold it"),
    ("order", "/Sink", 0.0, "", "/Sink must be a source to release an order"),
    ("order", "/Source", 0.0, "", "/Source has a part that has not left yet"),
    ("withdraw", "/Sink", 0.0, "", "/Sink must be a vehicle to withdraw"),
    ("estop", "/Shp", 0.0, "", "/Shp is not a place of Plant"),
    ("seed", "", 0.0, "-1", "seed must be a whole number >= 0, got '-1'"),
    ("seed", "", float("nan"), "4", "replication must be a whole number >= 0, got nan"),
]


@pytest.mark.parametrize(("action", "path", "value", "attribute", "message"), REFUSED)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    action, path, value, attribute, message
):
    simulation = simulate(line(), until=65)
    before = simulation.digest()
    with pytest.raises(CommandError) as refused:
        do(simulation, action, path, value=value, attribute=attribute)
    assert message in str(refused.value)
    assert simulation.digest() == before


def test_other_refusals_say_why():
    simulation = simulate(line(interval=100.0, limit=1), until=50)
    with pytest.raises(CommandError, match="has made all 1 parts of its limit"):
        do(simulation, "order", "/Source")
    simulation = simulate(line(interval=100.0), until=50)
    with pytest.raises(CommandError, match="no product 'prt'; did you mean part"):
        do(simulation, "order", "/Source", attribute="prt")
    do(simulation, "stop", "/Source")
    with pytest.raises(CommandError, match="is down; start it"):
        do(simulation, "order", "/Source")
    simulation = simulate(shuttle_road())
    do(simulation, "withdraw", "/V")
    with pytest.raises(CommandError, match="is withdrawn already"):
        do(simulation, "withdraw", "/V")


def test_a_run_with_all_of_them_is_replayed_exactly():
    for plant, script in ((line(interval=30.0), SHOP), (ring(8, 2), ROAD)):
        journal = Journal(plant, seed=5)
        simulation = Simulation(plant, seed=5, motion=True, recorder=journal, interpreted=True)
        for second, action, path, value in script:
            simulation.advance(second * SECOND)
            what = {"attribute": path} if action == "seed" else {"path": path}
            simulation.apply(Command(action=action, value=value, **what))
        simulation.advance(900 * SECOND)
        journal.close(900 * SECOND)
        assert first_difference(journal, replay(journal, interpreted=True)) is None


SHOP = [
    (25, "order", "/Source", 0.0),
    (31, "hold", "/Shop/Station_0", 0.0),
    (60, "estop", "/Shop", 0.0),
    (90, "clear", "/Shop", 0.0),
    (100, "release", "/Shop/Station_0", 0.0),
    (200, "seed", "4", 0.0),
]
ROAD = [(50, "withdraw", "/V0", 0.0), (400, "return", "/V0", 0.0), (500, "estop", "/V1", 0.0)]
