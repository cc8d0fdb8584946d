"""Every asset is a clean USD package that fits its neighbours, and rebuilding repeats it."""

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
from pxr import Usd, UsdGeom, UsdPhysics, UsdShade, UsdValidation

ASSETS = Path(__file__).resolve().parents[2] / "assets"
PACKAGES = sorted(ASSETS.glob("*/*/simready_usd/*.usda"))

each_package = pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.stem)


def selections(stage):
    """Select every variant of every set in turn."""
    sets = stage.GetDefaultPrim().GetVariantSets()
    yield stage
    for name in sets.GetNames():
        for choice in sets.GetVariantSet(name).GetVariantNames():
            sets.GetVariantSet(name).SetVariantSelection(choice)
            yield stage


def meshes(stage):
    """All meshes that are seen; colliders are guides."""
    everything = Usd.PrimRange(stage.GetDefaultPrim(), Usd.TraverseInstanceProxies())
    found = [UsdGeom.Mesh(prim) for prim in everything if prim.IsA(UsdGeom.Mesh)]
    return [mesh for mesh in found if mesh.ComputePurpose() != "guide"]


def read(mesh):
    """The arrays that make the shape."""
    return {
        "points": np.array(mesh.GetPointsAttr().Get(), float),
        "faces": np.array(mesh.GetFaceVertexIndicesAttr().Get()).reshape(-1, 3),
        "normals": np.array(mesh.GetNormalsAttr().Get(), float).reshape(-1, 3, 3),
        "st": np.array(UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st").ComputeFlattened()),
        "closed": mesh.GetPrim().GetCustomDataByKey("closed"),
    }


def shapes(path):
    """The shape of every mesh of every variant, by prim path."""
    stage = Usd.Stage.Open(str(path))
    found = {}
    for _ in selections(stage):
        for mesh in meshes(stage):
            where = str(mesh.GetPath())
            if where not in found:
                found[where] = read(mesh)
    return found


def crosses(shape):
    a, b, c = (shape["points"][shape["faces"][:, k]] for k in range(3))
    return np.cross(b - a, c - a)


def test_the_catalogue_is_what_lies_on_disk():
    catalogue = pytest.importorskip("assets.author.catalogue", reason="needs shapely")
    assert sorted(catalogue.NAMES) == sorted(path.stem for path in PACKAGES)


@each_package
def test_no_validator_of_usd_core_finds_anything(path):
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    context = UsdValidation.ValidationContext(validators)
    for stage in selections(Usd.Stage.Open(str(path))):
        found = [(e.GetIdentifier(), e.GetMessage()) for e in context.Validate(stage)]
        assert found == []


@each_package
def test_the_root_tells_units_kind_and_size(path):
    stage = Usd.Stage.Open(str(path))
    root = stage.GetDefaultPrim()
    assert UsdGeom.GetStageUpAxis(stage) == "Z"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert UsdPhysics.GetStageKilogramsPerUnit(stage) == 1.0
    assert Usd.ModelAPI(root).GetKind() == "component"
    assert Usd.ModelAPI(root).GetAssetName() == path.stem
    assert root.GetDocumentation()
    hints = np.array(UsdGeom.ModelAPI(root).GetExtentsHintAttr().Get())
    box = UsdGeom.BBoxCache(0, ["default"]).ComputeWorldBound(root).ComputeAlignedRange()
    np.testing.assert_allclose(hints[0], box.GetMin(), atol=1e-5)
    np.testing.assert_allclose(hints[1], box.GetMax(), atol=1e-5)


@each_package
def test_geometry_waits_behind_payloads(path):
    stage = Usd.Stage.Open(str(path), Usd.Stage.LoadNone)
    assert meshes(stage) == []
    stage.Load()
    assert len(meshes(stage)) > 0


@each_package
def test_meshes_have_normals_extent_texture_coordinates_and_a_surface(path):
    stage = Usd.Stage.Open(str(path))
    for _ in selections(stage):
        for mesh in meshes(stage):
            points = np.array(mesh.GetPointsAttr().Get())
            corners = len(mesh.GetFaceVertexIndicesAttr().Get())
            normals = np.array(mesh.GetNormalsAttr().Get())
            st = UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st")
            assert set(mesh.GetFaceVertexCountsAttr().Get()) == {3}
            assert mesh.GetSubdivisionSchemeAttr().Get() == "none"
            assert mesh.GetNormalsInterpolation() == st.GetInterpolation() == "faceVarying"
            np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-5)
            assert st.IsIndexed()
            assert len(st.GetIndices()) == len(normals) == corners
            extent = [points.min(0), points.max(0)]
            np.testing.assert_array_equal(mesh.GetExtentAttr().Get(), extent)
            material, _ = UsdShade.MaterialBindingAPI(mesh).ComputeBoundMaterial()
            surface, *_ = material.ComputeSurfaceSource()
            assert surface.GetIdAttr().Get() == "UsdPreviewSurface"


@each_package
def test_no_face_is_degenerate_and_normals_agree_with_winding(path):
    for where, shape in shapes(path).items():
        cross = crosses(shape)
        assert np.linalg.norm(cross, axis=1).min() / 2 > 5e-10, where  # m2
        assert (np.einsum("fk,fck->fc", cross, shape["normals"]) > 0).mean() > 0.999, where


@each_package
def test_meshes_that_claim_to_be_closed_are_closed_and_face_outward(path):
    claims = {where: shape for where, shape in shapes(path).items() if shape["closed"]}
    assert claims
    for where, shape in claims.items():
        faces = shape["faces"]
        edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
        walked = np.unique(edges, axis=0)
        assert len(walked) == len(edges), where
        np.testing.assert_array_equal(walked, np.unique(edges[:, ::-1], axis=0))
        corner = shape["points"][faces[:, 0]]
        assert np.einsum("fk,fk->", corner, crosses(shape)) > 0, where


def pieces(faces, count):
    """The number of the connected piece that each face belongs to."""
    a, b = faces[:, [0, 1]].ravel(), faces[:, [1, 2]].ravel()
    links = scipy.sparse.coo_array((np.ones(len(a)), (a, b)), shape=(count, count))
    return scipy.sparse.csgraph.connected_components(links, directed=False)[1][faces[:, 0]]


@each_package
def test_every_closed_piece_of_a_mesh_faces_outward(path):
    for where, shape in shapes(path).items():
        faces, points = shape["faces"], shape["points"]
        label = pieces(faces, len(points))
        edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
        balance = scipy.sparse.coo_array((np.ones(len(edges)), edges.T), shape=2 * [len(points)])
        loose = set((balance - balance.T).tocoo().coords[0].tolist())
        is_open = np.isin(faces, list(loose)).any(axis=1)
        middle = np.zeros((label.max() + 1, 3))
        np.add.at(middle, label, points[faces].mean(axis=1))
        middle /= np.bincount(label)[:, None]
        volume = np.einsum("fk,fk->f", points[faces[:, 0]] - middle[label], crosses(shape))
        closed = np.bincount(label, is_open) == 0
        assert (np.bincount(label, volume)[closed] > 0).all(), where


def test_the_gun_says_where_its_fixed_electrode_is():
    path = ASSETS / "tools" / "weld_gun" / "weld_gun.usda"
    stage = Usd.Stage.Open(str(path))
    tool = UsdGeom.Xformable(stage.GetPrimAtPath("/WeldGun/tcp")).GetLocalTransformation()
    x, y, z = tool.ExtractTranslation()
    points = shapes(path)["/WeldGun/geometry/copper"]["points"]
    tip = points[(np.hypot(points[:, 0] - x, points[:, 1] - y) < 0.008) & (points[:, 2] < z + 0.03)]
    assert tip[:, 2].max() == pytest.approx(z, abs=1e-5)
    assert (x, y, z) == (0.62, 0.0, -0.12)


@pytest.mark.parametrize("name", ["sedan", "suv", "crossover"])
def test_a_body_grows_from_underbody_to_complete(name):
    stage = Usd.Stage.Open(str(ASSETS / "bodies" / name / f"{name}.usda"))
    build = stage.GetDefaultPrim().GetVariantSet("build")
    counts = []
    for choice in ("underbody", "framed", "complete"):
        build.SetVariantSelection(choice)
        counts.append(sum(len(read(mesh)["faces"]) for mesh in meshes(stage)))
    assert 5_000 < counts[0] < counts[1] < counts[2] < 30_000


def body_of(name, **chosen):
    """A stage of a body with these variants."""
    stage = Usd.Stage.Open(str(ASSETS / "bodies" / name / f"{name}.usda"))
    stage.SetEditTarget(stage.GetSessionLayer())
    for variants, choice in chosen.items():
        assert stage.GetDefaultPrim().GetVariantSet(variants).SetVariantSelection(choice)
    return stage


def size_of(stage):
    """Low and high corner of everything [m]."""
    box = UsdGeom.BBoxCache(0, ["default"]).ComputeWorldBound(stage.GetDefaultPrim())
    return np.array([box.ComputeAlignedRange().GetMin(), box.ComputeAlignedRange().GetMax()])


def looks(stage):
    """The material of every mesh, by the names of its group and itself."""
    found = {}
    for mesh in meshes(stage):
        material, _ = UsdShade.MaterialBindingAPI(mesh).ComputeBoundMaterial()
        path = mesh.GetPath()
        found[path.GetParentPath().name, path.name] = material.GetPrim().GetName()
    return found


@pytest.mark.parametrize("name", ["sedan", "suv", "crossover"])
def test_assembly_adds_to_a_body_without_doors_until_a_car_stands_on_its_tyres(name):
    builds = ("doorless", "trimmed", "married")
    groups = [{group for group, _ in looks(body_of(name, build=build))} for build in builds]
    assert groups[0] < groups[1] < groups[2]
    assert "doors" not in groups[2]
    counts = []
    for build in ("light_car", "finished"):
        stage = body_of(name, build=build, coat="blue")
        assert size_of(stage)[0][2] == pytest.approx(-0.20, abs=1e-3)
        assert "Glass" in looks(stage).values()
        counts.append(sum(len(read(mesh)["faces"]) for mesh in meshes(stage)))
    light, full = counts
    assert light < 2_500 < 10 * light < full


@pytest.mark.parametrize("name", ["sedan", "suv", "crossover"])
def test_a_coat_covers_the_metal_of_a_body_and_nothing_else(name):
    bare = looks(body_of(name, build="trimmed"))
    for coat, look in {"coated": "ElectroCoat", "white": "PaintWhite"}.items():
        for mesh, material in looks(body_of(name, build="trimmed", coat=coat)).items():
            metal = mesh[0] in {"underbody", "framed", "closures"}
            assert material == (look if metal else bare[mesh])
    assert looks(body_of(name, build="finished", coat="red"))["bumpers", "zinc"] == "PaintRed"


@pytest.mark.parametrize(
    ("place", "size"),
    [
        ("vehicles/body_agv", (4.8, 1.7, 0.64)),
        ("vehicles/part_amr", (1.4, 0.92, 1.52)),
        ("vehicles/parking_robot", (1.9, 1.9, 0.11)),
        ("parts/wheel", (0.74, 0.225, 0.74)),
        ("stations/paint_booth", (6.0, 6.4, 5.2)),
        ("stations/oven", (6.0, 4.3, 4.9)),
        ("conveyors/slat_conveyor", (6.0, 5.9, 0.08)),
        ("stations/press", (5.3, 7.1, 9.2)),
    ],
)
def test_things_are_as_large_as_they_say(place, size):
    stage = Usd.Stage.Open(str(ASSETS / place / f"{Path(place).name}.usda"))
    low, high = size_of(stage)
    np.testing.assert_allclose(high - low, size, atol=0.08)
    assert low[2] == pytest.approx(0, abs=1e-3) or place == "parts/wheel"


@pytest.mark.parametrize(
    "place", ["carriers/body_stand", "vehicles/body_agv", "stations/marriage_station"]
)
def test_a_body_lies_at_the_same_height_everywhere(place):
    layout = pytest.importorskip("assets.author.layout")
    stage = Usd.Stage.Open(str(ASSETS / place / f"{Path(place).name}.usda"))
    frame = stage.GetPrimAtPath(stage.GetDefaultPrim().GetPath().AppendPath("body"))
    height = UsdGeom.Xformable(frame).GetLocalTransformation().ExtractTranslation()[2]
    assert height == pytest.approx(layout.SKID_TOP)


@pytest.mark.parametrize(
    ("equipment", "robots"),
    [("load", 0), ("respot", 6), ("framing", 8), ("roof", 4), ("vision", 0)],
)
def test_a_station_has_a_mount_for_each_of_its_robots(equipment, robots):
    stage = Usd.Stage.Open(str(ASSETS / "stations" / "station" / "station.usda"))
    stage.GetDefaultPrim().GetVariantSet("equipment").SetVariantSelection(equipment)
    mounts = [p for p in stage.Traverse() if p.GetName().startswith("robot_")]
    assert [p.GetParent().GetName() for p in mounts] == [equipment] * robots
    for mount in mounts:
        frame = UsdGeom.Xformable(mount).GetLocalTransformation()
        x, y, z = frame.ExtractTranslation()
        assert z == pytest.approx(0.30)
        ahead = frame.TransformDir((1, 0, 0))
        assert ahead[1] == pytest.approx(-np.sign(y))  # looks at the line
        assert abs(x) <= 2.7


def test_lamps_of_the_mast_are_meshes_of_their_own():
    stage = Usd.Stage.Open(str(ASSETS / "signals" / "light_mast" / "light_mast.usda"))
    for colour in ("red", "amber", "green", "blue"):
        assert stage.GetPrimAtPath(f"/LightMast/geometry/lamp_{colour}").IsA(UsdGeom.Mesh)


def test_bodies_stand_at_their_datum_and_fit_the_pitch():
    layout = pytest.importorskip("assets.author.layout")

    def bounds(place):
        stage = Usd.Stage.Open(str(ASSETS / place))
        box = UsdGeom.BBoxCache(0, ["default"]).ComputeWorldBound(stage.GetDefaultPrim())
        return np.array(box.ComputeAlignedRange().GetMin()), np.array(
            box.ComputeAlignedRange().GetMax()
        )

    assert bounds("carriers/skid/skid.usda")[0][2] == pytest.approx(0, abs=1e-6)
    for name in ("sedan", "suv", "crossover"):
        low, high = bounds(f"bodies/{name}/{name}.usda")
        assert -0.02 < low[2] < 0.02
        assert (high - low)[0] < layout.PITCH_CONVEYOR - 0.5


@each_package
def test_rebuilding_gives_the_same_geometry(path, tmp_path):
    catalogue = pytest.importorskip("assets.author.catalogue", reason="needs shapely")
    committed, again = shapes(path), shapes(catalogue.build(path.stem, tmp_path))
    assert committed.keys() == again.keys()
    for where, shape in committed.items():
        for name, values in shape.items():
            np.testing.assert_allclose(again[where][name], values, atol=2e-5, err_msg=where)
