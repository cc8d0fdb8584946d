"""Frames are the poses, in memory that is there: compiled, interpreted and in NumPy."""

from pathlib import Path

import numpy as np
import pytest

from tests.engine.lines import little_shop
from twin.engine.frames import Frames
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.motion import link_poses
from twin.scene import load
from twin.units import to_ticks

SCENES = Path(__file__).parents[2] / "scenes"


def in_sight(frames):
    rows = np.flatnonzero(frames.serial)
    return rows[np.argsort(frames.serial[rows])]


def assert_same(frames, poses):
    rows = in_sight(frames)
    assert frames.tick == poses.tick
    np.testing.assert_array_equal(frames.serial[rows], poses.serial)
    np.testing.assert_array_equal(frames.look[rows], poses.look)
    np.testing.assert_allclose(frames.xyz[rows], poses.xyz, rtol=0, atol=1e-12)
    np.testing.assert_allclose(frames.wxyz[rows], poses.wxyz, rtol=0, atol=1e-12)
    np.testing.assert_allclose(frames.joints, poses.joints, rtol=0, atol=1e-12)
    exact = poses.link_frames()[..., :3, :]
    np.testing.assert_allclose(frames.links, exact, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["body_shop", "cell_factory", "general_assembly"])
def test_frames_are_the_poses_of_a_scene(name):
    run = Simulation(load(SCENES / name / f"{name}.usda"), seed=3, motion=True)
    frames = run.frames()
    for second in (*np.arange(0, 20, 0.31), *np.arange(900, 1200, 17.03)):
        run.advance(to_ticks(second))
        assert run.frames(frames) is frames
        assert_same(frames, run.poses())


def test_the_interpreted_kernel_writes_the_same_bits():
    run = Simulation(little_shop(), seed=2, motion=True)
    compiled, interpreted = Frames(run.layout), Frames(run.layout)
    for tick in range(0, to_ticks(60.0), 370_003):
        run.advance(tick)
        assert compiled.look_at(run.world)
        assert interpreted.look_at(run.world, interpreted=True)
        for name in ("serial", "look", "xyz", "wxyz", "joints", "links"):
            assert getattr(compiled, name).tobytes() == getattr(interpreted, name).tobytes(), name


def test_links_are_those_of_link_poses_bit_for_bit():
    run = Simulation(load(SCENES / "cell_factory" / "cell_factory.usda"), motion=True)
    run.advance(to_ticks(100.0))
    frames, layout = run.frames(), run.layout
    exact = link_poses(layout.arms, layout.arm_row, frames.joints, layout.bases)
    np.testing.assert_array_equal(frames.links, exact)


def test_frames_follow_the_plant_as_it_grows_and_as_it_goes_back():
    run = Simulation(little_shop(), seed=2, motion=True)
    frames, begin = run.frames(), run.snapshot()
    run.advance(to_ticks(120.0))
    assert_same(run.frames(frames), run.poses())
    run.restore(begin)
    assert_same(run.frames(frames), run.poses())


def test_nothing_is_made_anew_from_frame_to_frame():
    run = Simulation(little_shop(), motion=True)
    frames = run.frames()
    names = ("serial", "look", "xyz", "wxyz", "joints", "links")
    before = [getattr(frames, name) for name in names]
    run.advance(to_ticks(30.0))
    run.frames(frames)
    assert all(getattr(frames, name) is was for name, was in zip(names, before, strict=True))


def test_single_precision_rounds_the_links_only():
    run = Simulation(little_shop(), motion=True)
    run.advance(to_ticks(30.0))
    single, double = Frames(run.layout, precision=np.float32), run.frames()
    assert single.look_at(run.world)
    np.testing.assert_array_equal(single.links, double.links.astype(np.float32))


def test_frames_ahead_of_the_next_event_are_refused():
    run = Simulation(little_shop(), motion=True)
    run.advance(to_ticks(30.0))
    frames = run.frames()
    with pytest.raises(CommandError, match="poses are known from"):
        run.frames(frames, at=run.now + to_ticks(1000.0))
    with pytest.raises(CommandError, match="poses are known from"):
        run.frames(frames, at=run.now - 1)
    with pytest.raises(CommandError, match="no motion"):
        Simulation(little_shop()).frames()
