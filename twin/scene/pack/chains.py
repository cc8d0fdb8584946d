"""Joint chains for viewers, whose joints turn about X, Y or Z of their own frames.

A joint on any other axis gets a link frame that is turned, so that its axis is the Z there, or
turned over, if the axis is a negative one; what the link carries is turned back.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from twin.motion import Arm
from twin.motion.frame import invert_matrix, matrix_from

__all__ = ["link_prims", "viewer_chain"]

Matrix = NDArray[np.float64]
AXES = "XYZ"


def viewer_chain(arm: Arm) -> tuple[Matrix, str]:
    """Joint frames in the viewer's link before, shape [J, 4, 4], and the letters of their axes."""
    letters, turns = _turns(arm)
    before = np.concatenate([np.eye(4)[None], turns[:-1]])
    return invert_matrix(before) @ arm.fixed @ turns, letters


@cache
def link_prims(arm: Arm) -> Matrix:
    """Where the scene's links are in the viewer's, shape [J + 1, 4, 4]."""
    _, turns = _turns(arm)
    placed = matrix_from(arm.shift, (1.0, 0.0, 0.0, 0.0))
    placed[1:] = invert_matrix(turns) @ placed[1:]
    return placed


def _turns(arm: Arm) -> tuple[str, Matrix]:
    """The letter of each axis, and the viewer's link in ours, shape [J, 4, 4]."""
    letters, turns = "", np.zeros((arm.joint_count, 4))
    for row, axis in enumerate(arm.axis):
        largest = int(np.argmax(np.abs(axis)))
        if abs(axis[largest]) > 1 - 1e-12:
            letters += AXES[largest]
            turns[row, 0 if axis[largest] > 0 else 1 + (largest + 1) % 3] = 1.0
        else:
            letters += "Z"
            half = np.array([1.0 + axis[2], -axis[1], axis[0], 0.0])
            turns[row] = half / np.linalg.norm(half)
    return letters, matrix_from(np.zeros(3), turns)
