"""The reference line against SimPy and cimba, and against its golden throughput.

Each side runs past its warm-up, then a stretch of simulated time is measured in process CPU time.
Ours always accounts the states of every place; SimPy does so only in `line_failures_vs_simpy`
(`StateLine`), and elsewhere counts finished parts and nothing else. In `line_recorded_vs_simpy` our
journal keeps every event and every motion segment, and SimPy, as it is, keeps nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from math import inf

from tests.bench.cimba_line import run_cimba
from tests.bench.line import STATIONS, WARM_UP, Line, OurLine, line_plant, speed
from tests.bench.measure import Measure
from tests.bench.simpy_line import LeanLine, StoreLine
from tests.bench.simpy_states import StateLine
from twin.journal import Journal

__all__ = ["measures"]

MTBF, MTTR = 100.0, 10.0  # s
GOLDEN = {inf: 0.763473, MTBF: 0.554148}  # parts/s, +-0.00024 and +-0.00054 (95 %)
TURNS = 3
SIMPY_STRETCH = 10_000.0  # s
OUR_STRETCH = 200_000.0  # s
RECORDED_STRETCH = 50_000.0  # s; 110 MB of events and segments
LONG_STRETCH = 4_000_000.0  # s; throughput with failures is then known to 0.3 % (95 %)

Side = tuple[Callable[[], Line], float]  # how to make a line, and the stretch to run it [s]


def measures() -> Iterator[Measure]:
    """Speed without failures, recorded and with failures, then throughput."""
    yield from _without_failures()
    yield from _with_failures()
    yield from _throughput()


def _without_failures() -> Iterator[Measure]:
    plant = line_plant()
    ours, recorded, stores, lean = _best(
        [
            (lambda: OurLine(plant), OUR_STRETCH),
            (lambda: OurLine(plant, motion=True, recorder=Journal(plant)), RECORDED_STRETCH),
            (StoreLine, SIMPY_STRETCH),
            (LeanLine, SIMPY_STRETCH),
        ]
    )
    yield _measure("line_vs_simpy", ours, "SimPy", stores, floor=45, aim=60)
    yield _measure("line_vs_lean_simpy", ours, "lean SimPy", lean)
    yield _measure("line_recorded_vs_simpy", recorded, "SimPy", stores, floor=24, aim=30)
    yield from _cimba(ours)


def _with_failures() -> Iterator[Measure]:
    plant = line_plant(mtbf=MTBF, mttr=MTTR)
    ours, states, lean = _best(
        [
            (lambda: OurLine(plant), OUR_STRETCH),
            (lambda: StateLine(mtbf=MTBF, mttr=MTTR), SIMPY_STRETCH),
            (lambda: LeanLine(mtbf=MTBF, mttr=MTTR), SIMPY_STRETCH),
        ]
    )
    yield _measure("line_failures_vs_simpy", ours, "SimPy", states, floor=45, aim=50)
    yield _measure("line_failures_vs_lean_simpy", ours, "lean SimPy", lean)


def _cimba(ours: float) -> Iterator[Measure]:
    run_cimba(WARM_UP)  # compiles
    runs = [run_cimba(OUR_STRETCH) for _ in range(TURNS)]
    theirs = max(STATIONS * finished / seconds for finished, seconds in runs)
    yield _measure("line_vs_cimba", ours, "cimba", theirs, floor=1.5)
    throughput = runs[0][0] / OUR_STRETCH
    yield _match("cimba_throughput", throughput, GOLDEN[inf])


def _throughput() -> Iterator[Measure]:
    for name, mtbf in (("line_throughput", inf), ("line_failures_throughput", MTBF)):
        plant = line_plant(mtbf=mtbf, mttr=MTTR)
        yield _match(name, _parts_per_second(OurLine(plant)), GOLDEN[mtbf])


def _best(sides: Sequence[Side]) -> list[float]:
    """The speed of each side in the best of its turns [services/s]; sides take turns."""
    turns = [[speed(make(), stretch) for make, stretch in sides] for _ in range(TURNS)]
    return [max(speeds) for speeds in zip(*turns, strict=True)]


def _parts_per_second(line: OurLine) -> float:
    """Throughput [parts/s] after the warm-up."""
    line.run(WARM_UP)
    before = line.finished
    line.run(WARM_UP + LONG_STRETCH)
    return (line.finished - before) / LONG_STRETCH


def _measure(
    name: str,
    ours: float,
    peer: str,
    value: float,
    *,
    floor: float | None = None,
    aim: float | None = None,
) -> Measure:
    return Measure(
        name=name, unit="services/s", ours=ours, peer=peer, peer_value=value, floor=floor, aim=aim
    )


def _match(name: str, value: float, golden: float) -> Measure:
    return Measure(
        name=name, unit="parts/s", ours=value,
        peer="max-plus", peer_value=golden, floor=0.995, sense="match",
    )  # fmt: skip
