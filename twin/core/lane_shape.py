"""The shape of a lane: straight, or an arc of a circle, from one waypoint to another.

An arc of radius r over a chord c turns by 2 asin(c / 2r), half of it before and half after the
chord's own heading, and is 2 r asin(c / 2r) long. Height changes evenly along it.
"""

from collections.abc import Mapping
from math import asin, atan2, ceil, cos, hypot, pi, sin
from typing import Any, NamedTuple

from twin.core.parameters import Vector

__all__ = ["DIFFERENTIAL", "LaneShape", "arrivals", "course_of", "fixed_headings", "lane_shape"]
__all__ += ["heading_at", "lanes_from", "microradians", "turns_on_the_spot"]

DIFFERENTIAL = "differential"
KEEP_HEADING = ("omnidirectional",)
KNOT = pi / 60  # of an arc between two knots: 0.3 mm off at a radius of 1 m


class LaneShape(NamedTuple):
    """How long a lane is, and where a vehicle that follows it looks at its ends."""

    length: float  # m
    leaving: float  # heading at its start, about Z from the X axis [rad]
    coming: float  # heading at its end [rad]; not wrapped, so that their difference is its turn


def lane_shape(start: Vector, end: Vector, radius: float) -> LaneShape:
    """The shape of a lane; a radius > 0 turns left, < 0 right, 0 is straight [m]."""
    x, y, z = (b - a for a, b in zip(start, end, strict=True))
    chord, heading = hypot(x, y), atan2(y, x)
    if radius == 0.0 or chord == 0.0:
        return LaneShape(hypot(chord, z), heading, heading)
    half = asin(max(-1.0, min(1.0, chord / 2 / radius)))
    return LaneShape(hypot(2 * radius * half, z), heading - half, heading + half)


def course_of(
    start: Vector, end: Vector, radius: float
) -> tuple[list[Vector], list[float], list[float]]:
    """Points along a lane [m], the heading at each [rad], and how far along each is [m]."""
    shape = lane_shape(start, end, radius)
    turn = shape.coming - shape.leaving
    count = max(1, ceil(abs(turn) / KNOT))
    shares = [k / count for k in range(count + 1)]
    headings = [shape.leaving + turn * share for share in shares]
    points = [start, *(_on_arc(start, end, radius, shape, each) for each in shares[1:-1]), end]
    return points, headings, [shape.length * share for share in shares]


def _on_arc(start: Vector, end: Vector, radius: float, shape: LaneShape, share: float) -> Vector:
    heading = shape.leaving + (shape.coming - shape.leaving) * share
    x = start[0] + radius * (sin(heading) - sin(shape.leaving))
    y = start[1] - radius * (cos(heading) - cos(shape.leaving))
    return (x, y, start[2] + (end[2] - start[2]) * share)


def microradians(heading: float) -> int:
    """A heading as whole microradians above -pi, up to pi."""
    turned = (heading + pi) % (2 * pi) - pi
    return round(turned * 1e6)


def lanes_from(params: Any) -> tuple[tuple[str, float], ...]:
    """Where each lane from a waypoint leads, and its radius."""
    return tuple(zip(params.lanes, params.radii or (0.0,) * len(params.lanes), strict=False))


def turns_on_the_spot(params: Mapping[str, Any]) -> bool:
    """Whether there is a vehicle that takes time to turn."""
    return any(
        getattr(each, "turn_speed", 0.0) > 0.0 and each.drive == DIFFERENTIAL
        for each in params.values()
    )


def fixed_headings(params: Mapping[str, Any], xyz: Mapping[str, Vector]) -> list[int]:
    """Headings of vehicles that never turn, each once: where they look as they leave home."""
    still = [each for each in params.values() if getattr(each, "drive", None) in KEEP_HEADING]
    found = [heading_at(home, params, xyz) for each in still for home in each.home]
    return list(dict.fromkeys(found))


def heading_at(path: str, params: Mapping[str, Any], xyz: Mapping[str, Vector]) -> int:
    """Where a vehicle looks that is about to take the first lane from a waypoint [urad]."""
    for end, radius in lanes_from(params[path]):
        if end in xyz:
            return microradians(lane_shape(xyz[path], xyz[end], radius).leaving)
    return 0


def arrivals(params: Mapping[str, Any], xyz: Mapping[str, Vector]) -> dict[str, list[int]]:
    """Headings with which vehicles come to each waypoint, each once [urad]."""
    found: dict[str, list[int]] = {path: [] for path in params}
    for start, each in params.items():
        for end, radius in lanes_from(each) if hasattr(each, "lanes") else ():
            if end in found:
                shape = lane_shape(xyz[start], xyz[end], radius)
                found[end].append(microradians(shape.coming))
    return {path: list(dict.fromkeys(each)) for path, each in found.items()}
