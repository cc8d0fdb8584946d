"""CAD files as assets: the same triangles in metres with Z up, and refusals by name."""

import numpy as np
import pytest
import trimesh
from pxr import Usd, UsdGeom, UsdPhysics

from twin.errors import CommandError, SceneError
from twin.scene.part import ENDINGS, import_part


def box(folder, ending=".stl", extents=(200.0, 100.0, 50.0)):
    file = folder / f"bracket{ending}"
    trimesh.creation.box(extents=extents).export(file)
    return file


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_part_keeps_its_shape_in_every_format(tmp_path, ending):
    done = import_part(box(tmp_path, ending), tmp_path / "out", unit="mm")
    assert done.size == pytest.approx((0.2, 0.1, 0.05), abs=1e-6)
    assert done.triangles == 12
    assert not done.notes


def test_y_up_becomes_z_up(tmp_path):
    done = import_part(box(tmp_path), tmp_path / "out", unit="mm", up="Y")
    assert done.size == pytest.approx((0.2, 0.05, 0.1), abs=1e-6)


def test_an_asset_has_what_a_scene_and_physics_need(tmp_path):
    done = import_part(box(tmp_path), tmp_path / "out", unit="mm")
    stage = Usd.Stage.Open(str(done.asset))
    assert stage.GetDefaultPrim().GetPath() == "/bracket"
    assert (UsdGeom.GetStageMetersPerUnit(stage), UsdGeom.GetStageUpAxis(stage)) == (1.0, "Z")
    (mesh,) = [each for each in stage.Traverse() if each.IsA(UsdGeom.Mesh)]
    assert mesh.HasAPI(UsdPhysics.CollisionAPI)
    points = np.array(UsdGeom.Mesh(mesh).GetPointsAttr().Get())
    assert np.abs(points).max(axis=0) == pytest.approx((0.1, 0.05, 0.025))


def test_a_size_that_no_part_has_is_noted(tmp_path):
    (note,) = import_part(box(tmp_path), tmp_path / "out").notes
    assert "bracket.stl is 200 x 100 x 50 m: give its unit with --unit" in str(note)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.step", b"ISO-10303-21;", "must end in .stl, .obj"),
        ("a.stl", b"", "must be a readable mesh"),
        ("a.obj", b"v 0 0 0\n", "must be a readable mesh"),
        ("a.dae", b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>', "must be a readable mesh"),
        ("a.glb", b"glTF\x02\x00\x00\x00\xff\xff\xff\x7f", "must be a readable mesh"),
    ],
)
def test_what_is_no_mesh_is_refused(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SceneError, match=message):
        import_part(tmp_path / name, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_unit_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(CommandError, match="'ft' must be one of m, cm, mm, in"):
        import_part(box(tmp_path), tmp_path / "out", unit="ft")
