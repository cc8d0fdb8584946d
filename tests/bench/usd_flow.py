"""A flow of ten thousand parts that all move for ten seconds, written as a point instancer."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from pxr import Sdf

from tests.bench.measure import cpu_seconds
from twin.motion import SEGMENT, Paths, Polyline, Segments
from twin.scene.export.channel import Clock
from twin.scene.export.flow import FlowWriter
from twin.scene.export.flow_pieces import parts_of, pieces_of
from twin.scene.export.part_curves import PartCurves
from twin.scene.export.samples import SampleWriter
from twin.units import TICKS_PER_SECOND

__all__ = ["write_flow"]

BELTS, PARTS = 100, 100  # parts on each belt
SPEED, SPACING = 0.3, 0.6  # [m/s], [m]
SECONDS = 10
PATH = "/Flow/Parts"


@dataclass(frozen=True, slots=True)
class Flow:
    """What it took."""

    seconds: float
    bytes: int
    frames: int


def write_flow() -> Flow:
    """CPU time [s] from the segments of a run to the saved file, and its size."""
    paths, segments = _run()
    frames = 0

    def work() -> None:
        nonlocal frames
        curves = PartCurves(paths, 1e-4, np.radians(0.01))
        pieces = pieces_of(*parts_of(segments, 0, SECONDS * TICKS_PER_SECOND), paths, curves)
        writer = SampleWriter(Sdf.Layer.CreateAnonymous(".usdc"))
        flow = FlowWriter(pieces, Clock(60.0), position_error=1e-3, angle_error=np.radians(0.1))
        flow.declare(writer, PATH, ["/Flow/Box"])
        flow.write(writer, PATH, 0, SECONDS * TICKS_PER_SECOND, is_last=True)
        writer.layer.Export(str(file))
        frames = writer.layer.GetNumTimeSamplesForPath(f"{PATH}.positions")

    with TemporaryDirectory() as folder:
        file = Path(folder) / "flow.usdc"
        seconds = min(cpu_seconds(work) for _ in range(2))
        return Flow(seconds, file.stat().st_size, frames)


def _run() -> tuple[Paths, Segments]:
    """Belts side by side; each part goes on from one to the next, at a time of its own."""
    random = np.random.default_rng(1)
    length = PARTS * SPACING
    lines = [[[0.0, 2.0 * row, 0.5], [length, 2.0 * row, 0.5]] for row in range(BELTS)]
    count = BELTS * PARTS
    begin = np.tile(np.arange(PARTS) * SPACING, BELTS)
    belt = np.repeat(np.arange(BELTS), PARTS)
    first = np.zeros(count, SEGMENT)
    pause = random.integers(1, SECONDS * TICKS_PER_SECOND // 2, count)
    first["duration"] = pause
    first["start"], first["end"] = begin, begin + SPEED * pause / TICKS_PER_SECOND
    first["track"], first["subject"] = belt, np.arange(count)
    first["part"] = np.arange(count) + 1
    then = first.copy()
    then["tick"] = pause + TICKS_PER_SECOND // 5  # each stops for a while at its own time
    then["duration"] = SECONDS * TICKS_PER_SECOND
    then["start"] = first["end"]
    then["end"] = first["end"] + SPEED * SECONDS
    segments = np.concatenate([first, then])
    return Paths.build(Polyline(xyz=line) for line in lines), segments[np.argsort(segments["tick"])]
