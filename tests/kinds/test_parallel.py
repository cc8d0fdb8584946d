"""Parallel servers against schedules worked out by hand, and against closed forms."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kinds.flow import Flow, line, plant_of
from twin.core.state import BLOCKED, STARVED, WORKING
from twin.engine.command import Command
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.parallel import Parallel
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Product, check, connect

SECOND = 1_000_000
TIMES = {"A": 5.0, "B": 2.0, "C": 9.0}


def ovens(servers=2, *, names=("A", "B", "C"), sequence=(), after=(), source=None, **more):
    params = Parallel(
        servers=servers, products=tuple(TIMES), product_times=tuple(TIMES.values()), **more
    )
    source = source or Source(interval=0.0, sequence=sequence)
    return line(("/In", source), ("/Oven", params), *after, ("/Out", Sink()), names=names)


def test_parts_leave_in_the_order_in_which_they_are_finished():
    """Two servers: A 0 to 5, B 0 to 2, C 2 to 11, A 5 to 10, B 10 to 12, C 11 to 20, and so on."""
    flow = Flow(ovens(), 21)
    assert flow.finished() == [2, 1, 4, 3, 5, 7, 8, 6]
    assert flow.out("/Oven") == [2, 5, 10, 11, 12, 17, 19, 20]


def test_a_part_that_is_done_keeps_its_server_until_it_can_leave():
    """The station behind takes 4 s: A is done at 5 and waits to 6, C and A are done at 11."""
    flow = Flow(ovens(after=[("/Next", Station(process_time=4.0))]), 30)
    assert flow.into("/Oven") == [0, 0, 2, 6, 11, 15, 19, 24, 28]
    assert flow.out("/Oven") == [2, 6, 11, 15, 19, 24, 28]


def test_it_is_blocked_only_if_all_that_it_holds_is_done():
    source = Source(times=(0.0, 0.0, 0.0), sequence=("B", "A", "B"))
    flow = Flow(ovens(2, source=source, after=[("/Next", Station(process_time=10.0))]), 40)
    # B to 2 goes on; B from 2 to 4 waits for the station until 12, A, done at 5, until 22
    assert flow.out("/Oven") == [2, 12, 22]
    assert flow.states("/Oven") == [(0, "working"), (5, "blocked"), (22, "starved")]


@settings(max_examples=30)
@given(
    servers=st.integers(1, 4),
    seed=st.integers(0, 100),
    interval=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
)
def test_entries_and_exits_equal_the_recursion_of_a_queue_with_several_servers(
    servers, seed, interval
):
    """Part k starts when it has come and a server is free; times are whole, so ties abound."""
    sequence = tuple(np.random.default_rng(seed).choice(list(TIMES), 25).tolist())
    source = Source(times=tuple(interval * n for n in range(25)), sequence=sequence)
    flow = Flow(ovens(servers, source=source), 300)
    free, ends = [0.0] * servers, []
    for k, name in enumerate(sequence):
        begin = max(interval * k, min(free))
        free[free.index(min(free))] = begin + TIMES[name]
        ends.append(begin + TIMES[name])
    assert flow.out("/Oven") == sorted(ends)


@pytest.mark.parametrize("at", [0.0, 1.0, 2.0, 3.0, 5.0, 7.0])
def test_a_stop_delays_everything_in_it_by_its_length(at):
    source = Source(times=(0.0, 0.0), sequence=("A", "C"))
    commands = [
        (at, Command(action="stop", path="/Oven")),
        (at + 4, Command(action="start", path="/Oven")),
    ]
    flow = Flow(ovens(source=source), 30, commands=commands)
    ends = [end + 4 if end > at else end for end in (5.0, 9.0)]
    if at == 0:
        ends = [9.0, 13.0]
    assert flow.out("/Oven") == ends
    assert flow.row("/Oven").times.sum() == 30 * SECOND


def test_one_failure_stops_all_servers_and_its_clock_runs_while_any_works():
    """Work to 2 and to 5; the failure strikes after 4 s of operating, for 3 s."""
    clocks = {"mtbf": 4.0, "mttr": 3.0}
    constant = {"mtbf_distribution": "constant", "mttr_distribution": "constant"}
    source = Source(times=(1.0, 1.0, 20.0), sequence=("A", "B", "C"))
    flow = Flow(ovens(source=source, **clocks, **constant), 50)
    assert flow.states("/Oven")[:4] == [
        (1, "working"), (5, "down"), (8, "working"), (9, "starved"),
    ]  # fmt: skip
    assert flow.out("/Oven")[:2] == [3, 9]
    assert flow.states("/Oven")[4:8] == [  # 1 s of the clock has run
        (20, "working"), (23, "down"), (26, "working"), (30, "down"),
    ]  # fmt: skip


def on_shift(at_bell, source=None, until=50.0, *, after=(), commands=()):
    """Two servers with shifts from 0 to 4 s and from 20 to 24 s; A comes at 0 and C at 1 s."""
    source = source or Source(times=(0.0, 1.0), sequence=("A", "C"))
    shifts = Calendar(period=20.0, starts=(0.0,), ends=(4.0,), at_bell=at_bell)
    places = [
        replace(each, calendar="/Shifts") if each.path == "/Oven" else each
        for each in ovens(source=source, after=after).places
    ]
    places.append(Place(path="/Shifts", params=shifts))
    return Flow(plant_of(places, *TIMES), until, commands=commands)


def test_work_on_all_parts_stops_at_the_bell_and_goes_on_in_the_next_shift():
    assert on_shift("stop").out("/Oven") == [21, 42]


def test_after_the_bell_all_servers_finish_what_they_have_begun_and_nothing_else_begins():
    """At the bell of 4 s, A is at work to 5 s and C to 10 s; D and E wait for the shift of 20 s."""
    source = Source(times=(0.0, 1.0, 2.0, 3.0), sequence=("A", "C", "B", "B"))
    flow = on_shift("finish", source, 50.0)
    assert flow.out("/Oven") == [5, 10, 22, 22]
    assert flow.into("/Oven") == [0, 1, 20, 20]
    assert flow.states("/Oven")[:3] == [(0, "working"), (10, "off shift"), (20, "working")]


def test_a_part_that_is_done_and_waits_does_not_keep_the_others_from_being_finished():
    """B is done at 2 s, and blocked by a station that takes 30 s; C is finished at 10 s."""
    source = Source(times=(0.0, 0.0, 1.0), sequence=("B", "B", "C"))
    flow = on_shift("finish", source, 60.0, after=[("/Next", Station(process_time=30.0))])
    assert flow.states("/Oven")[:3] == [(0, "working"), (11, "off shift"), (20, "blocked")]
    assert flow.out("/Oven") == [2, 32]


def test_a_failure_after_the_bell_delays_what_is_being_finished():
    fail = (5.0, Command(action="fail", path="/Oven", value=3.0))
    flow = on_shift("finish", commands=[fail])
    assert flow.out("/Oven") == [5, 13]
    assert flow.states("/Oven")[:4] == [
        (0, "working"), (5, "down"), (8, "working"), (13, "off shift"),
    ]  # fmt: skip


def erlang_c(servers, load):
    """The probability that an arrival waits."""
    terms = [load**n / math.factorial(n) for n in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last)


def open_queue(servers, rate, until, seed=1, **work):
    plant = line(
        ("/In", Source(interval=1 / rate, interval_distribution="exponential", release="takt")),
        ("/Queue", Buffer(capacity=1_000_000)),
        ("/Servers", Parallel(servers=servers, **work)),
        ("/Out", Sink()),
    )
    flow = Flow(plant, until, seed=seed)
    came, went = flow.into("/Queue"), flow.out("/Queue")
    waits = np.array([out - into for into, out in zip(came, went, strict=False)])
    return flow, waits[: len(waits) // 40 * 40].reshape(40, -1).mean(axis=1)


@pytest.mark.parametrize("servers", [1, 2, 5])
def test_an_open_queue_has_the_wait_of_erlang_c(servers):
    """M/M/c: Wq = C(c, a) / (c mu - lambda), utilisation 0.8."""
    rate, mean = 0.8 * servers, 1.0
    work = {"process_time": mean, "process_distribution": "exponential"}
    flow, waits = open_queue(servers, rate, 200_000 / servers, **work)
    exact = erlang_c(servers, rate * mean) / (servers / mean - rate)
    assert waits.mean() == pytest.approx(exact, abs=4 * waits.std(ddof=1) / math.sqrt(40))
    # nobody is there with the probability that M/M/c is empty
    load = rate * mean
    empty = 1 / (
        sum(load**n / math.factorial(n) for n in range(servers))
        + load**servers / math.factorial(servers) * servers / (servers - load)
    )
    times = flow.row("/Servers").times
    assert times[STARVED] / times.sum() == pytest.approx(empty, abs=0.02)
    assert times[BLOCKED] == 0
    assert times[STARVED] + times[WORKING] == times.sum()


def test_with_as_many_servers_as_parts_the_time_in_them_is_the_process_time_of_any_shape():
    """M/G/infinity: the number at work is Poisson, its mean rate times the mean time."""
    work = {"process_time": 5.0, "process_distribution": "lognormal", "process_spread": 8.0}
    flow, waits = open_queue(500, 4.0, 20_000, **work)
    assert waits.max() == 0
    mean = flow.world.clock[0].part_ticks / flow.world.clock[0].now
    assert mean == pytest.approx(20.0, rel=0.05)
    times = flow.row("/Servers").times
    assert times[STARVED] / times.sum() == pytest.approx(math.exp(-20), abs=1e-4)


def test_one_server_gives_the_same_departures_as_a_station():
    work = {"process_time": 1.0, "process_distribution": "exponential"}
    failing = {"mtbf": 20.0, "mttr": 3.0}

    def departures(kind):
        middle = ("/Middle", Buffer(capacity=1))
        behind = ("/Behind", Station(process_time=1.2))
        front = ("/Front", kind(**work, **failing))
        plant = line(("/In", Source(interval=0.0)), front, middle, behind, ("/Out", Sink()))
        return Flow(plant, 2000).out("/Front")

    assert departures(Parallel) == departures(Station)


def test_a_part_has_its_form_after_the_work():
    flow = Flow(ovens(source=Source(times=(0.0,), sequence=("B",)), form=1,
                      after=[("/Next", Station(process_time=10.0))]), 5)  # fmt: skip
    assert flow.world.part.form[flow.world.part.serial == 1].tolist() == [1]


def test_a_product_without_the_form_keeps_its_look():
    """Of A, with two forms, and B, with one, only A changes."""
    looks = (Product(name="A", forms=("raw", "made")), Product(name="B"))
    oven, station = Parallel(process_time=1.0, form=1), Station(process_time=1.0, form=1)
    for kind in (oven, station):
        last = ("/Last", Station(process_time=100.0))
        rack, end = ("/Rack", Buffer(capacity=9)), ("/End", Sink())
        places = connect([("/In", Source(interval=0.0)), ("/Work", kind), rack, last, end])
        plant = Plant(places=places, products=looks)
        assert check(plant) == []
        flow = Flow(plant, 5)
        held = flow.world.part.place == plant.index("/Rack")
        part = flow.world.part[held]
        assert len(part) > 2
        assert set(zip(part.product.tolist(), part.form.tolist(), strict=True)) == {(0, 1), (1, 0)}


def test_a_form_that_no_product_has_is_refused():
    message = "/Oven twin:form must be below 2, the most forms that a product has, got 2"
    assert message in [str(each) for each in check(ovens(form=2))]
    message = "/Oven twin:servers must be >= 1 and <= 10000, got 0"
    assert message in [str(each) for each in check(ovens(0))]
