"""Gate: a stop on a conveyor, where parts are held until it is opened, or lets one part go."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.compiled import compilable_apart
from twin.core.crossing import CROSSING_COLUMNS, Crossing, lay_crossing, position_problems
from twin.core.directory import Directory, Surroundings
from twin.core.failure import STOPPED
from twin.core.heap import FINISH, NEXT, cancel, schedule
from twin.core.parameters import LONGEST, param
from twin.core.passing import HERE, cross, line_up, part_at, plan_all
from twin.core.record import PASSED, note
from twin.core.state import BLOCKED, DOWN, STARVED, enter_state
from twin.core.world import World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["COLUMNS", "PARAMS", "Gate", "load", "on_timer", "problems", "resolve", "resume"]
__all__ += ["start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Crossing):
    """A stop gate of the conveyor that it is a child of; parts queue up behind a closed one.

    A command `stop` closes it, `start` opens it; outside the shifts of its calendar it is closed.
    A part whose leading point has come by goes on. A sensor may keep it closed, too.
    """

    holds: ClassVar[bool] = True

    closed: bool = param(False, doc="Whether it is closed until a command opens it.")
    release_time: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Least time from one part to the next.", live=True
    )
    one_at_a_time: bool = param(
        False, doc="Let a part go only when there is none up to the next gate, or the end."
    )


PARAMS = Gate
COLUMNS = [
    *CROSSING_COLUMNS,
    ("position", "f8"),  # position along the conveyor [m]
    ("release_ticks", "i8"),
    ("one_ahead", "i8"),
    ("free_from", "i8"),  # tick from which it may let the next part go
]


def load(row: Any, params: Gate) -> None:
    """Write the parameters into a place's row."""
    row.free_from += round(params.release_time * TICKS_PER_SECOND) - row.release_ticks
    row.release_ticks = round(params.release_time * TICKS_PER_SECOND)
    row.one_ahead = params.one_at_a_time


def resolve(row: Any, params: Gate, directory: Directory) -> None:
    """Find its place among the crossings of its conveyor."""
    lay_crossing(row, directory.around.parent, directory)
    row.position = params.position
    row.holds = 1
    row.free_from = 0
    if params.closed:
        row.down = row.shut = STOPPED


@compilable_apart
def start(world: World, i: int) -> None:
    """Show that it is closed, if it is."""
    if world.place[i].down != 0:
        enter_state(world, i, DOWN)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """A part has come, or the one that is held may go."""
    gate = world.place[i]
    if timer == FINISH:
        gate.phase = HERE
    if not _let_go(world, i) and timer == FINISH:
        if gate.down == 0:
            enter_state(world, i, BLOCKED)
        line_up(world, gate.belt)


@compilable_apart
def _let_go(world: World, i: int) -> bool:
    """Let the part that is here go on, if nothing holds it; whether it goes."""
    gate = world.place[i]
    now = world.clock[0].now
    if gate.phase != HERE or gate.down != 0 or gate.signals > 0:
        return False
    if world.place[gate.belt].down != 0:
        return False
    if gate.one_ahead != 0 and _part_ahead(world, i):
        return False
    cancel(world, i, NEXT)
    if now < gate.free_from:
        schedule(world, i, NEXT, gate.free_from)
        return False
    part = world.part[part_at(world, i)]
    note(world, PASSED, i, part.serial, part.product)
    world.product[gate.product + part.product].seen += 1
    gate.free_from = now + gate.release_ticks
    enter_state(world, i, STARVED)
    cross(world, i)
    plan_all(world, gate.belt)
    line_up(world, gate.belt)
    return True


@compilable_apart
def _part_ahead(world: World, i: int) -> bool:
    """Whether there is a part between this gate and the next, or the end of the conveyor."""
    c = world.place[i].downstream
    while world.place[c].holds == 0:
        c = world.place[c].downstream
    return world.place[c].crossed < world.place[i].crossed


@compilable_apart
def resume(world: World, i: int) -> None:
    """Open: let the part go that is held, or wait for the next."""
    enter_state(world, i, BLOCKED if world.place[i].phase == HERE else STARVED)
    _let_go(world, i)


def problems(params: Gate, around: Surroundings) -> Iterator[Problem]:
    """It stands on a conveyor on which parts can queue up."""
    wrong = list(position_problems(params, around))
    yield from wrong
    if not wrong and not getattr(around.params[around.parent], "accumulating", True):
        rule = "must be the child of a conveyor with twin:accumulating"
        yield Problem(around.path, rule, way_out=f"set it on {around.parent}")
