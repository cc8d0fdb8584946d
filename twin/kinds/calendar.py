"""Calendar: when places work, and what becomes of work in progress at the bell."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.directory import Directory, Surroundings
from twin.core.parameters import LONGEST, Params, param
from twin.core.world import NONE
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["COLUMNS", "PARAMS", "Calendar", "load", "problems", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar(Params):
    """Shifts that come again every period; outside them the places that refer to it are off shift.

    Pauses are gaps between shifts.
    """

    takes: ClassVar[bool] = False
    gives: ClassVar[bool] = False

    period: float = param(
        86_400.0, unit="s", gt=0, le=LONGEST, doc="Time after which the shifts come again."
    )
    starts: tuple[float, ...] = param(unit="s", ge=0, doc="When each shift begins, rising.")
    ends: tuple[float, ...] = param(unit="s", gt=0, doc="When each shift ends.")
    at_bell: str = param(
        "stop",
        choices=("stop", "finish"),
        doc="Whether work stops when the shift ends and goes on in the next, or is finished first.",
    )


PARAMS = Calendar
COLUMNS = [
    ("first_member", "i8"),
    ("period", "i8"),
    ("bells_first", "i8"),  # numbers: start and end of each shift, in ticks of the period
    ("bells_count", "i8"),
    ("bells_done", "i8"),
    ("finish", "i8"),
]


def load(row: Any, params: Calendar) -> None:
    """Write the parameters into a place's row."""
    row.period = round(params.period * TICKS_PER_SECOND)
    row.finish = params.at_bell == "finish"


def resolve(row: Any, params: Calendar, directory: Directory) -> None:
    """Keep the bells in order; two at the same tick cancel each other out."""
    row.first_member = NONE
    bells = [
        round(each * TICKS_PER_SECOND)
        for shift in zip(params.starts, params.ends, strict=True)
        for each in shift
    ]
    row.bells_first, row.bells_count = directory.keep(bells), len(bells)


def problems(params: Calendar, around: Surroundings) -> Iterator[Problem]:
    """Shifts must follow one another within the period."""
    if not params.starts:
        yield Problem(f"{around.path} twin:starts", "must name at least one shift", "none")
    if len(params.starts) != len(params.ends):
        rule = f"must have one end for each of the {len(params.starts)} starts"
        yield Problem(f"{around.path} twin:ends", rule, str(len(params.ends)))
        return
    last = 0.0
    for start, end in zip(params.starts, params.ends, strict=True):
        if start < last:
            rule = f"must not begin before the shift before it ends ({last:g} s)"
            yield Problem(f"{around.path} twin:starts", rule, f"{start:g}")
        if end <= start:
            yield Problem(
                f"{around.path} twin:ends", f"must be > its start ({start:g} s)", f"{end:g}"
            )
        last = max(last, end)
    if last > params.period:
        rule = f"must be <= twin:period ({params.period:g} s)"
        yield Problem(f"{around.path} twin:ends", rule, f"{last:g}")
