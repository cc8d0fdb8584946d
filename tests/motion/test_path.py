import math

import numpy as np
import pytest

from twin.errors import SceneError
from twin.motion import Paths, Polyline, with_headings
from twin.motion.frame import about

QUARTER = about([0.0, 0.0, 1.0], math.pi / 2)
CORNER = Polyline(xyz=[(0, 0, 1), (3, 0, 1), (3, 4, 1)])
STAND = Polyline(xyz=[(5, 6, 7)], wxyz=QUARTER)
TURNTABLE = Polyline(xyz=[(1, 1, 0), (1, 1, 0)], wxyz=[(1, 0, 0, 0), QUARTER], s=[0.0, 0.5])


def test_a_path_measures_the_way_along_its_corners():
    paths = Paths.build([CORNER, STAND, TURNTABLE])
    assert paths.first.tolist() == [0, 3, 4]
    assert paths.count.tolist() == [3, 1, 2]
    assert paths.length.tolist() == [7.0, 0.0, 0.5]
    assert paths.s.tolist() == [0.0, 3.0, 7.0, 0.0, 0.0, 0.5]


def test_knots_are_rows_of_coordinate_place_and_turn():
    knots = Paths.build([CORNER]).knots
    assert knots[1].tolist() == [3.0, 3.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]


def test_a_pose_goes_straight_between_corners_and_stays_at_the_ends():
    xyz, wxyz = Paths.build([CORNER]).pose([0] * 6, [-1.0, 0.0, 1.5, 3.0, 5.0, 99.0])
    assert xyz.tolist() == [[0, 0, 1], [0, 0, 1], [1.5, 0, 1], [3, 0, 1], [3, 2, 1], [3, 4, 1]]
    assert wxyz.tolist() == [[1, 0, 0, 0]] * 6


def test_things_on_different_paths_are_placed_together():
    paths = Paths.build([CORNER, STAND, TURNTABLE])
    track, s = np.array([2, 0, 1, 0]), np.array([0.25, 5.0, 3.0, 0.5])
    together = paths.pose(track, s)
    for i in range(4):
        alone = paths.pose(track[i : i + 1], s[i : i + 1])
        assert all(np.array_equal(a[i], b[0]) for a, b in zip(together, alone, strict=True))


def test_a_part_turns_on_the_spot_where_s_is_given():
    xyz, wxyz = Paths.build([TURNTABLE]).pose([0], [0.25])
    assert xyz.tolist() == [[1.0, 1.0, 0.0]]
    np.testing.assert_allclose(wxyz[0], about([0, 0, 1], math.pi / 4), atol=1e-15)


def test_a_part_turns_the_shorter_way_whatever_the_sign():
    flipped = Polyline(xyz=[(0, 0, 0), (2, 0, 0)], wxyz=[(1, 0, 0, 0), -QUARTER])
    _, wxyz = Paths.build([flipped]).pose([0], [1.0])
    np.testing.assert_allclose(wxyz[0], about([0, 0, 1], math.pi / 4), atol=1e-15)


def test_orientations_are_brought_to_unit_length():
    paths = Paths.build([Polyline(xyz=[(0, 0, 0)], wxyz=(2.0, 0.0, 0.0, 0.0))])
    assert paths.wxyz.tolist() == [[1.0, 0.0, 0.0, 0.0]]


def test_a_plant_may_have_no_paths():
    paths = Paths.build([])
    xyz, wxyz = paths.pose(np.empty(0, dtype=np.int64), [])
    assert paths.knots.shape == (0, 8)
    assert xyz.shape == (0, 3)
    assert wxyz.shape == (0, 4)


@pytest.mark.parametrize(
    ("polyline", "message"),
    [
        (Polyline(xyz=[], where="/Line/c1"), r"/Line/c1 corners must have shape \[k, 3\]"),
        (Polyline(xyz=[(0, 0)]), "corners must have shape"),
        (Polyline(xyz=[(0, 0, 0)], wxyz=[1, 0, 0]), "orientations must have shape"),
        (Polyline(xyz=[(0, 0, 0)], wxyz=[0, 0, 0, 0]), "orientations must not be zero"),
        (Polyline(xyz=[(1, 2, 3), (1, 2, 3)]), "must go forward .* got .* corners that coincide"),
        (Polyline(xyz=[(0, 0, 0), (1, 0, 0)], s=[1.0, 0.5]), "must go forward"),
        (Polyline(xyz=[(0, 0, 0), (1, 0, 0)], s=[1.0]), "must go forward"),
    ],
)
def test_a_wrong_polyline_is_refused_with_its_reason(polyline: Polyline, message: str):
    with pytest.raises(SceneError, match=message):
        Paths.build([polyline])


def test_headings_turn_near_corners_and_stay_on_long_and_vertical_legs():
    corners = [(0, 0, 0), (4, 0, 0), (4, 3, 0), (4, 3, 2), (0, 3, 2)]
    knots, headings = with_headings(corners)
    assert np.round(np.degrees(headings), 9).tolist() == [0, 0, 45, 90, 90, 90, 135, 180, 180]
    assert knots[1].tolist() == [3.5, 0, 0]
    assert knots[3].tolist() == [4, 0.5, 0]
    assert knots[7].tolist() == [3.5, 3, 2]
    assert headings[4] == pytest.approx(math.pi / 2)


def test_headings_of_a_fine_curve_turn_evenly():
    angles = np.radians(np.arange(0, 361, 10))
    ring = np.column_stack([np.sin(angles), 1 - np.cos(angles), 0 * angles])
    knots, headings = with_headings(ring)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(knots, axis=0), axis=1))])
    legs = np.linalg.norm(np.diff(ring, axis=0), axis=1).sum()
    assert length[-1] == pytest.approx(legs, abs=1e-12)
    assert (np.diff(length) > 0).all()
    assert np.degrees(headings[[0, -1]]).tolist() == pytest.approx([5, 355])
    turned = np.diff(headings)
    assert turned.min() >= 0
    assert turned.max() <= np.radians(5) + 1e-12


def test_a_way_straight_up_has_no_heading():
    assert with_headings([(0, 0, 0), (0, 0, 3)])[1].tolist() == [0, 0]
