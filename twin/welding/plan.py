"""A weld plan: which robot welds which spots of a body, in which order, in which poses.

Allocation and order depend on each other: spots are shared by estimates of time, the rounds are
solved, and what they really took corrects the estimates, a few times. The best plan is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem
from twin.motion.program import PlannedProgram, plan_program
from twin.welding.interlock import Fitted, Fitter
from twin.welding.line import Settings, Spots, Welder
from twin.welding.matching import matched, swapped
from twin.welding.reach import reach, why_not
from twin.welding.sequence import Round, Worker, sequence
from twin.welding.shares import HOP, Crew, cut, long_round, share

__all__ = ["Plan", "Program", "crews_of", "plan_welds", "program_of"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

DIGITS = 6  # of frames that are compared
BESIDES = 6.0  # s, first estimate of what a round takes besides hops and welds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """What a robot does, as joint positions one after another, with waits."""

    waypoints: Array  # shape [n, J] [rad]
    dwells: Array  # shape [n] [s]
    spot: Rows  # the spot at each waypoint, -1 elsewhere; shape [n]
    waits: Array  # for other robots, part of the dwells [s], shape [n]

    def fitted(self, fitted: Fitted) -> "Program":
        """The same, run as it fits beside the others."""
        way = slice(None, None, -1) if fitted.turned else slice(None)
        return Program(
            waypoints=self.waypoints[way],
            dwells=self.dwells[way] + fitted.waits,
            spot=self.spot[way],
            waits=fitted.waits,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Who welds what, in which order; rounds, programs and planned moves robot by robot."""

    spots: Spots
    welders: tuple[Welder, ...]
    rounds: tuple[Round, ...]
    programs: tuple[Program, ...]
    planned: tuple[PlannedProgram, ...]
    unreached: tuple[Problem, ...]  # a spot each, with the reason
    clashes: tuple[Problem, ...] = ()  # a robot each that can't be kept apart from others

    @property
    def cycle(self) -> Array:
        """How long each robot's program takes [s], shape [robot_count]."""
        return np.array([each.length for each in self.planned])

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
    for _ in range(settings.rounds):
        owner = share(crews, extra)
        found = [_rounds(crew, np.flatnonzero(owner == k)) for k, crew in enumerate(crews)]
        slowest = np.array([max(each.time for each in rounds) for rounds in found])
        work = np.array([welders[crew.members[0]].work for crew in crews])
        if (slowest + work).max(initial=0.0) < least:
            best, least = found, float((slowest + work).max())
        extra = work + slowest - _estimate(crews, owner)
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


def _resting(welders: Sequence[Welder], row: int) -> Array | None:
    """Hulls of a robot's neighbours at rest, shape [m, c, 7]; None without."""
    own = welders[row]
    hulls = [
        each.hull.placed(each.arm, each.rest[None], each.base)
        for k, each in enumerate(welders)
        if k != row and each.station == own.station and each.hull is not None
    ]
    return np.concatenate(hulls) if hulls else None


def _rounds(crew: Crew, rows: Rows) -> list[Round]:
    """Cut a crew's spots into a round for each of its robots."""
    if not len(rows):
        return [sequence(crew.worker, rows) for _ in crew.members]
    order, times = long_round(crew.worker, rows)
    welding = crew.worker.spots.time[order]
    stretches = cut(times, welding, len(crew.members))
    return [sequence(crew.worker, order[stretch]) for stretch in stretches]


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
        row: each
        for crew, own in zip(crews, found, strict=True)
        for row, each in zip(crew.members, own, strict=True)
    }
    workers = [crew.worker for row in range(len(welders)) for crew in crews if row in crew.members]
    poses = [_placed(worker, made[row]) for row, worker in enumerate(workers)]
    stations = [each.station for each in welders]
    taken = matched(poses, [crew.members for crew in crews], stations, settings.apart)
    rough = [program_of(worker, made[row]) for row, worker in enumerate(workers)]
    fitter = Fitter(
        welders,
        [(each.waypoints, each.dwells) for each in rough],
        settings.apart,
        patience=settings.patience,
    )
    taken = swapped(fitter, taken, [crew.members for crew in crews], welders)
    programs, clashes = _apart(welders, [rough[number] for number in taken], fitter, taken)
    done = [(made[number], worker) for number, worker in zip(taken, workers, strict=True)]
    planned = tuple(
        plan_program(each.arm, program.waypoints, program.dwells, where=each.path)
        for each, program in zip(welders, programs, strict=True)
    )
    lost = ~np.any([crew.able for crew in crews], axis=0) if crews else np.ones(len(spots), bool)
    reasons = tuple(why_not(spots, row, welders) for row in np.flatnonzero(lost).tolist())
    return Plan(
        spots=spots,
        welders=welders,
        rounds=tuple(each for each, _ in done),
        programs=programs,
        planned=planned,
        unreached=reasons,
        clashes=clashes,
    )


def _placed(worker: Worker, each: Round) -> Array | None:
    """A robot's hull at the spots of a round."""
    welder = worker.welder
    if welder.hull is None:
        return None
    joints = worker.choices.spot[each.order, each.chosen]
    return welder.hull.placed(welder.arm, joints, welder.base)


def _apart(
    welders: tuple[Welder, ...], programs: list[Program], fitter: Fitter, taken: list[int]
) -> tuple[tuple[Program, ...], tuple[Problem, ...]]:
    """Waits so that the robots of each station keep apart."""
    found, problems = list(programs), list[Problem]()
    for station in dict.fromkeys(each.station for each in welders):
        rows = [row for row, each in enumerate(welders) if each.station == station]
        fits, _ = fitter.fit([taken[row] for row in rows])
        for row, fitted in zip(rows, fits, strict=True):
            found[row] = programs[row].fitted(fitted)
            if not fitted.clear:
                rule = (
                    f"must keep clear of other robots at {station}, waiting no longer than it may"
                )
                way_out = "weld its spots at other stations, or move the robots apart"
                problems.append(Problem(welders[row].path, rule, way_out=way_out))
    return tuple(found), tuple(problems)


def program_of(worker: Worker, each: Round) -> Program:
    """The waypoints of a round: rest, gate, spots and gates between seams, gate, rest."""
    rest = worker.welder.rest
    points, spot = [rest], [-1]
    choices, rows, chosen = worker.choices, each.order, each.chosen
    _, direct = worker.legs(rows[:-1], rows[1:])
    for k, (row, choice) in enumerate(zip(rows.tolist(), chosen.tolist(), strict=True)):
        straight = k > 0 and direct[k - 1, chosen[k - 1], choice]
        if not straight:
            points.append(choices.gate[row, choice])
            spot.append(-1)
        points.append(choices.spot[row, choice])
        spot.append(row)
        last = k + 1 == len(rows)
        if last or not direct[k, choice, chosen[k + 1]]:
            points.append(choices.gate[row, choice])
            spot.append(-1)
    points += [rest] if len(rows) else []
    spot += [-1] if len(rows) else []
    at = np.array(spot, np.int64)
    dwells = np.where(at >= 0, worker.spots.time[at] if len(worker.spots) else 0.0, 0.0)
    none = np.zeros(len(at))
    return Program(waypoints=np.array(points), dwells=dwells, spot=at, waits=none)
