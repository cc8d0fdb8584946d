"""Joint chains of foreign assets: frames and axes anywhere, joints that slide, and nonsense."""

import math

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

from twin.errors import SceneError
from twin.motion.frame import invert_matrix, matrix_from, rotation_about
from twin.scene.pack.chains import link_prims, viewer_chain
from twin.scene.robots import ArmReader
from twin.scene.survey import prim_problems

TURNED = (0.5, 0.5, -0.5, 0.5)
AXES = {"X": 0, "Y": 1, "Z": 2}
# kind, axis, localPos0, localRot0, localPos1, localRot1
JOINTS = [
    ("Revolute", "Z", (0.0, 0.1, 0.5), (1, 0, 0, 0), (0.3, -0.2, 0.1), TURNED),
    ("Prismatic", "X", (0.2, 0.0, 0.4), TURNED, (0.1, 0.1, 0.1), (0.6, 0.8, 0, 0)),
    ("Revolute", "Y", (0.5, 0.0, 0.0), (0.8, 0.0, 0.6, 0.0), (0.0, 0.0, 0.4), (1, 0, 0, 0)),
    ("Revolute", "X", (0.1, 0.0, 0.0), (1, 0, 0, 0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0)),
]


def robot(joints=JOINTS, *, ends=None) -> Usd.Stage:
    """A robot with all links at the origin of the stage, wherever its joints put them."""
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.Xform.Define(stage, "/R1")
    for number in range(len(joints) + 1):
        body = UsdGeom.Xform.Define(stage, f"/R1/link_{number}").GetPrim()
        UsdPhysics.RigidBodyAPI.Apply(body)
    for number, (kind, axis, pos0, rot0, pos1, rot1) in enumerate(joints, 1):
        prim = stage.DefinePrim(f"/R1/joint_{number}", f"Physics{kind}Joint")
        joint = UsdPhysics.Joint(prim)
        start, end = ends[number - 1] if ends else (number - 1, number)
        joint.CreateBody0Rel().SetTargets([f"/R1/link_{start}"])
        joint.CreateBody1Rel().SetTargets([f"/R1/link_{end}"])
        joint.CreateLocalPos0Attr(Gf.Vec3f(*pos0))
        joint.CreateLocalRot0Attr(Gf.Quatf(*rot0))
        joint.CreateLocalPos1Attr(Gf.Vec3f(*pos1))
        joint.CreateLocalRot1Attr(Gf.Quatf(*rot1))
        prim.GetAttribute("physics:axis").Set(axis)
        prim.GetAttribute("physics:lowerLimit").Set(-90.0 if kind == "Revolute" else -0.5)
        prim.GetAttribute("physics:upperLimit").Set(120.0 if kind == "Revolute" else 1.5)
        for name in ("maxSpeed", "maxAcceleration", "maxJerk"):
            prim.CreateAttribute(f"twin:{name}", Sdf.ValueTypeNames.Double).Set(90.0)
    stage.SetDefaultPrim(stage.GetPrimAtPath("/R1"))
    return stage


def read(stage: Usd.Stage):
    return ArmReader().read(stage.GetDefaultPrim())[0]


def prims_at(joints: np.ndarray) -> np.ndarray:
    """Where UsdPhysics puts the links' prims: joint frames coincide but for the joint's motion."""
    frames = [np.eye(4)]
    for q, (kind, axis, pos0, rot0, pos1, rot1) in zip(joints, JOINTS, strict=True):
        motion = np.eye(4)
        along = np.eye(3)[AXES[axis]]
        if kind == "Revolute":
            motion[:3, :3] = rotation_about(along, q)
        else:
            motion[:3, 3] = along * q
        seats = matrix_from(pos0, rot0), invert_matrix(matrix_from(pos1, rot1))
        frames.append(frames[-1] @ seats[0] @ motion @ seats[1])
    return np.stack(frames)


@pytest.mark.parametrize("joints", [(0.0, 0.0, 0.0, 0.0), (0.7, 0.4, -1.0, 2.0)])
def test_joint_frames_may_lie_anywhere_in_both_links(joints):
    arm = read(robot())
    assert arm.prismatic.tolist() == [False, True, False, False]
    placed = arm.link_frames([joints])[0] @ matrix_from(arm.shift, (1.0, 0, 0, 0))
    np.testing.assert_allclose(placed, prims_at(np.array(joints)), atol=1e-6)
    np.testing.assert_allclose(arm.flange([joints])[0], placed[-1], atol=1e-6)


def test_a_sliding_joint_has_limits_and_speeds_in_metres():
    arm = read(robot())
    assert (arm.lower[1], arm.upper[1]) == pytest.approx((-0.5, 1.5))
    assert arm.speed.tolist() == pytest.approx([math.pi / 2, 90.0, math.pi / 2, math.pi / 2])


def test_viewers_get_a_chain_that_turns_about_x_y_and_z_only():
    arm = read(robot([each for each in JOINTS if each[0] == "Revolute"]))
    fixed, letters = viewer_chain(arm)
    joints, frame = (0.3, -0.8, 1.1), np.eye(4)
    theirs = [frame]
    for step, letter, q in zip(fixed, letters, joints, strict=True):
        turn = np.eye(4)
        turn[:3, :3] = rotation_about(np.eye(3)[AXES[letter]], q)
        frame = frame @ step @ turn
        theirs.append(frame)
    prims = arm.link_frames([joints])[0] @ matrix_from(arm.shift, (1.0, 0, 0, 0))
    np.testing.assert_allclose(np.stack(theirs) @ link_prims(arm), prims, atol=1e-12)


def test_the_flange_is_a_frame_that_the_robot_names():
    stage = robot()
    tool = UsdGeom.Xform.Define(stage, "/R1/link_4/tool")
    tool.AddTranslateOp().Set(Gf.Vec3d(0.1, 0.2, 0.3))
    named = stage.GetPrimAtPath("/R1").CreateRelationship("twin:flange")
    named.SetTargets(["/R1/link_4/tool"])
    arm = read(stage)
    assert arm.tail[:3, 3] == pytest.approx((0.1, 0.2, 0.3))
    named.SetTargets(["/R1/link_3"])
    with pytest.raises(SceneError, match="/R1 twin:flange must name one frame in /R1/link_4"):
        read(stage)


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ([(0, 1), (1, 2), (2, 3), (3, 0)], "a cycle of joint_1, joint_2, joint_3, joint_4"),
        ([(0, 1), (1, 2), (1, 3), (3, 4)], "a branch at /R1/link_1: joint_3 is the second"),
        ([(0, 1), (1, 2), (3, 2), (3, 4)], "a branch at /R1/link_2"),
        ([(0, 1), (1, 0), (2, 3), (3, 4)], "joint_1, joint_2 apart from the chain"),
        ([(0, 1), (1, 2), (2, 3), (3, 9)], "/R1/link_9 must be a prim, as a joint connects it"),
    ],
)
def test_joints_that_form_no_chain_are_refused(ends, message):
    with pytest.raises(SceneError, match=message):
        read(robot(ends=ends))


def test_reversed_limits_are_refused_by_path():
    stage = robot()
    stage.GetPrimAtPath("/R1/joint_3").GetAttribute("physics:lowerLimit").Set(130.0)
    rule = "/R1/joint_3 must have physics:lowerLimit below physics:upperLimit, got 130 to 120 deg"
    with pytest.raises(SceneError, match=rule):
        read(stage)


def test_a_mass_that_can_t_be_is_refused_by_path():
    stage = robot()
    mass = UsdPhysics.MassAPI.Apply(stage.GetPrimAtPath("/R1/link_2"))
    mass.CreateMassAttr(-3.0)
    with pytest.raises(SceneError, match="/R1/link_2 mass must be >= 0 kg"):
        read(stage)


def test_an_axis_without_limits_can_turn_twice_each_way():
    stage = robot()
    for end, value in (("lower", -math.inf), ("upper", math.inf)):
        stage.GetPrimAtPath("/R1/joint_1").GetAttribute(f"physics:{end}Limit").Set(value)
    assert read(stage).upper[0] == pytest.approx(4 * math.pi)


def test_a_precise_frame_is_taken_if_it_agrees_and_refused_if_not():
    stage = robot()
    joint = stage.GetPrimAtPath("/R1/joint_4")
    precise = np.linalg.inv(matrix_from((0, 0, 0), (0, 0, 1, 0)))
    precise[:3, 3] = (0.1, 0.0, 0.0)
    told = joint.CreateAttribute("twin:frame", Sdf.ValueTypeNames.Matrix4d)
    told.Set(Gf.Matrix4d(*precise.T.ravel().tolist()))
    assert read(stage).fixed[3, 0, 3] == pytest.approx(0.1, abs=1e-16)
    precise[0, 3] = 0.11
    told.Set(Gf.Matrix4d(*precise.T.ravel().tolist()))
    with pytest.raises(SceneError, match="/R1/joint_4 twin:frame must agree with the joint's"):
        read(stage)


def test_the_names_of_a_robot_s_asset_are_not_strange():
    stage = robot()
    stage.GetPrimAtPath("/R1").CreateRelationship("twin:flange")
    stage.GetPrimAtPath("/R1/joint_1").CreateAttribute("twin:frame", Sdf.ValueTypeNames.Matrix4d)
    assert list(prim_problems(stage)) == []
