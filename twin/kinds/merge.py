"""Merge: brings the parts of several places into one stream, by a rule, in no time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.parameters import Params, param, relation
from twin.core.parts import hold, let_go
from twin.core.state import BLOCKED, STARVED, enter_state
from twin.core.world import NONE, World, widened
from twin.errors import Problem, nearest

__all__ = [
    "COLUMNS",
    "PARAMS",
    "RULES",
    "Merge",
    "blocked",
    "gave",
    "halt",
    "has_room",
    "load",
    "pick",
    "problems",
    "resolve",
    "resume",
    "take",
    "wants",
]

RULES = ("first", "longest", "turn", "sequence")
FIRST, LONGEST, TURN, SEQUENCE = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Params):
    """Takes one part at a time from the places that give to it, and passes it on.

    Only a choice between parts that wait follows the rule: where none waits, the next one to come
    passes.
    """

    rule: str = param(
        "first",
        choices=RULES,
        doc="Whose part passes of those that wait. first: of the first in order. longest: the part "
        "that came first into the place where it waits. turn: of the next in order after the last "
        "one. sequence: the next product of twin:sequence, and no other.",
    )
    order: tuple[str, ...] = relation(
        doc="The places that give to it, most important first; those left out come last, in the "
        "order of the plant."
    )
    sequence: tuple[str, ...] = param(
        (), doc="For rule sequence: names of products in the order in which they pass, repeated."
    )


PARAMS = Merge
COLUMNS = [
    ("rule", "i8"),
    ("rank_first", "i8"),  # per link in, in the order of the plant, its place in the order
    ("rank_count", "i8"),
    ("turn", "i8"),  # place in the order of the last one
    ("list_first", "i8"),
    ("list_count", "i8"),
    ("list_done", "i8"),
]


def load(row: Any, params: Merge) -> None:
    """Write the parameters into a place's row."""
    row.rule = RULES.index(params.rule)
    row.capacity = 1


def resolve(row: Any, params: Merge, directory: Directory) -> None:
    """Keep the ranks of those that give, and the sequence of products."""
    entries = directory.around.entries
    rest = [path for path in entries if path not in params.order]
    order = [*params.order, *rest]
    row.rank_first = directory.keep([order.index(path) for path in entries])
    row.rank_count = len(entries)
    row.turn = len(entries) - 1
    row.list_first = directory.keep([directory.product(name) for name in params.sequence])
    row.list_count = len(params.sequence)


@compilable_apart
def has_room(world: World, i: int, part: int) -> bool:
    """By a sequence, only the next product passes."""
    place = world.place[i]
    if place.rule != SEQUENCE:
        return True
    wanted = world.number[place.list_first + place.list_done % place.list_count]
    return world.part[part].product == wanted


@compilable_apart
def pick(world: World, i: int) -> int:
    """The link from whoever comes first by the rule, of those that wait."""
    place = world.place[i]
    if place.count > 0 or place.shut != 0:
        return NONE
    best = NONE
    least = 0
    number = 0
    link = widened(place.first_in)
    while link >= 0:
        giver = world.place[widened(world.link[link].giver)]
        part = giver.offer
        waits = part >= 0 and (giver.way < 0 or giver.way == link)
        if waits and has_room(world, i, part):
            value = _order(world, i, part, number)
            if best < 0 or value < least:
                best = link
                least = value
        number += 1
        link = world.link[link].next_in
    return best


@compilable_apart
def _order(world: World, i: int, part: int, number: int) -> int:
    """What decides about a part that waits at an entry; the least value passes."""
    place = world.place[i]
    rank = world.number[place.rank_first + number]
    if place.rule == LONGEST:
        return world.part[part].entered * place.rank_count + rank
    if place.rule == TURN:
        return (rank - place.turn - 1) % place.rank_count
    return rank


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Offer the part at once."""
    place = world.place[i]
    hold(world, i, part)
    place.offer = part
    place.list_done += 1
    number = 0
    other = widened(place.first_in)
    while other != link:
        number += 1
        other = world.link[other].next_in
    place.turn = world.number[place.rank_first + number]


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The next place has no room."""
    enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """Become free for the next part."""
    let_go(world, i)
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


def wants(world: World, i: int) -> list[int]:
    """By a sequence, the next product."""
    place = world.place[i]
    if place.rule != SEQUENCE or place.count > 0:
        return []
    return [int(world.number[place.list_first + place.list_done % place.list_count])]


def problems(params: Merge, around: Surroundings) -> Iterator[Problem]:
    """The order names places that give to it, the sequence products, each where it is needed."""
    for path in params.order:
        where = f"{around.path} twin:order"
        if path not in around.entries:
            rule = "must name places that give to it"
            yield Problem(where, rule, path, nearest(path, around.entries))
        elif params.order.count(path) > 1:
            yield Problem(where, "must name a place only once", path)
    where = f"{around.path} twin:sequence"
    if params.rule == "sequence" and not params.sequence:
        yield Problem(where, "must name products where twin:rule is sequence", "nothing")
    elif params.rule != "sequence" and params.sequence:
        rule = "must be empty unless twin:rule is sequence"
        yield Problem(where, rule, ", ".join(params.sequence))
    for name in dict.fromkeys(params.sequence):
        if name not in around.names:
            rule = "must name products of the plant"
            yield Problem(where, rule, name, nearest(name, around.names))
