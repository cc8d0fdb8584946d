"""The skin of a car as two kinds of smooth surface: its sides, and the skins across it."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from assets.author.body_style import Style
from assets.author.solids import spline

__all__ = ["BodySurface"]

Points = NDArray[np.float64]
SPAN = 8  # spline points per edge point


def _ramp(value: Points, start: float, stop: float) -> Points:
    """Rise from 0 at `start` to 1 at `stop`."""
    return np.clip((value - start) / (stop - start), 0, 1)


class BodySurface:
    """Geometry derived from a style; everything is for the left side, y > 0."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.edge = spline(style.edge, SPAN)

    def edge_z(self, x: Points) -> Points:
        """Height of the upper edge over x [m]."""
        top = self.edge[SPAN : (len(self.style.edge) - 2) * SPAN]
        return np.interp(-x, np.maximum.accumulate(-top[:, 0]), top[:, 1])

    def belt(self, x: Points) -> Points:
        """Height of the window sill over x [m]."""
        low, high = self.style.belt
        return low + (1.0 - x) / 3.0 * (high - low)

    def half_width(self, x: Points, z: Points) -> Points:
        """Half the width of the body at (x, z) [m]."""
        style = self.style
        front, rear = style.edge[1][0], style.edge[-2][0]
        y = np.full(np.broadcast(x, z).shape, style.width / 2)
        y = y - 0.20 * _ramp(x, 0.75, front) ** 2.6 - 0.125 * _ramp(x, -1.15, rear) ** 2.4
        over = z - self.belt(x) + 0.02
        over = over / 2 + np.sqrt((over / 2) ** 2 + 0.03**2)  # bends in smoothly over the sill
        y = y - style.tumblehome * over - 0.30 * over**2
        y = y - 0.075 * _ramp(z, 0.34, -0.02) ** 1.8  # tucks under at the rocker
        crease = self.belt(x) - 0.135
        y = (
            y
            + 0.011 * np.exp(-(((z - crease) / 0.05) ** 2))
            - 0.012 * _ramp(z, 0.46, 0.32) * _ramp(z, 0.22, 0.32)
        )
        depth = self.edge_z(x) - z
        shoulder = 0.085 * _ramp(x, style.hinge - 0.1, style.hinge + 0.3)
        if not style.window_lid:
            shoulder = shoulder + 0.085 * _ramp(x, -1.45, -1.9)
        y = y - shoulder * _ramp(depth, 0.115, 0.0) ** 2
        centre, radius = style.wheel
        for axle in style.axles:
            away = np.hypot(x - axle, z - centre) - radius
            y = y + 0.022 * np.exp(-((np.maximum(away, 0) / 0.05) ** 2)) * _ramp(depth, 0.0, 0.2)
        return y

    def side(self, inset: float = 0.0) -> Callable[[Points], Points]:
        """Bend (x, z) onto the left side, moved inward by `inset` [m]."""

        def bend(flat: Points) -> Points:
            x, z = flat.T
            return np.column_stack([x, self.half_width(x, z) - inset, z])

        return bend

    def under_edge(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Shift a side view down by the edge's height, so that a grid on it follows the edge."""
        fine = shapely.segmentize(shape, 0.04)
        return shapely.transform(
            fine, lambda p: np.column_stack([p[:, 0], p[:, 1] - self.edge_z(p[:, 0])])
        )

    def side_under_edge(self) -> Callable[[Points], Points]:
        """Bend what `under_edge` gave onto the left side."""
        side = self.side()
        return lambda p: side(np.column_stack([p[:, 0], p[:, 1] + self.edge_z(p[:, 0])]))

    def across(
        self,
        part: tuple[float, float],
        *,
        crown: tuple[float, float],
        bow: tuple[float, float],
        drop: float = 0.0,
    ) -> Callable[[Points], Points]:
        """Bend (s, v) onto a skin across the car.

        s runs from 0 to 1 along the edge between two of its points, v from -1 to 1 over the width;
        `crown` lifts and `bow` shifts forward the middle line [m], at s = 0 and s = 1.
        """
        index = np.arange(int(part[0] * SPAN), int(part[1] * SPAN) + 1)
        line = self.edge[index]
        step = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
        at = step / step[-1]

        def bend(flat: Points) -> Points:
            s, v = flat.T
            x, z = np.interp(s, at, line[:, 0]), np.interp(s, at, line[:, 1])
            middle = 1 - np.abs(v) ** 2.2
            lift = (crown[0] + s * (crown[1] - crown[0])) * middle
            shift = (bow[0] + s * (bow[1] - bow[0])) * middle
            return np.column_stack([x + shift, v * self.half_width(x, z), z + lift - drop])

        return bend

    @cached_property
    def outline(self) -> shapely.Polygon:
        """The whole side view, wheel arches cut out."""
        style = self.style
        rear, front = style.edge[-1][0], style.edge[0][0]
        sill = [
            (rear, 0.16),
            (style.axles[1] - 0.2, 0.04),
            (style.axles[0] + 0.2, 0.02),
            (front, 0.16),
        ]
        whole = shapely.Polygon([*self.edge.tolist(), *sill]).buffer(0)
        return whole.difference(self.arches())

    def arches(self, more: float = 0.0) -> shapely.Geometry:
        """The wheel arches, grown by `more` [m]."""
        z, radius = self.style.wheel
        discs = [shapely.Point(x, z).buffer(radius + more, 12) for x in self.style.axles]
        return shapely.union_all(discs)

    @cached_property
    def fender(self) -> shapely.Geometry:
        """The front fender; bumper and head lamp are not there yet."""
        style = self.style
        lip = style.axles[0] + 0.5 * style.wheel[1]
        whole = self.outline.intersection(shapely.box(style.hinge + 0.006, -1, 9, 9))
        return whole.difference(shapely.box(lip, -1, 9, style.wheel[0] + 0.14)).difference(
            self.lamps()
        )

    def lamps(self) -> shapely.Geometry:
        """The recesses of head and tail lamp."""
        head, tail = self.style.edge[2], self.style.edge[self.style.lid[1] - 1]
        front = shapely.Polygon(
            [
                (head[0] - 0.26, head[1] - 0.055),
                (9, head[1] - 0.055),
                (9, head[1] - 0.16),
                (head[0] - 0.16, head[1] - 0.15),
            ]
        )
        rear = shapely.box(-9, tail[1] - 0.17, tail[0] + 0.20, tail[1] - 0.02)
        return shapely.union_all([part.buffer(-0.03).buffer(0.03) for part in (front, rear)])

    @cached_property
    def ring(self) -> shapely.Geometry:
        """The body side behind the fender, without door openings."""
        return self.outline.intersection(shapely.box(-9, -1, self.style.hinge, 9))

    def doors(self, *, margin: float, gap: float) -> list[shapely.Geometry]:
        """Front and rear door: `margin` inside the body side's rim, `gap` apart at the B-pillar."""
        style = self.style
        inside = self.ring.buffer(-margin).difference(self.arches(margin * 0.8))
        inside = inside.intersection(shapely.box(-9, 0.075 + margin * 0.7, 9, 9))
        low, high = style.door_end
        end = gap / 2 - 0.02
        behind = [
            (low + end, -1),
            (style.pillar - gap / 2, -1),
            (style.pillar - gap / 2, 3),
            (high + end - 0.3, 3),
        ]
        slant = shapely.Polygon(
            [
                (low + end, -1),
                behind[1],
                behind[2],
                (2 * high - low + end, 2.6),
                (high + end, 1.3),
                (low + end, 0.0),
            ]
        )
        front = inside.intersection(shapely.box(style.pillar + gap / 2, -1, 9, 9))
        return [_rounded(door, 0.05) for door in (front, inside.intersection(slant))]

    def window(self, door: shapely.Geometry, margin: float) -> shapely.Geometry:
        """The window of a door, or of the quarter panel."""
        above = [(x, float(self.belt(np.array(x))) + 0.012) for x in (3.0, -3.0)]
        glass = shapely.Polygon([*above, (-3.0, 3.0), (3.0, 3.0)])
        return _rounded(door.buffer(-margin).intersection(glass), 0.03)

    def quarter(self) -> shapely.Geometry:
        """The quarter window behind the rear door."""
        low, high = self.style.door_end
        behind = shapely.Polygon(
            [(low - 0.05, 0), (high - 0.05, 1.3), (high - 0.15, 3), (-9, 3), (-9, 0)]
        )
        room = (
            self.ring.buffer(-0.085).intersection(behind).intersection(shapely.box(-1.93, 0, 9, 9))
        )
        return _rounded(self.window(room, 0.0), 0.03)


def _rounded(shape: shapely.Geometry, radius: float) -> shapely.Geometry:
    """Round all corners, and keep the largest piece."""
    smooth = shape.buffer(-radius).buffer(2 * radius).buffer(-radius).simplify(0.0015)
    return max(shapely.get_parts(smooth), key=lambda part: part.area)
