"""Hours of service at 50 clients, 1000 times as fast, and a storm of clients that come and go.

What a run keeps grows with simulated time, and is told by its hour. A line is fitted to the memory
in RAM after a warm-up; its slope is the growth, and growth below twice its standard error can't be
told from none. What grows with frames or clients is not accelerated: `soak_server_wall` is the same
slope by the hour of wall time, of half a minute only.
"""

import time
from collections.abc import Iterator

import numpy as np
import psutil

from tests.bench.crowd import Crowd, serving
from tests.bench.measure import Measure
from tests.bench.readers import Reader
from twin.data import scene_path

__all__ = ["measures"]

CLIENTS, SPEED = 50, 1000
WARM_UP, SECONDS = 8.0, 24.0  # of wall time
EVERY = 0.25  # s between two looks
STORM, CALM = 1000, 10.0  # clients, s


def measures() -> Iterator[Measure]:
    """Growth of the server and of its run, what could be noticed; what a storm leaves behind."""
    options = ("--speed", str(SPEED), "--start", "8h")
    with serving(scene_path("body_shop"), *options) as (port, process):
        yield from _soak(port, process)
        yield from _storm(port, process)


def _soak(port: int, process: psutil.Process) -> Iterator[Measure]:
    with Crowd(port, readers=CLIENTS, seconds=WARM_UP + SECONDS) as crowd:
        crowd.begin()
        time.sleep(WARM_UP)
        (run,) = process.children()
        times, memories = _watch([process, run])
        assert crowd.result()["lost"] == 0
    hours = times / 3600
    for name, megabytes in zip(("server", "run"), memories, strict=True):
        slope, error = _slope(hours * SPEED, megabytes)
        yield Measure(name=f"soak_{name}", unit="MB/h", ours=slope, floor=1.0, sense="less")
        yield Measure(name=f"soak_{name}_noticed", unit="MB/h", ours=2 * error)
    slope, error = _slope(hours, memories[0])
    yield Measure(name="soak_server_wall", unit="MB/h", ours=slope)
    yield Measure(name="soak_server_wall_noticed", unit="MB/h", ours=2 * error)


def _storm(port: int, process: psutil.Process) -> Iterator[Measure]:
    """A thousand clients that come and go at once: how long it takes, what descriptors are left."""
    before, began = process.num_fds(), time.perf_counter()
    for _ in range(STORM):
        Reader.connect(port, "/ws", "twin.v1").socket.close()
    took = time.perf_counter() - began
    while process.num_fds() > before and time.perf_counter() - began < took + CALM:
        time.sleep(EVERY)
    left = process.num_fds() - before
    yield Measure(name="storm_1000", unit="s", ours=took, floor=20.0, sense="less")
    yield Measure(name="storm_descriptors", unit="left", ours=left, floor=0.0, sense="less")


def _watch(processes: list[psutil.Process]) -> tuple[np.ndarray, np.ndarray]:
    """Times [s], and the memory of each process then [MB]."""
    began, times, memories = time.perf_counter(), list[float](), list[list[float]]()
    while (now := time.perf_counter() - began) < SECONDS - 1:
        times.append(now)
        memories.append([each.memory_info().rss / 1e6 for each in processes])
        time.sleep(EVERY)
    return np.array(times), np.array(memories).T


def _slope(times: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Of the line through points, by least squares, and its standard error."""
    centred = times - times.mean()
    slope = float(centred @ values / (centred @ centred))
    rest = values - values.mean() - slope * centred
    return slope, float(np.sqrt(rest @ rest / (len(times) - 2) / (centred @ centred)))
