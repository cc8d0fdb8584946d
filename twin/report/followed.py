"""Who moved how in a run, as movers for clearance: robots, and parts in each of their forms."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.journal import Journal
from twin.motion import Segments
from twin.physics.mover import Still, swept_box
from twin.physics.runs import PartRun, RobotRun
from twin.physics.shapes import RobotShape, Shapes, Standing
from twin.physics.travel import advances, radii, reaches_of

__all__ = ["Followed", "PartPhase"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartPhase:
    """A stretch of time in which a part of one form moves, or stands."""

    mover: PartRun
    serial: int
    look: int
    since: int
    until: int
    moving: bool


@dataclass(slots=True, eq=False)
class Followed:
    """The movers of a run."""

    journal: Journal
    shapes: Shapes
    _travels: dict[object, Array] = field(default_factory=dict[object, Array])
    _boxes: dict[object, Array] = field(default_factory=dict[object, Array])

    def robots(self) -> list[RobotRun | None]:
        """All robots in the plant's order; None for one without a shape."""
        segments = self.journal.segments
        segments = segments[segments["part"] == 0]
        order = np.argsort(segments["subject"], kind="stable")
        segments = segments[order]
        edges = np.searchsorted(segments["subject"], np.arange(len(self.shapes.robots) + 1))
        return [
            self._robot(row, shape, segments[first:last])
            for row, (shape, (first, last)) in enumerate(
                zip(self.shapes.robots, pairwise(edges.tolist()), strict=True)
            )
        ]

    def _robot(self, row: int, shape: RobotShape, segments: Segments) -> RobotRun | None:
        if not len(shape.solids):
            return None
        arm, layout = self.journal.plant.robots[row].arm, self.journal.layout
        balls = np.zeros((arm.joint_count + 1, 4))
        balls[shape.links] = [self.shapes.solids[solid].ball for solid in shape.solids]
        key = (id(arm), shape.solids.tobytes())
        if key not in self._travels:
            programs = layout.programs
            own = advances(arm, balls, programs.joints_from, programs.joints_to)
            most = radii(arm, reaches_of(balls))
            for move in np.flatnonzero(programs.piece_count).tolist():  # at its fastest throughout
                turn = programs.peaks(move)[0] * programs.move_duration[move]
                own[move] = (turn @ most).max()
            self._travels[key] = own
        return RobotRun(
            arm=arm, base=layout.bases[row], programs=layout.programs,
            first_program=int(layout.first_program[row]), segments=segments,
            solids=shape.solids, links=shape.links, balls=balls, travel=self._travels[key],
        )  # fmt: skip

    def parts(self, since: int, until: int, *, serial: int | None = None) -> Iterator[PartPhase]:
        """Every phase of parts in sight between two ticks; of one part if its serial is given."""
        segments = self.journal.segments
        segments = segments[segments["part"] > 0]
        if serial is not None:
            segments = segments[segments["part"] == serial]
        segments = segments[np.argsort(segments["subject"], kind="stable")]
        who = np.stack([segments["subject"], segments["part"], segments["look"]], axis=1)
        seen = segments["track"] >= 0
        new = np.any(np.diff(who, axis=0) != 0, axis=1) | (np.diff(seen) != 0)
        cuts = [0, *(np.flatnonzero(new) + 1).tolist(), len(segments)]
        for first, last in pairwise(cuts):
            if first < last and seen[first]:
                own = (
                    last < len(segments) and segments["subject"][last] == segments["subject"][first]
                )
                end = int(segments["tick"][last]) if own else until
                yield from self._phases(segments[first:last], since, min(end, until))

    def _phases(self, segments: Segments, since: int, until: int) -> Iterator[PartPhase]:
        look = int(segments["look"][0])
        solid = self.shapes.looks[look] if look >= 0 else -1
        if solid < 0:
            return
        mover = PartRun(
            paths=self.journal.layout.paths, segments=segments, solids=np.array([solid]),
            reaches=np.array([self.shapes.solids[solid].reach]),
        )  # fmt: skip
        for first, last, moving in _stretches(segments, until):
            begin, end = max(first, since), min(last, until)
            if begin < end:
                yield PartPhase(
                    mover=mover, serial=int(segments["part"][0]), look=look,
                    since=begin, until=end, moving=moving,
                )  # fmt: skip

    def coarse_box(self, robot: RobotRun) -> Array:
        """A box around all that a robot could ever reach, shape [2, 3] [m]."""
        reaches = reaches_of(robot.balls)
        far = float(radii(robot.arm, reaches)[0].max()) + float(
            np.linalg.norm(robot.arm.fixed[0, :3, 3])
        )
        far = max(far, float(reaches[0]))
        return robot.base[:3, 3] + np.array([[-far], [far]])

    def box(self, mover: RobotRun | PartRun | Still, since: int, until: int) -> Array:
        """A box around all that a mover reaches between two ticks, shape [2, 3] [m]."""
        key = (id(mover), since, until)
        if key not in self._boxes:
            self._boxes[key] = swept_box(mover, since, until)
        return self._boxes[key]

    def still(self, things: list[Standing]) -> Still:
        """Things that stand, as one mover."""
        rows = np.array([each.solid for each in things], np.int64)
        return Still(
            solids=rows,
            reaches=np.array([self.shapes.solids[each.solid].reach for each in things]),
            placed=np.array([each.frame for each in things]).reshape(-1, 4, 4),
        )


def _stretches(segments: Segments, until: int) -> Iterator[tuple[int, int, bool]]:
    """When a part moves and when it stands, one after the other."""
    begin, was = int(segments["tick"][0]), False
    for row, tick in enumerate(segments["tick"].tolist()):
        moves = segments["start"][row] != segments["end"][row] and segments["duration"][row] > 0
        if moves != was:
            yield begin, tick, was
            begin, was = tick, bool(moves)
        arrival = tick + int(segments["duration"][row])
        later = int(segments["tick"][row + 1]) if row + 1 < len(segments) else until
        if moves and arrival < later:
            yield begin, arrival, True
            begin, was = arrival, False
    yield begin, until, was
