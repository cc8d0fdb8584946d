"""Energy of moves: a lifted mass takes m g h; torque limits slow a move to exactly its limit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.physics.shop import arm as hs220
from twin.errors import SceneError
from twin.motion import Arm, Joint, Link, synchronised
from twin.physics.dynamics import GRAVITY, loaded
from twin.physics.energy import Drives, cost, slowed

LIMITS = {"speed": 1.0, "acceleration": 2.0, "jerk": 10.0}


def lift(mass: float) -> Arm:
    """A mass on a vertical slide."""
    joint = Joint(origin=(0, 0, 0), axis="Z", prismatic=True, lower=0, upper=5, **LIMITS)
    return Arm.build([joint], links=[Link(), Link(mass=mass)])


def timed(arm: Arm, start: list[float], end: list[float]) -> np.ndarray:
    limits = {"speed": arm.speed, "acceleration": arm.acceleration, "jerk": arm.jerk}
    return np.array(synchronised(start, end, **limits))


@given(mass=st.floats(0.1, 1e4), height=st.floats(0.01, 5.0))
def test_energy_of_a_lifted_mass_is_m_g_h(mass: float, height: float):
    arm = lift(mass)
    found = cost(arm, [0.0], [height], timed(arm, [0.0], [height]))
    assert found.work[0] == pytest.approx(mass * GRAVITY * height, rel=1e-9)


def test_lifting_slower_than_it_falls_takes_just_the_work():
    arm = lift(10.0)  # accelerates below g, so the drive never brakes on the way up
    found = cost(arm, [0.0], [2.0], timed(arm, [0.0], [2.0]))
    assert found.energy[0] == pytest.approx(10.0 * GRAVITY * 2.0, rel=1e-9)


def test_energy_of_a_robot_that_lifts_a_load_is_its_gain_of_potential_energy():
    arm = loaded(hs220(), 120.0, [0.1, 0.0, 0.2])
    ends = np.radians([[0, 60, 30, 10, 40, 0], [50, 110, -20, 60, -30, 90]])
    potential = []
    for frames in arm.link_frames(ends):
        middle = (frames[:, :3, :3] @ arm.com[:, :, None])[..., 0] + frames[:, :3, 3]
        potential.append(GRAVITY * arm.mass @ middle[:, 2])
    found = cost(arm, ends[0], ends[1], timed(arm, ends[0], ends[1]))
    assert found.work[0] == pytest.approx(potential[1] - potential[0], rel=1e-9)


def test_what_is_given_back_and_what_is_lost():
    arm = lift(10.0)
    up, down = ([0.0], [2.0]), ([2.0], [0.0])
    work = 10.0 * GRAVITY * 2.0
    lossy = Drives(efficiency=0.8, regenerative=0.5)
    assert cost(arm, *up, timed(arm, *up), lossy).energy[0] == pytest.approx(work / 0.8)
    assert cost(arm, *down, timed(arm, *down), lossy).energy[0] == pytest.approx(-work * 0.4)
    assert cost(arm, *down, timed(arm, *down), Drives()).energy[0] == pytest.approx(0.0, abs=1e-9)


def test_a_wait_takes_idle_power_and_copper_only():
    arm, drives = lift(10.0), Drives(copper=0.01, idle=100.0)
    found = cost(arm, [1.0], [1.0], [3.0, 0.0, 0.0], drives)
    assert found.energy[0] == pytest.approx(3.0 * (100.0 + 0.01 * (10.0 * GRAVITY) ** 2))


def test_a_move_within_its_torques_is_not_slowed():
    arm = replace(hs220(), effort=np.full(6, 1e6))
    start, end = np.zeros(6) + np.radians([0, 90, 0, 0, 0, 0]), np.radians([40, 80, 10, 0, 0, 0])
    assert slowed(arm, start, end, timed(arm, start, end)).scale[0] == 1.0


def test_a_slowed_move_reaches_its_limit_and_keeps_it():
    arm = loaded(hs220(), 200.0, [0.1, 0.0, 0.2])
    start, end = np.radians([0, 90, 0, 0, 0, 0]), np.radians([90, 60, 20, 0, 40, 0])
    timing = timed(arm, start, end)
    free = cost(arm, start, end, timing)
    holding = cost(arm, start, end, timing * 1e4).peak[0]
    arm = replace(arm, effort=(holding + 0.3 * np.maximum(free.peak[0] - holding, 50.0)) + 1.0)
    found = slowed(arm, start, end, timing)
    assert found.scale[0] > 1.0
    assert found.ratio[0] == pytest.approx(1.0, abs=1e-9)
    after = cost(arm, start, end, timing * found.scale[0])
    assert (after.peak <= arm.effort * (1 + 1e-3)).all()
    just_faster = cost(arm, start, end, timing * found.scale[0] * 0.97)
    assert (just_faster.peak > arm.effort).any()


def test_a_drive_that_cannot_hold_the_arm_is_named():
    arm = replace(lift(100.0), effort=np.array([100.0]), joint_names=("mast",))
    with pytest.raises(SceneError, match="mast must be able to hold the arm within 100 N m"):
        slowed(arm, [0.0], [1.0], timed(arm, [0.0], [1.0]))


def test_drives_that_cannot_be_are_refused():
    with pytest.raises(SceneError, match="efficiency must be in"):
        Drives(efficiency=1.2).check()
