"""Places that can't serve all that reaches them, and what fills up or stays empty for that."""

from collections.abc import Iterator

from twin.core.parameters import Params
from twin.errors import Problem
from twin.kinds.assembler import Assembler, bases_of
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.paced_line import PacedLine
from twin.kinds.shuttle import Shuttle
from twin.kinds.source import Source
from twin.kinds.store import Store
from twin.kinds.warehouse import Warehouse
from twin.plant.demand import Stream, apart, free_ways, open_exits, open_share, streams
from twin.plant.plant import Place, Plant

__all__ = ["never_taken", "overloads"]

SLACK = 1e-6  # share by which a place may be too slow for its parts


def overloads(plant: Plant) -> Iterator[Problem]:
    """Places slower than the parts that reach them for certain, and the buffers before them."""
    brought = streams(plant)
    slow: set[str] = set()
    for place in plant.places:
        found = _overload(plant, place, brought)
        if found:
            slow.add(place.path)
            yield found
    for place in plant.places:
        yield from _narrow(plant, place, brought)
    for place in plant.places:
        behind = place.next[0] if len(place.next) == 1 else ""
        if isinstance(place.params, Buffer | Store | Warehouse) and behind in slow:
            rule = f"fills up and stays full: {behind} is slower than the parts that come"
            yield Problem(place.path, rule, way_out="it decouples nothing")


def _overload(plant: Plant, place: Place, brought: list[Stream]) -> Problem | None:
    """Compare the parts that reach a place with the time that it needs for them."""
    if isinstance(place.params, Source):
        return None
    here = [each for each in brought if each.rate * each.shares.get(place.path, 0.0) > 0]
    if isinstance(place.params, Assembler):  # its work is on bases
        bases = bases_of(place.params, tuple(product.name for product in plant.products))
        here = [each for each in here if each.product in bases]
    rates = [each.rate * each.shares[place.path] / open_share(plant, place) for each in here]
    times = [_seconds(place.params, each.product) for each in here]
    busy = sum(rate * time for rate, time in zip(rates, times, strict=True))
    if busy <= 1 + SLACK:
        return None
    sources = list(dict.fromkeys(each.source for each in here))
    named = ", ".join(sources[:2]) + (" and others" if len(sources) > 2 else "")
    every = 1 / sum(rates)
    rule = f"is slower than its parts come, one every {every:g} s from {named}"
    way_out = "the line can't keep up with its source"
    return Problem(place.path, rule, f"{busy * every:g} s for a part", way_out)


def _narrow(plant: Plant, place: Place, brought: list[Stream]) -> Iterator[Problem]:
    """Compare the parts that a place gives to any exit with what all of them take together."""
    places = {each.path: each for each in plant.places}
    names = tuple(product.name for product in plant.products)
    here = [each for each in brought if each.rate * each.shares.get(place.path, 0.0) > 0]
    most: dict[int, float] = {}  # parts/s that each way takes of the product that suits it best
    for each in here:
        ways = free_ways(places, place.path, each.product, names)
        if not ways:
            return
        for number, way in enumerate(apart(ways)):
            known = [places[path] for path in way if path in places]
            times = [_seconds(at.params, each.product) / open_share(plant, at) for at in known]
            slowest = max(times, default=0.0)
            taken = 1 / slowest if slowest > 0 else float("inf")
            most[number] = max(most.get(number, 0.0), taken)
    wanted = sum(each.rate * each.shares[place.path] for each in here)
    taken = sum(most.values())
    if here and wanted > taken * (1 + SLACK):
        sources = ", ".join(list(dict.fromkeys(each.source for each in here))[:2])
        every = f"one every {1 / wanted:g} s"
        rule = f"gives to places that are slower together than its parts come, {every}"
        way_out = "the line can't keep up with its source"
        yield Problem(place.path, f"{rule} from {sources}", f"{1 / taken:g} s for a part", way_out)


def _seconds(params: Params, product: str) -> float:
    """Mean time that a place needs for a part at least, without its robots and set-ups [s]."""
    if isinstance(params, PacedLine):
        return params.length / params.stations / params.speed
    if isinstance(params, Conveyor):
        return params.spacing / params.speed
    if isinstance(params, Shuttle):
        return max(params.process_times, default=0.0) + params.index_time
    work = getattr(params, "process_time", 0.0)
    names = getattr(params, "products", ())
    times = getattr(params, "product_times", ())
    if times and product in names:
        work = times[names.index(product)]
    transfer = getattr(params, "transfer_time", 0.0)
    return (work + transfer) / getattr(params, "at_once", 1) if work else 0.0


def never_taken(plant: Plant) -> Iterator[Problem]:
    """Places behind exits that no part ever takes, such as rework where nothing is bad."""
    places = {place.path: place for place in plant.places}
    names = [product.name for product in plant.products]
    reached = {place.path for place in plant.places if isinstance(place.params, Source)}
    todo = list(reached)
    while todo:
        place = places[todo.pop()]
        for name in names:
            for number, _ in open_exits(place, name):
                if place.next[number] not in reached:
                    reached.add(place.next[number])
                    todo.append(place.next[number])
    for place in plant.places:
        givers = [path for path in places if place.path in places[path].next]
        if givers and place.path not in reached and set(givers) & reached:
            way_out = "see the weights, products or defects of the place before it"
            yield Problem(place.path, "is never reached by any part", way_out=way_out)
