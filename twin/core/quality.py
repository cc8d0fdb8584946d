"""Whether finished work is good: bad parts go to rework, or leave the plant as scrap."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.failure import chance
from twin.core.parameters import Params, param, relation
from twin.core.world import NONE, World, widened
from twin.errors import Problem, nearest

__all__ = ["QUALITY_COLUMNS", "Quality", "keep_quality", "load_quality", "passes"]
__all__ += ["quality_problems"]

QUALITY_COLUMNS: list[tuple[str, Any]] = [
    ("defects", "f8"),
    ("good_exit", "i8"),  # number of the exit for good parts; NONE: any
    ("rework_exit", "i8"),  # number of the exit for bad parts, or NONE
    ("rework_limit", "i8"),
]


@dataclass(frozen=True, kw_only=True)
class Quality(Params):
    """The parameters of a station whose work may be bad."""

    defects: float = param(
        0.0, unit="share", ge=0, le=1, doc="Share of parts that are bad after the work.", live=True
    )
    rework: tuple[str, ...] = relation(
        most=1,
        doc="The place in twin:next to which bad parts go, and no good ones; none: they are scrap.",
    )
    rework_limit: int = param(
        0, ge=0, doc="How often a part may be sent to rework before it is scrap; 0: any number."
    )


def load_quality(row: Any, params: Quality) -> None:
    """Write the parameters into a place's row."""
    row.defects = params.defects
    row.rework_limit = params.rework_limit


def keep_quality(row: Any, params: Quality, directory: Directory) -> None:
    """Number the exits for good and for bad parts."""
    row.good_exit = row.rework_exit = NONE
    if params.rework:
        exits = directory.around.exits
        row.rework_exit = exits.index(params.rework[0])
        row.good_exit = next(n for n in range(len(exits)) if exits[n] != params.rework[0])


@compilable_apart
def passes(world: World, i: int, slot: int) -> bool:
    """Judge a part that place `i` has worked on and say by which way it leaves; False is scrap."""
    place = world.place[i]
    place.way = _link(world, i, place.good_exit)
    if place.defects <= 0.0:
        return True
    if chance(world, i) >= place.defects:
        return True
    part = world.part[slot]
    if place.rework_exit < 0 or 0 < place.rework_limit <= part.reworks:
        return False
    part.reworks += 1
    place.way = _link(world, i, place.rework_exit)
    return True


@compilable_apart
def _link(world: World, i: int, way_out: int) -> int:
    """The link of an exit of place `i`, or NONE."""
    if way_out < 0:
        return NONE
    link = widened(world.place[i].first_out)
    for _ in range(way_out):
        link = world.link[link].next_out
    return link


def quality_problems(params: Quality, around: Surroundings) -> Iterator[Problem]:
    """Rework is one of the exits, and good parts have another one."""
    for path in params.rework[:1]:
        others = [each for each in around.exits if each != path]
        if path not in around.exits:
            where, rule = f"{around.path} twin:rework", "must be one of the places in twin:next"
            yield Problem(where, rule, path, nearest(path, around.exits))
        elif len(others) != 1:
            where, rule = f"{around.path} twin:next", "must have one exit besides twin:rework"
            yield Problem(where, rule, str(len(others)), "put a router there to spread good parts")
    if params.rework_limit > 0 and not params.rework:
        where, rule = f"{around.path} twin:rework", "must be given where twin:reworkLimit is"
        yield Problem(where, rule, "nothing")
