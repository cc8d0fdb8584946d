"""Releases by a list: at given times, or by orders with a product, a quantity and a due date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.heap import FINISH, schedule
from twin.core.parameters import LONGEST, Params, param
from twin.core.worktime import length_problems, product_problems
from twin.core.world import LATER, NONE, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["DEADLINE", "NEXT_PRODUCT", "RELEASE_COLUMNS", "ReleaseList", "await_release"]
__all__ += ["fall_due", "keep_releases", "next_release", "release_problems"]

RELEASE_COLUMNS: list[tuple[str, Any]] = [
    ("releases_first", "i8"),  # numbers: tick, product or NONE, quantity and deadline of each
    ("releases_count", "i8"),
    ("releases_due", "i8"),  # how many have fallen due
    ("releasing", "i8"),  # the one whose parts are made
    ("released", "i8"),  # how many of its parts are made
    ("owed", "i8"),  # parts that are due but not made yet
    ("next_due", "i8"),  # tick, or ticks left of the takt while it is down; LATER for never
]
TICK, NEXT_PRODUCT, QUANTITY, DEADLINE = range(4)
WIDTH = 4


@dataclass(frozen=True, kw_only=True)
class ReleaseList(Params):
    """The parameters of a source that releases parts by a list."""

    times: tuple[float, ...] = param(
        (), unit="s", ge=0, le=LONGEST, doc="When each part falls due, rising; then no more."
    )
    orders: str = param(
        "", doc="CSV file of orders beside the scene: product, release [s], due [s], quantity."
    )
    order_products: tuple[str, ...] = param((), doc="Product of each order; the file's if any.")
    order_times: tuple[float, ...] = param(
        (), unit="s", ge=0, le=LONGEST, doc="When each order is released, rising."
    )
    order_deadlines: tuple[float, ...] = param(
        (), unit="s", ge=0, le=LONGEST, doc="When each order should be finished; 0: any time."
    )
    order_quantities: tuple[int, ...] = param(
        (), ge=1, le=1_000_000, doc="Number of parts of each order; empty: one each."
    )

    @property
    def is_listed(self) -> bool:
        """Whether a list says when parts fall due."""
        return bool(self.times or self.order_times)


def keep_releases(row: Any, params: ReleaseList, directory: Directory) -> None:
    """Keep the list."""
    count = len(params.order_times)
    rows = [(each, NONE, 1, 0.0) for each in params.times] or list(
        zip(
            params.order_times,
            [directory.product(name) for name in params.order_products],
            params.order_quantities or (1,) * count,
            params.order_deadlines or (0.0,) * count,
            strict=True,
        )
    )
    numbers: list[int] = []
    for time, product, quantity, deadline in rows:
        due = _ticks(deadline) if deadline > 0 else LATER
        numbers += [_ticks(time), product, quantity, due]
    row.releases_first, row.releases_count = directory.keep(numbers), len(rows)


def _ticks(seconds: float) -> int:
    return round(seconds * TICKS_PER_SECOND)


@compilable_apart
def await_release(world: World, i: int) -> None:
    """Let the place's FINISH go off when the next release of its list falls due, if any."""
    place = world.place[i]
    place.next_due = LATER
    if place.releases_due < place.releases_count:
        at = place.releases_first + WIDTH * place.releases_due
        place.next_due = world.number[at + TICK]
        schedule(world, i, FINISH, place.next_due)


@compilable_apart
def fall_due(world: World, i: int) -> None:
    """The next release of the list is due: its parts are owed."""
    place = world.place[i]
    place.owed += world.number[place.releases_first + WIDTH * place.releases_due + QUANTITY]
    place.releases_due += 1
    await_release(world, i)


@compilable_apart
def next_release(world: World, i: int) -> int:
    """The row in `numbers` of the release that the next part belongs to, which counts as made."""
    place = world.place[i]
    at = place.releases_first + WIDTH * place.releasing
    place.released += 1
    if place.released == world.number[at + QUANTITY]:
        place.releasing += 1
        place.released = 0
    return at


def release_problems(params: ReleaseList, around: Surroundings) -> Iterator[Problem]:
    """One list at most; it rises, names products of the plant, and leaves time for each order."""
    path = around.path
    count = len(params.order_times)
    if params.times and count:
        where, rule = f"{path} twin:times", "must be empty where there are orders"
        yield Problem(where, rule, f"{len(params.times)} times")
    if params.orders and not count:
        where, rule = f"{path} twin:orders", "must be read with a scene; else give twin:orderTimes"
        yield Problem(where, rule, params.orders)
    yield from _falls(f"{path} twin:times", params.times)
    yield from _falls(f"{path} twin:orderTimes", params.order_times)
    lists: dict[str, tuple[Any, ...]] = {
        "twin:orderProducts": params.order_products,
        "twin:orderDeadlines": params.order_deadlines or params.order_times,
        "twin:orderQuantities": params.order_quantities or params.order_times,
    }
    yield from length_problems(path, "twin:orderTimes", count, lists)
    yield from product_problems(f"{path} twin:orderProducts", params.order_products, around)
    for time, due in zip(params.order_times, params.order_deadlines, strict=False):
        if 0 < due < time:
            where, rule = f"{path} twin:orderDeadlines", "must not be before the release"
            yield Problem(where, f"{rule} ({time:g} s)", f"{due:g}")
            return


def _falls(where: str, times: Sequence[float]) -> Iterator[Problem]:
    """The first time that is before the one before it."""
    last = 0.0
    for number, time in enumerate(times):
        if time < last:
            rule = f"must rise: number {number + 1} must be >= {last:g} s"
            yield Problem(where, rule, f"{time:g}")
            return
        last = time
