"""One source, two executions: handlers run as plain Python or compiled by numba.

A handler is a plain function marked `@compilable`. Interpreted, it is called as it stands.
Compiled, it is rebuilt with every marked function that it names replaced by that function's
compiled twin, and handed to numba. Machine code is cached in a folder keyed by all engine and kind
sources, because numba's own cache does not notice a change in a function that the cached one calls.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

__all__ = ["cache_folder", "compilable", "compilable_apart", "compiled", "compiled_for"]
__all__ += ["is_cached"]

Handler = TypeVar("Handler", bound=Callable[..., Any])

PACKAGE = Path(__file__).parents[1]
LONG_NAME = 200  # letters
SOURCE_FOLDERS = ("core", "kinds", "engine", "motion", "physics")


def compilable(function: Handler) -> Handler:
    """Mark a function of the engine as one that numba can compile, into its callers."""
    function.__dict__["compilable"] = "inline"
    return function


def compilable_apart(function: Handler) -> Handler:
    """Mark a function that is called seldom: compiled by itself, it keeps the hot code small."""
    function.__dict__["compilable"] = "apart"
    return function


@cache
def compiled(function: Callable[..., Any], variant: str = "") -> Callable[..., Any]:
    """The compiled twin of a marked function; machine code is cached on disk.

    In a variant, functions of a module M are those of the module M_VARIANT, where there is one.
    """
    numba: Any = import_module("numba")
    _name_records_shortly()
    folder = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache_folder() / (variant or "all"))
    try:
        return numba.njit(cache=True, nogil=True, _nrt=False)(_relinked(function, variant))
    finally:
        numba.config.CACHE_DIR = folder


def compiled_for(
    function: Callable[..., Any], arguments: tuple[Any, ...], variant: str = ""
) -> Callable[..., Any]:
    """The machine code of a marked function for arguments of just these types.

    It does not look at the types again: a call with tuples of arrays takes a fifth of the time.
    Whoever calls it with other types gets nonsense, so all arguments must be the caller's own.
    """
    numba: Any = import_module("numba")
    dispatcher: Any = compiled(function, variant)
    types = tuple(numba.typeof(each) for each in arguments)
    dispatcher.compile(types)
    return dispatcher.overloads[types].entry_point


@cache
def _name_records_shortly() -> None:
    """Give numba's types of wide records short names.

    It writes a type's name into each symbol that has to do with it, and that of a record lists all
    its columns: some ten thousand letters a symbol, most of the machine code on disk.
    """
    record: Any = import_module("numba").types.Record
    make = record.__init__

    def named_shortly(self: Any, fields: Any, size: int, aligned: Any) -> None:
        make(self, fields, size, aligned)
        if len(self.name) > LONG_NAME:
            self.name = f"Record_{blake2b(self.name.encode(), digest_size=16).hexdigest()}"

    record.__init__ = named_shortly


@cache
def _callee(function: Callable[..., Any], variant: str) -> Callable[..., Any]:
    """A compiled function for callers inside the engine; its code is cached with its caller.

    A call hands over every array of the world, some hundred words: inlining makes it five times
    faster.
    """
    how: Any = function.__dict__["compilable"]
    if how not in ("inline", "apart"):
        return how()  # a single instruction
    numba: Any = import_module("numba")
    inline = how == "inline"
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": inline}
    callee: Any = numba.njit(nogil=True, _nrt=False, **options)(_relinked(function, variant))
    template = callee.get_call_template

    def once_for_all_constants(types: Any, keywords: Any) -> Any:
        return template(tuple(numba.types.unliteral(each) for each in types), keywords)

    callee.get_call_template = once_for_all_constants
    return callee


def _relinked(function: Callable[..., Any], variant: str) -> FunctionType:
    """A copy of a function in which every marked function it names is the compiled one."""
    names = {
        name: _callee(_in_variant(value, variant), variant)
        for name in function.__code__.co_names
        if hasattr(value := function.__globals__.get(name), "compilable")
    }
    copy = FunctionType(function.__code__, {**function.__globals__, **names}, function.__name__)
    # machine code of several variants lives in one process: numba links it by these names
    copy.__qualname__ = f"{function.__qualname__}_{variant}" if variant else function.__qualname__
    copy.__module__ = function.__module__
    return copy


def _in_variant(function: Any, variant: str) -> Any:
    module = sys.modules.get(f"{function.__module__}_{variant}")
    return getattr(module, function.__name__) if module else function


def is_cached(variant: str = "") -> bool:
    """Whether machine code of a variant for these sources lies on disk already."""
    return any((cache_folder() / (variant or "all")).rglob("*.nbi"))


@cache
def cache_folder() -> Path:
    """The folder for machine code of exactly these sources; made if it is missing."""
    digest = blake2b(f"{sys.version}{version('numba')}{version('numpy')}".encode(), digest_size=8)
    for name in SOURCE_FOLDERS:
        for file in sorted((PACKAGE / name).glob("*.py")):
            digest.update(file.read_bytes())
    for base in (_user_cache(), Path(tempfile.gettempdir())):
        folder = base / "factory-twin" / digest.hexdigest()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="factory-twin-"))


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
