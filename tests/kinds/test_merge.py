"""Merges: who passes, of those that wait, by every rule."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape, exponential
from twin.core.record import MOVE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import RunError
from twin.kinds.buffer import Buffer
from twin.kinds.merge import Merge
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Product, check

SECOND = 1_000_000
LETTERS = tuple(Product(name=name) for name in ("A", "B", "C"))


def funnel(merge, *, service=2.0, intervals=(0.0, 0.0, 0.0), limits=(0, 0, 0), room=1):
    """Three sources, each with its product and a queue, into a merge and a machine."""
    sources = []
    for name, interval, limit in zip("ABC", intervals, limits, strict=True):
        source = Source(interval=interval, limit=limit, sequence=(name,))
        sources += [
            Place(path=f"/Source_{name}", params=source, next=(f"/Queue_{name}",)),
            Place(path=f"/Queue_{name}", params=Buffer(capacity=room), next=("/Merge",)),
        ]
    return Plant(
        places=(
            *sources,
            Place(path="/Merge", params=merge, next=("/Machine",)),
            Place(path="/Machine", params=Station(process_time=service), next=("/Sink",)),
            Place(path="/Sink", params=Sink()),
        ),
        products=LETTERS,
    )


def passed(plant, until, *, interpreted=False):
    """The letters of the parts that came through the merge, in order."""
    tape = Tape()
    simulation = Simulation(plant, recorder=tape, interpreted=interpreted)
    simulation.advance(round(until * SECOND))
    events = np.concatenate(tape.events)
    merge = plant.index("/Merge")
    moves = events[(events["code"] == MOVE) & (events["place"] == merge)]
    return "".join("ABC"[(row - 1) // 2] for row in moves["value"].tolist())


def test_the_first_in_order_starves_the_others_while_it_has_parts():
    """At tick 0 one A comes through first, as it is made first; then only B, which goes first."""
    merge = Merge(order=("/Queue_B",))
    letters = passed(funnel(merge, limits=(0, 8, 0)), 60.0)
    assert letters[2:].startswith("BBBBBB")
    assert set(letters[10:]) == {"A"}  # left out of the order, A comes before C


def test_turns_go_round_among_those_that_wait():
    letters = passed(funnel(Merge(rule="turn")), 60.0)
    assert letters[3:].startswith("ABCABCABC") or letters[2:].startswith("CABCABC")


def test_turns_pass_over_who_has_nothing():
    letters = passed(funnel(Merge(rule="turn"), limits=(0, 2, 0)), 60.0)
    assert letters[-6:] in ("ACACAC", "CACACA")


def test_turns_follow_the_order_that_is_given():
    merge = Merge(rule="turn", order=("/Queue_C", "/Queue_B", "/Queue_A"))
    letters = passed(funnel(merge), 60.0)
    assert letters[-9:] in ("CBACBACBA", "BACBACBAC", "ACBACBACB")


def test_whose_part_waits_longest_passes_first():
    """Parts come at 0, 3, 6, ... (A), 0, 4, 8, ... (B) and 0, 5, 10, ... (C); 2.5 s of service.

    All waits of several parts end in the order in which they came to their queues, A before B
    before C at a tie.
    """
    plant = funnel(Merge(rule="longest"), service=2.5, intervals=(3.0, 4.0, 5.0), room=50)
    arrivals = sorted(
        (k * step, name) for step, name in ((3, "A"), (4, "B"), (5, "C")) for k in range(60)
    )
    expected = "".join(name for _, name in arrivals)
    letters = passed(plant, 100.0)
    assert len(letters) > 35
    assert letters == expected[: len(letters)]


def test_a_sequence_lets_no_other_product_pass():
    merge = Merge(rule="sequence", sequence=("C", "A", "A", "B"))
    letters = passed(funnel(merge), 60.0)
    assert len(letters) > 25
    assert letters == ("CAAB" * 30)[: len(letters)]
    short = passed(funnel(merge, limits=(3, 0, 0)), 60.0)
    assert short == "CAABCA"  # the fourth A never comes


def test_a_sequence_holds_behind_a_single_place_too():
    merge = Merge(rule="sequence", sequence=("B",))
    plant = funnel(merge)
    places = [place for place in plant.places if place.path[-2:] not in {"_B", "_C"}]
    with pytest.raises(RunError, match="/Merge waits for B"):
        Simulation(Plant(places=tuple(places), products=LETTERS)).advance(10 * SECOND)


@pytest.mark.parametrize("rule", ["first", "longest", "turn"])
def test_no_machine_waits_while_a_part_does(rule):
    """Two M/M/1 streams into one machine are one M/M/1 queue of the sum of their rates."""
    merge = Merge(rule=rule)
    streams = []
    for name, interval in (("A", 2.0), ("B", 5.0)):
        source = Source(interval=interval, interval_distribution="exponential")
        streams += [
            Place(path=f"/Source_{name}", params=source, next=(f"/Queue_{name}",)),
            Place(path=f"/Queue_{name}", params=Buffer(capacity=100_000), next=("/Merge",)),
        ]
    plant = Plant(
        places=(
            *streams,
            Place(path="/Merge", params=merge, next=("/Machine",)),
            Place(path="/Machine", params=exponential(1.0), next=("/Sink",)),
            Place(path="/Sink", params=Sink()),
        )
    )
    simulation = Simulation(plant, seed=3)
    simulation.advance(400_000 * SECOND)
    totals = simulation.totals()
    stock = totals.clock[0].part_ticks / totals.clock[0].now
    assert stock == pytest.approx(0.7 / 0.3, rel=0.04)  # whatever the order


@settings(max_examples=25)
@given(
    rule=st.sampled_from(["first", "longest", "turn"]),
    limits=st.tuples(*[st.integers(1, 9)] * 3),
    cut=st.integers(0, 40),
)
def test_all_parts_come_through_even_after_a_stop(rule, limits, cut):
    plant = funnel(Merge(rule=rule), intervals=(1.0, 2.0, 3.0), limits=limits)
    simulation = Simulation(plant)
    simulation.advance(cut * SECOND)
    simulation.apply(Command(action="stop", path="/Merge"))
    simulation.advance((cut + 5) * SECOND)
    simulation.apply(Command(action="start", path="/Merge"))
    simulation.advance(500 * SECOND)
    assert simulation.world.clock[0].finished == sum(limits)


@pytest.mark.parametrize(
    ("merge", "says"),
    [
        (
            Merge(order=("/Source_A",)),
            "/Merge twin:order must name places that give to it, got /Source_A;",
        ),
        (Merge(order=("/Queue_A", "/Queue_A")), "twin:order must name a place only once"),
        (Merge(rule="sequence"), "twin:sequence must name products where twin:rule is sequence"),
        (Merge(sequence=("A",)), "twin:sequence must be empty unless twin:rule is sequence"),
        (
            Merge(rule="sequence", sequence=("AA",)),
            "twin:sequence must name products of the plant, got AA",
        ),
    ],
)
def test_orders_and_sequences_that_do_not_fit_are_problems(merge, says):
    assert says in "\n".join(map(str, check(funnel(merge))))
