"""A picture of a cell, drawn by MuJoCo off screen; it needs EGL or OSMesa, but no display."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.hifi.bodies import Bodies
from twin.hifi.library import library

__all__ = ["draw"]


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
    renderer = mujoco.Renderer(bodies.model, height, width)
    try:
        renderer.update_scene(bodies.seen(), camera, options)
        return renderer.render()
    finally:
        renderer.close()
