"""Splines: what USD says between knots, compared with the joints and poses of the run."""

from types import SimpleNamespace

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from tests.scene import test_export_motion as motion
from tests.scene.export_line import write_line
from twin.scene import check_scene, load
from twin.scene.export import Motion, Options, PartForm
from twin.scene.export.cubics import cubics
from twin.units import to_ticks

EXACT = 1e-6  # [m] or [degrees]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    options = Options(motion=Motion.SPLINES, parts=PartForm.PRIMS)
    scene = write_line(tmp_path_factory.mktemp("line"))
    return motion.play(scene, to_ticks(120.0), options=options)


def test_parts_are_exactly_where_the_run_has_them(played: SimpleNamespace):
    for tick in motion.ticks_to_look(played.journal, 100):
        poses, shown = played.journal.poses(tick), motion.parts_shown(played, tick)
        assert sorted(shown) == poses.serial.tolist()
        cache = UsdGeom.XformCache(motion.code(tick))
        for serial, xyz in zip(poses.serial.tolist(), poses.xyz, strict=True):
            off = motion.frame(cache, shown[serial])[:3, 3] - xyz
            assert np.linalg.norm(off) < EXACT, (tick, serial)


def test_joints_are_exactly_where_the_run_has_them(played: SimpleNamespace):
    robots = played.journal.plant.robots
    paths = [f"{robot.path}/joints/joint_{i}" for robot in robots for i in range(1, 7)]
    joints = [played.stage.GetPrimAtPath(path).GetAttribute("run:position") for path in paths]
    assert all(joint.HasSpline() for joint in joints)
    for tick in motion.ticks_to_look(played.journal, 100):
        exact = np.degrees(played.journal.poses(tick).joints).ravel()
        said = np.array([joint.Get(motion.code(tick)) for joint in joints])
        assert np.abs(said - exact).max() < EXACT, tick


def test_links_and_the_plant_are_as_without_splines(played: SimpleNamespace):
    motion.assert_links_within_bounds(played, motion.ticks_to_look(played.journal, 10))
    assert load(played.summary.root).digest == played.journal.plant.digest
    assert check_scene(played.summary.root) == []
    assert Usd.Stage.Open(str(played.summary.root)).GetCompositionErrors() == []


def test_a_cubic_needs_one_piece_and_anything_else_as_many_as_it_takes():
    breaks = np.array([0.0, 2.0])
    one = cubics(lambda t: (t**3 - t)[:, None], breaks, 1e-9)
    assert one.time.tolist() == [0.0, 2.0]
    assert one.slope[1][0, 0] == pytest.approx(11.0, abs=1e-5)
    many = cubics(lambda t: np.sin(5 * t)[:, None], breaks, 1e-6)
    assert 8 < len(many.time) < 200
