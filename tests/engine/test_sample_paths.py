"""Every kind against a SimPy model that knows the README only: the same ticks for each part.

Lines, conveyors and failing lines are in `test_paths`, open queues in `test_open_queues`; shuttles,
paced lines, movers, batches, stores, gates and blocking before service have theirs beside the kind.
"""

import pytest

from tests.engine.lines import exponential
from tests.engine.measured import leaving, same_start
from tests.theory.streams import exponential_ticks
from twin.kinds.assembler import Assembler
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.disassembler import Disassembler
from twin.kinds.failure import Failure
from twin.kinds.merge import Merge
from twin.kinds.parallel import Parallel
from twin.kinds.pool import Pool
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.warehouse import Warehouse, cycles
from twin.plant import Place, Plant, Product

pytest.importorskip("simpy", reason="install '.[bench]' for the models in SimPy")
from tests.theory import simpy_models

SECOND = 1_000_000
UNTIL = 400 * SECOND
DRAWS = 900  # more than any station makes in that time


def place(path, params, *following, **more):
    return Place(path=path, params=params, next=following, **more)


def saturated(path, params, following):
    """A place that always has a part: a source and it."""
    source = place(f"{path}_Source", Source(interval=0.0), path)
    return (source, place(path, params, following))


def drawn(path, mean, purpose="process"):
    return exponential_ticks(path, purpose, DRAWS, mean=mean, seed=7)


@pytest.mark.parametrize("rule", ["first", "turn"])
@pytest.mark.parametrize("places", [0, 2])
def test_a_merge_is_its_model(rule, places):
    """It holds one part itself, besides the places of the buffer behind it."""
    means = {"/A": 2.0, "/B": 1.5, "/C": 2.5}
    behind = "/Buffer" if places else "/End"
    plant = Plant(
        places=(
            *(each for path, mean in means.items()
              for each in saturated(path, exponential(mean), "/Merge")),
            place("/Merge", Merge(rule=rule, order=tuple(means)), behind),
            *([place("/Buffer", Buffer(capacity=places), "/End")] if places else []),
            place("/End", exponential(0.7), "/Sink"),
            place("/Sink", Sink()),
        )
    )  # fmt: skip
    feeds = [drawn(path, mean) for path, mean in means.items()]
    left, out = simpy_models.merge(feeds, drawn("/End", 0.7), places + 1, rule=rule)
    actual = leaving(plant, UNTIL)
    for path, expected in zip(means, left, strict=True):
        same_start(actual[path], expected)
    same_start(actual["/End"], out, least=300)


@pytest.mark.parametrize(
    ("rule", "buffers"),
    [
        ("first", (0, 0)),
        ("first", (1, 2)),
        ("shortest", (0, 0)),
        ("turn", (0, 0)),
        ("turn", (1, 2)),
    ],
)
def test_a_router_is_its_model(rule, buffers):
    means = (1.6, 1.3)
    after = [f"/Buffer_{k}" if room else f"/Work_{k}" for k, room in enumerate(buffers)]
    plant = Plant(
        places=(
            *saturated("/Head", exponential(0.6), "/Router"),
            place("/Router", Router(rule=rule), *after),
            *(place(f"/Buffer_{k}", Buffer(capacity=room), f"/Work_{k}")
              for k, room in enumerate(buffers) if room),
            *(place(f"/Work_{k}", exponential(mean), "/Sink") for k, mean in enumerate(means)),
            place("/Sink", Sink()),
        )
    )  # fmt: skip
    branches = [drawn(f"/Work_{k}", mean) for k, mean in enumerate(means)]
    head, out = simpy_models.router(drawn("/Head", 0.6), branches, buffers, rule=rule)
    actual = leaving(plant, UNTIL)
    same_start(actual["/Head"], head, least=300)
    for k, expected in enumerate(out):
        same_start(actual[f"/Work_{k}"], expected)


def test_an_assembler_is_its_model():
    """Bases and two of a component; each waits in a buffer of its own."""
    needs = Assembler(
        components=("Wheel",), counts=(2,), process_time=0.8, process_distribution="exponential"
    )
    names = {"/Body": "Body", "/Wheel": "Wheel"}
    plant = Plant(
        places=(
            *(place(f"{path}_Source", Source(interval=0.0, sequence=(name,)), path)
              for path, name in names.items()),
            *(place(path, exponential(1.0), f"{path}_Buffer") for path in names),
            *(place(f"{path}_Buffer", Buffer(capacity=2), "/Join") for path in names),
            place("/Join", needs, "/Sink"),
            place("/Sink", Sink()),
        ),
        products=(Product(name="Body"), Product(name="Wheel")),
    )  # fmt: skip
    feeds = [drawn(path, 1.0) for path in names]
    left, out = simpy_models.assembler(feeds, drawn("/Join", 0.8), [2, 2], [1, 2])
    actual = leaving(plant, UNTIL)
    same_start(actual["/Join"], out)
    for path, expected in zip(names, left, strict=True):
        same_start(actual[path], expected)


def test_a_disassembler_is_its_model():
    """What is taken off leaves first, then the base."""
    apart = Disassembler(components=("Door",), process_time=0.9, process_distribution="exponential")
    plant = Plant(
        places=(
            place("/Doors", Source(interval=0.0, sequence=("Door",)), "/Join"),
            place("/Bodies", Source(interval=0.0, sequence=("Body",)), "/Join"),
            place("/Join", Assembler(components=("Door",)), "/Apart"),
            place("/Apart", apart, "/Base", "/Part"),
            place("/Base", exponential(1.0), "/Sink"),
            place("/Part", exponential(1.1), "/Sink"),
            place("/Sink", Sink()),
        ),
        products=(Product(name="Body"), Product(name="Door")),
    )
    left, base, part = simpy_models.taken_apart(
        drawn("/Apart", 0.9), drawn("/Base", 1.0), drawn("/Part", 1.1)
    )
    actual = leaving(plant, UNTIL)
    same_start(actual["/Apart"][1::2], left)
    same_start(actual["/Base"], base)
    same_start(actual["/Part"], part)


@pytest.mark.parametrize("size", [1, 2])
def test_workers_of_a_pool_are_their_model(size):
    """Stations in a row of different priorities; the third needs both people, if there are two."""
    works = [(1.0, 1, 0), (0.8, 1, 2), (0.9, size, 1)]
    stations = [
        exponential(mean, workers=("/Team",), worker_count=count, priority=priority)
        for mean, count, priority in works
    ]
    plant = Plant(
        places=(
            place("/Source", Source(interval=0.0), "/S0"),
            place("/S0", stations[0], "/B0"),
            place("/B0", Buffer(capacity=2), "/S1"),
            place("/S1", stations[1], "/S2"),
            place("/S2", stations[2], "/Sink"),
            place("/Sink", Sink()),
            place("/Team", Pool(size=size)),
        )
    )
    expected = simpy_models.worked(
        [drawn(f"/S{k}", mean) for k, (mean, _, _) in enumerate(works)], [2, 0], size,
        counts=[count for _, count, _ in works], priorities=[rank for _, _, rank in works],
    )  # fmt: skip
    actual = leaving(plant, UNTIL)
    for k, ticks in enumerate(expected):
        same_start(actual[f"/S{k}"], ticks)


@pytest.mark.parametrize("clock", ["operating", "calendar"])
def test_several_failures_of_a_place_are_their_model(clock):
    """A micro-stop and a long stop."""
    stops = {"/Work/Micro": (7.0, 0.5), "/Work/Long": (40.0, 9.0)}
    plant = Plant(
        places=(
            *saturated("/Work", exponential(1.0), "/Sink"),
            place("/Sink", Sink()),
            *(place(path, Failure(mtbf=life, mttr=repair, failure_clock=clock))
              for path, (life, repair) in stops.items()),
        )
    )  # fmt: skip
    expected = simpy_models.several_failures(
        drawn("/Work", 1.0),
        [drawn(path, life, "failure") for path, (life, _) in stops.items()],
        [drawn(path, repair, "repair") for path, (_, repair) in stops.items()],
        clock=clock, until=UNTIL,
    )  # fmt: skip
    same_start(leaving(plant, UNTIL)["/Work"], expected, least=200)


def test_a_crew_that_repairs_two_machines_is_its_model():
    fails = Failure(mtbf=9.0, mttr=4.0, failure_clock="operating", crew=("/Crew",))
    plant = Plant(
        places=(
            place("/Source", Source(interval=0.0), "/S0"),
            place("/S0", exponential(1.0), "/Buffer"),
            place("/Buffer", Buffer(capacity=2), "/S1"),
            place("/S1", exponential(0.9), "/Sink"),
            place("/Sink", Sink()),
            place("/S0/Stop", fails),
            place("/S1/Stop", fails),
            place("/Crew", Pool()),
        )
    )
    expected = simpy_models.failing_line(
        [drawn("/S0", 1.0), drawn("/S1", 0.9)], [2],
        [drawn(f"/S{k}/Stop", 9.0, "failure") for k in range(2)],
        [drawn(f"/S{k}/Stop", 4.0, "repair") for k in range(2)],
        clock="operating", until=UNTIL, crews=1,
    )  # fmt: skip
    actual = leaving(plant, UNTIL)
    for k, ticks in enumerate(expected):
        same_start(actual[f"/S{k}"], ticks)


@pytest.mark.parametrize("at_bell", ["stop", "finish"])
def test_shifts_are_their_model(at_bell):
    shifts = [(3, 21), (27, 40)]
    hours = Calendar(
        period=50.0, at_bell=at_bell,
        starts=tuple(float(a) for a, _ in shifts), ends=tuple(float(b) for _, b in shifts),
    )  # fmt: skip
    source, work = saturated("/Work", exponential(1.0), "/Sink")
    kept = place("/Work", work.params, "/Sink", calendar="/Hours")
    plant = Plant(places=(source, kept, place("/Sink", Sink()), place("/Hours", hours)))
    expected = simpy_models.calendar(
        drawn("/Work", 1.0), [(a * SECOND, b * SECOND) for a, b in shifts], 50 * SECOND,
        at_bell=at_bell, until=UNTIL,
    )  # fmt: skip
    same_start(leaving(plant, UNTIL)["/Work"], expected, least=150)


def test_servers_side_by_side_in_a_line_are_their_model():
    ovens = Parallel(servers=3, process_time=2.5, process_distribution="exponential")
    plant = Plant(
        places=(
            *saturated("/Head", exponential(0.8), "/Ovens"),
            place("/Ovens", ovens, "/Buffer"),
            place("/Buffer", Buffer(capacity=1), "/End"),
            place("/End", exponential(0.9), "/Sink"),
            place("/Sink", Sink()),
        )
    )
    services = [drawn("/Head", 0.8), drawn("/Ovens", 2.5), drawn("/End", 0.9)]
    expected = simpy_models.line(services, [0, 1], servers=[1, 3, 1])
    actual = leaving(plant, UNTIL)
    for path, ticks in zip(("/Head", "/Ovens", "/End"), expected, strict=True):
        same_start(actual[path], ticks, least=200)


@pytest.mark.parametrize("cranes", [1, 2])
def test_the_cranes_of_a_warehouse_are_their_model(cranes):
    rack = Warehouse(
        capacity=6, cranes=cranes, columns=3, levels=2, column_pitch=0.4, level_pitch=0.3,
        crane_speed=2.0, lift_speed=0.7, handling_time=0.15,
    )  # fmt: skip
    plant = Plant(
        places=(
            *saturated("/Head", exponential(1.4), "/Rack"),
            place("/Rack", rack, "/End"),
            place("/End", exponential(1.5), "/Sink"),
            place("/Sink", Sink()),
        )
    )
    left, out = simpy_models.rack(
        drawn("/Head", 1.4), drawn("/End", 1.5), cycles(rack), cranes=cranes
    )
    actual = leaving(plant, UNTIL)
    same_start(actual["/Head"], left)
    same_start(actual["/End"], out)
