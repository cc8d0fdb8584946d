"""Sample paths without events: when each part leaves, by recursion over parts and stations.

All times are integer ticks; part k comes before part k + 1. Missing terms are minus infinity, here
0, the start.
"""

import heapq
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "assembly",
    "batches",
    "blocking_line",
    "bulk_service",
    "conveyor",
    "lindley",
    "many_servers",
    "merged",
    "setups",
]

Ticks = NDArray[np.int64]


def blocking_line(
    times: Sequence[Sequence[int]] | Ticks,
    buffers: Sequence[int],
    arrivals: Sequence[int] | None = None,
    *,
    before: bool = False,
) -> Ticks:
    """When part k leaves station i, of a line with buffers[i] places after station i.

        begin[k, i] = max(left[k, i-1], left[k-1, i])
        left[k, i] = max(begin[k, i] + times[k, i], left[k-buffers[i]-1, i+1])

    That is blocking after service (Dallery and Gershwin, "Manufacturing flow line systems",
    Queueing Systems 12, 1992); `before` service, work waits until its part can leave, so the second
    term bounds the begin. Shapes: `times` and the answer [parts, stations]. Without `arrivals` the
    first station always has a part.
    """
    times = np.asarray(times, np.int64)
    parts, stations = times.shape
    left = np.zeros((parts, stations), np.int64)
    for k in range(parts):
        for i in range(stations):
            came = left[k, i - 1] if i else (arrivals[k] if arrivals is not None else 0)
            begin = max(came, left[k - 1, i] if k else 0)
            room = k - buffers[i] - 1 if i < stations - 1 else -1
            bound = left[room, i + 1] if room >= 0 else 0
            if before:
                left[k, i] = max(begin, bound) + times[k, i]
            else:
                left[k, i] = max(begin + times[k, i], bound)
    return left


def closed_line(
    times: Sequence[Sequence[int]], buffers: Sequence[int], held: Sequence[int]
) -> Ticks:
    """When each station of a ring is left for the k-th time; shape [visits, stations].

    `buffers[i]` places lie in front of station i, `held[i]` of them taken at the start. Blocking
    after service; with h held and b places in front of a station and of the next one (h', b'):

        begin[k, i] = max(left[k-h, i-1], left[k-1, i])
        left[k, i] = max(begin[k, i] + times[k, i], left[k+h'-b'-1, i+1])
    """
    visits, stations = np.shape(times)
    left = np.zeros((visits, stations), np.int64)
    start = next(i for i, count in enumerate(held) if count > 0)
    for k in range(visits):
        for i in (*range(start, stations), *range(start)):
            came = left[k - held[i], i - 1] if k >= held[i] else 0
            begin = max(came, left[k - 1, i] if k else 0)
            after = (i + 1) % stations
            room = k + held[after] - buffers[after] - 1
            bound = left[room, after] if room >= 0 else 0
            left[k, i] = max(begin + times[k][i], bound)
    return left


def lindley(arrivals: Sequence[int], services: Sequence[int]) -> list[int]:
    """When each part leaves one server with endless room (Lindley 1952)."""
    return many_servers(arrivals, services, 1)


def many_servers(arrivals: Sequence[int], services: Sequence[int], servers: int) -> list[int]:
    """When each part leaves a station of servers side by side, in the order of arrival.

    Each part goes to the server that is free first (Kiefer and Wolfowitz 1955). The answer is by
    part, and need not rise.
    """
    free = [0] * servers
    left: list[int] = []
    for arrived, service in zip(arrivals, services, strict=True):
        left.append(max(arrived, heapq.heappop(free)) + service)
        heapq.heappush(free, left[-1])
    return left


def assembly(
    feeds: Sequence[Sequence[int]], services: Sequence[int], *, each: bool = True
) -> Ticks:
    """When sets leave an assembler, and when it takes the parts; shape [sets, feeds + 1].

    `feeds[f][k]` is when the k-th part of feed f comes. It takes each part as soon as it comes and
    it is free of the set before, or, with `each` false, all at once; work begins with the last.
    The last column is when the set leaves, at once when work is done.
    """
    taken = np.zeros((len(services), len(feeds) + 1), np.int64)
    free = 0
    for k, service in enumerate(services):
        comes = [max(free, feed[k]) for feed in feeds]
        begin = max(comes)
        free = begin + service
        taken[k] = [*(comes if each else [begin] * len(feeds)), free]
    return taken


def merged(feeds: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """First come, first served: (tick, feed) of all parts; of two at one tick the lower feed's."""
    return sorted((tick, f) for f, feed in enumerate(feeds) for tick in feed)


def batches(arrivals: Sequence[int], size: int, services: Sequence[int]) -> list[int]:
    """When batches leave a server that begins when so many parts have come; the rest stay."""
    complete = [arrivals[k] for k in range(size - 1, len(arrivals), size)]
    return lindley(complete, services[: len(complete)])


def bulk_service(
    arrivals: Sequence[int],
    services: Sequence[int],
    least: int,
    lot: int,
    patience: int | None = None,
) -> list[tuple[int, int]]:
    """When each part leaves a server of lots, and in how large a lot.

    A lot starts when the server is free and `least` parts are there, or the first of them has
    waited so long since it came or the server became free; it takes all that are there, up to
    `lot`. Parts that start no lot are left out.
    """
    left: list[tuple[int, int]] = []
    free = 0
    for service in services:
        first = len(left)
        if first == len(arrivals):
            break
        entered = max(free, arrivals[first])
        ready = arrivals[first + least - 1] if first + least <= len(arrivals) else None
        start = max(free, ready) if ready is not None else None
        if patience is not None:
            start = entered + patience if start is None else min(start, entered + patience)
        if start is None:
            break
        size = sum(tick <= start for tick in arrivals[first : first + lot])
        free = start + service
        left += [(free, size)] * size
    return left


def conveyor(
    works: Sequence[int], services: Sequence[int], transit: int, headway: int, places: int
) -> Ticks:
    """A giver, an accumulating conveyor, and a server that takes from it: shape [parts, 3].

    `works[k]` is how long the giver needs for part k after part k - 1 has left it. Columns: when
    the part comes onto the conveyor, when it leaves it, when the server is done with it. A part
    comes a headway after the one before and only if so many places aren't all taken; it leaves
    after the transit, a headway after the one before, and when the server is free.
    """
    rows: list[tuple[int, int, int]] = []
    for k, (work, service) in enumerate(zip(works, services, strict=True)):
        on, off, done = rows[-1] if rows else (0, -headway, 0)
        entry = on + headway if rows else 0
        room = rows[k - places][1] if k >= places else 0
        came = max(on + work, entry, room)
        left = max(came + transit, off + headway, done)
        rows.append((came, left, left + service))
    return np.array(rows, np.int64)


def setups(
    products: Sequence[str], works: Sequence[int], setup: Mapping[tuple[str, str], int]
) -> list[int]:
    """When parts leave a saturated station that is set up for each change of product."""
    left: list[int] = []
    now = 0
    for k, (product, work) in enumerate(zip(products, works, strict=True)):
        change = (products[k - 1], product) if k else (product, product)
        now += setup.get(change, 0) + work
        left.append(now)
    return left


def on_shift(worked: Sequence[int], shifts: Sequence[tuple[int, int]], period: int) -> list[int]:
    """The first tick by which so much shift time has passed, for each of rising amounts.

    `shifts` are [begin, end) in each period, in order. Where a whole plant stops at the bell and
    goes on where it was, all its ticks without shifts become these: a change of time.
    """
    length = sum(end - begin for begin, end in shifts)
    ticks: list[int] = []
    for amount in worked:
        whole, rest = divmod(amount - 1, length)  # the last moment of work counts
        for begin, end in shifts:
            if rest < end - begin:
                ticks.append(whole * period + begin + rest + 1 if amount > 0 else 0)
                break
            rest -= end - begin
    return ticks
