"""`growth`: speed and memory as a plant grows, in stations, parts, horizon and vehicles.

`--plot FILE` draws what it has measured. No floors: `flow` holds the ratio of 5,000 stations to 10.
"""

from collections.abc import Iterator

from tests.bench.growth import curves
from tests.bench.measure import Measure

__all__ = ["measures"]


def measures() -> Iterator[Measure]:
    """Three numbers for every point of every curve."""
    for curve in curves():
        for value, speed, speedup, memory in zip(
            curve.values, curve.events_per_second, curve.speedups, curve.peak_megabytes, strict=True
        ):
            name = f"growth {curve.size} {value:g}"
            yield Measure(name=name, unit="events/s", ours=speed)
            yield Measure(name=f"{name}, simulated", unit="s/s", ours=speedup)
            yield Measure(name=f"{name}, memory", unit="MB", ours=memory)
