"""Every fence counts: in groups and inside instances too; what has no mesh is told."""

import pytest
from pxr import Usd, UsdGeom

from twin.data import share_folder
from twin.plant import Plant
from twin.report.unseen import unseen
from twin.scene.solids import read_shapes

PANEL = share_folder() / "assets" / "safety" / "fence_panel" / "fence_panel.usda"
LABEL = "semantics:labels:category"


def panel(stage, path, x=0.0):
    prim = stage.DefinePrim(path, "Xform")
    prim.GetReferences().AddReference(str(PANEL))
    UsdGeom.Xformable(prim).AddTranslateOp().Set((x, 0.0, 0.0))
    return prim


@pytest.fixture
def stage():
    return Usd.Stage.CreateInMemory()


def read(stage):
    return read_shapes(stage, Plant(places=()))


def test_panels_inside_of_instances_stand_where_their_instances_do(stage):
    cell = stage.CreateClassPrim("/Cell")
    panel(stage, "/Cell/Fences/One", 1.0)
    for name, x in (("A", 10.0), ("B", 20.0)):
        prim = stage.DefinePrim(f"/Hall/{name}", "Xform")
        prim.GetReferences().AddInternalReference(cell.GetPath())
        prim.SetInstanceable(True)  # noqa: FBT003
        UsdGeom.Xformable(prim).AddTranslateOp().Set((x, 0.0, 0.0))
    found = {each.path: each.frame[0, 3] for each in read(stage).standing}
    assert found == {"/Hall/A/Fences/One": 11.0, "/Hall/B/Fences/One": 21.0}


def test_a_group_that_is_labelled_as_a_whole_is_one_fence(stage):
    group = UsdGeom.Xform.Define(stage, "/Loop").GetPrim()
    group.ApplyAPI("SemanticsLabelsAPI", "category")
    group.GetAttribute(LABEL).Set(["fence"])
    for k in range(3):
        panel(stage, f"/Loop/Panel_{k}", 2.0 * k)
    shapes = read(stage)
    assert [each.path for each in shapes.standing] == ["/Loop"]
    x = shapes.solids[shapes.standing[0].solid].triangles[..., 0]
    assert x.max() - x.min() > 5.9


def test_hidden_fences_stand_nowhere(stage):
    UsdGeom.Xform.Define(stage, "/Hidden").MakeInvisible()
    panel(stage, "/Hidden/Fences/One")
    assert read(stage).standing == ()


def test_a_fence_without_a_mesh_is_told(stage):
    line = UsdGeom.BasisCurves.Define(stage, "/Line").GetPrim()
    line.ApplyAPI("SemanticsLabelsAPI", "category")
    line.GetAttribute(LABEL).Set(["fence"])
    plant, shapes = Plant(places=()), read(stage)
    assert shapes.standing == ()
    assert "fences and other things without meshes: /Line" in unseen(plant, shapes)
