"""Arms of public tables, each with its maker's zero and signs, and arms that no maker makes.

Sources: the KUKA KR 210 as taught by Udacity's robotics course; the ABB IRB 140 and the Puma 560
after Corke, Robotics, Vision and Control (2011); the others after Brandstoetter, Angerer and
Hofbaur, An analytical solution of the inverse kinematics problem of industrial serial manipulators
with an ortho-parallel basis and a spherical wrist (2014), with the lengths, zeros and signs of the
open library opw_kinematics; the HA006B, the HH020 and the HX400 are HD Hyundai's.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.motion.hs220 import hs220
from twin.motion import Arm, Joint
from twin.motion.frame import about, pose_from

__all__ = ["ARMS", "OTHERS", "Drawn", "drawn", "iiwa", "rail", "random_joints", "ur5e"]

LIMITS = {"lower": -math.pi, "upper": math.pi, "speed": 2.0, "acceleration": 5.0}


def random_joints(arm: Arm, count: int, seed: int = 17) -> NDArray[np.float64]:
    draws = np.random.default_rng(seed).random((count, arm.joint_count))
    return arm.lower + draws * (arm.upper - arm.lower)


def _screw(axis: int, angle: float, along: float) -> NDArray[np.float64]:
    """A turn about X (0) or Z (2) and a way along it."""
    matrix = np.eye(4)
    a, b = (axis + 1) % 3, (axis + 2) % 3
    c, s = math.cos(angle), math.sin(angle)
    matrix[a, a], matrix[a, b], matrix[b, a], matrix[b, b] = c, -s, s, c
    matrix[axis, 3] = along
    return matrix


def _arm(fixed: Sequence[NDArray[np.float64]], signs: Sequence[float], tail: object) -> Arm:
    joints: list[Joint] = []
    for matrix, sign in zip(fixed, signs, strict=True):
        (x, y, z), (w, i, j, k) = (each.tolist() for each in pose_from(matrix))
        axis = (0.0, 0.0, float(sign))
        joints.append(Joint(origin=(x, y, z), wxyz=(w, i, j, k), axis=axis, **LIMITS))
    return Arm.build(joints, tail=tail)


def denavit(rows: Sequence[tuple[float, float, float, float]]) -> Arm:
    """Rows of theta, d, a, alpha: link i is Rz(theta + q) Tz(d) Tx(a) Rx(alpha)."""
    fixed, left = [], np.eye(4)
    for theta, d, a, alpha in rows:
        fixed.append(left @ _screw(2, theta, 0.0))
        left = _screw(2, 0.0, d) @ _screw(0, alpha, a)
    return _arm(fixed, [1.0] * len(rows), left)


def craig(rows: Sequence[tuple[float, float, float, float]], flange: float) -> Arm:
    """Rows of alpha, a, theta, d: link i is Rx(alpha) Tx(a) Rz(theta + q) Tz(d)."""
    fixed = [_screw(0, alpha, a) @ _screw(2, theta, d) for alpha, a, theta, d in rows]
    return _arm(fixed, [1.0] * len(rows), _screw(2, 0.0, flange))


@dataclass(frozen=True, slots=True)
class OrthoParallel:
    """The seven lengths [m] of Brandstoetter et al., with zeros [rad] and signs."""

    a1: float
    a2: float
    b: float
    c1: float
    c2: float
    c3: float
    c4: float
    zeros: tuple[float, ...] = (0, 0, 0, 0, 0, 0)
    signs: tuple[float, ...] = (1, 1, 1, 1, 1, 1)

    def build(self) -> Arm:
        origins = [
            (0, 0, 0),
            (self.a1, 0, self.c1),
            (0, 0, self.c2),
            (self.a2, self.b, 0),
            (0, 0, self.c3),
            (0, 0, 0),
        ]
        axes = ["Z", "Y", "Y", "Z", "Y", "Z"]
        return shifted(origins, axes, self.zeros, self.signs, (0, 0, self.c4))


UNIT = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}


def shifted(
    origins: Sequence[tuple[float, float, float]],
    axes: Sequence[str],
    zeros: Sequence[float],
    signs: Sequence[float],
    tip: tuple[float, float, float],
) -> Arm:
    """Joints that stand at `zeros` of the upright arm when they read zero, and count by `signs`."""
    joints: list[Joint] = []
    for origin, axis, zero, sign in zip(origins, axes, zeros, signs, strict=True):
        w, i, j, k = about(UNIT[axis], -zero * sign).tolist()
        x, y, z = (sign * each for each in UNIT[axis])
        joints.append(Joint(origin=origin, wxyz=(w, i, j, k), axis=(x, y, z), **LIMITS))
    tail = np.eye(4)
    tail[:3, 3] = tip
    return Arm.build(joints, tail=tail)


H = math.pi / 2
ARMS: dict[str, Callable[[], Arm]] = {
    "HS220": hs220,
    "KR210": lambda: craig(
        [
            (0, 0, 0, 0.75), (-H, 0.35, -H, 0), (0, 1.25, 0, 0),
            (-H, -0.054, 0, 1.5), (H, 0, 0, 0), (-H, 0, 0, 0),
        ],
        0.303,
    ),
    "IRB140": lambda: denavit(
        [(0, 0.352, 0.07, -H), (0, 0, 0.36, 0), (0, 0, 0, H), (0, 0.38, 0, -H), (0, 0, 0, H),
         (0, 0.065, 0, H)]
    ),
    "Puma560": lambda: denavit(
        [(0, 0, 0, H), (0, 0, 0.4318, 0), (0, 0.15005, 0.0203, -H), (0, 0.4318, 0, H),
         (0, 0, 0, -H), (0, 0, 0, 0)]
    ),
    "IRB2400": OrthoParallel(0.1, -0.135, 0, 0.615, 0.705, 0.755, 0.085, (0, 0, -H, 0, 0, 0)).build,
    "KR6R700": OrthoParallel(
        0.025, -0.035, 0, 0.4, 0.315, 0.365, 0.08, (0, -H, 0, 0, 0, 0), (-1, 1, 1, -1, 1, -1)
    ).build,
    "R2000iB": OrthoParallel(0.72, -0.225, 0, 0.6, 1.075, 1.28, 0.235, (0, 0, -H, 0, 0, 0)).build,
    "TX40": OrthoParallel(0, 0, 0.035, 0.32, 0.225, 0.225, 0.065, (0, 0, -H, 0, 0, 0)).build,
    "HA006B": OrthoParallel(0.2, -0.1375, 0, 0.3585, 0.56, 0.65, 0.105).build,
    "HH020": OrthoParallel(0.16, -0.1375, 0, 0.4466, 0.77, 0.825, 0.105).build,
    "HX400": OrthoParallel(0.3, -0.2, 0, 0.9, 1.0, 1.3, 0.258, signs=(1, -1, 1, -1, 1, 1)).build,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a made-up arm with a spherical wrist is drawn from."""

    lengths: Sequence[float]  # 12 of them [m]
    angles: Sequence[float]  # 6 zeros, 3 of the base, 3 of the tool, lean, skew [rad]
    signs: Sequence[float]  # 6


def drawn(of: Drawn) -> Arm:
    """An arm with any base, zeros, signs, lean of axis 1, side offsets and skewed forearm."""
    x1, y1, z1, x2, y2, z2, x3, y3, z3, x4, y4, z4 = of.lengths
    turn = [_turned(axis, angle) for axis, angle in zip("XYZXYZXY", of.angles[6:], strict=True)]
    base = _moved(x1, y1, z1) @ turn[0] @ turn[1] @ turn[2]
    tail = turn[3] @ turn[4] @ turn[5] @ _moved(x4, y4, z4)
    before = [
        base,
        _moved(x2, y2, z2) @ turn[6],
        _moved(0.5 + x3, y3, z3),
        _moved(x2, y1, 0.5 + z1) @ turn[6] @ turn[7] @ _moved(0, 0, z3),
        _moved(0, 0, z2),
        np.eye(4),
    ]
    fixed, left = [], np.eye(4)
    for matrix, axis, zero in zip(before, "ZYYZYZ", of.angles[:6], strict=True):
        to_axis = np.eye(4) if axis == "Z" else _turned("X", -H)  # z of the joint's frame
        fixed.append(left @ matrix @ to_axis @ _turned("Z", zero))
        left = to_axis.T
    return _arm(fixed, of.signs, left @ tail)


def _moved(x: float, y: float, z: float) -> NDArray[np.float64]:
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def _turned(axis: str, angle: float) -> NDArray[np.float64]:
    matrix = np.eye(4)
    c, s = math.cos(angle), math.sin(angle)
    a, b = {"X": (1, 2), "Y": (2, 0), "Z": (0, 1)}[axis]
    matrix[a, a], matrix[a, b], matrix[b, a], matrix[b, b] = c, -s, s, c
    return matrix


def _chain(rows: Sequence[tuple[tuple[float, float, float], str, float]]) -> Arm:
    return Arm.build(
        [
            Joint(
                origin=origin,
                axis=axis,
                lower=-limit,
                upper=limit,
                speed=2.0,
                acceleration=5.0,
                prismatic=i == 0 and limit == RAIL,
            )
            for i, (origin, axis, limit) in enumerate(rows)
        ]
    )


RAIL = 3.0  # [m]


def iiwa() -> Arm:
    """Seven joints, no offsets, after KUKA's LBR iiwa 7."""
    return _chain(
        [
            ((0, 0, 0.34), "Z", 2.97), ((0, 0, 0), "Y", 2.09), ((0, 0, 0.4), "Z", 2.96),
            ((0, 0, 0), "Y", 2.09), ((0, 0, 0.4), "Z", 2.96), ((0, 0, 0), "Y", 2.09),
            ((0, 0, 0.126), "Z", 3.05),
        ]
    )  # fmt: skip


def ur5e() -> Arm:
    """Three parallel axes and an offset wrist, after Universal Robots' UR5e."""
    return _chain(
        [
            ((0, 0, 0.1625), "Z", 6.28), ((0, 0, 0), "Y", 6.28), ((0.425, 0, 0), "Y", 6.28),
            ((0.3922, 0.1333, 0), "Y", 6.28), ((0, 0, -0.0997), "Z", 6.28),
            ((0, 0.0996, 0), "Y", 6.28),
        ]
    )  # fmt: skip


def rail() -> Arm:
    """Six axes on a rail."""
    return _chain(
        [
            ((0, 0, 0), "X", RAIL), ((0, 0, 0.34), "Z", 2.97), ((0.3, 0, 0), "Y", 2.09),
            ((0, 0, 1.0), "Y", 2.09), ((0.2, 0, 0.1), "X", 2.97), ((1.1, 0, 0), "Y", 2.09),
            ((0.126, 0, 0), "X", 3.05),
        ]
    )  # fmt: skip


OTHERS: dict[str, Callable[[], Arm]] = {"iiwa": iiwa, "UR5e": ur5e, "rail": rail}
