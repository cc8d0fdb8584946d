"""A whole plant against the same plant in SimPy: speed, throughput, and memory for 24 h.

Both sides run the plant that the scene describes, from the second day on: cars leave at the full
rate from hour 17 on. Ours accounts the states of every place, lead times and work in process;
SimPy, which needs some twenty seconds a day, counts finished cars, in one run of one day, whose
chance has a standard deviation of 1.5 %. The memory is the peak of a fresh process that loads the
scene and runs 24 h of it.
"""

from collections.abc import Callable, Iterator

from tests.bench.fresh import result_of
from tests.bench.measure import Measure, cpu_seconds
from tests.bench.simpy_plant import SimpyPlant
from twin.data import scene_path
from twin.engine.simulation import Simulation
from twin.plant import Plant
from twin.scene import load
from twin.units import to_ticks

__all__ = ["measures"]

SCENE = "whole_plant"
HOUR = 3600.0  # s
DAY = 24 * HOUR
WARM_UP = DAY
OUR_DAYS, SIMPY_DAYS = 10, 1
TURNS = 2  # of ours
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
    speed, rate = _simpy_run(plant, seed=0)
    yield Measure(
        name="plant_vs_simpy", unit="simulated h/s", ours=max(speed for speed, _ in ours),
        peer="SimPy", peer_value=speed, floor=42, aim=50,
    )  # fmt: skip
    yield Measure(
        name="plant_throughput", unit="cars/h", ours=_mean([rate for _, rate in ours]),
        peer="SimPy", peer_value=rate, floor=0.95, sense="match",
    )  # fmt: skip
    yield Measure(
        name="plant_memory_24h", unit="MB", ours=result_of(PEAK, SCENE), floor=400, sense="less"
    )


def _our_run(plant: Plant, seed: int) -> tuple[float, float]:
    """Simulated hours per second of CPU time, and cars per hour."""
    simulation = Simulation(plant, seed=seed)
    return _run(
        lambda time: simulation.advance(to_ticks(time)),
        lambda: int(simulation.world.product["finished"].sum()),
        OUR_DAYS * DAY,
    )


def _simpy_run(plant: Plant, seed: int) -> tuple[float, float]:
    """The same of SimPy."""
    model = SimpyPlant(plant, seed=seed)
    return _run(model.run, lambda: model.finished, SIMPY_DAYS * DAY)


def _run(
    run: Callable[[float], object], finished: Callable[[], int], stretch: float
) -> tuple[float, float]:
    """Warm up, then measure a stretch [s]."""
    run(WARM_UP)
    before = finished()
    seconds = cpu_seconds(lambda: run(WARM_UP + stretch))
    hours = stretch / HOUR
    return hours / seconds, (finished() - before) / hours


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
