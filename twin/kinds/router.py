"""Router: sends each part to one of several places, by a rule, in no time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from twin.core.agenda import announce, ask
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.exits import exit_link
from twin.core.failure import chance
from twin.core.parameters import Params, param
from twin.core.parts import hold, let_go
from twin.core.state import BLOCKED, STARVED, enter_state
from twin.core.world import NONE, World, widened
from twin.errors import Problem, nearest

__all__ = [
    "COLUMNS",
    "PARAMS",
    "RULES",
    "Router",
    "blocked",
    "gave",
    "halt",
    "load",
    "problems",
    "resolve",
    "resume",
    "take",
]

RULES = ("first", "share", "product", "shortest", "turn", "own")
FIRST, SHARE, PRODUCT, SHORTEST, TURN, OWN = range(6)
WHOLE = 1 << 53  # a share of 1; draws have 53 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Router(Params):
    """Chooses the exit of each part when it comes in, and holds it until it can leave there.

    The exits are the places of twin:next, numbered from 0.
    """

    rule: str = param(
        "first",
        choices=RULES,
        doc="first: the first exit with room, in the order of twin:next. share: at random by "
        "weights. product: the exit of the part's product. shortest: of the exits with room, the "
        "one whose place holds the fewest parts. turn: each exit in turn. own: a Python function.",
    )
    weights: tuple[float, ...] = param(
        (), ge=0, le=1e9, doc="For rule share: a weight per exit; shares of their sum."
    )
    products: tuple[str, ...] = param(
        (),
        doc="For rule product: names; products that are not named take the first exit with room.",
    )
    exits: tuple[int, ...] = param(
        (), ge=0, doc="For rule product: the number of the exit of each name in twin:products."
    )
    skip_full: bool = param(
        False,
        doc="For rule turn: pass over full exits, and if all are full, take the first that has "
        "room again; else a part waits for the exit whose turn it is.",
    )


PARAMS = Router
COLUMNS = [
    ("rule", "i8"),
    ("list_first", "i8"),
    ("list_count", "i8"),
    ("skips", "i8"),
    ("turn", "i8"),
]


def load(row: Any, params: Router) -> None:
    """Write the parameters into a place's row."""
    row.rule = RULES.index(params.rule)
    row.skips = params.skip_full
    row.capacity = 1


def resolve(row: Any, params: Router, directory: Directory) -> None:
    """Keep the limits between the shares, or the exits of the products."""
    row.list_count = len(directory.around.exits)
    if params.rule == "share":
        sums = np.cumsum(params.weights)
        row.list_first = directory.keep([round(each / sums[-1] * WHOLE) for each in sums])
    if params.rule == "product":
        for name, number in zip(params.products, params.exits, strict=True):
            directory.products[directory.product(name)].exit = number


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Choose the part's way, or let the rule outside choose it."""
    place = world.place[i]
    hold(world, i, part)
    if place.rule == OWN:
        ask(world, i)
        return
    place.offer = part
    if place.rule == SHARE:
        place.way = exit_link(world, i, _drawn(world, i))
    elif place.rule == PRODUCT:
        number = world.product[place.product + world.part[part].product].exit
        place.way = exit_link(world, i, number) if number >= 0 else NONE
    elif place.rule == SHORTEST:
        place.way = _shortest(world, i)
    elif place.rule == TURN:
        number = _next_in_turn(world, i)
        if number >= 0:
            place.way = exit_link(world, i, number)
            place.turn = (number + 1) % place.list_count


@compilable_apart
def _drawn(world: World, i: int) -> int:
    """The number of an exit, drawn by the shares."""
    place = world.place[i]
    share = int(chance(world, i) * WHOLE)
    number = 0
    while world.number[place.list_first + number] <= share:
        number += 1
    return number


@compilable_apart
def _is_open(world: World, link: int) -> bool:
    place = world.place[widened(world.link[link].taker)]
    return place.count < place.capacity and place.shut == 0


@compilable_apart
def _shortest(world: World, i: int) -> int:
    """The link to the emptiest place with room, the first of equals; NONE if all are full."""
    best = NONE
    fewest = 0
    link = widened(world.place[i].first_out)
    while link >= 0:
        count = world.place[widened(world.link[link].taker)].count
        if _is_open(world, link) and (best < 0 or count < fewest):
            best = link
            fewest = count
        link = world.link[link].next_out
    return best


@compilable_apart
def _next_in_turn(world: World, i: int) -> int:
    """The number of the exit whose turn it is; NONE if full ones are passed over and all are."""
    place = world.place[i]
    if place.skips == 0:
        return place.turn
    for step in range(place.list_count):
        number = (place.turn + step) % place.list_count
        if _is_open(world, exit_link(world, i, number)):
            return number
    return NONE


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The place at the chosen exit has no room."""
    enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """Become free for the next part."""
    let_go(world, i)
    world.place[i].way = NONE
    if world.place[i].down == 0:
        enter_state(world, i, STARVED)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Neither take nor give."""
    world.place[i].offer = NONE


@compilable_apart
def resume(world: World, i: int) -> None:
    """Offer the part that waits again."""
    place = world.place[i]
    enter_state(world, i, BLOCKED if place.count > 0 else STARVED)
    if place.count > 0:
        place.offer = place.first
    announce(world, i)


def problems(params: Router, around: Surroundings) -> Iterator[Problem]:
    """The lists fit the rule, the exits and the products."""
    count = len(around.exits)
    if params.rule == "share":
        yield from _weight_problems(params, around)
    elif params.weights:
        rule = "must be empty unless twin:rule is share"
        yield Problem(f"{around.path} twin:weights", rule, str(params.weights))
    if params.rule != "product" and (params.products or params.exits):
        rule = "must be empty unless twin:rule is product"
        yield Problem(f"{around.path} twin:products", rule, ", ".join(params.products))
    elif len(params.products) != len(params.exits):
        rule = f"must hold one number per name in twin:products, {len(params.products)}"
        yield Problem(f"{around.path} twin:exits", rule, str(len(params.exits)))
    for name in params.products:
        if name not in around.names:
            where, rule = f"{around.path} twin:products", "must name products of the plant"
            yield Problem(where, rule, name, nearest(name, around.names))
        elif params.products.count(name) > 1:
            yield Problem(f"{around.path} twin:products", "must name a product only once", name)
    for number in params.exits:
        if number >= count:
            where, rule = f"{around.path} twin:exits", f"must be below {count}, the number of exits"
            yield Problem(where, rule, str(number))


def _weight_problems(params: Router, around: Surroundings) -> Iterator[Problem]:
    where, count = f"{around.path} twin:weights", len(around.exits)
    if len(params.weights) != count:
        yield Problem(where, f"must be {count}, one per exit", str(len(params.weights)))
    elif sum(params.weights) <= 0:
        yield Problem(where, "must not all be 0", str(params.weights))
