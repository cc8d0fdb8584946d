"""Poses of a run again and again, in memory that is there: what a viewer or a renderer asks for.

The kernel places what has moved since the last look; what stands still keeps its numbers. It is the
same source compiled or interpreted, bit for bit. `twin.engine.poses` says the same in NumPy.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compiled_for
from twin.core.world import NONE, World
from twin.engine.frame_kernel import Canvas, Statics, place_all
from twin.engine.layout import Layout
from twin.motion import Paths
from twin.motion.chain_kernel import JOINT
from twin.motion.chain_lanes import LANES, Room
from twin.motion.path_kernel import FlatPaths
from twin.motion.program_kernel import FlatPrograms

__all__ = ["Frames"]


class Frames:
    """All robots and all parts of a run at the tick at which they were looked at last.

    Parts have a row each, which a part keeps as long as it is in the plant; `serial` is 0 where
    none is in sight, and the other columns mean nothing there. The arrays stay the same objects,
    until the plant holds more parts than ever: then those of the parts are made anew.
    """

    tick: int  # NONE before the first look
    serial: NDArray[np.int64]  # of the part in each row, 0 for none in sight, shape [n]
    look: NDArray[np.int64]  # row of the layout's looks, shape [n]
    xyz: NDArray[np.float64]  # world positions [m], shape [n, 3]
    wxyz: NDArray[np.float64]  # world orientations, shape [n, 4]
    joints: NDArray[np.float64]  # joint positions [rad], shape [robot_count, J]; J as in `Arms`
    links: NDArray[np.floating]  # base and links of each robot, shape [robot_count, J + 1, 3, 4]

    def __init__(self, layout: Layout, *, precision: type[np.floating] = np.float64) -> None:
        """Make room for all robots; for parts it is made as they come.

        Args:
            layout: Of the run's plant.
            precision: float64 or float32, of `links` only; it is computed in double.
        """
        self._statics = _statics(layout)
        robots, axes = len(layout.first_program), layout.programs.joints_from.shape[1]
        self.joints = np.full((robots, axes), np.nan)
        self.links = np.zeros((robots, axes + 1, 3, 4), precision)
        self._room = (np.zeros(LANES, np.int64), Room.blank())
        self._place: Any = None
        self.tick = NONE
        self._make_room(())

    def look_at(self, world: World, at: int | None = None, *, interpreted: bool = False) -> bool:
        """Write where everything is in a world; returns whether that is known.

        Args:
            world: Of the layout's plant.
            at: The tick, from the world's now to its next event; None is now.
            interpreted: Run the kernel as plain Python.
        """
        if world.part is not self._parts:
            self._make_room(world.part)
        when = NONE if at is None else at
        moving = (world.clock, world.heap, world.robot, world.part)
        arguments = (*moving, self._statics, self._canvas, when)
        if interpreted:
            tick = place_all(*arguments)
        else:
            self._place = self._place or compiled_for(place_all, arguments)
            tick = self._place(*arguments)
        self.tick = self.tick if tick == NONE else tick
        return tick != NONE

    def _make_room(self, rows: Any) -> None:
        self._parts, parts = rows, len(rows)
        self.serial, self.look = np.zeros((2, parts), np.int64)
        self.xyz, self.wxyz = np.zeros((parts, 3)), np.zeros((parts, 4))
        was = (np.full(parts, NONE, np.int64), np.zeros(parts))
        seen = (self.serial, self.look, self.xyz, self.wxyz, self.joints, self.links)
        self._canvas = Canvas(*seen, *was, *self._room)


def _statics(layout: Layout) -> Statics:
    paths, programs, arms = layout.paths, layout.programs, layout.arms
    axes = programs.joints_from.shape[1]
    return Statics(
        FlatPaths(paths.first, paths.count, paths.s, paths.xyz, paths.wxyz, _straight(paths)),
        FlatPrograms(
            programs.first, programs.count, programs.move_start, programs.move_duration,
            programs.ramp, programs.jerk, programs.joints_from, programs.joints_to,
            programs.first_piece, programs.piece_count, programs.knot, programs.cubic,
        ),
        np.zeros((0, axes, JOINT)) if arms is None else arms.table,
        layout.arm_row,
        np.argsort(layout.arm_row, kind="stable"),
        layout.bases,
    )  # fmt: skip


def _straight(paths: Paths) -> NDArray[np.bool_]:
    """Paths on which parts keep their turn."""
    path = np.repeat(np.arange(len(paths.first)), paths.count)
    turns = np.any(paths.wxyz != paths.wxyz[paths.first[path]], axis=1)
    return np.bincount(path[turns], minlength=len(paths.first)) == 0
