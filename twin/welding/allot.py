"""Who welds which stretch: even loads, and no two robots of a station in each other's way.

Threshold accepting (Dueck and Scheuer, 1990): a stretch moves to another robot, or is welded in
another way, unless that makes the plan worse by more than a threshold, which falls to nothing. The
draws come from a counter and times are rounded, so the result is always the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compiled
from twin.core.draw import uniform
from twin.welding.stretches import Offer

__all__ = ["Slots", "allot"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

MOVES = 12000  # tried for each stretch
WORST = 0.55  # the threshold at first, of the penalty of a meeting
DIGITS = 6  # of times [s]
MEETING = 1500.0  # s2, as much as that of squares of times
ASIDE = 3.0  # s2 for a second around
USUAL = 2500.0  # s2, of a square
IDLE = 75.0  # s, as if it took that long: robots stand there to be used
HOME = 1.5  # s, to and from rest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slots:
    """What may be allotted: an option is an offer with a robot that makes it."""

    offer: Rows  # of each option, shape [p]
    robot: Rows  # of each option, shape [p]
    begin: Rows  # the first option of each stretch, and their number, shape [s + 1]
    station: Rows  # of each robot, shape [r]
    work: Array  # what each robot's station does besides [s], shape [r]
    time: Array  # of each offer [s], shape [o]
    around: Array  # of each offer [s], shape [o]
    turn: Array  # of each offer [rad], shape [o]
    seam: Rows  # of each stretch; those of a seam are in order, shape [s]

    @classmethod
    def build(
        cls,
        offers: Sequence[Offer],
        members: Sequence[Sequence[int]],
        stations: Sequence[str],
        work: Sequence[float],
        seams: Rows,
    ) -> "Slots":
        """Gather offers with the robots [members of their crew] that can make them."""
        rows = [
            (offer.stretch, number, robot)
            for number, offer in enumerate(offers)
            for robot in members[offer.crew]
        ]
        table = np.array(sorted(rows), np.int64).reshape(-1, 3)
        names = {name: k for k, name in enumerate(dict.fromkeys(stations))}
        return cls(
            offer=table[:, 1].copy(),
            robot=table[:, 2].copy(),
            begin=np.searchsorted(table[:, 0], np.arange(len(seams) + 1)).astype(np.int64),
            station=np.array([names[each] for each in stations], np.int64),
            work=np.array(work, np.float64),
            time=np.round([each.time for each in offers], DIGITS),
            around=np.round([each.around for each in offers], DIGITS),
            turn=np.array([each.turn for each in offers]),
            seam=seams,
        )


def allot(
    slots: Slots,
    meet: Rows,
    start: Rows | None = None,
    *,
    seed: int = 1,
    interpreted: bool = False,
) -> Rows:
    """The option of each stretch, -1 for those that have none, shape [s].

    Args:
        slots: what may be allotted.
        meet: how much offers, by robots of one station, are in each other's way, shape [o, o];
            one on the diagonal is in the way of the body.
        start: an allotment to begin with; it is changed a little only.
        seed: of the draws.
        interpreted: Run the kernel as plain Python.
    """
    count = len(slots.seam)
    free = slots.begin[:-1] == slots.begin[1:]
    worst = WORST if start is None else WORST / 4
    taken = np.where(free, -1, slots.begin[:-1] if start is None else start)
    kernel: Any = anneal if interpreted else compiled(anneal)
    best = taken.copy()
    kernel(
        slots.offer, slots.robot, slots.begin, slots.station, slots.work, slots.time,
        slots.around, slots.turn, slots.seam, meet, taken, best, np.zeros(len(slots.work)),
        np.uint64(seed), MOVES * count, worst * MEETING, MEETING,
    )  # fmt: skip
    return best if start is None else taken


@compilable
def anneal(
    offer: Any, robot: Any, begin: Any, station: Any, work: Any, time: Any, around: Any,
    turn: Any, seam: Any, meet: Any, taken: Any, best: Any, load: Any, seed: np.uint64,
    moves: int, worst: float, meeting: float,
) -> None:  # fmt: skip
    """Improve what is taken [s]; `best` is the best of all, `load` [r] is to work in."""
    count = len(taken)
    for r in range(len(load)):
        load[r] = _load(r, -1, -1, offer, robot, work, time, around, turn, seam, taken)
    change, least = 0.0, 0.0
    for move in range(moves):
        share = 1.0 - move / moves
        draw = uniform(seed, np.uint64(2 * move))
        s = min(int(draw * count), count - 1)
        old, width = taken[s], begin[s + 1] - begin[s]
        if width < 2:
            continue
        draw = uniform(seed, np.uint64(2 * move + 1))
        new = begin[s] + min(int(draw * width), width - 1)
        if new == old:
            continue
        gain = _meetings(s, old, offer, robot, station, meet, taken)
        gain -= _meetings(s, new, offer, robot, station, meet, taken)
        gain *= meeting
        gain += ASIDE * (around[offer[old]] - around[offer[new]])
        a, b = robot[old], robot[new]
        after = _load(a, s, new, offer, robot, work, time, around, turn, seam, taken)
        gain += _pain(load[a]) - _pain(after)
        other = after
        if a != b:
            other = _load(b, s, new, offer, robot, work, time, around, turn, seam, taken)
            gain += _pain(load[b]) - _pain(other)
        if gain < -worst * share * share * share:
            continue
        taken[s] = new
        load[a], load[b] = after, other
        change -= gain
        if change < least - 1e-9:
            least = change
            for k in range(count):
                best[k] = taken[k]


@compilable
def _pain(load: float) -> float:
    """The sixth power of a time, so that the longest count most."""
    square = load * load
    return square * square * square / (USUAL * USUAL)


@compilable
def _meetings(s: int, own: int, offer: Any, robot: Any, station: Any, meet: Any, taken: Any) -> int:
    """How much an option is in the way of stretches of other robots of the station."""
    found = meet[offer[own], offer[own]]  # of the body
    r = robot[own]
    for k in range(len(taken)):
        option = taken[k]
        if option >= 0 and k != s:
            other = robot[option]
            if other != r and station[other] == station[r]:
                found += meet[offer[own], offer[option]]
    return found


@compilable
def _load(
    r: int, s: int, new: int, offer: Any, robot: Any, work: Any, time: Any, around: Any,
    turn: Any, seam: Any, taken: Any,
) -> float:  # fmt: skip
    """The time of a robot's station with its stretches alone, if stretch s took option `new`."""
    total, begun = work[r], False
    before = -1  # the option of the stretch before, if it is the robot's
    for k in range(len(taken)):
        option = new if k == s else taken[k]
        if option >= 0 and robot[option] == r:
            row = offer[option]
            total += time[row]
            if before < 0 or seam[k] != seam[k - 1] or turn[offer[before]] != turn[row]:
                total += around[row]
            if not begun:
                total += HOME
                begun = True
            before = option
        else:
            before = -1
    return total if begun else IDLE
