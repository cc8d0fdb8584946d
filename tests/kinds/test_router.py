"""Routers: every rule against schedules by hand and against theory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape, exponential
from twin.core.record import MOVE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.journal import Journal, replay
from twin.kinds.buffer import Buffer
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Product, check

SECOND = 1_000_000
COLOURS = tuple(Product(name=name) for name in ("Red", "Green", "Blue"))


def fan(router, branches, *, interval=1.0, limit=0, sequence=()):
    """A router in front of branches, each with a sink; branches are rows 2, 4, 6, ..."""
    paths = [f"/Branch_{k}" for k in range(len(branches))]
    ends = []
    for path, params in zip(paths, branches, strict=True):
        ends.append(Place(path=path, params=params, next=(f"{path}/Sink",)))
        ends.append(Place(path=f"{path}/Sink", params=Sink()))
    source = Source(interval=interval, limit=limit, sequence=sequence)
    return Plant(
        places=(
            Place(path="/Source", params=source, next=("/Router",)),
            Place(path="/Router", params=router, next=tuple(paths)),
            *ends,
        ),
        products=COLOURS,
    )


def taken(plant, until, *, seed=0, **more):
    """Branch and tick [s] of each part that the router gave, in order; the branch by number."""
    tape = Tape()
    simulation = Simulation(plant, seed=seed, recorder=tape, **more)
    simulation.advance(round(until * SECOND))
    events = np.concatenate(tape.events)
    moves = events[(events["code"] == MOVE) & (events["value"] == 1)]
    return [
        (int(row["part"]), (int(row["place"]) - 2) // 2, int(row["tick"]) / SECOND) for row in moves
    ]


def test_first_takes_the_first_exit_with_room():
    """Machines of 5, 2 and 9 s; parts at 0, 1, 2, ... and when the router is free again."""
    machines = [Station(process_time=each) for each in (5.0, 2.0, 9.0)]
    parts = taken(fan(Router(), machines, limit=8), 100.0)
    # 0: A until 5. 1: B until 3. 2: C until 11. 3: B until 5. 4: waits until 5: A until 10.
    # The source goes on 1 s after its part has left for the router: 5 at 6, B until 8; ...
    expected = [(1, 0, 0), (2, 1, 1), (3, 2, 2), (4, 1, 3), (5, 0, 5), (6, 1, 5), (7, 1, 7)]
    assert parts[:7] == expected


def test_a_product_goes_to_its_exit_and_waits_there_though_others_are_free():
    """Red to 1, Green to 0, Blue anywhere; the second Red waits for the first one's 6 s."""
    router = Router(rule="product", products=("Red", "Green"), exits=(1, 0))
    machines = [Station(process_time=2.0), Station(process_time=6.0)]
    plant = fan(router, machines, limit=5, sequence=("Red", "Green", "Red", "Blue", "Blue"))
    assert taken(plant, 100.0) == [(1, 1, 0), (2, 0, 1), (3, 1, 6), (4, 0, 6), (5, 0, 8)]


def test_the_shortest_queue_gets_the_part_and_the_first_of_equals():
    """Nothing leaves the queues: each part goes to the emptiest that has room."""
    plant = fan(
        Router(rule="shortest"), [Buffer(capacity=3), Buffer(capacity=2), Buffer()], limit=9
    )
    simulation = Simulation(plant, recorder=(tape := Tape()))
    for k in range(3):
        simulation.apply(Command(action="stop", path=f"/Branch_{k}/Sink"))
    simulation.advance(20 * SECOND)
    events = np.concatenate(tape.events)
    moves = events[(events["code"] == MOVE) & (events["value"] == 1)]
    # The first part was through at tick 0, before the sinks were closed.
    assert ((moves["place"][1:] - 2) // 2).tolist() == [0, 1, 2, 0, 1, 0]


@pytest.mark.parametrize(
    ("skip_full", "expected"),
    [
        (False, [(1, 0, 0), (2, 1, 1), (3, 0, 4), (4, 1, 4), (5, 0, 8), (6, 1, 8)]),
        (True, [(1, 0, 0), (2, 1, 1), (3, 1, 2), (4, 1, 3), (5, 0, 4), (6, 1, 5)]),
    ],
)
def test_turns_are_strict_or_pass_over_what_is_full(skip_full, expected):
    """Machines of 4 and 1 s in turn. Strictly the fast one waits for its turn.

    Where full exits are passed over, the part at 3 s finds the second free and the first not.
    """
    machines = [Station(process_time=4.0), Station(process_time=1.0)]
    router = Router(rule="turn", skip_full=skip_full)
    assert taken(fan(router, machines, limit=6), 50.0) == expected


@pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0), (5.0, 3.0, 2.0), (0.0, 1.0, 99.0)])
def test_shares_follow_the_weights_within_four_sigma(weights):
    plant = fan(Router(rule="share", weights=weights), [Station()] * 3, interval=1.0)
    simulation = Simulation(plant, seed=5)
    simulation.advance(100_000 * SECOND)
    counts = simulation.world.place.passed[[2, 4, 6]]
    shares = np.array(weights) / sum(weights)
    sigma = np.sqrt(counts.sum() * shares * (1 - shares))
    assert (np.abs(counts - counts.sum() * shares) <= 4 * sigma).all()
    assert counts.sum() == 100_001


def test_a_part_draws_its_exit_once_and_waits_for_it():
    """With the slow exit drawn for half of the parts, the rate is that of waiting for it."""
    machines = [Station(process_time=10.0), Station(process_time=0.0)]
    plant = fan(Router(rule="share", weights=(1.0, 1.0)), machines, interval=0.0)
    simulation = Simulation(plant, seed=2)
    simulation.advance(100_000 * SECOND)
    slow, fast = simulation.world.place.passed[[2, 4]].tolist()
    assert slow == pytest.approx(10_000, abs=2)  # there is always one that waits
    assert fast == pytest.approx(slow, abs=4 * np.sqrt(2 * slow))


def test_split_poisson_arrivals_are_m_m_1_queues():
    """A share p of a Poisson stream is one of rate p lambda: L = rho / (1 - rho)."""
    buffers = [Buffer(capacity=100_000)] * 2
    plant = fan(Router(rule="share", weights=(1.0, 3.0)), buffers)
    queues = []
    for place in plant.places:
        if place.path.endswith("/Sink"):
            queues += [
                Place(path=f"{place.path}", params=exponential(0.9), next=(f"{place.path}/End",)),
                Place(path=f"{place.path}/End", params=Sink()),
            ]
        elif place.path == "/Source":
            source = Source(interval=1.0, interval_distribution="exponential")
            queues.append(Place(path="/Source", params=source, next=("/Router",)))
        else:
            queues.append(place)
    simulation = Simulation(Plant(places=tuple(queues)), seed=8)
    simulation.advance(1_000_000 * SECOND)
    totals = simulation.totals()
    busy = totals.place.times[:, 0] / totals.clock[0].now
    row = {place.path: k for k, place in enumerate(queues)}
    assert busy[row["/Branch_0/Sink"]] == pytest.approx(0.225, rel=0.01)
    assert busy[row["/Branch_1/Sink"]] == pytest.approx(0.675, rel=0.01)
    lead = totals.clock[0].part_ticks / totals.clock[0].now
    assert lead == pytest.approx(0.225 / 0.775 + 0.675 / 0.325, rel=0.03)


@settings(max_examples=20)
@given(
    rule=st.sampled_from(["first", "shortest", "turn"]),
    times=st.lists(st.integers(0, 5), min_size=1, max_size=4),
    cut=st.integers(0, 60),
)
def test_a_stop_of_the_router_loses_no_part(rule, times, cut):
    plant = fan(Router(rule=rule), [Station(process_time=float(each)) for each in times], limit=30)
    simulation = Simulation(plant)
    simulation.advance(cut * SECOND)
    simulation.apply(Command(action="stop", path="/Router"))
    simulation.advance((cut + 7) * SECOND)
    simulation.apply(Command(action="start", path="/Router"))
    simulation.advance(1000 * SECOND)
    assert simulation.world.clock[0].finished == 30


def every_third(_run, question):
    """An own rule: serial numbers divisible by three go to the second exit."""
    assert question.exits == ("/Branch_0", "/Branch_1")
    return int(question.serial % 3 == 0)


def test_an_own_rule_is_asked_once_per_part():
    machines = [Station(process_time=1.5), Station(process_time=2.0)]
    parts = taken(fan(Router(rule="own"), machines, limit=9), 50.0, rules={"/Router": every_third})
    assert [serial for serial, branch, _ in parts if branch == 1] == [3, 6, 9]
    assert len(parts) == 9


def test_an_own_rule_sees_the_plant():
    """The rule picks the emptier queue, as the rule `shortest` does."""

    def emptier(run, question):
        rows = [run.plant.index(path) for path in question.exits]
        return int(np.argmin([run.world.place[row]["count"] for row in rows]))

    queues = [exponential(2.2), exponential(2.2), exponential(2.2)]
    own = taken(fan(Router(rule="own"), queues), 500.0, rules={"/Router": emptier})
    assert own[:3] == taken(fan(Router(rule="shortest"), queues), 500.0)[:3]


def test_answers_are_recorded_as_commands_and_replay_gives_the_same_journal():
    plant = fan(Router(rule="own"), [exponential(1.5), exponential(2.0)])
    journal = Journal(plant, seed=4)
    simulation = Simulation(plant, seed=4, recorder=journal, rules={"/Router": every_third})
    simulation.advance(200 * SECOND)
    simulation.apply(Command(action="stop", path="/Branch_0"))
    simulation.advance(250 * SECOND)
    simulation.apply(Command(action="start", path="/Branch_0"))
    simulation.advance(400 * SECOND)
    journal.close(simulation.now)
    routes = journal.commands[journal.commands["action"] == "route"]
    assert len(routes) == simulation.world.place[1].passed + simulation.world.place[1]["count"]
    again = replay(journal)
    np.testing.assert_array_equal(again.events, journal.events)
    np.testing.assert_array_equal(again.commands, journal.commands)


def test_an_own_rule_gives_the_same_bits_interpreted_and_compiled():
    plant = fan(Router(rule="own"), [exponential(1.5), exponential(2.0)])
    one, two = Tape(), Tape()
    for tape, interpreted in ((one, False), (two, True)):
        run = Simulation(
            plant, seed=4, recorder=tape, rules={"/Router": every_third}, interpreted=interpreted
        )
        run.advance(100 * SECOND)
    assert one.bytes() == two.bytes()
    assert one.commands == two.commands


def test_an_answer_that_is_no_exit_and_a_rule_that_is_missing_are_errors():
    plant = fan(Router(rule="own"), [Station(), Station()])
    with pytest.raises(CommandError, match="/Router has exits 0 to 1, got 2"):
        Simulation(plant, rules={"/Router": lambda _run, _question: 2})
    with pytest.raises(CommandError, match="/Router has rule own; give Simulation rules="):
        Simulation(plant)
    with pytest.raises(CommandError, match="/Source asks no rule; did you mean /Router"):
        Simulation(plant, rules={"/Router": every_third, "/Source": every_third})


@pytest.mark.parametrize(
    ("router", "says"),
    [
        (Router(rule="share"), "/Router twin:weights must be 2, one per exit, got 0"),
        (Router(rule="share", weights=(1.0,)), "twin:weights must be 2, one per exit, got 1"),
        (Router(rule="share", weights=(0.0, 0.0)), "twin:weights must not all be 0"),
        (Router(weights=(1.0, 2.0)), "twin:weights must be empty unless twin:rule is share"),
        (
            Router(rule="product", products=("Rde",), exits=(0,)),
            "twin:products must name products of the plant, got Rde; did you mean Red?",
        ),
        (
            Router(rule="product", products=("Red",), exits=(2,)),
            "twin:exits must be below 2, the number of exits, got 2",
        ),
        (
            Router(rule="product", products=("Red", "Blue"), exits=(1,)),
            "twin:exits must hold one number per name in twin:products, 2, got 1",
        ),
        (
            Router(rule="product", products=("Red", "Red"), exits=(1, 0)),
            "twin:products must name a product only once, got Red",
        ),
    ],
)
def test_lists_that_do_not_fit_are_problems(router, says):
    assert says in "\n".join(map(str, check(fan(router, [Station(), Station()]))))
