"""The clock by which a robot goes through its program: it fades out at a stop, and comes back.

Between stops a second of the run is a second of the program. At a stop the clock runs evenly for a
while and then slows down, its rate falling evenly to zero; at a start it stands for a while and
then gets faster, evenly too. The robot keeps its path, and its joints have no jump in speed.

A change of rate is a motion segment whose `ramp` is below zero: it is over -ramp [s] after the
segment's tick. A jerk of zero or more is how long the clock goes on before it fades out [s]; one
below zero says that it comes back, and how long that takes [s]. The rate before follows from the
way: what a clock that fades goes by in all, or loses in all, is the rate times the same time. If a
return would take longer than all, the clock goes on to where the robot rests and stands there for a
while: then a stop is over before the robot was to brake.
"""

from typing import Any

from twin.core.compiled import compilable

__all__ = ["faded", "program_rate", "program_seconds"]

TICKS_PER_SECOND = 1e6


@compilable
def faded(elapsed: float, even: float, over: float) -> float:
    """The share of its way that a clock has gone which fades from `even` until `over` [s].

    With `even` below zero it stands for -even [s], and then goes until `over`.
    """
    if elapsed >= over:
        return 1.0
    if even < 0.0:
        return max((elapsed + even) / (over + even), 0.0)
    gone = elapsed
    if elapsed > even:
        since = elapsed - even
        gone -= since * since / (2.0 * (over - even))
    return 2.0 * gone / (even + over)


@compilable
def program_seconds(robot: Any, tick: int) -> float:
    """How far into its program a robot is at a tick [s].

    Args:
        robot: Its row.
        tick: At or after that of its segment.
    """
    elapsed = tick - robot.tick
    if elapsed >= robot.duration:
        return robot.end
    way = robot.end - robot.start
    if robot.ramp == 0.0:
        return robot.start + way * (elapsed / robot.duration)
    seconds, over = elapsed / TICKS_PER_SECOND, -robot.ramp
    if robot.jerk >= 0.0:
        return robot.start + way * faded(seconds, robot.jerk, over)
    lost = robot.duration / TICKS_PER_SECOND - way
    return robot.start + seconds - lost * faded(seconds, over + robot.jerk, over)


@compilable
def program_rate(robot: Any, tick: int) -> float:
    """How fast a robot's program clock runs at a tick: 1 is as planned, 0 if it stands."""
    elapsed = tick - robot.tick
    if elapsed >= robot.duration:
        return 0.0
    if robot.ramp == 0.0:
        return 1.0
    seconds, over = elapsed / TICKS_PER_SECOND, -robot.ramp
    stops = robot.jerk >= 0.0
    even = robot.jerk if stops else over + robot.jerk
    if even < 0.0:
        return 0.0 if -even <= seconds < over else 1.0
    left = 1.0  # of the change of rate
    if seconds > even:
        left = max(over - seconds, 0.0) / (over - even) if over > even else 0.0
    way = robot.end - robot.start
    gone = way if stops else robot.duration / TICKS_PER_SECOND - way
    changed = min(max(gone * left * 2.0 / (even + over), 0.0), 1.0)
    return changed if stops else 1.0 - changed
