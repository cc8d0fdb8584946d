"""Sensor: tells when each part comes by a point of a conveyor, and counts the parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.compiled import compilable_apart
from twin.core.crossing import CROSSING_COLUMNS, Crossing, lay_crossing, position_problems
from twin.core.directory import Directory, Surroundings
from twin.core.passing import cross, part_at, plan
from twin.core.record import PASSED, note
from twin.core.world import World
from twin.errors import Problem

__all__ = ["COLUMNS", "PARAMS", "Sensor", "load", "on_timer", "problems", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor(Crossing):
    """A light barrier on the conveyor that it is a child of: it sees the leading point of parts."""


PARAMS = Sensor
COLUMNS = CROSSING_COLUMNS


def load(row: Any, params: Sensor) -> None:
    """A sensor has nothing that could change."""


def resolve(row: Any, params: Sensor, directory: Directory) -> None:
    """Find its place among the crossings of its conveyor."""
    lay_crossing(row, directory.around.parent, directory)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """A part comes by."""
    part = world.part[part_at(world, i)]
    note(world, PASSED, i, part.serial, part.product)
    world.product[world.place[i].product + part.product].seen += 1
    cross(world, i)
    plan(world, i)
    plan(world, world.place[i].downstream)


def problems(params: Sensor, around: Surroundings) -> Iterator[Problem]:
    """It stands on a conveyor."""
    yield from position_problems(params, around)
