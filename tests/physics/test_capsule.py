"""Capsules enclose all that they are fitted to, and are tight; a mesh without volume is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from tests.physics.shop import shapes
from twin.errors import SceneError
from twin.physics.capsule import Capsules, enclosing


def rod(length: float, radius: float) -> np.ndarray:
    """Triangles of a thin rod along X with round ends, corners on the capsule itself."""
    turn, tilt = np.meshgrid(np.linspace(0, 2 * np.pi, 25), np.linspace(-np.pi / 2, np.pi / 2, 14))
    ends = np.where(tilt > 0, length, 0.0)
    points = np.stack(
        [
            ends + radius * np.sin(tilt),
            radius * np.cos(tilt) * np.cos(turn),
            radius * np.cos(tilt) * np.sin(turn),
        ],
        axis=-1,
    ).reshape(-1, 3)
    return points[ConvexHull(points).simplices]


@pytest.mark.parametrize("row", range(7))
def test_every_vertex_of_a_link_lies_in_its_capsules(row: int):
    solid = shapes().solids[shapes().robots[0].solids[row]]
    assert 1 <= len(solid.capsules.rows) <= 3
    assert solid.capsules.distance(solid.triangles.reshape(-1, 3)).max() <= 0.0


def test_every_triangle_of_a_link_lies_in_one_capsule():
    solid = shapes().solids[shapes().robots[0].solids[-1]]
    inside = [
        Capsules(rows=solid.capsules.rows[k : k + 1]).distance(solid.triangles.reshape(-1, 3)) <= 0
        for k in range(len(solid.capsules.rows))
    ]
    assert np.any([each.reshape(-1, 3).all(axis=1) for each in inside], axis=0).all()


def test_a_capsule_is_found_again():
    found = enclosing(rod(1.0, 0.1))
    assert len(found.rows) == 1
    assert found.rows[0, 6] == pytest.approx(0.1, rel=0.02)
    assert found.volume == pytest.approx(
        Capsules(rows=np.array([[0, 0, 0, 1, 0, 0, 0.1]])).volume, rel=0.05
    )


def test_a_fit_is_the_same_every_time():
    triangles = shapes().solids[shapes().robots[0].solids[5]].triangles
    assert (enclosing(triangles).rows == enclosing(triangles.copy()).rows).all()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_random_triangles_are_enclosed(seed: int):
    triangles = np.random.default_rng(seed).normal(size=(20, 3, 3))
    assert enclosing(triangles).distance(triangles.reshape(-1, 3)).max() <= 0.0


def test_an_empty_mesh_is_refused_by_path():
    with pytest.raises(SceneError, match="/Robot/link_2/shell must have a mesh with triangles"):
        enclosing(np.empty((0, 3, 3)), where="/Robot/link_2/shell")


def test_a_flat_mesh_is_refused_by_path_with_a_way_out():
    flat = np.array([[[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[1, 1, 0], [1, 0, 0], [0, 1, 0]]], float)
    with pytest.raises(
        SceneError, match="/Robot/plate must enclose a volume, got 1 x 1 x 0 m; close"
    ):
        enclosing(flat, where="/Robot/plate")
