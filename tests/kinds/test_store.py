"""Stores: which part leaves next, by every rule, with and without lanes."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape
from twin.core.record import MOVE
from twin.core.state import STATES
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import RunError
from twin.kinds.buffer import Buffer
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.store import Store
from twin.plant import Place, Plant, Product, check, connect

SECOND = 1_000_000
LETTERS = tuple(Product(name=name) for name in "ABC")


def line(store, letters, *, service=2.0, interval=1.0):
    """Parts of these products, one every second, a store, and a machine of 2 s."""
    source = Source(interval=interval, sequence=tuple(letters), limit=len(letters))
    machine = Station(process_time=service)
    places = [("/Source", source), ("/Store", store), ("/Machine", machine), ("/Sink", Sink())]
    return Plant(places=connect(places), products=LETTERS)


def left(plant, until=1000.0, *, stop=0.0):
    """Serial numbers and letters in the order in which parts left the store.

    With a stop, the machine begins so late [s].
    """
    tape = Tape()
    simulation = Simulation(plant, recorder=tape)
    if stop:
        simulation.apply(Command(action="stop", path="/Machine"))
        simulation.advance(round(stop * SECOND))
        simulation.apply(Command(action="start", path="/Machine"))
    simulation.advance(round(until * SECOND))
    events = np.concatenate(tape.events)
    serials = events["part"][(events["code"] == MOVE) & (events["value"] == 1)].tolist()
    names = plant.places[0].params.sequence
    return serials, "".join(names[serial - 1] for serial in serials)


def test_the_oldest_leaves_first_as_from_a_buffer():
    letters = "ABCABCAABBCC"
    assert left(line(Store(capacity=5), letters)) == left(line(Buffer(capacity=5), letters))


def test_a_stack_gives_the_last_part_first():
    """The first part is with the machine at tick 0; the others wait for it to start at 10 s."""
    plant = line(Buffer(capacity=6, order="lifo"), "ABCABC")
    assert left(plant, stop=10.0)[0] == [1, 6, 5, 4, 3, 2]


@settings(max_examples=30)
@given(gaps=st.lists(st.integers(0, 4), min_size=1, max_size=12), capacity=st.integers(1, 5))
def test_a_stack_is_a_stack(gaps, capacity):
    """Against a list: each second a part comes if there is room; the machine takes 3 s."""
    plant = line(Buffer(capacity=capacity, order="lifo"), "A" * 20, service=3.0)
    tape = Tape()
    simulation = Simulation(plant, recorder=tape)
    simulation.advance(len(gaps) * 7 * SECOND)
    events = np.concatenate(tape.events)
    stack: list[int] = []
    for row in events[events["code"] == MOVE]:
        if row["place"] == 1:
            stack.append(int(row["part"]))
        elif row["value"] == 1:
            assert stack.pop() == row["part"]
        assert len(stack) <= capacity


def test_batches_of_one_colour_are_made_of_what_is_there():
    letters = "ABABCABC"
    serials, order = left(line(Store(capacity=8, release="batch"), letters), stop=20.0)
    assert order == "AAABBBCC"
    assert serials == [1, 3, 6, 2, 4, 7, 5, 8]


def test_a_target_puts_parts_into_the_order_wanted():
    store = Store(capacity=9, release="target", target=("C", "A", "B"))
    serials, order = left(line(store, "ABCCBAABC"))
    assert order == "CABCABCAB"
    assert serials == [3, 1, 2, 4, 6, 5, 9, 7, 8]


def test_a_store_that_waits_says_so_and_its_patience_ends_to_the_tick():
    """B is wanted and comes at 9 s. Patience of 4 s: A leaves at 4 s, the next at 8 s, then B."""
    letters = "AAAAAAAAAB"
    store = Store(capacity=20, release="target", target=("B",), patience=4.0)
    tape = Tape()
    simulation = Simulation(line(store, letters, service=1.0), recorder=tape)
    simulation.advance(3 * SECOND)
    assert STATES[simulation.world.place[1].state] == "waiting part"
    simulation.advance(20 * SECOND)
    events = np.concatenate(tape.events)
    moves = events[(events["code"] == MOVE) & (events["value"] == 1)]
    assert moves["part"].tolist() == [1, 2, 10, 3, 4]
    assert (moves["tick"] // SECOND).tolist() == [4, 8, 9, 13, 17]


def test_a_full_store_gives_the_oldest_as_nothing_wanted_can_come():
    store = Store(capacity=3, release="target", target=("B",))
    # Full with A1, A2, A3 at 2 s, then again after every part; B comes in sixth, at 6 s.
    serials, _ = left(line(store, "AAAAABAAA"), 60.0)
    assert serials == [1, 2, 3, 6, 4, 5, 7]  # two are left, and no B comes


def test_serial_numbers_restore_the_order_of_release():
    """A slow and a fast branch shuffle the parts; a store that holds them all sorts them."""
    source = Source(interval=1.0, limit=30)
    plant = Plant(
        places=(
            Place(path="/Source", params=source, next=("/Router",)),
            Place(path="/Router", params=Router(rule="turn"), next=("/Slow", "/Fast")),
            Place(path="/Slow", params=Buffer(capacity=40), next=("/Slow/Work",)),
            Place(path="/Slow/Work", params=Station(process_time=2.5), next=("/Store",)),
            Place(path="/Fast", params=Station(process_time=0.5), next=("/Store",)),
            Place(path="/Store", params=Store(capacity=30, release="serial"), next=("/Last",)),
            Place(path="/Last", params=Station(process_time=1.0), next=("/Sink",)),
            Place(path="/Sink", params=Sink()),
        )
    )
    tape = Tape()
    simulation = Simulation(plant, recorder=tape)
    simulation.apply(Command(action="stop", path="/Last"))
    simulation.advance(60 * SECOND)
    simulation.apply(Command(action="start", path="/Last"))
    simulation.advance(200 * SECOND)
    events = np.concatenate(tape.events)
    moves = events[events["code"] == MOVE]
    came = moves["part"][moves["place"] == 5].tolist()
    went = moves["part"][moves["value"] == 5].tolist()
    assert came != sorted(came)
    assert went == sorted(went)


def test_lanes_take_colours_by_their_last_part_and_give_their_first():
    """Two lanes of three: A and B get one each; C goes behind the shorter lane, B, and hides it.

    Lanes: A1, A3, A6 | B2, B4; then C5 comes into the emptiest, the second, as the third part.
    """
    store = Store(capacity=6, lane_count=2, release="target", target=("C", "B", "B", "A"))
    plant = line(store, "ABABCA", service=1.0)
    tape = Tape()
    simulation = Simulation(plant, recorder=tape)
    with pytest.raises(RunError, match="/Store waits for C"):
        simulation.advance(60 * SECOND)
    events = np.concatenate(tape.events)
    moves = events[(events["code"] == MOVE) & (events["value"] == 1)]
    # C is behind B2 and B4: at 5 s the store is full and gives the oldest, A1. Then it waits.
    assert moves["part"].tolist() == [1]
    assert moves["tick"][0] == 5 * SECOND


@settings(max_examples=40)
@given(
    letters=st.text("ABC", min_size=1, max_size=25),
    lanes=st.integers(0, 4),
    room=st.integers(1, 4),
    release=st.sampled_from(["oldest", "batch", "target", "serial"]),
    service=st.integers(0, 3),
)
def test_a_store_equals_a_plain_model_of_its_rules(letters, lanes, room, release, service):
    """Moves in and out, one by one, against lists in plain Python."""
    target = ("A", "C") if release == "target" else ()
    store = Store(capacity=max(1, lanes) * room, lane_count=lanes, release=release, target=target)
    plant = line(store, letters, service=float(service))
    tape = Tape()
    with suppress(RunError):  # a target that can't be met
        Simulation(plant, recorder=tape).advance(200 * SECOND)
    events = np.concatenate(tape.events)
    model = Model(store, dict(enumerate(letters, 1)))
    for row in events[events["code"] == MOVE]:
        if row["place"] == 1:
            model.put(int(row["part"]))
        elif row["value"] == 1:
            assert model.take() == row["part"]
    assert len(model.parts) <= store.capacity
    assert not model.parts or model.choose() is None


class Model:
    """What a store does, told once more with lists."""

    def __init__(self, store, names):
        self.store, self.names = store, names
        self.parts, self.last, self.done = [], None, 0
        self.lanes = [[] for _ in range(store.lane_count)]

    def put(self, part):
        self.parts.append(part)
        room = self.store.capacity // max(1, self.store.lane_count)
        free = [lane for lane in self.lanes if len(lane) < room]
        same = [lane for lane in free if lane and self.names[lane[-1]] == self.names[part]]
        if self.lanes:
            (same + sorted(free, key=len))[0].append(part)

    def choose(self):
        heads = [lane[0] for lane in self.lanes if lane]
        ready = [part for part in self.parts if not self.lanes or part in heads]
        rule = self.store.release
        wanted = self.store.target[self.done % len(self.store.target)] if rule == "target" else None
        if rule == "serial":
            return min(ready)
        if rule == "oldest":
            return ready[0]
        fitting = [part for part in ready if self.names[part] == (wanted or self.last)]
        if fitting:
            return fitting[0]
        return ready[0] if rule == "batch" or len(self.parts) == self.store.capacity else None

    def take(self):
        part = self.choose()
        self.parts.remove(part)
        for lane in self.lanes:
            if part in lane:
                lane.remove(part)
        self.last = self.names[part]
        if self.store.release == "target":
            self.done += self.last == self.store.target[self.done % len(self.store.target)]
        return part


@pytest.mark.parametrize(
    ("store", "says"),
    [
        (
            Store(capacity=7, lane_count=2),
            "/Store twin:capacity must be a multiple of twin:laneCount, 2",
        ),
        (Store(release="target"), "twin:target must name products where twin:release is target"),
        (Store(target=("A",)), "twin:target must be empty unless twin:release is target"),
        (
            Store(release="target", target=("D",)),
            "twin:target must name products of the plant, got D",
        ),
        (
            Store(release="taget"),
            "must be one of oldest, batch, target, serial, got 'taget'; did you mean target?",
        ),
    ],
)
def test_what_does_not_fit_is_a_problem(store, says):
    assert says in "\n".join(map(str, check(line(store, "ABC"))))
