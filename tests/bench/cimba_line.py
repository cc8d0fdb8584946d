"""The reference serial line for cimba, the discrete-event engine in C, in its Python language.

Every station is a process that cimba compiles: take a part from the store before it, hold, put it
into the store behind it; a full store makes it wait, which is blocking after service. Of the two
ways to draw, from an input or from the trial's one stream, this takes the stream: it is faster by
a tenth. Nothing is recorded, and no state is accounted.
"""

import cimba
from cimba import random

from tests.bench.line import PLACES, STATIONS
from tests.bench.measure import cpu_seconds

__all__ = ["CimbaLine", "run_cimba"]


class First(cimba.Model):
    """The first station, which always has a part."""

    outlet: cimba.Store[int] = cimba.Store(capacity=PLACES)

    @cimba.process
    def work(self) -> None:
        part = 0
        while True:
            part += 1
            cimba.hold(random.exponential(1.0))
            self.outlet.put(part)


class Station(cimba.Model):
    """A station between two stores; the one behind it is its own."""

    inlet: cimba.Ref[cimba.Store[int]]
    outlet: cimba.Store[int] = cimba.Store(capacity=PLACES)

    @cimba.process
    def work(self) -> None:
        while True:
            part = self.inlet.get()
            cimba.hold(random.exponential(1.0))
            self.outlet.put(part)


class Last(cimba.Model):
    """The last station, which is never blocked and counts."""

    inlet: cimba.Ref[cimba.Store[int]]
    finished: cimba.Output[int] = 0

    @cimba.process
    def work(self) -> None:
        while True:
            self.inlet.get()
            cimba.hold(random.exponential(1.0))
            self.finished += 1


class CimbaLine(cimba.Model):
    """Ten stations in a row."""

    first: First
    middle: list[Station]
    last: Last

    def __init__(self) -> None:
        self.first = First()
        before, middle = self.first, []
        for _ in range(STATIONS - 2):
            station = Station()
            station.inlet = before.outlet
            middle.append(station)
            before = station
        self.middle = middle
        last = Last()
        last.inlet = before.outlet
        self.last = last


def run_cimba(duration: float, *, seed: int = 1) -> tuple[int, float]:
    """Run the line from empty; classes are compiled once, in the first call.

    Args:
        duration: of the run [s].
        seed: of its random numbers.

    Returns:
        parts that have left, and the process CPU time of the run [s], in one thread.
    """
    line = CimbaLine()
    trial = cimba.Experiment(line, window=cimba.Window(duration=duration), seed=seed)
    results = []
    seconds = cpu_seconds(lambda: results.append(trial.run(workers=1)))
    return int(results[0][line.last].finished[0, 0]), seconds
