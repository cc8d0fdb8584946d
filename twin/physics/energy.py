"""Torque, power and energy of joint moves, and moves slowed to what the drives can give.

Mechanical power is torque times speed. A drive takes it from the supply with its losses when it
drives, and gives a share of it back when it brakes; while it holds torque it loses a part that goes
with the torque's square (copper), and some power whatever it does. This is the usual lumped model
of robot energy (Chemnitz, Schreck and Krueger, Analyzing energy consumption of industrial robots,
IEEE ETFA, 2011).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion import Arm
from twin.physics.dynamics import GRAVITY, torques

__all__ = ["Drives", "MoveCost", "SlowedMove", "cost", "slowed"]

Array = NDArray[np.float64]

POINTS = (-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831, 0.9061798459386640)
WEIGHTS = (0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665,
           0.2369268850561891)  # fmt: skip
PARTS = 8  # that each phase of a move is cut into for the integral
CHECKS = 32  # points of each phase at which torques are held against limits
PRECISE = 1e-12  # relative, of the time scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Drives:
    """What drives lose between supply and joint."""

    efficiency: float = 0.85  # of gear, motor and inverter when driving, in (0, 1]
    regenerative: float = 0.0  # share of braking power that returns to the supply, in [0, 1]
    copper: float = 0.0  # power lost per square of torque [W/(N m)2]
    idle: float = 0.0  # power of controller, fans and brakes [W]

    def check(self, where: str = "drives") -> None:
        """Refuse parameters that can't be.

        Raises:
            SceneError: efficiency is not in (0, 1], a share not in [0, 1], or a loss negative.
        """
        rules = (
            (0 < self.efficiency <= 1, "efficiency must be in (0, 1]", self.efficiency),
            (0 <= self.regenerative <= 1, "regenerative must be in [0, 1]", self.regenerative),
            (self.copper >= 0, "copper must be >= 0 [W/(N m)2]", self.copper),
            (self.idle >= 0, "idle must be >= 0 [W]", self.idle),
        )
        problems = [Problem(where, rule, f"{value}") for fine, rule, value in rules if not fine]
        if problems:
            raise SceneError(problems)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MoveCost:
    """What moves take; a row per move."""

    peak: Array  # largest torque of each joint [N m], shape [n, J]
    rms: Array  # root of the mean square of each joint's torque [N m], shape [n, J]
    power: Array  # largest mechanical power, all joints together [W], shape [n]
    work: Array  # mechanical work [J]: the gain of potential energy, as moves end at rest; [n]
    energy: Array  # from the supply, with losses and what is given back [J], shape [n]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SlowedMove:
    """How much slower moves must be so that no drive gives more than it can."""

    scale: Array  # duration, ramp and jerk time are multiplied by it, >= 1, shape [n]
    ratio: Array  # largest torque over its limit, after slowing, shape [n]
    joint: NDArray[np.int64]  # which joint decides, shape [n]


def cost(
    arm: Arm,
    start: ArrayLike,
    end: ArrayLike,
    timing: ArrayLike,
    drives: Drives | None = None,
    *,
    up: ArrayLike = (0.0, 0.0, 1.0),
) -> MoveCost:
    """Torque, power and energy of straight joint moves from rest to rest.

    The integrals are by Gauss's five points on parts of every phase of the profile.

    Args:
        arm: with its masses, and its load if it carries one (`loaded`).
        start: joint positions [rad], shape [n, J].
        end: joint positions [rad], shape [n, J].
        timing: duration, ramp and jerk time of each move [s], shape [n, 3], as in
            `twin.motion.profile`; a wait has start = end.
        drives: what is lost; None: nothing, and nothing is given back.
        up: the vertical in the axes of the base.
    """
    drives = drives or Drives(efficiency=1.0)
    drives.check()
    start, end, timing = _moves(start, end, timing)
    at, weight = _abscissas(timing)
    done = _progress(at, timing)
    effort, speed = _states(arm, start, end, done, up)
    power = effort * speed
    total = power.sum(axis=2)
    driving, braking = np.maximum(power, 0.0).sum(axis=2), np.minimum(power, 0.0).sum(axis=2)
    electric = driving / drives.efficiency + braking * drives.efficiency * drives.regenerative
    electric = electric + drives.copper * (effort**2).sum(axis=2) + drives.idle
    seconds = np.maximum(timing[:, :1], 1e-300)
    return MoveCost(
        peak=np.abs(effort).max(axis=1),
        rms=np.sqrt((effort**2 * weight[..., None]).sum(axis=1) / seconds),
        power=np.abs(total).max(axis=1),
        work=(total * weight).sum(axis=1),
        energy=(electric * weight).sum(axis=1),
    )


def slowed(
    arm: Arm,
    start: ArrayLike,
    end: ArrayLike,
    timing: ArrayLike,
    *,
    up: ArrayLike = (0.0, 0.0, 1.0),
    where: str = "move",
) -> SlowedMove:
    """Scale moves in time until no torque is above its limit, `arm.effort`.

    With time scaled by s, speeds fall with s and accelerations with its square, so the torque at a
    point of the way is g + m / s2: a part that only holds the arm, and one that goes with its
    motion. The largest torque therefore has one smallest s, solved at each point in closed form.

    Raises:
        SceneError: a drive can't even hold the arm at some point of a move.
    """
    start, end, timing = _moves(start, end, timing)
    done = _progress(_marks(timing), timing)
    moving, _ = _states(arm, start, end, done, up)
    holding, _ = _states(arm, start, end, (done[0], done[1] * 0, done[2] * 0), up)
    motion = moving - holding
    if (np.abs(holding) >= arm.effort).any():
        raise SceneError(_too_weak(arm, holding, where))
    # |g + m x| <= limit for 0 <= x <= x_most, with x = 1 / s2
    room = arm.effort - np.sign(motion) * holding
    with np.errstate(divide="ignore", invalid="ignore"):
        most = np.where(motion != 0, room / np.abs(motion), np.inf)
    share = np.minimum(most.min(axis=1), 1.0)
    joint = most.min(axis=1).argmin(axis=1)
    scale = 1.0 / np.sqrt(share.min(axis=1))
    scale = np.where(scale > 1.0, scale * (1.0 + PRECISE), 1.0)
    after = np.abs(holding + motion / (scale**2)[:, None, None]) / arm.effort
    return SlowedMove(scale=scale, ratio=after.max(axis=(1, 2)), joint=joint)


def _too_weak(arm: Arm, holding: Array, where: str) -> list[Problem]:
    problems: list[Problem] = []
    found: list[list[int]] = np.argwhere((np.abs(holding) >= arm.effort).any(axis=1)).tolist()
    for move, joint in found:
        name = arm.joint_names[joint] or f"joint_{joint + 1}"
        value = f"{np.abs(holding[move, :, joint]).max():.5g} N m"
        rule = f"{name} must be able to hold the arm within {arm.effort[joint]:.5g} N m"
        problems.append(Problem(f"{where} {move + 1}", rule, value, "take less load or reach"))
    return problems


def _moves(start: ArrayLike, end: ArrayLike, timing: ArrayLike) -> tuple[Array, Array, Array]:
    start, end, timing = (
        np.atleast_2d(np.asarray(x, dtype=np.float64)) for x in (start, end, timing)
    )
    return start, end, timing


def _knots(timing: Array) -> Array:
    """When the phases of each move begin and end [s], shape [n, 8]."""
    duration, ramp, jerk = timing.T
    knots = [0 * ramp, jerk, ramp - jerk, ramp]
    return np.stack([*knots, *(duration - knot for knot in reversed(knots))], axis=1)


def _marks(timing: Array) -> Array:
    """Times [s] at which torques are held against limits: every phase's ends and between."""
    knots = _knots(timing)
    share = np.arange(CHECKS) / CHECKS
    inside = knots[:, :-1, None] + np.diff(knots, axis=1)[:, :, None] * share
    return np.column_stack([inside.reshape(len(timing), -1), knots[:, -1]])


def _abscissas(timing: Array) -> tuple[Array, Array]:
    """Times [s] and weights [s] of the integral over each move, shape [n, 7 * PARTS * 5]."""
    knots = _knots(timing)
    edge = knots[:, :-1, None] + np.diff(knots, axis=1)[:, :, None] * np.arange(PARTS) / PARTS
    half = np.repeat(np.diff(knots, axis=1) / (2 * PARTS), PARTS, axis=1)
    middle = edge.reshape(len(timing), -1) + half
    at = middle[:, :, None] + half[:, :, None] * np.array(POINTS)
    weight = half[:, :, None] * np.array(WEIGHTS)
    return at.reshape(len(timing), -1), weight.reshape(len(timing), -1)


def _progress(at: Array, timing: Array) -> tuple[Array, Array, Array]:
    """Progress, its speed [1/s] and acceleration [1/s2] along moves; see twin.motion.profile."""
    duration, ramp, jerk = (column[:, None] for column in timing.T)
    u = np.minimum(at, duration - at)
    top = 1.0 / np.where(duration > ramp, duration - ramp, 1.0)
    peak = top / np.where(ramp > jerk, ramp - jerk, 1.0)
    rate = peak / np.where(jerk > 0, jerk, 1.0)
    rest, before = u - jerk, ramp - u
    phases = [u < jerk, u < ramp - jerk, u < ramp]
    place = np.select(
        phases,
        [rate * u**3 / 6, peak * (jerk**2 / 6 + jerk * rest / 2 + rest**2 / 2),
         top * (ramp / 2 - before) + rate * before**3 / 6],
        top * (u - ramp / 2),
    )  # fmt: skip
    speed = np.select(
        phases,
        [rate * u**2 / 2, peak * (jerk / 2 + rest), top - rate * before**2 / 2],
        np.broadcast_to(top, u.shape),
    )
    bend = np.select(phases, [rate * u, np.broadcast_to(peak, u.shape), rate * before], 0.0)
    back = at > u
    return np.where(back, 1.0 - place, place), speed, np.where(back, -bend, bend)


def _states(
    arm: Arm, start: Array, end: Array, done: tuple[Array, Array, Array], up: ArrayLike
) -> tuple[Array, Array]:
    """Torques and joint speeds at every point of every move, shape [n, points, J]."""
    place, speed, bend = (each[..., None] for each in done)
    way = (end - start)[:, None]
    joints, rate, change = start[:, None] + way * place, way * speed, way * bend
    flat = (-1, arm.joint_count)
    vertical = [float(x) for x in np.asarray(up)]
    effort = torques(
        arm, joints.reshape(flat), rate.reshape(flat), change.reshape(flat),
        up=vertical, gravity=GRAVITY,
    )  # fmt: skip
    return effort.reshape(joints.shape), rate
