"""How many parts reach each place at least, if every source keeps its rate: a bound, not a run.

Known are the interval of a source, the shares of a router by weights, by turns or by product, the
share of rework, and how many components a base needs. Where parts go to whichever exit has room,
all of them come at least to the place where those ways meet again; what each way has is not known,
and counted as nothing. So is what lists of orders bring, what several sources of the same component
each bring, and what comes off a base. Failures are left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from twin.core.parameters import Params
from twin.kinds.assembler import Assembler, bases_of, bill_of_materials
from twin.kinds.calendar import Calendar
from twin.kinds.disassembler import Disassembler
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant.plant import Place, Plant

__all__ = ["Stream", "apart", "free_ways", "open_exits", "open_share", "streams"]

LEAST = 1e-9  # a smaller share is not followed further
ROUNDS = 200  # of a part through a loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The parts of one product that one source brings."""

    source: str
    product: str
    rate: float  # parts/s over all time, at least
    shares: Mapping[str, float]  # how often a part comes to each place, by path, at least


def streams(plant: Plant) -> list[Stream]:
    """Every stream of the plant, with the rate that is wanted of it.

    Parts that end in a sink are wanted at the rate of their source; components at the rate at
    which their bases come, but not faster than their source makes them.
    """
    found: list[Stream] = []
    names = tuple(product.name for product in plant.products)
    for place in plant.places:
        if isinstance(place.params, Source):
            for product, rate in _made(place.params, names, open_share(plant, place)).items():
                shares = _shares(plant, place, product)
                found.append(Stream(source=place.path, product=product, rate=rate, shares=shares))
    return _with_needs(plant, found, names)


def open_share(plant: Plant, place: Place) -> float:
    """The share of all time in which a place is on shift."""
    for other in plant.places:
        if other.path == place.calendar and isinstance(other.params, Calendar):
            hours = other.params
            return sum(hours.ends) / hours.period - sum(hours.starts) / hours.period
    return 1.0


def _made(source: Source, names: tuple[str, ...], share: float) -> dict[str, float]:
    """Parts/s that a source makes, by product; infinity where it makes as many as wanted."""
    if source.is_listed:
        return dict.fromkeys(source.order_products or source.sequence or names, 0.0)
    sequence = source.sequence or names
    rate = share / source.interval if source.interval > 0 else float("inf")
    return {name: rate * sequence.count(name) / len(sequence) for name in sequence}


def _shares(plant: Plant, source: Place, product: str) -> dict[str, float]:
    """How often a part of a source comes to each place; it ends where it is built in."""
    places = {place.path: place for place in plant.places}
    names = tuple(each.name for each in plant.products)
    total: dict[str, float] = {}
    here = {source.path: 1.0}
    for _ in range(len(places) + ROUNDS):
        there: dict[str, float] = {}
        for path, share in here.items():
            total[path] = total.get(path, 0.0) + share
            if path not in places or _ends(places[path].params, product, names):
                continue
            ways = free_ways(places, path, product, names)
            if ways and (meet := _meeting(ways)):
                there[meet] = there.get(meet, 0.0) + share
            for number, part in open_exits(places[path], product):
                if part is not None and share * part > LEAST:
                    to = places[path].next[number]
                    there[to] = there.get(to, 0.0) + share * part
        here = there
        if not here:
            break
    return total


def free_ways(
    places: Mapping[str, Place], path: str, product: str, names: tuple[str, ...]
) -> list[list[str]]:
    """The ways on from a place where nobody knows which of several a part takes; else none.

    Each goes on as long as there is only one way, or to the place that the part ends in.
    """
    exits = list(open_exits(places[path], product))
    if len(exits) < 2 or any(share is not None for _, share in exits):
        return []
    return [_way(places, places[path].next[number], product, names) for number, _ in exits]


def _way(places: Mapping[str, Place], path: str, product: str, names: tuple[str, ...]) -> list[str]:
    way = [path]
    while path in places and not _ends(places[path].params, product, names):
        exits = list(open_exits(places[path], product))
        if len(exits) != 1 or exits[0][1] != 1.0:
            break
        path = places[path].next[exits[0][0]]
        if path in way:
            break
        way.append(path)
    return way


def _meeting(ways: list[list[str]]) -> str:
    """The first place that is on all ways, or nothing."""
    return next((path for path in ways[0] if all(path in way for way in ways)), "")


def apart(ways: list[list[str]]) -> list[list[str]]:
    """Ways up to where they meet again."""
    meet = _meeting(ways)
    return [way[: way.index(meet)] if meet else way for way in ways]


def _ends(params: Params, product: str, names: tuple[str, ...]) -> bool:
    if isinstance(params, Assembler):
        return product not in bases_of(params, names)
    return isinstance(params, Sink)


def open_exits(place: Place, product: str) -> Iterator[tuple[int, float | None]]:
    """The exits that parts of a product may take, with their shares; None where nobody knows."""
    params, count = place.params, len(place.next)
    shares: list[float | None] = [None] * count
    if isinstance(params, Router):
        shares = _routed(params, product, count)
    elif isinstance(params, Station) and params.rework:
        bad = place.next.index(params.rework[0])
        shares = [
            params.defects if number == bad else 1 - params.defects for number in range(count)
        ]
    elif isinstance(params, Disassembler):
        shares[0] = 1.0
    elif count == 1:
        bad_share = params.defects if isinstance(params, Station) else 0.0
        shares = [1 - bad_share]
    yield from ((number, share) for number, share in enumerate(shares) if share != 0)


def _routed(router: Router, product: str, count: int) -> list[float | None]:
    if count == 1:
        return [1.0]
    if router.rule == "share":
        return [weight / sum(router.weights) for weight in router.weights]
    if router.rule == "turn" and not router.skip_full:
        return [1 / count] * count
    if router.rule == "product" and product in router.products:
        own = router.exits[router.products.index(product)]
        return [1.0 if number == own else 0.0 for number in range(count)]
    return [None] * count


def _with_needs(plant: Plant, found: list[Stream], names: tuple[str, ...]) -> list[Stream]:
    """Give the streams of components the rates at which they are needed."""
    joins = [
        (place.path, bill_of_materials(place.params, names))
        for place in plant.places
        if isinstance(place.params, Assembler)
    ]
    built_in = {
        row: [
            path for path, needs in joins if stream.product not in needs and path in stream.shares
        ]
        for row, stream in enumerate(found)
    }
    rates = [0.0 if built_in[row] else stream.rate for row, stream in enumerate(found)]
    rates = [0.0 if rate == float("inf") else rate for rate in rates]
    needs_of = dict(joins)
    for _ in found:  # a component may be the base of another one
        for row, stream in enumerate(found):
            if len(built_in[row]) == 1:
                join = built_in[row][0]
                rated = list(zip(found, rates, strict=True))
                need = _need(join, needs_of[join], rated, names.index(stream.product))
                alone = sum(
                    each.product == stream.product and join in each.shares for each in found
                )
                need = need if alone == 1 else 0.0
                rates[row] = min(stream.rate, need / stream.shares[join])
    return [
        Stream(source=each.source, product=each.product, rate=rate, shares=each.shares)
        for each, rate in zip(found, rates, strict=True)
    ]


def _need(
    join: str,
    needs: Mapping[str, list[int]],
    rated: list[tuple[Stream, float]],
    product: int,
) -> float:
    """Components of a product that an assembler needs [parts/s]."""
    return sum(
        rate * stream.shares.get(join, 0.0) * needs[stream.product][product]
        for stream, rate in rated
        if stream.product in needs
    )
