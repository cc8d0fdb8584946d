"""Where robots are in their programs, read from the world each step; parts cost nothing here."""

import numpy as np
from numpy.typing import NDArray

from twin.core.world import NONE, World
from twin.engine.layout import Layout
from twin.motion import SEGMENT, coordinate

__all__ = ["Robots"]

Array = NDArray[np.float64]


class Robots:
    """All robots of a run at one tick; the same numbers as `Simulation.poses` gives."""

    def __init__(self, world: World, layout: Layout, tick: int) -> None:
        """Look at them.

        Args:
            world: of the run.
            layout: of its plant.
            tick: when; no event is between the run's clock and it.
        """
        robots = world.robot
        segments = np.zeros(len(robots), SEGMENT)
        for name in ("tick", "duration", "start", "end", "ramp", "jerk", "track"):
            segments[name] = robots[name]
        self._layout = layout
        self._first = layout.first_program
        self.since: NDArray[np.int64] = segments["tick"]  # when each began what it does
        self._seen = segments["track"] != NONE
        self._track = np.where(self._seen, segments["track"], self._first)
        self.time: Array = np.where(self._seen, coordinate(segments, tick), 0.0)  # s into it

    def joints(self) -> Array:
        """Joint positions [rad], shape [robot_count, J]."""
        return self._layout.programs.joints(self._track, self.time)

    def frames(self, joints: Array, rows: list[int]) -> Array:
        """World frames of the links of some robots, base first, one robot after another."""
        arms = self._layout.arms
        assert arms is not None
        kind, base = self._layout.arm_row[rows], self._layout.bases[rows]
        frames = arms.link_frames(kind, joints[rows], base)
        return frames[np.arange(frames.shape[1]) <= arms.joint_count[kind][:, None]]
