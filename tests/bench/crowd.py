"""A server to be measured, and crowds of clients before it, each a process of its own."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.request import urlopen

import psutil

from tests.sources import ROOT

__all__ = ["Crowd", "Share", "serving"]

PATIENCE = 120.0  # s; a cold start compiles the engine


class Share:
    """The share of a core that a process takes [%]."""

    def __init__(self, process: psutil.Process) -> None:
        """Begin to count."""
        self._process = process
        self._began, self._spent = time.perf_counter(), self._seconds()

    def so_far(self) -> float:
        """Since the beginning."""
        return 100 * (self._seconds() - self._spent) / (time.perf_counter() - self._began)

    def _seconds(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system


class Crowd:
    """Clients of `tests.bench.readers`."""

    def __init__(self, port: int, **options: object) -> None:
        """Let them connect; returns when all have what holds now."""
        given = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.readers", str(port), *given],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._line() == "ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def begin(self) -> None:
        """Let them measure."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def result(self) -> dict[str, Any]:
        """What they measured, when they are done."""
        return json.loads(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def serving(scene: Path, *options: str) -> Generator[tuple[int, psutil.Process]]:
    """A `twin serve` that is ready; its port and process."""
    command = [sys.executable, "-m", "twin", "serve", str(scene), "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[^:]+:(\d+)", process.stdout.readline())
            assert found
            port = int(found.group(1))
            _wait(port)
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            if json.load(answer)["status"] == "ready":
                return
        time.sleep(0.2)
    raise TimeoutError("the server was not ready in time")
