"""A file system that is really full (ENOSPC): what was acknowledged is there, and it goes on again.

A small one is mounted in a namespace of the test's own, where the system lets it.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources import ROOT

MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'
FILL = """
import json, sys
from contextlib import closing
from pathlib import Path
from tests.journal.lines import begun, decided, failing_line, record_of, went_on
from twin.engine.command import Command
from twin.errors import CommandError, RunError
from twin.journal import open_store, verify

folder, plant, acknowledged, told = Path(sys.argv[-1]), failing_line(), [], {}
filler = folder / "filler"
filler.write_bytes(bytes(100_000))
with closing(open_store(folder)) as store:
    run = store.create(record_of())
    keeper, simulation = begun(run, plant)
    try:
        for _ in range(100_000):
            fail = Command(action="fail", path="/Line/Station_1", value=1.0)
            acknowledged.append(decided(keeper, simulation, fail))
            went_on(keeper, simulation, 1.0)
    except RunError as error:
        told["error"] = str(error)
with closing(open_store(folder)) as store:
    told["read"] = set(acknowledged) <= set(store.read("r1").commands())
    try:
        store.create(record_of("r2"))
    except CommandError as error:
        told["new"] = str(error)
filler.unlink()
with closing(open_store(folder)) as store:
    run = store.open("r1")
    told["damage"] = list(run.damage)
    told["held"] = [row for row in run.commands() if row in acknowledged] == acknowledged
    told["count"] = len(acknowledged)
    keeper, simulation = begun(run, plant)
    went_on(keeper, simulation, 20.0)
    keeper.finish(simulation)
    told["differs_at"] = verify(run, plant, interpreted=True).differs_at
print(json.dumps(told))
"""


def mounted(size: str, folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    shell = ["unshare", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh", size, str(folder)]
    return subprocess.run(
        [*shell, *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("size", ["300k", "400k", "700k"])
def test_a_full_file_system_loses_nothing_that_was_acknowledged(tmp_path: Path, size: str):
    if shutil.which("unshare") is None or mounted("100k", tmp_path, "true").returncode:
        pytest.skip("this system lets nobody mount a file system of their own")
    done = mounted(size, tmp_path, sys.executable, "-c", FILL, "fill", str(tmp_path))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["count"] > 0
    assert any(word in told["error"] for word in ("written", "space", "full")), told
    assert told["read"]
    assert any(word in told["new"] for word in ("can't be", "full")), told
    assert (told["held"], told["damage"], told["differs_at"]) == (True, [], None)
