"""The six sizes of robot as a scene reads them: published reach, limits and speeds, all masses."""

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pxr import Usd

from twin.motion import Arm, inverse
from twin.motion.mass import missing_masses
from twin.scene.robots import ArmReader

ROBOTS = Path(__file__).resolve().parents[2] / "assets" / "robots"
# wrist centre from axis 1, stretched out level [m]; speeds of the axes [deg/s]
PUBLISHED = {
    "hs220": (2.683, (120, 105, 110, 145, 145, 220)),
    "hs160l": (3.053, (120, 115, 115, 174, 172, 260)),
    "hx400": (2.615, (85, 85, 85, 100, 100, 160)),
    "hh020": (1.742, (190, 180, 190, 380, 380, 600)),
    "ha006b": (1.425, (230, 230, 230, 430, 430, 640)),
    "hh7": (0.932, (375, 315, 410, 550, 550, 780)),
}
FLANGE = {  # at home [m]
    "hs220": (1.782, 1.938), "hs160l": (2.157, 1.938), "hx400": (1.858, 2.1),
    "hh020": (1.072, 1.3566), "ha006b": (0.955, 1.0585), "hh7": (0.5715, 0.931),
}  # fmt: skip

each_robot = pytest.mark.parametrize("name", PUBLISHED)


@cache
def stage(name: str) -> Usd.Stage:
    return Usd.Stage.Open(str(ROBOTS / name / f"{name}.usda"))


def arm_of(name: str) -> Arm:
    return ArmReader().read(stage(name).GetDefaultPrim())[0]


def wrist_reach(arm: Arm, h: np.ndarray, v: np.ndarray) -> float:
    """How far the wrist centre comes from axis 1 over all pairs of H and V [rad]."""
    grid = np.stack(np.meshgrid(h, v), axis=-1).reshape(-1, 2)
    joints = np.zeros((len(grid), 6))
    joints[:, 1:3] = grid
    centre = arm.link_frames(joints)[:, 5, :3, 3]
    return float(np.hypot(centre[:, 0], centre[:, 1]).max())


@each_robot
def test_a_stretched_arm_reaches_what_its_lengths_say(name: str):
    arm = arm_of(name)
    every = np.radians(np.arange(-180, 180.1, 0.5))
    assert wrist_reach(arm, np.zeros(1), every) == pytest.approx(PUBLISHED[name][0], abs=1e-3)


def test_the_hs220_reaches_what_its_maker_publishes_within_the_limits():
    arm = arm_of("hs220")
    h, v = (np.linspace(arm.lower[k], arm.upper[k], 541) for k in (1, 2))
    assert wrist_reach(arm, h, v) == pytest.approx(2.666, abs=1e-3)


@each_robot
def test_speeds_are_those_published(name: str):
    assert np.degrees(arm_of(name).speed) == pytest.approx(PUBLISHED[name][1])


@each_robot
def test_home_has_the_lower_arm_upright_and_the_flange_forward(name: str):
    flange = arm_of(name).flange([[0, math.pi / 2, 0, 0, 0, 0]])[0]
    x, z = FLANGE[name]
    assert flange[:3, 3] == pytest.approx((x, 0, z), abs=1e-9)
    assert flange[:3, :3] == pytest.approx(np.eye(3), abs=1e-9)


@each_robot
def test_every_size_has_a_wrist_that_can_be_solved(name: str):
    arm = arm_of(name)
    joints = np.array([0.3, math.pi / 2 - 0.4, 0.2, 0.5, 0.6, -0.7])
    (found,) = inverse.reach_flange(arm, arm.flange([joints]), joints)
    assert found == pytest.approx(joints, abs=1e-9)


@each_robot
def test_every_size_has_masses_and_drives_for_dynamics(name: str):
    arm = arm_of(name)
    assert missing_masses(arm) == []
    assert np.isfinite(arm.effort).all()
    assert np.all(np.linalg.eigvalsh(arm.inertia) > 0)


@each_robot
def test_every_fact_of_a_robot_says_where_it_is_from(name: str):
    cited = 0
    for prim in stage(name).Traverse():
        for attribute in prim.GetAuthoredAttributes():
            if attribute.GetName() in {"physics:mass", "twin:maxSpeed", "physics:lowerLimit"}:
                assert {"source", "confidence"} <= set(attribute.GetCustomData())
                cited += 1
    assert cited == 7 + 6 + 6
