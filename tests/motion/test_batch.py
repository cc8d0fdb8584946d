import math

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.motion import profile, synchronised
from twin.motion.batch import plan_moves
from twin.motion.progress import rates

COUNT = 3000


def limits(rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    return {
        "speed": rng.uniform(1, 4, 6),
        "acceleration": rng.uniform(3, 12, 6),
        "jerk": rng.uniform(20, 200, 6),
    }


def moves(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    start = rng.uniform(-3, 3, (COUNT, 6))
    return start, start + rng.uniform(-3, 3, (COUNT, 6)) * 10.0 ** rng.uniform(-4, 0, (COUNT, 1))


def test_the_kernel_times_moves_like_the_columns_do():
    rng = np.random.default_rng(5)
    start, end = moves(rng)
    end[7] = start[7]
    own = limits(rng)
    for change in ({}, {"jerk": np.full(6, math.inf)}, {"acceleration": np.full(6, math.inf)}):
        got = plan_moves(start, end, **own | change)
        want = synchronised(start, end, **own | change)
        for one, other in zip(got, want, strict=True):
            np.testing.assert_allclose(one, other, rtol=2e-15, atol=0)


def test_without_acceleration_and_jerk_limits_moves_go_at_constant_speed():
    free = {"speed": 2.0, "acceleration": math.inf, "jerk": math.inf}
    timing = plan_moves([[0.0]], [[3.0]], **free)
    assert [column.tolist() for column in timing] == [[1.5], [0.0], [0.0]]


def test_interpreted_equals_compiled_to_the_last_bit():
    rng = np.random.default_rng(6)
    start, end = moves(rng)
    own = limits(rng)
    compiled = plan_moves(start, end, **own)
    interpreted = plan_moves(start, end, **own, interpreted=True)
    assert np.array_equal(np.stack(compiled), np.stack(interpreted))


def test_every_move_may_have_limits_of_its_own():
    rng = np.random.default_rng(8)
    start, end = moves(rng)
    own = {name: each * rng.uniform(0.5, 1, (COUNT, 1)) for name, each in limits(rng).items()}
    together = np.stack(plan_moves(start, end, **own))
    want = np.stack(synchronised(start, end, **own))
    np.testing.assert_allclose(together, want, rtol=2e-15)


def test_durations_equal_ruckigs_where_its_phases_are_synchronised():
    ruckig = pytest.importorskip("ruckig")
    rng = np.random.default_rng(9)
    start, end = (each[:300] for each in moves(rng))
    own = limits(rng)
    timing = plan_moves(start, end, **own)
    peer = ruckig.Ruckig(6)
    request = ruckig.InputParameter(6)
    request.synchronization = ruckig.Synchronization.Phase
    request.max_velocity, request.max_acceleration = own["speed"], own["acceleration"]
    request.max_jerk = own["jerk"]
    straight, close = 0, []
    for i in range(len(start)):
        request.current_position, request.target_position = start[i], end[i]
        answer = ruckig.Trajectory(6)
        peer.calculate(request, answer)
        at = np.array([answer.at_time(part * answer.duration)[0] for part in (0.1, 0.3, 0.7)])
        if np.ptp((at - start[i]) / (end[i] - start[i]), axis=1).max() < 1e-9:
            straight += 1
            close.append(abs(timing.duration[i] - answer.duration) / answer.duration)
        else:  # it left the straight line, to be no slower
            assert answer.duration <= timing.duration[i] * (1 + 1e-9)
    assert straight > 150
    assert max(close) < 1e-9


def test_no_limit_is_broken_at_any_of_ten_thousand_samples():
    rng = np.random.default_rng(10)
    start, end = (each[:60] for each in moves(rng))
    own = limits(rng)
    timing = plan_moves(start, end, **own)
    share = np.linspace(0, 1, 10_000)[:, None]
    moving = rates(share * timing.duration, *timing)
    way = np.abs(end - start)
    for rate, limit in zip(moving, own.values(), strict=True):
        largest = np.abs(rate).max(axis=0)[:, None] * way
        assert np.all(largest <= limit * (1 + 1e-9))
    assert np.all(profile(timing.duration, *timing) == 1.0)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="must have shapes"):
        plan_moves(np.zeros((3, 6)), np.zeros((3, 5)), speed=1.0, acceleration=1.0, jerk=1.0)
