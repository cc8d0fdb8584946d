"""A run's process takes no more than it may, and its end harms nobody."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.confine import MEMORY
from tests.server.serving import TIMEOUT, Serving
from tests.sources import ROOT

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux bounds the address space"
)


def test_a_process_can_not_take_more_memory_than_it_may():
    code = "from server.confine import confine; confine(); bytearray(2**30)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True,
        env={MEMORY: "0.6"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_opening_a_scene_has_bounded_time_and_a_run_has_not():
    code = (
        "import resource as r; from server.confine import *; confine(); "
        "a = r.getrlimit(r.RLIMIT_CPU)[0]; set_free(); b, c = r.getrlimit(r.RLIMIT_CPU); "
        "print(a, b == c)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout == "900 True\n"


def test_a_run_that_needs_more_memory_than_it_may_ends_and_the_server_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    serving = Serving(tmp_path)
    try:
        monkeypatch.setenv(MEMORY, "0.3")
        made = serving.post("/runs", {"seed": 2})["run"]
        deadline = time.monotonic() + TIMEOUT
        while (told := serving.get(f"/runs/{made['id']}"))["state"] == "preparing":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert told["state"] == "crashed"
        assert "ended" in told["error"]
        assert serving.get("/runs/default")["state"] == "ready"
    finally:
        serving.stop()
