"""How fast a path may be gone along: limits of s(t) under which no joint and no tool limit breaks.

With q(s) the joints along the path and s(t) the way gone,

    q_t   = q_s s_t
    q_tt  = q_s s_tt + q_ss s_t^2
    q_ttt = q_s s_ttt + 3 q_ss s_t s_tt + q_sss s_t^3

so bounds on the three derivatives by s, taken from every piece of a spline through q(s), turn
bounds on s_t, s_tt and s_ttt into bounds on the joints. They hold wherever on the path s is and
however it moves within them, so stopping and going on anywhere keeps them too.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from twin.errors import Problem, SceneError
from twin.motion.arm import Arm
from twin.motion.profile import travel
from twin.motion.tool_path import ToolPath

__all__ = ["Pace", "ToolLimits", "fastest_pace"]

Array = NDArray[np.float64]

MARGIN = 0.98  # of joint limits: what the spline may miss of the second and third derivative
SPEEDS = np.linspace(1.0, 1 / 32, 32)  # of the largest possible
ACCELERATIONS = np.linspace(1.0, 1 / 16, 16)


class Pace(NamedTuple):
    """Limits of the way gone, s in [0, 1]."""

    speed: float  # [1/s]
    acceleration: float  # [1/s2]
    jerk: float  # [1/s3]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolLimits:
    """What the process allows the tool: its centre, and its turning."""

    speed: float = 1.0  # [m/s]
    acceleration: float = 5.0  # [m/s2]
    jerk: float = 50.0  # [m/s3]
    turn_speed: float = np.pi  # [rad/s]
    turn_acceleration: float = 5 * np.pi  # [rad/s2]
    turn_jerk: float = 50 * np.pi  # [rad/s3]

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = float(getattr(self, name))
            if not 0 < value < np.inf:
                problem = Problem("tool limits", f"{name} must be > 0 and finite", str(value))
                raise SceneError([problem])


def fastest_pace(arm: Arm, path: ToolPath, *, s: Array, joints: Array, limits: ToolLimits) -> Pace:
    """Choose the limits of s under which the way takes least time from rest to rest.

    Every pair of a speed and an acceleration on a grid gets the largest jerk that is left to it.

    Args:
        arm: Gives the joints' limits.
        path: Where the tool goes.
        s: Evenly rising from 0 to 1, shape [n].
        joints: Joint positions there, shape [n, J].
        limits: Of the tool.
    """
    powers = np.asarray(CubicSpline(s, joints).c, dtype=np.float64)[::-1]  # [4, n - 1, J]
    h = 1.0 / (len(s) - 1)
    _, b, c, d = powers
    third = np.abs(6 * d)
    second = np.maximum(np.abs(2 * c), np.abs(2 * c + 6 * d * h))
    ends = np.maximum(np.abs(b), np.abs(b + 2 * c * h + 3 * d * h * h))
    first = ends + third * h * h / 8  # how far a parabola can be beyond its ends
    bounds = np.stack([first, second, third]).reshape(3, -1)
    own = np.stack([arm.speed, arm.acceleration, arm.jerk])
    own = np.broadcast_to(own[:, None], (3, *b.shape)).reshape(3, -1)
    joint = _Bounds(bounds, own * np.array([[1.0], [MARGIN], [MARGIN]]))
    return _best([joint, _line_bounds(path, limits), _turn_bounds(path, limits)])


class _Bounds(NamedTuple):
    """Derivatives by s, and limits of the derivatives by time; both [3, n]."""

    by_s: Array
    limit: Array


def _best(every: list[_Bounds]) -> Pace:
    by_s = np.concatenate([each.by_s for each in every], axis=1)
    limit = np.concatenate([each.limit for each in every], axis=1)
    moving = by_s[0] > 0
    (one, two, three), (v, a, j) = by_s[:, moving, None, None], limit[:, moving, None, None]
    speed = (v / one).min() * SPEEDS[:, None]  # [speeds, 1]
    most = ((a - two * speed**2) / one).min(axis=0)
    acceleration = np.maximum(most, 0.0) * ACCELERATIONS  # [speeds, accelerations]
    jerk = ((j - three * speed**3 - 3 * two * speed * acceleration) / one).min(axis=0)
    possible = (acceleration > 0) & (jerk > 0)
    if not possible.any():  # bends so sharply that the grid is too coarse
        return _best([_Bounds(by_s, limit * np.array([[1 / 32], [1.0], [1.0]]))])
    speed = np.broadcast_to(speed, jerk.shape)[possible]
    acceleration, jerk = acceleration[possible], jerk[possible]
    least = int(np.argmin(travel(1.0, speed, acceleration, jerk).duration))
    return Pace(float(speed[least]), float(acceleration[least]), float(jerk[least]))


def _line_bounds(path: ToolPath, limits: ToolLimits) -> _Bounds:
    """Of the tool centre; on an arc the parts along it and towards its centre share the limit."""
    length, bend = path.length, path.length / path.radius
    by_s = np.array([[length], [length * bend], [length * bend * bend]])
    limit = np.array([[limits.speed], [limits.acceleration], [limits.jerk]])
    return _Bounds(by_s, limit)


def _turn_bounds(path: ToolPath, limits: ToolLimits) -> _Bounds:
    """Of the tool's turning, which is about one axis."""
    limit = np.array([[limits.turn_speed], [limits.turn_acceleration], [limits.turn_jerk]])
    return _Bounds(np.array([[path.turn], [0.0], [0.0]]), limit)
