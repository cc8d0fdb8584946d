"""A USD mesh as triangles with one normal per vertex, the way renderers take it; all vectorised."""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from pxr import UsdGeom

__all__ = ["Shape", "merge", "read_shape"]

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

STEPS = 1023  # normals that differ by less than 1 / STEPS share a vertex


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """Triangles in one frame."""

    points: Floats  # vertex positions [m], shape [n, 3]
    normals: Floats  # unit, shape [n, 3]
    triangles: NDArray[np.uint32]  # vertex rows, counter-clockwise from outside, shape [m, 3]
    double_sided: bool = False

    @property
    def digest(self) -> bytes:
        """Equal for equal content."""
        hashed = blake2b(b"2" if self.double_sided else b"1", digest_size=16)
        for array in (self.points, self.normals, self.triangles):
            hashed.update(array.tobytes())
        return hashed.digest()

    def moved(self, matrix: NDArray[np.float64]) -> "Shape":
        """The shape in the frame from which `matrix` [4, 4] leads to its own, scaled or not."""
        linear = matrix[:3, :3]
        points = self.points @ linear.T + matrix[:3, 3]
        normals = _unit(self.normals @ np.linalg.inv(linear))
        mirrored = np.linalg.det(linear) < 0
        return Shape(
            points=points.astype(np.float32),
            normals=normals.astype(np.float32),
            triangles=self.triangles[:, ::-1].copy() if mirrored else self.triangles,
            double_sided=self.double_sided,
        )


def merge(shapes: list[Shape]) -> Shape:
    """Several shapes of one frame as one."""
    sizes = [len(shape.points) for shape in shapes]
    starts = np.cumsum([0, *sizes[:-1]]).astype(np.uint32)
    triangles = [each.triangles + start for each, start in zip(shapes, starts, strict=True)]
    return Shape(
        points=np.concatenate([shape.points for shape in shapes]),
        normals=np.concatenate([shape.normals for shape in shapes]),
        triangles=np.concatenate(triangles),
        double_sided=any(shape.double_sided for shape in shapes),
    )


def read_shape(mesh: UsdGeom.Mesh) -> Shape:
    """Read a polygon mesh: faces of any size become fans, corners that are alike one vertex."""
    points = np.array(mesh.GetPointsAttr().Get() or [], np.float32).reshape(-1, 3)
    counts = np.array(mesh.GetFaceVertexCountsAttr().Get() or [], np.int64)
    indices = np.array(mesh.GetFaceVertexIndicesAttr().Get() or [], np.int64)
    corners = _fans(counts)
    if str(mesh.GetOrientationAttr().Get()) == "leftHanded":
        corners = corners[:, ::-1]
    normals = _corner_normals(mesh, counts, indices)
    flat = corners.ravel()
    if normals is None:
        at = points[indices[corners]]
        across = np.cross(at[:, 1] - at[:, 0], at[:, 2] - at[:, 0])
        per_corner = np.repeat(_unit(across), 3, axis=0)
    else:
        per_corner = _unit(normals[flat])
    vertex, first = _alike(indices[flat], per_corner)
    return Shape(
        points=points[indices[flat][first]],
        normals=per_corner[first].astype(np.float32),
        triangles=vertex.reshape(-1, 3).astype(np.uint32),
        double_sided=bool(mesh.GetDoubleSidedAttr().Get()),
    )


def _fans(counts: Numbers) -> Numbers:
    """Corners of the triangles of convex faces, given the faces' corner counts; shape [m, 3]."""
    starts = np.cumsum(counts) - counts
    fans = np.maximum(counts - 2, 0)
    start = np.repeat(starts, fans)
    step = np.arange(int(fans.sum()), dtype=np.int64) - np.repeat(np.cumsum(fans) - fans, fans)
    return np.stack([start, start + step + 1, start + step + 2], axis=1)


def _corner_normals(mesh: UsdGeom.Mesh, counts: Numbers, indices: Numbers) -> Floats | None:
    """The authored normal of each face corner, shape [corner_count, 3]; None if there is none."""
    primvar = UsdGeom.PrimvarsAPI(mesh.GetPrim()).GetPrimvar("normals")
    if primvar and primvar.HasValue():
        values, interpolation = primvar.ComputeFlattened(), primvar.GetInterpolation()
    else:
        values, interpolation = mesh.GetNormalsAttr().Get(), mesh.GetNormalsInterpolation()
    normals = np.array(values if values is not None else [], np.float32).reshape(-1, 3)
    per_corner = {
        "faceVarying": np.arange(len(indices)),
        "vertex": indices,
        "varying": indices,
        "uniform": np.repeat(np.arange(len(counts)), counts),
        "constant": np.zeros(len(indices), np.int64),
    }[str(interpolation)]
    if not len(normals) or per_corner.max(initial=0) >= len(normals):
        return None
    return normals[per_corner]


def _alike(points: Numbers, normals: Floats) -> tuple[Numbers, Numbers]:
    """Vertex of each corner, and one corner of each vertex: same point, same normal."""
    steps = np.round(normals * STEPS).astype(np.int64) + STEPS + 1
    shift = 2 * STEPS + 3
    key = ((points * shift + steps[:, 0]) * shift + steps[:, 1]) * shift + steps[:, 2]
    _, first, vertex = np.unique(key, return_index=True, return_inverse=True)
    return vertex.astype(np.int64), first.astype(np.int64)


def _unit(vectors: NDArray[np.floating]) -> Floats:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1.0)).astype(np.float32)
