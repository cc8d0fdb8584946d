"""The one table that names every kind of equipment, and the calls from the engine into it.

numba compiles no table of functions, so each call becomes a chain of comparisons. The chains are
written from the table into a source file beside the machine code, where both executions find them.
"""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from twin.core.compiled import cache_folder
from twin.core.parameters import Params
from twin.kinds import buffer, conveyor, sink, source, station

__all__ = ["KINDS", "calls", "kind_code", "kind_name", "params_of_kind"]

KINDS: tuple[ModuleType, ...] = (source, sink, station, conveyor, buffer)

CALLS = {
    "start": "world, i",
    "on_timer": "world, i, timer",
    "has_room": "world, i, part",
    "take": "world, i, part, link",
    "blocked": "world, i",
    "gave": "world, i, part",
    "halt": "world, i",
    "resume": "world, i",
}


def kind_name(kind: ModuleType) -> str:
    """The kind's name: the last word of its module."""
    return kind.__name__.rpartition(".")[2]


def kind_code(params: Params) -> int:
    """The row of the table whose parameters these are."""
    return params_of_kind().index(type(params))


def params_of_kind() -> tuple[type[Params], ...]:
    """The `Params` class of every kind, in the table's order."""
    return tuple(kind.PARAMS for kind in KINDS)


@cache
def calls() -> ModuleType:
    """The module with one function per call, which asks the kind of place `i`."""
    file = cache_folder() / "twin_dispatch.py"
    text = _source()
    if not file.exists() or file.read_text() != text:
        _write(file, text)
    spec = importlib.util.spec_from_file_location("twin_dispatch", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} can't be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules["twin_dispatch"] = module
    spec.loader.exec_module(module)
    return module


def _source() -> str:
    lines = ['"""Written by twin.engine.dispatch."""', ""]
    lines += ["from twin.core.compiled import compilable"]
    for kind in KINDS:
        name = kind_name(kind)
        lines += [f"from twin.kinds.{name} import {call} as {name}_{call}" for call in CALLS]
    for call, arguments in CALLS.items():
        lines += ["", "", "@compilable", f"def {call}({arguments}):", "    k = world.place[i].kind"]
        for code, kind in enumerate(KINDS[:-1]):
            lines += [f"    if k == {code}:"]
            lines += [f"        return {kind_name(kind)}_{call}({arguments})"]
        lines += [f"    return {kind_name(KINDS[-1])}_{call}({arguments})"]
    return "\n".join(lines) + "\n"


def _write(file: Path, text: str) -> None:
    """Put the file in place in one step, so that no other process reads half of it."""
    import os
    import tempfile

    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".py")
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    Path(name).replace(file)


def place_columns() -> list[Any]:
    """The columns that kinds add to a place, each name once.

    Raises:
        TypeError: two kinds declare one column with different types.
    """
    columns: dict[str, Any] = {}
    for kind in KINDS:
        for name, dtype in kind.COLUMNS:
            if columns.setdefault(name, dtype) != dtype:
                rule = f"is {dtype} here and {columns[name]} elsewhere"
                raise TypeError(f"{kind.__name__}: column {name} {rule}")
    return list(columns.items())
