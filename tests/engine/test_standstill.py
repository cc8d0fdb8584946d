"""Standstills: plants that wait in vain are found, and plants that are done are left in peace."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import exponential
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import RunError
from twin.kinds.assembler import Assembler
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.gate import Gate
from twin.kinds.merge import Merge
from twin.kinds.paced_line import PacedLine
from twin.kinds.router import Router
from twin.kinds.shuttle import Shuttle
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.store import Store
from twin.plant import Place, Plant, Product, connect

SECOND = 1_000_000
AB = (Product(name="A"), Product(name="B"))


def mixed(*behind, sequence=("B", "A"), more=(), **source):
    """One source of two products, a buffer, and what is behind it."""
    line = [("/Source", Source(interval=1.0, sequence=sequence, **source)), ("/Line", Buffer())]
    return Plant(places=(*connect([*line, *behind, ("/Sink", Sink())]), *more), products=AB)


def wanting(**source):
    """A merge that wants A first, behind a line on which B comes first."""
    return mixed(("/Merge", Merge(rule="sequence", sequence=("A", "B"))), **source)


def message(plant, until=1000, **options):
    with pytest.raises(RunError) as error:
        Simulation(plant, **options).advance(until * SECOND)
    return str(error.value)


def lives(plant, until=1000, **options):
    simulation = Simulation(plant, **options)
    simulation.advance(until * SECOND)
    return simulation


def outcome(plant):
    """The run after 500 s, or what it says of a deadlock."""
    try:
        return "", lives(plant, until=500)
    except RunError as error:
        return str(error), None


def test_a_merge_whose_next_product_is_stuck_behind_another_is_a_deadlock_that_names_it():
    """B waits in the line from 0 s on, and A in the source from 1 s on."""
    assert message(wanting()) == (
        "/Merge waits for A; /Source waits for /Line; /Line waits for /Merge: "
        "a deadlock since 1.000000 s, as none of it can ever come"
    )


@pytest.mark.parametrize("limit", [2, 4])
def test_it_is_one_too_when_the_source_has_made_its_last_part(limit):
    assert message(wanting(limit=limit)).startswith("/Merge waits for A; ")


def test_it_is_found_between_the_bells_of_a_calendar_and_failures_on_all_time():
    crew = Place(path="/Line/Jam", params=Failure(mtbf=90.0, mttr=1.0, failure_clock="calendar"))
    shifts = Place(path="/Shifts", params=Calendar(period=100.0, starts=(0.0,), ends=(50.0,)))
    assert "a deadlock since 1.000000 s" in message(wanting(more=(crew, shifts)))


def test_a_merge_whose_next_product_is_used_up_is_done():
    assert int(lives(wanting(sequence=("A", "B"), limit=9)).world.clock[0].finished) == 9
    left = Plant(
        places=(
            Place(path="/A", params=Source(interval=1.0, sequence=("A",), limit=3), next=("/M",)),
            Place(path="/B", params=Source(interval=1.0, sequence=("B",)), next=("/M",)),
            Place(
                path="/M", params=Merge(rule="sequence", sequence=("A", "B")), next=("/Sink",)
            ),
            Place(path="/Sink", params=Sink()),
        ),
        products=AB,
    )  # fmt: skip
    assert int(lives(left).world.clock[0].finished) == 6


def joined(*, bases=None, wheels=None, count=1, shared=False):
    """Bases and wheels come to one assembler, by lines of their own or by a shared one."""
    supply = {"interval": 1.0}
    limit = {name: {} if n is None else {"limit": n} for name, n in (("A", bases), ("B", wheels))}
    line = connect([
        ("/Join", Assembler(components=("B",), counts=(count,), process_time=1.0)),
        ("/Sink", Sink()),
    ])  # fmt: skip
    goal = "/Line" if shared else "/Join"
    sources = [
        Place(path=f"/{n}", params=Source(sequence=(n,), **supply, **limit[n]), next=(goal,))
        for n in ("A", "B")
    ]
    shared_line = Place(path="/Line", params=Buffer(capacity=3), next=("/Join",))
    return Plant(places=(*sources, *line, *([shared_line] if shared else [])), products=AB)


@pytest.mark.parametrize(("bases", "wheels"), [(5, None), (None, 5), (5, 7), (7, 5)])
def test_an_assembler_whose_supplies_have_run_out_is_done(bases, wheels):
    simulation = lives(joined(bases=bases, wheels=wheels))
    assert simulation.now == 1000 * SECOND
    assert int(simulation.world.product.finished.sum()) == 5


def test_an_assembler_that_waits_for_wheels_behind_bases_in_its_only_line_is_a_deadlock():
    told = message(joined(count=2, shared=True))
    assert told.startswith("/Join waits for B; ")
    assert "/Line waits for /Join" in told


def test_a_store_that_keeps_the_wanted_product_behind_another_in_its_lane_is_a_deadlock():
    store = Store(capacity=5, lane_count=1, release="target", target=("A",))
    assert message(mixed(("/Store", store), limit=2)).startswith("/Store waits for A: a deadlock")
    assert int(lives(mixed(("/Store", store), limit=1)).world.clock[0].created) == 1


def test_a_place_that_is_stopped_or_a_gate_that_is_closed_waits_for_a_command():
    simulation = Simulation(wanting())
    simulation.apply(Command(action="stop", path="/Sink"))
    simulation.advance(100 * SECOND)
    with pytest.raises(RunError, match="/Merge waits for A"):
        simulation.apply(Command(action="start", path="/Sink"))
    belt = Conveyor(length=4.0, speed=1.0, spacing=1.0)
    gate = Place(path="/Belt/Gate", params=Gate(position=2.0, closed=True))
    simulation = lives(mixed(("/Belt", belt), more=(gate,)))
    simulation.apply(Command(action="start", path="/Belt/Gate"))
    simulation.advance(1100 * SECOND)
    assert int(simulation.world.clock[0].finished) > 90


def test_a_run_of_finished_orders_reaches_its_end():
    assert lives(mixed(limit=10)).now == 1000 * SECOND


def loop(params, parts, room):
    """Parts go round for ever: a merge, a place of some kind, a machine, a buffer."""
    return Plant(
        places=(
            Place(path="/Source", params=Source(interval=3.0, limit=parts), next=("/Merge",)),
            Place(path="/Merge", params=Merge(), next=("/Place",)),
            Place(path="/Place", params=params, next=("/Machine",)),
            Place(
                path="/Machine",
                params=Station(process_time=2.0, transfer_time=1.0),
                next=("/Back",),
            ),
            Place(path="/Back", params=Buffer(capacity=room), next=("/Merge",)),
        )
    )


LOOPED = {
    "shuttle": Shuttle(positions=4, pitch=1.0, index_time=1.0),
    "paced line": PacedLine(length=4.0, speed=1.0, pitch=1.0),
    "standing belt": Conveyor(length=4.0, speed=1.0, spacing=1.0, accumulating=False),
    "belt": Conveyor(length=4.0, speed=1.0, spacing=1.0),
    "buffer": Buffer(capacity=4),
}


def test_a_gap_on_a_shuttle_is_no_room_for_a_part_that_waits_behind_it():
    """Parts at 0, 3, 6, ... s: a gap between two of them stays, and the last part closes the loop.

    The loop's search names the circle: it does not wait until nothing is left to happen.
    """
    told = message(loop(LOOPED["shuttle"], 12, 1))
    assert " is a deadlock: each waits for the next" in told
    assert set(told.split(" is a deadlock")[0].split(" > ")) == {
        "/Merge", "/Place", "/Machine", "/Back",
    }  # fmt: skip


@settings(deadline=None)
@given(kind=st.sampled_from(sorted(LOOPED)), parts=st.integers(1, 12), room=st.integers(1, 4))
def test_a_loop_either_is_named_as_a_circle_or_goes_on(kind, parts, room):
    told, simulation = outcome(loop(LOOPED[kind], parts, room))
    if simulation is None:
        assert " is a deadlock: each waits for the next" in told
        return
    before = int(simulation.world.place[3].passed)
    simulation.advance(1000 * SECOND)
    assert int(simulation.world.place[3].passed) > before


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_plant_is_accused_if_and_only_if_it_never_moves_again(data):
    """Random lines of choosy places. Supplies are endless: who stands still waits in vain."""
    draw = data.draw
    sequence = tuple(draw(st.lists(st.sampled_from("AB"), min_size=1, max_size=4)))
    kinds = st.sampled_from(["buffer", "station", "merge", "store", "assembler"])
    middle = []
    for number, kind in enumerate(draw(st.lists(kinds, min_size=1, max_size=4))):
        params = {
            "buffer": Buffer(capacity=draw(st.integers(1, 3))),
            "station": exponential(1.0),
            "merge": Merge(rule="sequence", sequence=tuple(
                draw(st.lists(st.sampled_from("AB"), min_size=1, max_size=3))
            )),
            "store": Store(
                capacity=draw(st.integers(1, 3)), release="target",
                target=tuple(draw(st.lists(st.sampled_from("AB"), min_size=1, max_size=3))),
            ),
            "assembler": Assembler(
                components=("B",), counts=(draw(st.integers(1, 2)),), process_time=1.0
            ),
        }[kind]  # fmt: skip
        middle.append((f"/P{number}", params))
    other = draw(st.booleans())
    places = connect(
        [("/Source", Source(interval=1.0, sequence=sequence)), *middle, ("/S", Sink())]
    )
    if other:
        goal = draw(st.sampled_from([each.path for each in places[1:]]))
        extra = tuple(draw(st.lists(st.sampled_from("AB"), min_size=1, max_size=2)))
        more = Source(interval=2.0, sequence=extra)
        places = (*places, Place(path="/Other", params=more, next=(goal,)))
    told, simulation = outcome(Plant(places=places, products=AB))
    if simulation is None:
        assert "/Source waits for /P0" in told
        return
    before = int(simulation.world.clock[0].processed)
    simulation.advance(1000 * SECOND)
    assert int(simulation.world.clock[0].processed) > before


@settings(deadline=None, max_examples=40)
@given(
    rule=st.sampled_from(["first", "turn", "share"]),
    limits=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    count=st.integers(1, 3),
    room=st.integers(1, 3),
)
def test_a_plant_with_lines_of_its_own_for_every_supply_is_never_accused(rule, limits, count, room):
    """Whatever runs out first: what is left over waits for a supply that has ended."""
    weights = (1.0, 1.0) if rule == "share" else ()
    bases, wheels = limits
    places = (
        Place(path="/A", params=Source(interval=1.0, sequence=("A",), limit=bases), next=("/R",)),
        Place(path="/R", params=Router(rule=rule, weights=weights), next=("/J0", "/J1")),
        *(
            Place(
                path=f"/J{k}",
                params=Assembler(components=("B",), counts=(count,), process_time=1.0),
                next=("/M",),
            )
            for k in (0, 1)
        ),
        *(
            Place(path=f"/W{k}", params=Buffer(capacity=room), next=(f"/J{k}",))
            for k in (0, 1)
        ),
        *(
            Place(
                path=f"/B{k}", params=Source(interval=1.0, sequence=("B",), limit=wheels),
                next=(f"/W{k}",),
            )
            for k in (0, 1)
        ),
        Place(path="/M", params=Merge(), next=("/J2",)),
        Place(path="/J2", params=Station(process_time=1.0), next=("/Sink",)),
        Place(path="/Sink", params=Sink()),
    )  # fmt: skip
    lives(Plant(places=places, products=AB), until=100)
