"""`usd`: size and speed of exports, against baking 60 samples a second with UsdAttribute.Set.

Times are CPU times of this process. Of the bake three seconds are measured, ten minutes into the
run, and multiplied: it would take a quarter of an hour and gigabytes of memory. In its size each
sample counts for the 8 bytes by which USD refers to a value, and only the values of the stretch are
added: so values that come again cost the bake nothing.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.fresh import result_of
from tests.bench.measure import Measure
from tests.bench.usd_bake import bake
from tests.bench.usd_flow import write_flow
from twin.data import scene_path
from twin.engine.simulation import Simulation
from twin.journal import Journal
from twin.scene import load
from twin.scene.export import export_usd
from twin.units import parse_duration

__all__ = ["measures"]

HOUR, FRAMES = parse_duration("1h"), 180
OPEN = """
import json, sys, time
from pxr import Usd
from tests.bench.fresh import peak_megabytes
begin = time.process_time()
stage = Usd.Stage.Open(sys.argv[1])
count = sum(1 for _ in stage.Traverse())
print(json.dumps([time.process_time() - begin, peak_megabytes()]))
"""


def measures() -> Iterator[Measure]:
    """An hour of the body shop, a flow of ten thousand, the whole plant opened."""
    yield from _hour()
    flow = write_flow()
    yield Measure(name="flow_10000", unit="s", ours=flow.seconds, floor=3.0, sense="less")
    yield Measure(name="flow_10000_size", unit="MB", ours=flow.bytes / 1e6)
    yield from _whole_plant()


def _hour() -> Iterator[Measure]:
    scene = scene_path("body_shop")
    plant = load(scene)
    run = Journal(plant, seed=1)
    Simulation(plant, seed=1, motion=True, recorder=run).advance(HOUR)
    run.close(HOUR)
    part = bake(run, parse_duration("10min"), FRAMES)
    hour = 3600 * 60 / FRAMES
    with TemporaryDirectory() as folder:
        begin = time.process_time()
        summary = export_usd(scene, HOUR, Path(folder) / "out")
        seconds = time.process_time() - begin
    yield Measure(name="hour_size", unit="MB", ours=summary.animation_bytes / 1e6)
    yield Measure(name="hour_time", unit="s", ours=seconds)
    size = 8.0 * part.samples * hour + max(part.bytes - 8 * part.samples, 0)
    yield Measure(name="size_vs_bake", unit="times", ours=size / summary.animation_bytes, floor=20)
    yield Measure(name="time_vs_bake", unit="times", ours=part.seconds * hour / seconds, floor=20)


def _whole_plant() -> Iterator[Measure]:
    with TemporaryDirectory() as folder:
        summary = export_usd(scene_path("whole_plant"), None, Path(folder) / "out")
        seconds, megabytes = result_of(OPEN, summary.root)
    yield Measure(name="open_plant", unit="s", ours=seconds, floor=10.0, sense="less")
    yield Measure(name="open_plant_memory", unit="MB", ours=megabytes, floor=2000.0, sense="less")
