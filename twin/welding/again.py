"""A plan solved again for robots that stand elsewhere: the same robots weld the same spots."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from twin.errors import SceneError
from twin.motion.program import plan_program
from twin.welding.line import Settings, Welder
from twin.welding.plan import Plan, program_of
from twin.welding.reach import reach, why_not
from twin.welding.sequence import Worker, sequence

__all__ = ["solve_again"]


def solve_again(plan: Plan, welders: Sequence[Welder], settings: Settings | None = None) -> Plan:
    """Keep who welds what; order, attitudes and branches are new for robots that changed.

    Args:
        plan: what was planned before.
        welders: the robots now, as many and in the same order.
        settings: as they were.

    Raises:
        SceneError: a robot no longer reaches a spot of its own; each is told with the reason.
    """
    rounds, programs, planned = list(plan.rounds), list(plan.programs), list(plan.planned)
    for row, (old, new) in enumerate(zip(plan.welders, welders, strict=True)):
        if old is new or (np.array_equal(old.base, new.base) and old.arm is new.arm):
            continue
        own = plan.rounds[row].order
        frames = np.full_like(plan.spots.frames, np.nan)
        frames[own] = plan.spots.frames[own]
        choices = reach(new, frames, settings or Settings())
        lost = own[~choices.reached[own]]
        if len(lost):
            raise SceneError(why_not(plan.spots, each, (new,)) for each in lost.tolist())
        worker = Worker(
            welder=new, spots=plan.spots, choices=choices, settings=settings or Settings()
        )
        rounds[row] = sequence(worker, own)
        programs[row] = program_of(worker, rounds[row])
        points, dwells = programs[row].waypoints, programs[row].dwells
        planned[row] = plan_program(new.arm, points, dwells, where=new.path)
    return replace(
        plan,
        welders=tuple(welders),
        rounds=tuple(rounds),
        programs=tuple(programs),
        planned=tuple(planned),
    )
