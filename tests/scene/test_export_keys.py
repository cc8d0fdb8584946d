"""Choosing keys: how few, how exact, and how pieces of curves join."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pxr import Gf

from twin.motion import SEGMENT, Paths, Polyline
from twin.motion.frame import about
from twin.scene.export.channel import Channel, Clock, Steps
from twin.scene.export.keys import Curve, Grid, angle_between, fit, slerp
from twin.scene.export.part_curves import PartCurves

CLOCK = Clock(60.0)
NOW = np.zeros(1)


def at(*xyz: float) -> Curve:
    return Curve(time=NOW, value=np.array([xyz]))


def circle(radius: float, speed: float) -> tuple[Grid, np.ndarray]:
    step = Grid.step(1e-3, np.array([speed**2 / radius]))
    grid = Grid.build(np.array([0.0, 2.0]), step)
    angle = grid.time * speed / radius
    return grid, np.column_stack([radius * np.cos(angle), radius * np.sin(angle), 0 * angle])


def test_a_straight_way_at_even_speed_needs_two_keys():
    grid = Grid.build(np.array([0.0, 5.0]), np.array([0.01]))
    curve = fit(grid, grid.time[:, None] * [0.3, -0.2, 0.1], 1e-3)
    assert curve.time.tolist() == [0.0, 5.0]


def test_a_circle_has_about_as_many_keys_as_its_curvature_asks():
    grid, xyz = circle(radius=1.0, speed=1.5)
    needed = 2.0 / np.sqrt(8 * 1e-3 / 1.5**2)  # an even acceleration leaves no choice
    assert needed < len(fit(grid, xyz, 1e-3).time) < 1.2 * needed


def test_a_steady_turn_needs_keys_only_less_than_half_a_turn_apart():
    grid = Grid.build(np.array([0.0, 1.0]), np.array([0.01]))
    curve = fit(grid, about([0.6, 0.0, 0.8], 2.5 * grid.time), 1e-3)
    assert len(curve.time) == 2


@given(st.floats(0.2, 3.0), st.floats(0.1, 4.0), st.floats(0.0, 2.0))
def test_the_bound_holds_between_samples_too(radius: float, speed: float, time: float):
    grid, xyz = circle(radius, speed)
    angle = time * speed / radius
    exact = [radius * np.cos(angle), radius * np.sin(angle), 0.0]
    shown = fit(grid, xyz, 1e-3).at(np.array([time]))[0]
    assert np.linalg.norm(shown - exact) <= 1e-3


@given(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0), st.floats(0.0, 1.0))
def test_turns_are_blended_as_usd_blends_them(first: float, second: float, weight: float):
    a, b = about([1.0, 0.0, 0.0], first), about([0.0, 0.6, 0.8], second)
    if abs(a @ b) < 1e-6:
        return  # both ways are equally long
    usd = Gf.Slerp(weight, Gf.Quatd(*a.tolist()), Gf.Quatd(*b.tolist()))
    theirs = np.array([usd.GetReal(), *usd.GetImaginary()])
    ours = slerp(a[None], b[None], np.array([weight]))
    assert angle_between(ours, theirs[None])[0] < 1e-4  # USD goes straight where turns are tiny


def test_a_piece_of_a_curve_is_the_curve():
    grid, xyz = circle(radius=1.0, speed=1.5)
    curve = fit(grid, xyz, 1e-3)
    piece = curve.piece(0.4321, 1.2345)
    time = np.linspace(0.4321, 1.2345, 500)
    assert (piece.time[0], piece.time[-1]) == (0.4321, 1.2345)
    assert np.abs(piece.at(time) - curve.at(time)).max() < 1e-12


def test_a_piece_without_length_is_one_key():
    curve = Curve(time=np.array([0.0, 1.0]), value=np.array([[0.0, 0, 0], [2.0, 0, 0]]))
    assert curve.piece(0.25, 0.25).value.tolist() == [[0.5, 0.0, 0.0]]


def test_what_rests_has_no_keys_in_between():
    channel = Channel(CLOCK)
    for tick in (0, 1_000_000, 2_000_000):
        channel.place(at(1.0, 2.0, 3.0), tick)
    assert channel.samples()[0].tolist() == [0.0]


def test_a_jump_takes_one_tick():
    channel = Channel(CLOCK)
    channel.place(at(0.0, 0.0, 0.0), 0)
    channel.place(at(5.0, 0.0, 0.0), 1_000_000)
    codes, values = channel.samples()
    assert codes.tolist() == [0.0, 999_999 * 60 / 1e6, 60.0]
    assert values[:, 0].tolist() == [0.0, 0.0, 5.0]


def test_a_jump_right_after_a_move_ends_the_move_one_tick_earlier():
    channel = Channel(CLOCK)
    move = Curve(time=np.array([0.0, 1.0]), value=np.array([[0.0, 0, 0], [2.0, 0, 0]]))
    channel.place(move, 0)
    channel.place(at(5.0, 0.0, 0.0), 1_000_000)
    codes, values = channel.samples()
    assert codes.tolist() == pytest.approx([0.0, 999_999 * 60 / 1e6, 60.0], abs=1e-9)
    assert values[:, 0].tolist() == [0.0, 2.0, 5.0]


def test_an_orientation_joins_on_the_side_where_it_was():
    channel = Channel(CLOCK)
    channel.place(Curve(time=NOW, value=np.array([[1.0, 0.0, 0.0, 0.0]])), 0)
    turn = -about([0.0, 0.0, 1.0], np.array([0.0, 0.5]))
    channel.place(Curve(time=np.array([0.0, 1.0]), value=turn), 500_000)
    codes, values = channel.samples()
    assert codes.tolist() == [0.0, 30.0, 90.0]
    assert (values[:, 0] > 0.9).all()


def test_a_step_that_changes_nothing_is_left_out():
    steps = Steps(CLOCK)
    for value, tick in (("a", 0), ("b", 10), ("a", 10), ("a", 20), ("c", 30)):
        steps.put(value, tick)
    assert list(steps.items()) == [(0, "a"), (30, "c")]


def test_a_part_that_passes_a_corner_and_turns_keeps_the_bounds():
    quarter = about([0.0, 0.0, 1.0], np.pi / 2)
    turns = [[1.0, 0, 0, 0], [1.0, 0, 0, 0], quarter]
    corners = [[0.0, 0, 0], [2.0, 0, 0], [2.0, 3.0, 0]]
    paths = Paths.build([Polyline(xyz=corners, wxyz=turns)])
    segment = np.zeros(1, SEGMENT)
    segment["duration"], segment["end"], segment["ramp"], segment["jerk"] = 4_000_000, 4.5, 0.8, 0.3
    curves = PartCurves(paths, 1e-3, 1e-3)
    xyz, wxyz = curves.of(segment)
    time = np.linspace(0, 4, 20_001)
    exact = paths.pose(np.zeros(len(time), int), curves._s(segment, time))
    assert np.linalg.norm(xyz.at(time) - exact[0], axis=1).max() <= 1e-3
    assert angle_between(wxyz.at(time), exact[1]).max() <= 1e-3
    assert len(xyz.time) < 60
