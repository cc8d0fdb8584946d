"""Robots of a station kept apart: which of their moves meet, and the interlocks that follow.

The programs are planned as the plant plans them, and the room that each move takes is compared.
Runs of moves of two robots that meet share a zone, which only one robot is in at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from twin.kinds.station import Station
from twin.motion.program import PlannedProgram, Programs
from twin.plant import Interlock, Place, Task
from twin.plant.planning import plan_place
from twin.welding.line import Spots, Welder
from twin.welding.room import Grid, Words, shared
from twin.welding.visits import Visits, robot_of

__all__ = ["Meeting", "interlocks", "meetings", "poses", "run_station"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

STRIDE = 0.08  # m, at most between poses that are looked at
ARM = 2.5  # m, how far out a joint swings what it carries
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
    rooms: dict[int, Words] = {}
    for row, (welder, task) in enumerate(zip(welders, tasks, strict=True)):
        if welder.hull is not None:
            joints, moves = poses(task.planned)
            placed = welder.hull.placed(welder.arm, joints, welder.base)
            rooms[row] = grid.room(placed, moves, int(moves[-1]) + 1)
    found = [
        Meeting(one=a, other=b, near=shared(one, other))
        for a, one in rooms.items()
        for b, other in rooms.items()
        if a < b
    ]
    return [each for each in found if each.near.any()]


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


def poses(planned: PlannedProgram) -> tuple[Array, Rows]:
    """Joint positions along all moves, shape [m, J], and the number of the move of each, [m]."""
    moving = np.flatnonzero(np.any(planned.joints_from != planned.joints_to, axis=1))
    swing = np.abs(planned.joints_to - planned.joints_from)[moving].max(axis=1, initial=0.0)
    counts = np.maximum(3, np.ceil(swing * ARM / STRIDE).astype(np.int64))
    times: list[Array] = [
        planned.start[row] + np.linspace(0.0, planned.duration[row], count)
        for row, count in zip(moving, counts, strict=True)
    ]
    every = np.concatenate([np.zeros(1), *times])
    joints = Programs.build([planned]).joints(np.zeros(len(every), np.int64), every)
    return joints, np.concatenate(
        [np.zeros(1, np.int64), np.repeat(np.arange(len(moving)), counts)]
    )
