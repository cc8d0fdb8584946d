"""What a station needs before a part: setup for another product, maintenance after so many parts.

A setup may depend on both products, as a change of dies in a press does. The first part finds the
station set up for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.parameters import LONGEST, Params, param
from twin.core.worktime import length_problems, product_problems
from twin.core.world import NONE, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["PREPARATION_COLUMNS", "Preparation", "keep_preparation", "load_preparation"]
__all__ += ["preparation", "preparation_problems"]

PREPARATION_COLUMNS: list[tuple[str, Any]] = [
    ("setup_time", "i8"),
    ("setups_first", "i8"),  # numbers: a row per product before, with NONE where none is listed
    ("set_up", "i8"),  # product for which it is set up, or NONE
    ("maintenance_count", "i8"),
    ("maintenance_time", "i8"),
    ("since_maintenance", "i8"),  # parts
]


@dataclass(frozen=True, kw_only=True)
class Preparation(Params):
    """The parameters of a station that must be made ready for parts."""

    setup_time: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Time to get ready for another product than the last one.",
        live=True,
    )
    setup_from: tuple[str, ...] = param(
        (), doc="Last products of the changes with setup times of their own."
    )
    setup_to: tuple[str, ...] = param((), doc="Next product of each of these changes.")
    setup_times: tuple[float, ...] = param(
        (), unit="s", ge=0, le=LONGEST, doc="Time for each of these changes."
    )
    maintenance_count: int = param(
        0, ge=0, doc="Number of parts after which maintenance is due; 0 is never."
    )
    maintenance_time: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Time of maintenance, such as a tip dress."
    )


def load_preparation(row: Any, params: Preparation) -> None:
    """Write the parameters into a place's row."""
    row.setup_time = round(params.setup_time * TICKS_PER_SECOND)
    row.maintenance_count = params.maintenance_count
    row.maintenance_time = round(params.maintenance_time * TICKS_PER_SECOND)


def keep_preparation(row: Any, params: Preparation, directory: Directory) -> None:
    """Keep the table of changes."""
    row.set_up = row.setups_first = NONE
    if not params.setup_from:
        return
    count = len(directory.around.names)
    table = [NONE] * count * count
    for before, after, time in zip(
        params.setup_from, params.setup_to, params.setup_times, strict=True
    ):
        place = directory.product(before) * count + directory.product(after)
        table[place] = round(time * TICKS_PER_SECOND)
    row.setups_first = directory.keep(table)


@compilable_apart
def preparation(world: World, i: int, product: int) -> int:
    """Get place `i` ready for one more part of a product; returns how long that takes [ticks]."""
    place = world.place[i]
    ticks = 0
    if 0 < place.maintenance_count <= place.since_maintenance:
        place.since_maintenance = 0
        ticks += place.maintenance_time
    place.since_maintenance += 1
    if place.set_up >= 0:
        ticks += _change(world, i, product)
    place.set_up = product
    return ticks


@compilable_apart
def _change(world: World, i: int, product: int) -> int:
    place = world.place[i]
    if place.setups_first >= 0:
        count = len(world.look) - 1
        ticks = world.number[place.setups_first + place.set_up * count + product]
        if ticks >= 0:
            return ticks
    return place.setup_time if product != place.set_up else 0


def preparation_problems(params: Preparation, around: Surroundings) -> Iterator[Problem]:
    """Changes are between products, each listed once; maintenance takes time."""
    path = around.path
    changes = list(zip(params.setup_from, params.setup_to, strict=False))
    lists = {"twin:setupTo": params.setup_to, "twin:setupTimes": params.setup_times}
    yield from length_problems(path, "twin:setupFrom", len(params.setup_from), lists)
    yield from product_problems(f"{path} twin:setupFrom", params.setup_from, around)
    yield from product_problems(f"{path} twin:setupTo", params.setup_to, around)
    for change in sorted({each for each in changes if changes.count(each) > 1}):
        yield Problem(f"{path} twin:setupFrom", "must list each change once", " to ".join(change))
    if params.maintenance_count > 0 and params.maintenance_time <= 0:
        rule = "must be > 0 s where twin:maintenanceCount is set"
        yield Problem(f"{path} twin:maintenanceTime", rule, f"{params.maintenance_time:g}")
