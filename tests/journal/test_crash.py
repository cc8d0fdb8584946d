"""`kill -9` of a process that writes: what it acknowledged is there, and replay gives the same."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.sources import ROOT

MEMORY = Path(
    "/dev/shm"
)  # a killed process loses nothing that the system has, so no disk is needed


def crashed(where: str, rounds: int) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.journal.crashing", where, str(rounds)],
        cwd=ROOT, capture_output=True, text=True, timeout=380, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_two_hundred_kills_lose_no_acknowledged_command():
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        told = crashed(folder, 200)
    assert told["rounds"] == 200
    assert told["acknowledged"] > 100, "the children hardly came to do anything"
    assert told["snapshots"] > 0


@pytest.mark.timeout(200)
def test_kills_of_a_client_of_postgresql_lose_no_acknowledged_command(postgres):
    assert crashed(postgres, 20)["acknowledged"] > 0
