"""Assemblers: bills of materials, waiting for parts, and what travels with a base."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape, exponential, robot_for_all
from twin.core.record import ATTACHED, FINISHED, MOVE
from twin.core.state import STATES
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.assembler import Assembler
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.pool import Pool
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, Product, check

SECOND = 1_000_000
NAMES = ("Car", "Truck", "Wheel", "Engine")
PRODUCTS = tuple(Product(name=name) for name in NAMES)


def shop(assembler, *supplies, extra=()):
    """Sources by (products, interval, limit), all of which give to one assembler."""
    sources = [
        Place(
            path=f"/Source_{k}",
            params=Source(interval=interval, sequence=tuple(names), limit=limit),
            next=("/Join",),
        )
        for k, (names, interval, limit) in enumerate(supplies)
    ]
    return Plant(
        places=(
            *sources,
            Place(path="/Join", params=assembler, next=("/Sink",)),
            Place(path="/Sink", params=Sink()),
            *extra,
        ),
        products=PRODUCTS,
    )


def events_of(plant, until, commands=()):
    tape = Tape()
    simulation = Simulation(plant, recorder=tape)
    for at, action in commands:
        simulation.advance(at * SECOND)
        simulation.apply(Command(action=action, path="/Join"))
    simulation.advance(round(until * SECOND))
    return simulation, np.concatenate(tape.events)


def departures(plant, until, commands=()):
    """When bases left the assembler [s]."""
    _, events = events_of(plant, until, commands)
    join = plant.index("/Join")
    moves = events[(events["code"] == MOVE) & (events["value"] == join)]
    return (moves["tick"] / SECOND).tolist()


def test_a_base_waits_for_all_its_components_and_then_for_the_work():
    """A car at 0, wheels every 2 s: the fourth comes at 6 s; 3 s of work. The next four: at 17 s.

    While the work goes on, and until the base has left, no component comes in: wheel 5 is made at
    8 s, waits until 9 s, and wheels 6, 7 and 8 come at 11, 13 and 15 s.
    """
    join = Assembler(components=("Wheel",), counts=(4,), process_time=3.0)
    plant = shop(join, (["Car"], 0.0, 0), (["Wheel"], 2.0, 0))
    assert departures(plant, 35.0) == [9.0, 18.0, 27.0]


def test_components_come_before_the_base_where_all_bases_need_the_same():
    """Two wheels at 0 and 1 s are here when the car comes at 10 s; it leaves after its 2 s."""
    join = Assembler(
        components=("Wheel",), counts=(2,), base_products=("Car", "Truck"), process_time=2.0
    )
    far = Pose((-10.0, 0.0, 0.0))
    source = Source(interval=10.0, sequence=("Car",))
    cars = Place(path="/Cars", params=source, pose=far, next=("/Belt",))
    belt = Conveyor(length=10.0, speed=1.0, spacing=1.0)
    way = Place(path="/Belt", params=belt, pose=far, next=("/Join",))
    plant = shop(join, (["Wheel"], 1.0, 0), extra=(cars, way))
    simulation, _ = events_of(plant, 5.0)
    assert simulation.world.place[1]["count"] == 2
    assert departures(plant, 30.0) == [12.0, 22.0]


def test_bases_with_different_needs_take_their_own_components():
    """A car needs 2 wheels and an engine, a truck 3 wheels; components wait for their base."""
    join = Assembler(
        components=("Wheel", "Engine", "Wheel"), counts=(2, 1, 3), bases=("Car", "Car", "Truck")
    )
    plant = shop(
        join, (["Car", "Truck", "Car"], 10.0, 3), (["Wheel"], 1.0, 0), (["Engine"], 1.0, 0)
    )
    simulation, events = events_of(plant, 100.0)
    joined = events[events["code"] == ATTACHED]
    bases, counts = np.unique(joined["value"], return_counts=True)
    assert len(bases) == 3
    assert counts.tolist() == [3, 3, 3]
    tally = simulation.world.product[simulation.world.place[-1].product :][:4]
    assert tally.finished.tolist() == [2, 1, 0, 0]
    assert tally.built_in.tolist() == [0, 0, 2 + 3 + 2, 2]


def test_what_is_built_in_leaves_the_plant_with_its_base():
    join = Assembler(components=("Wheel", "Engine"), counts=(4, 1), process_time=1.0)
    plant = shop(join, (["Car"], 0.0, 5), (["Wheel"], 0.0, 20), (["Engine"], 0.0, 5))
    simulation, events = events_of(plant, 100.0)
    clock = simulation.world.clock[0]
    assert (clock.created, clock.finished) == (30, 30)
    done = events[events["code"] == FINISHED]
    by_itself = done["part"][done["value"] == 0]
    assert len(by_itself) == 5
    assert set(done["value"].tolist()) - {0} == set(by_itself.tolist())


def test_a_base_that_carries_a_base_takes_everything_along():
    """A wheel in a car on a truck: one part leaves, and three are finished."""
    inner = Assembler(components=("Wheel",), base_products=("Car",))
    outer = Assembler(components=("Car",), base_products=("Truck",))
    plant = Plant(
        places=(
            Place(path="/Wheels", params=Source(sequence=("Wheel",), limit=7), next=("/Inner",)),
            Place(path="/Cars", params=Source(sequence=("Car",), limit=7), next=("/Inner",)),
            Place(path="/Inner", params=inner, next=("/Outer",)),
            Place(path="/Trucks", params=Source(sequence=("Truck",), limit=7), next=("/Outer",)),
            Place(path="/Outer", params=outer, next=("/Sink",)),
            Place(path="/Sink", params=Sink()),
        ),
        products=PRODUCTS,
    )
    simulation = Simulation(plant)
    simulation.advance(1000 * SECOND)
    clock, world = simulation.world.clock[0], simulation.world
    assert (clock.created, clock.finished, clock.free_parts) == (21, 21, len(world.part))
    tally = world.product[world.place[-1].product :][:4]
    assert tally.finished.tolist() == [0, 7, 0, 0]
    assert tally.built_in.tolist() == [7, 0, 7, 0]


def test_states_tell_waiting_for_parts_from_starving_and_working():
    join = Assembler(components=("Wheel",), process_time=3.0, transfer_time=1.0)
    plant = shop(join, (["Car"], 10.0, 0), (["Wheel"], 12.0, 0))
    # 0: wheel and car come; 1 to 4 work. 10: car arrives until 11, waits for the wheel of 12 s.
    # 12: work until 15. 20: car until 21; the wheel is made at 24. Work until 27.
    simulation, _ = events_of(plant, 30.0)
    times = dict(zip(STATES, simulation.totals().place[2].times / SECOND, strict=True))
    assert times["working"] == (1 + 3) + (1 + 3) + (1 + 3)
    assert times["waiting part"] == 1.0 + 3.0
    assert times["starved"] == 30.0 - 16.0


def test_a_stop_delays_arrival_work_and_waiting():
    join = Assembler(components=("Wheel",), process_time=3.0, transfer_time=2.0)
    plant = shop(join, (["Car"], 100.0, 1), (["Wheel"], 100.0, 1))
    assert departures(plant, 50.0) == [5.0]
    assert departures(plant, 50.0, [(1, "stop"), (6, "start")]) == [10.0]
    assert departures(plant, 50.0, [(4, "stop"), (6, "start")]) == [7.0]


def test_a_stopped_assembler_takes_nothing_and_then_all_that_waits():
    join = Assembler(components=("Wheel",), counts=(3,), process_time=1.0)
    plant = shop(join, (["Car"], 0.0, 1), (["Wheel"], 2.0, 3), (["Wheel"], 2.0, 3))
    assert departures(plant, 50.0, [(1, "stop"), (20, "start")]) == [22.0 + 1.0 - 2.0]


def test_process_times_are_the_base_s_own():
    join = Assembler(
        components=("Wheel",), process_time=2.0, products=("Truck",), product_times=(5.0,)
    )
    plant = shop(join, (["Car", "Truck", "Car"], 0.0, 0), (["Wheel"], 0.0, 0))
    assert departures(plant, 20.0) == [2.0, 7.0, 9.0, 11.0, 16.0, 18.0, 20.0]


def test_operators_come_when_all_parts_are_there_and_go_when_the_work_is_done():
    """In to 1 s, the wheel at 4 s, a walk of 2 m at 1 m/s to 6 s, work to 9 s.

    The third wheel, made at 8 s, comes in at 9 s, the fourth at 13 s: the next car goes at 18 s.
    """
    join = Assembler(
        components=("Wheel",), counts=(2,), process_time=3.0, transfer_time=1.0, workers=("/Crew",)
    )
    crew = Place(path="/Crew", params=Pool(walking_speed=1.0), pose=Pose((0.0, 2.0, 0.0)))
    plant = shop(join, (["Car"], 0.0, 0), (["Wheel"], 4.0, 0), extra=(crew,))
    assert departures(plant, 30.0) == [9.0, 18.0, 27.0]
    simulation, _ = events_of(plant, 9.0)
    times = dict(zip(STATES, simulation.totals().place[2].times / SECOND, strict=True))
    assert (times["working"], times["waiting part"], times["waiting operator"]) == (4.0, 3.0, 2.0)
    assert simulation.world.place.free[-1] == 1


def test_a_stop_sends_a_request_back_and_delays_a_walk():
    join = Assembler(components=("Wheel",), process_time=3.0, workers=("/Crew",))
    crew = Place(path="/Crew", params=Pool(walking_speed=1.0), pose=Pose((0.0, 2.0, 0.0)))
    plant = shop(join, (["Car"], 100.0, 1), (["Wheel"], 100.0, 1), extra=(crew,))
    assert departures(plant, 50.0) == [5.0]
    assert departures(plant, 50.0, [(1, "stop"), (6, "start")]) == [10.0]
    assert departures(plant, 50.0, [(3, "stop"), (6, "start")]) == [8.0]
    shared = Station(process_time=10.0, workers=("/Crew",))
    join = replace(join, transfer_time=1.0)  # so that it asks a second later
    busy = (
        Place(path="/In", params=Source(interval=100.0), next=("/Other",)),
        Place(path="/Other", params=shared, next=("/Out",)),
        Place(path="/Out", params=Sink()),
    )
    plant = shop(join, (["Car"], 100.0, 1), (["Wheel"], 100.0, 1), extra=(crew, *busy))
    assert departures(plant, 50.0) == [17.0]
    assert departures(plant, 50.0, [(4, "stop"), (30, "start")]) == [35.0]


def test_robots_weld_the_base_before_its_process_time_and_it_has_its_form_then():
    join = Assembler(components=("Wheel",), process_time=2.0, form=1)
    plant = shop(join, (["Car"], 100.0, 1), (["Wheel"], 100.0, 1))
    places = [
        replace(each, robots=(robot_for_all("/Join/Robot"),)) if each.path == "/Join" else each
        for each in plant.places
    ]
    products = tuple(Product(name=name, forms=("raw", "welded")) for name in NAMES)
    plant = replace(plant, places=tuple(places), products=products)
    program = int(Simulation(plant).world.program[0].ticks)
    assert departures(plant, 60.0) == [program / SECOND + 2.0]
    simulation = Simulation(plant, motion=True)
    rest = simulation.poses().joints
    simulation.advance(program // 2)
    assert np.abs(simulation.poses().joints - rest).max() > 0.1
    simulation.apply(Command(action="stop", path="/Join"))
    still = simulation.poses().joints
    simulation.advance(program)
    assert np.array_equal(simulation.poses().joints, still)
    simulation.apply(Command(action="start", path="/Join"))
    simulation.advance(2 * program)
    assert np.allclose(simulation.poses().joints, rest)
    assert simulation.world.part.form[simulation.world.part.serial == 1].tolist() == [0]
    simulation.advance(2 * program + 2 * SECOND)
    assert simulation.world.clock[0].finished == 2


@settings(max_examples=25)
@given(
    counts=st.lists(st.integers(1, 4), min_size=2, max_size=2),
    service=st.integers(0, 4),
    intervals=st.tuples(*[st.integers(1, 5)] * 3),
)
def test_departures_equal_the_recursion_of_a_fork_and_join(counts, service, intervals):
    """Racks so large that supply never waits: d(k) = max(d(k-1), car k, last wheel, last engine)
    + service.
    """
    join = Assembler(
        components=("Wheel", "Engine"), counts=tuple(counts), base_products=("Car",),
        process_time=float(service),
    )  # fmt: skip
    racks = []
    for name, interval in zip(("Car", "Wheel", "Engine"), intervals, strict=True):
        source = Source(interval=float(interval), sequence=(name,))
        racks.append(Place(path=f"/{name}", params=source, next=(f"/{name}/Rack",)))
        racks.append(Place(path=f"/{name}/Rack", params=Buffer(capacity=10_000), next=("/Join",)))
    plant = shop(join, extra=racks)
    expected, last = [], 0
    for k in range(20):
        wheels, engines = (counts[0] * (k + 1) - 1), (counts[1] * (k + 1) - 1)
        ready = max(intervals[0] * k, intervals[1] * wheels, intervals[2] * engines, last)
        last = ready + service
        expected.append(float(last))
    actual = departures(plant, 300.0)
    assert actual[:20] == expected[: len(actual)]
    assert len(actual) >= 3


def test_two_exponential_streams_that_join_have_the_rate_of_their_chain():
    """Stations of rate 1 with one place each into an assembler without time (exact by a chain).

    The difference of what waits on both sides is a walk from -2 to 2, equally likely at each of
    its five states, as both go one way at rate 1: a side stands still in one state of five. The
    place in the assembler counts: one component waits there, and a base.
    """
    join = Assembler(components=("Wheel",), base_products=("Car",))
    sides = []
    for name in ("Car", "Wheel"):
        source = Source(interval=0.0, sequence=(name,))
        sides += [
            Place(path=f"/{name}", params=source, next=(f"/{name}/Work",)),
            Place(path=f"/{name}/Work", params=exponential(1.0), next=("/Join",)),
        ]
    simulation = Simulation(shop(join, extra=sides), seed=6)
    simulation.advance(200_000 * SECOND)
    rate = int(simulation.world.product.finished.sum()) / 200_000
    # n = cars done less wheels done: 1 waits in the assembler, the second in its station.
    assert rate == pytest.approx(4 / 5, abs=4 * 0.002)


@pytest.mark.parametrize(
    ("join", "says"),
    [
        (Assembler(components=()), "/Join twin:components must name products, got nothing"),
        (
            Assembler(components=("Whel",)),
            "twin:components must name products of the plant, got Whel; did you mean Wheel?",
        ),
        (
            Assembler(components=("Wheel", "Engine"), counts=(1,)),
            "twin:counts must be empty or hold one per component, 2, got 1",
        ),
        (
            Assembler(components=("Wheel",), bases=("Engin",)),
            "twin:bases must name products that are bases here, got Engin; did you mean Engine?",
        ),
        (
            Assembler(components=("Wheel",), base_products=("Wheel",)),
            "twin:baseProducts must not name a component, got Wheel",
        ),
        (Assembler(components=NAMES), "twin:components must leave a product that is a base"),
        (
            Assembler(components=("Wheel",), form=3),
            "twin:form must be below 1, the most forms that a product has, got 3",
        ),
        (
            Assembler(components=("Wheel",), products=("Car",)),
            "twin:productTimes must have one entry for each of the 1 in twin:products, got 0",
        ),
        (
            Assembler(components=("Wheel",), mtbf=5.0),
            "twin:mttr must be > 0 s where twin:mtbf is set",
        ),
    ],
)
def test_a_bill_of_materials_that_does_not_fit_is_a_problem(join, says):
    assert says in "\n".join(map(str, check(shop(join, (["Car"], 1.0, 0)))))
