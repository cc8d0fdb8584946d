"""Which way round the robots of a station run, so that they seldom wait for each other.

A round takes as long either way. If one robot begins where another ends, they may never meet.
"""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from twin.plant import Task
from twin.plant.cycle import Deadlock, Step, begin_steps
from twin.units import to_ticks
from twin.welding.apart import Meeting, interlocks

__all__ = ["least_waiting"]

Array = NDArray[np.float64]


def least_waiting(tasks: Sequence[Task], found: Sequence[Meeting]) -> tuple[bool, ...] | None:
    """Which robots run the other way round, so that all are done soonest; None: none can.

    Args:
        tasks: of the robots of a station, that run all they do in the order of their moves.
        found: who meets whom on them.
    """
    involved = sorted({row for each in found for row in (each.one, each.other)})
    moves = [_moves(task) for task in tasks]
    names = [str(row) for row in range(len(tasks))]
    best: tuple[bool, ...] | None = None
    least: tuple[int, int] | None = None
    for choice in product((False, True), repeat=len(involved)):
        turned = [False] * len(tasks)
        for row, turn in zip(involved, choice, strict=True):
            turned[row] = turn
        own = [_turned(each, turned) for each in found]
        locks = interlocks("", names, own)
        steps: list[list[Step]] = []
        for (moving, acting), turn, held in zip(moves, turned, locks, strict=True):
            way = slice(None, None, -1) if turn else slice(None)
            go, act = moving[way], [*acting[way], 0][: len(moving)]
            steps.append([])
            for number, (ticks, then) in enumerate(zip(go, act, strict=True)):
                zones = tuple(lock.zone for lock in held if lock.first == number)
                leaves = tuple((then, lock.zone) for lock in held if lock.last == number)
                steps[-1].append(Step(ticks=ticks, zones=zones))
                steps[-1].append(Step(ticks=then, leaves=leaves))
        try:
            begun = begin_steps(steps)
        except Deadlock:
            continue
        ends = [each[-1] if each else 0 for each in begun]
        cost = max(ends), sum(ends)
        if least is None or cost < least:
            best, least = tuple(turned), cost
    return best


def _moves(task: Task) -> tuple[list[int], list[int]]:
    """Ticks of each move, and of what is done after each but the last."""
    planned = task.planned
    moving = np.any(planned.joints_from != planned.joints_to, axis=1)
    rows: list[int] = np.flatnonzero(moving).tolist()
    go = [to_ticks(float(planned.duration[row])) for row in rows]
    act = [to_ticks(float(planned.duration[one + 1 : two].sum())) for one, two in pairwise(rows)]
    return go, act


def _turned(meeting: Meeting, turned: Sequence[bool]) -> Meeting:
    near = meeting.near[::-1] if turned[meeting.one] else meeting.near
    near = near[:, ::-1] if turned[meeting.other] else near
    return Meeting(one=meeting.one, other=meeting.other, near=near)
