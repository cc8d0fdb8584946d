"""The HS220 as USD: the published arm, within its limits, one articulation fixed to the world."""

from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

ROBOT = Path(__file__).resolve().parents[2] / "assets" / "robots" / "hs220" / "hs220.usda"
LINKS = ("base", "link_1", "link_2", "link_3", "link_4", "link_5", "link_6")
HOME = (0.0, 90.0, 0.0, 0.0, 0.0, 0.0)  # deg
AXES = {"X": Gf.Vec3d.XAxis(), "Y": Gf.Vec3d.YAxis(), "Z": Gf.Vec3d.ZAxis()}


@pytest.fixture
def stage():
    return Usd.Stage.Open(str(ROBOT))


def joints(stage):
    return [
        UsdPhysics.RevoluteJoint(stage.GetPrimAtPath(f"/HS220/joints/joint_{n}"))
        for n in range(1, 7)
    ]


def link_frames(stage, degrees):
    """Frames of links 1 to 6 by the joint chain alone, as row-vector matrices."""
    frame, frames = Gf.Matrix4d(1), []
    for joint, angle in zip(joints(stage), degrees, strict=True):
        turn = Gf.Matrix4d().SetRotate(Gf.Rotation(AXES[joint.GetAxisAttr().Get()], angle))
        rest = Gf.Matrix4d().SetRotate(Gf.Quatd(joint.GetLocalRot0Attr().Get()))
        step = Gf.Matrix4d().SetTranslate(Gf.Vec3d(joint.GetLocalPos0Attr().Get()))
        frame = turn * rest * step * frame
        frames.append(frame)
    return frames


def test_links_stand_where_the_joints_put_them_at_zero(stage):
    for number, frame in enumerate(link_frames(stage, [0.0] * 6), start=1):
        link = UsdGeom.Xformable(stage.GetPrimAtPath(f"/HS220/link_{number}"))
        np.testing.assert_allclose(link.GetLocalTransformation(), frame, atol=1e-6)


def test_the_home_pose_has_the_flange_at_the_published_point(stage):
    flange = link_frames(stage, HOME)[5]
    np.testing.assert_allclose(flange.ExtractTranslation(), (1.782, 0, 1.938), atol=1e-6)
    np.testing.assert_allclose(flange.ExtractRotationMatrix(), np.eye(3), atol=1e-6)


def test_the_wrist_centre_reaches_what_the_maker_says_within_the_limits(stage):
    shoulder, elbow = joints(stage)[1:3]
    reach, height, lowest = 0.0, 0.0, 9.0
    for h in np.linspace(
        shoulder.GetLowerLimitAttr().Get(), shoulder.GetUpperLimitAttr().Get(), 30
    ):
        for v in np.linspace(elbow.GetLowerLimitAttr().Get(), elbow.GetUpperLimitAttr().Get(), 55):
            x, _, z = link_frames(stage, (0, h, v, 0, 0, 0))[4].ExtractTranslation()
            reach, height, lowest = max(reach, abs(x)), max(height, z), min(lowest, z)
    assert reach == pytest.approx(2.666, abs=1e-3)
    assert height == pytest.approx(2.979, abs=1e-3)
    assert lowest < -0.47


def test_joint_limits_and_speeds_are_the_data_sheet(stage):
    limits = [(j.GetLowerLimitAttr().Get(), j.GetUpperLimitAttr().Get()) for j in joints(stage)]
    assert limits == [(-180, 180), (10, 155), (-80, 190), (-360, 360), (-128, 128), (-360, 360)]
    speeds = [j.GetPrim().GetAttribute("twin:maxSpeed").Get() for j in joints(stage)]
    assert speeds == [120, 105, 110, 145, 145, 220]
    for joint in joints(stage):
        for name in ("maxSpeed", "maxAcceleration", "maxJerk"):
            cited = joint.GetPrim().GetAttribute(f"twin:{name}").GetCustomData()
            assert set(cited) == {"source", "confidence"}
            assert (cited["confidence"] == "proposal") == (name != "maxSpeed")


def test_the_robot_is_one_articulation_fixed_to_the_world(stage):
    roots = [p.GetPath() for p in stage.Traverse() if p.HasAPI(UsdPhysics.ArticulationRootAPI)]
    assert roots == [Sdf.Path("/HS220")]
    fixed = UsdPhysics.FixedJoint(stage.GetPrimAtPath("/HS220/joints/world_joint"))
    assert fixed.GetBody0Rel().GetTargets() == []
    assert fixed.GetBody1Rel().GetTargets() == ["/HS220/base"]
    for number, joint in enumerate(joints(stage), start=1):
        parent = "base" if number == 1 else f"link_{number - 1}"
        assert joint.GetBody0Rel().GetTargets() == [f"/HS220/{parent}"]
        assert joint.GetBody1Rel().GetTargets() == [f"/HS220/link_{number}"]
        body = stage.GetPrimAtPath(f"/HS220/link_{number}")
        assert body.HasAPI(UsdPhysics.RigidBodyAPI)
        assert body.GetChild("geometry").IsInstance()


def test_links_weigh_what_the_maker_publishes(stage):
    masses = [UsdPhysics.MassAPI(stage.GetPrimAtPath(f"/HS220/{name}")) for name in LINKS]
    assert [mass.GetMassAttr().Get() for mass in masses] == [212, 416, 149, 255, 20, 49, 2]
    for mass in masses:
        assert min(mass.GetDiagonalInertiaAttr().Get()) > 0
        assert mass.GetPrim().GetAttribute("physics:mass").GetCustomDataByKey("confidence") == "C"


def test_every_link_collides_as_the_hull_of_its_casting(stage):
    everything = Usd.PrimRange(stage.GetPseudoRoot(), Usd.TraverseInstanceProxies())
    solid = [prim for prim in everything if prim.HasAPI(UsdPhysics.CollisionAPI)]
    assert [p.GetParent().GetParent().GetName() for p in solid] == list(LINKS)
    for prim in solid:
        assert UsdPhysics.MeshCollisionAPI(prim).GetApproximationAttr().Get() == "convexHull"
        assert prim.GetCustomDataByKey("closed")
