"""Tool moves that the tests of motion plan: a bent tool on the HS220, lines and arcs before it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.motion.hs220 import hs220
from twin.errors import SceneError
from twin.motion.frame import about, compose, matrix_from, pose_from
from twin.motion.tool_move import ToolMove, plan_tool_move
from twin.motion.tool_path import ToolPath

__all__ = ["ARM", "START", "TOOL", "distance_from_path", "planned_moves", "some_paths", "tool_at"]

Array = NDArray[np.float64]

ARM = hs220()
START = np.array([0, 1.6, 0.1, 0.3, 0.6, 0.2])
TOOL = matrix_from([0.3, 0.0, 0.1], about([0.0, 1.0, 0.0], 0.5))


def tool_at(joints: Array) -> Array:
    """Poses of the tool, shape [n, 4, 4]."""
    return ARM.flange(joints) @ TOOL


def some_paths(count: int, seed: int) -> Iterator[tuple[ToolPath, Array]]:
    """Lines and arcs in turn, and the joints at which each begins."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        joints = START + rng.uniform(-0.3, 0.3, 6)
        first = tool_at(joints[None])[0]
        xyz, wxyz = pose_from(first)
        axis = rng.normal(size=3)
        turn = about(axis / np.linalg.norm(axis), rng.uniform(0, 0.5))
        last = matrix_from(xyz + rng.uniform(-0.4, 0.4, 3), compose(wxyz, turn))
        if number % 2:
            yield ToolPath.line(first, last), joints
        else:
            via = (xyz + last[:3, 3]) / 2 + rng.uniform(-0.1, 0.1, 3)
            yield ToolPath.arc(first, via, last), joints


def planned_moves(count: int, seed: int) -> Iterator[ToolMove]:
    """Moves along those paths that stay within reach."""
    for path, joints in some_paths(count, seed):
        try:
            yield plan_tool_move(ARM, path, joints, tool=TOOL)
        except SceneError:
            continue


def distance_from_path(path: ToolPath, xyz: Array) -> Array:
    """How far points [n, 3] are from a path [m], shape [n]."""
    if path.sweep > 0:
        out = xyz - path.centre
        height = out @ path.normal
        flat = np.linalg.norm(out - height[:, None] * path.normal, axis=1)
        return np.hypot(flat - path.radius, height)
    share = np.clip((xyz - path.start) @ path.chord / (path.chord @ path.chord), 0, 1)
    return np.linalg.norm(xyz - path.start - share[:, None] * path.chord, axis=1)
