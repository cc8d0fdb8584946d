"""How long work takes: for all products alike, by product, or as it was measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.distribution import time_problems
from twin.core.draw import DISTRIBUTIONS, EMPIRICAL
from twin.core.failure import PROCESS, draw, duration
from twin.core.parameters import LONGEST, Params, param
from twin.core.world import NONE, SHAPE, World
from twin.errors import Problem, nearest
from twin.units import TICKS_PER_SECOND

__all__ = ["FORMULAS", "WORK_TIME_COLUMNS", "WorkTime", "draw_work", "keep_work_time"]
__all__ += ["length_problems", "load_work_time", "product_problems", "work_time_problems"]

FORMULAS = tuple(name for name in DISTRIBUTIONS if name != "empirical")  # given by mean and spread

WORK_TIME_COLUMNS: list[tuple[str, Any]] = [
    ("process", SHAPE),
    ("by_product", "i8"),  # 1 if some products have times of their own
]


@dataclass(frozen=True, kw_only=True)
class WorkTime(Params):
    """The parameters of a place that works on parts."""

    process_time: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Mean time of work on a part, besides robots' programs.",
        live=True,
    )
    process_distribution: str = param(
        "constant", choices=DISTRIBUTIONS, doc="How the process time varies around its mean."
    )
    process_spread: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="Half width of a uniform or triangular process time, standard deviation of others.",
        live=True,
    )
    process_mode: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Most likely triangular process time; 0 is the mean."
    )
    process_samples: tuple[float, ...] = param(
        (), unit="s", ge=0, le=LONGEST, doc="Measured times, of which empirical ones are drawn."
    )
    products: tuple[str, ...] = param((), doc="Names of products with process times of their own.")
    product_times: tuple[float, ...] = param(
        (), unit="s", ge=0, le=LONGEST, doc="Mean process time of each of the products."
    )
    product_distributions: tuple[str, ...] = param(
        (), doc="How the time of each of the products varies; empty: as that of all."
    )
    product_spreads: tuple[float, ...] = param(
        (), unit="s", ge=0, le=LONGEST, doc="Spread of the time of each of the products; empty: 0."
    )

    @property
    def at_once(self) -> int:
        """Number of parts that are worked on together."""
        return 1


def load_work_time(row: Any, params: WorkTime) -> None:
    """Write the parameters into a place's row."""
    row.by_product = bool(params.products)
    if params.process_distribution != "empirical":
        row.process = duration(
            params.process_distribution,
            params.process_time,
            params.process_spread,
            params.process_mode,
        )


def keep_work_time(row: Any, params: WorkTime, directory: Directory) -> None:
    """Keep measured times, rising, and the times of the products."""
    if params.process_distribution == "empirical":
        ticks = sorted(round(each * TICKS_PER_SECOND) for each in params.process_samples)
        row.process = (EMPIRICAL, directory.keep(ticks), len(ticks), 0.0)
    if params.products:
        directory.products["process"]["distribution"] = NONE
    for name, kind, mean, spread in _times(params):
        directory.products[directory.product(name)].process = duration(kind, mean, spread)


def _times(params: WorkTime) -> list[tuple[str, str, float, float]]:
    """Product, distribution, mean and spread of each product's own time."""
    count = len(params.products)
    kinds = params.product_distributions or (params.process_distribution,) * count
    spreads = params.product_spreads or (0.0,) * count
    return list(zip(params.products, kinds, params.product_times, spreads, strict=True))


@compilable_apart
def draw_work(world: World, i: int, slot: int) -> int:
    """Draw the time of work on a part at place `i` [ticks]."""
    place = world.place[i]
    if place.by_product != 0:
        own = world.product[place.product + world.part[slot].product].process
        if own.distribution >= 0:
            return draw(world, i, PROCESS, own)
    return draw(world, i, PROCESS, place.process)


def work_time_problems(params: WorkTime, around: Surroundings) -> Iterator[Problem]:
    """Times are possible, and lists go together."""
    kind, where = params.process_distribution, around.path
    yield from time_problems(
        f"{where} twin:processSpread",
        kind,
        params.process_time,
        params.process_spread,
        params.process_mode,
    )
    if kind == "empirical" and not params.process_samples:
        yield Problem(f"{where} twin:processSamples", "must list measured times", "none")
    if kind != "empirical" and params.process_samples:
        rule = "must be empirical where twin:processSamples is given"
        yield Problem(f"{where} twin:processDistribution", rule, kind)
    yield from product_problems(f"{where} twin:products", params.products, around)
    lists = {
        "twin:productTimes": params.product_times,
        "twin:productDistributions": params.product_distributions or params.products,
        "twin:productSpreads": params.product_spreads or params.products,
    }
    unequal = list(length_problems(where, "twin:products", len(params.products), lists))
    yield from unequal
    if not unequal:
        yield from _product_time_problems(params, where)


def _product_time_problems(params: WorkTime, where: str) -> Iterator[Problem]:
    names = params.products
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield Problem(f"{where} twin:products", "must name each product once", name)
    for name, kind, mean, spread in _times(params):
        if kind not in FORMULAS:
            rule = f"must be one of {', '.join(FORMULAS)} for {name}"
            attribute = f"{where} twin:productDistributions"
            yield Problem(attribute, rule, kind, nearest(kind, FORMULAS))
        else:
            yield from time_problems(f"{where} twin:productSpreads", kind, mean, spread)


def product_problems(where: str, names: tuple[str, ...], around: Surroundings) -> Iterator[Problem]:
    """Names that no product of the plant has."""
    for name in dict.fromkeys(names):
        if name not in around.names:
            rule = "must name products of the plant"
            yield Problem(where, rule, name, nearest(name, around.names))


def length_problems(
    path: str, first: str, count: int, lists: dict[str, tuple[Any, ...]]
) -> Iterator[Problem]:
    """Lists that do not have one entry for each of the first one's."""
    for name, values in lists.items():
        if len(values) != count:
            rule = f"must have one entry for each of the {count} in {first}"
            yield Problem(f"{path} {name}", rule, str(len(values)))
