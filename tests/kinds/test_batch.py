"""Lots that are worked on together: schedules by hand, a recursion, and bulk queues of theory."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kinds.flow import Flow, line, plant_of
from tests.theory.markov import Move, solve
from tests.theory.recursions import batches, bulk_service
from tests.theory.streams import exponential_ticks
from twin.core.state import WORKING
from twin.engine.command import Command
from twin.kinds.batch import Batch
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, check, doubts

SECOND = 1_000_000
NAMES = ("A", "B")


def oven(batch, *, times=(), sequence=(), after=(), names=NAMES):
    """Parts come at these times into a queue without end; without times, whenever there is room."""
    source = Source(times=times, interval=0.0, sequence=sequence)
    queue = (("/Queue", Buffer(capacity=100_000)),) if times else ()
    return line(("/In", source), *queue, ("/Oven", batch), *after, ("/Out", Sink()), names=names)


def test_a_lot_starts_when_it_is_complete_and_leaves_part_by_part_at_once():
    """Three parts at 0, 1, 4 s: work to 9 s; the next three wait since 7 s: work to 14 s."""
    flow = Flow(oven(Batch(lot=3, process_time=5.0), times=(0, 1, 4, 5, 6, 7, 20)), 60)
    assert flow.into("/Oven") == [0, 1, 4, 9, 9, 9, 20]
    assert flow.out("/Oven") == [9, 9, 9, 14, 14, 14]
    assert flow.finished() == [1, 2, 3, 4, 5, 6]
    assert flow.states("/Oven") == [
        (0, "waiting part"), (4, "working"), (14, "starved"), (20, "waiting part"),
    ]  # fmt: skip


def test_no_part_comes_in_before_the_last_of_the_lot_has_left():
    """A station of 2 s takes the lot at 5, 7, 9 s; the next three come in at 9 s."""
    flow = Flow(
        oven(Batch(lot=3, process_time=5.0), after=[("/Next", Station(process_time=2.0))]), 20
    )
    assert flow.into("/Oven") == [0, 0, 0, 9, 9, 9, 18, 18, 18]
    assert flow.out("/Oven") == [5, 7, 9, 14, 16, 18]
    assert flow.states("/Oven")[:4] == [
        (0, "working"), (5, "blocked"), (9, "working"), (14, "blocked"),
    ]  # fmt: skip


def test_an_incomplete_lot_starts_when_its_first_part_has_waited_long_enough():
    """Parts at 0 and 2 start at 6 s; the third comes at 7 s, in at 11 s, and starts at 17 s."""
    batch = Batch(lot=3, patience=6.0, process_time=5.0)
    flow = Flow(oven(batch, times=(0, 2, 7)), 60)
    assert flow.out("/Oven") == [11, 11, 22]


def test_a_lot_of_the_least_size_starts_at_once_and_takes_all_that_wait():
    """One at 0 s; those of 1, 2, 3 s wait until 4 s and go together, up to the largest lot."""
    batch = Batch(lot=3, least=1, process_time=4.0)
    flow = Flow(oven(batch, times=(0, 1, 2, 3, 3.5, 20)), 60)
    assert flow.out("/Oven") == [4, 8, 8, 8, 12, 24]


def test_parts_of_one_tick_belong_to_one_lot():
    source = Source(times=(5.0,) * 4)
    batch = Batch(lot=4, least=1, process_time=1.0)
    flow = Flow(line(("/In", source), ("/Oven", batch), ("/Out", Sink())), 20)
    assert flow.out("/Oven") == [6, 6, 6, 6]


def test_a_lot_of_one_product_has_the_time_of_that_product():
    """A, A start at 0 s; B waits alone for 3 s, as A behind it may not join."""
    batch = Batch(
        lot=2, one_product=True, patience=3.0, process_time=5.0,
        products=("B",), product_times=(9.0,),
    )  # fmt: skip
    flow = Flow(oven(batch, times=(0, 0, 0, 0, 0), sequence=("A", "A", "B", "A", "A")), 60)
    assert flow.out("/Oven") == [5, 5, 17, 22, 22]


def test_parts_have_their_form_after_the_work():
    after = [("/Next", Station(process_time=100.0))]
    flow = Flow(oven(Batch(lot=2, form=1, process_time=1.0), times=(0, 0, 0), after=after), 5)
    forms = {int(part.serial): int(part.form) for part in flow.world.part if part.serial > 0}
    assert forms == {1: 1, 2: 1, 3: 0}


def test_a_stop_delays_the_work_but_not_the_wait():
    """Parts at 0 and 1 s would start at 4 s. Down from 2 to 10 s: they start at 10 s, at once."""
    batch = Batch(lot=3, patience=4.0, process_time=5.0)
    down = [(2, Command(action="stop", path="/Oven")), (10, Command(action="start", path="/Oven"))]
    flow = Flow(oven(batch, times=(0, 1, 3)), 60, commands=down)
    assert flow.out("/Oven") == [15, 15, 15]  # the third came in at 10 s
    later = [(6, Command(action="stop", path="/Oven")), (10, Command(action="start", path="/Oven"))]
    assert Flow(oven(batch, times=(0, 1, 30)), 33, commands=later).out("/Oven") == [13, 13]


def test_a_failure_interrupts_the_lot_and_its_clock_runs_only_during_the_work():
    batch = Batch(
        lot=2, process_time=4.0, mtbf=6.0, mtbf_distribution="constant",
        mttr=3.0, mttr_distribution="constant",
    )  # fmt: skip
    flow = Flow(oven(batch, times=(0, 1, 10, 12)), 40)
    assert flow.out("/Oven") == [5, 5, 19, 19]  # work from 12 s; 2 s are left at 14 s
    assert flow.states("/Oven")[:6] == [
        (0, "waiting part"), (1, "working"), (5, "starved"),
        (10, "waiting part"), (12, "working"), (14, "down"),
    ]  # fmt: skip


@pytest.mark.parametrize(("at_bell", "left"), [("stop", [21, 21, 43]), ("finish", [5, 5, 26])])
def test_after_the_bell_a_lot_is_finished_but_none_is_begun(at_bell, left):
    """Shifts of 4 s every 20 s. Parts at 0, 0: work to 5 s. The third waits for the next shift."""
    shifts = Calendar(period=20.0, starts=(0.0,), ends=(4.0,), at_bell=at_bell)
    batch = Batch(lot=2, patience=1.0, process_time=5.0)
    plant = oven(batch, times=(0, 0, 3))
    places = [
        Place(path=p.path, params=p.params, next=p.next, calendar="/Shifts" * (p.path == "/Oven"))
        for p in plant.places
    ]
    flow = Flow(plant_of([*places, Place(path="/Shifts", params=shifts)], *NAMES), 50)
    assert flow.out("/Oven") == left


@settings(max_examples=30)
@given(
    seed=st.integers(0, 100),
    lot=st.integers(1, 5),
    short=st.integers(0, 4),
    patience=st.sampled_from([None, 0.5, 2.0, 10.0]),
)
def test_lots_leave_as_the_recursion_of_bulk_service_says(seed, lot, short, patience):
    least = max(1, lot - short)
    batch = Batch(
        lot=lot, least=least, patience=patience or 0.0,
        process_time=2.5, process_distribution="exponential",
    )  # fmt: skip
    gaps = np.random.default_rng(seed).exponential(SECOND, 60).astype(int) + 1
    arrivals = np.cumsum(gaps).tolist()
    plant = oven(batch, times=tuple(tick / SECOND for tick in arrivals))
    flow = Flow(plant, 1000, seed=seed)
    services = exponential_ticks("/Oven", "process", 60, mean=2.5, seed=seed)
    ticks = round(patience * SECOND) if patience else None
    expected = [tick for tick, _ in bulk_service(arrivals, services, least, lot, ticks)]
    assert [round(second * SECOND) for second in flow.out("/Oven")] == expected
    if least == lot and patience is None:
        complete = batches(arrivals, lot, services)
        assert expected == [tick for tick in complete for _ in range(lot)]


def bulk_queue(rate, phases, service, least, lot, most=160):
    """The chain of M/Ek[a,b]/1: (phase of the work, 0 when idle; parts that wait)."""
    pace = phases / service

    def begin(waiting):
        return (1, max(0, waiting - lot)) if waiting >= least else (0, waiting)

    def moves(state):
        phase, waiting = state
        if waiting < most:
            yield Move(rate, (phase, waiting + 1) if phase else begin(waiting + 1))
        if phase:
            yield Move(pace, (phase + 1, waiting) if phase < phases else begin(waiting))

    return solve((0, 0), moves)


@pytest.mark.parametrize(
    ("least", "lot", "phases"), [(1, 4, 1), (3, 4, 1), (4, 4, 1), (2, 5, 4), (5, 5, 4)]
)
def test_waits_and_utilisation_are_those_of_the_bulk_queue(least, lot, phases):
    """M/Ek[a,b]/1 at a load of 0.6 to 0.75 (Neuts 1967); four standard errors of 40 batch means."""
    service, rate = 3.0, 1.0
    batch = Batch(
        lot=lot, least=least, process_time=service,
        process_distribution="erlang", process_spread=service / math.sqrt(phases),
    )  # fmt: skip
    source = Source(interval=1 / rate, interval_distribution="exponential", release="takt")
    queue = ("/Queue", Buffer(capacity=1_000_000))
    plant = line(("/In", source), queue, ("/Oven", batch), ("/Out", Sink()))
    flow = Flow(plant, 160_000, seed=4)
    came, went = flow.into("/Queue"), flow.out("/Oven")
    stays = np.array([out - into for into, out in zip(came, went, strict=False)])
    means = stays[: len(stays) // 40 * 40].reshape(40, -1).mean(axis=1)
    chain = bulk_queue(rate, phases, service, least, lot)
    waiting = chain.mean(lambda state: state[1])
    error = 4 * means.std(ddof=1) / math.sqrt(40)
    assert error < 0.13 * means.mean()
    assert means.mean() == pytest.approx(waiting / rate + service, abs=error)
    times = flow.row("/Oven").times
    busy = chain.mean(lambda state: float(state[0] > 0))
    assert times[WORKING] / times.sum() == pytest.approx(busy, abs=0.015)


@pytest.mark.parametrize(
    ("batch", "says"),
    [
        (Batch(lot=0), "/Oven twin:lot must be >= 1 and <= 10000, got 0"),
        (Batch(lot=3, least=4), "/Oven twin:least must be <= twin:lot (3), got 4"),
        (
            Batch(lot=3, products=("A",), product_times=(1.0,)),
            "twin:products must be empty where a lot may be mixed, got A; set twin:oneProduct",
        ),
        (
            Batch(lot=3, form=2),
            "/Oven twin:form must be below 2, the most forms that a product has, got 2",
        ),
        (Batch(lot=3, mtbf=9.0), "/Oven twin:mttr must be > 0 s where twin:mtbf is set, got 0"),
    ],
)
def test_a_lot_that_can_not_be_is_named(batch, says):
    assert says in "\n".join(map(str, check(oven(batch, times=(1.0,)))))


def test_a_lot_that_may_wait_for_ever_is_doubted():
    plant = oven(Batch(lot=3, one_product=True), times=(1.0,), sequence=NAMES)
    assert [str(each) for each in doubts(plant)] == [
        (
            "/Oven twin:patience may wait for ever: behind one giver, a part of another product "
            "ends no lot, got 0 s; set a longest wait"
        )
    ]
    patient = Batch(lot=3, one_product=True, patience=60.0)
    assert doubts(oven(patient, times=(1.0,), sequence=NAMES)) == []
