import math

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.motion import frame

COUNT = 200


@pytest.fixture
def turns() -> NDArray[np.float64]:
    """Random unit quaternions, shape [2, COUNT, 4]."""
    wxyz = np.random.default_rng(5).normal(size=(2, COUNT, 4))
    return wxyz / np.linalg.norm(wxyz, axis=-1, keepdims=True)


@pytest.fixture
def points() -> NDArray[np.float64]:
    return np.random.default_rng(6).normal(size=(COUNT, 3))


def test_a_quarter_turn_about_z_brings_x_to_y():
    quarter = frame.about([0.0, 0.0, 1.0], math.pi / 2)
    np.testing.assert_allclose(frame.rotate(quarter, [1.0, 0.0, 0.0]), [0, 1, 0], atol=1e-15)


def test_composed_turns_act_right_to_left(turns: NDArray[np.float64], points: NDArray[np.float64]):
    a, b = turns
    both = frame.rotate(frame.compose(a, b), points)
    np.testing.assert_allclose(both, frame.rotate(a, frame.rotate(b, points)), atol=1e-14)


def test_an_inverted_turn_undoes(turns: NDArray[np.float64], points: NDArray[np.float64]):
    back = frame.rotate(frame.invert(turns[0]), frame.rotate(turns[0], points))
    np.testing.assert_allclose(back, points, atol=1e-14)


def test_matrices_act_like_quaternions(turns: NDArray[np.float64], points: NDArray[np.float64]):
    matrix = frame.matrix_from(points, turns[0])
    moved = matrix @ np.append(points, np.ones((COUNT, 1)), axis=1)[..., None]
    expected = frame.rotate(turns[0], points) + points
    np.testing.assert_allclose(moved[:, :3, 0], expected, atol=1e-14)
    assert np.array_equal(matrix[:, 3], np.tile([0.0, 0.0, 0.0, 1.0], (COUNT, 1)))


def test_a_pose_survives_the_way_through_a_matrix(
    turns: NDArray[np.float64], points: NDArray[np.float64]
):
    xyz, wxyz = frame.pose_from(frame.matrix_from(points, turns[0]))
    assert np.array_equal(xyz, points)
    np.testing.assert_allclose(np.abs((wxyz * turns[0]).sum(axis=1)), 1.0, atol=1e-14)
    assert wxyz[:, 0].min() >= 0.0


@pytest.mark.parametrize("wxyz", np.eye(4).tolist())
def test_half_turns_are_read_off_a_matrix_exactly(wxyz: list[float]):
    _, read = frame.pose_from(frame.matrix_from(np.zeros(3), wxyz))
    assert read.tolist() == wxyz


def test_the_inverse_matrix_undoes(turns: NDArray[np.float64], points: NDArray[np.float64]):
    matrix = frame.matrix_from(points, turns[0])
    both = frame.invert_matrix(matrix) @ matrix
    np.testing.assert_allclose(both, np.tile(np.eye(4), (COUNT, 1, 1)), atol=1e-14)


def test_rotation_about_an_axis_equals_its_quaternion(points: NDArray[np.float64]):
    axis = points / np.linalg.norm(points, axis=1, keepdims=True)
    angle = np.linspace(-7, 7, COUNT)
    expected = frame.matrix_from(np.zeros(3), frame.about(axis, angle))[:, :3, :3]
    np.testing.assert_allclose(frame.rotation_about(axis, angle), expected, atol=1e-14)


def test_a_blend_starts_and_ends_at_its_turns(turns: NDArray[np.float64]):
    a, b = turns
    sign = np.where((a * b).sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    np.testing.assert_allclose(frame.nlerp(a, b, 0.0), a, atol=1e-15)
    np.testing.assert_allclose(frame.nlerp(a, b, 1.0), sign * b, atol=1e-15)
    np.testing.assert_allclose(frame.nlerp(a, b, 0.5), frame.nlerp(sign * b, a, 0.5), atol=1e-12)


def test_a_blend_half_way_is_half_the_angle():
    a, b = frame.about([1.0, 0.0, 0.0], [0.2, 1.0])
    np.testing.assert_allclose(frame.nlerp(a, b, 0.5), frame.about([1, 0, 0], 0.6), atol=1e-15)
