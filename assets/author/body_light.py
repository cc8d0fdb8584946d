"""A body of two thousand triangles, for where many cars are seen from far away."""

import numpy as np
import trimesh

from assets.author.body_surface import BodySurface
from assets.author.sheet import pair
from assets.author.solids import box, extrude, move, rod, solid, turn
from assets.author.surface import Piece, made

__all__ = ["light_shell", "light_wheels"]

SOLE = -0.20  # the tyres' lowest point [m]


def light_shell(body: BodySurface) -> list[Piece]:
    """Painted skin and dark openings as one grid over the car: rows along X, columns round it."""
    stations = _stations(body)
    grid = _grid(body, stations)
    dark = _openings(body, stations)
    rows, columns = grid.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    quads = np.stack([a, b, c, a, c, d], -1).reshape(rows - 1, columns - 1, 2, 3)
    points = grid.reshape(-1, 3)
    skin, glass = (solid(points, quads[chosen].reshape(-1, 3)) for chosen in (~dark, dark))
    low = box((3.9, 1.3, 0.08), at=(0, 0, 0.06), bevel=0)
    return [
        made("Zinc", pair(skin), *_ends(grid), crease=50),
        made("Glass", pair(glass), crease=50),
        made("Plastic", low, *_arches(body)),
    ]


def _stations(body: BodySurface) -> np.ndarray:
    """Rows from front to rear [m], with one at every edge of an opening."""
    style = body.style
    edge = [x for x, _ in style.edge[2:-2]]
    doors = [style.hinge - 0.30, style.pillar + 0.045, style.pillar - 0.045]
    last = style.door_end[1] + 0.06
    doors += [last, last - 0.08, -1.86]
    arches = [x + k * style.wheel[1] for x in style.axles for k in (-1, -0.8, -0.4, 0, 0.4, 0.8, 1)]
    rows = np.array([*edge, *doors, *arches])
    inside = rows[(rows < style.edge[1][0] - 0.015) & (rows > style.edge[-2][0] + 0.015)]
    ordered = np.unique(np.round(inside, 3))[::-1]
    return ordered[np.r_[True, np.diff(ordered) < -0.02]]


def _levels(body: BodySurface, x: np.ndarray) -> np.ndarray:
    """Heights of the columns of the side, from sill to edge, shape [rows, 7]."""
    style = body.style
    z, radius = style.wheel
    sill = np.full_like(x, 0.05)
    for axle in style.axles:
        inside = np.clip(radius**2 - (x - axle) ** 2, 0, None)
        sill = np.maximum(sill, np.where(inside > 0, z + np.sqrt(inside), 0))
    top, belt = body.edge_z(x), body.belt(x)
    window = belt + 0.86 * (top - belt)
    rows = [sill, sill + 0.02, np.full_like(x, 0.34), belt - 0.135, belt, window, top]
    levels = np.stack(rows, 1)
    return np.maximum.accumulate(np.minimum(levels, top[:, None]), axis=1)


def _grid(body: BodySurface, x: np.ndarray) -> np.ndarray:
    """Points of the left half, shape [rows, 10, 3]."""
    style = body.style
    z = _levels(body, x)
    wide = body.half_width(x[:, None], z)
    side = np.stack([np.broadcast_to(x[:, None], z.shape), wide, z], -1)
    top, half = z[:, -1], wide[:, -1]
    hood, roof = style.crowns
    ahead = style.edge[style.cowl][0]
    crown = np.interp(x, [ahead - 0.4, ahead + 0.1], [roof, hood])
    across = [
        np.stack([x, share * half, top + crown * (1 - share**2.2)], -1)
        for share in (0.75, 0.4, 0.0)
    ]
    return np.concatenate([side, np.stack(across, 1)], 1)


def _openings(body: BodySurface, x: np.ndarray) -> np.ndarray:
    """Which quads are windows, shape [rows - 1, 9]."""
    style = body.style
    middle = (x[1:] + x[:-1]) / 2
    dark = np.zeros((len(middle), 9), bool)
    last = style.door_end[1] + 0.06
    doors = (middle < style.hinge - 0.30) & (middle > last)
    posts = np.abs(middle - style.pillar) < 0.045
    quarter = (middle < last - 0.08) & (middle > -1.86) & style.quarter_window
    dark[:, 4] = (doors & ~posts) | quarter
    screen = (middle < style.edge[style.cowl][0]) & (middle > style.edge[style.roof[0]][0])
    if style.window_lid:
        start = style.edge[style.lid[0]][0]
        rear = (middle < start) & (middle > style.edge[style.lid[0] + 2][0])
    else:
        rear = (middle < style.edge[style.roof[1]][0]) & (middle > style.edge[style.lid[0]][0])
    dark[:, 6:] = (screen | rear)[:, None]
    return dark


def _ends(grid: np.ndarray) -> list[trimesh.Trimesh]:
    """Flat front and rear."""
    ends = []
    for row, flip in ((grid[0], False), (grid[-1], True)):
        left = row[1:]
        outline = np.concatenate([left, (left * (1, -1, 1))[-2::-1]])
        k = np.arange(1, len(outline) - 1)
        faces = np.stack([np.zeros_like(k), k, k + 1], 1)
        ends.append(solid(outline, faces[:, ::-1] if flip else faces))
    return ends


def _arches(body: BodySurface) -> list[trimesh.Trimesh]:
    """Dark half discs behind the wheels."""
    style = body.style
    z, radius = style.wheel
    arc = np.linspace(0.0, np.pi, 11)
    half = (radius + 0.03) * np.column_stack([np.cos(arc), np.sin(arc)])
    disc = turn(extrude(half, 0.04, bevel=0), "x", 90)
    return [pair(move(disc, x, style.width / 2 - 0.24, z - 0.06)) for x in style.axles]


def _lamps(grid: np.ndarray) -> list[Piece]:
    """A bright strip at the front, a red one at the rear, dark bumpers below."""
    found: list[Piece] = []
    for row, look, s in ((grid[0], "HeadLamp", 1), (grid[-1], "TailLamp", -1)):
        x, half, low, high = row[0, 0], row[:, 1].max(), row[1, 2], row[-1, 2]
        z = low + 0.86 * (high - low)
        wide = 1.6 * float(np.interp(z, row[:7, 2], row[:7, 1]))
        found.append(made(look, box((0.05, wide, 0.07), at=(x - 0.015 * s, 0, z), bevel=0.015)))
        skirt = box((0.05, 1.7 * half, 0.12), at=(x - 0.015 * s, 0, low + 0.08), bevel=0.02)
        found.append(made("Plastic", skirt))
    return found


def light_wheels(body: BodySurface) -> list[Piece]:
    """Tyres, bright discs, lamps and bumpers."""
    style = body.style
    z = style.wheel[0]
    radius, y = z - SOLE, style.width / 2 - 0.01
    tyres = [
        pair(rod(radius, (x, y - 0.22, z), (x, y, z), sides=16, bevel=0.02)) for x in style.axles
    ]
    rims = [
        pair(rod(0.66 * radius, (x, y - 0.03, z), (x, y + 0.004, z), sides=12, bevel=0))
        for x in style.axles
    ]
    ends = _grid(body, _stations(body))
    return [made("Rubber", *tyres), made("Aluminium", *rims), *_lamps(ends)]
