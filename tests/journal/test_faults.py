"""A full disk, a folder that can't be written, a slow disk: nothing is acknowledged in vain."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

import numpy as np
import pytest

from tests.journal.lines import begun, decided, failing_line, record_of, went_on
from tests.sources import ROOT
from twin.core.record import EVENT
from twin.engine.command import Command
from twin.errors import RunError
from twin.journal import Batch, CommandRow, Mark, database, open_store, recover, verify, writer
from twin.motion import SEGMENT

resource = pytest.importorskip("resource", reason="the system has no limits of a process to set")
PLANT = failing_line()
STATION = "/Line/Station_1"


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [20_000, 60_000, 100_000])
def test_a_full_disk_refuses_what_it_can_not_keep_and_keeps_the_rest(tmp_path, room):
    acknowledged = []
    with closing(open_store(tmp_path)) as store:
        run = store.create(record_of())
        keeper, simulation = begun(run, PLANT)
        went_on(keeper, simulation, 20.0)
        run.flush()

        def go_on() -> None:
            for _ in range(1000):
                fail = Command(action="fail", path=STATION, value=1.0)
                acknowledged.append(decided(keeper, simulation, fail))
                went_on(keeper, simulation, 1.0)

        with room_for(room), pytest.raises(RunError):
            go_on()
        with pytest.raises(RunError):
            run.submit(CommandRow(tick=simulation.now, action="stop", path=STATION))
        with pytest.raises(RunError):
            run.flush()
    with closing(open_store(tmp_path)) as store:
        run = store.open("r1")
        assert run.damage == ()
        rows = run.commands()
        assert [row for row in rows if row in acknowledged] == acknowledged
        keeper, simulation = begun(run, PLANT)
        went_on(keeper, simulation, 20.0)
        keeper.finish(simulation)
        assert verify(run, PLANT, interpreted=True).differs_at is None


def test_a_disk_that_is_full_when_a_run_is_opened_costs_it_nothing(tmp_path):
    with closing(open_store(tmp_path)) as store:
        run = store.create(record_of())
        keeper, simulation = begun(run, PLANT)
        went_on(keeper, simulation, 20.0, times=3)
        run.flush()
        left = shutil.copytree(tmp_path / "r1", tmp_path / "r2")
    (left / "decisions.log").write_bytes((left / "decisions.log").read_bytes()[:-20])
    with closing(open_store(tmp_path)) as store:
        with room_for(100), pytest.raises(Exception, match=r"written|full|I/O|large"):
            store.open("r2")
        assert not (left / "run.sqlite.damaged").exists()
        assert len(store.open("r2").commands()) == 3


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs users")
def test_a_folder_that_can_not_be_written_is_named_and_can_be_read():
    code = """
import os, sys
from twin.errors import CommandError
from tests.journal.lines import record_of
from twin.journal import open_store
if os.geteuid() == 0:
    os.setuid(65534)
store = open_store(sys.argv[1])
for work in (lambda: store.create(record_of("r2")), lambda: store.open("r1"),
             lambda: store.delete("r1")):
    try:
        work()
    except CommandError as error:
        print("refused:", error)
print("read:", len(store.read("r1").commands()), [each.id for each in store.runs()])
"""
    folder = Path(tempfile.mkdtemp(prefix="twin-read-only-"))
    try:
        with closing(open_store(folder)) as store:
            store.create(record_of()).append_commands([CommandRow(tick=0, action="stop")])
        for each in (folder, folder / "r1"):
            each.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        told = done.stdout.splitlines()
        assert [line.split(":")[0] for line in told] == ["refused"] * 3 + ["read"], done.stderr
        assert all("can't be" in line for line in told[:3])
        assert told[3] == "read: 1 ['r1']"
    finally:
        (folder / "r1").chmod(0o755)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_disk_that_takes_two_seconds_makes_all_wait_once_and_acknowledges_nothing_before(
    tmp_path,
):
    synced: list[float] = []

    def slow(descriptor: int) -> None:
        Event().wait(2.0)
        os.fsync(descriptor)
        synced.append(monotonic())

    def give(number: int) -> float:
        run.append_commands([CommandRow(tick=0, action="stop", path=str(number))])
        return monotonic()

    with closing(open_store(tmp_path, sync=slow)) as store:
        run = store.create(record_of())
        began = monotonic()
        with ThreadPoolExecutor(100) as pool:
            answered = list(pool.map(give, range(100)))
        assert min(answered) >= synced[0]
        assert max(answered) - began < 3 * 2.0 + 1.0, "they did not share one wait"
        assert len(synced) <= 3


def test_a_simulation_goes_on_while_the_disk_is_slow_and_memory_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "MOST_WAITING", 100_000)
    gate, handed = Event(), []

    def shut(descriptor: int) -> None:
        gate.wait(20.0)
        os.fsync(descriptor)

    with closing(open_store(tmp_path, sync=shut)) as store, ThreadPoolExecutor(1) as pool:
        run = store.create(record_of())
        first = run.submit(CommandRow(tick=0, action="stop"))

        def hand_over() -> None:
            for number in range(1, 41):
                events = np.zeros(400, EVENT)
                batch = Batch(until=Mark(number, 1), events=events, segments=np.zeros(0, SEGMENT))
                run.append(batch)
                handed.append(number)

        done = pool.submit(hand_over)
        while len(handed) < 5:
            Event().wait(0.01)
        Event().wait(0.2)
        waiting = len(handed)
        assert not first.done()
        assert waiting * 400 * EVENT.itemsize <= 200_000, "more waits than may"
        gate.set()
        done.result(20.0)
        run.flush()
        assert first.done()
        assert len(run.events()) == 40 * 400


def test_tables_of_an_older_release_are_brought_forward_and_newer_ones_are_refused(
    tmp_path, monkeypatch
):
    with closing(open_store(tmp_path)) as store:
        run = store.create(record_of())
        keeper, simulation = begun(run, PLANT)
        went_on(keeper, simulation, 20.0)
        keeper.finish(simulation)
    more = (*database.MIGRATIONS, ("CREATE TABLE note (text TEXT)",))
    with monkeypatch.context() as patch, closing(open_store(tmp_path)) as store:
        patch.setattr(database, "MIGRATIONS", more)
        run = store.open("r1")
        assert recover(run, PLANT, interpreted=True).digest() == simulation.digest()
    with closing(open_store(tmp_path)) as store, pytest.raises(Exception, match="version 2"):
        store.open("r1")
