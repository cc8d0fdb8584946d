"""Where in its programs a robot may brake on its path, and how fast, within its joints' limits.

Let the clock of a program lose its rate evenly in T seconds. Where the clock's rate is r, a joint
with speed v and acceleration a in the program has the acceleration a r^2 - v / T, and a r^2 + v / T
when it comes back. For a move from rest to rest with full speed after a ramp, T of one and a half
ramps keeps the planned peak, whatever the share of jerk in it: while the joint is braking anyway
there is no time to brake twice, so a robot that is nearer to the end of its move than T runs on to
it, where it stands. The same backwards keeps the start within the limits. For a table of cubics, T
is looked for and both ways are evaluated.

A robot so never crosses the end of a move while it is ahead of its station's clock: zones and
signals between robots keep their order.
"""

import numpy as np
from numpy.typing import NDArray

from twin.motion.cubic import CubicTable
from twin.motion.program import Programs
from twin.units import TICKS_PER_SECOND

__all__ = ["brake_rows", "table_brakes"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

RAMPS = 1.5  # in which a clock stops within the acceleration of a move
HARDEST = 0.95  # of a joint's limit, at the moments of a table that are looked at
APART = 0.02  # s between moments of a table at which a stop may begin
FINE = 4  # looks from one to the next
ROUNDING = 1e-9
LONGER = tuple(1.35**k for k in range(8))  # times the shortest stop, tried in turn
SOFTEST = 3.0  # s: a stop that would take longer is left to the motion's own end


def brake_rows(programs: Programs, acceleration: Array) -> tuple[Rows, Rows, Rows]:
    """How to brake in every program.

    Args:
        programs: All of a plant.
        acceleration: Limits of the joints that run each, shape [program_count, J].

    Returns:
        Rows [n, 3] in ticks, program by program in rising time: from when on it holds, until when
        the robot first runs on at the planned rate, and the time T in which its clock then stops,
        0 where the robot stands. Then of each program its first row and its number of rows.
    """
    stop = RAMPS * programs.ramp
    at_once = np.stack([programs.move_start, np.zeros_like(stop), stop], axis=1)
    end = programs.move_start + programs.move_duration
    run_on = np.stack([end - stop, end, np.zeros_like(stop)], axis=1)
    rows = np.stack([at_once, run_on], axis=1)
    parts = [rows[move, : 2 if stop[move] > 0 else 1] for move in range(len(rows))]
    begins, known = np.unique(programs.first, return_index=True)
    for move in np.flatnonzero(programs.piece_count):
        program = known[np.searchsorted(begins, move, side="right") - 1]
        brakes = table_brakes(programs.table(int(move)), acceleration[program])
        brakes[:, :2] += programs.move_start[move] * (brakes[:, :2] > 0.0)
        brakes[0, 0] = programs.move_start[move]
        parts[move] = brakes
    ends = np.cumsum([0, *map(len, parts)])
    first = ends[programs.first]
    flat = np.concatenate([np.zeros((0, 3)), *parts])
    ticks = np.round(flat * TICKS_PER_SECOND).astype(np.int64)
    return ticks, first, ends[programs.first + programs.count] - first


def table_brakes(table: CubicTable, acceleration: Array) -> Array:
    """How to brake in a motion made of cubics: rows as of `brake_rows`, but in its seconds [s].

    Args:
        table: It begins and ends at rest.
        acceleration: Limits of the joints, shape [J].
    """
    moments = np.linspace(0.0, table.duration, max(int(table.duration / APART), 8) + 1)
    shortest = float(np.max(table.peaks()[0] / acceleration)) / HARDEST
    longest = min(table.duration, SOFTEST)
    tried = [shortest * longer for longer in LONGER if 0.0 < shortest * longer < longest]
    stops: Array = np.array(tried, dtype=np.float64)
    kept = _kept(table, acceleration, moments, stops)
    both = kept[:-1] & kept[1:]  # a stop between two moments is as good as both
    rows: list[tuple[float, float, float]] = []
    until, stop = table.duration, 0.0  # what a robot does that can't brake yet
    for row in reversed(range(len(both))):
        now = float(moments[row])
        if both[row].any():
            until, stop = now, float(stops[np.argmax(both[row])])
            rows.append((now, 0.0, stop))
        elif until + stop < table.duration:
            rows.append((now, until, stop))
        else:
            rows.append((now, table.duration, 0.0))
    return np.array(rows[::-1])


def _kept(
    table: CubicTable, acceleration: Array, moments: Array, stops: Array
) -> NDArray[np.bool_]:
    """Whether limits are kept if a stop of each length begins at each moment; [m, n].

    Where the clock's rate is r, a stop that began at p0 has come to p0 + T (1 - r^2) / 2, and the
    way on is at p0 + T (1 + r^2) / 2. So at each look there is a largest r^2, for either.
    """
    looks = (len(moments) - 1) * FINE
    step = table.duration / looks
    state = table.state(np.linspace(0.0, table.duration, looks + 1))
    speed, change = state.velocity / acceleration, state.acceleration / acceleration
    kept = np.zeros((len(moments), len(stops)), np.bool_)
    begin = np.arange(0, looks + 1, FINE)[:, None]
    for column, lasts in enumerate(stops.tolist()):
        half = int(np.ceil(lasts / 2 / step))
        begins = begin[begin[:, 0] + 2 * half <= looks]
        share = np.arange(half + 1) * (2 * step / lasts)  # of the rate's square that is lost
        braking, going = (_most(change, side * speed / lasts) for side in (-1.0, 1.0))
        rows = begins + np.arange(half + 1)
        slow, fast = np.maximum(1.0 - share, 0.0), np.minimum(share, 1.0)
        kept[: len(begins), column] = np.all(slow <= braking[rows], axis=1)
        kept[: len(begins), column] &= np.all(fast <= going[rows + half], axis=1)
    return kept


def _most(change: Array, more: Array) -> Array:
    """The largest square of the rate at each look at which no joint is beyond its limit, [k].

    Args:
        change: planned accelerations, as shares of the limits, shape [k, J].
        more: what a change of rate adds to them, shape [k, J].
    """
    limit = np.maximum(HARDEST, np.abs(change))
    same = change * more > 0.0
    most = (limit - np.abs(more)) / np.where(same, np.abs(change), 1.0)
    most = np.where(same, most, np.where(np.abs(more) <= limit, 1.0, -1.0))
    return np.min(most, axis=1) + ROUNDING
