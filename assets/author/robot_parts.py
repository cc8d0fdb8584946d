"""What the links of a robot are made of, painted castings, bolts, motors, hoses; its lengths."""

from itertools import pairwise

import numpy as np
import trimesh
from numpy.typing import ArrayLike

from assets.author.solids import move, ring_of, rod, tube, turn, turned
from assets.author.surface import Piece, made

__all__ = ["FLANGE", "WRIST", "X1", "Z1", "Z2", "Z3", "bolts", "hose", "motor", "paint"]

# At home, in robot space [m]: shoulder (X1, Z1), elbow (X1, Z2), forearm axis Z3, wrist and flange.
X1, Z1, Z2, Z3 = 0.312, 0.608, 1.708, 1.938
WRIST, FLANGE = 1.562, 1.782


def paint(*parts: trimesh.Trimesh) -> Piece:
    """Make parts of the painted casting."""
    return made("RobotPaint", *parts)


def bolts(
    centre: tuple[float, float, float], axis: str, radius: float, count: int
) -> trimesh.Trimesh:
    """A circle of hexagon bolts on a face looking along `axis` ("x", "-y" ...)."""
    sign = -1 if axis[0] == "-" else 1
    head = turned([(0.012, -0.004), (0.012, 0.009)], (0, 0, 0), (0, 0, 1), sides=6)
    ring = ring_of(move(head, radius), count)
    if axis[-1] == "x":
        ring = turn(ring, "y", 90 * sign)
    elif axis[-1] == "y":
        ring = turn(ring, "x", -90 * sign)
    return move(ring, *centre)


def motor(start: ArrayLike, stop: ArrayLike, size: float) -> list[Piece]:
    """A servo motor of width `size` [m]: flange, finned body, encoder cap, connector."""
    a, b = np.asarray(start, float), np.asarray(stop, float)
    length = float(np.linalg.norm(b - a))
    r = size / 2
    body = [(1.06 * r, 0), (1.06 * r, 0.018), (0.9 * r, 0.02)]
    fin = np.linspace(0.03, 0.62 * length, 4)
    for z0, z1 in pairwise(fin):
        body += [(0.9 * r, z0), (0.98 * r, z0), (0.98 * r, z1 - 0.009), (0.9 * r, z1 - 0.009)]
    cap = [(0.84 * r, 0.60 * length), (0.84 * r, 0.96 * length), (0.72 * r, length)]
    direction = (b - a) / length
    up = np.array([0, 0, 1.0]) if abs(direction[2]) < 0.5 else np.array([1.0, 0, 0])
    plug = a + direction * 0.8 * length
    return [
        made("RobotGrey", turned(body, a, b, sides=12)),
        made(
            "DarkSteel",
            turned(cap, a, b, sides=12),
            rod(0.022, plug, plug + up * (r + 0.03), sides=8),
        ),
    ]


def hose(*paths: list[tuple[float, float, float]], radius: float) -> Piece:
    """Hoses of one radius, black."""
    return made("Rubber", *(tube(p, radius, sides=8, per_span=4) for p in paths), crease=70)
