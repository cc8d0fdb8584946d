"""Robots of a scene: their joint chains as arms, and where they stand."""

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from twin.errors import Problem, SceneError
from twin.motion import Arm
from twin.motion.frame import matrix_from, pose_from
from twin.plant import Pose
from twin.scene.chain import FLANGE, Chain, chain_of
from twin.scene.links import Numbers, read_numbers, relative_frame

__all__ = ["ArmReader", "frame_of", "pose_of"]

SQUARE = 1e-4  # how far axes may be from unit length and right angles


def pose_of(prim: Usd.Prim, frames: UsdGeom.XformCache) -> tuple[Pose, list[Problem]]:
    """Where a prim stands in the world [m]; a scaled or skewed frame is a problem."""
    matrix, problems = frame_of(prim, frames)
    if problems:
        return Pose(), problems
    xyz, wxyz = pose_from(matrix)
    x, y, z = xyz.tolist()
    w, i, j, k = wxyz.tolist()
    return Pose((x, y, z), (w, i, j, k)), []


def frame_of(
    prim: Usd.Prim, frames: UsdGeom.XformCache
) -> tuple[NDArray[np.float64], list[Problem]]:
    """The same as a matrix, shape [4, 4]."""
    matrix = np.array(frames.GetLocalToWorldTransform(prim), np.float64).T
    axes = matrix[:3, :3]
    if not np.abs(axes.T @ axes - np.eye(3)).max() <= SQUARE or np.linalg.det(axes) < 0:
        sizes = ", ".join(f"{size:g}" for size in np.linalg.norm(axes, axis=0))
        rule = "must stand in the world unscaled and unmirrored"
        return np.eye(4), [Problem(str(prim.GetPath()), rule, f"axes of {sizes}")]
    matrix[:3, :3] = axes / np.linalg.norm(axes, axis=0)
    return matrix, []


class ArmReader:
    """Reads joint chains; robots of the same type share one `Arm`."""

    def __init__(self) -> None:
        self._arms: dict[object, Arm] = {}

    def read(self, robot: Usd.Prim) -> tuple[Arm, Usd.Prim]:
        """The arm of a robot, and the prim of its base link.

        Raises:
            SceneError: its joints are no chain, or lack limits.
        """
        where = str(robot.GetPath())
        chain = chain_of(robot)
        problems: list[Problem] = []
        numbers = read_numbers(chain, problems)
        tail = _tail(robot, chain, numbers, problems)
        if problems:
            raise SceneError(problems)
        key = (numbers, tail.tobytes())
        if key not in self._arms:
            self._arms[key] = Arm.build(
                numbers.joints, links=numbers.links, shift=numbers.shift, tail=tail, where=where
            )
        return self._arms[key], chain.links[0]


def _tail(
    robot: Usd.Prim, chain: Chain, numbers: Numbers, problems: list[Problem]
) -> NDArray[np.float64]:
    """The flange in the last link: a frame that the robot names, or the last link itself."""
    tail = matrix_from(numbers.shift[-1], (1.0, 0.0, 0.0, 0.0))
    named = robot.GetRelationship(FLANGE)
    targets = named.GetTargets() if named else []
    last = chain.links[-1]
    if not targets:
        return tail
    flange = robot.GetStage().GetPrimAtPath(targets[0])
    if len(targets) > 1 or not flange or not targets[0].HasPrefix(last.GetPath()):
        where, rule = f"{robot.GetPath()} {FLANGE}", f"must name one frame in {last.GetPath()}"
        problems.append(Problem(where, rule, ", ".join(map(str, targets))))
        return tail
    return tail @ relative_frame(flange, last)
