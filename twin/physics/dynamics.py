"""Inverse dynamics: the drive torques that a motion of an arm takes.

The recursive Newton-Euler algorithm in link frames (Luh, Walker and Paul, 1980; Featherstone,
Rigid Body Dynamics Algorithms, 2008, section 5.3): speeds and accelerations from the base outwards,
forces from the last link inwards. Gravity is an upward acceleration of the base. Rotor inertia and
friction of the drives are not in it; see `twin.physics.energy` for what drives lose.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import cos, sin
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.core.compiled import compilable, compiled
from twin.errors import Problem, SceneError
from twin.motion import Arm
from twin.motion.rows import read_only

__all__ = ["GRAVITY", "loaded", "torques"]

Array = NDArray[np.float64]

GRAVITY = 9.80665  # standard acceleration of free fall [m/s2]
ROW = 27  # numbers kept of a link: rotation 9, offset 3, w 3, dw 3, a 3, force 3, moment 3


def torques(
    arm: Arm,
    joints: ArrayLike,
    speed: ArrayLike,
    acceleration: ArrayLike,
    *,
    up: Sequence[float] = (0.0, 0.0, 1.0),
    gravity: float = GRAVITY,
) -> Array:
    """Torques [N m] of revolute joints, forces [N] of prismatic ones, for states of an arm.

    Args:
        arm: its chain and the masses of its links; see `loaded` for a tool or a part in its hand.
        joints: positions [rad], [m] where prismatic, shape [n, J].
        speed: [rad/s], shape [n, J].
        acceleration: [rad/s2], shape [n, J].
        up: the vertical in the axes of the arm's base, a unit vector.
        gravity: acceleration of free fall [m/s2].

    Returns:
        Shape [n, J].
    """
    q, v, a = (
        np.ascontiguousarray(np.atleast_2d(np.asarray(each, dtype=np.float64)))
        for each in (joints, speed, acceleration)
    )
    effort = np.empty_like(q)
    down = np.asarray(up, dtype=np.float64) * gravity
    kernel: Any = compiled(_torques)
    kernel(
        arm.fixed, arm.axis, arm.prismatic, arm.mass, arm.com, arm.inertia, down,
        q, v, a, np.empty((arm.joint_count + 1, ROW)), effort,
    )  # fmt: skip
    return effort


def loaded(
    arm: Arm, mass: float, com: ArrayLike, inertia: ArrayLike | None = None, *, where: str = "load"
) -> Arm:
    """The arm with a load fixed to its flange: a tool, or the part that it carries.

    Args:
        arm: without the load.
        mass: of the load [kg].
        com: its centre of mass in the flange's frame [m], shape [3].
        inertia: about it, in the flange's axes [kg m2], shape [3, 3]; None: a point.
        where: whose load it is, for messages: a prim path.

    Raises:
        SceneError: the mass is negative or no number.
    """
    if not (mass >= 0 and np.isfinite(mass)):
        raise SceneError([Problem(where, "mass must be >= 0 [kg] and finite", f"{mass}")])
    turn, own = arm.tail[:3, :3], float(arm.mass[-1])
    at = turn @ np.asarray(com, dtype=np.float64) + arm.tail[:3, 3]
    spin = np.zeros((3, 3)) if inertia is None else np.asarray(inertia, dtype=np.float64)
    total = own + mass
    middle = (own * arm.com[-1] + mass * at) / total if total else at
    about = turn @ spin @ turn.T + _steiner(mass, at - middle)
    about += arm.inertia[-1] + _steiner(own, arm.com[-1] - middle)
    return replace(
        arm,
        mass=read_only(np.append(arm.mass[:-1], total)),
        com=read_only(np.vstack([arm.com[:-1], middle])),
        inertia=read_only(np.concatenate([arm.inertia[:-1], about[None]])),
    )


def _steiner(mass: float, offset: Array) -> Array:
    """Moment of inertia of a point about another, by its offset."""
    return mass * (float(offset @ offset) * np.eye(3) - np.outer(offset, offset))


@compilable
def _torques(
    fixed: Any, axis: Any, prismatic: Any, mass: Any, com: Any, inertia: Any, down: Any,
    q: Any, v: Any, a: Any, link: Any, effort: Any,
) -> None:  # fmt: skip
    """One state after another; `link` is room for ROW numbers of the base and each link."""
    count = len(axis)
    for n in range(len(q)):
        for k in range(ROW):
            link[0, k] = 0.0
        for k in range(3):
            link[0, 18 + k] = down[k]
        for i in range(count):
            _place(fixed, axis, prismatic, i, q[n, i], link)
            _outward(axis, prismatic, i, v[n, i], a[n, i], link)
            _load(mass, com, inertia, i, link)
        for i in range(count - 1, -1, -1):
            at = 21 if prismatic[i] else 24
            row = i + 1
            effort[n, i] = (
                axis[i, 0] * link[row, at] + axis[i, 1] * link[row, at + 1]
                + axis[i, 2] * link[row, at + 2]
            )  # fmt: skip
            _inward(i, link)


@compilable
def _place(fixed: Any, axis: Any, prismatic: Any, i: int, q: float, link: Any) -> None:
    """Rotation and offset of link i + 1 in the link before."""
    row = i + 1
    x, y, z = axis[i, 0], axis[i, 1], axis[i, 2]
    c, s, slide = cos(q), sin(q), 0.0
    if prismatic[i]:
        c, s, slide = 1.0, 0.0, q
    u = 1.0 - c
    for k in range(3):
        f, g, h = fixed[i, k, 0], fixed[i, k, 1], fixed[i, k, 2]
        link[row, 3 * k] = f * (c + u * x * x) + g * (u * x * y + s * z) + h * (u * x * z - s * y)
        link[row, 3 * k + 1] = (
            f * (u * x * y - s * z) + g * (c + u * y * y) + h * (u * y * z + s * x)
        )
        link[row, 3 * k + 2] = (
            f * (u * x * z + s * y) + g * (u * y * z - s * x) + h * (c + u * z * z)
        )
        link[row, 9 + k] = fixed[i, k, 3] + slide * (f * x + g * y + h * z)


@compilable
def _outward(axis: Any, prismatic: Any, i: int, v: float, a: float, link: Any) -> None:
    """Speed and acceleration of link i + 1, in its own axes."""
    row = i + 1
    px, py, pz = link[row, 9], link[row, 10], link[row, 11]
    wx, wy, wz = link[i, 12], link[i, 13], link[i, 14]
    dx, dy, dz = link[i, 15], link[i, 16], link[i, 17]
    # w x p, then a + dw x p + w x (w x p) at the link's origin, in the axes of the link before
    cx, cy, cz = wy * pz - wz * py, wz * px - wx * pz, wx * py - wy * px
    ax = link[i, 18] + dy * pz - dz * py + wy * cz - wz * cy
    ay = link[i, 19] + dz * px - dx * pz + wz * cx - wx * cz
    az = link[i, 20] + dx * py - dy * px + wx * cy - wy * cx
    for k in range(3):
        e, f, g = link[row, k], link[row, 3 + k], link[row, 6 + k]
        link[row, 12 + k] = e * wx + f * wy + g * wz
        link[row, 15 + k] = e * dx + f * dy + g * dz
        link[row, 18 + k] = e * ax + f * ay + g * az
    x, y, z = axis[i, 0], axis[i, 1], axis[i, 2]
    wx, wy, wz = link[row, 12], link[row, 13], link[row, 14]
    sx, sy, sz = (wy * z - wz * y) * v, (wz * x - wx * z) * v, (wx * y - wy * x) * v
    if prismatic[i]:
        link[row, 18] += x * a + 2.0 * sx
        link[row, 19] += y * a + 2.0 * sy
        link[row, 20] += z * a + 2.0 * sz
    else:
        link[row, 12] += x * v
        link[row, 13] += y * v
        link[row, 14] += z * v
        link[row, 15] += x * a + sx
        link[row, 16] += y * a + sy
        link[row, 17] += z * a + sz


@compilable
def _load(mass: Any, com: Any, inertia: Any, i: int, link: Any) -> None:
    """Force and moment about its origin that move link i + 1 as it moves."""
    row = i + 1
    wx, wy, wz = link[row, 12], link[row, 13], link[row, 14]
    dx, dy, dz = link[row, 15], link[row, 16], link[row, 17]
    x, y, z, m = com[row, 0], com[row, 1], com[row, 2], mass[row]
    cx, cy, cz = wy * z - wz * y, wz * x - wx * z, wx * y - wy * x
    fx = m * (link[row, 18] + dy * z - dz * y + wy * cz - wz * cy)
    fy = m * (link[row, 19] + dz * x - dx * z + wz * cx - wx * cz)
    fz = m * (link[row, 20] + dx * y - dy * x + wx * cy - wy * cx)
    hx = inertia[row, 0, 0] * wx + inertia[row, 0, 1] * wy + inertia[row, 0, 2] * wz
    hy = inertia[row, 1, 0] * wx + inertia[row, 1, 1] * wy + inertia[row, 1, 2] * wz
    hz = inertia[row, 2, 0] * wx + inertia[row, 2, 1] * wy + inertia[row, 2, 2] * wz
    nx = inertia[row, 0, 0] * dx + inertia[row, 0, 1] * dy + inertia[row, 0, 2] * dz
    ny = inertia[row, 1, 0] * dx + inertia[row, 1, 1] * dy + inertia[row, 1, 2] * dz
    nz = inertia[row, 2, 0] * dx + inertia[row, 2, 1] * dy + inertia[row, 2, 2] * dz
    link[row, 21], link[row, 22], link[row, 23] = fx, fy, fz
    link[row, 24] = nx + wy * hz - wz * hy + y * fz - z * fy
    link[row, 25] = ny + wz * hx - wx * hz + z * fx - x * fz
    link[row, 26] = nz + wx * hy - wy * hx + x * fy - y * fx


@compilable
def _inward(i: int, link: Any) -> None:
    """Hand force and moment of link i + 1 to the link before."""
    row = i + 1
    px, py, pz = link[row, 9], link[row, 10], link[row, 11]
    for at in (21, 24):
        x, y, z = link[row, at], link[row, at + 1], link[row, at + 2]
        for k in range(3):
            turned = link[row, 3 * k] * x + link[row, 3 * k + 1] * y + link[row, 3 * k + 2] * z
            link[i, at + k] += turned
    x, y, z = link[row, 21], link[row, 22], link[row, 23]
    fx = link[row, 0] * x + link[row, 1] * y + link[row, 2] * z
    fy = link[row, 3] * x + link[row, 4] * y + link[row, 5] * z
    fz = link[row, 6] * x + link[row, 7] * y + link[row, 8] * z
    link[i, 24] += py * fz - pz * fy
    link[i, 25] += pz * fx - px * fz
    link[i, 26] += px * fy - py * fx
