"""Warehouse: an automated rack, into which cranes bring parts, and out of which they fetch them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.heap import FINISH, cancel, schedule
from twin.core.motion import hide
from twin.core.parameters import LONGEST, Params, param
from twin.core.parts import hold, take_out
from twin.core.state import BLOCKED, STARVED, WORKING, enter_state
from twin.core.world import NONE, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = [
    "COLUMNS",
    "PARAMS",
    "Warehouse",
    "blocked",
    "gave",
    "halt",
    "has_room",
    "load",
    "on_timer",
    "problems",
    "resolve",
    "resume",
    "take",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse(Params):
    """A rack of columns and levels; every crane reaches every slot, and makes single cycles.

    A cycle takes twice the travel from the corner of the rack to the slot, where the crane moves
    and lifts at once, and twice the handling time (FEM 9.851). A part comes in when a crane is
    free; it goes into the free slot with the shortest cycle. The oldest part is fetched as soon as
    a crane is free and a stand at the exit too, of which there is one per crane; fetching goes
    before storing.
    """

    capacity: int = param(100, ge=1, le=100_000, doc="Number of slots in use, nearest first.")
    cranes: int = param(1, ge=1, le=1000, doc="Number of cranes.")
    columns: int = param(10, ge=1, le=100_000, doc="Number of slots side by side.")
    levels: int = param(10, ge=1, le=1000, doc="Number of slots one above another.")
    column_pitch: float = param(1.0, unit="m", gt=0, le=1000, doc="Distance between columns.")
    level_pitch: float = param(1.0, unit="m", gt=0, le=1000, doc="Distance between levels.")
    crane_speed: float = param(2.0, unit="m/s", gt=0, le=100, doc="Speed along the rack.")
    lift_speed: float = param(0.5, unit="m/s", gt=0, le=100, doc="Speed up and down.")
    handling_time: float = param(
        5.0, unit="s", ge=0, le=LONGEST, doc="Time to pick a part up, or to set it down."
    )


PARAMS = Warehouse
COLUMNS = [
    ("cranes", "i8"),
    ("busy", "i8"),  # cranes
    ("leaving", "i8"),  # parts that are being fetched, or are at the exit
    ("slot_first", "i8"),  # per slot: phase, part, tick, ticks of a cycle
]
PHASE, SLOT, TICK, CYCLE = range(4)  # columns of a slot
FREE, STORING, STORED, FETCHING, OUT = range(5)  # phases


def load(row: Any, params: Warehouse) -> None:
    """Write the parameters into a place's row."""
    row.capacity = params.capacity
    row.cranes = params.cranes


def resolve(row: Any, params: Warehouse, directory: Directory) -> None:
    """Keep the slots, nearest first."""
    rows: list[int] = []
    for ticks in cycles(params):
        rows += [FREE, NONE, 0, ticks]
    row.slot_first = directory.keep(rows)


def cycles(params: Warehouse) -> list[int]:
    """Duration of the cycle of every slot in use [ticks], rising."""
    travels = sorted(
        max(
            column * params.column_pitch / params.crane_speed,
            level * params.level_pitch / params.lift_speed,
        )
        for column in range(params.columns)
        for level in range(params.levels)
    )
    return [
        round(2 * (travel + params.handling_time) * TICKS_PER_SECOND)
        for travel in travels[: params.capacity]
    ]


@compilable_apart
def has_room(world: World, i: int, part: int) -> bool:
    """A part comes in when a crane is free for it."""
    return world.place[i].busy < world.place[i].cranes


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Let a crane bring the part into the nearest free slot."""
    place = world.place[i]
    hold(world, i, part)
    hide(world, part)
    row = place.slot_first
    while world.number[row + PHASE] != FREE:
        row += 4
    world.number[row + SLOT] = part
    _send_crane(world, i, row, STORING)
    announce(world, i)


@compilable_apart
def _send_crane(world: World, i: int, row: int, phase: int) -> None:
    world.place[i].busy += 1
    world.number[row + PHASE] = phase
    world.number[row + TICK] = world.clock[0].now + world.number[row + CYCLE]
    schedule(world, i, FINISH, world.number[row + TICK])
    enter_state(world, i, WORKING)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """A crane has done its cycle: the part is stored, or at the exit."""
    place = world.place[i]
    now = world.clock[0].now
    row = place.slot_first
    while not (_is_moving(world, row) and world.number[row + TICK] == now):
        row += 4
    place.busy -= 1
    world.number[row + PHASE] += 1  # STORING to STORED, or FETCHING to OUT
    _go_on(world, i)
    announce(world, i)


@compilable_apart
def _is_moving(world: World, row: int) -> bool:
    return world.number[row + PHASE] in (STORING, FETCHING)


@compilable_apart
def _go_on(world: World, i: int) -> None:
    """Fetch the oldest parts, as far as cranes and stands are free, and offer what is out."""
    place = world.place[i]
    while place.busy < place.cranes and place.leaving < place.cranes:
        row = _first(world, i, STORED)
        if row < 0:
            break
        place.leaving += 1
        _send_crane(world, i, row, FETCHING)
    row = _first(world, i, OUT)
    place.offer = world.number[row + SLOT] if row >= 0 else NONE
    if place.busy == 0:
        enter_state(world, i, STARVED if place.offer < 0 else BLOCKED)


@compilable_apart
def _first(world: World, i: int, phase: int) -> int:
    """The row of the slot in a phase whose part came to the warehouse first, or NONE."""
    place = world.place[i]
    best = NONE
    for number in range(place.capacity):
        row = place.slot_first + 4 * number
        if world.number[row + PHASE] == phase and (best < 0 or _is_older(world, row, best)):
            best = row
    return best


@compilable_apart
def _is_older(world: World, row: int, other: int) -> bool:
    """Whether the part in one slot came in before that in another, or was made before it."""
    one = world.part[world.number[row + SLOT]]
    two = world.part[world.number[other + SLOT]]
    return one.entered < two.entered or (one.entered == two.entered and one.serial < two.serial)


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The part at the exit can't leave."""
    if world.place[i].busy == 0:
        enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """A stand at the exit is free: fetch the next part."""
    place = world.place[i]
    take_out(world, i, part)
    row = place.slot_first
    while world.number[row + SLOT] != part:
        row += 4
    world.number[row + PHASE] = FREE
    world.number[row + SLOT] = NONE
    place.leaving -= 1
    if place.down == 0:
        _go_on(world, i)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop the cranes; what is left of their cycles is kept in place of their ticks."""
    place = world.place[i]
    place.offer = NONE
    cancel(world, i, FINISH)
    for number in range(place.capacity):
        row = place.slot_first + 4 * number
        if _is_moving(world, row):
            world.number[row + TICK] -= world.clock[0].now


@compilable_apart
def resume(world: World, i: int) -> None:
    """Let the cranes go on."""
    place = world.place[i]
    for number in range(place.capacity):
        row = place.slot_first + 4 * number
        if _is_moving(world, row):
            world.number[row + TICK] += world.clock[0].now
            schedule(world, i, FINISH, world.number[row + TICK])
    enter_state(world, i, WORKING)
    _go_on(world, i)
    announce(world, i)


def problems(params: Warehouse, around: Surroundings) -> Iterator[Problem]:
    """The rack has the slots."""
    slots = params.columns * params.levels
    if params.capacity > slots:
        rule = f"must be <= {slots}, the number of columns times levels"
        yield Problem(f"{around.path} twin:capacity", rule, str(params.capacity))
