"""Value clips and point instancers: what a player shows, compared with the poses of the run."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pxr import Sdf, UsdGeom, UsdValidation

from tests.scene import test_export_motion as motion
from tests.scene.export_line import write_line
from twin.motion.frame import pose_from
from twin.scene import check_scene, open_stage, read_plant
from twin.scene.export import Motion, Options, PartForm, flow
from twin.scene.export.keys import angle_between
from twin.units import to_ticks

END = to_ticks(120.0)
BOTH = Options(motion=Motion.CLIPS, parts=PartForm.INSTANCER)
FINE = {"position_error": 1e-5, "angle_error": np.radians(0.01)}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Two minutes of the small line as value clips, with its parts in stretches of 35 s."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "STRETCH", to_ticks(35.0))
        return motion.play(write_line(tmp_path_factory.mktemp("line")), END, options=BOTH)


def instancer(played: SimpleNamespace) -> UsdGeom.PointInstancer:
    path = played.stage.GetDefaultPrim().GetPath().AppendPath("MaterialFlow/Parts")
    return UsdGeom.PointInstancer(played.stage.GetPrimAtPath(path))


def shown(parts: UsdGeom.PointInstancer, tick: int) -> dict[int, tuple[str, np.ndarray]]:
    """By serial number of each visible instance: the name of what is seen, and its frame."""
    code = motion.code(tick)
    ids = parts.GetIdsAttr().Get(code)
    names = [path.name for path in parts.GetPrototypesRel().GetTargets()]
    kinds = parts.GetProtoIndicesAttr().Get(code)
    frames = parts.ComputeInstanceTransformsAtTime(
        code, code, UsdGeom.PointInstancer.IncludeProtoXform, UsdGeom.PointInstancer.IgnoreMask
    )
    hidden = set(parts.GetInvisibleIdsAttr().Get(code))
    assert len(ids) == len(kinds) == len(frames)
    rows = [row for row, each in enumerate(ids) if each not in hidden]
    return {ids[row]: (names[kinds[row]], np.array(frames[row]).T) for row in rows}


def assert_flow_within(played: SimpleNamespace, count: int, metres: float, radians: float):
    parts, looks = instancer(played), played.journal.layout.looks
    for tick in motion.ticks_to_look(played.journal, count):
        poses, seen = played.journal.poses(tick), shown(parts, tick)
        assert sorted(seen) == poses.serial.tolist(), tick
        for i, serial in enumerate(poses.serial.tolist()):
            name, frame = seen[serial]
            xyz, wxyz = pose_from(frame)
            assert name == "_".join(looks[poses.look[i]])
            assert np.linalg.norm(xyz - poses.xyz[i]) <= metres, (tick, serial)
            assert angle_between(wxyz[None], poses.wxyz[i][None])[0] <= radians, (tick, serial)


def test_links_played_by_clips_stay_within_the_bounds_at_any_time(played: SimpleNamespace):
    motion.assert_links_within_bounds(played, motion.ticks_to_look(played.journal, 60))


def test_links_played_by_clips_stay_within_the_bounds_while_robots_brake(played: SimpleNamespace):
    motion.assert_links_brake_within_bounds(played)


def test_instances_stay_within_the_bounds_at_any_time(played: SimpleNamespace):
    assert_flow_within(played, 100, motion.METRES, motion.RADIANS)


def test_a_part_that_comes_at_the_last_tick_is_seen_then(tmp_path: Path):
    scene = write_line(tmp_path)
    options = Options(parts=PartForm.INSTANCER)
    played = motion.play(scene, to_ticks(18.0), options=options)  # a part comes every 9 s
    first = played.journal.segments["tick"][played.journal.segments["part"] == 2]
    end = int(first[0])
    played = motion.play(scene, end, options=options)
    assert sorted(shown(instancer(played), end)) == played.journal.poses(end).serial.tolist()


def test_no_instance_is_shown_on_its_way_to_where_it_is_not(played: SimpleNamespace):
    edges = np.arange(1, 4) * to_ticks(35.0)
    parts = instancer(played)
    for tick in (edges[:, None] + [-2, -1, 0, 1, 2]).ravel().tolist():
        assert sorted(shown(parts, tick)) == played.journal.poses(tick).serial.tolist()


def test_clips_have_no_errors_by_all_validators_of_usd(played: SimpleNamespace):
    registry = UsdValidation.ValidationRegistry()
    context = UsdValidation.ValidationContext(registry.GetOrLoadAllValidators())
    found = [(e.GetIdentifier(), e.GetMessage()) for e in context.Validate(played.stage)]
    assert found == []
    assert played.stage.GetCompositionErrors() == []


def test_a_plant_played_by_clips_is_the_same_plant(played: SimpleNamespace):
    root = played.summary.root
    assert read_plant(open_stage(root)).digest == played.journal.plant.digest
    assert check_scene(root) == []


def test_clips_hold_each_program_once(played: SimpleNamespace):
    clip = Sdf.Layer.FindOrOpen(str(played.summary.root.parent / "clips" / "robots.usdc"))
    path = "/Line/Weld/Robot_1/link_6.xformOp:orient"
    samples = clip.GetNumTimeSamplesForPath(path)
    assert 0 < samples < len(played.stage.GetAttributeAtPath(path).GetTimeSamples()) / 2


def test_the_finer_bounds_are_kept_too(tmp_path: Path):
    options = Options(motion=Motion.CLIPS, parts=PartForm.INSTANCER, **FINE)
    scene = write_line(tmp_path)
    played = motion.play(scene, to_ticks(30.0), options=options)
    ticks = motion.ticks_to_look(played.journal, 20)
    motion.assert_links_within_bounds(played, ticks, 1e-5, np.radians(0.01))
    assert_flow_within(played, 20, 1e-5, np.radians(0.01))


def test_a_long_run_is_played_by_clips_unless_asked_otherwise():
    assert Options().clips(to_ticks(3600.0))
    assert not Options().clips(to_ticks(600.0))
    assert not Options(motion=Motion.SAMPLES).clips(to_ticks(3600.0))
    assert not Options(flatten=True).clips(to_ticks(3600.0))


def test_many_parts_are_instances_unless_asked_otherwise():
    assert Options().instancer(5000)
    assert not Options().instancer(50)
    assert not Options(parts=PartForm.PRIMS).instancer(5000)
