"""The one table that names every kind of equipment."""

from collections.abc import Iterable
from types import ModuleType
from typing import Any

import numpy as np

from twin.core.parameters import Params
from twin.kinds import (
    assembler,
    batch,
    buffer,
    calendar,
    conveyor,
    disassembler,
    dock,
    failure,
    fleet,
    gate,
    gated,
    merge,
    mover,
    paced_line,
    parallel,
    pool,
    router,
    sensor,
    shuttle,
    sink,
    source,
    station,
    store,
    vehicle,
    warehouse,
    waypoint,
)

__all__ = [
    "KINDS",
    "VARIANTS",
    "counters",
    "kind_code",
    "kind_name",
    "params_of_kind",
    "place_columns",
]
__all__ += ["variant_for"]

BASIC: tuple[ModuleType, ...] = (source, sink, station, conveyor, buffer)
FLOW: tuple[ModuleType, ...] = (
    *BASIC,
    failure,
    pool,
    calendar,
    parallel,
    batch,
    shuttle,
    paced_line,
    mover,
    store,
    warehouse,
    router,
    merge,
    assembler,
    disassembler,
    gate,
    sensor,
    gated,
)
KINDS: tuple[ModuleType, ...] = (*FLOW, waypoint, dock, vehicle, fleet)

# A plant of some kinds only runs on a kernel of its own, which compiles sooner and runs faster.
VARIANTS = {"": KINDS, "flow": FLOW, "basic": BASIC}


def kind_name(kind: ModuleType) -> str:
    """The kind's name: the last word of its module."""
    return kind.__name__.rpartition(".")[2]


def kind_code(params: Params) -> int:
    """The first row of the table whose parameters these are."""
    return [kind.PARAMS for kind in KINDS].index(type(params))


def params_of_kind() -> tuple[type[Params], ...]:
    """The `Params` classes of all kinds, in the table's order, each once."""
    return tuple(dict.fromkeys(kind.PARAMS for kind in KINDS))


def variant_for(kinds: Iterable[type[Params]]) -> str:
    """The name of the smallest variant that has all of these kinds."""
    needed = set(kinds)
    fitting = [name for name in VARIANTS if needed <= {kind.PARAMS for kind in VARIANTS[name]}]
    return min(fitting, key=lambda name: len(VARIANTS[name]))


def counters() -> tuple[str, ...]:
    """The columns of a place in which kinds count; a reset of the statistics clears them."""
    return tuple(name for kind in KINDS for name in getattr(kind, "COUNTERS", ()))


def place_columns() -> list[Any]:
    """The columns that kinds add to a place, each name once.

    Raises:
        TypeError: two kinds declare one column with different types, or numpy means something else
            by its name.
    """
    columns: dict[str, Any] = {}
    for kind in KINDS:
        for name, dtype in kind.COLUMNS:
            if hasattr(np.void, name):
                raise TypeError(f"{kind.__name__}: a row of numpy has its own {name}")
            if columns.setdefault(name, dtype) != dtype:
                rule = f"is {dtype} here and {columns[name]} elsewhere"
                raise TypeError(f"{kind.__name__}: column {name} {rule}")
    return list(columns.items())
