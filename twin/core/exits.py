"""Exits: the links over which the parts of a place leave, numbered in the order of twin:next."""

from twin.core.compiled import compilable_apart
from twin.core.world import World, widened

__all__ = ["exit_link"]


@compilable_apart
def exit_link(world: World, i: int, number: int) -> int:
    """The link of an exit of place `i`; the first exit is number 0."""
    link = widened(world.place[i].first_out)
    for _ in range(number):
        link = world.link[link].next_out
    return link
