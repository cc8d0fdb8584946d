import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.motion.tool_cases import ARM, START, distance_from_path, planned_moves, tool_at
from twin.motion import synchronised
from twin.motion.blend import plan_blended
from twin.motion.cubic import CubicTable
from twin.motion.stopping import resume_tool_move, stop_move, stop_table, stop_tool_move

MOVES = list(planned_moves(12, seed=4))
LIMITS = {"speed": ARM.speed, "acceleration": ARM.acceleration, "jerk": ARM.jerk}
BRAKES = {"acceleration": ARM.acceleration, "jerk": ARM.jerk}
share = st.floats(0.0, 0.999)


def keeps_limits(table: CubicTable, harder: float = 1.0) -> bool:
    ratios = table.peaks() / [ARM.speed, harder * ARM.acceleration, harder * ARM.jerk]
    return bool(np.all(ratios <= 1 + 1e-9))


@given(st.integers(0, 10_000), share)
def test_a_joint_move_brakes_on_its_line_within_its_limits(seed: int, at: float):
    rng = np.random.default_rng(seed)
    end = START + rng.uniform(-0.5, 0.5, 6) * 10.0 ** rng.uniform(-3, 0)
    timing = synchronised(START, end, **LIMITS)
    stop = stop_move(START, end, timing, at * float(timing.duration), **BRAKES)
    assert keeps_limits(stop.table)
    assert 0 <= stop.reached <= 1 + 1e-9
    assert stop.table.duration <= float(timing.duration) * (1 - at) + 1e-6
    where = stop.table.at(np.linspace(0, stop.table.duration, 50))
    gone = (where - START) / (end - START)
    assert np.ptp(gone, axis=1).max() < 1e-9 / np.abs(end - START).min()
    last = stop.table.state(stop.table.duration)
    np.testing.assert_allclose(last.velocity, 0, atol=1e-9)


def test_a_joint_move_stops_as_soon_as_ruckig_would_stop_its_share():
    ruckig = pytest.importorskip("ruckig")
    end = START + [0.9, -0.4, 0.5, 1.0, -0.7, 2.0]
    timing = synchronised(START, end, **LIMITS)
    way = np.abs(end - START)
    request = ruckig.InputParameter(1)
    request.control_interface = ruckig.ControlInterface.Velocity
    request.max_acceleration = [float(np.min(ARM.acceleration / way))]
    request.max_jerk = [float(np.min(ARM.jerk / way))]
    for at in np.linspace(0.05, 0.95, 19) * float(timing.duration):
        stop = stop_move(START, end, timing, at, **BRAKES)
        state = stop.table.state(0.0)
        request.current_velocity = [float((state.velocity[0] / (end - START))[0])]
        request.current_acceleration = [float((state.acceleration[0] / (end - START))[0])]
        answer = ruckig.Trajectory(1)
        ruckig.Ruckig(1).calculate(request, answer)
        assert stop.table.duration == pytest.approx(answer.duration, rel=1e-9, abs=1e-12)


def test_a_move_that_leads_nowhere_or_is_over_stands_already():
    timing = synchronised(START, START, **LIMITS)
    stop = stop_move(START, START, timing, 0.0, **BRAKES)
    assert stop.table.at([0.0, 1.0]).tolist() == [START.tolist()] * 2
    over = stop_tool_move(ARM, MOVES[0], 1e3)
    assert over.reached == 1.0
    np.testing.assert_array_equal(over.table.at(0.0), MOVES[0].table.at(1e3))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(range(len(MOVES))), share)
def test_a_tool_move_stops_and_goes_on_on_its_path(which: int, at: float):
    move = MOVES[which]
    elapsed = at * move.table.duration
    stop = stop_tool_move(ARM, move, elapsed)
    assert keeps_limits(stop.table)
    for got, want in zip(stop.table.state(0.0), move.table.state(elapsed), strict=True):
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-6)
    tables = [stop.table]
    assert stop.table.duration <= move.table.duration - elapsed + 0.05
    if stop.reached < 1 - 1e-6:
        tables.append(resume_tool_move(ARM, move, stop.reached))
        assert keeps_limits(tables[1])
        np.testing.assert_allclose(
            tables[1].at(0.0), stop.table.at(stop.table.duration), rtol=0, atol=1e-8
        )
        np.testing.assert_allclose(
            tables[1].at(1e3), move.table.at(move.table.duration), rtol=0, atol=1e-8
        )
    for table in tables:
        poses = tool_at(table.at(np.linspace(0, table.duration, 400)))
        assert distance_from_path(move.path, poses[:, :3, 3]).max() <= 1e-4
        last = table.state(table.duration)
        np.testing.assert_allclose(last.velocity, 0, atol=1e-9)


def test_a_motion_of_many_pieces_stops_on_its_way_within_limits():
    rng = np.random.default_rng(2)
    points = START + rng.uniform(-0.4, 0.4, (6, 6))
    table = plan_blended(ARM, points, 0.3).table
    soon = 0
    for elapsed in np.linspace(0.01, table.duration * 0.99, 23):
        stop = stop_table(ARM, table, elapsed, harder=4.0)
        assert keeps_limits(stop.table, harder=4.0)
        soon += stop.reached < table.duration
        for got, want in zip(stop.table.state(0.0), table.state(elapsed), strict=True):
            np.testing.assert_allclose(got, want, rtol=0, atol=1e-6)
        last = stop.table.state(stop.table.duration)
        np.testing.assert_allclose(last.position, table.at(stop.reached), rtol=0, atol=1e-6)
        np.testing.assert_allclose(last.velocity, 0, atol=1e-9)
        fine = table.at(np.linspace(elapsed, stop.reached, 4000))
        braked = stop.table.at(np.linspace(0, stop.table.duration, 60))
        off = np.linalg.norm(braked[:, None] - fine[None], axis=2).min(axis=1)
        assert off.max() < 2e-3
    assert soon >= 12
