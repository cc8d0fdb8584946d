"""Who is looked at against whom: robots, fences, and bodies that stand or move, by their boxes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.physics.mover import Still
from twin.physics.runs import PartRun, RobotRun
from twin.physics.shapes import RobotShape, Standing
from twin.report.followed import Followed
from twin.report.phases import PartPhase

__all__ = ["TOOL", "Pair", "body_fences", "body_pairs", "fence_pairs", "robot_pairs"]

Array = NDArray[np.float64]
Span = tuple[int, int]

ROBOTS, FENCE = "robots", "robot, fence"
TOOL, BODY, IN_TRANSFER = "tool, body", "robot, body", "robot, moving body"
BODY_FENCE = "body, fence"


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two movers that may come close, over a span of ticks."""

    kind: str
    one: RobotRun | PartRun
    other: RobotRun | PartRun | Still
    names: tuple[Sequence[str], Sequence[str]]  # of their solids
    span: Span
    part: int = 0  # serial number of the body


def robot_pairs(crew: Followed, span: Span, margin: float) -> Iterator[Pair]:
    """Every two robots."""
    crowd = [(robot, shape.paths, crew.box(robot, *span)) for shape, robot, _ in _robots(crew)]
    for k, (robot, paths, box) in enumerate(crowd):
        for other, others, there in crowd[k + 1 :]:
            if _near(box, there, margin):
                yield Pair(ROBOTS, robot, other, (paths, others), span)


def fence_pairs(crew: Followed, span: Span, margin: float) -> Iterator[Pair]:
    """Every robot and all that stands near it."""
    for shape, robot, _ in _robots(crew):
        near = _standing_near(crew, crew.box(robot, *span), margin)
        if near:
            names = (shape.paths, [each.path for each in near])
            yield Pair(FENCE, robot, crew.still(near), names, span)


def body_pairs(crew: Followed, phase: PartPhase, margin: float) -> Iterator[Pair]:
    """A body and every robot near it.

    Where it stands in a robot's own place, the robot's last link is its tool, which has to touch
    the body, and is a pair of its own: so it hides no other link.
    """
    span = (phase.since, phase.until)
    body = crew.box(phase.mover, *span)
    name = [crew.shapes.look_paths[phase.look]]
    for row in crew.robots_near(body, margin):
        robot, shape, place = crew.robots[row], crew.shapes.robots[row], crew.places_of_robots[row]
        if robot is None or not _near(crew.box(robot, *span), body, margin):
            continue
        if phase.moving or place not in phase.places:
            kind = IN_TRANSFER if phase.moving else BODY
            yield Pair(kind, robot, phase.mover, (shape.paths, name), span, phase.serial)
            continue
        for kind, part in zip((TOOL, BODY), crew.split(robot), strict=True):
            if len(part.solids):
                kept = np.isin(robot.links, part.links)
                paths = [path for path, keep in zip(shape.paths, kept, strict=True) if keep]
                yield Pair(kind, part, phase.mover, (paths, name), span, phase.serial)


def body_fences(crew: Followed, phase: PartPhase, margin: float) -> Iterator[Pair]:
    """A body and all that stands near it."""
    span = (phase.since, phase.until)
    near = _standing_near(crew, crew.box(phase.mover, *span), margin)
    if near:
        names = ([crew.shapes.look_paths[phase.look]], [each.path for each in near])
        yield Pair(BODY_FENCE, phase.mover, crew.still(near), names, span, phase.serial)


def _robots(crew: Followed) -> Iterator[tuple[RobotShape, RobotRun, int]]:
    """Robots that have a shape, with the rows of their places."""
    for shape, robot, place in zip(
        crew.shapes.robots, crew.robots, crew.places_of_robots, strict=True
    ):
        if robot is not None:
            yield shape, robot, place


def _standing_near(crew: Followed, box: Array, margin: float) -> list[Standing]:
    return [
        each
        for each, around in zip(crew.shapes.standing, crew.standing_boxes, strict=True)
        if _near(box, around, margin)
    ]


def _near(one: Array, other: Array, margin: float) -> bool:
    return bool((one[0] - margin <= other[1]).all() and (other[0] - margin <= one[1]).all())
