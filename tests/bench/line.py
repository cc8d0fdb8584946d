"""The reference serial line as a plant of ours, and how the speed of any line is measured.

Ten stations, exponential service of mean 1 s, five places between stations, blocking after service,
without failures or with failures on the operating clock. The first station is never starved, the
last never blocked.
"""

from math import inf
from typing import Protocol

from tests.bench.measure import cpu_seconds
from twin.engine.simulation import Recorder, Simulation
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant, connect
from twin.units import to_ticks

__all__ = ["PLACES", "STATIONS", "WARM_UP", "Line", "OurLine", "line_plant", "speed"]

STATIONS = 10
PLACES = 5
WARM_UP = 1_000.0  # s


class Line(Protocol):
    """A line that runs on to a time [s] and counts the parts that have left it."""

    finished: int

    def run(self, until: float) -> None: ...


def line_plant(
    *, stations: int = STATIONS, spread: float = 0.0, mtbf: float = inf, mttr: float = 0.0
) -> Plant:
    """The line of so many stations; means in s.

    With a spread [s], the service is uniform within it around the mean, not exponential.
    """
    station = Station(
        process_time=1.0,
        process_distribution="uniform" if spread else "exponential",
        process_spread=spread,
        mtbf=0.0 if mtbf == inf else mtbf,
        mttr=mttr,
        failure_clock="operating",
    )
    line = [("/Line/Source", Source(interval=0.0)), ("/Line/Station_1", station)]
    for number in range(2, stations + 1):
        line.append((f"/Line/Buffer_{number}", Buffer(capacity=PLACES)))
        line.append((f"/Line/Station_{number}", station))
    return Plant(places=connect([*line, ("/Line/Sink", Sink())]))


class OurLine:
    """A run of a line of ours."""

    def __init__(
        self,
        plant: Plant,
        *,
        seed: int = 1,
        motion: bool = False,
        recorder: Recorder | None = None,
    ) -> None:
        self.simulation = Simulation(plant, seed=seed, motion=motion, recorder=recorder)

    @property
    def finished(self) -> int:
        return int(self.simulation.world.product["finished"].sum())

    @property
    def events(self) -> int:
        """Events handled so far."""
        return int(self.simulation.world.clock[0].processed)

    def run(self, until: float) -> None:
        self.simulation.advance(to_ticks(until))


def speed(line: Line, stretch: float) -> float:
    """Services per second of CPU time; a part that has left has had one at every station."""
    line.run(WARM_UP)
    before = line.finished
    seconds = cpu_seconds(lambda: line.run(WARM_UP + stretch))
    return STATIONS * (line.finished - before) / seconds
