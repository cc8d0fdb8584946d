"""Every robot program can be run, meets its weld spots, and takes as long as the line allows."""

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdPhysics
from scipy.spatial import cKDTree

from twin.plant.planning import plan_place, plan_plant, postures_of
from twin.scene import load, open_stage
from twin.scene.welds import read_weld_line

ARRIVING = {"framing": "underbody", "respot": "framed", "roof": "framed"}  # form that is welded


@pytest.fixture(scope="module")
def tasks(plant):
    """What each robot does to each product, as planned, by program."""
    return {task.program.path: task for task in plan_plant(plant)}


def at_spots(task):
    """Joint positions at which a robot welds [rad], in their order."""
    planned = task.planned
    still = np.all(planned.joints_from == planned.joints_to, axis=1)
    still[list(planned.idle)] = False
    return planned.joints_to[still]


def test_programs_stay_within_limits_and_begin_and_end_at_home(plant, tasks):
    home = plant.robots[0].home[0]
    for robot in plant.robots:
        assert [program.products for program in robot.programs] == [
            ("Sedan",),
            ("Suv",),
            ("Crossover",),
        ]
        for program in robot.programs:
            joints, _ = postures_of(robot, program)
            assert np.all(robot.arm.within_limits(joints)), program.path
            assert np.array_equal(joints[[0, -1]], [home, home]), program.path
            assert 5 <= len(at_spots(tasks[program.path])) <= 32, program.path


def test_targets_are_spots_on_the_body_and_nothing_is_a_joint_position(stage, plant):
    for robot in plant.robots:
        for program in robot.programs:
            (product,) = program.products
            assert program.route is not None
            prim = stage.GetPrimAtPath(program.path)
            assert not prim.GetAttribute("twin:waypoints").HasAuthoredValue()
            for name in program.route.names:
                assert name.startswith(f"/BodyShop/Products/{product}/"), program.path
                assert "/Body/spots/" in name
            assert set(program.route.branches) <= set(range(1, 9))
            assert len(program.route.branches) == len(program.route), program.path


def test_the_slowest_station_keeps_the_takt_with_its_clamping_and_transfer(line, plant):
    cycle = {}
    for place, _ in line:
        own = plan_place(place, [product.name for product in plant.products])
        longest = max((task.planned.length for task in own), default=0.0)
        cycle[place.path[-3:]] = longest + place.params.process_time + place.params.transfer_time
    assert max(cycle.values()) == pytest.approx(58.2, abs=0.5)
    assert max(cycle, key=cycle.get) in {f"{number:03d}" for number in range(30, 110, 10)}


def test_a_robot_moved_by_200_mm_changes_the_time_of_its_station(scene, tasks, tmp_path):
    own = [task for task in tasks.values() if "Sedan" in task.program.products]
    path = max(own, key=lambda task: task.planned.length).robot.path
    station = path.split("/")[3]
    layer = tmp_path / "moved.usda"
    stage = open_stage(scene)
    at = stage.GetPrimAtPath(path).GetAttribute("xformOp:translate").Get()
    layer.write_text(
        f"""#usda 1.0
(
    defaultPrim = "BodyShop"
    kilogramsPerUnit = 1
    metersPerUnit = 1
    upAxis = "Z"
)
over "BodyShop"
{{
    over "Line"
    {{
        over "{station}"
        {{
            over "{path.rpartition("/")[2]}"
            {{
                double3 xformOp:translate = ({at[0]}, {at[1] * 1.07}, {at[2]})
            }}
        }}
    }}
}}
"""
    )
    moved = load(scene, scenarios=[layer])
    place = next(each for each in moved.places if each.path.endswith(station))
    again = plan_place(place, [product.name for product in moved.products])
    before = [task for task in tasks.values() if task.robot.path.startswith(place.path)]
    made, was = (
        {
            name: max(t.planned.length for t in each if t.robot.program_for(name) is t.program)
            for name in ("Sedan", "Suv", "Crossover")
        }
        for each in (again, before)
    )
    assert abs(made["Sedan"] - was["Sedan"]) > 0.02  # s; times are exact


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


def test_every_gun_closes_at_the_body_that_stands_before_it(stage, plant, line, tasks):
    bodies = {
        (product.name, form): surface_points(stage.GetPrimAtPath(f"{product.path}/{form}/Body"))
        for product in plant.products
        for form in ("underbody", "framed")
    }
    for place, equipment in line:
        for robot in place.robots:
            for program in robot.programs:
                at = tips(stage, robot.path, np.degrees(at_spots(tasks[program.path])))
                away, _ = bodies[program.products[0], ARRIVING[equipment]].query(at)
                assert away.max() < 0.06, (program.path, away.round(3).tolist())
                pitch = np.linalg.norm(np.diff(at, axis=0), axis=1)
                assert pitch.min() > 0.0199, program.path


def test_the_guns_of_all_robots_meet_every_spot_once_to_a_fifth_of_a_millimetre(
    scene, stage, line, tasks
):
    spots = read_weld_line(open_stage(scene)).spots
    for product, wanted in spots.items():
        closed = [
            tips(stage, robot.path, np.degrees(at_spots(tasks[robot.program_for(product).path])))
            for place, _ in line
            for robot in place.robots
        ]
        at = np.concatenate(closed)
        assert len(at) == len(wanted) == 1000, product
        assert cKDTree(at).query(at, k=2)[0][:, 1].min() > 0.0199, product
        for one, other in ((at, wanted.frames[:, :3, 3]), (wanted.frames[:, :3, 3], at)):
            assert cKDTree(one).query(other)[0].max() < 2e-4, product
