"""How soon a journal of a million events is open again, and how fast it is written.

The events are those of a line of ten exponential stations, with their motion, in a folder on the
disk. A fresh process opens it, with the engine loaded (that is `engine_start_cached`); the time is
wall time to the simulation that goes on: every row checked, the newest snapshot restored.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tests.bench.line import line_plant
from tests.bench.measure import Measure
from tests.sources import ROOT
from twin.engine.simulation import Simulation
from twin.journal import CommandRow, Keeper, RunRecord, open_store, recover
from twin.units import to_ticks

__all__ = ["measures", "reopened"]

EVENTS = 1_000_000
COMMANDS = 200
STRIDE = to_ticks(500.0)
REOPEN = "from tests.bench.journal_reopen import reopened; reopened({!r})"


def measures() -> Iterator[Measure]:
    """Writing, single and joint commands, and reopening."""
    with TemporaryDirectory() as folder:
        rate, size = written(folder)
        yield Measure(name="journal_write", unit="events/s", ours=rate, floor=100_000)
        yield Measure(name="journal_bytes", unit="bytes/event", ours=size)
        done = subprocess.run(
            [sys.executable, "-c", REOPEN.format(folder)],
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        told = json.loads(done.stdout)
        assert told["events"] >= EVENTS
        yield Measure(
            name="journal_reopen", unit="s", ours=told["seconds"], floor=3.0, sense="less"
        )
        single, joint = commanded(folder)
        yield Measure(name="commands_single", unit="1/s", ours=single)
        yield Measure(name="commands_joint", unit="1/s", ours=joint, floor=1000)


def written(folder: str) -> tuple[float, float]:
    """Events a second of wall time, engine and all, until they are durable; bytes for each."""
    plant = line_plant()
    with closing(open_store(folder)) as store:
        run = store.create(RunRecord(id="bench", scene="line", seed=1))
        keeper = Counting(run, plant)
        simulation = recover(run, plant, keeper=keeper)
        began = perf_counter()
        while keeper.count < EVENTS:
            simulation.advance(simulation.now + STRIDE)
            keeper.take(simulation)
            keeper.settle(simulation.now)
        keeper.finish(simulation)
        rate = keeper.count / (perf_counter() - began)
    size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return rate, size / keeper.count


def reopened(folder: str) -> None:
    """Open the journal, recover its run, and print how long that took."""
    plant = line_plant()
    Simulation(plant, seed=1).advance(1)
    began = perf_counter()
    with closing(open_store(folder)) as store:
        run = store.open("bench")
        simulation = recover(run, plant, keeper=Keeper(run, plant))
        seconds = perf_counter() - began
        assert simulation.now == run.until.tick
        sys.stdout.write(json.dumps({"seconds": seconds, "events": len(run.events())}))


def commanded(folder: str) -> tuple[float, float]:
    """Durable commands a second: each by itself, and many that share their waits for the disk."""
    with closing(open_store(folder)) as store:
        run = store.open("bench")
        row = CommandRow(tick=run.until.tick, action="stop", path="/Station_0")
        began = perf_counter()
        for _ in range(COMMANDS):
            run.append_commands([row])
        single = COMMANDS / (perf_counter() - began)
        began = perf_counter()
        run.append_commands([row] * (10 * COMMANDS))
        return single, 10 * COMMANDS / (perf_counter() - began)


class Counting(Keeper):
    """Counts the events that it keeps."""

    count = 0

    def record(self, events: Any, segments: Any) -> None:
        """Keep log rows, and count them."""
        super().record(events, segments)
        self.count += len(events)
