"""Batch: works on a lot of parts together, as ovens, heat treatment and stamping racks do.

It takes parts in until the lot is complete, works on all of them, and gives them on one by one, in
the order in which they came; the next lot is collected when the last of them has left. A lot that
is not full starts when it has `least` parts and no more are offered in this tick, or when its first
part has waited long enough. Without that wait it is the general bulk service rule (Neuts, "A
general class of bulk queues with Poisson input", Annals of Mathematical Statistics 38, 1967).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.failure import ITS_WORK, begin_work, interrupt_work, work_done
from twin.core.form import Form, form_problems, put_in_form
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import hide
from twin.core.parameters import LONGEST, param
from twin.core.parts import hold, let_go
from twin.core.power import Power
from twin.core.reliability import Reliability, load_reliability, reliability_problems
from twin.core.state import BLOCKED, STARVED, WAITING_PART, WORKING, enter_state
from twin.core.worktime import (
    WORK_TIME_COLUMNS,
    WorkTime,
    draw_work,
    keep_work_time,
    load_work_time,
    work_time_problems,
)
from twin.core.world import World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["COLUMNS", "PARAMS", "Batch", "blocked", "gave", "halt", "has_room", "load"]
__all__ += ["on_timer", "problems", "resolve", "resume", "take"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Power, Form, Reliability, WorkTime):
    """Takes up to so many parts in, works on all at once, out of sight, and gives them one by one.

    The process time is for the whole lot. While parts of a lot leave, no others come in.
    """

    lot: int = param(ge=1, le=10_000, doc="Number of parts that are worked on together at most.")
    least: int = param(
        0, ge=0, le=10_000, doc="Number of parts with which work begins if no more come; 0: lot."
    )
    patience: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Longest wait of the first part, after which a lot starts as it is; 0: no end.",
        live=True,
    )
    one_product: bool = param(False, doc="Whether all parts of a lot must be of one product.")

    @property
    def at_once(self) -> int:
        """Number of parts that are worked on together."""
        return self.lot


PARAMS = Batch
COLUMNS: list[tuple[str, Any]] = [
    *WORK_TIME_COLUMNS,
    ("phase", "i1"),
    ("form", "i8"),
    ("least", "i8"),
    ("patience", "i8"),
    ("one_product", "i8"),
]

COLLECTING, AT_WORK, EMPTYING = range(3)  # phases


def load(row: Any, params: Batch) -> None:
    """Write the parameters into a place's row."""
    load_work_time(row, params)
    load_reliability(row, params)
    row.form = params.form
    row.capacity = params.lot
    row.least = params.least or params.lot
    row.patience = round(params.patience * TICKS_PER_SECOND)
    row.one_product = params.one_product


def resolve(row: Any, params: Batch, directory: Directory) -> None:
    """Keep the times by product."""
    keep_work_time(row, params, directory)


@compilable_apart
def has_room(world: World, i: int, part: int) -> bool:
    """Whether a lot is collected that the part may belong to."""
    place = world.place[i]
    if place.phase != COLLECTING:
        return False
    if place.one_product == 0 or place.count == 0:
        return True
    return world.part[part].product == world.part[place.first].product


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Put one more part to the lot."""
    hide(world, part)
    hold(world, i, part)
    place = world.place[i]
    if place.count == 1:
        enter_state(world, i, WAITING_PART)
    if place.count == 1 or place.count >= place.least:
        _await_start(world, i)


@compilable_apart
def _await_start(world: World, i: int) -> None:
    """Let the work begin last in this tick if there are enough parts, or when patience is over."""
    place = world.place[i]
    cancel(world, i, NEXT)
    now = world.clock[0].now
    if place.count >= place.least:
        schedule(world, i, NEXT, now)
    elif place.patience > 0:
        schedule(world, i, NEXT, max(now, world.part[place.first].entered + place.patience))


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """The work on the lot begins, or is done."""
    place = world.place[i]
    if timer == NEXT:
        place.phase = AT_WORK
        place.finishes = ITS_WORK
        enter_state(world, i, WORKING)
        begin_work(world, i, draw_work(world, i, place.first))
        return
    work_done(world, i)
    place.phase = EMPTYING
    place.finishes = 0
    place.offer = place.first
    _change_forms(world, i)
    announce(world, i)


@compilable_apart
def _change_forms(world: World, i: int) -> None:
    place = world.place[i]
    if place.form == 0:
        return
    slot = place.first
    for _ in range(place.count):
        put_in_form(world, slot, place.form)
        slot = world.part[slot].next


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The next part of the lot can't leave."""
    enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """Offer the next part of the lot, or collect another lot."""
    place = world.place[i]
    let_go(world, i)
    if place.count > 0:
        place.offer = place.first
        return
    place.phase = COLLECTING
    if place.down == 0:
        enter_state(world, i, STARVED)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop the work; parts that are done stay on offer."""
    cancel(world, i, NEXT)
    if world.place[i].phase == AT_WORK:
        interrupt_work(world, i)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Go on with the work, or with the collection: parts have waited all the time."""
    place = world.place[i]
    if place.phase == AT_WORK:
        enter_state(world, i, WORKING)
        begin_work(world, i, place.work_ticks)
        return
    if place.phase == EMPTYING:
        enter_state(world, i, BLOCKED)
    elif place.count > 0:
        enter_state(world, i, WAITING_PART)
        _await_start(world, i)
    else:
        enter_state(world, i, STARVED)
    announce(world, i)


def problems(params: Batch, around: Surroundings) -> Iterator[Problem]:
    """A lot has enough parts, and one process time."""
    yield from work_time_problems(params, around)
    yield from reliability_problems(params, around)
    yield from form_problems(params, around)
    if params.least > params.lot:
        rule = f"must be <= twin:lot ({params.lot})"
        yield Problem(f"{around.path} twin:least", rule, str(params.least))
    if params.products and not params.one_product:
        where, rule = f"{around.path} twin:products", "must be empty where a lot may be mixed"
        yield Problem(where, rule, ", ".join(params.products), "set twin:oneProduct")
