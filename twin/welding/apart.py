"""Robots of a station kept apart: which of their moves meet, and the interlocks that follow.

The programs are planned as the plant plans them, and the room that each move takes is compared.
Runs of moves of two robots that meet share a zone, which only one robot is in at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from twin.kinds.station import Station
from twin.plant import Interlock, Place, Task
from twin.plant.planning import plan_place
from twin.welding.line import Spots, Welder
from twin.welding.room import Grid, Swept
from twin.welding.visits import Visits, robot_of
from twin.welding.ways import moves_of, poses

__all__ = ["Meeting", "interlocks", "meetings", "run_station"]

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

KEPT = 3  # moves for which a zone is not given back in between
PRODUCT = "body"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Meeting:
    """Two robots of a station, in its order, and which of their moves come too near."""

    one: int
    other: int
    near: Flags  # moves of one by moves of the other; the last are those back home


def run_station(
    welders: Sequence[Welder],
    visits: Sequence[Visits],
    spots: Spots,
    locks: Sequence[Sequence[Interlock]] = (),
) -> list[Task]:
    """What the robots of one station do by the clock, as the plant runs them.

    Raises:
        SceneError: they would wait for each other forever.
    """
    robots = tuple(
        robot_of(welder, own, spots, lock)
        for welder, own, lock in zip(welders, visits, locks or [()] * len(welders), strict=True)
    )
    place = Place(path=welders[0].station, params=Station(process_time=0.0), robots=robots)
    return plan_place(place, [PRODUCT])


def meetings(welders: Sequence[Welder], tasks: Sequence[Task], grid: Grid) -> list[Meeting]:
    """Which moves of the robots of one station need the same room, at any times."""
    swept: dict[int, Swept] = {}
    for row, (welder, task) in enumerate(zip(welders, tasks, strict=True)):
        before, after = moves_of(task.planned)
        if welder.hull is not None and len(before):
            joints, part = poses(before, after)
            placed = welder.hull.placed(welder.arm, joints, welder.base)
            swept[row] = Swept(placed=placed, part=part, count=len(before))
    found: list[Meeting] = []
    for a, b in combinations(swept, 2):
        near = grid.near(swept[a], swept[b])
        if near.any():
            found.append(Meeting(one=a, other=b, near=near))
    return found


def interlocks(
    station: str, names: Sequence[str], found: Sequence[Meeting]
) -> list[tuple[Interlock, ...]]:
    """Zones that robots hold where their moves meet, robot by robot.

    Args:
        station: its prim path.
        names: of its robots.
        found: who meets whom.
    """
    locks: list[list[Interlock]] = [[] for _ in names]
    for each in found:
        pair = f"{station}/Zones/{names[each.one]}_{names[each.other]}"
        pairs = (
            (run, rival)
            for one, other in _zones(each.near)
            for run, rival in product(_runs(one), _runs(other))
            if each.near[run[0] : run[1] + 1, rival[0] : rival[1] + 1].any()
        )
        for number, (run, rival) in enumerate(pairs, start=1):
            locks[each.one].append(Interlock(f"{pair}_{number}", *run))
            locks[each.other].append(Interlock(f"{pair}_{number}", *rival))
    return [tuple(sorted(each, key=lambda lock: (lock.first, lock.zone))) for each in locks]


def _zones(near: Flags) -> Iterator[tuple[Rows, Rows]]:
    """Moves of either robot that belong together."""
    left = near.any(axis=1)
    while left.any():
        one, other = np.zeros(len(near), np.bool_), np.zeros(near.shape[1], np.bool_)
        one[int(np.argmax(left))] = True
        size = 0
        while one.sum() > size:  # those that meet what these meet
            size = int(one.sum())
            other = near[one].any(axis=0)
            one = near[:, other].any(axis=1)
        left &= ~one
        yield np.flatnonzero(one), np.flatnonzero(other)


def _runs(moves: Rows) -> list[tuple[int, int]]:
    """First and last of moves that follow one another, or nearly."""
    cuts = np.flatnonzero(np.diff(moves) > KEPT) + 1
    return [(int(run[0]), int(run[-1])) for run in np.split(moves, cuts)]
