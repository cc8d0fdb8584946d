"""Inverse kinematics against eaik and pinocchio, on the HS220 and on an arm of seven joints.

eaik (C++) solves one pose a call, from Python; ours solves the same poses in one call. Every side
is checked by forward kinematics before it is measured. Damped least squares is held against the
same method written with pinocchio's Jacobian, as its documentation teaches it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pinocchio as pin
from eaik.IK_HP import HPRobot
from numpy.typing import NDArray

from tests.bench.measure import Measure, cpu_seconds
from tests.motion.hs220 import HOME, hs220
from tests.motion.industrial import iiwa, random_joints
from twin.motion import Arm
from twin.motion.damped import solve_damped
from twin.motion.inverse import follow, nearest, solve

__all__ = ["measures"]

OURS = 100_000  # poses
THEIRS = 10_000
SLOW = 300
TURNS = 3
NEAR = 0.2  # [rad]: how far seeds of damped least squares are from their answer

Array = NDArray[np.float64]


def measures() -> Iterator[Measure]:
    """All branches, the choice among them, a path of them, and any other chain."""
    yield from _branches()
    yield from _chosen()
    yield _damped()


def _branches() -> Iterator[Measure]:
    arm = hs220()
    flange = arm.flange(random_joints(arm, OURS))
    robot, turned = _eaik(arm, flange[:THEIRS])
    ours, theirs = _best(
        [
            (lambda: solve(arm, flange), OURS),
            (lambda: [robot.IK(pose) for pose in turned], THEIRS),
        ]
    )
    yield Measure(
        name="ik_vs_eaik", unit="poses/s", ours=ours,
        peer="eaik", peer_value=theirs, floor=5.0, aim=8.0,
    )  # fmt: skip
    branches = solve(arm, flange)
    found = ~np.isnan(branches).any(axis=2)
    miss = np.abs(arm.flange(branches[found]) - flange[np.nonzero(found)[0]]).max()
    yield Measure(name="ik_miss", unit="m", ours=float(miss), floor=1e-9, sense="less")
    kept = np.array([len(_exact(robot.IK(pose))) for pose in turned])
    share = float(found[:THEIRS].sum() / kept.sum())
    yield Measure(
        name="ik_branches", unit="of eaik's", ours=share,
        peer="eaik", peer_value=1.0, floor=0.9999, sense="match",
    )  # fmt: skip


def _chosen() -> Iterator[Measure]:
    arm = hs220()
    flange = arm.flange(random_joints(arm, OURS))
    branches, near = solve(arm, flange), np.array(HOME)
    chosen, path = _best(
        [
            (lambda: nearest(arm, branches, near), OURS),
            (lambda: follow(arm, flange[:THEIRS], near), THEIRS),
        ]
    )
    yield Measure(name="ik_choice", unit="poses/s", ours=chosen)
    yield Measure(name="ik_path", unit="targets/s", ours=path)


def _damped() -> Measure:
    arm = iiwa()
    joints = random_joints(arm, THEIRS)
    seeds = np.clip(joints + NEAR * np.cos(7.0 * joints + 1.0), arm.lower, arm.upper)
    flange = arm.flange(joints)
    assert solve_damped(arm, flange, seeds).reached.all()
    model = _pinocchio(arm)
    ours, theirs = _best(
        [
            (lambda: solve_damped(arm, flange, seeds), THEIRS),
            (lambda: _descend_all(model, flange[:SLOW], seeds[:SLOW]), SLOW),
        ]
    )
    return Measure(
        name="damped_vs_pinocchio", unit="poses/s", ours=ours,
        peer="pinocchio", peer_value=theirs, floor=20.0,
    )  # fmt: skip


def _best(sides: list[tuple[Callable[[], object], int]]) -> list[float]:
    """Poses per second of each side in the best of its turns; sides take turns."""
    for work, _ in sides:
        work()
    turns = [[count / cpu_seconds(work) for work, count in sides] for _ in range(TURNS)]
    return [max(speeds) for speeds in zip(*turns, strict=True)]


def _eaik(arm: Arm, flange: Array) -> tuple[Any, Array]:
    """The arm for eaik, and poses of a flange that has the base's axes at zero."""
    home = np.zeros((1, 6))
    frames, tip = arm.link_frames(home)[0, 1:], arm.flange(home)[0]
    axes = (frames[:, :3, :3] @ arm.axis[..., None])[..., 0]
    points = np.concatenate([np.zeros((1, 3)), frames[:, :3, 3], tip[None, :3, 3]])
    turned = flange.copy()
    turned[:, :3, :3] = flange[:, :3, :3] @ tip[:3, :3].T
    return HPRobot(axes, np.diff(points, axis=0)), turned


def _exact(answer: Any) -> Array:
    """eaik's answers that reach the pose, not those nearest to it."""
    return np.array(answer.Q)[~np.array(answer.is_LS, dtype=bool)]


def _pinocchio(arm: Arm) -> Any:
    """The arm as a pinocchio model; its last frame is the flange."""
    model: Any = pin.Model()
    parent = 0
    for i, (fixed, axis) in enumerate(zip(arm.fixed, arm.axis, strict=True)):
        joint = pin.JointModelRevoluteUnaligned(np.array(axis))
        parent = model.addJoint(parent, joint, pin.SE3(np.array(fixed)), f"joint_{i}")
    return model


def _descend_all(model: Any, flange: Array, seeds: Array) -> Array:
    data = model.createData()
    poses = [pin.SE3(pose) for pose in flange]
    found = [_descend(model, data, *each) for each in zip(poses, seeds, strict=True)]
    return np.array(found)


def _descend(model: Any, data: Any, goal: Any, joints: Array) -> Array:
    """Damped least squares as pinocchio's documentation has it, to the same 1e-10."""
    last = model.njoints - 1
    for _ in range(100):
        pin.forwardKinematics(model, data, joints)
        gap = data.oMi[last].actInv(goal)
        error = pin.log(gap).vector
        if np.linalg.norm(error) < 1e-10:
            break
        jacobian = -pin.Jlog6(gap.inverse()) @ pin.computeJointJacobian(model, data, joints, last)
        damped = jacobian @ jacobian.T + 1e-12 * np.eye(6)
        joints = joints - jacobian.T @ np.linalg.solve(damped, error)
    return joints
