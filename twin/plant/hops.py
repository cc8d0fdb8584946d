"""Hops of a route: the single moves between visits, arcs put together, and the way back home."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.motion.arm import Arm
from twin.motion.frame import matrix_from
from twin.motion.tool_path import ToolPath
from twin.plant.plant import Program, Robot
from twin.plant.route import Route

__all__ = ["BACK_HOME", "Hop", "Journey", "hops_of", "journey_of"]

Array = NDArray[np.float64]

BACK_HOME = "home"


@dataclass(frozen=True, slots=True)
class Hop:
    """One move: to a visit, along an arc through the one before it."""

    kind: str  # joint, line or arc
    end: int  # visit; as many as there are visits: home
    speed: float  # share of the axes' speed, or of the tool [m/s]
    via: int = -1  # visit that an arc goes through


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Journey:
    """A route with all that is needed to plan it."""

    where: str  # prim path of the program
    arm: Arm
    base: Array  # where the arm stands in the world, shape [4, 4]
    home: Array  # joint positions [rad], shape [J]
    route: Route
    world: Array  # where the tool must be, in the world; its home first and last, [n + 2, 4, 4]
    hops: tuple[Hop, ...]

    def pose(self, visit: int) -> Array:
        """Where the tool is at a visit, in the world; -1 and the last are home."""
        return self.world[visit + 1]

    def flanges(self, visits: Sequence[int]) -> Array:
        """Where the flange is at visits, in the world, shape [k, 4, 4]."""
        rows = np.array(visits, dtype=np.int64) + 1
        return self.world[rows] @ np.linalg.inv(self.route.tool)

    def branches(self, visits: Sequence[int]) -> list[int]:
        """The branch of the arm at each of some visits; none if the route names none."""
        return [self.route.branches[visit] for visit in visits] if self.route.branches else []

    def name(self, visit: int) -> str:
        """What a visit is called in messages."""
        return self.route.names[visit] if 0 <= visit < len(self.route) else BACK_HOME

    def path(self, hop: Hop, start: int) -> ToolPath:
        """The way of the tool from a visit on a line or an arc.

        Raises:
            SceneError: an arc's points are on one line.
        """
        first, last = self.pose(start), self.pose(hop.end)
        if hop.kind == "line":
            return ToolPath.line(first, last)
        where = f"{self.where} {self.name(hop.end)}"
        return ToolPath.arc(first, self.pose(hop.via)[:3, 3], last, where=where)

    def length(self, hop: Hop, start: int) -> float:
        """How far the tool goes in a hop [m]; straight, where the joints move."""
        if hop.kind != "joint":
            return self.path(hop, start).length
        way = self.pose(hop.end)[:3, 3] - self.pose(start)[:3, 3]
        return float(np.linalg.norm(way))


def journey_of(robot: Robot, program: Program) -> Journey:
    """Gather what is known of a program by targets."""
    route = program.route
    assert route is not None
    base, home = matrix_from(robot.base.xyz, robot.base.wxyz), program.waypoints[0]
    at_home = robot.arm.flange(home[None], base) @ route.tool
    return Journey(
        where=program.path,
        arm=robot.arm,
        base=base,
        home=home,
        route=route,
        world=np.concatenate([at_home, base @ route.targets, at_home]),
        hops=tuple(hops_of(route)),
    )


def hops_of(route: Route) -> Iterator[Hop]:
    """The moves of a route whose arcs come in pairs, the last one home."""
    for visit, move in enumerate(route.moves):
        if visit not in route.through:
            via = visit - 1 if move == "arc" else -1
            yield Hop(move, visit, float(route.speeds[visit]), via=via)
    yield Hop("joint", len(route), 1.0)
