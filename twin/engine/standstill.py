"""Standstill: nothing that is still to come can change anything, though parts are in the plant.

Bells and failures on all time change nothing by themselves: places go down, and come back to what
they were. While a place is down, or a gate is closed, somebody may start or open it.

A standstill is no deadlock where the plant has only done what it was asked for: a place that waits
for a product whose source has made its last part holds up all that wait for it, and nobody else is
to blame. All other places that wait, wait for one another.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from twin.core.compiled import compilable_apart
from twin.core.heap import BELL, FAIL, place_of, timer_of, version_of
from twin.core.state import WAITING_OPERATOR
from twin.core.world import World
from twin.engine.dispatch import KINDS
from twin.kinds.source import Source
from twin.plant import Plant, kind_of

__all__ = ["changes_nothing", "last_change", "stands_still", "waits_in_vain"]

CARRIED = ("dock", "vehicle", "fleet", "waypoint")  # vehicles come by themselves


@compilable_apart
def changes_nothing(world: World, k: int) -> bool:
    """Whether the pending event in row `k` is stale, a bell, or a failure on all time."""
    what = world.heap[k].what
    place = world.place[place_of(what)]
    timer = timer_of(what)
    if version_of(what) != place.version[timer] or timer == BELL:
        return True
    return timer == FAIL and place.operating_clock == 0


@compilable_apart
def stands_still(world: World) -> bool:
    """Whether parts are in the plant and nothing will ever move, for all that is pending.

    What has been judged once, `clock.judged`, is not judged again before something happens.
    """
    clock = world.clock[0]
    if clock.created == clock.finished + clock.scrapped or clock.asking >= 0:
        return False
    if clock.judged == clock.processed - clock.idle:
        return False
    for k in range(clock.pending):
        if not changes_nothing(world, k):
            return False
    for k in range(len(world.heap) // 2, len(world.heap)):
        if world.heap[k].what >= 0 and not changes_nothing(world, k):
            return False
    down = 0
    for i in range(len(world.place)):
        down |= world.place[i].down
    return down == 0


def last_change(world: World) -> int:
    """The tick at which something happened last."""
    held = world.part.entered[world.part.serial > 0]
    return int(max(world.place.since.max(), held.max(initial=0)))


def waits_in_vain(plant: Plant, world: World) -> dict[int, list[str]]:
    """In a plant that stands still, the places that wait for one another, and each for what.

    Empty if it has only run out of supplies. Whoever waits for products comes first.
    """
    wants = {i: _wanted(world, i) for i in range(len(plant.places))}
    needs = {i: list(_needs(plant, world, i, wants)) for i in wants}
    excused = [i for i in wants if _is_excused(plant, world, i, wants)]
    behind: dict[int, list[int]] = {}
    for i, others in needs.items():
        for j in others:
            behind.setdefault(j, []).append(i)
    seen = set(excused)
    while excused:
        for i in behind.get(excused.pop(), ()):
            if i not in seen:
                seen.add(i)
                excused.append(i)
    stuck = sorted((i for i in wants if i not in seen), key=lambda i: (not wants[i], i))
    return {i: _named(plant, world, i, wants) for i in stuck}


def _wanted(world: World, i: int) -> list[int]:
    """The products for any of which a place waits, by its own rule."""
    rule = getattr(KINDS[int(world.place.kind[i])], "wants", None)
    return rule(world, i) if rule else []


def _takers(world: World, i: int) -> Iterator[int]:
    """The places that the part on offer may go to."""
    place = world.place[i]
    link = int(place.way if place.way >= 0 else place.first_out)
    while link >= 0 and place.offer >= 0:
        yield int(world.link[link].taker)
        link = -1 if place.way >= 0 else int(world.link[link].next_out)


def _lenders(world: World, i: int) -> list[int]:
    """The places that have what a place waits for from a pool."""
    place: Any = world.place[i]
    if place.state != WAITING_OPERATOR or place.pool < 0:
        return []
    return np.flatnonzero((world.place.pool == place.pool) & (world.place.got > 0)).tolist()


def _needs(plant: Plant, world: World, i: int, wants: dict[int, list[int]]) -> Iterator[int]:
    """The places of which any one might end its wait, if it could move."""
    yield from _takers(world, i)
    yield from _lenders(world, i)
    for product in wants[i]:
        yield from _holders(plant, world, i, product)
        for j, place in enumerate(plant.places):
            if world.place.offer[j] >= 0 and _makes(plant, place.params, product):
                yield j


def _holders(plant: Plant, world: World, i: int, product: int) -> list[int]:
    """The places before place `i` that hold a product, but for those that build it in.

    A store that waits for a product may have it where it can't leave, behind another one.
    """
    name = plant.products[product].name
    holds = np.unique(world.part.place[(world.part.serial > 0) & (world.part.product == product)])
    seen = {i}
    frontier = [i]
    while frontier:
        link = int(world.place.first_in[frontier.pop()])
        while link >= 0:
            j = int(world.link[link].giver)
            if j not in seen and name not in getattr(plant.places[j].params, "components", ()):
                seen.add(j)
                frontier.append(j)
            link = int(world.link[link].next_in)
    if kind_of(plant.places[i].params) != "store":
        seen.remove(i)
    return [int(each) for each in holds if each in seen]


def _makes(plant: Plant, params: Any, product: int) -> bool:
    """Whether this is a source of a product."""
    if not isinstance(params, Source):
        return False
    names = (*params.sequence, *params.order_products)
    return not names or plant.products[product].name in names


def _is_excused(plant: Plant, world: World, i: int, wants: dict[int, list[int]]) -> bool:
    """Whether it waits for nobody, or for a source that has made its last part."""
    if kind_of(plant.places[i].params) in CARRIED:
        return True
    if wants[i]:
        return any(
            world.place.offer[j] < 0 and _makes(plant, place.params, product)
            for product in wants[i]
            if not _holders(plant, world, i, product)
            for j, place in enumerate(plant.places)
        )
    return world.place.offer[i] < 0 and not _lenders(world, i)


def _named(plant: Plant, world: World, i: int, wants: dict[int, list[int]]) -> list[str]:
    """What a place waits for: products, a pool, or places."""
    if wants[i]:
        return [plant.products[each].name for each in wants[i]]
    if world.place.offer[i] < 0:
        return [plant.places[int(world.place.pool[i])].path]
    return [plant.places[each].path for each in _takers(world, i)]
