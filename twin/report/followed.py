"""Who moved how in a run, as movers for clearance: robots, and parts in each of their forms."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.core.record import ATTACHED, DETACHED, MOVE
from twin.journal import Journal
from twin.journal.column import Rows
from twin.motion import Segments
from twin.physics.mover import Still, swept_box
from twin.physics.odometer import Odometer
from twin.physics.runs import PartRun, RobotRun
from twin.physics.shapes import RobotShape, Shapes, Standing
from twin.physics.travel import radii, reaches_of
from twin.report.phases import PartPhase, stretches

__all__ = ["Followed"]

Array = NDArray[np.float64]


@dataclass(eq=False)
class Followed:
    """The movers of a run."""

    journal: Journal
    shapes: Shapes
    _travels: dict[object, Odometer] = field(default_factory=dict[object, Odometer])
    _boxes: dict[object, Array] = field(default_factory=dict[object, Array])
    _halves: dict[int, tuple[RobotRun, RobotRun]] = field(
        default_factory=dict[int, tuple[RobotRun, RobotRun]]
    )

    @cached_property
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

    @cached_property
    def places_of_robots(self) -> list[int]:
        """The row of the place that each robot works at."""
        places = self.journal.plant.places
        return [row for row, place in enumerate(places) for _ in place.robots]

    def split(self, robot: RobotRun) -> tuple[RobotRun, RobotRun]:
        """Its last link alone, which has the tool, and all others."""
        if id(robot) not in self._halves:
            last = robot.links == robot.arm.joint_count
            self._halves[id(robot)] = robot.only(last), robot.only(~last)
        return self._halves[id(robot)]

    def _robot(self, row: int, shape: RobotShape, segments: Segments) -> RobotRun | None:
        if not len(shape.solids):
            return None
        arm, layout = self.journal.plant.robots[row].arm, self.journal.layout
        balls = np.zeros((arm.joint_count + 1, 4))
        balls[shape.links] = [self.shapes.solids[solid].ball for solid in shape.solids]
        key = (id(arm), shape.solids.tobytes())
        if key not in self._travels:
            programs = layout.programs.narrowed(arm.joint_count)
            cubic = np.flatnonzero(programs.piece_count).tolist()
            tables = {move: programs.table(move) for move in cubic}
            self._travels[key] = Odometer.build(arm, balls, programs, tables)
        return RobotRun(
            arm=arm, base=layout.bases[row], programs=self._travels[key].programs,
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
        for first, last, moving in stretches(segments, until):
            begin, end = max(first, since), min(last, until)
            if begin < end:
                yield PartPhase(
                    mover=mover, serial=int(segments["part"][0]), look=look,
                    since=begin, until=end, moving=moving,
                    places=self._places(int(segments["part"][0]), begin, end),
                )  # fmt: skip

    @cached_property
    def _moves(self) -> Rows:
        """All moves of parts from place to place, part by part."""
        moves = self.journal.events[self.journal.events["code"] == MOVE]
        return moves[np.argsort(moves["part"], kind="stable")]

    def _places(self, serial: int, since: int, until: int) -> frozenset[int]:
        """Rows of the places that a part is in between two ticks."""
        moves = self._moves
        own = moves[slice(*np.searchsorted(moves["part"], (serial, serial + 1)).tolist())]
        first = max(0, int(np.searchsorted(own["tick"], since, side="right")) - 1)
        last = int(np.searchsorted(own["tick"], until))
        found = frozenset[int](own["place"][first : max(last, first + 1)].tolist())
        for tick, carrier, end in self._carried.get(serial, ()):
            if tick < until and since < end:  # it is where the part is that it travels with
                found |= self._places(carrier, max(since, tick), min(until, end))
        return found

    @cached_property
    def _carried(self) -> dict[int, list[tuple[int, int, int]]]:
        """By serial of attached parts: from when, with which part, until when."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        events = self.journal.events
        some = events[np.isin(events["code"], (ATTACHED, DETACHED))]
        for tick, part, code, carrier in zip(
            *(some[name].tolist() for name in ("tick", "part", "code", "value")), strict=True
        ):
            spans = found.setdefault(part, [])
            if code == ATTACHED:
                spans.append((tick, carrier, self.journal.until))
            elif spans:
                spans[-1] = (*spans[-1][:2], tick)
        return found

    @cached_property
    def standing_boxes(self) -> list[Array]:
        """The box around each thing that stands, from the ball around it, shape [2, 3] [m]."""
        found: list[Array] = []
        for thing in self.shapes.standing:
            ball = self.shapes.solids[thing.solid].ball
            middle = thing.frame[:3, :3] @ ball[:3] + thing.frame[:3, 3]
            found.append(middle + np.array([[-1.0], [1.0]]) * ball[3])
        return found

    @cached_property
    def _coarse(self) -> Array:
        """A box around all that each robot could ever reach, shape [n, 2, 3] [m]; else nothing."""
        boxes = np.full((len(self.robots), 2, 3), np.nan)
        for row, robot in enumerate(self.robots):
            if robot is not None:
                reaches = reaches_of(robot.balls)
                far = float(radii(robot.arm, reaches)[0].max())
                far += float(np.linalg.norm(robot.arm.fixed[0, :3, 3]))
                far = max(far, float(reaches[0]))
                boxes[row] = robot.base[:3, 3] + np.array([[-far], [far]])
        return boxes

    def robots_near(self, box: Array, margin: float) -> list[int]:
        """Rows of the robots that could ever come within a margin of a box [m]."""
        low, high = self._coarse[:, 0], self._coarse[:, 1]
        near = ((low - margin <= box[1]) & (box[0] - margin <= high)).all(axis=1)
        return np.flatnonzero(near).tolist()

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
