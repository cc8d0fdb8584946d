"""`growth`: events per second and memory as a plant grows, in stations, parts and horizon.

`--plot FILE` draws what it has measured. No floors: `flow` holds the ratio of 5,000 stations to 10.
"""

from collections.abc import Iterator

from tests.bench.growth import curves
from tests.bench.measure import Measure

__all__ = ["measures"]


def measures() -> Iterator[Measure]:
    """Two numbers for every point of every curve."""
    for curve in curves():
        for value, speed, memory in zip(
            curve.values, curve.events_per_second, curve.peak_megabytes, strict=True
        ):
            name = f"growth {curve.size} {value:g}"
            yield Measure(name=name, unit="events/s", ours=speed)
            yield Measure(name=f"{name}, memory", unit="MB", ours=memory)
