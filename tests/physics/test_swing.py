"""Swing of hanging loads against integration in tiny steps, and what theory says of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from twin.errors import SceneError
from twin.motion import travel
from twin.physics.dynamics import GRAVITY
from twin.physics.swing import Swing, acceleration_pieces


def test_pieces_of_any_degree_follow_the_equation_of_motion():
    draw = np.random.default_rng(2)
    duration, pieces = draw.uniform(0.2, 1.0, 5), draw.normal(size=(5, 4))
    swing = Swing.build(1.7, duration, pieces, sway=0.05, speed=-0.1)
    start, state = 0.0, [0.05, -0.1]
    for seconds, piece in zip(duration, pieces, strict=True):

        def slope(t: float, y: np.ndarray, piece: np.ndarray = piece) -> list[float]:
            return [y[1], -GRAVITY / 1.7 * y[0] - np.polyval(piece[::-1], t)]

        answer = solve_ivp(slope, (0, seconds), state, rtol=1e-11, atol=1e-12)
        start, state = start + seconds, answer.y[:, -1].tolist()
        np.testing.assert_allclose(np.array(swing.at(start - 1e-12)), state, atol=1e-8)


def test_sway_and_its_speed_do_not_jump_between_pieces():
    timing = np.array(travel(4.0, 1.5, 0.8, 2.0)).tolist()
    swing = Swing.build(2.0, *acceleration_pieces(4.0, timing))
    for knot in swing.start[1:]:
        before, after = np.array(swing.at(knot - 1e-9)), np.array(swing.at(knot + 1e-9))
        np.testing.assert_allclose(before, after, atol=1e-7)


@given(length=st.floats(0.3, 8.0), acceleration=st.floats(0.05, 2.0))
def test_a_ramp_of_whole_periods_leaves_no_swing(length: float, acceleration: float):
    period = 2 * np.pi * np.sqrt(length / GRAVITY)
    swing = Swing.build(length, [period, 1.3, period], [[acceleration], [0.0], [-acceleration]])
    assert swing.left < 1e-9 * length


def test_pieces_of_a_move_bring_the_carrier_to_its_end_at_rest():
    timing = np.array(travel(6.0, 1.5, 0.8, 2.0)).tolist()
    seconds, pieces = acceleration_pieces(6.0, timing)
    speed = place = 0.0
    for t, (a, j) in zip(seconds, pieces, strict=True):
        place += speed * t + a * t**2 / 2 + j * t**3 / 6
        speed += a * t + j * t**2 / 2
    assert place == pytest.approx(6.0)
    assert speed == pytest.approx(0.0, abs=1e-12)


def test_a_hanger_without_length_is_refused_by_path():
    with pytest.raises(SceneError, match="/Line/Hanger must hang by a length > 0"):
        Swing.build(0.0, [1.0], [[1.0]], where="/Line/Hanger")
