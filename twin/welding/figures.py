"""What a weld plan comes to: times of robots and stations, balance, and what limits the line."""

from dataclasses import dataclass

import numpy as np

from twin.welding.plan import Plan

__all__ = ["RobotFigures", "StationFigures", "WeldFigures", "figures_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotFigures:
    """What one robot does; cycle is the sum of the other times [s]."""

    path: str
    spots: int
    cycle: float
    welding: float
    moving: float
    waiting: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFigures:
    """A station: how long its robots take, and with what it does besides."""

    path: str
    makespan: float  # s
    cycle: float  # s, with clamping and transfer
    slowest: str  # its slowest robot


@dataclass(frozen=True, slots=True, kw_only=True)
class WeldFigures:
    """The whole plan for one product."""

    product: str
    spots: int
    welded: int
    robots: tuple[RobotFigures, ...]
    stations: tuple[StationFigures, ...]
    balance: float  # mean cycle of the robots over the longest, 0 to 1
    line_balance: float  # mean cycle of the stations over the longest
    takt: float  # s, of the slowest station
    limit: str  # in words
    problems: tuple[str, ...]  # spots that nobody welds, and robots that can't be kept apart


def figures_of(product: str, plan: Plan) -> WeldFigures:
    """Add a plan up."""
    robots = tuple(
        RobotFigures(
            path=task.robot.path,
            spots=int(visits.welds.sum()),
            cycle=task.planned.length,
            welding=task.process,
            moving=task.moving,
            waiting=task.waiting + 0.0,  # never -0
        )
        for visits, task in zip(plan.visits, plan.tasks, strict=True)
    )
    stations: list[StationFigures] = []
    for path in dict.fromkeys(each.station for each in plan.welders):
        own = [k for k, each in enumerate(plan.welders) if each.station == path]
        slowest = max(own, key=lambda k: robots[k].cycle)
        makespan = robots[slowest].cycle
        stations.append(
            StationFigures(
                path=path,
                makespan=makespan,
                cycle=makespan + plan.welders[slowest].work,
                slowest=robots[slowest].path,
            )
        )
    return WeldFigures(
        product=product,
        spots=len(plan.spots),
        welded=sum(each.spots for each in robots),
        robots=robots,
        stations=tuple(stations),
        balance=_balance([each.cycle for each in robots]),
        line_balance=_balance([each.cycle for each in stations]),
        takt=max((each.cycle for each in stations), default=0.0),
        limit=_limit(robots, stations),
        problems=tuple(str(each) for each in (*plan.unreached, *plan.clashes)),
    )


def _balance(times: list[float]) -> float:
    longest = max(times, default=0.0)
    return float(np.mean(times)) / longest if longest > 0 else 1.0


def _limit(robots: tuple[RobotFigures, ...], stations: list[StationFigures]) -> str:
    """Which station and robot is slowest, and what it spends its time on."""
    if not stations:
        return "nothing welds"
    slowest = max(stations, key=lambda each: each.cycle)
    robot = next(each for each in robots if each.path == slowest.slowest)
    besides = slowest.cycle - slowest.makespan
    shares = {
        "welding": robot.welding,
        "moving": robot.moving,
        "waiting for its neighbours": robot.waiting,
        "clamping and transfer": besides,
    }
    most = max(shares, key=lambda name: shares[name])
    parts = ", ".join(f"{time:.1f} s {name}" for name, time in shares.items())
    return f"{robot.path}: {parts}; most of it {most}"
