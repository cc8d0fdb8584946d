"""How evenly parts come out of the plant, and how long they take through it and its machines.

The takt of a sink is the time from one part to the next. Its target is what the sources mean for
it, or the median where they mean none; adherence is the share of intervals that are off the target
by no more than a tolerance. Lead times run from the making of a part to its end; cycle times from
its coming into a machine to its leaving it: transfer, work, downtime and waiting to leave included.
"""

from dataclasses import dataclass

import numpy as np

from twin.journal import Journal
from twin.report.moves import Moves, moves_of
from twin.report.parts import NEVER, work_of
from twin.report.reason import takt_of
from twin.report.roles import Role, role_of
from twin.report.steps import Column, by_place, counted
from twin.units import TICKS_PER_SECOND, to_seconds

__all__ = ["QUANTILES", "TOLERANCE", "CycleTimes", "LeadTimes", "Spread", "Takt"]
__all__ += ["cycle_times_of", "lead_times_of", "spread_of", "takts_of"]

QUANTILES = (0.05, 0.5, 0.95, 0.99)
TOLERANCE = 0.1  # of the target, either way


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a time varies [s]; quantiles are values that occurred, at QUANTILES."""

    count: int
    mean: float
    quantiles: tuple[float, ...]
    longest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Takt:
    """The intervals between the parts that came into one sink."""

    place: int
    intervals: Spread
    target: float  # s
    planned: bool  # whether the sources mean the target; otherwise it is the median
    adherence: float  # share of the intervals within the tolerance of the target
    variation: float  # standard deviation over mean


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTimes:
    """Of one product."""

    product: int
    times: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleTimes:
    """Of one product in one machine."""

    place: int
    product: int
    times: Spread


def spread_of(ticks: Column) -> Spread:
    """How at least one time varies."""
    found = np.quantile(ticks, QUANTILES, method="inverted_cdf")
    return Spread(
        count=len(ticks),
        mean=to_seconds(int(ticks.sum())) / len(ticks),
        quantiles=tuple(to_seconds(int(each)) for each in found),
        longest=to_seconds(int(ticks.max())),
    )


def takts_of(journal: Journal, *, since: int = 0) -> tuple[Takt, ...]:
    """The takt of each sink into which at least two parts came, from a tick on."""
    moves = moves_of(journal)
    after = counted(moves.tick, since)
    sinks = [
        row for row in range(len(journal.plant.places)) if role_of(journal.plant, row) is Role.SINK
    ]
    came = {row: moves.tick[after & (moves.taker == row)] for row in sinks}
    return tuple(_takt(journal, row, np.diff(came[row])) for row in sinks if len(came[row]) > 1)


def _takt(journal: Journal, row: int, intervals: Column) -> Takt:
    planned = takt_of(journal.plant, row)
    spread = spread_of(intervals)
    target = spread.quantiles[QUANTILES.index(0.5)] if planned is None else planned
    off = np.abs(intervals - target * TICKS_PER_SECOND)
    return Takt(
        place=row,
        intervals=spread,
        target=target,
        planned=planned is not None,
        adherence=float((off <= TOLERANCE * target * TICKS_PER_SECOND).mean()),
        variation=float(intervals.std() / intervals.mean()) if intervals.any() else 0.0,
    )


def lead_times_of(journal: Journal, *, since: int = 0) -> tuple[LeadTimes, ...]:
    """Lead times of every product of which a part was finished, from a tick on."""
    parts = work_of(journal)
    done = (parts.finished != NEVER) & counted(parts.finished, since)
    product, lead = parts.product[done], (parts.finished - parts.created)[done]
    return tuple(
        LeadTimes(product=each, times=spread_of(lead[product == each]))
        for each in np.unique(product).tolist()
    )


def cycle_times_of(journal: Journal, *, since: int = 0) -> tuple[CycleTimes, ...]:
    """Cycle times of every machine and product, of the parts that left it from a tick on."""
    plant, parts = journal.plant, work_of(journal)
    product_of = np.zeros(int(parts.serial.max(initial=0)) + 1, np.int64)
    product_of[parts.serial] = parts.product
    place, part, ticks = _visits(journal, since, len(product_of))
    groups = place * len(plant.products) + product_of[part]
    order = by_place(groups)
    keys, starts = np.unique(groups[order], return_index=True)
    pieces = np.split(ticks[order], starts[1:])
    return tuple(
        CycleTimes(
            place=key // len(plant.products),
            product=key % len(plant.products),
            times=spread_of(piece),
        )
        for key, piece in zip(keys.tolist(), pieces, strict=False)
    )


def _visits(journal: Journal, since: int, width: int) -> tuple[Column, Column, Column]:
    """Place, part and ticks of every visit to a machine that ended from a tick on.

    A part that comes again makes another visit; its first coming goes with its first leaving.
    """
    plant = journal.plant
    machines = [row for row in range(len(plant.places)) if role_of(plant, row) is Role.MACHINE]
    moves = moves_of(journal)
    came, came_at = _by_visit(moves.taker, moves, machines, width)
    left, left_at = _by_visit(moves.giver, moves, machines, width)
    first = np.searchsorted(left, left)  # the visits of one part to one place stand together
    mine = np.searchsorted(came, left) + np.arange(len(left)) - first
    mine = np.minimum(mine, max(0, len(came) - 1))
    known = counted(left_at, since) & (came[mine] == left if len(came) else False)
    ticks = left_at[known] - came_at[mine[known]]
    return left[known] // width, left[known] % width, ticks


def _by_visit(
    place: Column, moves: Moves, machines: list[int], width: int
) -> tuple[Column, Column]:
    """Place and part of every move at machines as one number, rising, and its tick."""
    rows = np.flatnonzero(np.isin(place, machines))
    key = place[rows] * width + moves.part[rows]
    order = np.argsort(key, kind="stable")
    return key[order], moves.tick[rows[order]]
