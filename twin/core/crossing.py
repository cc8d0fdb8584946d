"""Crossings: points along a conveyor at which it is known when every part comes by.

A gate is one, which may hold parts back, and so are a sensor and the conveyor's own end. Each is a
row of `World.place`; those of a conveyor are chained from its entry to its end, and the last one is
the conveyor itself. A crossing keeps the ticks at which the last parts went by in a ring.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.directory import Directory, Surroundings
from twin.core.parameters import Params, param
from twin.core.world import NONE
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["CROSSING_COLUMNS", "Crossing", "crossings_of", "lay_crossing", "position_problems"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing(Params):
    """What every kind has that stands at a point of the conveyor above it."""

    takes: ClassVar[bool] = False
    gives: ClassVar[bool] = False

    position: float = param(
        unit="m", gt=0, le=10_000, doc="From the conveyor's entry, along its way."
    )


CROSSING_COLUMNS: list[tuple[str, Any]] = [
    ("belt", "i8"),  # its conveyor
    ("upstream", "i8"),  # the crossing before it, or NONE: the conveyor's entry
    ("downstream", "i8"),  # the crossing behind it, or NONE: it is the conveyor's end
    ("holds", "i8"),  # 1 if parts may stand there
    ("from_entry", "i8"),  # ticks from the entry for a part that moves freely
    ("crossed", "i8"),  # parts that have gone by since the run began
    ("ring_first", "i8"),  # ticks of the last ones, in `World.number`
    ("ring_size", "i8"),
    ("phase", "i1"),
]


def crossings_of(belt: str, params: Mapping[str, Params]) -> list[str]:
    """The prim paths of the crossings of a conveyor, from its entry on."""
    found = {
        path: each.position
        for path, each in params.items()
        if isinstance(each, Crossing) and path.rpartition("/")[0] == belt
    }
    return sorted(found, key=found.__getitem__)


def lay_crossing(row: Any, belt: str, directory: Directory) -> None:
    """Chain a crossing, or the end of the conveyor itself, to its neighbours, and make its ring.

    A part is never further behind than by the parts that fit between entry and end.
    """
    around = directory.around
    params: Any = around.params[belt]
    chain = [*crossings_of(belt, around.params), belt]
    here = chain.index(around.path)
    position = getattr(around.params[around.path], "position", params.way)
    row.belt = directory.row(belt)
    row.upstream = directory.row(chain[here - 1]) if here > 0 else NONE
    row.downstream = directory.row(chain[here + 1]) if around.path != belt else NONE
    row.from_entry = round(position / params.speed * TICKS_PER_SECOND)
    headway = max(1, round(params.spacing / params.speed * TICKS_PER_SECOND))
    row.ring_size = round(params.way / params.speed * TICKS_PER_SECOND) // headway + 4
    row.ring_first = directory.keep([0] * row.ring_size)


def position_problems(params: Crossing, around: Surroundings) -> Iterator[Problem]:
    """It stands between entry and end of a conveyor, in a point of its own."""
    belt: Any = around.params.get(around.parent)
    where = f"{around.path} twin:position"
    if not hasattr(belt, "accumulating"):
        yield Problem(around.path, "must be the child of a conveyor", way_out="move it")
    elif params.position >= belt.way:
        rule = f"must be < the length of the conveyor ({belt.way:g} m)"
        yield Problem(where, rule, f"{params.position:g}")
    else:
        nearest = belt.speed / TICKS_PER_SECOND
        for path in crossings_of(around.parent, around.params):
            other: Any = around.params[path]
            if path < around.path and abs(other.position - params.position) <= nearest:
                rule = f"must not be that of {path}"
                yield Problem(where, rule, f"{params.position:g}")
