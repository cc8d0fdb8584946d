"""Public URDF robots through our import, against pinocchio reading the same files."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pinocchio as pin
import pytest
from pxr import Usd, UsdGeom, UsdPhysics

from tests.scene.urdf.robots import FILES
from twin.motion import Arm, jacobian
from twin.scene.robots import ArmReader
from twin.scene.urdf import Imported, import_robot

COUNT = 40
FLANGE = {"puma560": "link7"}
MESHES = ("irb140", "kr210l150", "ur5e")  # STL, COLLADA in inches, OBJ


@cache
def imported(name: str) -> Imported:
    return import_robot(FILES[name], Path(mkdtemp()) / name)


@cache
def stage(name: str) -> Usd.Stage:
    return Usd.Stage.Open(str(imported(name).asset))


def arm_of(name: str) -> Arm:
    """The arm as a scene would read it."""
    return ArmReader().read(stage(name).GetDefaultPrim())[0]


def some_joints(arm: Arm) -> np.ndarray:
    return np.random.default_rng(2).uniform(arm.lower, arm.upper, (COUNT, arm.joint_count))


@pytest.mark.parametrize("name", FILES)
def test_an_imported_robot_moves_as_pinocchio_says(name: str):
    arm, model = arm_of(name), pin.buildModelFromUrdf(str(FILES[name]))
    data, joints = model.createData(), some_joints(arm)
    tool = model.getFrameId(FLANGE.get(name, "tool0"))
    frames, flange, jacobians = arm.link_frames(joints), arm.flange(joints), jacobian(arm, joints)
    assert model.njoints == arm.joint_count + 1
    for i, q in enumerate(joints):
        pin.computeJointJacobians(model, data, q)
        pin.updateFramePlacements(model, data)
        theirs = [data.oMi[k].homogeneous for k in range(1, model.njoints)]
        np.testing.assert_allclose(frames[i, 1:], theirs, rtol=0, atol=1e-12)
        np.testing.assert_allclose(flange[i], data.oMf[tool].homogeneous, rtol=0, atol=1e-12)
        theirs = pin.getFrameJacobian(model, data, tool, pin.LOCAL_WORLD_ALIGNED)
        np.testing.assert_allclose(jacobians[i], theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", FILES)
def test_limits_and_masses_are_those_of_the_file(name: str):
    arm, model = arm_of(name), pin.buildModelFromUrdf(str(FILES[name]))
    np.testing.assert_allclose(arm.lower, model.lowerPositionLimit, rtol=1e-6)
    np.testing.assert_allclose(arm.upper, model.upperPositionLimit, rtol=1e-6)
    told = model.velocityLimit > 0
    np.testing.assert_allclose(arm.speed[told], model.velocityLimit[told], rtol=1e-12)
    np.testing.assert_allclose(arm.speed[~told], np.radians(90.0))
    np.testing.assert_allclose(arm.acceleration, arm.speed / 0.4)
    theirs = model.effortLimit
    np.testing.assert_allclose(np.where(np.isinf(arm.effort), 0, arm.effort), theirs, rtol=1e-6)
    for k, body in enumerate(list(model.inertias)[1:], 1):
        scale = max(body.mass, 1e-9)
        assert arm.mass[k] == pytest.approx(body.mass, rel=1e-6)
        np.testing.assert_allclose(arm.com[k], body.lever if body.mass else 0, atol=1e-6)
        np.testing.assert_allclose(arm.inertia[k], body.inertia, atol=1e-6 * scale)


@pytest.mark.parametrize("name", FILES)
def test_the_asset_is_one_articulation_as_our_own_robots_are(name: str):
    prims = list(stage(name).Traverse())
    root = stage(name).GetDefaultPrim()
    assert [p for p in prims if p.HasAPI(UsdPhysics.ArticulationRootAPI)] == [root]
    arm = arm_of(name)
    for link in arm.link_names:
        prim = root.GetChild(link)
        assert prim.HasAPI(UsdPhysics.RigidBodyAPI)
        order = UsdGeom.Xformable(prim).GetXformOpOrderAttr().Get()
        assert list(order) == ["xformOp:translate", "xformOp:orient", "xformOp:scale"]
    for joint in (p for p in prims if p.IsA(UsdPhysics.RevoluteJoint)):
        for attribute in ("twin:maxSpeed", "twin:maxAcceleration", "physics:lowerLimit"):
            cited = joint.GetAttribute(attribute).GetCustomData()
            assert set(cited) >= {"source", "confidence"}


@pytest.mark.parametrize("name", MESHES)
def test_what_is_seen_is_about_as_large_as_what_collides(name: str):
    for link in arm_of(name).link_names:
        prim = stage(name).GetDefaultPrim().GetChild(link)
        boxes = [
            UsdGeom.BBoxCache(0, [purpose]).ComputeLocalBound(prim.GetChild(group))
            for purpose, group in (("default", "visual"), ("guide", "collision"))
            if prim.GetChild(group)
        ]
        if len(boxes) == 2:
            seen, hit = (np.array(box.ComputeAlignedRange().GetSize()) for box in boxes)
            np.testing.assert_allclose(seen, hit, rtol=0.25, atol=0.03)
