"""Three minutes of the bundled body shop, exported: sixty robots and its real looks."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from pxr import UsdValidation

from tests.scene import test_export_forms as forms
from tests.scene import test_export_motion as motion
from twin.scene import check_scene, open_stage, read_plant
from twin.scene.export import Motion, Options, PartForm
from twin.units import to_ticks


@pytest.fixture(scope="module")
def played(body_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    return motion.play(body_shop, to_ticks(180.0), tmp_path_factory.mktemp("shop") / "out")


def test_every_link_and_part_stays_within_the_bounds(played: SimpleNamespace):
    assert (played.summary.robots, played.summary.links) == (60, 360)
    motion.assert_links_within_bounds(played, motion.ticks_to_look(played.journal, 8))
    motion.assert_parts_within_bounds(played, 40)


def test_the_export_has_no_errors_by_all_validators_of_usd(played: SimpleNamespace):
    registry = UsdValidation.ValidationRegistry()
    context = UsdValidation.ValidationContext(registry.GetOrLoadAllValidators())
    found = [(e.GetIdentifier(), e.GetMessage()) for e in context.Validate(played.stage)]
    assert found == []


def test_the_exported_plant_is_the_same_sound_plant(played: SimpleNamespace):
    root = played.summary.root
    assert read_plant(open_stage(root)).digest == played.journal.plant.digest
    assert check_scene(root) == []


def test_keys_are_far_fewer_than_one_a_frame(played: SimpleNamespace):
    assert played.summary.keys < played.summary.dense_keys / 10


def test_clips_and_instances_of_the_body_shop_stay_within_the_bounds(
    body_shop: Path, tmp_path: Path
):
    options = Options(motion=Motion.CLIPS, parts=PartForm.INSTANCER)
    played = motion.play(body_shop, to_ticks(180.0), tmp_path / "out", options)
    motion.assert_links_within_bounds(played, motion.ticks_to_look(played.journal, 6))
    forms.assert_flow_within(played, 25, motion.METRES, motion.RADIANS)
    assert read_plant(open_stage(played.summary.root)).digest == played.journal.plant.digest
