"""Robots of a station kept apart: which of their moves meet, and the interlocks that follow.

The programs are planned as the plant plans them, and looked at pose by pose with capsules around
all links. Where moves of two robots meet, both hold a zone from their first such move to their
last: so only one of them is there at a time.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem
from twin.kinds.station import Station
from twin.motion.program import PlannedProgram, Programs
from twin.plant import Interlock, Place, Task
from twin.plant.planning import plan_place
from twin.welding.clash import clashes
from twin.welding.line import Settings, Spots, Welder
from twin.welding.visits import Visits, robot_of

__all__ = ["Crowd", "kept_apart"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

STRIDE = 0.06  # m, at most between poses that are looked at
ARM = 2.5  # m, how far a joint swings what it carries
PRODUCT = "body"


class Crowd:
    """Poses of programs, and which of them meet."""


def planned(welders, visits, spots, interlocks=None) -> list[Task]:
    locks = interlocks or [()] * len(welders)
    robots = tuple(
        robot_of(*each[:2], spots, each[2]) for each in zip(welders, visits, locks, strict=True)
    )
    place = Place(path=welders[0].station, params=Station(process_time=0.0), robots=robots)
    return plan_place(place, [PRODUCT])


def poses(task: PlannedProgram) -> tuple[Array, Rows]:
    """Joint positions along all moves, shape [m, J], and the number of the move of each."""
    moving = np.flatnonzero(np.any(task.joints_from != task.joints_to, axis=1))
    programs = Programs.build([task])
    times, legs = [], []
    for leg, row in enumerate(moving.tolist()):
        swing = np.abs(task.joints_to[row] - task.joints_from[row]).max()
        count = max(3, int(np.ceil(2.0 * swing * ARM / STRIDE)))
        times.append(task.start[row] + np.linspace(0.0, task.duration[row], count))
        legs.append(np.full(count, leg))
    times = np.concatenate(times)
    return programs.joints(np.zeros(len(times), np.int64), times), np.concatenate(legs)


def kept_apart(welders, visits, spots, settings):
    interlocks = [()] * len(welders)
    tasks = [None] * len(welders)
    problems = []
    for station in dict.fromkeys(each.station for each in welders):
        rows = [row for row, each in enumerate(welders) if each.station == station]
        own = planned([welders[r] for r in rows], [visits[r] for r in rows], spots)
        placed = []
        for r, task in zip(rows, own):
            tasks[r] = task
            q, legs = poses(task.planned)
            placed.append((welders[r].hull.placed(welders[r].arm, q, welders[r].base), legs))
        for a in range(len(rows)):
            for b in range(a + 1, len(rows)):
                near = clashes(placed[a][0], placed[b][0], settings.apart)
                if near.any():
                    i, j = np.nonzero(near)
                    print(welders[rows[a]].path, welders[rows[b]].path[-7:],
                          sorted(set(placed[a][1][i].tolist())), placed[a][1][-1], sorted(set(placed[b][1][j].tolist())), placed[b][1][-1])
    return tuple(interlocks), tuple(tasks), tuple(problems)
