"""What the odometer of an arm shows in its programs: how far any of its points can have gone.

In a straight joint move all joints are equally far gone, so the whole move's advance is shared out
by the profile. In a table of cubics each joint turns back where it likes: what counts is its way
there and back, exact between the extremes of each cubic, times the longest lever in that piece.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion import Arm, Programs
from twin.motion.cubic import CubicTable
from twin.motion.profile import profile
from twin.motion.rows import first_rows, last_at_or_before, read_only
from twin.physics.travel import POSES, advances, levers

__all__ = ["Odometer", "travelled"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
NO_TABLES: Mapping[int, CubicTable] = {}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Odometer:
    """The advance of one arm in every move of all programs; it only ever rises."""

    programs: Programs
    advance: Array  # of each move [m], shape [move_count]
    before: Array  # of all moves before each, from the first row of all [m], shape [move_count]
    first: Rows  # first piece of each move, shape [move_count]
    count: Rows  # its number of pieces; 0 for a straight move, shape [move_count]
    knot: Array  # when each piece begins in its move [s], shape [piece_count]
    cubic: Array  # c0 to c3 of each piece and joint, shape [piece_count, 4, J]
    lever: Array  # the longest of each joint in each piece [m], shape [piece_count, J]
    gone: Array  # advance in its move before each piece [m], shape [piece_count]

    @classmethod
    def build(
        cls,
        arm: Arm,
        balls: Array,
        programs: Programs,
        tables: Mapping[int, CubicTable] = NO_TABLES,
    ) -> Self:
        """Work out how far every move goes.

        Args:
            arm: that runs the programs.
            balls: middle and radius of a ball around each link [m], shape [J + 1, 4].
            programs: all programs.
            tables: of the moves that are no straight joint moves, by row.
        """
        known = [tables[row] for row in sorted(tables)]
        count = np.zeros(len(programs.move_start), np.int64)
        count[sorted(tables)] = [len(table.coefficients) for table in known]
        joints = arm.joint_count
        cubic = np.concatenate([np.empty((0, 4, joints)), *(t.coefficients for t in known)])
        span = np.concatenate([np.empty(0), *(np.diff(table.time) for table in known)])
        lever = _longest(arm, balls, cubic, span)
        ways = (lever * travelled(cubic, span)).sum(axis=1)
        move = np.repeat(np.arange(len(count)), count)
        advance = advances(arm, balls, programs.joints_from, programs.joints_to)
        advance[count > 0] = np.bincount(move, ways, len(count))[count > 0]
        first, total = first_rows(count), np.cumsum(ways) - ways
        return cls(
            programs=programs,
            advance=read_only(advance),
            before=read_only(np.cumsum(advance) - advance),
            first=read_only(first),
            count=read_only(count),
            knot=read_only(np.concatenate([np.empty(0), *(table.time[:-1] for table in known)])),
            cubic=read_only(cubic),
            lever=read_only(lever),
            gone=read_only(total - total[first[move]]),
        )

    def at(self, program: ArrayLike, time: ArrayLike) -> Array:
        """What it shows so far into programs [m], shape [n].

        Args:
            program: rows, shape [n].
            time: [s], shape [n]; beyond an end it stays.
        """
        programs, row = self.programs, np.asarray(program, dtype=np.int64)
        time = np.asarray(time, dtype=np.float64)
        move = last_at_or_before(
            programs.move_start, programs.first[row], programs.count[row], time
        )
        since = np.clip(time - programs.move_start[move], 0.0, programs.move_duration[move])
        done = profile(
            since, programs.move_duration[move], programs.ramp[move], programs.jerk[move]
        )
        shown = self.advance[move] * done
        bent = np.flatnonzero(self.count[move])
        shown[bent] = self._in_table(move[bent], since[bent])
        return self.before[move] + shown

    def _in_table(self, move: Rows, since: Array) -> Array:
        piece = last_at_or_before(self.knot, self.first[move], self.count[move], since)
        ways = travelled(self.cubic[piece], since - self.knot[piece])
        shown = self.gone[piece] + (self.lever[piece] * ways).sum(axis=1)
        return np.minimum(shown, self.advance[move])


def travelled(cubic: Array, until: Array) -> Array:
    """How far joints go along cubics from u = 0 on, there and back summed up, shape [n, J].

    Args:
        cubic: c0 to c3 of each, shape [n, 4, J].
        until: u at the end, >= 0, shape [n].
    """
    _, c1, c2, c3 = np.moveaxis(cubic, 1, 0)
    end = np.broadcast_to(until[:, None], c1.shape)
    spread = c2 * c2 - 3.0 * c1 * c3
    both = c2 + np.copysign(np.sqrt(np.maximum(spread, 0.0)), c2)
    with np.errstate(divide="ignore", invalid="ignore"):
        turns = np.stack([-both / (3.0 * c3), -c1 / both])  # where the speed is 0
    turns = np.where((spread > 0) & np.isfinite(turns), turns, 0.0)
    knots = np.sort(np.clip([np.zeros_like(c1), *turns, end], 0.0, end), axis=0)
    places = knots * (c1 + knots * (c2 + knots * c3))
    return np.abs(np.diff(places, axis=0)).sum(axis=0)


def _longest(arm: Arm, balls: Array, cubic: Array, span: Array) -> Array:
    """The longest lever of each joint during pieces, whatever the link, shape [n, J] [m]."""
    shares = np.linspace(0.0, 1.0, POSES)
    u = (shares[:, None] * span)[..., None]
    c0, c1, c2, c3 = np.moveaxis(cubic, 1, 0)
    poses = c0 + u * (c1 + u * (c2 + u * c3))
    ways = np.stack([travelled(cubic, span * share) for share in shares])
    step = np.diff(ways, axis=0).max(axis=0)
    return levers(arm, balls, poses, step).max(axis=2)
