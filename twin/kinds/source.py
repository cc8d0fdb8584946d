"""Source: where parts come into the plant, in a sequenced mix at a given interval."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.agenda import announce
from twin.core.compiled import compilable
from twin.core.directory import Directory, Surroundings
from twin.core.distribution import time_problems
from twin.core.draw import DISTRIBUTIONS
from twin.core.failure import PROCESS, draw, duration
from twin.core.heap import FINISH, cancel, schedule
from twin.core.parameters import LONGEST, Params, param
from twin.core.parts import hold, let_go, make_part
from twin.core.state import BLOCKED, STARVED, WORKING, enter_state
from twin.core.world import SHAPE, World
from twin.errors import Problem, nearest

__all__ = [
    "COLUMNS",
    "PARAMS",
    "Source",
    "blocked",
    "gave",
    "halt",
    "has_room",
    "load",
    "on_timer",
    "problems",
    "resolve",
    "resume",
    "start",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Params):
    """Makes parts: the first at once, then one every interval after the last one has left."""

    takes: ClassVar[bool] = False

    interval: float = param(
        60.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Mean time from one part's leaving to the next one.",
        live=True,
    )
    interval_distribution: str = param(
        "constant", choices=DISTRIBUTIONS, doc="How the interval varies around its mean."
    )
    interval_spread: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Half width of a uniform interval.", live=True
    )
    sequence: tuple[str, ...] = param(
        (), doc="Names of products in the order of release, repeated; empty: all in turn."
    )
    limit: int = param(0, ge=0, doc="Number of parts to make; 0 is no limit.")


PARAMS = Source
COLUMNS = [
    ("process", SHAPE),
    ("sequence_first", "i8"),
    ("sequence_count", "i8"),
    ("limit", "i8"),
    ("made", "i8"),
]


def load(row: Any, params: Source) -> None:
    """Write the parameters into a place's row."""
    row.process = duration(params.interval_distribution, params.interval, params.interval_spread)
    row.limit = params.limit
    row.capacity = 1


def resolve(row: Any, params: Source, directory: Directory) -> None:
    """Keep the order of release."""
    order = [directory.product(name) for name in params.sequence or directory.around.names]
    row.sequence_first, row.sequence_count = directory.keep(order), len(order)


@compilable
def start(world: World, i: int) -> None:
    """The first part comes at once."""
    enter_state(world, i, WORKING)
    schedule(world, i, FINISH, world.clock[0].now)


@compilable
def _await_next(world: World, i: int) -> None:
    place = world.place[i]
    if place.limit > 0 and place.made >= place.limit:
        enter_state(world, i, STARVED)
        return
    enter_state(world, i, WORKING)
    wait = draw(world, i, PROCESS, place.process)
    schedule(world, i, FINISH, world.clock[0].now + wait)


@compilable
def on_timer(world: World, i: int, timer: int) -> None:
    """Make the next part of the sequence and offer it."""
    place = world.place[i]
    product = world.number[place.sequence_first + place.made % place.sequence_count]
    slot = make_part(world, i, product)
    place.made += 1
    hold(world, i, slot)
    place.offer = slot
    announce(world, i)


@compilable
def has_room(world: World, i: int, part: int) -> bool:
    """Nothing comes into a source."""
    return False


@compilable
def blocked(world: World, i: int) -> None:
    """The part can't leave: wait with it."""
    enter_state(world, i, BLOCKED)


@compilable
def gave(world: World, i: int, part: int) -> None:
    """Begin the next interval when the part has left."""
    let_go(world, i)
    if world.place[i].down == 0:
        _await_next(world, i)


@compilable
def halt(world: World, i: int) -> None:
    """Stop making parts."""
    cancel(world, i, FINISH)


@compilable
def resume(world: World, i: int) -> None:
    """Begin a new interval, or offer the part that waits."""
    if world.place[i].count == 0:
        _await_next(world, i)
    else:
        announce(world, i)


def problems(params: Source, around: Surroundings) -> Iterator[Problem]:
    """The interval is possible, and the sequence names products of the plant."""
    where = f"{around.path} twin:intervalSpread"
    kind, mean, spread = params.interval_distribution, params.interval, params.interval_spread
    yield from time_problems(where, kind, mean, spread)
    for name in dict.fromkeys(params.sequence):
        if name not in around.names:
            where, rule = f"{around.path} twin:sequence", "must name products of the plant"
            yield Problem(where, rule, name, nearest(name, around.names))
