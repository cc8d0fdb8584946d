"""What 50 clients cost that look at 50,000 moving things, and how those fare whom others disturb.

Our server sends motion, and a client knows from it where everything is at any time; viser sends
where everything is 30 times a second. Both have 50 clients in a process of their own; what is
measured is the server's process alone. That of the run is told besides.
"""

import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from tests.bench.crowd import Crowd, Share, serving
from tests.bench.measure import Measure
from tests.bench.moving_things import FILLED, THINGS, write_scene
from tests.sources import ROOT

__all__ = ["measures"]

CLIENTS, SECONDS = 50, 6.0
RATE = 30.0  # Hz
POSES = THINGS * 7 * 4 * RATE  # bytes a second of 32-bit positions and turns at 30 Hz
IDLE, QUIET = 500, "/ws?topic=/Plant/In_0"  # gets time and figures only
TURNS = 2
CROWD, STUCK = 100, 20
CUT_WITHIN = 10.0  # s


def measures() -> Iterator[Measure]:
    """Shares of a core, bytes, and gaps between frames."""
    peer = viser_share()
    with TemporaryDirectory() as folder:
        scene = write_scene(Path(folder))
        with serving(scene, "--start", f"{FILLED + 5:g}s") as (port, process):
            yield from _at_rest(port, process, peer)
            yield _idle(port)
            yield from _disturbed(port, process)


def _at_rest(port: int, process: psutil.Process, peer: float) -> Iterator[Measure]:
    """50 clients that read: what they get, and what it takes."""
    (run,) = process.children()
    with Crowd(port, readers=CLIENTS, seconds=SECONDS) as crowd:
        ours, of_run = Share(process), Share(run)
        crowd.begin()
        told = crowd.result()
        share, run_share = ours.so_far(), of_run.so_far()
    yield Measure(
        name="client_bytes", unit="bytes/s", ours=told["bytes"], floor=200e3, sense="less"
    )
    yield Measure(
        name="wire_vs_poses", unit="bytes/s", ours=told["bytes"], peer="32-bit poses",
        peer_value=POSES, floor=0.01, sense="less",
    )  # fmt: skip
    yield Measure(name="fanout", unit="% of a core", ours=share, floor=10.0, sense="less")
    yield Measure(
        name="fanout_vs_viser", unit="% of a core", ours=share, peer="viser", peer_value=peer,
        floor=0.1, sense="less",
    )  # fmt: skip
    yield Measure(name="fanout_run", unit="% of a core", ours=run_share)


def viser_share() -> float:
    """The share of a core [%] that viser takes for the same clients at the same rate.

    Where it can't keep up, that of the frames which it sends, for as many as there should be.
    """
    with _viser() as (port, process):
        protocol = f"viser-v{version('viser')}"
        options = {"path": "/", "protocol": protocol, "readers": CLIENTS, "seconds": SECONDS}
        with Crowd(port, **options) as crowd:
            share = Share(process)
            crowd.begin()
            told = crowd.result()
            assert told["lost"] == 0
            return share.so_far() * RATE / told["messages"]


@contextmanager
def _viser() -> Generator[tuple[int, psutil.Process]]:
    command = [sys.executable, "-m", "tests.bench.viser_peer", str(THINGS)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            told = (line.split() for line in process.stdout)
            yield (
                int(next(words[1] for words in told if words[:1] == ["port"])),
                psutil.Process(process.pid),
            )
        finally:
            process.kill()


def _idle(port: int) -> Measure:
    """One reader among many clients that look at where nothing happens; the best of some turns."""
    with Crowd(port, path=QUIET, readers=IDLE, seconds=TURNS * SECONDS) as idle:
        idle.begin()
        gaps = [_gaps(port, readers=1, seconds=SECONDS)["p99"] for _ in range(TURNS)]
        assert idle.result()["lost"] == 0
    return Measure(
        name="gap_500_idle",
        unit="ms p99",
        ours=1e3 * min(gaps),
        floor=100.0,
        aim=50.0,
        sense="less",
    )  # frames come every 33 ms; a machine of two cores adds what else it does


def _disturbed(port: int, process: psutil.Process) -> Iterator[Measure]:
    """Some of a hundred never read: how the others fare, how soon those are cut off."""
    quiet = _gaps(port, readers=CROWD, seconds=SECONDS)
    before = process.memory_info().rss
    told = _gaps(port, readers=CROWD - STUCK, stuck=STUCK, seconds=CUT_WITHIN + 1)
    assert told["lost"] == quiet["lost"] == 0
    assert len(told["cut"]) == STUCK
    yield Measure(
        name="gap_20_stuck", unit="ms p99", ours=1e3 * told["p99"], peer="none stuck",
        peer_value=1e3 * quiet["p99"], floor=2.0, sense="less",
    )  # fmt: skip
    yield Measure(name="stuck_cut", unit="s", ours=max(told["cut"]), floor=CUT_WITHIN, sense="less")
    grown = (process.memory_info().rss - before) / 1e6
    yield Measure(name="stuck_memory", unit="MB", ours=grown, floor=150.0, sense="less")


def _gaps(port: int, **options: object) -> dict[str, Any]:
    with Crowd(port, **options) as crowd:
        crowd.begin()
        return crowd.result()
