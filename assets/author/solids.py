"""Closed solids to model machines with: boxes, lathes, extrusions, lofts, tubes and hulls.

Every function returns a `trimesh.Trimesh` in metres, Z up, that is watertight and faces outward.
"""

import math
from collections.abc import Sequence

import numpy as np
import shapely
import trimesh
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "box",
    "circle",
    "extrude",
    "hoop",
    "hull",
    "join",
    "lathe",
    "loft",
    "move",
    "rectangle",
    "ring_of",
    "rod",
    "solid",
    "spline",
    "tube",
    "turn",
    "turned",
]

Points = NDArray[np.float64]


def solid(points: ArrayLike, faces: ArrayLike) -> trimesh.Trimesh:
    """Make a mesh exactly as given: no merging, no reordering."""
    return trimesh.Trimesh(np.asarray(points, float), np.asarray(faces, int), process=False)


def join(*parts: trimesh.Trimesh) -> trimesh.Trimesh:
    """Put solids side by side in one mesh (no boolean)."""
    return trimesh.util.concatenate(list(parts))


def move(mesh: trimesh.Trimesh, x: float, y: float = 0.0, z: float = 0.0) -> trimesh.Trimesh:
    """Return a moved copy [m]."""
    return solid(mesh.vertices + (x, y, z), mesh.faces)


def turn(mesh: trimesh.Trimesh, axis: str, degrees: float) -> trimesh.Trimesh:
    """Return a copy turned about a coordinate axis through the origin [deg]."""
    direction = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}[axis]
    matrix = trimesh.transformations.rotation_matrix(math.radians(degrees), direction)[:3, :3]
    return solid(mesh.vertices @ matrix.T, mesh.faces)


def box(
    size: Sequence[float], *, at: Sequence[float] = (0, 0, 0), bevel: float = 0.006
) -> trimesh.Trimesh:
    """Make a box with chamfered edges; `at` is its centre."""
    half = np.asarray(size, float) / 2
    bevel = min(bevel, 0.45 * float(half.min()))
    corner = [(sx, sy, sz) for sx in (-1, 1) for sy in (-1, 1) for sz in (-1, 1)]
    points, index = [], {}
    for sign in corner:
        for axis in range(3):
            inset = half - bevel
            inset[axis] = half[axis]
            index[sign, axis] = len(points)
            points.append(inset * sign + at)
    faces: list[list[int]] = []
    for axis in range(3):
        j, k = (axis + 1) % 3, (axis + 2) % 3
        for side in (-1, 1):
            ring = []
            for sj, sk in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                sign = [0, 0, 0]
                sign[axis], sign[j], sign[k] = side, sj, sk
                ring.append(index[tuple(sign), axis])
            faces.append(ring if side > 0 else ring[::-1])
        for sj in (-1, 1):
            for sk in (-1, 1):
                low, high = [0, 0, 0], [0, 0, 0]
                low[axis], high[axis] = -1, 1
                low[j] = high[j] = sj
                low[k] = high[k] = sk
                ring = [index[tuple(low), j], index[tuple(high), j]]
                ring += [index[tuple(high), k], index[tuple(low), k]]
                faces.append(ring[::-1] if sj * sk > 0 else ring)
    for sign in corner:
        ring = [index[sign, axis] for axis in range(3)]
        faces.append(ring if sign[0] * sign[1] * sign[2] > 0 else ring[::-1])
    triangles = [(f[0], f[i], f[i + 1]) for f in faces for i in range(1, len(f) - 1)]
    return solid(points, triangles)


def circle(radius: float, sides: int = 24) -> Points:
    """Give a regular polygon, counter-clockwise, shape [sides, 2]."""
    angle = np.arange(sides) * 2 * np.pi / sides
    return radius * np.stack([np.cos(angle), np.sin(angle)], 1)


def rectangle(width: float, height: float, radius: float = 0.0, sides: int = 4) -> Points:
    """Give a rounded rectangle about the origin, counter-clockwise, shape [4 (sides + 1), 2]."""
    radius = min(radius, 0.499 * width, 0.499 * height)
    arc = np.arange(sides + 1) * np.pi / 2 / sides
    quarter = radius * np.stack([np.cos(arc), np.sin(arc)], 1)
    centre = np.array([width / 2 - radius, height / 2 - radius])
    out = []
    for k in range(4):
        c, s = ((1, 0), (0, 1), (-1, 0), (0, -1))[k]
        flip = centre * ((1, 1), (-1, 1), (-1, -1), (1, -1))[k]
        out.append(quarter @ np.array([[c, s], [-s, c]]) + flip)
    return np.concatenate(out)


def _cap(polygon: Points) -> NDArray[np.int64]:
    """Triangulate a simple polygon, counter-clockwise, shape [n, 3]."""
    index = {tuple(point): k for k, point in enumerate(polygon.tolist())}
    pieces = shapely.constrained_delaunay_triangles(shapely.Polygon(polygon))
    rings = [shapely.get_coordinates(shapely.normalize(piece))[:3] for piece in pieces.geoms]
    faces = np.array([[index[tuple(point)] for point in ring.tolist()] for ring in rings])
    a, b, c = (polygon[faces[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return np.where((area < 0)[:, None], faces[:, ::-1], faces)


def loft(sections: ArrayLike, outline: Points | None = None) -> trimesh.Trimesh:
    """Skin a row of closed sections, shape [section_count, n, 3], and cap both ends.

    Sections run counter-clockwise seen against the direction of the row. `outline` [n, 2] is what
    the caps are triangulated by; without it the caps are fans (right for convex sections).
    """
    ring = np.asarray(sections, float)
    rows, n = ring.shape[:2]
    k = np.arange(n)
    after = (k + 1) % n
    faces = []
    for row in range(rows - 1):
        low, high = row * n, (row + 1) * n
        faces.append(np.stack([low + k, low + after, high + after], 1))
        faces.append(np.stack([low + k, high + after, high + k], 1))
    if outline is None:
        cap = np.stack([np.zeros(n - 2, int), np.arange(1, n - 1), np.arange(2, n)], 1)
    else:
        cap = _cap(outline)
    faces += [cap[:, ::-1], cap + (rows - 1) * n]
    return solid(ring.reshape(-1, 3), np.concatenate(faces))


def extrude(polygon: ArrayLike, depth: float, *, bevel: float = 0.004) -> trimesh.Trimesh:
    """Extrude a counter-clockwise polygon in XY along +Z from z = 0, both rims chamfered."""
    flat = np.asarray(polygon, float)
    ahead, behind = np.roll(flat, -1, 0) - flat, flat - np.roll(flat, 1, 0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    behind /= np.linalg.norm(behind, axis=1, keepdims=True)
    normal = np.stack([-(ahead + behind)[:, 1], (ahead + behind)[:, 0]], 1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    cosine = np.maximum((normal * np.stack([-ahead[:, 1], ahead[:, 0]], 1)).sum(1), 0.5)
    inset = flat + bevel * normal / cosine[:, None]

    def at(shape: Points, z: float) -> Points:
        return np.column_stack([shape, np.full(len(shape), z)])

    if bevel <= 0:
        return loft([at(flat, 0), at(flat, depth)], flat)
    rows = [at(inset, 0), at(flat, bevel), at(flat, depth - bevel), at(inset, depth)]
    return loft(rows, inset)


def lathe(profile: ArrayLike, sides: int = 28) -> trimesh.Trimesh:
    """Turn a profile of (radius, z) points, z rising, about Z; open ends are capped flat."""
    rows = np.asarray(profile, float)
    angle = np.arange(sides) * 2 * np.pi / sides
    unit = np.stack([np.cos(angle), np.sin(angle)], 1)
    rings = [np.column_stack([r * unit, np.full(sides, z)]) for r, z in rows]
    return loft(rings)


def turned(
    profile: ArrayLike, start: ArrayLike, stop: ArrayLike, *, sides: int = 28
) -> trimesh.Trimesh:
    """Turn (radius, distance from start) points about the line from `start` towards `stop`."""
    origin = np.asarray(start, float)
    axis = np.asarray(stop, float) - origin
    axis /= np.linalg.norm(axis)
    side = np.cross(np.eye(3)[np.argmin(np.abs(axis))], axis)
    side /= np.linalg.norm(side)
    mesh = lathe(profile, sides)
    basis = np.stack([side, np.cross(axis, side), axis])
    return solid(mesh.vertices @ basis + origin, mesh.faces)


def hoop(profile: ArrayLike, sides: int = 28) -> trimesh.Trimesh:
    """Turn a closed profile of (radius, z) points, counter-clockwise, about Z: a ring."""
    rows = np.asarray(profile, float)
    n = len(rows)
    angle = np.arange(sides) * 2 * np.pi / sides
    r, z = rows.T
    points = [np.column_stack([r * np.cos(a), r * np.sin(a), z]) for a in angle]
    k = np.arange(n)
    after = (k + 1) % n
    faces = []
    for side in range(sides):
        here, there = side * n, (side + 1) % sides * n
        faces.append(np.stack([here + k, there + k, there + after], 1))
        faces.append(np.stack([here + k, there + after, here + after], 1))
    return solid(np.concatenate(points), np.concatenate(faces))


def rod(
    radius: float, start: ArrayLike, stop: ArrayLike, *, sides: int = 24, bevel: float = 0.006
) -> trimesh.Trimesh:
    """Make a cylinder from one point to another with chamfered rims."""
    length = float(np.linalg.norm(np.asarray(stop, float) - np.asarray(start, float)))
    b = min(bevel, 0.4 * radius, 0.4 * length)
    rim = [(radius - b, 0), (radius, b), (radius, length - b), (radius - b, length)]
    return turned(rim, start, stop, sides=sides)


def ring_of(mesh: trimesh.Trimesh, count: int, axis: str = "z") -> trimesh.Trimesh:
    """Repeat a solid `count` times round a coordinate axis."""
    return join(*(turn(mesh, axis, 360 * k / count) for k in range(count)))


def spline(points: ArrayLike, per_span: int = 6) -> Points:
    """Refine a polyline by a Catmull-Rom curve through its points, any dimension."""
    p = np.asarray(points, float)
    p = np.concatenate([[2 * p[0] - p[1]], p, [2 * p[-1] - p[-2]]])
    t = (np.arange(per_span) / per_span)[:, None]
    out = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        out.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2)
            + 0.5 * (3 * b - a - 3 * c + d) * t**3
        )
    return np.concatenate([*out, p[-2:-1]])


def tube(
    path: ArrayLike, radius: float | Sequence[float], *, sides: int = 10, per_span: int = 6
) -> trimesh.Trimesh:
    """Sweep a circle along a smooth curve through `path`, shape [n, 3] (per_span 1: straight).

    `radius` may be a row, one for each point of the path.
    """
    knots = np.asarray(path, float)
    line = spline(knots, per_span) if per_span > 1 else knots
    radii = np.interp(
        np.linspace(0, 1, len(line)),
        np.linspace(0, 1, len(knots)),
        np.broadcast_to(np.asarray(radius, float), len(knots)),
    )
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.cross(tangent[0], np.eye(3)[np.argmin(np.abs(tangent[0]))])
    rings = []
    for point, direction, size in zip(line, tangent, radii, strict=True):
        side = side - direction * (side @ direction)
        side /= np.linalg.norm(side)
        up = np.cross(direction, side)
        rings.append(point + circle(size, sides) @ np.stack([side, up]))
    return loft(rings)


def hull(*parts: ArrayLike) -> trimesh.Trimesh:
    """Wrap points or meshes in their convex hull."""
    points = [p.vertices if isinstance(p, trimesh.Trimesh) else np.asarray(p) for p in parts]
    wrapped = trimesh.convex.convex_hull(np.round(np.concatenate(points), 6))
    return solid(wrapped.vertices, wrapped.faces)
