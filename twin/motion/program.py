"""Robot programs: a chain of joint moves and waits, evaluated at any time.

A move is an S-curve from rest to rest, common to all joints, or a table of cubics: the way of a
tool along a line, or through waypoints without a stop.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm
from twin.motion.cubic import CubicTable
from twin.motion.profile import Timing, profile, synchronised, to_whole_ticks
from twin.motion.rows import first_rows, last_at_or_before, read_only

__all__ = ["PlannedProgram", "Programs", "plan_program"]

SHORTEST = 1e-9  # s: how long a move lasts at least, to be divided by


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedProgram:
    """Moves that follow one another without a gap, the first from time 0; a wait is a move too.

    All arrays have a row per move and are read-only; starts and durations are whole microseconds.
    """

    start: NDArray[np.float64]  # when each move begins in the program [s], shape [m]
    duration: NDArray[np.float64]  # how long it takes [s], shape [m]
    ramp: NDArray[np.float64]  # acceleration time [s], shape [m]
    jerk: NDArray[np.float64]  # jerk-phase time [s], shape [m]
    joints_from: NDArray[np.float64]  # joint positions at its start [rad], shape [m, J]
    joints_to: NDArray[np.float64]  # joint positions at its end [rad], shape [m, J]
    tables: Mapping[int, CubicTable] = field(default_factory=lambda: MappingProxyType({}))
    """Of the moves that are no S-curves, by row; each lasts as long as its move."""
    idle: frozenset[int] = frozenset()
    """Rows in which the robot stands still but does not weld: it waits, picks or places."""

    @property
    def length(self) -> float:
        """How long the whole program takes [s], whole microseconds."""
        return round(float(self.start[-1]) + float(self.duration[-1]), 6)


def plan_program(
    arm: Arm, waypoints: ArrayLike, dwell: ArrayLike, *, where: str = "program"
) -> PlannedProgram:
    """Time the moves through waypoints: each as fast as the arm's limits allow, rest to rest.

    Args:
        arm: Gives the limits.
        waypoints: Joint positions [rad], shape [n, J], n >= 1; the program starts at the first.
        dwell: How long to wait at each [s], shape [n], or one for all.
        where: Whose program it is, for messages: a prim path.

    Raises:
        SceneError: a waypoint is misshapen or beyond a limit, or a wait is negative.
    """
    points, waits = _checked(arm, waypoints, dwell, where)
    before, after = np.repeat(points, 2, axis=0)[:-1], np.repeat(points, 2, axis=0)[1:]
    timing = to_whole_ticks(_waits_and_moves(arm, points, waits))
    keep = timing.duration > 0
    keep[0] |= not keep.any()  # a program holds a pose even if nothing in it takes time
    duration = timing.duration[keep]
    return PlannedProgram(
        start=read_only(np.round(np.cumsum(duration) - duration, 6)),
        duration=read_only(duration),
        ramp=read_only(timing.ramp[keep]),
        jerk=read_only(timing.jerk[keep]),
        joints_from=read_only(before[keep]),
        joints_to=read_only(after[keep]),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Programs:
    """All programs of a plant, end to end in flat read-only arrays; row order is the caller's."""

    first: NDArray[np.int64]  # first move of each program, shape [program_count]
    count: NDArray[np.int64]  # its number of moves, shape [program_count]
    duration: NDArray[np.float64]  # of each program [s], shape [program_count]
    move_start: NDArray[np.float64]  # [s] into its program, shape [move_count]
    move_duration: NDArray[np.float64]  # [s], shape [move_count]
    ramp: NDArray[np.float64]  # [s], shape [move_count]
    jerk: NDArray[np.float64]  # [s], shape [move_count]
    joints_from: NDArray[np.float64]  # [rad], shape [move_count, J]
    joints_to: NDArray[np.float64]  # [rad], shape [move_count, J]
    first_piece: NDArray[np.int64]  # of a move's table, shape [move_count]
    piece_count: NDArray[np.int64]  # 0 for an S-curve, shape [move_count]
    knot: NDArray[np.float64]  # when each piece begins in its move [s], shape [piece_count]
    cubic: NDArray[np.float64]  # c0 to c3 of each piece and joint, shape [piece_count, 4, J]
    idle: NDArray[np.bool_]  # whether the robot stands and does not weld, shape [move_count]

    @classmethod
    def build(cls, programs: Iterable[PlannedProgram], *, joint_count: int = 6) -> Self:
        """Lay programs end to end; the first is program row 0.

        Args:
            programs: One given again shares its moves.
            joint_count: J: as many as the longest arm has; those that others lack stay at 0.
        """
        rows = list(programs)
        programs = list({id(each): each for each in rows}.values())
        row_of = {id(each): row for row, each in enumerate(programs)}
        own = np.array([row_of[id(each)] for each in rows], dtype=np.int64)
        count = np.array([len(p.start) for p in programs], dtype=np.int64)
        duration = np.array([p.length for p in programs], dtype=np.float64)
        none, nowhere = np.empty(0), np.empty((0, joint_count))
        before = [_widened(p.joints_from, joint_count) for p in programs]
        after = [_widened(p.joints_to, joint_count) for p in programs]
        tables = [p.tables.get(row) for p in programs for row in range(len(p.start))]
        pieces = np.array([len(t.coefficients) if t else 0 for t in tables], dtype=np.int64)
        known = [table for table in tables if table]
        return cls(
            first=read_only(first_rows(count)[own]),
            count=read_only(count[own]),
            duration=read_only(duration[own]),
            move_start=read_only(np.concatenate([none, *(p.start for p in programs)])),
            move_duration=read_only(np.concatenate([none, *(p.duration for p in programs)])),
            ramp=read_only(np.concatenate([none, *(p.ramp for p in programs)])),
            jerk=read_only(np.concatenate([none, *(p.jerk for p in programs)])),
            joints_from=read_only(np.concatenate([nowhere, *before])),
            joints_to=read_only(np.concatenate([nowhere, *after])),
            first_piece=read_only(first_rows(pieces)),
            piece_count=read_only(pieces),
            knot=read_only(np.concatenate([none, *(t.time[:-1] for t in known)])),
            cubic=read_only(
                np.concatenate(
                    [np.empty((0, 4, joint_count))]
                    + [_widened(table.coefficients, joint_count) for table in known]
                )
            ),
            idle=read_only(
                np.array([row in p.idle for p in programs for row in range(len(p.start))], np.bool_)
            ),
        )

    def narrowed(self, joint_count: int) -> Self:
        """The same programs with the first joints only: those that an arm has."""
        if joint_count == self.joints_from.shape[1]:
            return self
        return replace(
            self,
            joints_from=self.joints_from[:, :joint_count],
            joints_to=self.joints_to[:, :joint_count],
            cubic=self.cubic[..., :joint_count],
        )

    @property
    def moves(self) -> NDArray[np.float64]:
        """All moves as rows start, duration, ramp, jerk, from J, to J; [move_count, 4 + 2 J]."""
        timing = (self.move_start, self.move_duration, self.ramp, self.jerk)
        return np.column_stack([*timing, self.joints_from, self.joints_to])

    def peaks(self, move: int) -> NDArray[np.float64]:
        """Largest |speed| and |acceleration| of each joint in a move, shape [2, J]."""
        if not self.piece_count[move]:
            way = np.abs(self.joints_to[move] - self.joints_from[move])
            ramp, jerk = self.ramp[move], self.jerk[move]
            speed = 1.0 / max(self.move_duration[move] - ramp, SHORTEST)
            return np.stack([way * speed, way * (speed / (ramp - jerk) if ramp > 0 else 0.0)])
        return self.table(move).peaks()[:2]

    def table(self, move: int) -> CubicTable:
        """The cubics of a move that has some."""
        rows = slice(self.first_piece[move], self.first_piece[move] + self.piece_count[move])
        time = np.append(self.knot[rows], self.move_duration[move])
        return CubicTable.build(time, self.cubic[rows])

    def content(self, program: int) -> bytes:
        """All that a program does, as bytes; programs that do the same have the same."""
        moves = slice(self.first[program], self.first[program] + self.count[program])
        timing = (self.move_start, self.move_duration, self.ramp, self.jerk)
        columns = [column[moves].tobytes() for column in (*timing, self.idle)]
        columns += [self.joints_from[moves].tobytes(), self.joints_to[moves].tobytes()]
        for move in np.flatnonzero(self.piece_count[moves]) + moves.start:
            columns.append(self.table(int(move)).coefficients.tobytes())
            columns.append(self.table(int(move)).time.tobytes())
        return b"".join(columns)

    def joints(self, program: ArrayLike, time: ArrayLike) -> NDArray[np.float64]:
        """Joint positions of robots, each so far into a program.

        Args:
            program: Program rows, shape [n].
            time: How far into its program each robot is [s], shape [n]; beyond an end it stays.

        Returns:
            Joint positions [rad], shape [n, J].
        """
        row = np.asarray(program, dtype=np.int64)
        time = np.asarray(time, dtype=np.float64)
        move = last_at_or_before(self.move_start, self.first[row], self.count[row], time)
        since = time - self.move_start[move]
        done = profile(since, self.move_duration[move], self.ramp[move], self.jerk[move])
        a, b = self.joints_from[move], self.joints_to[move]
        joints = np.where(done[:, None] < 1.0, a + (b - a) * done[:, None], b)
        if len(self.knot):
            rows = np.flatnonzero((self.piece_count[move] > 0) & (done < 1.0))
            joints[rows] = self._from_tables(move[rows], np.maximum(since[rows], 0.0))
        return joints

    def _from_tables(
        self, move: NDArray[np.int64], since: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Joint positions of moves with tables, seconds after they began."""
        first, count = self.first_piece[move], self.piece_count[move]
        piece = last_at_or_before(self.knot, first, count, since)
        u = (since - self.knot[piece])[:, None]
        c0, c1, c2, c3 = np.moveaxis(self.cubic[piece], 1, 0)
        return c0 + u * (c1 + u * (c2 + u * c3))


def _widened(joints: NDArray[np.float64], joint_count: int) -> NDArray[np.float64]:
    """Joints on the last axis, and zeros up to so many."""
    more = joint_count - joints.shape[-1]
    return np.concatenate([joints, np.zeros((*joints.shape[:-1], more))], axis=-1)


def _waits_and_moves(arm: Arm, points: NDArray[np.float64], waits: NDArray[np.float64]) -> Timing:
    """Times of wait, move, wait, move, ..., wait: shape [2 n - 1]."""
    speed, acceleration, jerk = arm.speed, arm.acceleration, arm.jerk
    going = synchronised(points[:-1], points[1:], speed=speed, acceleration=acceleration, jerk=jerk)
    duration, ramp, phase = np.zeros((3, 2 * len(points) - 1))
    duration[0::2] = waits
    duration[1::2], ramp[1::2], phase[1::2] = going
    return Timing(duration, ramp, phase)


def _checked(
    arm: Arm, waypoints: ArrayLike, dwell: ArrayLike, where: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Waypoints [n, J] and waits [n], or what is wrong with them."""
    points, waits = np.asarray(waypoints, dtype=np.float64), np.asarray(dwell, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != arm.joint_count or not len(points):
        rule = f"waypoints must have shape [n, {arm.joint_count}], n >= 1"
        raise SceneError([Problem(where, rule, str(points.shape))])
    if waits.shape not in {(), (len(points),)}:
        rule = f"dwell must have shape [{len(points)}], or be one number"
        raise SceneError([Problem(where, rule, str(waits.shape))])
    waits = np.broadcast_to(waits, len(points))
    problems = _faults(arm, points, waits, where)
    if problems:
        raise SceneError(problems)
    return points, waits


def _faults(
    arm: Arm, points: NDArray[np.float64], waits: NDArray[np.float64], where: str
) -> list[Problem]:
    """Waypoints beyond a limit and waits below zero."""
    outside = ~((points >= arm.lower) & (points <= arm.upper))
    scale = np.where(arm.prismatic, 1.0, np.degrees(1.0))
    lower, upper, shown = arm.lower * scale, arm.upper * scale, points * scale
    units = np.where(arm.prismatic, "m", "degrees")
    problems = [
        Problem(
            f"{where} waypoint {i + 1}",
            f"joint {j + 1} must be within {lower[j]:.6g} and {upper[j]:.6g} {units[j]}",
            f"{shown[i, j]:.6g}",
        )
        for i, j in np.argwhere(outside)
    ]
    return problems + [
        Problem(f"{where} waypoint {i + 1}", "dwell must be >= 0 [s] and finite", f"{waits[i]}")
        for i in np.flatnonzero(~((waits >= 0) & np.isfinite(waits)))
    ]
