"""Source: where parts come into the plant, in a sequenced mix or by a list of orders.

After the last part has left, the next one comes an interval later. In a takt, and by a list of
times or of orders, parts fall due whatever happens to those before; a part that is due and can't
come in yet is owed. A takt stands still while the source is down; the times of a list do not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.agenda import announce
from twin.core.compiled import compilable, compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.distribution import time_problems
from twin.core.failure import PROCESS, draw, duration
from twin.core.heap import FINISH, NEXT, cancel, schedule
from twin.core.parameters import LONGEST, param
from twin.core.parts import hold, let_go, make_part
from twin.core.release import (
    DEADLINE,
    NEXT_PRODUCT,
    RELEASE_COLUMNS,
    ReleaseList,
    await_release,
    fall_due,
    keep_releases,
    next_release,
    release_problems,
)
from twin.core.state import BLOCKED, STARVED, WORKING, enter_state
from twin.core.worktime import FORMULAS, product_problems
from twin.core.world import LATER, SHAPE, World
from twin.errors import Problem

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
class Source(ReleaseList):
    """Makes parts: the first at once, then one every interval, or as times or orders say."""

    takes: ClassVar[bool] = False

    interval: float = param(
        60.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Mean time from one part's leaving, or falling due in a takt, to the next one.",
        live=True,
    )
    interval_distribution: str = param(
        "constant", choices=FORMULAS, doc="How the interval varies around its mean."
    )
    interval_spread: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Half width of a uniform or triangular interval, standard deviation of others.",
        live=True,
    )
    release: str = param(
        "after",
        choices=("after", "takt"),
        doc="Whether the interval begins when a part has left, or runs on whatever happens to it.",
    )
    sequence: tuple[str, ...] = param(
        (), doc="Names of products in the order of release, repeated; empty: all in turn."
    )
    lot: int = param(1, ge=1, doc="Number of parts that each name of the sequence stands for.")
    limit: int = param(0, ge=0, doc="Number of parts to make; 0 is no limit.")


PARAMS = Source
COLUMNS: list[tuple[str, Any]] = [
    ("process", SHAPE),
    *RELEASE_COLUMNS,
    ("sequence_first", "i8"),
    ("sequence_count", "i8"),
    ("lot", "i8"),
    ("limit", "i8"),
    ("made", "i8"),
    ("sequence_at", "i8"),  # the name in the sequence whose turn it is
    ("made_of_lot", "i8"),  # parts made for it
    ("owes", "i8"),  # 1 if parts fall due whatever happens to those before
]


def load(row: Any, params: Source) -> None:
    """Write the parameters into a place's row."""
    row.process = duration(params.interval_distribution, params.interval, params.interval_spread)
    row.owes = params.release == "takt" or params.is_listed
    row.lot = params.lot
    row.limit = params.limit
    row.capacity = 1


def resolve(row: Any, params: Source, directory: Directory) -> None:
    """Keep the order of release."""
    order = [directory.product(name) for name in params.sequence or directory.around.names]
    row.sequence_first, row.sequence_count = directory.keep(order), len(order)
    keep_releases(row, params, directory)


@compilable
def start(world: World, i: int) -> None:
    """The first part comes at once, or when the list says."""
    enter_state(world, i, WORKING)
    if world.place[i].releases_count > 0:
        await_release(world, i)
    else:
        schedule(world, i, FINISH, world.clock[0].now)


@compilable
def _await_next(world: World, i: int) -> None:
    place = world.place[i]
    if place.limit > 0 and place.made >= place.limit:
        enter_state(world, i, STARVED)
    elif place.owes != 0:
        _pay(world, i)
    else:
        enter_state(world, i, WORKING)
        wait = draw(world, i, PROCESS, place.process)
        schedule(world, i, FINISH, world.clock[0].now + wait)


@compilable_apart
def _pay(world: World, i: int) -> None:
    """Let the next part that is owed be made at once, or wait until one falls due."""
    place = world.place[i]
    if place.owed > 0:
        schedule(world, i, NEXT, world.clock[0].now)  # one event makes one part
    else:
        enter_state(world, i, STARVED if place.next_due == LATER else WORKING)


@compilable
def on_timer(world: World, i: int, timer: int) -> None:
    """A part falls due, or one that is owed can come in."""
    if world.place[i].owes == 0:
        _make(world, i, _in_sequence(world, i))
        return
    if timer == FINISH:
        _owe(world, i)
    _make_owed(world, i)


@compilable_apart
def _owe(world: World, i: int) -> None:
    """Note what falls due now, and when the next one does."""
    place = world.place[i]
    if place.releases_count > 0:
        fall_due(world, i)
        return
    place.owed += 1
    place.next_due = LATER
    if place.limit == 0 or place.made + place.owed < place.limit:
        _await_beat(world, i, draw(world, i, PROCESS, place.process))


@compilable_apart
def _make_owed(world: World, i: int) -> None:
    """Make a part that is owed, unless one is still here."""
    place = world.place[i]
    over = 0 < place.limit <= place.made
    if place.owed == 0 or place.count > 0 or place.down != 0 or over:
        return
    place.owed -= 1
    if place.releases_count == 0:
        _make(world, i, _in_sequence(world, i))
        return
    at = next_release(world, i)
    product = world.number[at + NEXT_PRODUCT]
    if product < 0:
        product = _in_sequence(world, i)
    world.part[_make(world, i, product)].deadline = world.number[at + DEADLINE]


@compilable
def _await_beat(world: World, i: int, ticks: int) -> None:
    place = world.place[i]
    place.next_due = world.clock[0].now + ticks
    schedule(world, i, FINISH, place.next_due)


@compilable
def _in_sequence(world: World, i: int) -> int:
    """The product that is next in the sequence."""
    place = world.place[i]
    return world.number[place.sequence_first + place.sequence_at]


@compilable
def _make(world: World, i: int, product: int) -> int:
    """Make a part and offer it; returns it."""
    place = world.place[i]
    slot = make_part(world, i, product)
    place.made += 1
    place.made_of_lot += 1
    if place.made_of_lot >= place.lot:
        place.made_of_lot = 0
        place.sequence_at += 1
        if place.sequence_at == place.sequence_count:
            place.sequence_at = 0
    hold(world, i, slot)
    place.offer = slot
    announce(world, i)
    return slot


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
    """Begin the next interval when the part has left, or make one that is owed."""
    let_go(world, i)
    if world.place[i].down == 0:
        _await_next(world, i)


@compilable
def halt(world: World, i: int) -> None:
    """Stop making parts; a takt stands still, and a list goes on."""
    place = world.place[i]
    if place.releases_count == 0:
        cancel(world, i, FINISH)
        if place.owes != 0 and place.next_due != LATER:
            place.next_due -= world.clock[0].now


@compilable
def resume(world: World, i: int) -> None:
    """Go on with the takt, begin a new interval, or offer the part that waits."""
    place = world.place[i]
    if place.owes != 0 and place.releases_count == 0 and place.next_due != LATER:
        _await_beat(world, i, place.next_due)
    if place.count == 0:
        _await_next(world, i)
    else:
        announce(world, i)


def problems(params: Source, around: Surroundings) -> Iterator[Problem]:
    """The interval is possible, lists rise, and products are those of the plant."""
    where = f"{around.path} twin:intervalSpread"
    kind, mean, spread = params.interval_distribution, params.interval, params.interval_spread
    yield from time_problems(where, kind, mean, spread)
    if params.release == "takt" and mean <= 0:
        yield Problem(f"{around.path} twin:interval", "must be > 0 s in a takt", f"{mean:g}")
    yield from product_problems(f"{around.path} twin:sequence", params.sequence, around)
    yield from release_problems(params, around)
