"""Robot programs for weld spots: home, into the body, spot by spot along the seams, home again."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assets.author.body_style import STYLES
from assets.author.layout import SKID_TOP
from assets.author.weld_seams import Seam, seams
from scenes.body_shop.authoring.welding import TOOL, arm_of
from twin.errors import Problem, SceneError
from twin.motion import inverse
from twin.motion.frame import invert_matrix, matrix_from

__all__ = ["Job", "Weld", "weld"]

Array = NDArray[np.float64]

CLOSED = 1.5  # at a spot: gun stroke, squeeze, weld, hold [s]
HOP = 0.06  # how far the gun draws back between two spots [m]
FACING = math.radians(100.0)  # largest turn of axis 1 while welding [rad]
TURN_TO_ROBOT = 0.45  # share of the way from square to the body towards the robot


@dataclass(frozen=True, slots=True)
class Job:
    """What one robot welds in one visit of the gun: spots on a part of a seam."""

    seam: str
    start: float  # share of the seam's length
    stop: float
    spots: int
    hold: tuple[float, float, float] | None = (
        None  # the gun's own yaw, pitch, roll [deg], see _held
    )
    gate: float = 0.25  # how far before the first and after the last spot [m]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weld:
    """A solved program."""

    waypoints: Array  # shape [n, 6] [rad]
    dwells: Array  # shape [n] [s]
    targets: Array  # tool frames in the station at the waypoints; home has none: nan, [n, 4, 4]


@cache
def _seams(product: str) -> dict[str, Seam]:
    """The seams of a body as it stands on its skid."""
    style = next(style for style in STYLES if style.prim == product)
    up = [0.0, 0.0, SKID_TOP]
    return {name: replace(seam, points=seam.points + up) for name, seam in seams(style).items()}


def spot_frames(product: str, job: Job, base: Array) -> Array:
    """Tool frames in the station at the spots of a job, for a robot with this base, [n, 4, 4]."""
    seam = _seams(product)[job.seam]
    side = math.copysign(1.0, base[1, 3])
    mirror = np.array([1.0, side, 1.0])
    points, into = seam.at(np.linspace(job.start, job.stop, job.spots))
    points, into = points * mirror, into * mirror
    if job.hold is None:
        x, z = _square(_inward(points, base, side), into, seam.tilt)
    else:
        x, z = (np.tile(axis, (job.spots, 1)) for axis in _held(job.hold, side))
    frames = np.tile(np.eye(4), (job.spots, 1, 1))
    frames[:, :3, 0], frames[:, :3, 1], frames[:, :3, 2] = x, np.cross(z, x), z
    frames[:, :3, 3] = points
    return frames


def _square(inward: Array, into: Array, tilt: float) -> tuple[Array, Array]:
    """Approach and electrode axis: across the seam, the drive tilted away from the body."""
    inward = _unit(inward - (inward * into).sum(axis=1, keepdims=True) * into)
    x = np.cos(tilt) * inward + np.sin(tilt) * into
    return x, np.cos(tilt) * into - np.sin(tilt) * inward


def _held(hold: tuple[float, float, float], side: float) -> tuple[Array, Array]:
    """Approach and electrode axis of a gun that keeps its attitude along the seam.

    Without angles it points straight at the body, upright; it turns to come from the front of the
    car (yaw), from above (pitch), and rolls its drive to the front.
    """
    yaw, pitch, roll = np.radians(hold)
    x = np.array(
        [-np.sin(yaw) * np.cos(pitch), -side * np.cos(yaw) * np.cos(pitch), -np.sin(pitch)]
    )
    ahead = np.array([np.cos(yaw), -side * np.sin(yaw), 0.0])
    up = np.cross(x, ahead) if side > 0 else np.cross(ahead, x)
    return x, np.cos(roll) * up + np.sin(roll) * ahead


def _inward(points: Array, base: Array, side: float) -> Array:
    """Level directions into the body, turned somewhat towards where the robot comes from."""
    way = (points - base[:3, 3]) * [1.0, 1.0, 0.0]
    square = np.array([0.0, -side, 0.0])
    return _unit(TURN_TO_ROBOT * _unit(way) + (1 - TURN_TO_ROBOT) * square)


def _unit(vectors: Array) -> Array:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def weld(
    product: str, jobs: Sequence[Job], base: Array, *, rest: tuple[float, ...], where: str
) -> Weld:
    """Solve the program of a robot for a product.

    Args:
        product: name of the product.
        jobs: in their order.
        base: the robot's base in its station, shape [4, 4].
        rest: joint positions at which it begins and ends [rad].
        where: the program's prim path, for messages.
    """
    frames, dwells = [], []
    for job in jobs:
        spots = spot_frames(product, job, base)
        middles = np.concatenate(
            [spots[1:], spots[-1:]]
        )  # a hop has the direction of the next spot
        middles[:-1, :3, 3] = (spots[:-1, :3, 3] + spots[1:, :3, 3]) / 2
        middles = _back(middles, HOP)[:-1]
        path = np.empty((2 * len(spots) - 1, 4, 4))
        path[0::2], path[1::2] = spots, middles
        frames += [_back(spots[:1], job.gate), path, _back(spots[-1:], job.gate)]
        dwells += [[0.0], *([CLOSED, 0.0] for _ in spots[1:]), [CLOSED, 0.0]]
    targets = np.concatenate(frames)
    joints = [np.array(rest)]
    for number, flange in enumerate(_flange(targets), start=1):
        name = f"{where} waypoint {number}"
        joints.append(_reach(flange, joints[-1], base, name))
    nowhere = np.full((1, 4, 4), np.nan)
    return Weld(
        waypoints=np.array([*joints, joints[0]]),
        dwells=np.concatenate([[0.0], *dwells, [0.0]]),
        targets=np.concatenate([nowhere, targets, nowhere]),
    )


def _reach(flange: Array, near: Array, base: Array, where: str) -> Array:
    """Joint positions [6] that reach a flange pose without turning the robot's back to the body."""
    branches = inverse.solve(arm_of(), flange[None], base)
    branches[np.abs(branches[..., 0]) > FACING] = np.nan
    joints = inverse.nearest(arm_of(), branches, near)[0]
    if np.isnan(joints).any():
        at = np.round(flange[:3, 3], 3).tolist()
        rule = "must be within reach and joint limits"
        raise SceneError([Problem(where, rule, f"flange at {at} m", "choose other spots")])
    return joints


def _back(frames: Array, distance: float) -> Array:
    drawn = frames.copy()
    drawn[:, :3, 3] -= distance * frames[:, :3, 0]
    return drawn


def _flange(tool: Array) -> Array:
    return tool @ invert_matrix(matrix_from(TOOL, (1.0, 0.0, 0.0, 0.0)))
