"""A round as a robot program by targets: which spots it visits, how the gun comes, what it does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.motion.frame import invert_matrix
from twin.plant import Interlock, Pose, Program, Robot, Route
from twin.welding.line import Spots, Welder

__all__ = ["Visits", "robot_of"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

DIGITS = 10  # of frames, as the reader of scenes rounds them


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """What a gun does, one after another: at a spot, or drawn back from one."""

    spot: Rows  # rows of the spots, shape [n]
    turn: Array  # of the gun about the spot's Z [rad], shape [n]
    back: Array  # how far the gun is drawn back against its X [m], 0 at the spot, shape [n]
    branch: Rows  # of the arm, from 1, shape [n]

    def __len__(self) -> int:
        return len(self.spot)

    @property
    def turned(self) -> "Visits":
        """The same the other way round."""
        return Visits(
            spot=self.spot[::-1], turn=self.turn[::-1], back=self.back[::-1],
            branch=self.branch[::-1],
        )  # fmt: skip

    @property
    def key(self) -> bytes:
        """The same for the same visits."""
        columns = self.spot, self.turn, self.back, self.branch
        return b"".join(column.tobytes() for column in columns)

    @property
    def welds(self) -> NDArray[np.bool_]:
        """Where it welds, shape [n]."""
        return self.back == 0.0

    def times(self, spots: Spots) -> Array:
        """How long it welds at each visit [s], shape [n]."""
        return np.where(self.welds, spots.time[self.spot], 0.0)

    def frames(self, spots: Spots) -> Array:
        """Where the tool is in the station at each visit, shape [n, 4, 4]."""
        own = np.tile(np.eye(4), (len(self), 1, 1))
        own[:, 0, 0] = own[:, 1, 1] = np.cos(self.turn)
        own[:, 1, 0], own[:, 0, 1] = np.sin(self.turn), -np.sin(self.turn)
        placed = spots.frames[self.spot] @ own
        placed[:, :3, 3] -= self.back[:, None] * placed[:, :3, 0]
        return placed


def robot_of(
    welder: Welder, visits: Visits, spots: Spots, interlocks: Sequence[Interlock] = ()
) -> Robot:
    """The robot in its station with the program of some visits, as a plant has it."""
    count = len(visits)
    rows: list[int] = visits.spot.tolist()
    frames = invert_matrix(welder.base) @ visits.frames(spots)
    route = Route(
        targets=np.round(frames, DIGITS),
        names=tuple(spots.names[row] for row in rows),
        moves=("joint",) * count,
        speeds=np.ones(count),
        zones=np.zeros(count),
        actions=tuple("weld" if weld else "none" for weld in visits.welds.tolist()),
        durations=visits.times(spots),
        signals=("",) * count,
        tool=welder.tool,
        tool_path=welder.tool_path,
        interlocks=tuple(interlocks),
        branches=tuple(visits.branch.tolist()),
    )
    home = welder.rest[None]
    program = Program(
        path=f"{welder.path}/Programs", products=(), waypoints=home, dwells=np.zeros(1),
        route=route if count else None,
    )  # fmt: skip
    return Robot(path=welder.path, arm=welder.arm, base=Pose(), programs=(program,), home=home)
