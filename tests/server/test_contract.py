"""The OpenAPI document and the server agree, as a tool that knows neither finds."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.limits import Limits
from tests.server.serving import Serving
from tests.sources import ROOT

MANY = Limits(request_rate=1e6, request_burst=1e6)
pytest.importorskip("schemathesis", reason="comes with the extra test")


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("scene")
    serving = Serving(folder, limits=MANY, playing=False, interpreted=False, most=4, wait=False)
    deadline = time.monotonic() + 300  # the engine may have to be compiled
    while httpx.get(f"{serving.url}/readyz").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    yield serving
    serving.stop()


def test_schemathesis_finds_nothing(serving: Serving, tmp_path: Path):
    command = [
        sys.executable, "-m", "schemathesis.cli",
        "--config-file", str(ROOT / "tests" / "server" / "schemathesis.toml"),
        "run", f"{serving.url}/api/openapi.json", "--checks", "all", "--seed", "7",
        "--max-examples", os.environ.get("TWIN_EXAMPLES", "3"), "--request-timeout", "60",
        "--max-response-time", "35",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )
    told = done.stdout[-12000:] + done.stderr[-2000:]
    assert done.returncode == 0, told
    assert "Tested: " in done.stdout
    assert serving.get("/scenes")["offered"] == ["two_lines"]


def test_a_run_that_is_prepared_says_when_to_come_again(serving: Serving):
    for run in serving.get("/runs")["runs"]:
        assert serving.call("DELETE", f"/runs/{run['id']}").status_code == 204
    run = serving.post("/runs", {"scene": "two_lines"})["run"]["id"]
    answer = serving.call("GET", f"/runs/{run}/figures")
    if answer.status_code != 200:  # it may be ready already
        assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
        assert answer.headers["retry-after"] == "1"


def test_a_method_that_is_not_served_is_told_which_are(serving: Serving):
    for path, methods in (
        ("/runs", "GET, POST"),
        ("/runs/x", "DELETE, GET"),
        ("/scenes/x", "DELETE"),
    ):
        answer = serving.call("PATCH", path)
        assert (answer.status_code, answer.headers["allow"]) == (405, methods)
