"""Every robot program can be run, meets its weld spots, and takes as long as the line allows."""

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdPhysics
from scipy.spatial import cKDTree

from twin.motion import plan_program
from twin.motion.frame import matrix_from

ARRIVING = {"framing": "underbody", "respot": "framed", "roof": "framed"}  # form that is welded


def test_programs_stay_within_limits_and_begin_and_end_at_home(plant):
    home = plant.robots[0].programs[0].waypoints[0]
    for robot in plant.robots:
        assert [program.products for program in robot.programs] == [
            ("Sedan",),
            ("Suv",),
            ("Crossover",),
        ]
        for program in robot.programs:
            assert np.all(robot.arm.within_limits(program.waypoints)), program.path
            assert np.array_equal(program.waypoints[[0, -1]], [home, home]), program.path
            assert 8 <= np.count_nonzero(program.dwells) <= 18, program.path


def test_the_slowest_station_is_a_respot_station(line):
    cycle = {}
    for place, _ in line:
        plans = [
            plan_program(r.arm, p.waypoints, p.dwells) for r in place.robots for p in r.programs
        ]
        longest = max((plan.length for plan in plans), default=0.0)
        cycle[place.path[-3:]] = longest + place.params.process_time + place.params.transfer_time
    assert max(cycle, key=cycle.get) == "060"
    assert cycle["060"] == pytest.approx(56.0, abs=0.5)
    assert sorted(cycle.values())[-2] < 53.0


def joint_chain(stage, robot):
    """Frame of each joint in the link before, and its axis, from the stage alone."""
    chain = []
    for number in range(1, 7):
        joint = UsdPhysics.RevoluteJoint(stage.GetPrimAtPath(f"{robot}/joints/joint_{number}"))
        at = Gf.Matrix4d().SetRotate(Gf.Quatd(joint.GetLocalRot0Attr().Get()))
        at.SetTranslateOnly(Gf.Vec3d(joint.GetLocalPos0Attr().Get()))
        axis = {"X": Gf.Vec3d.XAxis(), "Y": Gf.Vec3d.YAxis(), "Z": Gf.Vec3d.ZAxis()}
        chain.append((at, axis[joint.GetAxisAttr().Get()]))
    return chain


def tips(stage, robot, degrees):
    """Tips of a robot's gun in its station [m] at joint positions [n, 6], by Gf matrices alone."""
    chain = joint_chain(stage, robot)
    base = UsdGeom.Xformable(stage.GetPrimAtPath(robot)).GetLocalTransformation()
    gun = stage.GetPrimAtPath(f"{robot}/link_6/Gun")
    tip = UsdGeom.Xformable(stage.GetPrimAtPath(f"{gun.GetPath()}/tcp")).GetLocalTransformation()
    tip *= UsdGeom.Xformable(gun).GetLocalTransformation()
    found = []
    for row in degrees:
        matrix = tip
        for (at, axis), angle in reversed(list(zip(chain, row.tolist(), strict=True))):
            matrix = matrix * Gf.Matrix4d().SetRotate(Gf.Rotation(axis, angle)) * at
        found.append((matrix * base).ExtractTranslation())
    return np.array(found)


def surface_points(root):
    """Corners and points between them of all meshes below a prim, in its parent's frame [m]."""
    frames = UsdGeom.XformCache()
    outside = np.linalg.inv(np.array(frames.GetLocalToWorldTransform(root.GetParent())))
    shares = np.array([(a, b, 6 - a - b) for a in range(7) for b in range(7 - a)]) / 6
    found = []
    for prim in Usd.PrimRange(root, Usd.TraverseInstanceProxies()):
        if prim.IsA(UsdGeom.Mesh):
            mesh = UsdGeom.Mesh(prim)
            matrix = np.array(frames.GetLocalToWorldTransform(prim)) @ outside
            points = np.array(mesh.GetPointsAttr().Get()) @ matrix[:3, :3] + matrix[3, :3]
            corners = points[np.array(mesh.GetFaceVertexIndicesAttr().Get()).reshape(-1, 3)]
            found.append(np.einsum("sk,tkx->tsx", shares, corners).reshape(-1, 3))
    return cKDTree(np.concatenate(found))


def test_every_gun_closes_at_the_body_that_stands_before_it(stage, plant, line):
    bodies = {
        (product.name, form): surface_points(stage.GetPrimAtPath(f"{product.path}/{form}/Body"))
        for product in plant.products
        for form in ("underbody", "framed")
    }
    for place, equipment in line:
        for robot in place.robots:
            for program in robot.programs:
                spots = np.degrees(program.waypoints[program.dwells > 0])
                at = tips(stage, robot.path, spots)
                away, _ = bodies[program.products[0], ARRIVING[equipment]].query(at)
                assert away.max() < 0.06, (program.path, away.round(3).tolist())
                pitch = np.linalg.norm(np.diff(at, axis=0), axis=1)
                assert pitch.min() > 0.012, program.path


def test_guns_meet_the_planned_spots_to_a_fifth_of_a_millimetre(stage, line):
    pytest.importorskip("shapely", reason="seams are taken from the bodies' outlines")
    from scenes.body_shop.authoring.plan import jobs_of
    from scenes.body_shop.authoring.welding import spot_frames

    for place, equipment in line:
        for number, robot in enumerate(place.robots, start=1):
            base = matrix_from(np.subtract(robot.base.xyz, place.pose.xyz), robot.base.wxyz)
            for program in robot.programs:
                jobs = jobs_of(place.path.rpartition("/")[2], equipment, number)
                frames = [spot_frames(program.products[0], job, base) for job in jobs]
                spots = np.degrees(program.waypoints[program.dwells > 0])
                error = tips(stage, robot.path, spots) - np.concatenate(frames)[:, :3, 3]
                assert np.linalg.norm(error, axis=1).max() < 2e-4, program.path
