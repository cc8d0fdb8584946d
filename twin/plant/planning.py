"""Robot programs by the clock: all motions, actions and waits of every robot for every product."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem, SceneError
from twin.motion.cubic import CubicTable
from twin.motion.program import PlannedProgram, plan_program
from twin.motion.rows import read_only
from twin.plant.cycle import Deadlock, Step, begin_steps
from twin.plant.hops import BACK_HOME, Journey, journey_of
from twin.plant.plant import Place, Plant, Pose, Program, Robot
from twin.plant.route import Route
from twin.plant.routes import route_problems
from twin.units import TICKS_PER_SECOND, to_ticks

if TYPE_CHECKING:
    from twin.plant.legs import Leg

__all__ = ["Task", "plan_place", "plan_plant", "postures_of"]

Array = NDArray[np.float64]

PLANS = 4096  # of programs by targets, kept for the next time they are asked for


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What one robot does to one product, planned."""

    robot: Robot
    program: Program
    planned: PlannedProgram
    moving: float  # [s], without what it works on the way
    process: float  # [s], actions, and sealing on the way
    waiting: float  # [s], for signals and zones of others


@dataclass(frozen=True, slots=True)
class _Content:
    """A journey, the same as another one if the same robot does the same, wherever it stands."""

    key: bytes
    journey: Journey = field(compare=False)


def plan_plant(plant: Plant) -> list[Task]:
    """Plan every robot for every product: robots place by place, then products.

    Raises:
        SceneError: programs are missing or can't be run; it lists all of them.
    """
    problems: list[Problem] = []
    rows: list[Task] = []
    for place in plant.places:
        try:
            rows += plan_place(place, [product.name for product in plant.products])
        except SceneError as error:
            problems += error.problems
    if problems:
        raise SceneError(problems)
    return rows


def plan_place(place: Place, products: Sequence[str]) -> list[Task]:
    """Plan the robots of one place for each product, robot by robot.

    Raises:
        SceneError: see `plan_plant`.
    """
    problems = [*_missing(place, products), *route_problems(place, products)]
    if problems:
        raise SceneError(problems)
    plain: dict[Program, PlannedProgram] = {}
    legs: dict[Program, list[Leg]] = {}
    for robot in place.robots:
        for program in dict.fromkeys(filter(None, map(robot.program_for, products))):
            try:
                if program.route is None:
                    plain[program] = plan_program(
                        robot.arm, program.waypoints, program.dwells, where=program.path
                    )
                else:
                    legs[program] = _legs(robot, program)
            except SceneError as error:
                problems += error.problems
    if problems:
        raise SceneError(problems)
    teams = {name: _team(place, name) for name in products}
    cycles: dict[tuple[Program, ...], list[Task]] = {}
    for programs in dict.fromkeys(teams.values()):
        try:
            cycles[programs] = _cycle(place, programs, plain, legs)
        except SceneError as error:
            problems += error.problems
    if problems:
        raise SceneError(problems)
    count = len(place.robots)
    return [cycles[teams[name]][row] for row in range(count) for name in products]


def _missing(place: Place, products: Sequence[str]) -> Iterable[Problem]:
    for robot in place.robots:
        for name in products:
            if robot.program_for(name) is None:
                yield Problem(robot.path, f"needs a program for {name}")


def _team(place: Place, product: str) -> tuple[Program, ...]:
    found = (robot.program_for(product) for robot in place.robots)
    return tuple(program for program in found if program is not None)


def _legs(robot: Robot, program: Program) -> "list[Leg]":
    """The motions of a program by targets.

    They are planned in the robot's base. Only what can't be is told in the world.
    """
    try:
        return _planned(_content(journey_of(replace(robot, base=Pose()), program)))
    except SceneError:
        return _planned.__wrapped__(_Content(b"", journey_of(robot, program)))


def _content(journey: Journey) -> _Content:
    arm, route = journey.arm, journey.route
    arrays = [arm.fixed, arm.axis, arm.prismatic, arm.tail, arm.lower, arm.upper, arm.speed]
    arrays += [arm.acceleration, arm.jerk, journey.home, route.targets, route.speeds, route.zones]
    arrays += [route.durations, route.tool]
    texts = (route.moves, route.actions, [(lock.first, lock.last) for lock in route.interlocks])
    texts += (route.branches,)
    parts = [repr(texts).encode(), *(np.ascontiguousarray(array).tobytes() for array in arrays)]
    return _Content(b"".join(parts), journey)


@lru_cache(maxsize=PLANS)
def _planned(content: _Content) -> "list[Leg]":
    from twin.plant.legs import legs_of  # with scipy, which takes half a second to import
    from twin.plant.postures import postures

    return legs_of(content.journey, postures(content.journey))


def postures_of(robot: Robot, program: Program) -> tuple[Array, list[str]]:
    """Joint positions [rad] that a program comes by, shape [n, J], and what they are called.

    Raises:
        SceneError: a program by targets can't be planned.
    """
    route = program.route
    if route is None:
        return program.waypoints, [f"waypoint {k + 1}" for k in range(len(program.waypoints))]
    names, joints = [BACK_HOME], [program.waypoints]
    for leg in _legs(robot, program):
        names += [route.names[k] if k < len(route) else BACK_HOME for k in leg.visits]
        if leg.table is not None:
            joints.append(leg.table.at(leg.passed[:-1]))
        joints.append(leg.joints_to[None])
    return np.concatenate(joints), names


def _cycle(
    place: Place,
    programs: tuple[Program, ...],
    plain: dict[Program, PlannedProgram],
    legs: "dict[Program, list[Leg]]",
) -> list[Task]:
    """All robots of a place with one program each: a task for each robot."""
    steps = [
        _steps(program.route, legs[program])
        if program.route is not None
        else [Step(ticks=to_ticks(plain[program].length))]
        for program in programs
    ]
    try:
        begun = begin_steps(steps)
    except Deadlock as deadlock:
        raise SceneError([_deadlock(place, programs, deadlock)]) from None
    tasks: list[Task] = []
    for robot, program, own, begins in zip(place.robots, programs, steps, begun, strict=True):
        if program.route is None:
            tasks.append(_plain_task(robot, program, plain[program]))
        else:
            planned = _laid(program.route, legs[program], own, begins)
            tasks.append(_routed_task(robot, program, legs[program], planned))
    return tasks


def _steps(route: Route, legs: "Sequence[Leg]") -> list[Step]:
    """For each leg the motion, then what the robot does at its end."""
    steps: list[Step] = []
    begins = 0  # the first visit after the stop where a leg begins
    for leg in legs:
        last = leg.visits[-1]
        passing = {
            visit: to_ticks(when) for visit, when in zip(leg.visits[:-1], leg.passed, strict=False)
        }
        if last == len(route):  # home again
            passing[last] = to_ticks(leg.duration)
        steps.append(
            Step(
                ticks=to_ticks(leg.duration),
                zones=tuple(lock.zone for lock in route.interlocks if begins <= lock.first <= last),
                sets=tuple(
                    (ticks, route.signals[visit])
                    for visit, ticks in passing.items()
                    if visit < len(route) and route.actions[visit] == "set"
                ),
                leaves=tuple(
                    (passing[end], lock.zone)
                    for lock in route.interlocks
                    if (end := _end_of(route, lock.last)) in passing
                ),
                where=route.names[leg.visits[0]] if leg.visits[0] < len(route) else BACK_HOME,
            )
        )
        if last < len(route):
            steps.append(_action(route, last))
        begins = last + 1
    return steps


def _end_of(route: Route, visit: int) -> int:
    """The visit where the move that comes by another one ends: an arc goes through one."""
    return visit + 1 if visit in route.through else visit


def _action(route: Route, visit: int) -> Step:
    action, ticks = route.actions[visit], to_ticks(float(route.durations[visit]))
    return Step(
        ticks=ticks,
        signal=route.signals[visit] if action == "wait" else "",
        sets=((ticks, route.signals[visit]),) if action == "set" else (),
        leaves=tuple(
            (ticks, lock.zone) for lock in route.interlocks if _end_of(route, lock.last) == visit
        ),
        where=route.names[visit],
    )


def _plain_task(robot: Robot, program: Program, planned: PlannedProgram) -> Task:
    still = np.all(planned.joints_from == planned.joints_to, axis=1)
    process = float(planned.duration[still].sum())
    return Task(
        robot=robot, program=program, planned=planned, process=process,
        moving=planned.length - process, waiting=0.0,
    )  # fmt: skip


def _routed_task(
    robot: Robot, program: Program, legs: "Sequence[Leg]", planned: PlannedProgram
) -> Task:
    sealing = sum(leg.sealing for leg in legs)
    going = sum(leg.duration for leg in legs)
    assert program.route is not None
    acting = float(program.route.durations.sum())
    return Task(
        robot=robot, program=program, planned=planned, moving=going - sealing,
        process=acting + sealing, waiting=max(round(planned.length - going - acting, 6), 0.0),
    )  # fmt: skip


def _laid(
    route: Route, legs: "Sequence[Leg]", steps: Sequence[Step], begun: Sequence[int]
) -> PlannedProgram:
    """The rows of a program: what takes no time is left out."""
    starts: list[float] = []
    rows: list[tuple[float, float, float, Array, Array]] = []
    tables: dict[int, CubicTable] = {}
    idle: set[int] = set()
    clock, at = 0, legs[0].joints_from

    def add(since: int, until: int, leg: "Leg | None", *, welds: bool) -> None:
        if until == since:
            return
        if leg is None and not welds:
            idle.add(len(rows))
        phases = ((until - since) / TICKS_PER_SECOND, 0.0, 0.0)
        if leg is not None:
            phases = (float(leg.timing.duration), float(leg.timing.ramp), float(leg.timing.jerk))
            if leg.table is not None:
                tables[len(rows)] = leg.table
        starts.append(since / TICKS_PER_SECOND)
        rows.append((*phases, leg.joints_from if leg else at, leg.joints_to if leg else at))

    for number, (step, begins) in enumerate(zip(steps, begun, strict=True)):
        leg = None if number % 2 else legs[number // 2]  # a motion, an action, a motion and so on
        add(clock, begins, None, welds=False)
        stop = legs[number // 2].visits[-1]
        welds = stop < len(route) and route.actions[stop] == "weld"
        add(begins, begins + step.ticks, leg, welds=welds)
        clock, at = begins + step.ticks, leg.joints_to if leg else at
    if not rows:  # nothing takes time
        rows, starts = [(0.0, 0.0, 0.0, at, at)], [0.0]
    duration, ramp, jerk, before, after = zip(*rows, strict=True)
    return PlannedProgram(
        start=read_only(np.array(starts)),
        duration=read_only(np.array(duration)),
        ramp=read_only(np.array(ramp)),
        jerk=read_only(np.array(jerk)),
        joints_from=read_only(np.stack(before)),
        joints_to=read_only(np.stack(after)),
        tables=tables,
        idle=frozenset(idle),
    )


def _deadlock(place: Place, programs: Sequence[Program], deadlock: Deadlock) -> Problem:
    """Who waits for whom, in words."""
    said: list[str] = []
    for wait in deadlock.waits:
        who = f"{programs[wait.robot].path} before {wait.where}"
        if wait.zone:
            said.append(f"{who} for zone {wait.zone}, which {programs[wait.held_by].path} is in")
        else:
            setters = [
                program.path
                for program in programs
                if program.route
                and any(
                    action == "set" and signal == wait.signal
                    for action, signal in zip(
                        program.route.actions, program.route.signals, strict=True
                    )
                )
            ]
            said.append(f"{who} for signal {wait.signal!r} of {' or '.join(setters) or 'nobody'}")
    rule = "must not have programs that wait for each other"
    way_out = "set the signal earlier, or leave the zone before waiting"
    return Problem(place.path, rule, "; ".join(said), way_out)
