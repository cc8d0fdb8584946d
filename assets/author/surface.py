"""Turns solids into the arrays of a USD mesh: points, triangles, normals, texture coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
import scipy.sparse.csgraph
import trimesh
from numpy.typing import NDArray

from assets.author.solids import join

__all__ = ["Piece", "Surface", "made", "surface"]

WELD = 1e-5  # points closer than this are one [m]
TOUCH = 2e-5  # between points of solids that touch [m]
SLIVER = 1e-9  # faces smaller than this are dropped [m2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A solid with its material; faces meeting below `crease` degrees are shaded smooth."""

    solid: trimesh.Trimesh
    material: str
    crease: float = 38.0
    name: str = ""  # its own mesh, of this name; else it joins the mesh of its material


def made(material: str, *parts: trimesh.Trimesh, crease: float = 38.0, name: str = "") -> Piece:
    """Make solids of one material."""
    return Piece(solid=join(*parts), material=material, crease=crease, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """The arrays of one mesh; normals and texture indices have one row per face corner."""

    points: NDArray[np.float32]  # [n, 3] m
    faces: NDArray[np.int32]  # [m, 3]
    normals: NDArray[np.float32]  # [3 m, 3]
    st: NDArray[np.float32]  # [k, 2], one unit per metre
    st_indices: NDArray[np.int32]  # [3 m]
    closed: bool


def surface(pieces: Sequence[Piece]) -> Surface:
    """Merge the pieces into one mesh; solids that only touch stay separate."""
    points, faces, normals = [], [], []
    offset = 0
    for piece in pieces:
        xyz, triangles = _part(*_weld(piece.solid))
        points.append(xyz)
        faces.append(triangles + offset)
        normals.append(_corner_normals(xyz, triangles, piece.crease))
        offset += len(xyz)
    triangles = np.concatenate(faces)
    xyz = _apart(np.concatenate(points), triangles)
    st, indices = _box_projection(xyz, triangles)
    return Surface(
        points=xyz.astype(np.float32),
        faces=triangles.astype(np.int32),
        normals=np.concatenate(normals).astype(np.float32),
        st=st.astype(np.float32),
        st_indices=indices.astype(np.int32),
        closed=_is_closed(triangles),
    )


def _weld(mesh: trimesh.Trimesh) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    grid = np.round(np.asarray(mesh.vertices) / WELD).astype(np.int64)
    _, first, inverse = np.unique(grid, axis=0, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))  # keep the order of modelling
    faces = rank[inverse.ravel()][np.asarray(mesh.faces)]
    xyz = grid[np.sort(first)] * WELD
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    faces = faces[np.linalg.norm(_cross(xyz, faces), axis=1) > 2 * SLIVER]
    used = np.unique(faces)
    renumber = np.zeros(len(xyz), int)
    renumber[used] = np.arange(len(used))
    return xyz[used], renumber[faces]


def _part(
    xyz: NDArray[np.float64], faces: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give each fan of faces a point of its own, where solids touch in a point or along an edge."""
    edges = np.stack([faces.ravel(), np.roll(faces, -1, 1).ravel()], 1)
    corners = np.stack([np.arange(faces.size), np.roll(np.arange(faces.size).reshape(-1, 3), -1, 1)
                        .ravel()], 1)  # fmt: skip
    key, back = edges[:, 0] * len(xyz) + edges[:, 1], edges[:, 1] * len(xyz) + edges[:, 0]
    once, first, count = np.unique(key, return_index=True, return_counts=True)
    there = np.searchsorted(once, back).clip(max=len(once) - 1)
    paired = (once[there] == back) & (count[there] == 1) & (count[np.searchsorted(once, key)] == 1)
    mine, theirs = corners[paired], corners[first[there[paired]]][:, ::-1]
    joined = scipy.sparse.coo_array(
        (np.ones(mine.size), (mine.ravel(), theirs.ravel())), shape=2 * (faces.size,)
    )
    _, fan = scipy.sparse.csgraph.connected_components(joined, directed=False)
    _, first, inverse = np.unique(fan, return_index=True, return_inverse=True)
    order = np.argsort(np.lexsort((first, faces.ravel()[first])))  # the order of points is kept
    points = np.empty((len(first), 3))
    points[order] = xyz[faces.ravel()[first]]
    return points, order[inverse].reshape(-1, 3)


def _apart(xyz: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.float64]:
    """Draw points that lie upon each other a little into their own faces, so that all differ."""
    _, first, inverse = np.unique(
        xyz.astype(np.float32), axis=0, return_index=True, return_inverse=True
    )
    doubled = first[inverse.ravel()] != np.arange(len(xyz))
    if not doubled.any():
        return xyz
    total, count = np.zeros_like(xyz), np.bincount(faces.ravel(), minlength=len(xyz))
    np.add.at(total, faces.ravel(), xyz[faces].mean(axis=1).repeat(3, axis=0))
    inward = total / count[:, None] - xyz
    length = np.linalg.norm(inward, axis=1, keepdims=True)
    moved = xyz + inward / np.maximum(length, TOUCH) * TOUCH
    return _apart(np.where(doubled[:, None], moved, xyz), faces)


def _cross(xyz: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.float64]:
    a, b, c = (xyz[faces[:, k]] for k in range(3))
    return np.cross(b - a, c - a)


def _corner_normals(
    xyz: NDArray[np.float64], faces: NDArray[np.int64], crease: float
) -> NDArray[np.float64]:
    """Average, at each corner, the area-weighted normals of the faces on its side of any crease."""
    cross = _cross(xyz, faces)
    unit = cross / np.linalg.norm(cross, axis=1, keepdims=True)
    corner_vertex = faces.ravel()
    order = np.argsort(corner_vertex, kind="stable")
    count = np.bincount(corner_vertex, minlength=len(xyz))
    start = np.cumsum(count) - count
    pairs = count[corner_vertex]
    mine = np.repeat(np.arange(len(corner_vertex)), pairs)
    step = np.arange(len(mine)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    theirs = order[start[corner_vertex[mine]] + step]
    smooth = (unit[mine // 3] * unit[theirs // 3]).sum(1) >= np.cos(np.radians(crease)) - 1e-9
    total = np.zeros((len(corner_vertex), 3))
    np.add.at(total, mine[smooth], cross[theirs[smooth] // 3])
    return total / np.linalg.norm(total, axis=1, keepdims=True)


def _box_projection(
    xyz: NDArray[np.float64], faces: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Texture coordinates seen along the axis that each face looks along, in metres."""
    axis = np.argmax(np.abs(_cross(xyz, faces)) + (0, 0, 1e-12), axis=1)
    columns = np.array([(1, 2), (0, 2), (0, 1)])[axis]
    corner = xyz[faces]
    uv = np.take_along_axis(corner, columns[:, None, :].repeat(3, 1), axis=2).reshape(-1, 2)
    st, indices = np.unique(np.round(uv, 4), axis=0, return_inverse=True)
    return st, indices.ravel()


def _is_closed(faces: NDArray[np.int64]) -> bool:
    """Every edge is walked once in each direction."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    forward = {tuple(e) for e in edges.tolist()}
    return len(forward) == len(edges) and all((b, a) in forward for a, b in forward)
