"""MuJoCo, loaded by whoever simulates a cell, and by nobody else."""

import os
import sys
from functools import cache
from importlib import import_module
from typing import Any

from twin.errors import CommandError

__all__ = ["library"]


@cache
def library() -> Any:
    """The module mujoco.

    Raises:
        CommandError: it is not installed.
    """
    if sys.platform == "linux" and "DISPLAY" not in os.environ:
        os.environ.setdefault("MUJOCO_GL", "egl")  # it chooses how to draw when it is loaded
    try:
        return import_module("mujoco")
    except ModuleNotFoundError as error:
        if error.name != "mujoco":
            raise
        way_out = "install the extra hifi: pip install 'factory-twin[hifi]'"
        raise CommandError(f"a cell needs MuJoCo, which is not installed; {way_out}") from None
