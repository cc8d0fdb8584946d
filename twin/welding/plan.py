"""A weld plan: which robot welds which spots of a body, in which order, in which poses.

Allocation and order depend on each other: spots are shared by estimates of time, the rounds are
solved, and what they really took corrects the estimates, a few times. The best plan is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem
from twin.plant import Interlock, Task
from twin.welding.apart import Crowd, kept_apart
from twin.welding.clash import Placed, together
from twin.welding.line import Settings, Spots, Welder
from twin.welding.reach import reach, why_not
from twin.welding.sequence import Round, Worker, sequence
from twin.welding.shares import HOP, Crew, share, slices
from twin.welding.visits import Visits, visits_of

__all__ = ["Plan", "crews_of", "plan_welds"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

DIGITS = 6  # of frames that are compared
BESIDES = 6.0  # s, first estimate of what a round takes besides hops and welds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Who welds what, in which order; an entry for each robot."""

    spots: Spots
    welders: tuple[Welder, ...]
    rounds: tuple[Round, ...]
    visits: tuple[Visits, ...]
    interlocks: tuple[tuple[Interlock, ...], ...]
    tasks: tuple[Task, ...]  # as the plant runs them
    unreached: tuple[Problem, ...]  # a spot each, with the reason
    clashes: tuple[Problem, ...] = ()  # two robots each that can't be kept apart

    @property
    def cycle(self) -> Array:
        """How long each robot's program takes [s], shape [robot_count]."""
        return np.array([each.planned.length for each in self.tasks])

    @property
    def robot(self) -> Rows:
        """The robot that welds each spot, shape [n]; -1 where none does."""
        found = np.full(len(self.spots), -1, np.int64)
        for row, each in enumerate(self.rounds):
            found[each.order] = row
        return found


def plan_welds(spots: Spots, welders: Sequence[Welder], settings: Settings | None = None) -> Plan:
    """Plan who welds which spots of a body, so that the slowest station is as fast as can be.

    Args:
        spots: of one product.
        welders: all robots of the line.
        settings: how guns come to spots; None: as usual.
    """
    welders, settings = tuple(welders), settings or Settings()
    crews = crews_of(spots, welders, settings)
    extra = np.array([welders[crew.members[0]].work + BESIDES for crew in crews])
    best: list[list[Round]] = []
    least = np.inf
    weights = spots.time + HOP
    weighed = [weights.copy() for _ in crews]
    for _ in range(settings.rounds):
        owner = share(crews, extra)
        found = [
            _rounds(crew, np.flatnonzero(owner == k), weighed[k]) for k, crew in enumerate(crews)
        ]
        slowest = np.array([max(each.time for each in rounds) for rounds in found])
        work = np.array([welders[crew.members[0]].work for crew in crews])
        if (slowest + work).max(initial=0.0) < least:
            best, least = found, float((slowest + work).max())
        mean = np.array([np.mean([each.time for each in rounds]) for rounds in found])
        extra = work + mean - _estimate(crews, owner)
        for own, rounds in zip(weighed, found, strict=True):
            for each in rounds:
                rows = each.order
                if len(rows):
                    own[rows] = each.time * weights[rows] / weights[rows].sum()
    return _finished(spots, welders, crews, best, settings)


def crews_of(spots: Spots, welders: Sequence[Welder], settings: Settings) -> tuple[Crew, ...]:
    """Robots that stand alike and weld alike, with what they can weld."""
    rows: dict[object, list[int]] = {}
    for row, each in enumerate(welders):
        frames = (np.round(part, DIGITS) + 0.0 for part in (each.base, each.tool, each.rest))
        key = (id(each.arm), *(part.tobytes() for part in frames))
        key = (*key, each.guns, each.steps, round(each.work, DIGITS))
        rows.setdefault(key, []).append(row)
    crews: list[Crew] = []
    for members in rows.values():
        welder = welders[members[0]]
        allowed = np.array([step in welder.steps for step in spots.step], np.bool_)
        allowed &= np.array([gun in welder.guns for gun in spots.gun], np.bool_)
        frames = np.where(allowed[:, None, None], spots.frames, np.nan)
        choices = reach(welder, frames, settings, _resting(welders, members[0]))
        worker = Worker(welder=welder, spots=spots, choices=choices, settings=settings)
        crews.append(
            Crew(worker=worker, members=tuple(members), able=choices.reached, task=welder.steps)
        )
    return tuple(crews)


def _resting(welders: Sequence[Welder], row: int) -> Placed | None:
    """A robot's neighbours at rest; None without."""
    own = welders[row]
    crowd = [
        each.hull.placed(each.arm, each.rest[None], each.base)
        for k, each in enumerate(welders)
        if k != row and each.station == own.station and each.hull is not None
    ]
    return together(crowd) if crowd else None


def _rounds(crew: Crew, rows: Rows, weights: Array) -> list[Round]:
    """Cut a crew's spots into a round for each of its robots."""
    if not len(rows):
        return [sequence(crew.worker, rows) for _ in crew.members]
    parts = slices(crew.worker, rows, weights[rows], len(crew.members))
    return [sequence(crew.worker, part) for part in parts]


def _estimate(crews: Sequence[Crew], owner: Rows) -> Array:
    """What sharing took a crew's robots to need for their spots, shape [crew_count] [s]."""
    load = [
        float((crew.worker.spots.time[owner == k] + HOP).sum()) / len(crew.members)
        for k, crew in enumerate(crews)
    ]
    return np.array(load)


def _finished(  # noqa: PLR0917
    spots: Spots,
    welders: tuple[Welder, ...],
    crews: tuple[Crew, ...],
    found: list[list[Round]],
    settings: Settings,
) -> Plan:
    """Give rounds to robots and plan their moves."""
    made = {
        row: (each, crew.worker)
        for crew, own in zip(crews, found, strict=True)
        for row, each in zip(crew.members, own, strict=True)
    }
    done = [made[row] for row in range(len(welders))]
    visits = tuple(visits_of(worker, each) for each, worker in done)
    interlocks, tasks, problems = kept_apart(welders, visits, spots, settings)
    lost = ~np.any([crew.able for crew in crews], axis=0) if crews else np.ones(len(spots), bool)
    reasons = tuple(why_not(spots, row, welders) for row in np.flatnonzero(lost).tolist())
    return Plan(
        spots=spots,
        welders=welders,
        rounds=tuple(each for each, _ in done),
        visits=visits,
        interlocks=interlocks,
        tasks=tasks,
        unreached=reasons,
        clashes=problems,
    )
