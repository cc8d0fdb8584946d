import numpy as np
import pytest

from tests.motion.tool_cases import ARM, START, TOOL, tool_at
from twin.motion import Arm, Joint
from twin.motion.blend import plan_blended
from twin.motion.frame import about, matrix_from
from twin.motion.lever import levers, tool_centres, tool_rows
from twin.motion.tool_crossing import tool_crossings


@pytest.mark.parametrize("seed", range(20))
def test_every_pass_of_the_tool_through_a_plane_is_found_and_exact(seed: int):
    rng = np.random.default_rng(seed)
    table = plan_blended(ARM, START + rng.uniform(-0.5, 0.5, (6, 6)), 0.3).table
    normal = rng.normal(size=3)
    normal /= np.linalg.norm(normal)
    base = matrix_from(rng.normal(size=3), about([0.0, 0.0, 1.0], rng.normal()))
    at = np.linspace(0, table.duration, 20_001)
    height = (base @ tool_at(table.at(at)))[:, :3, 3] @ normal
    offset = float(np.median(height)) + 1e-5
    times = tool_crossings(ARM, table, normal, offset, tool=TOOL, base=base)
    there = (base @ tool_at(table.at(times)))[:, :3, 3] @ normal
    np.testing.assert_allclose(there, offset, rtol=0, atol=1e-12)
    side = np.sign(height - offset)
    assert len(times) == np.count_nonzero(side[:-1] * side[1:] < 0)


def test_a_motion_that_begins_in_the_plane_is_there_once():
    table = plan_blended(ARM, np.stack([START, START + 0.2]), 0.0).table
    normal = np.array([0.0, 0.0, 1.0])
    offset = float(tool_centres(ARM, START[None], TOOL)[0] @ normal)
    times = tool_crossings(ARM, table, normal, offset, tool=TOOL)
    assert times[0] < 1e-4
    assert np.all(np.diff(times) > 1e-2)
    assert not len(tool_crossings(ARM, table, normal, offset + 9.0, tool=TOOL))


def test_levers_bound_the_tools_motion():
    rng = np.random.default_rng(0)
    joints = rng.uniform(-2, 2, (500, 6))
    rows = np.linalg.norm(tool_rows(ARM, joints, TOOL), axis=1)
    assert np.all(rows <= levers(ARM, TOOL) + 1e-12)


def test_tool_rows_are_the_derivative_of_the_tool_centre():
    joints, h = np.random.default_rng(1).uniform(-1, 1, (5, 6)), 1e-6
    rows = tool_rows(ARM, joints, TOOL)
    for k, step in enumerate(h * np.eye(6)):
        ends = [tool_centres(ARM, joints + side * step, TOOL) for side in (-1, 1)]
        np.testing.assert_allclose((ends[1] - ends[0]) / (2 * h), rows[:, :, k], atol=1e-8)


def test_levers_and_rows_hold_for_joints_that_slide():
    limits = {"speed": 1.0, "acceleration": 2.0, "jerk": 20.0}
    slide = {"lower": -0.5, "upper": 2.0, "prismatic": True, **limits}
    turn = {"lower": -3.0, "upper": 3.0, **limits}
    arm = Arm.build(
        [
            Joint(axis="X", origin=(0.0, 0.0, 0.3), **slide),
            Joint(axis="Z", origin=(0.1, 0.0, 0.4), **turn),
            Joint(axis="Y", origin=(0.0, 0.2, 0.5), **slide),
            Joint(axis="X", origin=(0.6, 0.0, 0.0), **turn),
        ]
    )
    rng = np.random.default_rng(3)
    joints = arm.lower + rng.random((200, 4)) * (arm.upper - arm.lower)
    rows, lever, h = tool_rows(arm, joints, TOOL), levers(arm, TOOL), 1e-6
    assert np.all(np.linalg.norm(rows, axis=1) <= lever + 1e-12)
    assert np.all(np.diff(lever) <= 0)
    for k, step in enumerate(h * np.eye(4)):
        ends = [tool_rows(arm, joints + side * step, TOOL) for side in (-1, 1)]
        second = np.linalg.norm((ends[1] - ends[0]) / (2 * h), axis=1)
        assert np.all(second <= np.minimum(lever, lever[k]) + 1e-8)
        centres = [tool_centres(arm, joints + side * step, TOOL) for side in (-1, 1)]
        np.testing.assert_allclose((centres[1] - centres[0]) / (2 * h), rows[:, :, k], atol=1e-8)
