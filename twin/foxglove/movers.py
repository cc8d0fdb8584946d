"""Where all that moves is at a tick, as named frames: links of robots, and slots of parts."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.core.world import NONE
from twin.foxglove.scenery import Scenery
from twin.motion import Segments, coordinate
from twin.motion.frame import pose_from

__all__ = ["Movers", "Placed", "part_frame"]

MOST_FRAMES = 8192  # of one message; parts beyond are left out


class Placed(NamedTuple):
    """Poses in the world, and who the parts among them are."""

    rows: NDArray[np.int64]  # of the frames, rising, shape [n]
    xyz: NDArray[np.float64]  # [m], shape [n, 3]
    wxyz: NDArray[np.float64]  # shape [n, 4]
    slot: NDArray[np.int64]  # of each part in sight, rising, shape [p]
    serial: NDArray[np.int64]  # its serial number, shape [p]
    look: NDArray[np.int64]  # row of the looks, shape [p]


def part_frame(slot: int) -> str:
    """The name of the frame of the part in a slot."""
    return f"part_{slot}"


class Movers:
    """Names the frames of a scenery, and places them.

    Rows of frames below `fixed_count` are base and links of all robots; then one for each slot.
    """

    def __init__(self, scenery: Scenery) -> None:
        self._scenery = scenery
        self.link_names = [
            f"{robot['path']}/link_{number}"
            for robot, count in zip(scenery.robots, scenery.joint_count.tolist(), strict=True)
            for number in range(count + 1)
        ]
        most = scenery.table.shape[1]
        self._own = np.arange(most + 1) <= scenery.joint_count[:, None]  # links that there are
        self._most_parts = max(0, MOST_FRAMES - len(self.link_names))

    @property
    def fixed_count(self) -> int:
        """How many frames there are without parts."""
        return len(self.link_names)

    def frame_names(self, slots: int) -> list[str]:
        """The names of all frames, with so many slots of parts."""
        return [*self.link_names, *(part_frame(slot) for slot in range(slots))]

    def place(self, segments: Segments, tick: int) -> Placed:
        """Where all are at a tick, given the segment that each subject is in then."""
        scenery = self._scenery
        robots = scenery.robot_count
        seen = segments[segments["track"] != NONE]
        x = coordinate(seen, tick)
        is_robot = seen["subject"] < robots
        joints = scenery.home.copy()
        if is_robot.any():
            rows = seen["subject"][is_robot]
            joints[rows] = scenery.programs.joints(seen["track"][is_robot], x[is_robot])
        links_xyz, links_wxyz = pose_from(scenery.link_frames(joints)[self._own])
        parts = np.flatnonzero(~is_robot)
        parts = parts[np.argsort(seen["subject"][parts], kind="stable")][: self._most_parts]
        slot = seen["subject"][parts].astype(np.int64) - robots
        xyz, wxyz = scenery.paths.pose(seen["track"][parts], x[parts])
        return Placed(
            rows=np.concatenate([np.arange(self.fixed_count), self.fixed_count + slot]),
            xyz=np.concatenate([links_xyz, xyz]),
            wxyz=np.concatenate([links_wxyz, wxyz]),
            slot=slot,
            serial=seen["part"][parts].astype(np.int64),
            look=seen["look"][parts].astype(np.int64),
        )
