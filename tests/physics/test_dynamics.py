"""Inverse dynamics against pinocchio, and against what can be worked out by hand."""

from typing import Any

import numpy as np
import pinocchio as pin
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from tests.physics.shop import arm as hs220
from twin.errors import SceneError
from twin.motion import Arm, Joint, Link
from twin.physics.dynamics import GRAVITY, loaded, torques


def random_arm(draw: np.random.Generator) -> Arm:
    """A chain of one to eight joints about any axes, some of them sliding."""
    count = int(draw.integers(1, 9))
    joints, links = [], [Link()]
    for turn in Rotation.random(count, random_state=draw).as_quat():
        x, y, z = draw.normal(size=3)
        axis = draw.normal(size=3)
        axis /= np.linalg.norm(axis)
        joints.append(
            Joint(
                origin=(x, y, z), wxyz=(turn[3], turn[0], turn[1], turn[2]), axis=tuple(axis),
                prismatic=bool(draw.random() < 0.3), lower=-3, upper=3, speed=1, acceleration=1,
            )
        )  # fmt: skip
        spread = draw.normal(size=(3, 3))
        gram = spread @ spread.T
        inertia = np.trace(gram) * np.eye(3) - gram
        links.append(
            Link(
                mass=float(draw.uniform(1, 100)), com=tuple(draw.normal(size=3)),
                inertia=tuple(tuple(row) for row in inertia.tolist()),
            )
        )  # fmt: skip
    return Arm.build(joints, links=links)


def as_pinocchio(arm: Arm) -> Any:
    model, parent = pin.Model(), 0
    for i in range(arm.joint_count):
        kind = (
            pin.JointModelPrismaticUnaligned
            if arm.prismatic[i]
            else pin.JointModelRevoluteUnaligned
        )
        parent = model.addJoint(parent, kind(arm.axis[i]), pin.SE3(arm.fixed[i]), f"joint_{i}")
        body = pin.Inertia(arm.mass[i + 1], arm.com[i + 1], arm.inertia[i + 1])
        model.appendBodyToJoint(parent, body, pin.SE3.Identity())
    model.gravity.linear = np.array([0.0, 0.0, -GRAVITY])
    return model


def of_pinocchio(arm: Arm, *states: NDArray[np.float64]) -> NDArray[np.float64]:
    model = as_pinocchio(arm)
    data = model.createData()
    return np.array([pin.rnea(model, data, *state) for state in zip(*states, strict=True)])


def states(arm: Arm, draw: np.random.Generator) -> NDArray[np.float64]:
    return draw.normal(size=(3, 100, arm.joint_count))


@pytest.mark.parametrize("seed", range(20))
def test_torques_of_random_arms_are_those_of_pinocchio(seed: int):
    draw = np.random.default_rng(seed)
    arm = random_arm(draw)
    motion = states(arm, draw)
    expected = of_pinocchio(arm, *motion)
    np.testing.assert_allclose(
        torques(arm, *motion), expected, rtol=0, atol=1e-9 * max(1.0, np.abs(expected).max())
    )


def test_torques_of_the_hs220_are_those_of_pinocchio():
    motion = states(hs220(), np.random.default_rng(3))
    np.testing.assert_allclose(
        torques(hs220(), *motion), of_pinocchio(hs220(), *motion), rtol=0, atol=1e-9
    )


def test_a_load_is_a_body_on_the_flange():
    arm, draw = random_arm(np.random.default_rng(5)), np.random.default_rng(6)
    motion = states(arm, draw)
    com, inertia = draw.normal(size=3), np.diag([1.0, 2.0, 2.5])
    model = as_pinocchio(arm)
    model.appendBodyToJoint(
        arm.joint_count, pin.Inertia(40.0, com, inertia), pin.SE3(np.array(arm.tail))
    )
    data = model.createData()
    expected = [pin.rnea(model, data, *state) for state in zip(*motion, strict=True)]
    np.testing.assert_allclose(
        torques(loaded(arm, 40.0, com, inertia), *motion), expected, rtol=1e-9, atol=1e-9
    )


def test_an_arm_without_gravity_at_rest_takes_no_torque():
    nothing = np.zeros((1, 6))
    assert np.abs(torques(hs220(), nothing, nothing, nothing, gravity=0.0)).max() == 0.0


def test_a_load_of_negative_mass_is_refused_by_path():
    with pytest.raises(SceneError, match="/Cell/Gun mass must be >= 0"):
        loaded(hs220(), -1.0, [0, 0, 0], where="/Cell/Gun")
