"""All link poses of mixed robots, against pinocchio called from Python.

Ours places 100,000 configurations of three types of arm, each on a base of its own, in one call.
Pinocchio places one robot at a time and its six placements are read into an array, as who uses it
from Python has to. Both work on one core, into memory that is there.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pinocchio as pin

from tests.bench.measure import Measure, best
from tests.motion.hs220 import hs220
from twin.motion import Arm, Arms, link_poses
from twin.motion.frame import about, matrix_from

__all__ = ["chain_model", "measures"]

COUNT = 100_000  # configurations of ours
FEW = 3_000  # of pinocchio's
TURNS = 5


def measures() -> Iterator[Measure]:
    """Double precision against pinocchio, then single precision, then few robots at a time."""
    arms = [hs220(), _longer(1.1), _longer(1.2)]
    many = _speed(Arms.build(arms), COUNT, np.float64)
    theirs = _pinocchio(arms[0])
    yield _measure("fk_vs_pinocchio", many, theirs, floor=10.0)
    yield _measure("fk_configurations", many, floor=5e6)
    yield _measure("fk_configurations_float32", _speed(Arms.build(arms), COUNT, np.float32))
    yield _measure("fk_configurations_200_at_once", _speed(Arms.build(arms), 200, np.float64))


def _measure(
    name: str, ours: float, theirs: float | None = None, *, floor: float | None = None
) -> Measure:
    peer = None if theirs is None else "pinocchio"
    return Measure(
        name=name, unit="configs/s", ours=ours, peer=peer, peer_value=theirs, floor=floor
    )


def _longer(factor: float) -> Arm:
    """An arm of the same build, but of other lengths."""
    arm = hs220()
    fixed = arm.fixed.copy()
    fixed[:, :3, 3] *= factor
    return replace(arm, fixed=fixed)


def _speed(arms: Arms, count: int, precision: type) -> float:
    """Configurations placed a second, in the best of several turns."""
    rng = np.random.default_rng(0)
    joints = rng.uniform(-3.0, 3.0, (count, 6))
    row = np.arange(count) % len(arms.fixed)
    xyz, yaw = rng.uniform(-50.0, 50.0, (count, 3)), rng.uniform(-3.0, 3.0, count)
    base = matrix_from(xyz, about([0.0, 0.0, 1.0], yaw))
    out = np.zeros((count, 7, 3, 4), precision)
    link_poses(arms, row, joints, base, out=out)  # compiles
    calls = max(1, COUNT // count)

    def place() -> None:
        for _ in range(calls):
            link_poses(arms, row, joints, base, out=out)

    return calls * count / best(place, turns=TURNS)


def _pinocchio(arm: Arm) -> float:
    """The same of pinocchio, one configuration after another, placements read into an array."""
    model = chain_model(arm)
    data = model.createData()
    joints = np.random.default_rng(0).uniform(-3.0, 3.0, (FEW, 6))
    out = np.zeros((FEW, 6, 3, 4))

    def place() -> None:
        for q, poses in zip(joints, out, strict=True):
            pin.forwardKinematics(model, data, q)
            for number in range(6):
                placement = data.oMi[number + 1]
                poses[number, :, :3] = placement.rotation
                poses[number, :, 3] = placement.translation

    return FEW / best(place, turns=TURNS)


def chain_model(arm: Arm) -> pin.Model:
    """The arm as a model of pinocchio."""
    model = pin.Model()
    for number in range(arm.joint_count):
        place = pin.SE3(arm.fixed[number, :3, :3], arm.fixed[number, :3, 3])
        joint = (
            pin.JointModelPrismaticUnaligned(arm.axis[number])
            if arm.prismatic[number]
            else pin.JointModelRevoluteUnaligned(arm.axis[number])
        )
        model.addJoint(number, joint, place, f"joint_{number + 1}")
    return model
