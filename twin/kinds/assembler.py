"""Assembler: builds parts into a base, such as doors into a body, or a body onto a skid."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.failure import ITS_WORK
from twin.core.form import lacking, put_in_form
from twin.core.heap import NEXT
from twin.core.motion import come_over, hide, stay
from twin.core.parameters import param
from twin.core.parts import attach, hold, let_go
from twin.core.state import BLOCKED, STARVED, WAITING_PART, enter_state
from twin.core.work import (
    ARRIVING,
    EMPTY,
    RAMP_SHARE,
    WAITING,
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
from twin.errors import Problem, nearest

__all__ = [
    "COLUMNS",
    "PARAMS",
    "Assembler",
    "blocked",
    "gave",
    "granted",
    "halt",
    "has_room",
    "load",
    "on_timer",
    "problems",
    "resolve",
    "resume",
    "take",
    "wants",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembler(Work):
    """Takes a base and the components that it needs, works, and gives the base away with them.

    The base is brought in over the transfer time; process times by product, robot programs and the
    form after the work are the base's. Components come in no time, and are out of sight until they
    are built in. They come before the base only where all bases need the same and they are out of
    sight; else they wait in the places before, as all other parts do until the base has left.
    """

    components: tuple[str, ...] = param(doc="Names of the products that are built in.")
    counts: tuple[int, ...] = param(
        (), ge=1, le=10_000, doc="How many of each component; empty is one of each."
    )
    bases: tuple[str, ...] = param(
        (), doc="For each component the base that needs it; empty: every base needs all."
    )
    base_products: tuple[str, ...] = param(
        (), doc="Names of the products that are bases; empty: all that are no components."
    )
    match_own: bool = param(
        False, doc="Take only components that were taken off this very base before."
    )
    in_sight: bool = param(
        False,
        doc="Components stay in sight where they were given, and move in over the transfer time as "
        "work begins.",
    )


PARAMS = Assembler
COLUMNS = [
    *WORK_COLUMNS,
    ("product_count", "i8"),
    ("need_first", "i8"),  # per base and component: how many; then per base: how many in all
    ("ahead", "i8"),  # a base whose components may come before it, as all need the same, or NONE
    ("missing", "i8"),  # components that the base still needs
    ("matches", "i8"),
    ("in_sight", "i8"),
]


def load(row: Any, params: Assembler) -> None:
    """Write the parameters into a place's row."""
    load_work(row, params)
    row.matches = params.match_own
    row.in_sight = params.in_sight


def resolve(row: Any, params: Assembler, directory: Directory) -> None:
    """Keep the bill of materials; `exit` of a product is 0 if it is a base."""
    keep_work(row, params, directory)
    names = directory.around.names
    needs = bill_of_materials(params, names)
    totals = [sum(need) for need in needs.values()]
    bases = [names.index(name) for name in needs]
    rows = [needs.get(name, [0] * len(names)) for name in names]
    row.product_count = len(names)
    row.need_first = directory.keep([count for need in rows for count in need])
    directory.keep([sum(need) for need in rows])
    for number in bases:
        directory.products[number].exit = 0
    same = all(rows[number] == rows[bases[0]] for number in bases)
    ahead = same and not params.match_own and not params.in_sight
    row.ahead = bases[0] if ahead else NONE
    row.capacity = 1 + max(totals)


def bases_of(params: Assembler, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the products that are bases."""
    rest = tuple(name for name in names if name not in params.components)
    return params.base_products or rest


def bill_of_materials(params: Assembler, names: tuple[str, ...]) -> dict[str, list[int]]:
    """For each base how many it needs of each product of the plant."""
    needs = {base: [0] * len(names) for base in bases_of(params, names)}
    for k, component in enumerate(params.components):
        count = params.counts[k] if params.counts else 1
        for base in (params.bases[k],) if params.bases else needs:
            needs[base][names.index(component)] += count
    return needs


@compilable_apart
def has_room(world: World, i: int, part: int) -> bool:
    """Room for a base, or for a component that is still needed."""
    place = world.place[i]
    product = world.part[part].product
    if world.product[place.product + product].exit >= 0:
        return place.phase == EMPTY
    if place.phase not in (EMPTY, ARRIVING, WAITING):
        return False
    base = place.ahead
    if place.base_part >= 0:
        base = world.part[place.base_part].product
        if place.matches != 0 and world.part[part].origin != world.part[place.base_part].serial:
            return False
    return base >= 0 and _lacks(world, i, base, product) > 0


@compilable_apart
def _lacks(world: World, i: int, base: int, product: int) -> int:
    """How many of a product are not here yet that a base needs."""
    place = world.place[i]
    needed = world.number[place.need_first + base * place.product_count + product]
    return needed - world.product[place.product + product].stock


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Bring a base in, or lay a component ready."""
    place = world.place[i]
    hold(world, i, part)
    product = world.part[part].product
    if world.product[place.product + product].exit >= 0:
        place.missing = _missing(world, i, product)
        if bring_in(world, i, part, link):
            _wait_for_components(world, i)
    else:
        world.part[part].link = link
        if place.in_sight == 0:
            hide(world, part)
        world.product[place.product + product].stock += 1
        if place.base_part >= 0:
            place.missing -= 1
        if place.phase == WAITING:
            _wait_for_components(world, i)
    if place.phase in (ARRIVING, WAITING) or place.base_part < 0:
        announce(world, i)


@compilable_apart
def _move_in(world: World, i: int) -> None:
    """Let all components that are in sight be seen to come to the base."""
    place = world.place[i]
    ticks = place.transfer_time
    slot = place.first
    for _ in range(place.count):
        part = world.part[slot]
        if slot != place.base_part and part.track != NONE:
            come_over(world, slot, part.link, ticks, ticks * 1e-6 * RAMP_SHARE)
        slot = part.next


@compilable_apart
def _missing(world: World, i: int, base: int) -> int:
    place = world.place[i]
    missing = 0
    for product in range(place.product_count):
        missing += _lacks(world, i, base, product)
    return missing


@compilable_apart
def _wait_for_components(world: World, i: int) -> None:
    """The base is here: work begins when all else is too."""
    place = world.place[i]
    if place.missing > 0:
        place.phase = WAITING
        enter_state(world, i, WAITING_PART)
        return
    place.finishes = ITS_WORK
    place.capacity = place.count
    if place.in_sight != 0:
        _move_in(world, i)
    start_work(world, i)


@compilable_apart
def granted(world: World, i: int, pool: int) -> None:
    """Operators are on their way."""
    work_with_operators(world, i)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """The base or its operators have come, or it is on offer with all that is built in."""
    place = world.place[i]
    if timer == NEXT:
        if place.phase == ARRIVING:
            _wait_for_components(world, i)
        else:
            work_with_operators(world, i)
        return
    finish_work(world, i)
    place.finishes = 0
    _build_in(world, i)
    place.offer = place.base_part
    announce(world, i)


@compilable_apart
def _build_in(world: World, i: int) -> None:
    """Attach all components to the base, and show them there."""
    place = world.place[i]
    slot = place.first
    for _ in range(place.count):
        behind = world.part[slot].next
        if slot != place.base_part:
            world.product[place.product + world.part[slot].product].stock = 0
            attach(world, i, place.base_part, slot)
            put_in_form(world, slot, place.component_form)
        slot = behind
    place.first = place.base_part
    place.last = place.base_part
    world.part[place.base_part].next = NONE
    place.count = 1
    place.capacity = 1
    stay(world, place.base_part)


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The base can't leave (blocking after service)."""
    enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """Become free for the next base."""
    place = world.place[i]
    let_go(world, i)
    place.base_part = NONE
    place.phase = EMPTY
    place.capacity = 1 + _most(world, i)
    if place.down == 0:
        enter_state(world, i, STARVED)


@compilable_apart
def _most(world: World, i: int) -> int:
    """The most components that a base needs."""
    place = world.place[i]
    first = place.need_first + place.product_count * place.product_count
    most = 0
    for base in range(place.product_count):
        most = max(most, world.number[first + base])
    return most


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop arriving, or working, where it is; a base that is done stays on offer."""
    halt_work(world, i)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Go on where it stopped."""
    resume_work(world, i)


def wants(world: World, i: int) -> list[int]:
    """The bases that it waits for, or the components that its base still needs."""
    place = world.place[i]
    products = range(int(place.product_count))
    if place.phase == EMPTY:
        return [each for each in products if world.product[place.product + each].exit >= 0]
    if place.phase != WAITING:
        return []
    base = int(world.part[place.base_part].product)
    return [each for each in products if _lacks(world, i, base, each) > 0]


def problems(params: Assembler, around: Surroundings) -> Iterator[Problem]:
    """The lists fit one another and the products; nothing is base and component at once."""
    yield from work_problems(params, around, bases_of(params, around.names))
    count = len(params.components)
    if not count:
        yield Problem(f"{around.path} twin:components", "must name products", "nothing")
    for name in ("counts", "bases"):
        given = len(getattr(params, name))
        if given not in (0, count):
            rule = f"must be empty or hold one per component, {count}"
            yield Problem(f"{around.path} twin:{name}", rule, str(given))
    yield from product_problems(f"{around.path} twin:components", params.components, around)
    yield from lacking("componentForm", params.component_form, around, params.components)
    yield from _base_problems(params, around)


def _base_problems(params: Assembler, around: Surroundings) -> Iterator[Problem]:
    where = f"{around.path} twin:baseProducts"
    yield from product_problems(where, params.base_products, around)
    for name in params.base_products:
        if name in params.components:
            yield Problem(where, "must not name a component", name)
    bases = bases_of(params, around.names)
    if not bases:
        rule, value = "must leave a product that is a base", ", ".join(params.components)
        yield Problem(f"{around.path} twin:components", rule, value)
    for name in dict.fromkeys(params.bases):
        if name not in bases:
            rule = "must name products that are bases here"
            yield Problem(f"{around.path} twin:bases", rule, name, nearest(name, bases))
