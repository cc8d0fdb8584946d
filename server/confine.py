"""Bounds of a run's process, so that a scene which takes all takes nothing from others."""

import os
import sys

__all__ = [
    "CHECKING",
    "CHECK_MEMORY",
    "MEMORY",
    "PREPARING",
    "confine",
    "confine_check",
    "set_free",
]

MEMORY = "TWIN_RUN_MEMORY"  # environment: address space in GiB
PREPARING = 900  # s of CPU time to open a scene, make its pack, and run up to where it begins
CHECKING = 20  # s of CPU time to check an upload
CHECK_MEMORY = 3  # GiB of address space, of which the program itself takes 1.3
CHECK_FILE = 512 * 2**20  # bytes of a file that a check may write
FILES = 1024  # open at once
GIB = 2**30


def confine() -> None:
    """Bound what this process may take from now on; where there are no such bounds, do nothing."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_NOFILE, FILES)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (PREPARING, hard))
    memory = os.environ.get(MEMORY)
    if memory and sys.platform.startswith("linux"):
        _lower(resource.RLIMIT_AS, int(float(memory) * GIB))


def confine_check() -> None:
    """Bound this process further: it checks what a stranger has sent, and then it ends."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (CHECKING, CHECKING))
    _lower(resource.RLIMIT_FSIZE, CHECK_FILE)
    if sys.platform.startswith("linux"):
        _lower(resource.RLIMIT_AS, CHECK_MEMORY * GIB)


def set_free() -> None:
    """The scene is open: from now on the process may run for ever."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


def _lower(kind: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))
