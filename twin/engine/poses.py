"""Where everything is at one time: a pure function of the motion segments that are valid then."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.core.world import NONE, World
from twin.engine.layout import Layout
from twin.motion import SEGMENT, Segments, coordinate

__all__ = ["Poses", "poses_from", "segments_now"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Poses:
    """A moment: all parts in sight, and all robots."""

    tick: int
    serial: NDArray[np.int32]  # of each part in sight, rising, shape [n]
    look: NDArray[np.int32]  # row of the layout's looks, shape [n]
    xyz: NDArray[np.float64]  # world positions [m], shape [n, 3]
    wxyz: NDArray[np.float64]  # world orientations, shape [n, 4]
    joints: NDArray[np.float64]  # joint positions [rad], shape [robot_count, J]; J as in `Arms`
    layout: Layout

    def link_frames(self) -> NDArray[np.float64]:
        """World frames of all robots' links, base first; shape [robot_count, J + 1, 4, 4]."""
        if self.layout.arms is None:
            return np.empty((0, 1, 4, 4))
        return self.layout.arms.link_frames(self.layout.arm_row, self.joints, self.layout.bases)


def segments_now(world: World) -> Segments:
    """The segment that every robot and every part in sight is in, as the world has it."""
    robots, parts = world.robot, world.part
    rows = np.flatnonzero((parts.serial > 0) & (parts.track != NONE))
    segments = np.zeros(len(robots) + len(rows), SEGMENT)
    head, tail = segments[: len(robots)], segments[len(robots) :]
    motion = ("tick", "duration", "start", "end", "ramp", "jerk", "track")
    for name in motion:
        head[name] = robots[name]
    head["subject"] = np.arange(len(robots))
    head["look"] = NONE
    for name in (*motion, "look"):
        tail[name] = parts[name][rows]
    tail["subject"] = len(robots) + rows
    tail["part"] = parts.serial[rows]
    return segments


def poses_from(segments: Segments, layout: Layout, tick: int) -> Poses:
    """Poses at a tick from one valid segment per subject, such as `twin.motion.current` gives."""
    x = coordinate(segments, tick)
    seen = segments["track"] != NONE
    robots = seen & (segments["part"] == 0)
    parts = np.flatnonzero(seen & (segments["part"] > 0))
    parts = parts[np.argsort(segments["part"][parts], kind="stable")]
    track = segments["track"]
    first = layout.first_program
    joints = layout.programs.joints(first, np.zeros(len(first)))  # where a robot begins
    if robots.any():
        rows = segments["subject"][robots]
        joints[rows] = layout.programs.joints(track[robots], x[robots])
    xyz, wxyz = layout.paths.pose(track[parts], x[parts])
    return Poses(
        tick=tick, serial=segments["part"][parts], look=segments["look"][parts],
        xyz=xyz, wxyz=wxyz, joints=joints, layout=layout,
    )  # fmt: skip
