"""What no validator tells of an asset: units of layers, frames, colliders, masses, belts, looks."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import scipy.spatial
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics, UsdShade

ASSETS = Path(__file__).resolve().parents[2] / "assets"
PACKAGES = sorted(ASSETS.glob("*/*/simready_usd/*.usda"))
ROBOTS = sorted(ASSETS.glob("robots/h*/simready_usd/*.usda"))

each_package = pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.stem)
each_robot = pytest.mark.parametrize("path", ROBOTS, ids=lambda path: path.stem)


def strange_layers(path: Path) -> list[str]:
    """Layers of an asset that aren't in metres and kilograms with Z up."""
    layers = [Sdf.Layer.FindOrOpen(str(file)) for file in path.parents[1].rglob("*.usd[ac]")]
    wanted = {"metersPerUnit": 1.0, "upAxis": "Z", "kilogramsPerUnit": 1.0}
    return sorted(
        layer.GetDisplayName()
        for layer in layers
        if "overlays" not in layer.identifier
        and any(layer.pseudoRoot.GetInfo(name) != value for name, value in wanted.items())
    )


@each_package
def test_every_layer_is_in_metres_and_kilograms_with_z_up(path: Path):
    assert strange_layers(path) == []


@pytest.mark.parametrize(("name", "value"), [("metersPerUnit", 0.01), ("upAxis", "Y")])
def test_a_root_with_other_units_than_its_payloads_is_found(name, value, tmp_path: Path):
    shutil.copytree(ASSETS / "carriers" / "skid", tmp_path / "skid")
    path = tmp_path / "skid" / "simready_usd" / "skid.usda"
    layer = Sdf.Layer.FindOrOpen(str(path))
    layer.pseudoRoot.SetInfo(name, value)
    layer.Save()
    assert strange_layers(path) == ["skid.usda"]


def misplaced_links(stage: Usd.Stage) -> list[str]:
    """Joints whose frame isn't where the link is, or whose axis passes by their shapes."""
    found, cache = [], UsdGeom.XformCache()
    for prim in stage.Traverse():
        joint = UsdPhysics.Joint(prim)
        if not joint or not joint.GetBody0Rel().GetTargets():
            continue
        one, two = (
            stage.GetPrimAtPath(rel.GetTargets()[0])
            for rel in (joint.GetBody0Rel(), joint.GetBody1Rel())
        )
        frame = Gf.Matrix4d().SetRotate(Gf.Quatd(joint.GetLocalRot0Attr().Get()))
        frame.SetTranslateOnly(Gf.Vec3d(joint.GetLocalPos0Attr().Get()))
        world = np.array(frame * cache.GetLocalToWorldTransform(one))
        there = np.array(cache.GetLocalToWorldTransform(two))
        across = [k for k in range(3) if "XYZ"[k] != prim.GetAttribute("physics:axis").Get()]
        boxes = UsdGeom.BBoxCache(0, ["default"])
        beside = 0.0  # how far the axis passes by the shapes of either link [m]
        for link in (one, two):
            box = boxes.ComputeWorldBound(link).ComputeAlignedRange()
            corners = np.array([[*box.GetCorner(k), 1] for k in range(8)]) @ np.linalg.inv(world)
            low, high = corners.min(0)[across], corners.max(0)[across]
            beside = max(beside, float(np.maximum(low, -high).max()))
        if not np.allclose(world, there, atol=1e-6) or beside > 0.02:
            found.append(prim.GetName())
    return found


@each_robot
def test_joint_frames_lie_where_links_and_their_shapes_are(path: Path):
    assert misplaced_links(Usd.Stage.Open(str(path))) == []


def test_a_joint_half_a_metre_beside_its_link_is_found():
    stage = Usd.Stage.Open(str(ROBOTS[0]))
    stage.SetEditTarget(stage.GetSessionLayer())
    joint = UsdPhysics.Joint(stage.GetDefaultPrim().GetChild("joints").GetChild("joint_3"))
    joint.GetLocalPos0Attr().Set(joint.GetLocalPos0Attr().Get() + Gf.Vec3f(0, 0.5, 0))
    assert misplaced_links(stage) == ["joint_3"]


def everything(stage: Usd.Stage) -> list[Usd.Prim]:
    return list(Usd.PrimRange(stage.GetDefaultPrim(), Usd.TraverseInstanceProxies()))


def colliders(stage: Usd.Stage) -> list[UsdGeom.Mesh]:
    return [UsdGeom.Mesh(p) for p in everything(stage) if p.HasAPI(UsdPhysics.CollisionAPI)]


@each_package
def test_colliders_are_closed_and_taken_as_convex(path: Path):
    stage = Usd.Stage.Open(str(path))
    found = colliders(stage)
    assert found
    for mesh in found:
        taken = UsdPhysics.MeshCollisionAPI(mesh).GetApproximationAttr().Get()
        assert taken == "convexHull"
        faces = np.array(mesh.GetFaceVertexIndicesAttr().Get()).reshape(-1, 3)
        edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
        np.testing.assert_array_equal(np.unique(edges, axis=0), np.unique(edges[:, ::-1], axis=0))


@each_package
def test_colliders_that_are_not_seen_are_their_own_hulls_as_physx_takes_them(path: Path):
    stage = Usd.Stage.Open(str(path))
    for mesh in colliders(stage):
        if mesh.ComputePurpose() == "guide":
            points = np.array(mesh.GetPointsAttr().Get(), float)
            hull = scipy.spatial.ConvexHull(points)
            corners = points[np.array(mesh.GetFaceVertexIndicesAttr().Get()).reshape(-1, 3)]
            volume = np.einsum("fk,fk->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6
            assert len(points) <= 64
            assert volume == pytest.approx(hull.volume, rel=1e-4)
            assert volume > 0


@each_package
def test_colliders_stay_within_what_is_seen(path: Path):
    stage = Usd.Stage.Open(str(path))
    seen = UsdGeom.BBoxCache(0, ["default"]).ComputeWorldBound(stage.GetDefaultPrim())
    felt = UsdGeom.BBoxCache(0, ["default", "guide"]).ComputeWorldBound(stage.GetDefaultPrim())
    seen, felt = seen.ComputeAlignedRange(), felt.ComputeAlignedRange()
    np.testing.assert_allclose(felt.GetMin(), seen.GetMin(), atol=2e-3)
    np.testing.assert_allclose(felt.GetMax(), seen.GetMax(), atol=2e-3)


@each_package
def test_every_body_has_a_mass_and_an_inertia_that_bodies_can_have(path: Path):
    stage = Usd.Stage.Open(str(path))
    bodies = [p for p in everything(stage) if p.HasAPI(UsdPhysics.RigidBodyAPI)]
    assert bodies
    for body in bodies:
        api = UsdPhysics.MassAPI(body)
        assert body.HasAPI(UsdPhysics.MassAPI)
        assert api.GetMassAttr().Get() > 0
        a, b, c = sorted(api.GetDiagonalInertiaAttr().Get())
        assert a > 0
        assert a + b >= 0.99 * c
        assert api.GetPrincipalAxesAttr().Get().GetLength() == pytest.approx(1, abs=1e-5)


@each_package
def test_an_asset_in_a_plant_is_no_body_unless_it_is_a_robot(path: Path):
    stage = Usd.Stage.Open(str(path.parents[1] / path.name))
    bodies = [p for p in everything(stage) if p.HasAPI(UsdPhysics.RigidBodyAPI)]
    assert len(bodies) == (7 if path in ROBOTS else 0)
    assert colliders(stage)
    assert stage.GetDefaultPrim().GetName() == Usd.Stage.Open(str(path)).GetDefaultPrim().GetName()


@pytest.mark.parametrize(("name", "top"), [("roller_conveyor", 0.40), ("slat_conveyor", 0.06)])
def test_a_conveyor_has_a_kinematic_belt_that_moves_along_x_at_its_carrying_plane(name, top):
    stage = Usd.Stage.Open(str(ASSETS / "conveyors" / name / "simready_usd" / f"{name}.usda"))
    belt = stage.GetDefaultPrim().GetChild("belt")
    assert UsdPhysics.RigidBodyAPI(belt).GetKinematicEnabledAttr().Get()
    assert "PhysxSurfaceVelocityAPI" in belt.GetPrimTypeInfo().GetAppliedAPISchemas()
    x, y, z = belt.GetAttribute("physxSurfaceVelocity:surfaceVelocity").Get()
    assert x > 0 == y == z
    box = UsdGeom.BBoxCache(0, ["guide"]).ComputeWorldBound(belt).ComputeAlignedRange()
    assert box.GetMax()[2] == pytest.approx(top, abs=1e-6)


@each_package
def test_every_material_is_used_by_a_mesh_in_some_variant(path: Path):
    stage = Usd.Stage.Open(str(path))
    stage.SetEditTarget(stage.GetSessionLayer())
    sets = stage.GetDefaultPrim().GetVariantSets()
    choices = [(name, each) for name in sets.GetNames()
               for each in sets.GetVariantSet(name).GetVariantNames()]  # fmt: skip
    defined, used = set(), set()
    for name, choice in choices or [("", "")]:
        if name:
            sets.GetVariantSet(name).SetVariantSelection(choice)
        for prim in everything(stage):
            if prim.IsA(UsdShade.Material):
                defined.add(prim.GetPath())
            if prim.IsA(UsdGeom.Mesh):
                for purpose in ("allPurpose", "physics"):
                    binding = UsdShade.MaterialBindingAPI(prim)
                    material, _ = binding.ComputeBoundMaterial(purpose.replace("allPurpose", ""))
                    if material:
                        used.add(material.GetPath())
    assert sorted(defined - used) == []


@each_package
def test_the_overlay_gives_every_look_omnipbr_and_the_asset_has_none(path: Path):
    stage = Usd.Stage.Open(str(path))
    overlay = path.parent / "overlays" / f"{path.stem}_omnipbr.usda"
    assert not any(p.GetAttribute("info:mdl:sourceAsset") for p in everything(stage))
    assert overlay.exists() == (path not in ROBOTS)
    if overlay.exists():
        stage.GetSessionLayer().subLayerPaths.append(str(overlay))
        for prim in stage.Traverse():
            if prim.IsA(UsdShade.Material) and not prim.HasAPI(UsdPhysics.MaterialAPI):
                shader, *_ = UsdShade.Material(prim).ComputeSurfaceSource("mdl")
                assert shader.GetSourceAssetSubIdentifier("mdl") == "OmniPBR"
