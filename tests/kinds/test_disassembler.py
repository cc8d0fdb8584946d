"""Disassemblers: what comes off, in which order, by which exit; and parts that find their base."""

from dataclasses import replace

import numpy as np
import pytest

from tests.engine.lines import Tape, robot_for_all
from tests.kinds.shop_join import doors_off_and_on
from twin.core.record import ATTACHED, DETACHED, MOVE
from twin.core.state import WAITING_OPERATOR, WORKING
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import RunError
from twin.kinds.assembler import Assembler
from twin.kinds.disassembler import Disassembler
from twin.kinds.pool import Pool
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, Product, check

SECOND = 1_000_000
PRODUCTS = tuple(Product(name=name) for name in ("Skid", "Body", "Door"))


def shop(apart, exits=("/Out_0", "/Out_1", "/Out_2"), *, skids=3, slow=0.0):
    """A skid with a body and two doors at 0, 10, ... s is taken apart; three ways lead out."""
    join = Assembler(components=("Body", "Door"), counts=(1, 2))
    outs = [
        Place(path=f"/Out_{k}", params=Station(process_time=slow if k else 0.0), next=("/Sink",))
        for k in range(3)
    ]
    sources = [
        Place(
            path=f"/{name}",
            params=Source(interval=10.0 / count, sequence=(name,), limit=count * skids),
            next=("/Join",),
        )
        for name, count in (("Skid", 1), ("Body", 1), ("Door", 2))
    ]
    return Plant(
        places=(
            *sources,
            Place(path="/Join", params=join, next=("/Apart",)),
            Place(path="/Apart", params=apart, next=exits),
            *outs,
            Place(path="/Sink", params=Sink()),
        ),
        products=PRODUCTS,
    )


def run(plant, until=100.0, commands=()):
    tape = Tape()
    simulation = Simulation(plant, recorder=tape)
    for at, action in commands:
        simulation.advance(at * SECOND)
        simulation.apply(Command(action=action, path="/Apart"))
    simulation.advance(round(until * SECOND))
    return simulation, np.concatenate(tape.events)


def given(plant, events):
    """What left the disassembler: product, exit and time [s], in order."""
    made = {int(row["part"]): int(row["value"]) for row in events[events["code"] == 2]}
    moves = events[(events["code"] == MOVE) & (events["value"] == plant.index("/Apart"))]
    return [
        (PRODUCTS[made[int(row["part"])]].name, int(row["place"]) - 5, int(row["tick"]) / SECOND)
        for row in moves
    ]


def test_parts_leave_one_after_another_and_the_base_at_last():
    """Joined at 5 s, as the second door comes then; 4 s of work; then all leave at 9 s."""
    apart = Disassembler(components=("Body", "Door"), exits=(1, 2), process_time=4.0)
    plant = shop(apart, skids=1)
    _, events = run(plant)
    left = given(plant, events)
    assert sorted(left[:3]) == [("Body", 1, 9.0), ("Door", 2, 9.0), ("Door", 2, 9.0)]
    assert left[3] == ("Skid", 0, 9.0)


def test_a_part_that_can_not_leave_holds_back_what_comes_after_it():
    """Exits 1 and 2 take 3 s each. Doors come off first, as they were built in last: 9, 12 s."""
    apart = Disassembler(components=("Body", "Door"), exits=(1, 2), process_time=4.0)
    plant = shop(apart, skids=1, slow=3.0)
    simulation, events = run(plant)
    left = given(plant, events)
    assert [each[2] for each in left] == [9.0, 12.0, 12.0, 12.0]
    assert simulation.totals().place.times[plant.index("/Apart")][2] == 3 * SECOND  # blocked


def test_what_is_not_named_stays_on_the_base():
    apart = Disassembler(components=("Door",), process_time=1.0)
    plant = shop(apart)
    simulation, events = run(plant)
    assert {each[:2] for each in given(plant, events)} == {("Door", 1), ("Skid", 0)}
    tally = simulation.world.product[simulation.world.place[-1].product :][:3]
    assert tally.finished.tolist() == [3, 0, 6]
    assert tally.built_in.tolist() == [0, 3, 0]


def test_everything_comes_off_if_nothing_is_named():
    plant = shop(Disassembler())
    simulation, events = run(plant)
    tally = simulation.world.product[simulation.world.place[-1].product :][:3]
    assert tally.finished.tolist() == [3, 3, 6]
    assert {each[1] for each in given(plant, events) if each[0] != "Skid"} == {1}


def test_a_stop_delays_the_work_and_loses_nothing():
    apart = Disassembler(process_time=4.0, transfer_time=1.0)
    plant = shop(apart, skids=1)
    _, events = run(plant, 100.0, [(7, "stop"), (20, "start")])
    assert {each[2] for each in given(plant, events)} == {10.0 + 13.0}


def test_operators_take_apart_what_robots_have_loosened():
    """In from 5 to 6 s, operators walk to 8 s, the robot's program, and 4 s for skids only."""
    apart = Disassembler(
        process_time=1.0, products=("Skid",), product_times=(4.0,), transfer_time=1.0,
        workers=("/Crew",), worker_count=2,
    )  # fmt: skip
    plant = shop(apart, skids=1)
    crew = Place(path="/Crew", params=Pool(size=2, walking_speed=1.0), pose=Pose((0.0, 2.0, 0.0)))
    robots = (robot_for_all("/Apart/Robot"),)
    places = [replace(p, robots=robots) if p.path == "/Apart" else p for p in plant.places]
    plant = replace(plant, places=(*places, crew))
    simulation, events = run(plant)
    program = int(simulation.world.program[0].ticks) / SECOND
    left = [each[2] for each in given(plant, events)]
    assert left == pytest.approx([12.0 + program] * 4)
    times = simulation.totals().place.times[plant.index("/Apart")] / SECOND
    assert times[WAITING_OPERATOR] == 2.0
    assert times[WORKING] == pytest.approx(5.0 + program)
    assert simulation.world.place.free[-1] == 2


def test_the_base_has_its_form_when_it_has_been_taken_apart():
    plant = shop(Disassembler(components=("Body", "Door"), form=1, process_time=3.0), skids=1)
    forms = ("loaded", "empty")
    skid = Product(name="Skid", forms=forms)
    plant = replace(plant, products=(skid, *PRODUCTS[1:]))
    assert check(plant) == []
    slow = [
        replace(p, params=Station(process_time=50.0)) if p.path == "/Out_0" else p
        for p in plant.places
    ]
    simulation, _ = run(replace(plant, places=tuple(slow)), until=20.0)
    parts = simulation.world.part
    assert parts.form[parts.serial > 0].tolist() == [1]


def test_doors_come_back_to_the_body_that_they_were_taken_off():
    tape = Tape()
    simulation = Simulation(doors_off_and_on(), seed=3, recorder=tape)
    simulation.advance(2_000 * SECOND)
    events = np.concatenate(tape.events)
    off = {int(e["part"]): int(e["value"]) for e in events[events["code"] == DETACHED]}
    refit = simulation.plant.index("/Refit")
    back = events[(events["code"] == ATTACHED) & (events["place"] == refit)]
    assert len(back) > 500
    assert all(off[int(event["part"])] == event["value"] for event in back)


def test_doors_that_come_back_in_another_order_wait_for_their_body():
    """For ever, in a rack that keeps its order; without `match_own` some end on another body."""
    plant = doors_off_and_on()
    for match_own in (True, False):
        places = [
            Place(
                path=place.path, pose=place.pose, next=place.next,
                params=Assembler(components=("Door",), counts=(1,), transfer_time=0.5,
                                 match_own=match_own)
                if place.path == "/Refit" else place.params,
            )
            for place in plant.places
        ]  # fmt: skip
        tape = Tape()
        run = Simulation(Plant(places=tuple(places), products=plant.products), recorder=tape)
        with pytest.raises(RunError, match="/Refit waits for"):
            run.advance(300 * SECOND)
        events = np.concatenate(tape.events)
        off = {int(e["part"]): int(e["value"]) for e in events[events["code"] == DETACHED]}
        back = events[(events["code"] == ATTACHED) & (events["place"] == plant.index("/Refit"))]
        own = [off[int(event["part"])] == event["value"] for event in back]
        assert all(own) == match_own


@pytest.mark.parametrize(
    ("apart", "exits", "says"),
    [
        (
            Disassembler(),
            ("/Out_0",),
            "/Apart twin:exits must be below 1, the number of places in twin:next, got 1",
        ),
        (
            Disassembler(components=("Door",), exits=(3,)),
            ("/Out_0", "/Out_1", "/Out_2"),
            "twin:exits must be below 3, the number of places in twin:next, got 3",
        ),
        (
            Disassembler(components=("Door", "Body"), exits=(1,)),
            ("/Out_0", "/Out_1", "/Out_2"),
            "twin:exits must be empty or hold one per component, 2, got 1",
        ),
        (
            Disassembler(components=("Dor",)),
            ("/Out_0", "/Out_1", "/Out_2"),
            "twin:components must name products of the plant, got Dor; did you mean Door?",
        ),
        (
            Disassembler(components=("Door", "Door")),
            ("/Out_0", "/Out_1", "/Out_2"),
            "twin:components must name a product only once, got Door",
        ),
    ],
)
def test_exits_and_components_that_do_not_fit_are_problems(apart, exits, says):
    assert says in "\n".join(map(str, check(shop(apart, exits))))
