"""Disassembler: takes parts off a base, such as doors off a body, or a body off its skid."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.exits import exit_link
from twin.core.failure import ITS_PART
from twin.core.form import lacking, put_in_form
from twin.core.heap import NEXT
from twin.core.parameters import param
from twin.core.parts import detach, hold, let_go, take_out
from twin.core.state import BLOCKED, STARVED, enter_state
from twin.core.work import (
    ARRIVING,
    EMPTY,
    WORK_COLUMNS,
    Work,
    bring_in,
    finish_work,
    halt_work,
    keep_work,
    load_work,
    resume_work,
    start_work,
    work_problems,
    work_with_operators,
)
from twin.core.worktime import product_problems
from twin.core.world import NONE, World
from twin.errors import Problem

__all__ = [
    "COLUMNS",
    "PARAMS",
    "Disassembler",
    "blocked",
    "gave",
    "granted",
    "halt",
    "load",
    "on_timer",
    "problems",
    "resolve",
    "resume",
    "take",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disassembler(Work):
    """Takes a base in and works on it; then the parts taken off leave, one by one, before the base.

    The exits are the places of twin:next, numbered from 0. The base leaves by exit 0. A part comes
    off when the one before has left; each keeps the serial number of its base as its origin.
    """

    components: tuple[str, ...] = param(
        (), doc="Names of the products that are taken off; empty is everything."
    )
    exits: tuple[int, ...] = param(
        (), ge=0, doc="The number of the exit for each component; empty: all leave by exit 1."
    )


PARAMS = Disassembler
COLUMNS = WORK_COLUMNS


def load(row: Any, params: Disassembler) -> None:
    """Write the parameters into a place's row."""
    load_work(row, params)
    row.finishes = ITS_PART


def resolve(row: Any, params: Disassembler, directory: Directory) -> None:
    """Note the exits of the products that are taken off."""
    keep_work(row, params, directory)
    components = params.components or directory.around.names
    exits = params.exits or [1] * len(components)
    for name, number in zip(components, exits, strict=True):
        directory.products[directory.product(name)].exit = number
    row.capacity = 1


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Bring the base in; work begins when it has arrived."""
    hold(world, i, part)
    if bring_in(world, i, part, link):
        start_work(world, i)


@compilable_apart
def granted(world: World, i: int, pool: int) -> None:
    """Operators are on their way."""
    work_with_operators(world, i)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """The base or its operators have come, or the work on it is done."""
    if timer == NEXT:
        if world.place[i].phase == ARRIVING:
            start_work(world, i)
        else:
            work_with_operators(world, i)
        return
    finish_work(world, i)
    _offer_next(world, i)
    announce(world, i)


@compilable_apart
def _offer_next(world: World, i: int) -> None:
    """Offer the next part that comes off, or at last the base."""
    place = world.place[i]
    place.capacity = 1
    place.offer = place.base_part
    place.way = exit_link(world, i, 0)
    slot = world.part[place.base_part].attached
    while slot >= 0:
        product = world.part[slot].product
        number = world.product[place.product + product].exit
        if number >= 0:
            place.capacity = 2
            place.offer = detach(world, i, place.base_part, product)
            place.way = exit_link(world, i, number)
            hold(world, i, place.offer)
            put_in_form(world, place.offer, place.component_form)
            return
        slot = world.part[slot].next


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The place at the exit has no room (blocking after service)."""
    enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """Go on with the next part, or become free for the next base."""
    place = world.place[i]
    if part != place.base_part:
        take_out(world, i, part)
        _offer_next(world, i)
        return
    let_go(world, i)
    place.way = NONE
    place.base_part = NONE
    place.phase = EMPTY
    if place.down == 0:
        enter_state(world, i, STARVED)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop arriving, or working, where it is; what is on offer stays on offer."""
    halt_work(world, i)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Go on where it stopped."""
    resume_work(world, i)


def problems(params: Disassembler, around: Surroundings) -> Iterator[Problem]:
    """The components are products of the plant, and their exits are there."""
    bases = tuple(name for name in around.names if name not in params.components)
    yield from work_problems(params, around, bases)
    yield from product_problems(f"{around.path} twin:components", params.components, around)
    taken = params.components or None
    yield from lacking("componentForm", params.component_form, around, taken)
    where, count = f"{around.path} twin:exits", len(around.exits)
    for name in params.components:
        if params.components.count(name) > 1:
            yield Problem(f"{around.path} twin:components", "must name a product only once", name)
    if len(params.exits) not in (0, len(params.components)):
        rule = f"must be empty or hold one per component, {len(params.components)}"
        yield Problem(where, rule, str(len(params.exits)))
    for number in params.exits or (1,):
        if number >= count:
            rule = f"must be below {count}, the number of places in twin:next"
            yield Problem(where, rule, str(number))
