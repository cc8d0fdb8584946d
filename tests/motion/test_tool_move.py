import numpy as np
import pytest

from tests.motion.tool_cases import ARM, START, TOOL, distance_from_path, planned_moves, tool_at
from twin.errors import SceneError
from twin.motion import profile
from twin.motion.cubic import CubicTable
from twin.motion.frame import about, compose, matrix_from, pose_from
from twin.motion.pace import ToolLimits
from twin.motion.tool_move import plan_tool_move
from twin.motion.tool_path import ToolPath

MOVES = list(planned_moves(40, seed=1))
LIMITS = ToolLimits()
SAMPLES = 10_000


def keeps_limits(table: CubicTable) -> bool:
    ratios = table.peaks() / [ARM.speed, ARM.acceleration, ARM.jerk]
    return bool(np.all(ratios <= 1 + 1e-9))


def test_most_paths_can_be_planned():
    assert len(MOVES) >= 30


def test_the_tool_stays_within_a_tenth_of_a_millimetre_of_its_path():
    for move in MOVES:
        at = np.linspace(0, move.table.duration, SAMPLES)
        poses = tool_at(move.table.at(at))
        apart = distance_from_path(move.path, poses[:, :3, 3])
        assert apart.max() <= 1e-4
        wanted = move.path.poses(profile(at, *move.timing))
        error = np.linalg.norm(poses[:, :3, 3] - wanted[:, :3, 3], axis=1).max()
        assert error <= 1e-4
        assert error <= move.error * 1.25 + 1e-9
        turned = np.einsum("nij,nij->n", poses[:, :3, :3], wanted[:, :3, :3])
        assert np.arccos(np.clip((turned - 1) / 2, -1, 1)).max() <= 1e-3


def test_no_joint_limit_is_broken_at_any_sample():
    for move in MOVES:
        assert keeps_limits(move.table)
        _, v, a = move.table.state(np.linspace(0, move.table.duration, SAMPLES))
        assert np.all(np.abs(v) <= ARM.speed * (1 + 1e-9))
        assert np.all(np.abs(a) <= ARM.acceleration * (1 + 1e-9))
        assert np.all(ARM.within_limits(move.table.at(np.linspace(0, move.table.duration, 500))))


def test_the_tool_keeps_its_own_limits():
    for move in MOVES:
        at = np.linspace(0, move.table.duration, 2000)[2:-2]
        h = 1e-4
        before, here, after = (
            tool_at(move.table.at(at + side * h))[:, :3, 3] for side in (-1, 0, 1)
        )
        speed = np.linalg.norm(after - before, axis=1).max() / (2 * h)
        acceleration = np.linalg.norm(after - 2 * here + before, axis=1).max() / h**2
        assert speed <= LIMITS.speed * (1 + 1e-3)
        assert acceleration <= LIMITS.acceleration * (1 + 1e-2)


def test_a_move_begins_and_ends_at_rest_where_it_should_and_never_jumps():
    for move in MOVES:
        table = move.table
        ends = table.state([0.0, table.duration])
        reached = tool_at(ends.position)
        np.testing.assert_allclose(reached, move.path.poses([0.0, 1.0]), atol=1e-9)
        np.testing.assert_allclose(ends.velocity, 0, atol=1e-9)
        np.testing.assert_allclose(ends.acceleration, 0, atol=1e-8)
        knots = table.time[1:-1]
        for one, other in zip(table.state(knots - 1e-13), table.state(knots + 1e-13), strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-8)


def test_a_slow_process_takes_as_long_as_its_tool_limits_say():
    first = tool_at(START[None])[0]
    last = first.copy()
    last[:3, 3] += [0.0, 0.5, 0.0]
    slow = ToolLimits(speed=0.05, acceleration=1.0, jerk=10.0)
    move = plan_tool_move(ARM, ToolPath.line(first, last), START, limits=slow, tool=TOOL)
    assert move.table.duration == pytest.approx(0.5 / 0.05 + 0.05 / 1.0 + 1.0 / 10.0, rel=0.02)


def test_turning_on_the_spot_keeps_the_tool_centre_still():
    first = tool_at(START[None])[0]
    xyz, wxyz = pose_from(first)
    last = matrix_from(xyz, compose(wxyz, about([0.0, 0.0, 1.0], 1.0)))
    move = plan_tool_move(ARM, ToolPath.line(first, last), START, tool=TOOL)
    poses = tool_at(move.table.at(np.linspace(0, move.table.duration, 2000)))
    assert np.linalg.norm(poses[:, :3, 3] - xyz, axis=1).max() <= 1e-4
    np.testing.assert_allclose(poses[-1], last, atol=1e-9)


def test_a_base_moves_the_path_with_the_robot():
    first = tool_at(START[None])[0]
    last = first.copy()
    last[:3, 3] += [0.1, 0.2, 0.1]
    base = matrix_from([1.0, 2.0, 0.5], about([0.0, 0.0, 1.0], 0.7))
    here = plan_tool_move(ARM, ToolPath.line(first, last), START, tool=TOOL)
    there = ToolPath.line(base @ first, base @ last)
    moved = plan_tool_move(ARM, there, START, tool=TOOL, base=base)
    at = np.linspace(0, here.table.duration, 100)
    np.testing.assert_allclose(moved.table.at(at), here.table.at(at), atol=1e-7)


def test_an_arc_goes_through_its_point_and_a_straight_one_is_refused():
    first, last = (matrix_from(xyz, [1.0, 0, 0, 0]) for xyz in ([1.0, 0, 0], [0, 1.0, 0]))
    for angle in (0.3, 2.0, -1.0, 3.0):
        via = [np.cos(angle), np.sin(angle), 0.0]
        arc = ToolPath.arc(first, via, last)
        assert arc.radius == pytest.approx(1.0)
        long_way = not 0 < angle < np.pi / 2
        assert arc.sweep == pytest.approx(1.5 * np.pi if long_way else np.pi / 2)
        np.testing.assert_allclose(arc.poses([0.0, 1.0]), [first, last], atol=1e-12)
    with pytest.raises(SceneError, match="weld 3 must go through three points"):
        ToolPath.arc(first, [0.5, 0.5, 0.0], last, where="weld 3")


def test_what_can_not_be_reached_is_said_with_place_and_way_out():
    first = tool_at(START[None])[0]
    far = first.copy()
    far[:3, 3] += [2.0, 0.0, 0.0]
    with pytest.raises(SceneError, match=r"seam 1 must stay within reach.*of the way; move the"):
        plan_tool_move(ARM, ToolPath.line(first, far), START, tool=TOOL, where="seam 1")
    with pytest.raises(SceneError, match="must lead somewhere"):
        plan_tool_move(ARM, ToolPath.line(first, first), START, tool=TOOL)
    with pytest.raises(SceneError, match="speed must be > 0"):
        ToolLimits(speed=0.0)


def test_a_path_through_a_singularity_is_refused():
    wrist_straight = np.array([0.0, np.pi / 2, 0.0, 0.2, 0.0, 0.1])
    middle = ARM.flange(wrist_straight[None])[0]
    first, last = middle.copy(), middle.copy()
    first[:3, 3] -= [0.0, 0.3, 0.001]
    last[:3, 3] += [0.0, 0.3, -0.001]
    with pytest.raises(SceneError, match="singularity"):
        plan_tool_move(ARM, ToolPath.line(first, last), wrist_straight)


@pytest.mark.parametrize("beside", [0.0, 1e-7, 1e-5])
def test_a_path_right_through_a_stretched_wrist_is_passed_without_turning_over(beside: float):
    stretched = np.array([0.0, np.pi / 2, 0.0, 0.2, 0.0, 0.1])
    middle = ARM.flange(stretched[None])[0]
    first, last = middle.copy(), middle.copy()
    first[:3, 3] -= [0.0, 0.3, beside]
    last[:3, 3] += [0.0, 0.3, -beside]
    move = plan_tool_move(ARM, ToolPath.line(first, last), stretched)
    xyz = ARM.flange(move.table.at(np.linspace(0, move.table.duration, 5000)))[:, :3, 3]
    assert distance_from_path(move.path, xyz).max() <= 1e-4
    assert keeps_limits(move.table)
    assert move.table.duration < 3.0
