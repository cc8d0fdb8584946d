"""Stations against schedules worked out by hand, and against closed forms."""

import math
from itertools import pairwise

import numpy as np
import pytest

from tests.kinds.flow import Flow, line, plant_of
from twin.core.state import WORKING
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.pool import Pool
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Pose, check

SECOND = 1_000_000
HOUR = 3600.0


def shop(station, *, names=("A", "B"), sequence=(), interval=0.0, limit=0, more=()):
    source = Source(interval=interval, sequence=sequence, limit=limit)
    return line(("/In", source), ("/Press", station), ("/Out", Sink()), names=names, more=more)


def left(station, until, **options):
    return Flow(shop(station, **options), until).out("/Press")


def test_products_have_process_times_of_their_own_and_others_the_common_one():
    station = Station(process_time=2.0, products=("B",), product_times=(5.0,))
    assert left(station, 17, sequence=("A", "B", "B")) == [2, 7, 12, 14]


def test_a_product_s_time_varies_as_its_own_distribution_says():
    station = Station(
        products=("A", "B"), product_times=(10.0, 20.0),
        product_distributions=("constant", "uniform"), product_spreads=(0.0, 2.0),
    )  # fmt: skip
    times = np.diff([0.0, *left(station, 3000)])
    assert np.allclose(times[::2], 10.0, rtol=0, atol=1e-9)
    assert times[1::2].min() > 18
    assert times[1::2].max() < 22
    assert times[1::2].std() == pytest.approx(2 / math.sqrt(3), rel=0.15)


def test_empirical_times_are_drawn_from_the_samples_alike():
    station = Station(process_distribution="empirical", process_samples=(4.0, 1.0, 2.0, 2.0))
    times = np.diff([0.0, *left(station, 40_000)])
    values, counts = np.unique(np.round(times), return_counts=True)
    assert values.tolist() == [1, 2, 4]
    share = counts / len(times)
    assert share == pytest.approx([0.25, 0.5, 0.25], abs=4 * 0.5 / math.sqrt(len(times)))


def test_a_triangular_time_has_its_mode():
    station = Station(
        process_time=4.0, process_distribution="triangular", process_spread=3.0, process_mode=2.0
    )
    times = np.diff([0.0, *left(station, 100_000)])
    low, high = 2.0, 8.0  # 3 * 4 = low + 2 + high, high - low = 6
    assert low <= times.min() < low + 0.1
    assert high - 0.5 < times.max() <= high
    assert times.mean() == pytest.approx(4.0, abs=4 * math.sqrt(2.0 / len(times)))


def test_a_setup_comes_with_every_change_of_product_but_the_first():
    station = Station(process_time=2.0, setup_time=3.0)
    flow = Flow(shop(station, sequence=("A", "A", "B", "A")), 20)
    assert flow.out("/Press") == [2, 4, 9, 14, 16, 18]
    assert flow.states("/Press")[:5] == [
        (0, "working"), (4, "setup"), (7, "working"), (9, "setup"), (12, "working"),
    ]  # fmt: skip


def test_listed_changes_override_the_setup_time():
    """A to B 5 s, B to B 1 s, all other changes 3 s, A to A nothing."""
    station = Station(
        process_time=2.0, setup_time=3.0,
        setup_from=("A", "B"), setup_to=("B", "B"), setup_times=(5.0, 1.0),
    )  # fmt: skip
    sequence = ("A", "A", "B", "B", "C", "B")
    expected = [2, 2, 5 + 2, 1 + 2, 3 + 2, 3 + 2]
    actual = left(station, 26, names=("A", "B", "C"), sequence=sequence)
    assert actual[:6] == np.cumsum(expected).tolist()


def test_maintenance_comes_before_the_part_after_so_many():
    station = Station(process_time=2.0, maintenance_count=3, maintenance_time=4.0)
    flow = Flow(shop(station), 30)
    assert flow.out("/Press") == [2, 4, 6, 12, 14, 16, 22, 24, 26]
    assert flow.states("/Press")[:3] == [(0, "working"), (6, "setup"), (10, "working")]


def test_maintenance_and_setup_due_together_add_up():
    station = Station(process_time=1.0, maintenance_count=2, maintenance_time=4.0, setup_time=2.0)
    assert left(station, 16, sequence=("A", "A", "B", "B")) == [1, 2, 9, 10]


def stop_and_start(at, again, path="/Press"):
    return [(at, Command(action="stop", path=path)), (again, Command(action="start", path=path))]


@pytest.mark.parametrize("at", [0.5, 1.0, 2.5, 5.0, 6.5, 7.5])
def test_a_stop_delays_the_part_by_its_length_in_every_phase(at):
    """Arrival to 1, setup to 4, operators' way to 6, work to 8."""
    station = Station(
        process_time=2.0, transfer_time=1.0, maintenance_count=1, maintenance_time=3.0,
        workers=("/Team",),
    )  # fmt: skip
    team = Place(path="/Team", params=Pool(walking_speed=1.5), pose=Pose((0.0, 3.0, 0.0)))
    plant = shop(station, more=[team])
    first = 1 + 2 + 2
    free = Flow(plant, 20).out("/Press")
    assert free == [first, first + 8]
    late = Flow(plant, 33, commands=stop_and_start(first + at, first + at + 10))
    assert late.out("/Press") == [first, first + 8 + 10, first + 8 + 10 + 8]
    assert late.world.place.times.sum(axis=1).tolist() == [33 * SECOND] * 4
    assert (first + at, "down") in late.states("/Press")


def test_an_own_failure_in_the_work_keeps_the_operators_until_it_is_done():
    station = Station(process_time=4.0, mtbf=100.0, mttr=1.0, workers=("/Team",))
    team = Place(path="/Team", params=Pool())
    plant = shop(station, more=[team])
    simulation = Simulation(plant)
    simulation.advance(1 * SECOND)
    simulation.apply(Command(action="fail", path="/Press", value=2.0))
    team_row = simulation.world.place[plant.index("/Team")]
    for second in (2, 4, 5):
        simulation.advance(second * SECOND)
        assert team_row.free == 0
    assert simulation.world.place[1].down == 0


def staffed(count, pool, **more):
    """Two stations side by side that share one pool."""
    station = Station(process_time=3.0, workers=("/Team",), worker_count=count)
    places = [
        Place(path="/In_1", params=Source(interval=0.0), next=("/A",)),
        Place(path="/In_2", params=Source(interval=0.0), next=("/B",)),
        Place(path="/A", params=station, next=("/Out",)),
        Place(path="/B", params=Station(**_fields(station) | more), next=("/Out",)),
        Place(path="/Out", params=Sink()),
        Place(path="/Team", params=pool),
    ]
    return plant_of(places)


def _fields(station):
    return {name: getattr(station, name) for name in ("process_time", "workers", "worker_count")}


def test_two_stations_take_turns_with_one_operator():
    flow = Flow(staffed(1, Pool()), 20)
    assert flow.out("/A") == [3, 9, 15]
    assert flow.out("/B") == [6, 12, 18]
    assert flow.states("/B")[:4] == [
        (0, "waiting operator"), (3, "working"), (6, "waiting operator"), (9, "working"),
    ]  # fmt: skip


def test_the_higher_priority_gets_the_operator_first():
    flow = Flow(staffed(1, Pool(), priority=2), 13)
    assert flow.out("/B") == [6, 9, 12]  # the first was taken by A before B had asked
    assert flow.out("/A") == [3]


def test_a_station_that_fails_while_it_waits_lets_others_go_first():
    """B is stopped while it waits for two operators; C, behind it, needs one and there is one."""
    plant = staffed(1, Pool(size=2), worker_count=2)
    third = Station(process_time=3.0, workers=("/Team",), transfer_time=1.0)
    more = (
        Place(path="/In_3", params=Source(interval=0.0), next=("/C",)),
        Place(path="/C", params=third, next=("/Out",)),
    )
    plant = plant_of((*plant.places, *more))
    waits = Flow(plant, 9)
    assert waits.out("/C")[:1] == [9.0]  # A to 3, B to 6, then C
    stopped = Flow(plant, 9, commands=stop_and_start(1.5, 5.0, "/B"))
    assert stopped.out("/C")[:1] == [4.5]
    assert stopped.states("/B")[:3] == [
        (0, "waiting operator"), (1.5, "down"), (5.0, "waiting operator"),
    ]  # fmt: skip


def test_operators_walk_to_the_station_before_each_part():
    team = Place(path="/Team", params=Pool(walking_speed=2.0), pose=Pose((3.0, 4.0, 0.0)))
    flow = Flow(shop(Station(process_time=1.0, workers=("/Team",)), more=[team]), 12)
    assert flow.out("/Press") == [3.5, 7.0, 10.5]
    assert flow.states("/Press")[:3] == [
        (0, "waiting operator"), (2.5, "working"), (3.5, "waiting operator"),
    ]  # fmt: skip


def test_the_first_pool_with_the_skill_sends_its_people():
    pools = [
        Place(path="/Fitters", params=Pool(skills=("fit",))),
        Place(path="/Welders", params=Pool(skills=("weld", "fit"))),
    ]
    station = Station(process_time=1.0, workers=("/Fitters", "/Welders"), skill="weld")
    flow = Flow(shop(station, more=pools), 0.5)
    assert (flow.row("/Fitters").free, flow.row("/Welders").free) == (1, 0)


def test_operators_off_shift_keep_the_station_waiting():
    shifts = Place(path="/Shifts", params=Calendar(period=20.0, starts=(5.0,), ends=(10.0,)))
    team = Place(path="/Team", params=Pool(), calendar="/Shifts")
    flow = Flow(shop(Station(process_time=2.0, workers=("/Team",)), more=[team, shifts]), 28)
    assert flow.out("/Press") == [7, 9, 11, 27]  # what has begun at 9 goes on


def test_machines_that_share_operators_have_the_rate_of_machine_repair():
    """Birth and death with rates (M - n) / run up and min(n, R) / service down, M/M/R//M."""
    machines, operators, run, service, until = 4, 2, 6.0, 3.0, 200_000.0
    places = [Place(path="/Team", params=Pool(size=operators))]
    served = Station(process_time=service, process_distribution="exponential", workers=("/Team",))
    running = Station(process_time=run, process_distribution="exponential")
    for n in range(machines):
        places += [
            Place(path=f"/In_{n}", params=Source(limit=1), next=(f"/Run_{n}",)),
            Place(path=f"/Run_{n}", params=running, next=(f"/Serve_{n}",)),
            Place(path=f"/Serve_{n}", params=served, next=(f"/Run_{n}",)),
        ]
    flow = Flow(plant_of(places), until, seed=5)
    weights = [1.0]
    for n in range(machines):
        weights.append(weights[-1] * (machines - n) / run * service / min(n + 1, operators))
    busy = sum(min(n, operators) * each for n, each in enumerate(weights)) / sum(weights)
    ends = np.concatenate([flow.out(f"/Serve_{n}") for n in range(machines)])
    rates = np.histogram(ends, bins=40, range=(0, until))[0] / (until / 40)
    assert rates.mean() == pytest.approx(busy / service, abs=4 * rates.std() / math.sqrt(40))
    work = sum(int(flow.row(f"/Serve_{n}").times[WORKING]) for n in range(machines))
    assert work / SECOND / until == pytest.approx(busy, rel=0.01)


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_bad_parts_are_scrap_in_their_share(share):
    flow = Flow(shop(Station(process_time=1.0, defects=share)), 20_000)
    clock = flow.world.clock[0]
    scrapped, finished = int(clock.scrapped), int(clock.finished)
    error = 4 * math.sqrt(share * (1 - share) * 20_000)
    assert scrapped == pytest.approx(share * 20_000, abs=error)
    assert scrapped + finished == 20_000
    assert int(clock.created) - scrapped - finished <= 2
    press = flow.plant.index("/Press") * 2
    assert int(flow.world.product.scrapped[press : press + 2].sum()) == scrapped


def rework_loop(limit=0, share=0.3, interval=2.0):
    check = Station(process_time=1.0, defects=share, rework=("/Again",), rework_limit=limit)
    places = [
        Place(path="/In", params=Source(interval=interval), next=("/Store",)),
        Place(path="/Store", params=Buffer(capacity=10_000), next=("/Check",)),
        Place(path="/Check", params=check, next=("/Again", "/Out")),
        Place(path="/Again", params=Station(process_time=1.0), next=("/Store",)),
        Place(path="/Out", params=Sink()),
    ]
    return plant_of(places)


def test_bad_parts_go_to_rework_and_good_ones_never_do():
    """With limit n, a part is finished within n + 1 goes, and scrap with probability p^(n + 1)."""
    share, limit, until = 0.3, 2, 40_000.0
    flow = Flow(rework_loop(limit, share), until)
    clock = flow.world.clock[0]
    done = int(clock.finished) + int(clock.scrapped)
    assert done > 19_000
    worst = share ** (limit + 1)
    error = 4 * math.sqrt(worst * (1 - worst) / done)
    assert int(clock.scrapped) / done == pytest.approx(worst, abs=error)
    visits = len(flow.into("/Check"))
    sent = len(flow.into("/Again"))
    goes = 1 + share + share**2
    assert visits / done == pytest.approx(goes, rel=0.02)
    assert sent / done == pytest.approx(share + share**2, rel=0.03)


def test_without_a_limit_every_part_is_good_in_the_end():
    flow = Flow(rework_loop(), 10_000)
    clock = flow.world.clock[0]
    assert clock.scrapped == 0
    alive = flow.world.part[flow.world.part.serial > 0]
    assert int(clock.created) - int(clock.finished) == len(alive)
    assert len(flow.into("/Again")) == pytest.approx(5000 * 0.3 / 0.7, rel=0.1)


def test_where_no_part_is_bad_rework_sees_none():
    flow = Flow(rework_loop(share=0.0), 1000)
    assert flow.into("/Again") == []
    assert flow.row("/Out").passed == 500


def test_a_part_counts_how_often_it_was_sent_back():
    plant = rework_loop(share=1.0, limit=3, interval=100.0)
    flow = Flow(plant, 6.5)
    assert flow.into("/Again") == [1, 3, 5]
    assert flow.world.part.reworks[flow.world.part.serial == 1].tolist() == [3]
    assert Flow(plant, 7.0).world.clock[0].scrapped == 1


def test_more_defects_only_add_to_the_bad_parts_of_a_run():
    """Common random numbers: what is bad at 10 % is bad at 20 %, and work takes as long."""

    def scrap(share):
        station = Station(process_time=1.0, process_distribution="exponential", defects=share)
        flow = Flow(shop(station), 2000)
        return set(range(1, 1500)) - set(flow.finished()), flow.into("/Press")

    few, many = scrap(0.1), scrap(0.2)
    assert few[0] < many[0]
    assert few[1] == many[1]


def test_extras_do_not_change_what_process_and_failure_streams_draw():
    def departures(**extras):
        clocks = {"mtbf": 50.0, "mttr": 5.0}
        station = Station(process_time=1.0, process_distribution="exponential", **clocks, **extras)
        return left(station, 1000)

    plain = departures()
    listed = {"products": ("B",), "product_times": (1.0,)}
    assert departures(**listed) == plain


def test_time_to_failure_and_repair_vary_as_they_are_told():
    station = Station(
        process_time=1.0, mtbf=50.0, mtbf_distribution="constant",
        mttr=4.0, mttr_distribution="constant",
    )  # fmt: skip
    flow = Flow(shop(station), 200)
    downs = [at for at, state in flow.states("/Press") if state == "down"]
    assert downs == [50, 104, 158]


@pytest.mark.parametrize("kind", ["normal", "triangular", "uniform", "lognormal", "weibull"])
def test_a_place_fails_with_every_distribution_even_if_it_may_begin_below_zero(kind):
    spread = {"mtbf_spread": 20.0 if kind in {"triangular", "uniform"} else 15.0}
    station = Station(process_time=1.0, mtbf=20.0, mtbf_distribution=kind, mttr=1.0, **spread)
    flow = Flow(shop(station), 20_000)
    operating = flow.row("/Press").times[WORKING] / SECOND
    failures = int(flow.row("/Press").failures)
    assert operating / failures == pytest.approx(20.0, rel=0.1)


def test_an_open_queue_has_the_wait_of_pollaczek_and_khinchine():
    """M/G/1: Wq = lambda E[S^2] / (2 (1 - rho)); S lognormal, batch means of 40."""
    rate, mean, spread, until = 0.5, 1.2, 0.9, 400_000.0
    plant = line(
        ("/In", Source(interval=1 / rate, interval_distribution="exponential", release="takt")),
        ("/Queue", Buffer(capacity=1_000_000)),
        ("/Server", Station(process_time=mean, process_distribution="lognormal",
                            process_spread=spread)),
        ("/Out", Sink()),
    )  # fmt: skip
    flow = Flow(plant, until, seed=3)
    came, went = flow.into("/Queue"), flow.out("/Queue")
    waits = np.array([out - into for into, out in zip(came, went, strict=False)])
    means = waits[: len(waits) // 40 * 40].reshape(40, -1).mean(axis=1)
    exact = rate * (mean**2 + spread**2) / (2 * (1 - rate * mean))
    assert means.mean() == pytest.approx(exact, abs=4 * means.std(ddof=1) / math.sqrt(40))


def problems(station, **options):
    return [str(each) for each in check(shop(station, **options))]


TEAM = [Place(path="/Team", params=Pool(size=2, skills=("weld",)))]


@pytest.mark.parametrize(
    ("station", "message"),
    [
        (
            Station(products=("a",), product_times=(1.0,)),
            "/Press twin:products must name products of the plant, got a; there are: A, B",
        ),
        (
            Station(products=("A", "B"), product_times=(1.0,)),
            (
                "/Press twin:productTimes must have one entry for each of the 2 in twin:products, "
                "got 1"
            ),
        ),
        (
            Station(products=("A", "A"), product_times=(1.0, 2.0)),
            "/Press twin:products must name each product once, got A",
        ),
        (
            Station(products=("A",), product_times=(1.0,), product_distributions=("gama",)),
            (
                "/Press twin:productDistributions must be one of constant, exponential, uniform, "
                "triangular, normal, lognormal, gamma, erlang, weibull for A, got gama; "
                "did you mean gamma?"
            ),
        ),
        (
            Station(products=("A",), product_times=(1.0,), product_distributions=("gamma",)),
            "/Press twin:productSpreads must be > 0 to be gamma, got 0; the mean is 1 s",
        ),
        (
            Station(process_distribution="empirical"),
            "/Press twin:processSamples must list measured times, got none",
        ),
        (
            Station(process_samples=(1.0,)),
            (
                "/Press twin:processDistribution must be empirical where twin:processSamples is "
                "given, got constant"
            ),
        ),
        (
            Station(process_time=1.0, process_distribution="uniform", process_spread=2.0),
            (
                "/Press twin:processSpread must be <= the mean of a uniform time, got 2; "
                "the mean is 1 s"
            ),
        ),
        (
            Station(mtbf=9.0, mttr=1.0, mttr_distribution="normal"),
            "/Press twin:mttrSpread must be > 0 to be normal, got 0; the mean is 1 s",
        ),
        (
            Station(setup_from=("A",), setup_to=("D",), setup_times=()),
            "/Press twin:setupTimes must have one entry for each of the 1 in twin:setupFrom, got 0",
        ),
        (
            Station(setup_from=("A",), setup_to=("D",), setup_times=(1.0,)),
            "/Press twin:setupTo must name products of the plant, got D; there are: A, B",
        ),
        (
            Station(setup_from=("A", "A"), setup_to=("B", "B"), setup_times=(1.0, 2.0)),
            "/Press twin:setupFrom must list each change once, got A to B",
        ),
        (
            Station(maintenance_count=3),
            "/Press twin:maintenanceTime must be > 0 s where twin:maintenanceCount is set, got 0",
        ),
        (
            Station(rework=("/In",)),
            "/Press twin:rework must be one of the places in twin:next, got /In; there are: /Out",
        ),
        (
            Station(rework=("/Out",)),
            (
                "/Press twin:next must have one exit besides twin:rework, got 0; "
                "put a router there to spread good parts"
            ),
        ),
        (
            Station(rework_limit=2),
            "/Press twin:rework must be given where twin:reworkLimit is, got nothing",
        ),
        (Station(defects=1.5), "/Press twin:defects must be >= 0 and <= 1 share, got 1.5"),
        (
            Station(workers=("/Team",), skill="paint"),
            "/Press twin:skill must be a skill of one of twin:workers, got paint; they have weld",
        ),
        (
            Station(workers=("/Team",), worker_count=3),
            "/Press twin:workerCount must be <= the size of /Team (2), got 3",
        ),
        (
            Station(workers=("/Teams",)),
            "/Press twin:workers must point at a pool, got /Teams; did you mean /Team?",
        ),
    ],
)
def test_a_station_that_can_t_be_is_told_why(station, message):
    assert message in problems(station, more=TEAM)


def test_defects_and_setup_times_may_change_while_the_plant_runs():
    change = [(100, Command(action="set", path="/Press", attribute="twin:defects", value=1.0))]
    flow = Flow(shop(Station(process_time=1.0)), 200.5, commands=change)
    assert int(flow.world.clock[0].finished) in {99, 100}
    assert int(flow.world.clock[0].scrapped) in {100, 101}
    gaps = [b - a for a, b in pairwise(flow.into("/Press"))]
    assert set(gaps) == {1.0}
