"""What is legal in a plant, but most likely not what its author meant: warnings with reasons.

They are told before a run, and stop nothing.
"""

from collections.abc import Iterator

from twin.errors import Problem
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.pool import Pool
from twin.kinds.source import Source
from twin.plant.check import kind_of
from twin.plant.plant import Place, Plant

__all__ = ["doubts"]

IDLE = ("conveyor", "buffer", "store", "warehouse", "router", "merge", "dock")  # never at work
LOST = 0.05  # share of a conveyor's length that holds no part


def doubts(plant: Plant) -> list[Problem]:
    """Everything in a sound plant that looks like a mistake, in the order of its places."""
    return [
        *_never_released(plant), *_idle_pools(plant), *_lost_lengths(plant), *_too_slow(plant),
        *_never_failing(plant),
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
    """Failures that count working time of a place that only holds or moves parts."""
    kinds = {place.path: kind_of(place.params) for place in plant.places}
    for place in plant.places:
        mode, above = place.params, kinds.get(place.path.rpartition("/")[0])
        if isinstance(mode, Failure) and mode.failure_clock == "operating" and above in IDLE:
            rule = f"never strikes: a {above} does no work that an operating clock could count"
            yield Problem(place.path, rule, way_out="make its twin:failureClock calendar")


def _too_slow(plant: Plant) -> Iterator[Problem]:
    """Stations that every part must pass, and that need longer than the interval of its source.

    Where there are several sources, some are supplies that wait for whoever needs them.
    """
    if sum(isinstance(place.params, Source) for place in plant.places) > 1:
        return
    places = {place.path: place for place in plant.places}
    for place in plant.places:
        source = place.params
        if not isinstance(source, Source) or source.interval <= 0 or source.order_products:
            continue
        for station in _behind(place, places):
            cycle = _cycle(station)
            if cycle > source.interval:
                rule = f"is slower than {place.path} (every {source.interval:g} s)"
                way_out = "the line can't keep up with its source"
                yield Problem(station.path, rule, f"{cycle:g} s for a part", way_out)


def _behind(place: Place, places: dict[str, Place]) -> Iterator[Place]:
    """The places behind one, as long as there is no choice."""
    seen = {place.path}
    while len(place.next) == 1 and place.next[0] in places and place.next[0] not in seen:
        place = places[place.next[0]]
        seen.add(place.path)
        yield place


def _cycle(place: Place) -> float:
    """Time that a place needs for a part at least, without its robots [s]."""
    work = getattr(place.params, "process_time", 0.0) / getattr(place.params, "at_once", 1)
    return work + getattr(place.params, "transfer_time", 0.0) if work else 0.0
