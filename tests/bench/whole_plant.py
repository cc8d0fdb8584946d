"""A whole plant against the same plant in SimPy: speed, throughput, and memory for 24 h.

Both sides run the plant that the scene describes, past a warm-up of an hour. Ours accounts the
states of every place, lead times and work in process; SimPy counts finished parts. The memory is
the peak of a fresh process that loads the scene and runs 24 h of it.
"""

from collections.abc import Iterator

from tests.bench.fresh import result_of
from tests.bench.measure import Measure, cpu_seconds
from tests.bench.simpy_plant import SimpyPlant
from twin.data import scene_path
from twin.engine.simulation import Simulation
from twin.plant import Plant
from twin.scene import load
from twin.units import to_ticks

__all__ = ["measures"]

SCENE = "body_shop"
HOUR = 3600.0  # s
WARM_UP = HOUR
DAY = 24 * HOUR
OUR_DAYS, SIMPY_DAYS = 20, 5
TURNS = 3
PEAK = """
import json, sys
from tests.bench.fresh import peak_megabytes
from twin.data import scene_path
from twin.engine.simulation import Simulation
from twin.scene import load
Simulation(load(scene_path(sys.argv[1])), seed=1).advance(24 * 3600 * 1_000_000)
print(json.dumps(peak_megabytes()))
"""


def measures() -> Iterator[Measure]:
    """Speed and throughput against SimPy, and the memory of our run."""
    plant = load(scene_path(SCENE))
    ours = [_our_run(plant, seed) for seed in range(TURNS)]
    simpy = [_simpy_run(plant, seed) for seed in range(TURNS)]
    yield Measure(
        name="plant_vs_simpy", unit="simulated h/s", ours=max(speed for speed, _ in ours),
        peer="SimPy", peer_value=max(speed for speed, _ in simpy), floor=50,
    )  # fmt: skip
    yield Measure(
        name="plant_throughput", unit="parts/h", ours=_mean([rate for _, rate in ours]),
        peer="SimPy", peer_value=_mean([rate for _, rate in simpy]), floor=0.99, sense="match",
    )  # fmt: skip
    yield Measure(
        name="plant_memory_24h", unit="MB", ours=result_of(PEAK, SCENE), floor=400, sense="less"
    )


def _our_run(plant: Plant, seed: int) -> tuple[float, float]:
    """Simulated hours per second of CPU time, and parts per hour."""
    simulation = Simulation(plant, seed=seed)
    simulation.advance(to_ticks(WARM_UP))
    before = _finished(simulation)
    stretch = OUR_DAYS * DAY
    seconds = cpu_seconds(lambda: simulation.advance(to_ticks(WARM_UP + stretch)))
    hours = stretch / HOUR
    return hours / seconds, (_finished(simulation) - before) / hours


def _simpy_run(plant: Plant, seed: int) -> tuple[float, float]:
    """The same of SimPy."""
    model = SimpyPlant(plant, seed=seed)
    model.run(WARM_UP)
    before = model.finished
    stretch = SIMPY_DAYS * DAY
    seconds = cpu_seconds(lambda: model.run(WARM_UP + stretch))
    hours = stretch / HOUR
    return hours / seconds, (model.finished - before) / hours


def _finished(simulation: Simulation) -> int:
    return int(simulation.world.product["finished"].sum())


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
