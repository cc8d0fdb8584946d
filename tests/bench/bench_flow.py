"""`flow`: the reference serial line, ours against SimPy and against its golden throughput.

Ten stations, exponential service of mean 1 s, five places between stations, blocking after service,
without failures and with failures on the operating clock (mean life 100 s, mean repair 10 s). Both
sides run past their warm-up, then a stretch of simulated time is measured in process CPU time.
"""

from collections.abc import Iterator
from math import inf
from typing import Protocol

from tests.bench.measure import Measure, cpu_seconds
from tests.bench.simpy_line import PLACES, STATIONS, LeanLine, StoreLine
from twin.engine.simulation import Simulation
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant, connect
from twin.units import to_ticks

__all__ = ["OurLine", "measures"]

MTBF, MTTR = 100.0, 10.0  # s
GOLDEN = {inf: 0.763473, MTBF: 0.554148}  # parts/s, +-0.00024 and +-0.00054 (95 %)
FLOOR = 40  # times SimPy
TURNS = 3
WARM_UP = 1_000.0  # s
SIMPY_STRETCH = 10_000.0  # s
OUR_STRETCH = 200_000.0  # s
LONG_STRETCH = 4_000_000.0  # s; throughput with failures is then known to 0.3 % (95 %)


class Line(Protocol):
    """A line that runs on to a time [s] and counts the parts that have left it."""

    finished: int

    def run(self, until: float) -> None: ...


class OurLine:
    """The reference line as a plant of ours."""

    def __init__(self, *, mtbf: float = inf, mttr: float = 0.0, seed: int = 1) -> None:
        station = Station(
            process_time=1.0,
            process_distribution="exponential",
            mtbf=0.0 if mtbf == inf else mtbf,
            mttr=mttr,
            failure_clock="operating",
        )
        line = [("/Line/Source", Source(interval=0.0)), ("/Line/Station_1", station)]
        for number in range(2, STATIONS + 1):
            line.append((f"/Line/Buffer_{number}", Buffer(capacity=PLACES)))
            line.append((f"/Line/Station_{number}", station))
        plant = Plant(places=connect([*line, ("/Line/Sink", Sink())]))
        self.simulation = Simulation(plant, seed=seed)

    @property
    def finished(self) -> int:
        return int(self.simulation.world.product["finished"].sum())

    def run(self, until: float) -> None:
        self.simulation.advance(to_ticks(until))


def measures() -> Iterator[Measure]:
    """Speed without and with failures, then throughput."""
    for suffix, clocks in (("", {}), ("_failing", {"mtbf": MTBF, "mttr": MTTR})):
        ours, stores, lean = 0.0, 0.0, 0.0
        for _ in range(TURNS):
            ours = max(ours, speed(OurLine(**clocks), OUR_STRETCH))
            stores = max(stores, speed(StoreLine(**clocks), SIMPY_STRETCH))
            lean = max(lean, speed(LeanLine(**clocks), SIMPY_STRETCH))
        yield Measure(
            name=f"line_vs_simpy{suffix}", unit="services/s", ours=ours,
            peer="SimPy", peer_value=stores, floor=None if clocks else FLOOR,
        )  # fmt: skip
        yield Measure(
            name=f"line_vs_lean_simpy{suffix}", unit="services/s", ours=ours,
            peer="lean SimPy", peer_value=lean,
        )  # fmt: skip
    for suffix, clocks in (("", {}), ("_failing", {"mtbf": MTBF, "mttr": MTTR})):
        yield Measure(
            name=f"line_throughput{suffix}", unit="parts/s", ours=throughput(OurLine(**clocks)),
            peer="max-plus", peer_value=GOLDEN[clocks.get("mtbf", inf)], floor=0.995, sense="match",
        )  # fmt: skip


def speed(line: Line, stretch: float) -> float:
    """Services per second of CPU time; a part that has left has had one at every station."""
    line.run(WARM_UP)
    before = line.finished
    seconds = cpu_seconds(lambda: line.run(WARM_UP + stretch))
    return STATIONS * (line.finished - before) / seconds


def throughput(line: Line) -> float:
    """Parts per simulated second after the warm-up."""
    line.run(WARM_UP)
    before = line.finished
    line.run(WARM_UP + LONG_STRETCH)
    return (line.finished - before) / LONG_STRETCH
