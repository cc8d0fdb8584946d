"""Shuts a process into folders: the kernel refuses it all others (Landlock, Linux 5.13 and newer).

What opens files of strangers is shut in before it looks at them, so that even a fault in USD's
readers, or a way out that nobody has thought of, finds nothing to read.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from enum import IntFlag
from pathlib import Path
from struct import Struct

from twin.data import share_folder

__all__ = ["can_enclose", "enclose", "software"]

CREATE, ADD, RESTRICT = 444, 445, 446  # system calls, the same on all machines
ASK_VERSION = 1
PATH_BENEATH = 1
NO_NEW_PRIVILEGES = 38  # of prctl
RULESET, RULE = Struct("=QQQ"), Struct("=Qi")
SIZES = ((6, 24), (4, 16), (1, 8))  # bytes of a ruleset from a version of Landlock on


class Access(IntFlag):
    """What may be done with files and folders, as Landlock counts it."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


READ = Access.READ_FILE | Access.READ_DIR
FILE = Access.EXECUTE | Access.WRITE_FILE | Access.READ_FILE | Access.TRUNCATE | Access.IOCTL_DEV
SINCE = ((1, 0x1FFF), (2, Access.REFER), (3, Access.TRUNCATE), (5, Access.IOCTL_DEV))
TCP = 0b11  # bind and connect
SCOPES = 0b11  # abstract sockets of others, signals to others


def can_enclose() -> bool:
    """Whether this system can do it."""
    return _version() > 0


def enclose(*, read: Iterable[Path], write: Iterable[Path], network: bool = False) -> bool:
    """Shut this thread, and all that it starts, into folders; there is no way back.

    Args:
        read: folders and files that may be read; those that are missing are passed over.
        write: folders in which all may be done, but nothing started.
        network: whether it may speak TCP.

    Returns:
        Whether it was done: False where the system has no Landlock.

    Raises:
        OSError: the system refused.
    """
    version = _version()
    if version <= 0:
        return False
    handled = sum(int(access) for since, access in SINCE if version >= since)
    ruleset = RULESET.pack(handled, 0 if network else TCP, SCOPES)
    size = next(size for since, size in SIZES if version >= since)
    held = _call(CREATE, ruleset[:size], size, 0)
    try:
        for path in read:
            _allow(held, path, int(READ) & handled)
        for path in write:
            _allow(held, path, handled & ~int(Access.EXECUTE))
        _call(RESTRICT, held, 0, first=NO_NEW_PRIVILEGES)
    finally:
        os.close(held)
    return True


def software() -> list[Path]:
    """What this program itself is made of, and what it needs of the system to run."""
    here = Path(__file__).parents[1]
    found = [Path(each) for each in sys.path if each]
    others = [each for each in found if each.resolve() != here and "-packages" in each.name]
    system = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/proc/self")
    devices = ("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/dev/null")
    return [
        here / "twin", here / "server", share_folder() / "assets", share_folder() / "scenes",
        *others, Path(sys.prefix), Path(sys.base_prefix), *map(Path, (*system, *devices)),
        Path("/dev/urandom"),
    ]  # fmt: skip


_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def _version() -> int:
    if _LIBC is None:
        return 0
    return int(_LIBC.syscall(CREATE, None, ctypes.c_size_t(0), ASK_VERSION))


def _call(number: int, *arguments: bytes | int, first: int = 0) -> int:
    """Do a system call; `first` is set by prctl before."""
    assert _LIBC is not None
    result = int(_LIBC.prctl(first, 1, 0, 0, 0)) if first else 0
    if not result:
        result = int(_LIBC.syscall(number, *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def _allow(ruleset: int, path: Path, access: int) -> None:
    """Let what lies at a path, and below it, be used."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not path.is_dir():
            access &= int(FILE)
        _call(ADD, ruleset, PATH_BENEATH, RULE.pack(access, handle), 0)
    finally:
        os.close(handle)
