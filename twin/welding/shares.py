"""Which robots weld which spots: shares by linear programming, then stretches of one long round.

Robots that stand alike at several stations form a crew. Spots are shared among crews so that the
slowest robot is as fast as can be, near spots before far ones: a linear programme whose solution
divides seams at a few places. Within a crew one long round through all spots is cut into stretches,
one for each robot, so that the longest takes as little time as can be (route first, cluster second:
Beasley, 1983).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, hstack

from twin.welding.sequence import Worker

__all__ = ["Crew", "share", "slices"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

NEARNESS = 0.01  # s of the slowest robot for a second of way, in all
ASIDE = 20.0  # s for a turn of the first joint by a radian
HOP = 0.4  # to the next spot, before it is known [s]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crew:
    """Robots that are alike: any of them can weld what one can."""

    worker: Worker
    members: tuple[int, ...]  # rows of the robots
    able: NDArray[np.bool_]  # which spots it can weld, shape [n]


def share(crews: tuple[Crew, ...], extra: Array) -> Rows:
    """The crew that welds each spot, shape [n]; -1 where none can.

    Args:
        crews: all crews of a line.
        extra: what each of a crew's robots takes besides its spots [s], shape [crew_count].
    """
    able = np.stack([crew.able for crew in crews])
    crew, spot = np.nonzero(able)
    wanted = np.flatnonzero(able.any(axis=0))
    found = np.full(able.shape[1], -1, np.int64)
    if not len(wanted):
        return found
    sizes = np.array([len(each.members) for each in crews], np.float64)
    time = crews[0].worker.spots.time + HOP
    way = np.stack([_effort(each) for each in crews])
    count, pairs = len(crews), len(crew)
    load = coo_array((time[spot] / sizes[crew], (crew, np.arange(pairs))), shape=(count, pairs))
    slowest = coo_array((-np.ones(count), (np.arange(count), np.zeros(count, np.int64))))
    once = coo_array(
        (np.ones(pairs), (np.searchsorted(wanted, spot), np.arange(pairs))),
        shape=(len(wanted), pairs + 1),
    )
    solved = linprog(
        np.append(NEARNESS * way[crew, spot], 1.0),
        A_ub=hstack([load, slowest]),
        b_ub=-extra,
        A_eq=once,
        b_eq=np.ones(len(wanted)),
        bounds=(0, None),
        method="highs-ds",
    )
    parts = np.zeros_like(way)
    parts[crew, spot] = solved.x[:pairs]
    found[wanted] = np.argmax(parts[:, wanted], axis=0)
    return found


def _effort(crew: Crew) -> Array:
    """What speaks against a crew's robot at each spot, shape [n] [s]: time, and turning aside.

    Turns count by their square, so that robots that stand side by side divide the body in order.
    """
    choices = crew.worker.choices
    aside = np.nan_to_num(choices.spot[:, 0, 0]) - crew.worker.welder.rest[0]
    return choices.cost[:, 0] + ASIDE * aside**2


def slices(worker: Worker, rows: Rows, weights: Array, count: int) -> list[Rows]:
    """Spots of a crew in the order in which its arms turn, cut into equal shares.

    Robots of a station stand side by side. If each welds the same share of its own part of the
    body, the arms are parallel and keep out of each other's way.

    Args:
        worker: one of the crew.
        rows: of the spots, shape [n].
        weights: how much work each of them is, shape [n].
        count: of shares.
    """
    aside = worker.choices.spot[rows, 0, 0]
    order = np.argsort(aside, kind="stable")
    done = np.cumsum(weights[order]) - weights[order] / 2
    share = np.minimum((count * done / weights.sum()).astype(np.int64), count - 1)
    return [np.sort(rows[order[share == number]]) for number in range(count)]
