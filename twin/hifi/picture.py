"""A picture of a cell, drawn by MuJoCo off screen; it needs EGL or OSMesa, but no display."""

import struct
import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import CommandError
from twin.hifi.bodies import Bodies
from twin.hifi.library import library

__all__ = ["draw", "png"]


def draw(
    bodies: Bodies, eye: ArrayLike, target: ArrayLike, *, width: int = 1280, height: int = 720
) -> NDArray[np.uint8]:
    """Draw bodies as seen from a point.

    Args:
        bodies: of a cell.
        eye: where one looks from [m], shape [3].
        target: where one looks at [m], shape [3].
        width: pixels.
        height: pixels.

    Returns:
        Red, green and blue, shape [height, width, 3].

    Raises:
        CommandError: there is no library to draw with.
    """
    mujoco = library()
    bodies.model.vis.global_.offwidth = max(width, int(bodies.model.vis.global_.offwidth))
    bodies.model.vis.global_.offheight = max(height, int(bodies.model.vis.global_.offheight))
    away = np.asarray(target, np.float64) - np.asarray(eye, np.float64)
    camera = mujoco.MjvCamera()
    camera.lookat[:] = target
    camera.distance = float(np.linalg.norm(away))
    camera.azimuth = float(np.degrees(np.arctan2(away[1], away[0])))
    camera.elevation = float(np.degrees(np.arcsin(away[2] / camera.distance)))
    options = mujoco.MjvOption()
    options.geomgroup[:] = 1
    try:
        renderer = mujoco.Renderer(bodies.model, height, width)
    except (mujoco.FatalError, RuntimeError, ImportError, AttributeError) as error:
        way_out = "set MUJOCO_GL to egl or osmesa, and install that library"
        raise CommandError(f"MuJoCo can't draw here; {way_out} ({error})") from None
    try:
        renderer.update_scene(bodies.seen(), camera, options)
        return renderer.render()
    finally:
        renderer.close()


def png(image: NDArray[np.uint8]) -> bytes:
    """A picture as a file's bytes (ISO/IEC 15948), image of shape [height, width, 3]."""
    height, width, _ = image.shape
    rows = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(image))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check
