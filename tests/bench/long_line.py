"""How the speed holds as the line grows: events per second of 5,000 stations against 10.

Five places between stations, as in the reference line; the service is uniform from 0.5 s to 1.5 s.
The line fills from its source before it is measured. The first part needs about 5,000 s through
5,000 empty stations; after the warm-up of 7,500 s parts are everywhere, and the last 500 stations
work three quarters as often as the first 500. (With exponential service they would take far longer
to do so.) The line of 10 stations has the same service and 1,000 s.
"""

from collections.abc import Iterator

from tests.bench.line import OurLine, line_plant
from tests.bench.measure import Measure, cpu_seconds
from twin.units import to_seconds

__all__ = ["fastest", "filled", "measures"]

SHORT, LONG = 10, 5_000  # stations
SPREAD = 0.5  # s, half width of the service time
FILLING = 1.5  # s per station
STRETCH_EVENTS = 3_000_000  # about so many in one turn
TURNS = 3


def measures() -> Iterator[Measure]:
    """The ratio of the two speeds."""
    long, short = filled(LONG), filled(SHORT)
    yield Measure(
        name="stations_5000_vs_10", unit="events/s", ours=fastest(long, LONG),
        peer="10 stations", peer_value=fastest(short, SHORT), floor=0.5,
    )  # fmt: skip


def filled(stations: int) -> OurLine:
    """A run of a line at the end of its warm-up."""
    line = OurLine(line_plant(stations=stations, spread=SPREAD))
    line.run(max(FILLING * stations, 1_000.0))
    return line


def fastest(line: OurLine, stations: int) -> float:
    """Events per second of CPU time in the best of a few stretches, one after another."""
    stretch = STRETCH_EVENTS / stations  # s; a station has about one event a second
    return max(_events_per_second(line, stretch) for _ in range(TURNS))


def _events_per_second(line: OurLine, stretch: float) -> float:
    until = to_seconds(line.simulation.now) + stretch
    before = line.events
    seconds = cpu_seconds(lambda: line.run(until))
    return (line.events - before) / seconds
