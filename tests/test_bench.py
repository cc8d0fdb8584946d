"""The benchmarks: what counts as a floor kept, and that the peers do the same work as we do."""

from dataclasses import replace
from math import sqrt
from statistics import fmean, variance

import numpy as np
import pytest

from tests.bench.fresh import result_of
from tests.bench.line import line_plant
from tests.bench.measure import Measure
from twin.data import scene_path
from twin.engine.simulation import Simulation
from twin.kinds.assembler import Assembler
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.conveyor import Conveyor
from twin.kinds.disassembler import Disassembler
from twin.kinds.merge import Merge
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, connect
from twin.plant import check as check_plant
from twin.scene import load
from twin.units import to_ticks


@pytest.mark.parametrize(
    ("ours", "peer_value", "floor", "sense", "ok"),
    [
        (400.0, 10.0, 40.0, "more", True),
        (399.0, 10.0, 40.0, "more", False),
        (0.3, None, 0.3, "less", True),
        (0.31, None, 0.3, "less", False),
        (0.996, 1.0, 0.995, "match", True),
        (1.006, 1.0, 0.995, "match", False),
        (1.0, None, None, "more", True),
    ],
)
def test_a_floor_holds_the_ratio_or_without_a_peer_our_own_number(
    ours, peer_value, floor, sense, ok
):
    peer = None if peer_value is None else "peer"
    measure = Measure(
        name="m", unit="u", ours=ours, peer=peer, peer_value=peer_value, floor=floor, sense=sense
    )
    assert measure.ok is ok


def test_a_line_has_exactly_the_keys_of_the_format():
    line = Measure(name="m", unit="u", ours=8.0, peer="p", peer_value=2.0, floor=4.0).line()
    assert line == {
        "name": "m", "unit": "u", "ours": 8.0, "peer": "p", "peer_value": 2.0, "ratio": 4.0,
        "floor": 4.0, "aim": None, "ok": True,
    }  # fmt: skip


def test_state_times_of_the_simpy_line_sum_to_the_clock():
    pytest.importorskip("simpy")
    from tests.bench.simpy_states import StateLine

    line = StateLine(mtbf=100.0, mttr=10.0)
    line.run(2_000.0)
    line.close()
    assert [sum(station.times) for station in line.stations] == pytest.approx([2_000.0] * 10)
    assert all(station.failures > 0 for station in line.stations)


def ours(plant: Plant, until: float, seed: int = 0) -> int:
    """Parts that have left a run of ours until a time [s]."""
    simulation = Simulation(plant, seed=seed)
    simulation.advance(to_ticks(until))
    return int(simulation.world.product["finished"].sum())


def simpys(plant: Plant, until: float, seed: int = 0) -> int:
    """Parts that have left the SimPy model before a time [s]."""
    from tests.bench.simpy_plant import SimpyPlant

    model = SimpyPlant(plant, seed=seed)
    model.run(until)
    return model.finished


def with_params(plant: Plant, kind: type, **changes: object) -> Plant:
    """The plant with parameters of all places of a kind changed."""
    places = [
        replace(each, params=replace(each.params, **changes)) if type(each.params) is kind else each
        for each in plant.places
    ]
    return replace(plant, places=tuple(places))


def fork() -> Plant:
    """Two stations, one slow, behind a buffer that serves the first one first."""
    first = connect(
        [
            ("/Source", Source(interval=3.0)),
            ("/Belt", Conveyor(length=6.0, speed=0.5, spacing=1.5)),
            ("/Store", Buffer(capacity=2)),
            ("/Slow", Station(process_time=11.0, transfer_time=1.0)),
            ("/End", Sink()),
        ]
    )
    places = [
        replace(each, next=("/Slow", "/Fast")) if each.path == "/Store" else each for each in first
    ]
    fast = Place(path="/Fast", params=Station(process_time=4.5), next=("/Done",))
    return Plant(places=(*places, fast, Place(path="/Done", params=Sink())))


@pytest.mark.parametrize("until", [100.3, 500.3, 2_000.3])
@pytest.mark.parametrize("accumulating", [True, False])
@pytest.mark.parametrize("name", ["body shop", "fork"])
def test_without_chance_the_simpy_model_of_a_plant_finishes_the_same_parts(
    name, accumulating, until
):
    pytest.importorskip("simpy")
    plant = fork() if name == "fork" else load(scene_path("body_shop"))
    plant = with_params(plant, Conveyor, accumulating=accumulating)
    plant = with_params(plant, Station, mtbf=0.0)
    assert simpys(plant, until) == ours(plant, until)


def test_without_chance_the_simpy_model_of_the_whole_plant_holds_the_same_parts_everywhere():
    pytest.importorskip("simpy")
    from tests.bench.simpy_joining import Join
    from tests.bench.simpy_places import Seats
    from tests.bench.simpy_plant import SimpyPlant

    plant = load(scene_path("whole_plant"))
    plant = with_params(plant, Station, defects=0.0)
    for kind in (Station, Assembler, Disassembler):
        plant = with_params(
            plant, kind, mtbf=0.0, process_distribution="constant", process_spread=0.0
        )
    simulation, model = Simulation(plant), SimpyPlant(plant)
    held = {place.path: row for row, place in enumerate(plant.places)}
    for hour in (3, 6, 9):
        time = hour * 3600.0 + 1.2345
        simulation.advance(to_ticks(time))
        model.run(time)
        # an assembler of ours counts the components in it as well
        of_simpy = {
            path: place.seats.count
            for path, place in model.places.items()
            if isinstance(place, Seats) and not isinstance(place, Join)
        }
        counts = simulation.world.place["count"]
        assert of_simpy == {path: int(counts[held[path]]) for path in of_simpy}


@pytest.mark.parametrize("clock", ["operating", "calendar"])
def test_with_failures_the_simpy_model_of_the_body_shop_has_our_throughput(clock):
    pytest.importorskip("simpy")
    plant = with_params(load(scene_path("body_shop")), Station, mtbf=2_000.0, failure_clock=clock)
    two = [[run(plant, 1e5, seed) for seed in range(8)] for run in (ours, simpys)]
    off = sqrt(sum(variance(counts) / len(counts) for counts in two))
    assert abs(fmean(two[0]) - fmean(two[1])) < 3.5 * off


def lanes() -> Plant:
    """Two lanes behind a failing station, which meet again, with a rework loop and short shifts."""
    shaky = {"mtbf": 900.0, "mttr": 120.0, "transfer_time": 3.0}
    lane = Station(
        process_time=70.0, process_distribution="triangular", process_spread=20.0, **shaky
    )
    check = Station(process_time=30.0, defects=0.1, rework=("/Again",), **shaky)
    belt = Conveyor(length=12.0, speed=0.5, spacing=4.0)
    again = Conveyor(length=80.0, speed=0.5, spacing=4.0)
    places = [
        Place(path="/In", params=Source(interval=57.0), next=("/First",)),
        Place(path="/First", params=Station(process_time=36.0, **shaky), next=("/Belt",)),
        Place(path="/Belt", params=belt, next=("/Merge",)),
        Place(path="/Merge", params=Merge(order=("/Again",)), next=("/Split",)),
        Place(path="/Split", params=Router(rule="turn", skip_full=True), next=("/A", "/B")),
        Place(path="/A", params=lane, next=("/Check",)),
        Place(path="/B", params=lane, next=("/Check",)),
        Place(path="/Check", params=check, next=("/Out", "/Again")),
        Place(path="/Again", params=again, next=("/Merge",)),
        Place(path="/Out", params=Sink()),
    ]
    hours = Calendar(period=3600.0, starts=(0.0, 2000.0), ends=(1500.0, 3400.0))
    free = {"/Merge", "/Split", "/Out"}
    kept = [each if each.path in free else replace(each, calendar="/Shifts") for each in places]
    return Plant(places=(*kept, Place(path="/Shifts", params=hours)))


@pytest.mark.parametrize("seed", range(3))
def test_with_the_same_chance_a_plant_with_shifts_finishes_the_same_parts_in_simpy(seed):
    pytest.importorskip("simpy")
    from tests.bench.same_chance import same_chance, untied

    plant = untied(lanes())
    assert check_plant(plant) == []
    simulation, model = Simulation(plant, seed=seed), same_chance(plant, seed=seed)
    counts = []
    for hour in range(1, 41):
        time = hour * 3600.0 - 100.3
        simulation.advance(to_ticks(time))
        model.run(time)
        counts.append((int(simulation.world.product["finished"].sum()), model.finished))
    assert [one for one, _ in counts] == [two for _, two in counts]
    assert counts[-1][0] > 1_500


def test_the_reference_line_has_ten_stations_and_places_between():
    kinds = [type(place.params) for place in line_plant().places]
    assert kinds == [Source, Station, *[Buffer, Station] * 9, Sink]


def test_a_fresh_process_tells_its_own_peak_memory():
    code = """
import json, sys
from tests.bench.fresh import peak_megabytes
block = b"1" * int(sys.argv[1])
print(json.dumps(peak_megabytes()))
"""
    assert result_of(code, 100_000_000) - result_of(code, 1) == pytest.approx(100, abs=5)


def test_pinocchio_places_the_links_of_the_contest_where_we_do():
    import pinocchio as pin

    from tests.bench.motion_fk import chain_model
    from tests.motion.hs220 import hs220

    arm = hs220()
    model = chain_model(arm)
    data, q = model.createData(), np.linspace(-1.0, 2.0, 6)
    pin.forwardKinematics(model, data, q)
    theirs = [data.oMi[number].homogeneous for number in range(1, 7)]
    np.testing.assert_allclose(arm.link_frames([q])[0, 1:], theirs, rtol=0, atol=1e-12)
