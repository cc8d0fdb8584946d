"""Weld seams of the three bodies: lines on a body side along which spots lie, from its shape.

Everything is for the left side (y > 0) in the body's frame: origin under its middle at the datum,
which is the top of the skid, X to the front of the car.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray

from assets.author.body_style import Style
from assets.author.body_surface import BodySurface

__all__ = ["Seam", "seams"]

Array = NDArray[np.float64]
Point = tuple[float, float, float]

FLANGE_DEPTH = 0.04  # the pinched sheets lie this far inside the outer skin [m]
STEP = 0.01  # between points of a seam [m]
ROW = 0.025  # from one row of spots on a flange to the next [m]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seam:
    """A line of pinched sheets; `into` points from the open side into the metal."""

    points: Array  # shape [n, 3] [m]
    into: Array  # unit vectors square to Y, shape [n, 3]
    tilt: float  # of the gun, to keep its drive clear of the body [rad]

    @property
    def inner(self) -> "Seam":
        """A second row on the same flange, deeper in the metal."""
        return replace(self, points=self.points + ROW * self.into)

    @property
    def length(self) -> float:
        """From end to end [m]."""
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())

    def at(self, share: Array) -> tuple[Array, Array]:
        """Points and directions at shares 0 to 1 of the seam's length."""
        steps = np.linalg.norm(np.diff(self.points, axis=0), axis=1)
        along = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()
        columns = [np.interp(share, along, c) for c in (*self.points.T, *self.into.T)]
        into = np.column_stack(columns[3:])
        return np.column_stack(columns[:3]), into / np.linalg.norm(into, axis=1, keepdims=True)


@cache
def seams(style: Style) -> dict[str, Seam]:
    """All seams of a body by name."""
    body = BodySurface(style)
    front, rear = body.doors(margin=0.085, gap=0.11)
    found = {}
    for end, opening in (("front", front), ("rear", rear)):
        for name, (turn, half, tilt) in EDGES.items():
            edge = _edge(body, opening, np.radians([turn, half]), tilt)
            found[f"{name}_{end}"], found[f"{name}_inner_{end}"] = edge, edge.inner
    for end, axle, (start, stop, tilt) in zip(("front", "rear"), style.axles, ARCHES, strict=True):
        arch = _arch(body, axle, np.radians(np.linspace(start, stop, 90)), tilt)
        found[f"arch_{end}"], found[f"arch_inner_{end}"] = arch, arch.inner
    found["nose"], found["tail"] = _nose(style), _tail(style)
    return found


# Edge of a door opening: middle direction into the metal, half its range, tilt of the gun [deg].
EDGES = {
    "top": (90, 62, 38),
    "bottom": (-90, 30, 76),
    "ahead": (0, 32, 40),
    "behind": (180, 40, 40),
}
ARCHES = ((30, 150, 26), (35, 140, 38))  # part of a wheel arch seen from its axle, tilt [deg]


def _on_side(body: BodySurface, flat: Array, into: Array, tilt: float) -> Seam:
    x, z = flat.T
    y = body.half_width(x, z) - FLANGE_DEPTH
    spread = np.column_stack([into[:, 0], np.zeros(len(into)), into[:, 1]])
    return Seam(points=np.column_stack([x, y, z]), into=spread, tilt=np.radians(tilt))


def _edge(body: BodySurface, opening: shapely.Polygon, turn: Array, tilt: float) -> Seam:
    """The longest part of an opening's rim that looks within `turn` [middle, half] outward."""
    ring = shapely.geometry.polygon.orient(opening).exterior
    at = np.arange(0.0, ring.length, STEP)
    flat = shapely.get_coordinates(shapely.line_interpolate_point(ring, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(ring, (at + 0.03) % ring.length))
    behind = shapely.get_coordinates(
        shapely.line_interpolate_point(ring, (at - 0.03) % ring.length)
    )
    along = (ahead - behind) / np.linalg.norm(ahead - behind, axis=1, keepdims=True)
    into = np.column_stack([along[:, 1], -along[:, 0]])  # outward of a ring that runs left about
    off = np.angle(np.exp(1j * (np.arctan2(into[:, 1], into[:, 0]) - turn[0])))
    run = _longest(np.abs(off) <= turn[1])
    return _on_side(body, flat[run], into[run], tilt)


def _longest(inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Indices of the longest run of a closed ring of flags."""
    begin = int(np.argmin(inside))  # a place outside, so that no run wraps around
    order = (np.arange(len(inside)) + begin) % len(inside)
    runs = np.split(order, np.flatnonzero(np.diff(inside[order].astype(int))) + 1)
    return max((run for run in runs if inside[run[0]]), key=len)


def _arch(body: BodySurface, axle: float, angle: Array, tilt: float) -> Seam:
    z, radius = body.style.wheel
    into = np.column_stack([np.cos(angle), np.sin(angle)])
    flat = np.array([axle, z]) + (radius + 0.01) * into
    return _on_side(body, flat, into, tilt)


def _line(start: Point, end: Point) -> Seam:
    """A straight flange, open from below."""
    up = np.array([[0.0, 0.0, 1.0]] * 2)
    return Seam(points=np.array([start, end]), into=up, tilt=0.0)


def _nose(style: Style) -> Seam:
    """The bumper beam, from its end towards the middle."""
    x = style.edge[1][0] - 0.06
    return _line((x, 0.60, 0.36), (x + 0.065, 0.30, 0.36))


def _tail(style: Style) -> Seam:
    """The rear edge of the floor, from its corner towards the middle."""
    rear = style.edge[-2][0] + 0.075
    return _line((rear, 0.68, 0.24), (rear, 0.40, 0.24))
