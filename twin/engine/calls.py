"""The engine's calls into the kinds: one function each, which asks the kind of a place.

numba compiles no table of functions, so each call is a chain of comparisons. The chains are written
from the table of kinds into a source file beside the machine code, where both executions find them.
A plant of the basic kinds only runs on shorter chains, which compile sooner and run faster.
"""

import importlib.util
import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType

from twin.core.compiled import cache_folder
from twin.engine.dispatch import KINDS, VARIANTS, kind_name

__all__ = ["CALLS", "NO_RULE", "calls"]

MODULE = "twin_dispatch"
NO_RULE = -2  # what `pick` returns for a kind without one

# The arguments of every call, and what it returns for a kind that leaves it out.
CALLS = {
    "start": ("world, i", None),
    "on_timer": ("world, i, timer", None),
    "has_room": ("world, i, part", True),
    "take": ("world, i, part, link", None),
    "blocked": ("world, i", None),
    "starved": ("world, i", None),
    "gave": ("world, i, part", None),
    "halt": ("world, i", None),
    "resume": ("world, i", None),
    "pick": ("world, i", NO_RULE),
    "attend": ("world, i", -1),
    "granted": ("world, i, pool", None),
}


@cache
def calls(variant: str = "") -> ModuleType:
    """The module with one function per call, for all kinds, or for those of a variant."""
    name = f"{MODULE}_{variant}" if variant else MODULE
    file = cache_folder() / f"{name}.py"
    text = _source(VARIANTS[variant])
    if not file.exists() or file.read_text() != text:
        _write(file, text)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} can't be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _source(kinds: tuple[ModuleType, ...]) -> str:
    lines = [f'"""Written by {__name__}."""', "", "from twin.core.compiled import compilable"]
    for call, (arguments, otherwise) in CALLS.items():
        lines += ["", "", "@compilable", f"def {call}({arguments}):", "    k = world.place[i].kind"]
        for kind in kinds:
            if hasattr(kind, call):
                name = f"{kind_name(kind)}_{call}"
                lines.insert(3, f"from {kind.__name__} import {call} as {name}")
                lines += [
                    f"    if k == {KINDS.index(kind)}:",
                    f"        return {name}({arguments})",
                ]
        lines += [f"    return {otherwise}"]
    return "\n".join(lines) + "\n"


def _write(file: Path, text: str) -> None:
    """Put the file in place in one step, so that no other process reads half of it."""
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".py")
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    Path(name).replace(file)
