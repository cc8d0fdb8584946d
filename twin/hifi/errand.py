"""A robot's program bent to the part that it picks: the same moves, to where the part lies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import SceneError
from twin.motion import Programs, plan_program
from twin.motion.frame import matrix_from
from twin.motion.inverse import reach_flange
from twin.plant import Program, Robot

__all__ = ["Errand", "Route", "errand"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """A robot's program as the scene declares it, seen from its tool."""

    robot: Robot
    program: Program
    tip: Array  # in the last link [m], shape [3]
    pick: int  # number of its waypoint
    place: int

    def tips(self) -> Array:
        """Where the tool's tip is at each waypoint, in the world [m], shape [n, 3]."""
        return self.tools() @ np.append(self.tip, 1.0) @ np.eye(4)[:, :3]

    def tools(self) -> Array:
        """Frames of the last link at each waypoint, in the world, shape [n, 4, 4]."""
        return self.robot.arm.link_frames(self.program.waypoints, self._base())[:, -1]

    def moved(self, pick: Array, place: Array) -> Array | None:
        """Waypoints with those around the pick and the place moved [m]; None: out of reach."""
        points = self.program.waypoints.copy()
        shift = np.zeros((len(points), 3))
        shift[max(0, self.pick - 1) : self.pick + 2] = pick
        shift[max(0, self.place - 1) : self.place + 2] = place
        flanges = self.robot.arm.flange(points, self._base())
        flanges[:, :3, 3] += shift
        rows = np.flatnonzero(shift.any(axis=1))
        base = np.broadcast_to(self._base(), (len(rows), 4, 4))
        try:
            points[rows] = reach_flange(self.robot.arm, flanges[rows], points[rows], base=base)
        except SceneError:
            return None
        return points

    def arrival(self, points: Array, number: int) -> float:
        """When the robot is half through its wait at a waypoint [s]."""
        dwells = self.program.dwells[: number + 1].copy()
        dwells[-1] /= 2
        return plan_program(self.robot.arm, points[: number + 1], dwells).length

    def _base(self) -> Array:
        return matrix_from(self.robot.base.xyz, self.robot.base.wxyz)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Errand:
    """One part fetched: how the robot moves for it, when it grips and when it lets go."""

    serial: int  # of the part that the engine's station has taken
    slot: int  # of the body
    since: int  # tick before which the robot was at something else
    programs: Programs  # one program
    grip: float  # s into the program
    release: float  # s into the program
    held: bool = False
    given: bool = False

    def joints(self, time: float) -> Array:
        """Joint positions so far into the program [s], shape [J]."""
        return self.programs.joints([0], [time])[0]


def errand(
    route: Route, part: tuple[int, int], since: int, *, shifts: tuple[Array, Array], longest: float
) -> Errand | None:
    """Plan to fetch a part.

    Args:
        route: the robot's declared way.
        part: serial number of the part that the station has taken, and the slot of the body.
        since: tick before which the robot was at something else.
        shifts: how far the pick and the place are moved from the declared ones [m], shape [3].
        longest: how long it may take [s].

    Returns:
        None where the robot can't reach, or not in time.
    """
    points = route.moved(*shifts)
    if points is None:
        return None
    dwells = route.program.dwells.copy()
    dwells[-1] = 0.0  # the wait at its end is there to be used up
    planned = plan_program(route.robot.arm, points, dwells)
    if planned.length > longest:
        return None
    return Errand(
        serial=part[0], slot=part[1], since=since,
        programs=Programs.build([planned], joint_count=route.robot.arm.joint_count),
        grip=route.arrival(points, route.pick), release=route.arrival(points, route.place),
    )  # fmt: skip
