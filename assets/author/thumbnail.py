"""Draws an asset from its meshes and materials: the picture that asset browsers show."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pxr import Usd, UsdGeom, UsdShade

__all__ = ["draw"]

SIDE = 256  # pixels
FINE = 2  # drawn this many times larger
COLOURS = 48  # of the palette that the file keeps
SUN = np.array([0.35, -0.55, 0.76])
Array = NDArray[np.float64]


def draw(stage: Usd.Stage, path: Path) -> None:
    """Draw all that is seen of the stage, from the front, left and above, on light grey."""
    corners, colours = _triangles(stage)
    right = np.array([0.62, 0.78, 0.0])
    ahead = np.array([-0.70, 0.56, -0.45])
    ahead /= np.linalg.norm(ahead)
    right /= np.linalg.norm(right)
    right -= ahead * (right @ ahead)
    right /= np.linalg.norm(right)
    view = np.stack([right, np.cross(right, ahead), ahead])
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-30
    light = 0.45 + 0.55 * np.abs(normal @ SUN)
    seen = corners @ view.T
    low, high = seen.min((0, 1)), seen.max((0, 1))
    side = SIDE * FINE
    scale = 0.9 * side / float((high - low)[:2].max())
    seen = (seen - (low + high) / 2) * scale
    seen[..., :2] = seen[..., :2] * (1, -1) + side / 2
    pixel, depth, face = _samples(seen, side)
    order = np.lexsort((depth, pixel))
    nearest = order[np.flatnonzero(np.diff(pixel[order], prepend=-1))]
    picture = np.full((side * side, 3), 0.84)
    shaded = (colours * light[:, None]).clip(0, 1) ** (1 / 2.2)
    picture[pixel[nearest]] = shaded[face[nearest]]
    picture = picture.reshape(SIDE, FINE, SIDE, FINE, 3).mean((1, 3))
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(np.round(picture * 255).astype(np.uint8))
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)


def _triangles(stage: Usd.Stage) -> tuple[Array, Array]:
    """Corners [n, 3, 3] in the world and linear colours [n, 3] of all that is rendered."""
    corners, colours = [], []
    cache = UsdGeom.XformCache()
    for prim in Usd.PrimRange(stage.GetPseudoRoot(), Usd.TraverseInstanceProxies()):
        mesh = UsdGeom.Mesh(prim)
        if not mesh or mesh.ComputePurpose() != UsdGeom.Tokens.default_:
            continue
        world = np.array(cache.GetLocalToWorldTransform(prim))
        points = np.array(mesh.GetPointsAttr().Get(), float) @ world[:3, :3] + world[3, :3]
        faces = np.array(mesh.GetFaceVertexIndicesAttr().Get()).reshape(-1, 3)
        corners.append(points[faces])
        colours.append(np.tile(_colour(prim), (len(faces), 1)))
    return np.concatenate(corners), np.concatenate(colours)


def _colour(prim: Usd.Prim) -> Array:
    material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
    surface, *_ = material.ComputeSurfaceSource()
    given = [surface.GetInput(name).Get() for name in ("diffuseColor", "emissiveColor")]
    return np.array(given[0]) + np.array(given[1] or (0, 0, 0))


def _samples(seen: Array, side: int) -> tuple[NDArray[np.int64], Array, NDArray[np.int64]]:
    """Points spread evenly over all triangles, some four to a pixel: pixel, depth, triangle."""
    a, b, c = seen[:, 0], seen[:, 1] - seen[:, 0], seen[:, 2] - seen[:, 0]
    area = np.abs(b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0]) / 2
    edge = np.linalg.norm(np.stack([b, c, c - b])[..., :2], axis=2).max(0)
    count = np.ceil(4 * area + 2 * edge + 1).astype(int)
    face = np.repeat(np.arange(len(seen)), count)
    step = np.arange(len(face)) - np.repeat(np.cumsum(count) - count, count)
    u, v = (step * 0.7548776662466927 + 0.5) % 1, (step * 0.5698402909980532 + 0.5) % 1
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    point = a[face] + u[:, None] * b[face] + v[:, None] * c[face]
    x, y = point[:, :2].astype(int).clip(0, side - 1).T
    return y * side + x, point[:, 2], face
