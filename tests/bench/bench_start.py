"""`start`: how soon things begin, and what looking costs, on the bundled body shop.

Times of fresh processes are wall time, the best of a few, except that the engine's start is process
CPU time: it computes in one thread, so that this is what it takes on a machine with nothing else to
do. So is the time to compute poses. Bytes on the wire are counted on a server that runs by a clock
of ours.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from server.live import Live
from server.run import Run
from tests.bench.first_frame import seconds_to_first_motion
from tests.bench.measure import Measure, best
from twin.data import scene_path
from twin.engine.simulation import Simulation
from twin.plant import Plant
from twin.scene import load
from twin.units import parse_duration

__all__ = ["measures"]

IMPORT = "import twin"
FIRST_EVENT = """
from twin.engine.simulation import Simulation
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.plant import Plant, connect
plant = Plant(places=connect([("/Source", Source(interval=1.0)), ("/Sink", Sink())]))
Simulation(plant).advance(1_000_000)
"""
FRAMES = 100


def measures() -> Iterator[Measure]:
    """Import, engine, poses, wire, first moving frame."""
    yield Measure(name="import_twin", unit="s", ours=process(IMPORT), floor=0.3, sense="less")
    with TemporaryDirectory() as cache:
        cold = process(FIRST_EVENT, cache=cache, turns=1, clock="process_time")
        cached = process(FIRST_EVENT, cache=cache, clock="process_time")
    yield Measure(name="engine_start_cold", unit="s", ours=cold, floor=45, sense="less")
    yield Measure(name="engine_start_cached", unit="s", ours=cached, floor=2, sense="less")
    plant = load(scene_path("body_shop"))
    yield Measure(name="poses", unit="us/frame", ours=poses(plant))
    yield Measure(name="wire", unit="bytes/s", ours=bytes_per_second(plant))
    first_motion = min(seconds_to_first_motion() for _ in range(2))  # the first one warms caches
    yield Measure(name="first_motion", unit="s", ours=first_motion, floor=6.0, sense="less")


def process(
    code: str, *, cache: str | None = None, turns: int = 3, clock: str = "perf_counter"
) -> float:
    """Time [s] of a statement in a fresh interpreter, without the interpreter's own start.

    Args:
        code: the statement.
        cache: a folder for compiled code; None takes the user's.
        turns: how often; the best counts.
        clock: the function of `time` that measures it.
    """
    timed = f"from time import {clock}; begin = {clock}()\n{code}\nprint({clock}() - begin)"
    environment = os.environ | ({"XDG_CACHE_HOME": cache} if cache else {})
    root = Path(__file__).parents[2]
    return min(
        float(
            subprocess.run(
                [sys.executable, "-c", timed],
                cwd=root, env=environment, check=True, capture_output=True, text=True,
            ).stdout
        )
        for _ in range(turns)
    )  # fmt: skip


def poses(plant: Plant) -> float:
    """CPU time [us] to say where every part and every link of every robot is, an hour in."""
    simulation = Simulation(plant, seed=1, motion=True)
    simulation.advance(parse_duration("1h"))

    def frames() -> None:
        for _ in range(FRAMES):
            simulation.poses().link_frames()

    frames()
    return best(frames) / FRAMES * 1e6


def bytes_per_second(plant: Plant) -> float:
    """Bytes that one client gets per second at real time, ten minutes in."""
    now = 0.0
    live = Live(Run(plant, seed=1), clock=lambda: now)
    live.jump(600.0)
    live.step()
    sent = 0
    for step in range(1, 60 * 20 + 1):
        now = step / 20
        sent += sum(len(frame.data) for frame in live.step())
    return sent / now
