"""How speed and memory grow with one size of a plant: a point is a run in a fresh process.

    stations   the long line of `tests.bench.long_line`, filled
    parts      the reference line behind a buffer that holds so many parts from tick 0
    hours      the reference line for so many hours
    vehicles   the fleet of `tests.bench.fleet`

An axis is a function that makes a run ready to be measured and says how far to run it.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tests.bench.fleet import FleetRun
from tests.bench.fresh import peak_megabytes, result_of
from tests.bench.line import WARM_UP, OurLine, line_plant
from tests.bench.long_line import filled
from tests.bench.measure import cpu_seconds
from twin.kinds.buffer import Buffer
from twin.plant import Place
from twin.units import to_seconds

__all__ = ["AXES", "Curve", "curves", "point"]

HOUR = 3600.0  # s
EVENTS = 2_000_000  # about so many in a stretch that is measured
TURNS = 3
POINT = "import sys; from tests.bench.growth import main; main(*sys.argv[1:])"

Run = tuple[OurLine, Sequence[float]]  # a line, and its stretches to be measured one by one [s]


@dataclass(frozen=True, slots=True)
class Curve:
    """Speed and memory over one size."""

    size: str
    values: tuple[float, ...]
    events_per_second: tuple[float, ...]  # of CPU time, best of the turns
    speedups: tuple[float, ...]  # s of simulated time per s of CPU time, in the same turn
    peak_megabytes: tuple[float, ...]  # of the whole process, interpreter and numba included


def _stations(count: float) -> Run:
    return filled(int(count)), [EVENTS / count] * TURNS


def _parts(count: float) -> Run:
    plant = line_plant()
    source, *line = plant.places
    store = Place(path="/Line/Store", params=Buffer(capacity=int(count)), next=source.next)
    places = (replace(source, next=(store.path,)), store, *line)
    line = OurLine(replace(plant, places=places))
    line.run(WARM_UP)
    return line, [EVENTS / 10] * TURNS


def _horizon(hours: float) -> Run:
    line = OurLine(line_plant())
    return line, [hours * HOUR]


def _vehicles(count: float) -> Run:
    run = FleetRun(int(count))
    run.run(WARM_UP)
    return run, [EVENTS / 10 / count] * TURNS


AXES: dict[str, tuple[Callable[[float], Run], tuple[float, ...]]] = {
    "stations": (_stations, (10, 100, 1_000, 5_000)),
    "parts": (_parts, (100, 1_000, 10_000, 100_000)),
    "hours": (_horizon, (1, 10, 100, 1_000)),
    "vehicles": (_vehicles, (3, 10, 30, 100)),
}


@cache
def curves() -> tuple[Curve, ...]:
    """Every curve, measured once."""
    return tuple(_curve(size, values) for size, (_, values) in AXES.items())


def _curve(size: str, values: tuple[float, ...]) -> Curve:
    points = [result_of(POINT, size, value) for value in values]
    speeds, speedups, memories = zip(*points, strict=True)
    return Curve(size, values, speeds, speedups, memories)


def point(size: str, value: float) -> tuple[float, float, float]:
    """Events per second, simulated time per second, and peak memory of this process [MB]."""
    line, stretches = AXES[size][0](value)
    best = 0.0, 0.0
    for stretch in stretches:
        before, until = line.events, to_seconds(line.simulation.now) + stretch
        seconds = cpu_seconds(lambda until=until: line.run(until))
        best = max(best, ((line.events - before) / seconds, stretch / seconds))
    return *best, peak_megabytes()


def main(size: str, value: str) -> None:
    """Print one point as JSON."""
    json.dump(point(size, float(value)), sys.stdout)
