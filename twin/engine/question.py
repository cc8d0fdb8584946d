"""Rules outside the engine: plain Python functions that decide which way a part takes.

A router of rule "own" stops the engine and asks; the function sees the whole simulation, and
answers with the number of an exit. Its answers are recorded as commands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from twin.core.world import World
from twin.errors import CommandError, nearest
from twin.plant import Plant

__all__ = ["Question", "checked_rules", "question_of"]

Answer = TypeVar("Answer", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which way should this part take?"""

    path: str  # of the place that asks
    exits: tuple[str, ...]  # paths of the places that it can give to
    serial: int  # of the part
    product: str
    created: int  # tick at which the part was made
    reworks: int


def question_of(plant: Plant, world: World, row: int) -> Question:
    """What the place in a row asks."""
    place, part = plant.places[row], world.part[world.place[row].first]
    return Question(
        path=place.path,
        exits=place.next,
        serial=int(part.serial),
        product=plant.products[int(part.product)].name,
        created=int(part.created),
        reworks=int(part.reworks),
    )


def checked_rules(plant: Plant, rules: Mapping[str, Answer]) -> dict[str, Answer]:
    """The rules, if there is one for every place that asks and for no other.

    Raises:
        CommandError: there is not.
    """
    asking = [each.path for each in plant.places if getattr(each.params, "rule", "") == "own"]
    for path in asking:
        if path not in rules:
            raise CommandError(f"{path} has rule own; give Simulation rules={{{path!r}: FUNCTION}}")
    for path in rules:
        if path not in asking:
            raise CommandError(f"{path} asks no rule; {nearest(path, asking)}")
    return dict(rules)
