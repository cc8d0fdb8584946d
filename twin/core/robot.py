"""Robots of a place that works: they run programs, brake on their paths when it stops, and go on.

A robot that brakes comes a little farther than the work is; when the work goes on, the robot starts
so gently, or so late, that it loses just as much. So it ends its program when the work does, and
the flow of material knows nothing of it. How hard it may brake, and where, the plant has worked out
for each program: see twin.motion.brakes.

Let T be the time in which the rate r of its clock may fall from 1 to 0, and x how far it is ahead
of the work. A stop from r takes it r T (r / 2) farther and a start costs (1 - r)^2 T / 2. So it may
brake at once if x is T (1 - r^2) / 2 then, and goes on at its rate before that if x is less; and it
starts at once if x is T (1 - r)^2 / 2, and later if x is more. At rest x is T / 2 or more.
"""

from typing import Any

from twin.core.compiled import compilable, compilable_apart
from twin.core.motion import log_motion, log_subject
from twin.core.program_clock import program_rate, program_seconds
from twin.core.world import NONE, World

__all__ = ["STOP", "brake_robots", "restart_robots", "run_robots"]

TICKS_PER_SECOND = 1e6
TICK = 1e-6  # s
FULL = 1.0 - 1e-9  # a rate from which on a clock is as fast as planned
SLOW = 0.57  # rate: with its square of the planned acceleration, and 2/3 for the brake, all is kept
STOP = 3  # numbers of a row that says how to brake: from when on, run on until, T [ticks]


@compilable
def run_robots(world: World, i: int, product: int) -> None:
    """Let the robots of place `i` begin their programs for a product."""
    if world.clock[0].motion == 0:
        return
    place = world.place[i]
    for robot in range(place.first_robot, place.first_robot + place.robot_count):
        _run(world, robot, product)


@compilable_apart
def brake_robots(world: World, i: int) -> None:
    """Let the robots of a place whose work is interrupted brake on their paths."""
    place = world.place[i]
    if world.clock[0].motion != 0:
        for robot in range(place.first_robot, place.first_robot + place.robot_count):
            _brake(world, robot, place.work_total - place.work_ticks)


@compilable_apart
def restart_robots(world: World, i: int) -> None:
    """Let the robots of a place whose work goes on do so too."""
    place = world.place[i]
    if world.clock[0].motion != 0:
        for robot in range(place.first_robot, place.first_robot + place.robot_count):
            _go_on(world, robot, place.work_total - place.work_ticks)


@compilable_apart
def _run(world: World, robot: int, product: int) -> None:
    row = world.robot[robot]
    row.track = row.first_program + product
    ticks = world.program[row.track].ticks
    row.brake = 0
    _put(world, robot, ticks, 0.0, ticks / TICKS_PER_SECOND, 0.0, 0.0)


@compilable_apart
def _brake(world: World, robot: int, done: int) -> None:
    """Let a robot brake on its path; the work on its part has come to `done` ticks."""
    clock = world.clock[0]
    row = world.robot[robot]
    if clock.now - row.tick >= row.duration:
        return
    at, rate = program_seconds(row, clock.now), program_rate(row, clock.now)
    run_on = _choose_brake(world, robot, at, rate) if rate > 0.0 else 0.0
    lasts = row.brake / TICKS_PER_SECOND
    if rate <= 0.0 or (run_on == 0.0 and row.brake == 0):
        _put(world, robot, 0, at, at, 0.0, 0.0)
        return
    ahead = at - done / TICKS_PER_SECOND
    even = max(run_on, (lasts * (1.0 - rate * rate) / 2.0 - ahead) / rate)
    over = even + lasts * rate
    end = min(at + rate * (even + over) / 2.0, world.program[row.track].ticks / TICKS_PER_SECOND)
    _put(world, robot, _ticks(over), at, end, -over, even)


@compilable_apart
def _go_on(world: World, robot: int, done: int) -> None:
    """Let a robot go on in its program; the work on its part has come to `done` ticks."""
    clock = world.clock[0]
    row = world.robot[robot]
    length = world.program[row.track].ticks / TICKS_PER_SECOND
    at = program_seconds(row, clock.now)
    left = length - at
    if left <= 0.0:
        return
    missing = 1.0 - program_rate(row, clock.now)
    ahead = at - done / TICKS_PER_SECOND
    if missing <= 1.0 - FULL or ahead < TICK:
        rest = _until_rest(row, clock.now) if ahead >= TICK else 0.0
        if rest > 0.0:  # it stands there until the work has come as far
            _put(
                world, robot, _ticks(left + ahead), at, length, -(rest + ahead), -2.0 * rest - ahead
            )
        else:
            _put(world, robot, _ticks(left), at, length, 0.0, 0.0)
        return
    change = max(row.brake, 1) * missing / TICKS_PER_SECOND
    even = max(min(ahead / missing - change / 2.0, left - change), 0.0)
    lost = missing * (even + change / 2.0)
    _put(world, robot, _ticks(left + lost), at, length, -(even + change), -change)


@compilable_apart
def _until_rest(row: Any, tick: int) -> float:
    """How long a robot that is to stop at the end of its move has still to go there [s]."""
    stops = row.ramp < 0.0 and row.jerk >= 0.0 and row.brake == 0
    return row.jerk - (tick - row.tick) / TICKS_PER_SECOND if stops else 0.0


@compilable_apart
def _choose_brake(world: World, robot: int, at: float, rate: float) -> float:
    """Note the time in which a robot brakes at `at` [s]; returns how long it runs on before [s].

    At a low rate it need not run on to the end of its move: it is far from its limits.
    """
    program = world.program[world.robot[robot].track]
    low, count = program.first_stop, program.stop_count
    ticks = at * TICKS_PER_SECOND
    while count > 1:
        half = count // 2
        if world.number[low + STOP * half] <= ticks:
            low += STOP * half
        count -= half
    run_on = max(world.number[low + 1] - ticks, 0.0)
    if run_on > 0.0 and rate < SLOW and world.robot[robot].brake > 0:
        return 0.0
    world.robot[robot].brake = world.number[low + 2]
    return run_on / (rate * TICKS_PER_SECOND)


@compilable
def _ticks(seconds: float) -> int:
    return int(seconds * TICKS_PER_SECOND + 0.5)


@compilable
def _put(
    world: World, robot: int, ticks: int, start: float, end: float, ramp: float, jerk: float
) -> None:
    """Write a robot's segment to its row and to the log."""
    clock = world.clock[0]
    row = world.robot[robot]
    row.tick = clock.now
    row.duration = ticks
    row.start = start
    row.end = end
    row.ramp = ramp
    row.jerk = jerk
    if clock.recording != 0:
        log_motion(clock, world.segment, ticks, start, end, ramp, jerk)
        log_subject(clock, world.segment, robot, row.track, NONE, 0)
