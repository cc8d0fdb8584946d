"""Every fence counts: in groups and inside instances too; what is no solid is told."""

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from twin.data import share_folder
from twin.physics.clearance import gaps
from twin.physics.mover import Still
from twin.physics.solids import Solid, Solids
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


def labelled(shape):
    prim = shape.GetPrim()
    prim.ApplyAPI("SemanticsLabelsAPI", "category")
    prim.GetAttribute(LABEL).Set(["fence"])
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


SHAPES = {  # and the least volume that holds it [m3]
    "Cube": ({"size": 2.0}, 8.0),
    "Sphere": ({"radius": 1.0}, 4 / 3 * np.pi),
    "Cylinder": ({"radius": 1.0, "height": 2.0, "axis": "X"}, 2 * np.pi),
    "Cone": ({"radius": 1.0, "height": 3.0, "axis": "Y"}, np.pi),
    "Capsule": ({"radius": 1.0, "height": 2.0, "axis": "Z"}, 2 * np.pi + 4 / 3 * np.pi),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_fence_of_any_solid_stands_and_no_smaller_than_it_is(stage, name):
    values, volume = SHAPES[name]
    prim = labelled(UsdGeom.Imageable(stage.DefinePrim("/Fence", name)))
    for key, value in values.items():
        prim.GetAttribute(key).Set(value)
    shapes = read(stage)
    assert [each.path for each in shapes.standing] == ["/Fence"]
    a, b, c = np.moveaxis(shapes.solids[0].triangles, 1, 0)
    held = np.einsum("nx,nx->", a, np.cross(b, c)) / 6
    assert volume * (1 - 1e-9) <= held < 1.06 * volume
    low, high = shapes.solids[0].triangles.reshape(-1, 3).min(0), shapes.solids[0].triangles.max()
    reach = 2.0 if name == "Capsule" else max(values.get("height", 2.0) / 2, 1.0)
    assert reach <= -low.min() + 1e-9
    assert high < 1.1 * reach


def test_a_stretched_cube_is_as_large_as_it_looks(stage):
    cube = UsdGeom.Cube.Define(stage, "/Fence")
    labelled(cube)
    cube.AddTranslateOp().Set((5.0, 0.0, 0.0))
    cube.AddScaleOp().Set((1.0, 0.05, 0.5))
    shapes = read(stage)
    corners = shapes.solids[0].triangles.reshape(-1, 3)
    assert np.ptp(corners, axis=0).tolist() == pytest.approx([2.0, 0.1, 1.0])
    assert shapes.standing[0].frame[0, 3] == 5.0


def test_a_plane_is_a_fence_and_a_curve_beside_it_is_told(stage):
    group = labelled(UsdGeom.Xform.Define(stage, "/Loop"))
    UsdGeom.Plane.Define(stage, "/Loop/Wall")
    UsdGeom.BasisCurves.Define(stage, "/Loop/Rope")
    plant, shapes = Plant(places=()), read(stage)
    assert [each.path for each in shapes.standing] == [str(group.GetPath())]
    assert "fences and other things without meshes: /Loop/Rope" in unseen(plant, shapes)


def test_a_closed_loop_of_walls_is_clear_of_what_stands_within_and_touches_what_crosses(stage):
    labelled(UsdGeom.Xform.Define(stage, "/Loop"))
    for k, (x, y) in enumerate([(2.0, 0.0), (0.0, 2.0), (-2.0, 0.0), (0.0, -2.0)]):
        wall = UsdGeom.Cube.Define(stage, f"/Loop/Wall_{k}")
        wall.AddTranslateOp().Set((x, y, 1.0))
        wall.AddScaleOp().Set((0.05 if x else 2.05, 0.05 if y else 2.05, 1.0))
    shapes = read(stage)
    box = np.array([[0.0, 0, 0], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]])
    faces = box[[[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]]
    solids = Solids.build([*shapes.solids, Solid(path="/Box", triangles=faces)])
    loop, places = shapes.standing[0], np.tile(np.eye(4), (2, 1, 1, 1))
    places[1, 0, 0, 3] = 1.7  # through the wall
    found = []
    for placed in places:
        one, other = (
            Still(solids=np.array([row]), reaches=np.array([solids.each[row].reach]), placed=at)
            for row, at in ((loop.solid, loop.frame[None]), (len(solids.each) - 1, placed))
        )
        found.append(gaps(solids, one, other, np.zeros(1, np.int64), most=3.0)[0])
    assert found[0] == pytest.approx(1.45, abs=0.001)
    assert found[1] == 0.0
