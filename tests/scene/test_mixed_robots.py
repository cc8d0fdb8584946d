"""Robots of four, six and seven joints at one station, some of which slide: poses, pack, export."""

import json
from pathlib import Path

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from tests.scene.targets import HOME, HS220, SOURCE
from tests.scene.test_export_motion import METRES, RADIANS, code, errors, frame
from twin.engine.simulation import Simulation
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant.declared import ProductParams, ProgramParams, RobotParams
from twin.scene import load
from twin.scene.author import apply, link, new_stage, stand
from twin.scene.export import export_usd
from twin.scene.pack import build_pack
from twin.scene.stage import open_stage
from twin.scene.urdf import import_robot
from twin.units import to_ticks

BOX = '<visual><geometry><box size="0.1 0.1 0.3"/></geometry></visual>'
SCARA = (("revolute", "0 0 0.4", "0 0 1"), ("revolute", "0.3 0 0", "0 0 1"),
         ("prismatic", "0.25 0 0", "0 0.6 -0.8"), ("revolute", "0 0 -0.1", "0 0 1"))  # fmt: skip
ON_RAIL = (("prismatic", "0 0 0.2", "0 1 0"), ("revolute", "0 0 0.4", "0 0 1"),
           ("revolute", "0.2 0 0.3", "0 1 0"), ("revolute", "0 0 0.8", "0 1 0"),
           ("revolute", "0.4 0 0.1", "1 0 0"), ("revolute", "0.3 0 0", "0 1 0"),
           ("revolute", "0.1 0 0", "1 0 0"))  # fmt: skip


def urdf(folder: Path, name: str, joints: tuple[tuple[str, str, str], ...]) -> Path:
    """A robot asset of boxes, imported from a URDF; returns its layer."""
    said = [f'<link name="base">{BOX}</link>']
    for number, (kind, xyz, axis) in enumerate(joints):
        before = f"axis_{number - 1}" if number else "base"
        said.append(
            f'<link name="axis_{number}">{BOX}</link><joint name="j{number}" type="{kind}">'
            f'<parent link="{before}"/><child link="axis_{number}"/><origin xyz="{xyz}"/>'
            f'<axis xyz="{axis}"/><limit lower="-2" upper="2" velocity="1.5" effort="50"/></joint>'
        )
    file = folder / name / f"{name}.urdf"
    file.parent.mkdir()
    file.write_text(f'<robot name="{name}">{"".join(said)}</robot>', "utf-8")
    return import_robot(file, folder / name / "asset").asset


@pytest.fixture(scope="module")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with a SCARA, an HS220 and an arm on a rail."""
    folder = tmp_path_factory.mktemp("mixed")
    stage = new_stage(folder / "cell.usda", "Cell")
    kinds = {"In": Source(interval=20.0), "Work": Station(transfer_time=2.0), "Out": Sink()}
    for name, params in kinds.items():
        apply(stage.DefinePrim(f"/Cell/{name}", "Xform"), params, **SOURCE)
    link(stage.GetPrimAtPath("/Cell/In"), "/Cell/Work")
    link(stage.GetPrimAtPath("/Cell/Work"), "/Cell/Out")
    apply(stage.DefinePrim("/Cell/Products/Box", "Xform"), ProductParams(), **SOURCE)
    robots = {
        "Scara": (urdf(folder, "scara", SCARA), [0, 0, 0, 0, 60, -40, 0.2, 90]),
        "Hs220": (HS220, [*HOME, 30, 100, -20, 15, 20, 0]),
        "Rail": (urdf(folder, "rail", ON_RAIL), [0] * 7 + [1.2, 40, -30, 20, 10, 5, 60]),
    }
    for x, (name, (asset, joints)) in enumerate(robots.items()):
        robot = stage.DefinePrim(f"/Cell/Work/{name}", "Xform")
        robot.GetReferences().AddReference(str(asset))
        stand(robot, (4.0 * x, -3.0, 0.0))
        apply(robot, RobotParams(), **SOURCE)
        program = stage.DefinePrim(f"/Cell/Work/{name}/Program", "Scope")
        start, there = joints[: len(joints) // 2], joints[len(joints) // 2 :]
        waypoints = tuple(map(float, [*start, *there, *start]))
        apply(program, ProgramParams(waypoints=waypoints, dwells=(0.0, 0.5, 0.0)), **SOURCE)
    stage.Save()
    return folder / "cell.usda"


def looks(count: int) -> list[int]:
    return np.linspace(0, to_ticks(30.0), count).astype(int).tolist()


def test_each_robot_is_where_its_own_arm_says(cell: Path):
    plant = load(cell)
    assert [robot.arm.joint_count for robot in plant.robots] == [4, 6, 7]
    run = Simulation(plant, motion=True)
    moved = np.zeros(3)
    for tick in looks(200):
        run.advance(tick)
        poses, frames = run.poses(), run.frames()
        links = poses.link_frames()
        np.testing.assert_allclose(frames.links, links[..., :3, :], rtol=0, atol=1e-12)
        for row, robot in enumerate(plant.robots):
            own = robot.arm.joint_count
            joints = poses.joints[row : row + 1, :own]
            exact = robot.arm.link_frames(joints, run.layout.bases[row])[0]
            np.testing.assert_allclose(links[row, : own + 1], exact, rtol=0, atol=1e-12)
            assert np.all(poses.joints[row, own:] == 0.0)
            moved[row] = max(moved[row], np.abs(joints).max())
    assert np.all(moved > 0.5)


def test_a_joint_that_slides_is_given_in_metres(cell: Path):
    rail = load(cell).robots[2].programs[0].waypoints
    np.testing.assert_allclose(rail[1], [1.2, *np.radians([40, -30, 20, 10, 5, 60])], atol=1e-9)


def test_the_viewer_gets_each_chain_with_its_own_joints(cell: Path):
    stage = open_stage(cell)
    pack = json.loads(build_pack(stage, load(cell)).scene)
    slides = [[joint.get("slides", False) for joint in robot["chain"]] for robot in pack["robots"]]
    assert [len(each) for each in slides] == [4, 6, 7]
    assert [sum(each) for each in slides] == [1, 0, 1]
    assert [len(robot["home"]) for robot in pack["robots"]] == [4, 6, 7]


def test_the_export_plays_them_within_its_bounds(cell: Path, tmp_path: Path):
    plant, end = load(cell), to_ticks(30.0)
    played = Usd.Stage.Open(str(export_usd(cell, end, tmp_path / "out").root))
    run = Simulation(plant, seed=1, motion=True)
    worst = np.zeros(2)
    for tick in looks(150)[1:-1]:
        run.advance(tick)
        links = run.poses().link_frames()
        cache = UsdGeom.XformCache(code(tick))
        for row, robot in enumerate(plant.robots):
            names = robot.arm.link_names[1:]
            prims = [played.GetPrimAtPath(f"{robot.path}/{name}") for name in names]
            assert all(prims), names
            shown = np.array([frame(cache, prim) for prim in prims])
            worst = np.maximum(worst, errors(shown, links[row, 1 : len(names) + 1]))
    assert np.all(worst <= (METRES, RADIANS))


def test_the_digest_tells_a_joint_that_slides_from_one_that_turns(cell: Path):
    text = (cell.parent / "rail" / "asset").rglob("*.usda")
    before = load(cell).digest
    for file in text:
        said = file.read_text("utf-8")
        file.write_text(said.replace("PhysicsPrismaticJoint", "PhysicsRevoluteJoint"), "utf-8")
    assert load(cell).digest != before
