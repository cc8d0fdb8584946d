"""The order in which a robot welds its spots: the shortest round from rest and back.

Up to `EXACT` spots by dynamic programming over sets (Held and Karp, 1962); beyond that by local
search: stretches turned round (2-opt: Croes, 1958) or moved elsewhere (Or-opt: Or, 1976) until
nothing helps.
"""

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compiled

__all__ = ["EXACT", "exact_tour", "shorter_tour", "shortest_tour", "tour_length"]

Array = NDArray[np.float64]
Order = NDArray[np.int64]

EXACT = 10  # spots
LONGEST = 3  # spots that are moved together
LEAST = 1e-9  # gain [s]


def tour_length(times: Array, order: Order) -> float:
    """From 0 through the places of an order and back to 0; times has shape [n + 1, n + 1]."""
    way = np.concatenate([[0], order, [0]])
    return float(times[way[:-1], way[1:]].sum())


def shortest_tour(times: Array, start: Order) -> Order:
    """An order of the places 1 to n that is short from 0 and back.

    Args:
        times: between places, symmetric, shape [n + 1, n + 1] [s].
        start: an order to begin with, shape [n].
    """
    return exact_tour(times) if len(start) <= EXACT else shorter_tour(times, start)


def exact_tour(times: Array) -> Order:
    """The shortest order there is, for few places."""
    count = len(times) - 1
    if not count:
        return np.empty(0, np.int64)
    best = np.full((1 << count, count), np.inf)
    before = np.zeros((1 << count, count), np.int64)
    best[1 << np.arange(count), np.arange(count)] = times[0, 1:]
    for visited in range(1, 1 << count):
        for end in np.flatnonzero(~np.isfinite(best[visited]) & (visited >> np.arange(count) & 1)):
            ways = best[visited ^ (1 << int(end))] + times[1:, end + 1]
            before[visited, end] = int(np.argmin(ways))
            best[visited, end] = ways[before[visited, end]]
    visited = (1 << count) - 1
    order = [int(np.argmin(best[visited] + times[1:, 0]))]
    while len(order) < count:
        end = order[-1]
        order.append(int(before[visited, end]))
        visited ^= 1 << end
    return np.array(order[::-1], np.int64) + 1


def shorter_tour(times: Array, start: Order, *, interpreted: bool = False) -> Order:
    """An order that no turned or moved stretch makes shorter."""
    way = np.concatenate([[0], start, [0]]).astype(np.int64)
    kernel = improve if interpreted else compiled(improve)
    kernel(np.ascontiguousarray(times), way)
    return way[1:-1]


@compilable
def improve(times: Array, way: Order) -> None:
    """Shorten a way [n + 2] that begins and ends at 0, in place."""
    better = True
    while better:
        better = _turn_stretches(times, way)
        better = _move_stretches(times, way) or better


@compilable
def _turn_stretches(times: Array, way: Order) -> bool:
    better = False
    for i in range(1, len(way) - 2):
        for j in range(i + 1, len(way) - 1):
            before, first, last, after = way[i - 1], way[i], way[j], way[j + 1]
            gain = times[before, first] + times[last, after]
            gain -= times[before, last] + times[first, after]
            if gain > LEAST:
                _turn(way, i, j)
                better = True
    return better


@compilable
def _turn(way: Order, i: int, j: int) -> None:
    """Turn places i to j round."""
    while i < j:
        way[i], way[j] = way[j], way[i]
        i += 1
        j -= 1


@compilable
def _move_stretches(times: Array, way: Order) -> bool:
    better = False
    for size in range(1, LONGEST + 1):
        for i in range(1, len(way) - size):
            if _move_best(times, way, i, i + size - 1):
                better = True
    return better


@compilable
def _move_best(times: Array, way: Order, i: int, j: int) -> bool:
    """Move places i to j where it gains most, either way round; False where nothing gains."""
    first, last = way[i], way[j]
    freed = times[way[i - 1], first] + times[last, way[j + 1]] - times[way[i - 1], way[j + 1]]
    best, where, turned = LEAST, -1, False
    for k in range(len(way) - 1):
        if k < i - 1 or k > j:
            gain = freed + times[way[k], way[k + 1]]
            ahead = gain - times[way[k], first] - times[last, way[k + 1]]
            round_ = gain - times[way[k], last] - times[first, way[k + 1]]
            if ahead > best:
                best, where, turned = ahead, k, False
            if round_ > best:
                best, where, turned = round_, k, True
    if where < 0:
        return False
    if turned:
        _turn(way, i, j)
    if where > j:  # change places with what lies between
        _turn(way, i, j)
        _turn(way, j + 1, where)
        _turn(way, i, where)
    else:
        _turn(way, where + 1, i - 1)
        _turn(way, i, j)
        _turn(way, where + 1, j)
    return True
