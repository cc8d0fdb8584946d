"""Which robot of a crew takes which round: so that neighbours at a station seldom meet.

Rounds begin in any order and change places within their crews as long as that helps.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.welding.clash import clashes
from twin.welding.interlock import Fitter
from twin.welding.line import Welder

__all__ = ["matched", "meeting", "swapped"]

Array = NDArray[np.float64]

LEAST = 1e-9
SWAPS = 24  # at most
GAIN = 0.2  # s, least of a swap


def matched(
    poses: Sequence[Array | None],
    crews: Sequence[Sequence[int]],
    stations: Sequence[str],
    apart: float,
) -> list[int]:
    """The round that each robot takes, by the number of the robot that it was made for.

    Args:
        poses: placed hulls at the spots of each round, see `twin.welding.clash.Hull.placed`.
        crews: robots that can take one another's rounds.
        stations: of the robots.
        apart: how far robots keep from one another [m].
    """
    taken = np.arange(len(poses))
    beside = [
        [k for k, each in enumerate(stations) if each == station and k != row]
        for row, station in enumerate(stations)
    ]
    known: dict[tuple[int, int], float] = {}

    def cost(robot: int, number: int) -> float:
        total = 0.0
        for other in beside[robot]:
            pair = (min(number, int(taken[other])), max(number, int(taken[other])))
            if pair not in known:
                known[pair] = meeting(poses[pair[0]], poses[pair[1]], apart)
            total += known[pair]
        return total

    better = True
    while better:
        better = False
        for crew in crews:
            for place, one in enumerate(crew):
                for two in crew[place + 1 :]:
                    a, b = int(taken[one]), int(taken[two])
                    gain = cost(one, a) + cost(two, b) - cost(one, b) - cost(two, a)
                    if gain > LEAST and stations[one] != stations[two]:
                        taken[one], taken[two] = b, a
                        better = True
    return taken.tolist()


def swapped(
    fitter: Fitter, taken: list[int], crews: Sequence[Sequence[int]], welders: Sequence[Welder]
) -> list[int]:
    """Let the slowest station swap rounds with others as long as the slower of both gains.

    All waits count besides the makespan, or nothing would gain where two pairs wait alike.

    Args:
        fitter: says how long the robots of a station take together.
        taken: the round that each robot takes, by number.
        crews: robots that can take one another's rounds.
        welders: all robots.
    """
    rows: dict[str, list[int]] = {}
    for row, each in enumerate(welders):
        rows.setdefault(each.station, []).append(row)
    mates = {row: [each for each in crew if each != row] for crew in crews for row in crew}
    taken = list(taken)

    def cycle(station: str) -> float:
        own = rows[station]
        fits, end = fitter.fit([taken[row] for row in own])
        return end + float(sum(each.waits.sum() for each in fits)) + welders[own[0]].work

    cycles = {station: cycle(station) for station in rows}
    for _ in range(SWAPS):
        slowest = max(cycles, key=lambda each: cycles[each])
        for one, two in ((row, mate) for row in rows[slowest] for mate in mates[row]):
            other = welders[two].station
            taken[one], taken[two] = taken[two], taken[one]
            pair = (cycle(slowest), cycle(other)) if other != slowest else (np.inf, np.inf)
            if max(pair) < cycles[slowest] - GAIN:
                cycles[slowest], cycles[other] = pair
                break
            taken[one], taken[two] = taken[two], taken[one]
        else:
            break
    return taken


def meeting(one: Array | None, other: Array | None, apart: float) -> float:
    """How much two rounds are in each other's way: the share of poses that meet, squared."""
    if one is None or other is None or not len(one) or not len(other):
        return 0.0
    return float(clashes(one, other, apart).mean()) ** 2
