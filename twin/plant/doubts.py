"""What is legal in a plant, but most likely not what its author meant: warnings with reasons.

They are told before a run, and stop nothing.
"""

from collections import Counter
from collections.abc import Iterator

from twin.errors import Problem
from twin.kinds.batch import Batch
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.pool import Pool
from twin.kinds.source import Source
from twin.plant.check import kind_of
from twin.plant.overload import never_taken, overloads
from twin.plant.plant import Place, Plant

__all__ = ["doubts"]

IDLE = ("buffer", "store", "warehouse", "router", "merge", "dock")  # never at work
WITH_ROBOTS = ("station", "assembler", "disassembler")  # that run their programs
LOST = 0.05  # share of a conveyor's length that holds no part


def doubts(plant: Plant) -> list[Problem]:
    """Everything in a sound plant that looks like a mistake, in the order of its places."""
    return [
        *_never_released(plant), *_idle_pools(plant), *_lost_lengths(plant), *overloads(plant),
        *never_taken(plant), *_never_failing(plant), *_idle_robots(plant),
        *_lots_without_end(plant),
    ]  # fmt: skip


def _never_released(plant: Plant) -> Iterator[Problem]:
    """Products that no source makes: nothing that is said of them ever matters."""
    sources = [place.params for place in plant.places if isinstance(place.params, Source)]
    if any(not (source.sequence or source.order_products) for source in sources):
        return
    made = {name for source in sources for name in (*source.sequence, *source.order_products)}
    looks = {getattr(place.params, "look", "") for place in plant.places}
    for product in plant.products:
        if product.name not in made | looks:
            where = product.path or product.name
            yield Problem(where, "is released by no source", way_out="name it in a twin:sequence")


def _idle_pools(plant: Plant) -> Iterator[Problem]:
    asked = {path for place in plant.places for path in _asked_of(place)}
    for place in plant.places:
        if isinstance(place.params, Pool) and place.path not in asked:
            yield Problem(place.path, "is asked by nobody", way_out="name it in twin:workers")


def _asked_of(place: Place) -> tuple[str, ...]:
    if isinstance(place.params, Failure):
        return place.params.crew
    return getattr(place.params, "workers", ())


def _lost_lengths(plant: Plant) -> Iterator[Problem]:
    """Conveyors a little too short for one more part."""
    for place in plant.places:
        belt = place.params
        if not isinstance(belt, Conveyor):
            continue
        length = belt.way
        lost = length % belt.spacing
        if belt.spacing - lost < LOST * belt.spacing and belt.spacing - lost > 1e-6:
            rule = f"holds {int(length / belt.spacing)} parts, and is just too short for one more"
            way_out = f"make it {length + belt.spacing - lost:g} m"
            yield Problem(f"{place.path} twin:length", rule, f"{length:g} m", way_out)


def _never_failing(plant: Plant) -> Iterator[Problem]:
    """Failures that count working time of a place that only holds parts or passes them on."""
    kinds = {place.path: kind_of(place.params) for place in plant.places}
    for place in plant.places:
        mode, above = place.params, kinds.get(place.path.rpartition("/")[0])
        if isinstance(mode, Failure) and mode.failure_clock == "operating" and above in IDLE:
            rule = f"never strikes: a {above} does no work that an operating clock could count"
            yield Problem(place.path, rule, way_out="make its twin:failureClock calendar")


def _idle_robots(plant: Plant) -> Iterator[Problem]:
    """Robots at places that never let them run."""
    for place in plant.places:
        kind = kind_of(place.params)
        if place.robots and kind not in WITH_ROBOTS:
            rule = f"never runs: no program runs at a {kind}"
            way_out = f"put it under a {', '.join(WITH_ROBOTS[:-1])} or {WITH_ROBOTS[-1]}"
            for robot in place.robots:
                yield Problem(robot.path, rule, way_out=way_out)


def _lots_without_end(plant: Plant) -> Iterator[Problem]:
    """Lots of one product that wait for a part behind one of another product."""
    givers = Counter(taker for _, taker in plant.links)
    for i, place in enumerate(plant.places):
        lot = place.params
        if not isinstance(lot, Batch) or len(plant.products) == 1 or givers[i] > 1:
            continue
        if lot.one_product and lot.patience == 0 and (lot.least or lot.lot) > 1:
            rule = "may wait for ever: behind one giver, a part of another product ends no lot"
            yield Problem(f"{place.path} twin:patience", rule, "0 s", "set a longest wait")
