"""The underbody of a body in white: floor, rockers, rails, wheelhouses, dash panel, front end."""

import numpy as np
import shapely
import trimesh

from assets.author.body_surface import BodySurface
from assets.author.sheet import pair, pressing
from assets.author.solids import box, join, loft, rectangle, rod, turned
from assets.author.surface import Piece, made

__all__ = ["underbody"]

FLOOR = 0.07  # height of the main floor over the datum [m]


def underbody(body: BodySurface) -> list[Piece]:
    """Everything the framing station gets from the underbody line."""
    return [
        made("ZincDark", _floor(body), _dash(body)),
        made("Zinc", *_rails(body), *_cross_members(body), *_front_end(body)),
        made("ZincDark", *_wheelhouses(body)),
    ]


def _step(value: np.ndarray, start: float, stop: float) -> np.ndarray:
    t = np.clip((value - start) / (stop - start), 0, 1)
    return t * t * (3 - 2 * t)


def _floor(body: BodySurface) -> trimesh.Trimesh:
    """Main floor with tunnel and beads up to the heel kick-up, and rear floor with a tub."""
    style = body.style
    front, rear = style.axles[0] - 0.46, style.edge[-2][0] + 0.06
    kick, wide = style.axles[1] + 0.62, style.width / 2 - 0.11

    def main(flat: np.ndarray) -> np.ndarray:
        x, y = flat.T
        bead = 0.014 * np.sign(np.sin(y * 2 * np.pi / 0.24)) * (np.abs(y) > 0.16)
        bead = bead * ((x < front - 0.1) & (x > kick + 0.1))
        tunnel = style.tunnel * np.exp(-((y / 0.14) ** 4))
        return np.column_stack([x, y, FLOOR + bead + tunnel])

    def back(flat: np.ndarray) -> np.ndarray:
        x, y = flat.T
        tub = (0.13 if style.tunnel > 0.1 else 0.05) * _step(
            np.hypot(x - style.axles[1] + 0.55, y), 0.35, 0.27
        )
        end = style.tunnel * np.exp(-((y / 0.14) ** 4)) * _step(x, kick - 0.12, kick)
        return np.column_stack([x, y, FLOOR + 0.17 * _step(x, kick, kick - 0.16) + end - tub])

    near, far = style.axles[1] + 0.42, style.axles[1] - 0.42
    half = [
        (kick, 0),
        (kick, wide),
        (near + 0.1, wide),
        (near, 0.56),
        (far, 0.56),
        (far - 0.1, 0.70),
        (rear, 0.70),
        (rear, 0),
    ]
    rear_shape = shapely.Polygon([*half, *[(x, -y) for x, y in half[::-1]]]).buffer(0)
    down = np.array([0, 0, -0.012])
    return join(
        pressing(shapely.box(kick, -wide, front, wide), main, thickness=down, cell=(0.48, 0.04)),
        pressing(rear_shape, back, thickness=down, cell=(0.085, 0.11)),
    )  # fmt: skip


def _dash(body: BodySurface) -> trimesh.Trimesh:
    """The wall between engine and cabin, leaning to the rear at the top."""
    style = body.style
    x, top = style.axles[0] - 0.46, style.edge[style.cowl][1] - 0.10
    wide = style.width / 2 - 0.13
    outline = [
        (-wide, FLOOR - 0.01),
        (wide, FLOOR - 0.01),
        (wide, 0.42),
        (wide - 0.06, top),
        (-wide + 0.06, top),
        (-wide, 0.42),
    ]
    shape = shapely.Polygon(outline)
    shape = shape.difference(shapely.Point(0.36, 0.45).buffer(0.06)).difference(
        shapely.box(-0.5, 0.38, -0.28, 0.48)
    )
    if style.tunnel > 0.1:
        shape = shape.difference(shapely.box(-0.12, 0, 0.12, FLOOR + style.tunnel))

    def bend(flat: np.ndarray) -> np.ndarray:
        y, z = flat.T
        lean = 0.12 * (1 - _step(z, FLOOR, 0.28)) - 0.06 * _step(z, 0.3, top)
        rib = 0.010 * np.clip(2 * np.sin(y * 2 * np.pi / 0.22), -1, 1) * _step(z, 0.2, 0.28)
        return np.column_stack([x - lean + rib, y, z])

    return pressing(shape, bend, thickness=np.array([-0.012, 0, 0]), cell=(0.055, 0.16))


def _beam(knots: list[tuple[float, float, float, float, float]]) -> trimesh.Trimesh:
    """A box beam along X through (x, y, z, width, height) of its middle, front first."""
    rows = []
    for x, y, z, width, height in knots[::-1]:
        section = rectangle(width, height, 0.012, 2) + (y, z)
        rows.append(np.column_stack([np.full(len(section), x), section]))
    return loft(rows)


def _rails(body: BodySurface) -> list[trimesh.Trimesh]:
    """Rockers, engine rails with crash boxes, rear rails."""
    style = body.style
    front, rear = style.axles
    radius = style.wheel[1]
    y = style.width / 2 - 0.14
    rocker = _beam(
        [
            (front - radius - 0.02, y, 0.10, 0.10, 0.14),
            (front - radius - 0.12, y, 0.095, 0.12, 0.17),
            (rear + radius + 0.12, y, 0.095, 0.12, 0.17),
            (rear + radius + 0.02, y, 0.10, 0.10, 0.14),
        ]
    )
    nose = style.edge[1][0] - 0.10
    engine = _beam(
        [
            (nose, 0.46, 0.30, 0.075, 0.11),
            (front + 0.30, 0.46, 0.30, 0.08, 0.12),
            (front - 0.25, 0.45, 0.27, 0.085, 0.13),
            (front - 0.50, 0.42, 0.10, 0.09, 0.10),
            (front - 0.85, 0.42, 0.035, 0.09, 0.06),
            (rear + 0.7, 0.44, 0.035, 0.09, 0.06),
        ]
    )
    tail = style.edge[-2][0] + 0.09
    back = _beam(
        [
            (rear + 0.75, 0.52, 0.05, 0.09, 0.08),
            (rear + 0.45, 0.50, 0.14, 0.09, 0.11),
            (rear + 0.1, 0.48, 0.19, 0.085, 0.12),
            (rear - 0.4, 0.48, 0.185, 0.08, 0.11),
            (tail, 0.50, 0.19, 0.075, 0.10),
        ]
    )
    upper = _beam(
        [
            (front + 0.42, style.width / 2 - 0.24, 0.40, 0.05, 0.07),
            (front + 0.12, style.width / 2 - 0.17, 0.53, 0.06, 0.09),
            (front - 0.44, style.width / 2 - 0.13, 0.60, 0.065, 0.10),
        ]
    )
    return [pair(part) for part in (rocker, engine, back, upper)]  # fmt: skip


def _cross_members(body: BodySurface) -> list[trimesh.Trimesh]:
    style = body.style
    wide = style.width / 2 - 0.15
    parts = []
    for x in (0.42, -0.12, style.axles[1] + 0.68):
        seat = box((0.12, wide - 0.12, 0.075), at=(x, (wide + 0.12) / 2, FLOOR + 0.03), bevel=0.014)
        parts.append(
            pair(seat)
            if style.tunnel > 0.1
            else box((0.12, 2 * wide, 0.075), at=(x, 0, FLOOR + 0.03), bevel=0.014)
        )
    rear = style.axles[1]
    parts.append(box((0.11, 1.0, 0.08), at=(rear - 0.02, 0, 0.245), bevel=0.014))
    parts.append(box((0.10, 1.1, 0.08), at=(rear + 0.44, 0, 0.225), bevel=0.014))
    return parts  # fmt: skip


def _front_end(body: BodySurface) -> list[trimesh.Trimesh]:
    """Bumper beams, radiator frame and strut towers."""
    style = body.style
    front, nose = style.axles[0], style.edge[1][0]
    parts = []
    for x, bow, z, wide in (
        (nose - 0.09, 0.10, 0.31, 0.64),
        (style.edge[-2][0] + 0.06, -0.07, 0.22, 0.60),
    ):
        rows = []
        for v in np.linspace(1, -1, 9):
            section = rectangle(0.055, 0.10, 0.012, 2) + (x + bow * (1 - v * v), z)
            rows.append(np.column_stack([section[:, 0], np.full(12, v * wide), section[:, 1]]))
        parts.append(loft(rows))
    frame = front + 0.50
    top = style.edge[3][1] - 0.06
    parts += [
        box((0.05, 1.16, 0.06), at=(frame, 0, top), bevel=0.01),
        box((0.05, 0.95, 0.06), at=(frame, 0, 0.13), bevel=0.01),
    ]
    parts.append(
        pair(box((0.05, 0.06, top - 0.12), at=(frame, 0.49, (top + 0.14) / 2), bevel=0.01))
    )
    parts.append(box((0.04, 0.04, top - 0.15), at=(frame + 0.01, 0, (top + 0.13) / 2), bevel=0.008))
    tower_top = style.edge[4][1] - 0.075
    rows = [
        np.column_stack([rectangle(w, d, r, 5) + (front - 0.04, y), np.full(24, z)])
        for w, d, r, y, z in (
            (0.44, 0.22, 0.06, 0.54, 0.26), (0.36, 0.20, 0.09, 0.55, 0.42),
            (0.25, 0.20, 0.095, 0.56, tower_top - 0.03), (0.20, 0.17, 0.08, 0.56, tower_top),
        )
    ]  # fmt: skip
    plate = turned(
        [(0.05, 0), (0.05, 0.012), (0.03, 0.016)],
        (front - 0.04, 0.56, tower_top - 0.004),
        (front - 0.04, 0.56, 9),
        sides=14,
    )
    studs = [
        rod(
            0.007,
            (front - 0.04 + 0.068 * np.cos(a), 0.56 + 0.068 * np.sin(a), tower_top - 0.005),
            (front - 0.04 + 0.068 * np.cos(a), 0.56 + 0.068 * np.sin(a), tower_top + 0.025),
            sides=6,
        )
        for a in (0.5, 2.6, 4.7)
    ]
    return [*parts, pair(join(loft(rows), plate, *studs))]  # fmt: skip


def _wheelhouses(body: BodySurface) -> list[trimesh.Trimesh]:
    """Half shells over the wheels."""
    style = body.style
    z, radius = style.wheel
    parts = []
    for axle, start, stop, inner in (
        (style.axles[0], 0.02, 0.94, 0.50),
        (style.axles[1], 0.02, 0.98, 0.54),
    ):
        outer = style.width / 2 - 0.045

        def bend(
            flat: np.ndarray, axle: float = axle, inner: float = inner, outer: float = outer
        ) -> np.ndarray:
            s, t = flat.T
            angle = np.pi * s
            r = radius + 0.012 - 0.10 * (1 - t) ** 3
            y = inner + (outer - inner) * t
            return np.column_stack([axle + r * np.cos(angle), y, z + r * np.sin(angle)])

        shell = pressing(shapely.box(start, 0, stop, 1), bend, thickness=0.008, cell=(0.06, 0.26))
        parts.append(pair(shell))
        disc = (
            shapely.Point(axle, z)
            .buffer(radius - 0.085, 8)
            .intersection(shapely.box(-9, z - 0.02, 9, 9))
        )
        wall = pressing(
            disc,
            lambda flat, y=inner: np.column_stack([flat[:, 0], np.full(len(flat), y), flat[:, 1]]),
            thickness=np.array([0, 0.008, 0]),
            cell=(0.6, 0.6),
        )
        parts.append(pair(wall))
    return parts  # fmt: skip
