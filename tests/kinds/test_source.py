"""Sources: after one another, in a takt, by times and by orders."""

import numpy as np
import pytest

from tests.kinds.flow import Flow, line, plant_of
from twin.core.record import MADE
from twin.engine.command import Command
from twin.errors import RunError
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, check

SECOND = 1_000_000
STOP, START = Command(action="stop", path="/In"), Command(action="start", path="/In")


def shop(source, service=0.0, names=("A", "B")):
    return line(
        ("/In", source), ("/Work", Station(process_time=service)), ("/Out", Sink()), names=names
    )


def made(source, until, service=0.0, **more):
    """When which products were made."""
    flow = Flow(shop(source, service), until, **more)
    events = flow.events[flow.events["code"] == MADE]
    names = ["AB"[n] for n in events["value"]]
    return list(zip((events["tick"] / SECOND).tolist(), names, strict=True)), flow


def test_a_lot_is_so_many_of_each_name_of_the_sequence():
    parts, _ = made(Source(interval=1.0, sequence=("A", "B", "A"), lot=2), 12.5)
    assert "".join(name for _, name in parts) == "AABBAAAABBAAA"


def test_after_a_wait_the_interval_begins_anew():
    _, flow = made(Source(interval=2.0), 20, service=3.0)
    assert flow.into("/Work") == [0, 3, 6, 9, 12, 15, 18]


def test_a_takt_does_not_shift_when_parts_have_to_wait():
    """A stop of the station from 5 to 11 keeps parts back; then they follow at once."""
    commands = [
        (5, Command(action="stop", path="/Work")),
        (11, Command(action="start", path="/Work")),
    ]
    _, flow = made(Source(interval=2.0, release="takt"), 20.5, service=1.0, commands=commands)
    assert flow.into("/Work") == [0, 2, 4, 11, 12, 13, 14, 15, 16, 18, 20]
    assert flow.states("/In") == [(0, "working"), (6, "blocked"), (15, "working")]


def test_an_interval_after_each_part_does_shift():
    commands = [
        (5, Command(action="stop", path="/Work")),
        (11, Command(action="start", path="/Work")),
    ]
    _, flow = made(Source(interval=2.0), 17, service=1.0, commands=commands)
    assert flow.into("/Work") == [0, 2, 4, 11, 13, 15, 17]


def test_what_is_owed_at_one_tick_comes_in_as_far_as_there_is_room():
    """More parts than the table of parts has rows at first come into a buffer in one tick."""
    source = Source(times=(1.0,) * 200)
    plant = line(("/In", source), ("/Store", Buffer(capacity=150)), ("/Press", Station(
        process_time=10.0)), ("/Out", Sink()))  # fmt: skip
    flow = Flow(plant, 15)
    assert flow.into("/Store") == [1.0] * 151 + [11.0]
    assert flow.row("/In").owed == 200 - 153


def test_a_takt_stands_still_while_the_source_is_stopped():
    parts, _ = made(Source(interval=4.0, release="takt"), 20, commands=[(5, STOP), (10, START)])
    assert [at for at, _ in parts] == [0, 4, 13, 17]


def test_a_list_goes_on_while_the_source_is_stopped():
    source = Source(times=(1.0, 6.0, 8.0, 12.0), sequence=("A", "B"))
    parts, flow = made(source, 20, commands=[(5, STOP), (10, START)])
    assert parts == [(1, "A"), (10, "B"), (10, "A"), (12, "B")]
    assert flow.states("/In")[-1] == (12, "starved")


def test_off_shift_a_takt_stands_still_too():
    places = list(shop(Source(interval=4.0, release="takt")).places)
    places[0] = Place(path="/In", params=places[0].params, next=("/Work",), calendar="/Shifts")
    shifts = Calendar(period=20.0, starts=(2.0,), ends=(11.0,))
    flow = Flow(plant_of([*places, Place(path="/Shifts", params=shifts)]), 42)
    assert flow.into("/Work") == [2, 6, 10, 25, 29]


@pytest.mark.parametrize("release", ["after", "takt"])
def test_a_limit_ends_the_release(release):
    parts, flow = made(Source(interval=2.0, limit=3, release=release), 20, service=5.0)
    assert len(parts) == 3
    assert flow.into("/Work") == [0, 5, 10]
    assert flow.states("/In")[-1] == (10, "starved")


def test_a_limit_holds_for_lists_too():
    parts, _ = made(Source(times=(0.0, 1.0, 2.0, 3.0), limit=2), 20)
    assert [at for at, _ in parts] == [0, 1]


def test_orders_are_released_with_their_quantities_and_finished_late_or_in_time():
    """2 A from 0, 1 B from 1, 2 A from 20; 4 s of work each: done at 4, 8, 12, 24, 28."""
    source = Source(
        order_products=("A", "B", "A"), order_times=(0.0, 1.0, 20.0),
        order_quantities=(2, 1, 2), order_deadlines=(8.0, 11.0, 0.0),
    )  # fmt: skip
    parts, flow = made(source, 40, service=4.0)
    assert parts == [(0, "A"), (0, "A"), (4, "B"), (20, "A"), (20, "A")]
    assert flow.out("/Work") == [4, 8, 12, 24, 28]
    sink = flow.plant.index("/Out") * 2
    assert flow.world.product.late[sink : sink + 2].tolist() == [0, 1]


def test_orders_need_no_due_dates_and_no_quantities():
    source = Source(order_products=("B", "A"), order_times=(2.0, 3.0))
    parts, flow = made(source, 10)
    assert parts == [(2, "B"), (3, "A")]
    assert flow.world.product.late.sum() == 0


def test_arrivals_in_a_takt_are_the_same_whatever_lies_behind():
    """Common random numbers: the k-th part falls due at the same tick."""

    def due(service):
        source = Source(interval=3.0, interval_distribution="exponential", release="takt")
        plant = line(("/In", source), ("/Store", Buffer(capacity=100_000)),
                     ("/Work", Station(process_time=service)), ("/Out", Sink()))  # fmt: skip
        return Flow(plant, 1000).into("/Store")

    assert due(0.1) == due(50.0)
    assert np.mean(np.diff(due(1.0))) == pytest.approx(3.0, rel=0.25)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            Source(interval=0.0, release="takt"),
            "/In twin:interval must be > 0 s in a takt, got 0",
        ),
        (
            Source(times=(1.0, 3.0, 2.0)),
            "/In twin:times must rise: number 3 must be >= 3 s, got 2",
        ),
        (
            Source(order_products=("A", "B"), order_times=(4.0, 3.0)),
            "/In twin:orderTimes must rise: number 2 must be >= 4 s, got 3",
        ),
        (
            Source(order_products=("A",), order_times=(4.0, 5.0)),
            (
                "/In twin:orderProducts must have one entry for each of the 2 in twin:orderTimes, "
                "got 1"
            ),
        ),
        (
            Source(order_products=("Aa",), order_times=(4.0,)),
            "/In twin:orderProducts must name products of the plant, got Aa; did you mean A?",
        ),
        (
            Source(order_products=("A",), order_times=(4.0,), order_deadlines=(3.0,)),
            "/In twin:orderDeadlines must not be before the release (4 s), got 3",
        ),
        (
            Source(times=(1.0,), order_products=("A",), order_times=(4.0,)),
            "/In twin:times must be empty where there are orders, got 1 times",
        ),
        (
            Source(sequence=("C",)),
            "/In twin:sequence must name products of the plant, got C; there are: A, B",
        ),
        (Source(lot=0), "/In twin:lot must be >= 1, got 0"),
    ],
)
def test_a_source_that_can_t_be_is_told_why(source, message):
    assert message in [str(each) for each in check(shop(source))]


def test_a_takt_that_becomes_endless_at_one_tick_is_an_error_and_no_hang():
    source = Source(interval=1e-9, release="takt")
    with pytest.raises(RunError, match="no time passes"):
        Flow(shop(source, service=1.0), 1)
