"""A controlled stop on the path, and going on from there: the way is kept, only its time changes.

What brakes is the share s of the way gone, or for a motion of many pieces the program's own clock.
For a straight joint move that gives exact cubics. For a table, whose cubics of a cubic would be of
ninth order, the braked way is fitted by a new table whose limits are then checked exactly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.arm import Arm
from twin.motion.braking import Brake, brake, emergency_stop
from twin.motion.cubic import CubicTable
from twin.motion.profile import Timing, profile, travel
from twin.motion.progress import moment, rates
from twin.motion.spline import FEWEST_PIECES, knots_of, spline_through
from twin.motion.tool_move import ToolMove

__all__ = ["Stop", "resume_tool_move", "stop_move", "stop_table", "stop_tool_move"]

Array = NDArray[np.float64]

PIECES = 48  # of a fitted table
FINEST = 1e-3  # s: a piece that is shorter would show the rounding of positions
BRIEF = 2e-4  # s: a robot that stands so soon leaves its way by less than a micrometre
KEPT = 1 + 1e-9  # a limit is kept up to rounding
GENTLER = tuple(0.93**k for k in range(40))  # shares of the hardest braking, tried in turn
SOFTEST = 64.0  # s: a stop that would take longer is left to the motion's own end


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stop:
    """A stop on the path."""

    table: CubicTable  # joint positions from the moment of the stop until all stand still
    reached: float  # the share of the way gone, or the program's own time [s], where it stands


def stop_move(
    start: ArrayLike,
    end: ArrayLike,
    timing: Timing,
    elapsed: float,
    *,
    acceleration: ArrayLike,
    jerk: ArrayLike,
) -> Stop:
    """Stop a straight joint move as fast as its joints may brake together; exact.

    To go on, plan the move from where it stands to the same end.

    Args:
        start: Joint positions where the move began [rad], shape [J].
        end: Joint positions where it leads [rad], shape [J].
        timing: Of the move, one number each.
        elapsed: Time since the move began [s].
        acceleration: Largest of each joint [rad/s2], shape [J], at least what the plan was for.
        jerk: Largest of each joint [rad/s3], shape [J], at least what the plan was for.
    """
    origin = np.asarray(start, dtype=np.float64)
    way = np.asarray(end, dtype=np.float64) - origin
    size = np.abs(way)
    if not size.any():
        return Stop(
            table=CubicTable.of_pieces([0.0], origin, way, acceleration=[way], jerk=[way]),
            reached=1.0,
        )
    hardest, steepest = (
        float(np.min(np.asarray(limit, dtype=np.float64)[size > 0] / size[size > 0]))
        for limit in np.broadcast_arrays(acceleration, jerk)
    )
    share = _braked_share(timing, elapsed, hardest, steepest)
    return Stop(table=share.mapped(origin, way), reached=float(share.at(share.duration)[0, 0]))


def stop_tool_move(arm: Arm, move: ToolMove, elapsed: float) -> Stop:
    """Stop a tool move on its path as fast as its pace allows, so within all limits.

    Args:
        arm: Gives the joints' limits.
        move: As planned for that arm.
        elapsed: Time since the move began [s].
    """
    if elapsed >= move.table.duration:
        return Stop(table=_standing(move.table), reached=1.0)
    for share in GENTLER:
        braked = _braked_share(
            move.timing,
            elapsed,
            max(
                share * move.pace.acceleration,
                abs(float(rates(elapsed, *move.timing).acceleration)),
            ),
            share * move.pace.jerk,
        )
        if braked.duration < BRIEF:
            reached = min(float(braked.at(BRIEF)[0, 0]), 1.0)
            return Stop(table=_brief_stop(arm, move.table, elapsed), reached=reached)
        knots = knots_of(np.diff(braked.time), _pieces(braked.duration))
        gone = np.minimum(braked.at(knots)[:, 0], 1.0)
        gone[0] = float(profile(elapsed, *move.timing))
        table = _refitted(move.table, moment(gone, *move.timing), knots, elapsed)
        if _kept(arm, table):
            return Stop(table=table, reached=float(gone[-1]))
    stop = stop_table(arm, move.table, elapsed)
    return Stop(table=stop.table, reached=float(profile(stop.reached, *move.timing)))


def resume_tool_move(arm: Arm, move: ToolMove, reached: float) -> CubicTable:
    """Go on from a stop to the end of a tool move, from rest to rest, within its pace.

    Args:
        arm: Gives the joints' limits.
        move: The move that was stopped.
        reached: The share of the way gone, below 1.
    """
    timing = travel(1.0 - reached, *move.pace)
    duration, ramp, rise = (float(phase) for phase in timing)
    phases = [rise, ramp - 2 * rise, rise, duration - 2 * ramp, rise, ramp - 2 * rise, rise]
    knots = knots_of(phases, PIECES)
    gone = reached + (1.0 - reached) * profile(knots, *timing)
    joints = move.table.at(moment(np.minimum(gone, 1.0), *move.timing))
    table = spline_through(knots, joints)
    speed, acceleration, jerk = table.peaks()
    excess = [speed / arm.speed, np.sqrt(acceleration / arm.acceleration), np.cbrt(jerk / arm.jerk)]
    return table.stretched(max(1.0, float(np.max(excess))))


def stop_table(arm: Arm, table: CubicTable, elapsed: float, *, harder: float = 1.0) -> Stop:
    """Stop any motion on its path by slowing its clock, as fast as the joints' limits allow.

    The clock's rate falls from 1 to 0 along an S-curve. A motion that is already braking, or
    turning, at its limits can't brake harder on its path: it needs limits above those it was
    planned by. Where no clock will do it goes on to its own end, which is the stop.

    Args:
        arm: Gives the joints' limits.
        table: The motion, which ends at rest.
        elapsed: Time since it began [s].
        harder: How many times the limits of acceleration and jerk a stop may use, at least 1.
    """
    lasts = max(_shortest_clock_stop(arm, table, elapsed) / harder, 1e-3)
    while lasts <= min(SOFTEST, 2 * (table.duration - elapsed)):
        phases = np.full(3, lasts / 3)
        peak = 1.5 / lasts
        slowing = np.array([[0.0], [-peak], [-peak]])
        change = np.array([[-peak], [0.0], [peak]]) * 3 / lasts
        clock = CubicTable.of_pieces(phases, [elapsed], [1.0], acceleration=slowing, jerk=change)
        knots = knots_of(phases, PIECES)
        braked = _refitted(table, clock.at(knots)[:, 0], knots, elapsed)
        if _kept(arm, braked, harder):
            return Stop(table=braked, reached=float(clock.at(lasts)[0, 0]))
        lasts /= GENTLER[1]
    return Stop(table=_rest_of(table, elapsed), reached=table.duration)


def _shortest_clock_stop(arm: Arm, table: CubicTable, elapsed: float) -> float:
    """No stop of the clock can be shorter: speed must be lost at the joints' accelerations [s]."""
    velocity = table.state(elapsed).velocity[0]
    return float(np.max(np.abs(velocity) / arm.acceleration))


def _pieces(duration: float) -> int:
    """How many pieces a fitted table of such a length has [s]."""
    return min(PIECES, max(FEWEST_PIECES, int(duration / FINEST)))


def _braked_share(timing: Timing, elapsed: float, hardest: float, steepest: float) -> CubicTable:
    """The share of a profile gone while it brakes to rest, as a table of one column."""
    now = rates(elapsed, *timing)
    phases: Brake = brake(now.velocity, now.acceleration, deceleration=hardest, jerk=steepest)
    return CubicTable.of_pieces(
        phases.duration,
        [float(profile(elapsed, *timing))],
        [float(now.velocity)],
        acceleration=phases.acceleration[:, None],
        jerk=phases.jerk[:, None],
    )


def _refitted(table: CubicTable, own_time: Array, knots: Array, elapsed: float) -> CubicTable:
    """A motion braked to rest: at each knot it is where the table is at `own_time`."""
    now = table.state(elapsed)
    start = np.concatenate([now.velocity, now.acceleration])
    return spline_through(knots, table.at(own_time), start)


def _brief_stop(arm: Arm, table: CubicTable, elapsed: float) -> CubicTable:
    """Let every joint stop by itself, where that is over before it leaves the way."""
    position, velocity, acceleration = (column[0] for column in table.state(elapsed))
    return emergency_stop(
        position, velocity, acceleration, deceleration=arm.acceleration, jerk=arm.jerk
    )


def _rest_of(table: CubicTable, elapsed: float) -> CubicTable:
    """A table from a moment on."""
    if elapsed >= table.duration:
        return _standing(table)
    row = int(np.searchsorted(table.time[1:-1], elapsed, side="right"))
    now = table.state(elapsed)
    time = np.concatenate([[elapsed], table.time[row + 1 :]]) - elapsed
    coefficients = table.coefficients[row:].copy()
    coefficients[0, :3] = now.position[0], now.velocity[0], now.acceleration[0] / 2
    return CubicTable.build(time, coefficients)


def _standing(table: CubicTable) -> CubicTable:
    """A table that stays where another ends."""
    still = np.zeros((1, table.joint_count))
    return CubicTable.of_pieces(
        [0.0], table.at(table.duration)[0], still[0], acceleration=still, jerk=still
    )


def _kept(arm: Arm, table: CubicTable, harder: float = 1.0) -> bool:
    speed, acceleration, jerk = table.peaks()
    acceleration, jerk = acceleration / harder, jerk / harder
    return bool(
        np.all(speed <= arm.speed * KEPT)
        and np.all(acceleration <= arm.acceleration * KEPT)
        and np.all(jerk <= arm.jerk * KEPT)
    )
