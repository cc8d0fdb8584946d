"""What the robots of a plant do, by the clock: cycle times, shares, and what limits them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.table import Table
from rich.text import Text

from twin.errors import CommandError, nearest
from twin.motion import Arm, PlannedProgram
from twin.motion.profile import travel
from twin.plant import Plant, Task, plan_plant

__all__ = ["ProgramRow", "program_rows", "program_table"]

AT_LIMIT = 0.95  # of a joint's limit: a table that comes so near is limited by the joint
SHOWN = 2  # joints named


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRow:
    """One robot's work on one product, or on several by the same program."""

    station: str  # prim path
    robot: str  # prim path
    program: str  # prim path
    products: tuple[str, ...]
    cycle: float  # [s]
    moving: float  # [s], without what it works on the way
    process: float  # [s]
    waiting: float  # [s], for signals and zones of others, inside the program
    slack: float  # [s], until the slowest robot of the station is done; the least of its products
    limit: str  # what takes most of its time, in words


def program_rows(plant: Plant, robot: str = "") -> list[ProgramRow]:
    """Plan all programs: robots place by place, then products.

    Args:
        plant: Whose robots.
        robot: Prim path of one of them, or of a place for its robots; empty is all.

    Raises:
        SceneError: a program can't be run.
        CommandError: there is no such robot.
    """
    tasks = iter(plan_plant(plant))
    rows: list[ProgramRow] = []
    for place in plant.places:
        own = [[next(tasks) for _ in plant.products] for _ in place.robots]
        longest = [max(column) for column in zip(*map(_lengths, own), strict=True)]
        slacks = [
            [round(most - task.planned.length, 6) for most, task in zip(longest, line, strict=True)]
            for line in own
        ]
        for line, slack in zip(own, slacks, strict=True):
            for planned in dict.fromkeys(task.planned for task in line):
                same = [k for k, task in enumerate(line) if task.planned is planned]
                names = tuple(plant.products[k].name for k in same)
                least = min(slack[k] for k in same)
                rows.append(_row(place.path, names, line[same[0]], least))
    known = {row.robot for row in rows} | {row.station for row in rows}
    if robot and robot not in known:
        raise CommandError(f"{robot} is no robot of {plant.name}; {nearest(robot, known)}")
    return [row for row in rows if not robot or robot in {row.robot, row.station}]


def _lengths(tasks: Sequence[Task]) -> list[float]:
    return [task.planned.length for task in tasks]


def _row(station: str, products: tuple[str, ...], task: Task, slack: float) -> ProgramRow:
    return ProgramRow(
        station=station, robot=task.robot.path, program=task.program.path, products=products,
        cycle=task.planned.length, moving=round(task.moving, 6), process=round(task.process, 6),
        waiting=task.waiting, slack=slack, limit=_limit(task),
    )  # fmt: skip


def _limit(task: Task) -> str:
    """What takes the largest share, and why."""
    parts = {"moving": task.moving, "process": task.process, "waiting": task.waiting}
    largest = max(parts, key=lambda name: parts[name])
    if task.planned.length == 0:
        return "nothing to do"
    if largest == "process":
        return f"process: {_actions(task)}"
    if largest == "waiting":
        return f"waiting: {_awaited(task)}"
    return f"moving: {_axes(task.robot.arm, task.planned)}"


def _actions(task: Task) -> str:
    route = task.program.route
    if route is None:
        return f"{np.count_nonzero(task.program.dwells)} waits at waypoints"
    rows = zip(route.actions, route.durations.tolist(), strict=True)
    acts = [
        "hold" if action == "none" else action for action, time in rows if time or action == "seal"
    ]
    return ", ".join(f"{number} x {action}" for action, number in Counter(acts).items())


def _awaited(task: Task) -> str:
    route = task.program.route
    assert route is not None
    names = zip(route.actions, route.signals, strict=True)
    signals = [f"signal {signal}" for action, signal in names if action == "wait"]
    zones = [f"zone {lock.zone}" for lock in route.interlocks]
    return ", ".join(dict.fromkeys(signals + zones))


def _axes(arm: Arm, planned: PlannedProgram) -> str:
    """Which axes decide how long the moves take, by time."""
    time: dict[str, float] = defaultdict(float)
    for row, table in planned.tables.items():
        time[_busiest(arm, table.peaks())] += float(planned.duration[row])
    way = np.abs(planned.joints_to - planned.joints_from)
    moves = np.flatnonzero(way.any(axis=1) & ~np.isin(np.arange(len(way)), list(planned.tables)))
    alone = travel(way[moves], arm.speed, arm.acceleration, arm.jerk).duration
    for row, axis in zip(moves.tolist(), np.argmax(alone, axis=1).tolist(), strict=True):
        time[_name(arm, axis)] += float(planned.duration[row])
    total = sum(time.values())
    first = sorted(time.items(), key=lambda each: -each[1])[:SHOWN]
    return ", ".join(f"{name} {each / total:.0%}" for name, each in first)


def _busiest(arm: Arm, peaks: NDArray[np.float64]) -> str:
    """The axis nearest to a limit in a motion, or the tool's own limits."""
    shares = [peaks[0] / arm.speed, np.sqrt(peaks[1] / arm.acceleration)]
    shares.append(np.cbrt(peaks[2] / arm.jerk))
    share = np.max(shares, axis=0)
    axis = int(np.argmax(share))
    return _name(arm, axis) if share[axis] > AT_LIMIT else "speed of the tool"


def _name(arm: Arm, axis: int) -> str:
    return arm.joint_names[axis] or f"joint_{axis + 1}"


def program_table(rows: Sequence[ProgramRow]) -> Table:
    """A line for each robot and program; stations' slowest robots are marked."""
    every = max((row.products for row in rows), key=len, default=())
    every = every if len(every) > 1 else ()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("robot", "products", "program"):
        table.add_column(name, overflow="fold")
    for name in ("cycle", "moving", "process", "waiting", "slack"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("limited by", overflow="fold")
    for row in rows:
        whole = row.cycle or 1.0
        shares = [f"{each / whole:.0%}" for each in (row.moving, row.process, row.waiting)]
        slack = "slowest" if row.slack == 0 else f"{row.slack:.2f} s"
        program = row.program.removeprefix(f"{row.robot}/")
        names = ", ".join(row.products) if row.products != every else "all"
        texts = [row.robot, names, program, f"{row.cycle:.2f} s", *shares, slack, row.limit]
        table.add_row(*(Text(text) for text in texts))
    return table
