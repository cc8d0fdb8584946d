"""Sensor: tells when each part comes by a point of a conveyor, counts them, sees a full line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.compiled import compilable_apart
from twin.core.crossing import (
    CROSSING_COLUMNS,
    Crossing,
    lay_crossing,
    lay_rear,
    position_problems,
)
from twin.core.directory import Directory, Surroundings
from twin.core.heap import FINISH, NEXT, schedule
from twin.core.parameters import LONGEST, param, relation
from twin.core.passing import FULL, cross, part_at, plan, watch_cover
from twin.core.record import PASSED, note
from twin.core.state import BLOCKED, STARVED, WORKING, enter_state
from twin.core.world import LATER, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["COLUMNS", "PARAMS", "Sensor", "load", "on_timer", "problems", "resolve", "resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor(Crossing):
    """A light barrier on the conveyor that it is a child of: it sees the leading point of parts.

    Where their length is given it is covered, which shows as working, from when a part's front
    comes until its rear has left; covered for too long it shows as blocked, and may close gates.
    """

    part_length: float = param(
        0.0, unit="m", ge=0, le=10_000, doc="Length of parts; 0: it is never covered."
    )
    full_after: float = param(
        0.0, unit="s", ge=0, le=LONGEST,
        doc="Time for which it must be covered to tell that the line is full; 0: it never does.",
    )  # fmt: skip
    closes: tuple[str, ...] = relation(
        to=("gate",), doc="Gates that it keeps closed while the line is full."
    )


PARAMS = Sensor
COLUMNS = [
    *CROSSING_COLUMNS,
    ("full_ticks", "i8"),  # for which it must be covered to tell it, or LATER
    ("gates_first", "i8"),  # numbers: gates that it closes
    ("gates_count", "i8"),
]


def load(row: Any, params: Sensor) -> None:
    """Write the parameters into a place's row."""
    ticks = round(params.full_after * TICKS_PER_SECOND)
    row.full_ticks = ticks if ticks > 0 else LATER


def resolve(row: Any, params: Sensor, directory: Directory) -> None:
    """Find its place among the crossings of its conveyor, and its gates."""
    parent = directory.around.parent
    lay_crossing(row, parent, directory)
    lay_rear(row, parent, params.part_length, directory)
    row.gates_first = directory.keep([directory.row(path) for path in params.closes])
    row.gates_count = len(params.closes)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """A part comes by, or its rear does, or it has stood there for too long."""
    sensor = world.place[i]
    now = world.clock[0].now
    if timer == FINISH:
        part = world.part[part_at(world, i)]
        note(world, PASSED, i, part.serial, part.product)
        world.product[sensor.product + part.product].seen += 1
        if sensor.crossed == sensor.cleared:
            sensor.full_at = now + sensor.full_ticks
        cross(world, i)
    if sensor.rear_at <= now:
        sensor.rear_at = LATER
        sensor.cleared += 1
    if sensor.crossed == sensor.cleared:
        if sensor.full_at == FULL:
            _let_gates(world, i, -1)
        sensor.full_at = LATER
    elif FULL < sensor.full_at <= now:
        sensor.full_at = FULL
        _let_gates(world, i, 1)
    resume(world, i)
    plan(world, i)
    plan(world, sensor.downstream)
    if sensor.rear_ticks > 0:
        watch_cover(world, i)


@compilable_apart
def _let_gates(world: World, i: int, more: int) -> None:
    """Close its gates as the line is full, or open them."""
    sensor = world.place[i]
    for k in range(sensor.gates_count):
        gate = world.number[sensor.gates_first + k]
        world.place[gate].signals += more
        if world.place[gate].signals == 0:
            schedule(world, gate, NEXT, world.clock[0].now)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Show whether it is covered, and for too long; one without a length of parts is not."""
    sensor = world.place[i]
    if sensor.down != 0:
        return
    if sensor.rear_ticks == 0 or sensor.crossed == sensor.cleared:
        enter_state(world, i, STARVED)
    else:
        enter_state(world, i, BLOCKED if sensor.full_at == FULL else WORKING)


def problems(params: Sensor, around: Surroundings) -> Iterator[Problem]:
    """It stands on a conveyor, from which no part falls, and knows when the line is full."""
    wrong = list(position_problems(params, around))
    yield from wrong
    belt: Any = around.params.get(around.parent)
    where = f"{around.path} twin:partLength"
    if wrong:
        return
    if params.part_length > belt.spacing:
        rule = f"must be <= the spacing of the conveyor ({belt.spacing:g} m)"
        yield Problem(where, rule, f"{params.part_length:g}")
    elif params.position + params.part_length > belt.way:
        rule = f"must be <= {belt.way - params.position:g} m, the way from here to the end"
        yield Problem(where, rule, f"{params.part_length:g}", "move the sensor upstream")
    if params.full_after > 0 and params.part_length == 0:
        yield Problem(where, "must be > 0 where twin:fullAfter is", "0")
    if params.closes and params.full_after == 0:
        yield Problem(f"{around.path} twin:fullAfter", "must be > 0 where twin:closes is", "0")
