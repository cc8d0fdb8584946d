"""What of a run one topic is told: an area or everything, as segments or as poses."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from server.area import Area
from server.tape import Note, Tape
from twin.engine.layout import Layout
from twin.engine.poses import poses_from

__all__ = ["Look", "Reading"]

Rows = NDArray[Any]  # structured
Array = NDArray[Any]


class Look(NamedTuple):
    """Where everything of a topic is at a tick."""

    tick: int
    parts: Mapping[str, Array]  # xyz, wxyz, part, look
    robot: Array  # row of the robot of each joint, shape [n]
    joint: Array  # its position, shape [n]


class Reading:
    """One topic's view of the run."""

    def __init__(self, layout: Layout, area: Area | None = None, *, poses: float = 0.0) -> None:
        """View a run.

        Args:
            layout: of its plant.
            area: what is looked at; None: everything.
            poses: how many poses a second [Hz]; 0: segments.
        """
        self._layout = layout
        self._area = area
        self.poses = poses
        self._due = 0.0  # wall time of the next look [s]
        self._last = -1  # tick of the last one
        robots = np.arange(len(layout.first_program))
        if area is not None:
            robots = robots[area.robots]
        counts = np.zeros(0, np.int64)
        if layout.arms is not None:
            counts = layout.arms.joint_count[layout.arm_row[robots]]
        self._robot = np.repeat(robots, counts)
        self._axis = np.arange(len(self._robot)) - np.repeat(np.cumsum(counts) - counts, counts)

    def begin(self, rows: Rows) -> None:
        """Time is set anew: these segments hold now, or later."""
        self._due, self._last = 0.0, -1
        if self._area is not None:
            self._area.begin(rows)

    def segments(self, rows: Rows) -> Rows:
        """What of new segments is told."""
        if self.poses:
            return rows[:0]
        return rows if self._area is None else self._area.segments(rows)

    def segments_for(self, rows: Rows) -> Rows:
        """What of all segments that hold now or later one who has just come must know."""
        return rows if self._area is None else self._area.segments_for(rows)

    def states(self, rows: Rows) -> Rows:
        """What of state changes is told."""
        return rows if self._area is None else self._area.states(rows)

    def notes(self, notes: Sequence[Note]) -> list[Note]:
        """What of notes is told."""
        return list(notes) if self._area is None else self._area.notes(notes)

    def dues(self, wall: float, ahead: float) -> list[float]:
        """Wall times [s] of the looks that are due by now, and for so long ahead [s]."""
        if not self.poses:
            return []
        first = max(self._due, wall)
        count = int((wall + ahead - first) * self.poses) + 1 if first <= wall + ahead else 0
        dues = [first + number / self.poses for number in range(count)]
        self._due = first + count / self.poses
        return dues

    def look(self, tape: Tape, tick: int, *, always: bool = False) -> Look | None:
        """Where everything is at a tick; None if that has been told, unless it is `always`."""
        if tick <= self._last and not always:
            return None
        self._last = tick
        return Look(tick, *self._poses(self.segments_for(tape.segments.at(tick)), tick))

    def _poses(self, rows: Rows, tick: int) -> tuple[Mapping[str, Array], Array, Array]:
        poses = poses_from(rows, self._layout, tick)
        parts = {"xyz": poses.xyz, "wxyz": poses.wxyz, "part": poses.serial, "look": poses.look}
        return parts, self._robot, poses.joints[self._robot, self._axis]
