import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.motion.tool_cases import ARM, START, TOOL, tool_at
from twin.errors import SceneError
from twin.motion import Arm, Joint, synchronised
from twin.motion.blend import plan_blended
from twin.motion.zone import zone_shares

LIMITS = {"speed": ARM.speed, "acceleration": ARM.acceleration, "jerk": ARM.jerk}


def some_waypoints(seed: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 8))
    size = 10.0 ** rng.uniform(-1, 0, (count, 1))
    return START + rng.uniform(-0.5, 0.5, (count, 6)) * size


def off_the_lines(joints: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far joint positions [n, J] are from the straight lines between waypoints [rad]."""
    gaps = []
    for a, b in pairwise(points):
        share = np.clip((joints - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        gaps.append(np.linalg.norm(joints - a - share[:, None] * (b - a), axis=1))
    return np.min(gaps, axis=0)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("radius", [0.01, 0.1, 0.5])
def test_corners_are_cut_within_the_zone_and_all_limits(seed: int, radius: float):
    points = some_waypoints(seed)
    move = plan_blended(ARM, points, zone_shares(ARM, points, radius, tool=TOOL))
    ratios = move.table.peaks() / [ARM.speed, ARM.acceleration, ARM.jerk]
    assert np.all(ratios <= 1 + 1e-9)

    joints, v, a = move.table.state(np.linspace(0, move.table.duration, 10_000))
    assert np.all(np.abs(v) <= ARM.speed * (1 + 1e-9))
    assert np.all(np.abs(a) <= ARM.acceleration * (1 + 1e-9))
    off = off_the_lines(joints, points) > 1e-9
    vias = tool_at(points)[:, :3, 3]
    cut = tool_at(joints[off])[:, :3, 3]
    apart = np.linalg.norm(cut[:, None] - vias[None], axis=2).min(axis=1)
    assert apart.max(initial=0.0) <= radius

    inner = (move.table.time > 1e-3) & (move.table.time < move.table.duration - 1e-3)
    moving = np.abs(move.table.state(move.table.time[inner]).velocity).max(axis=1)
    assert np.all(moving > 0)  # it never stops


@pytest.mark.parametrize("seed", range(8))
def test_nothing_jumps_over_any_knot_and_the_ends_are_at_rest(seed: int):
    points = some_waypoints(seed)
    table = plan_blended(ARM, points, 0.3).table
    knots = table.time[1:-1]
    for one, other in zip(table.state(knots - 1e-13), table.state(knots + 1e-13), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-9)
    ends = table.state([0.0, table.duration])
    np.testing.assert_allclose(ends.position, points[[0, -1]], atol=1e-12)
    np.testing.assert_allclose(ends.velocity, 0, atol=1e-12)
    np.testing.assert_allclose(ends.acceleration, 0, atol=1e-11)


def test_without_zones_it_is_as_slow_as_stopping_and_passes_every_waypoint():
    points = some_waypoints(3)
    move = plan_blended(ARM, points, 0.0)
    stops = synchronised(points[:-1], points[1:], **LIMITS).duration
    np.testing.assert_allclose(move.via, [0.0, *np.cumsum(stops)], rtol=1e-12)
    np.testing.assert_allclose(move.table.at(move.via), points, atol=1e-12)


def test_wide_zones_save_time():
    saved = []
    for seed in range(8):
        points = some_waypoints(seed)
        stops = synchronised(points[:-1], points[1:], **LIMITS).duration.sum()
        saved.append(1 - plan_blended(ARM, points, 0.5).table.duration / stops)
    assert min(saved) > 0
    assert np.mean(saved) > 0.15


def test_tight_zones_cost_hardly_more_than_stopping():
    for seed in range(8):
        points = some_waypoints(seed)
        stops = synchronised(points[:-1], points[1:], **LIMITS).duration.sum()
        assert plan_blended(ARM, points, 0.1).table.duration < 1.05 * stops


def test_joints_that_take_turns_overlap_without_slowing_each_other():
    points = START + np.array([[0.0] * 6, [0.5] + [0.0] * 5, [0.5, 0.3] + [0.0] * 4])
    move = plan_blended(ARM, points, 0.1)
    stops = synchronised(points[:-1], points[1:], **LIMITS).duration
    assert move.overlaps == {1}
    assert move.table.duration < 0.9 * stops.sum()
    assert move.table.at(move.via)[1, 0] < points[1, 0]


def test_a_waypoint_on_a_straight_line_does_not_slow_the_move():
    end = START + [2.4, -0.4, 0.3, 0.2, -0.3, 0.4]
    points = np.array([START, (START + end) / 2, end])
    straight = float(synchronised(START, end, **LIMITS).duration)
    assert plan_blended(ARM, points, 0.1).table.duration == pytest.approx(straight, rel=1e-9)


def test_a_way_straight_back_turns_within_its_zone():
    points = np.array([START, START + 0.4, START])
    move = plan_blended(ARM, points, [[0, 0], [0.2, 0.2], [0, 0]])
    ratios = move.table.peaks() / [ARM.speed, ARM.acceleration, ARM.jerk]
    assert np.all(ratios <= 1 + 1e-9)
    furthest = move.table.at(np.linspace(0, move.table.duration, 5000)) - START
    assert 0.4 * 0.8 <= furthest.max() <= 0.4


def test_an_arm_without_jerk_limit_is_blended_by_parabolas():
    joint = Joint(axis="Z", origin=(0, 0, 0), lower=-9, upper=9, speed=1.0, acceleration=2.0)
    arm = Arm.build([joint])
    assert math.isinf(arm.jerk[0])
    move = plan_blended(arm, [[0.0], [1.0], [3.0]], 0.25)
    assert np.all(move.table.peaks()[:2, 0] <= [1 + 1e-9, 2 + 1e-9])
    np.testing.assert_allclose(move.table.at(9.0), [[3.0]], atol=1e-12)


@pytest.mark.parametrize(
    ("points", "zone", "message"),
    [
        (np.zeros((1, 6)), 0.1, r"shape \[n, 6\], n >= 2"),
        (np.stack([START, START + 9]), 0.1, "cell/p waypoint 2 must be within joint limits"),
        (np.stack([START, START]), 0.1, "cell/p waypoint 2 must not repeat the one before"),
        (np.stack([START, START + 0.1]), 0.6, r"zone must be in \[0, 0.5\]"),
        (np.stack([START, START + 0.1]), [0.1, 0.2, 0.3], "zones must have shape"),
    ],
)
def test_what_can_not_be_blended_is_said(points: NDArray[np.float64], zone: object, message: str):
    with pytest.raises(SceneError, match=message):
        plan_blended(ARM, points, zone, where="cell/p")
