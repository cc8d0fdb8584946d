"""Runs in a fresh interpreter, which alone can say how much memory a run takes at most."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "peak_megabytes", "result_of"]

ROOT = Path(__file__).parents[2]


def result_of(code: str, *arguments: object, environment: dict[str, str] | None = None) -> Any:
    """What a program prints as JSON; its arguments are in sys.argv."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT, env=os.environ | (environment or {}), check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def peak_megabytes() -> float:
    """The most memory that this process has had in RAM so far [MB].

    On Linux it is VmHWM: what `getrusage` says there includes the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS counts bytes
