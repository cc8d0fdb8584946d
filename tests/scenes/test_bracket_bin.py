"""The bracket bin is a sound scene with a cell, and what is wrong with a cell is named."""

import json

import numpy as np
import pytest
from pxr import Usd, UsdGeom, UsdValidation
from typer.testing import CliRunner

from tests.sources import ROOT
from twin.cli import app
from twin.data import scene_path
from twin.errors import SceneError
from twin.hifi.solid import volume
from twin.scene import check_scene, load, open_stage
from twin.scene.author import CONFIDENCES
from twin.scene.bodies import SIDES, solids_below
from twin.scene.cell import cameras, load_cells, read_cells

CELL = "/BracketBin/Cell"


@pytest.fixture(scope="module")
def scene():
    return scene_path("bracket_bin")


@pytest.fixture
def stage(scene):
    """A stage of its own for each test, to be spoilt in its session layer."""
    stage = Usd.Stage.Open(open_stage(scene).GetRootLayer(), Usd.Stage.LoadAll)
    stage.SetEditTarget(stage.GetSessionLayer())
    return stage


@pytest.fixture(scope="module")
def plant(scene):
    return load(scene)


def test_the_author_script_writes_the_committed_text_again(scene, tmp_path):
    from scenes.bracket_bin.authoring.shop import author

    folder = tmp_path / "scenes" / "bracket_bin"
    (tmp_path / "assets").symlink_to(ROOT / "assets")
    for path in author(folder):
        assert path.read_text("utf-8") == (scene.parent / path.name).read_text("utf-8"), path.name


def test_it_passes_the_check_and_the_validators_of_usd(scene):
    assert check_scene(scene) == []
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    for path in (scene, scene.parent / "layout.usda", scene.parent / "bin_robot.usda"):
        found = UsdValidation.ValidationContext(validators).Validate(Usd.Stage.Open(str(path)))
        assert [error.GetMessage() for error in found] == []


def test_every_value_says_where_it_comes_from(stage):
    values = [
        attribute
        for prim in stage.Traverse()
        for attribute in prim.GetAuthoredPropertiesInNamespace("twin")
        if isinstance(attribute, Usd.Attribute) and str(prim.GetPath()).startswith("/BracketBin/P")
    ]
    values = [each for each in values if "joint" not in str(each.GetPath())]
    assert len(values) > 10
    for value in values:
        assert value.GetCustomDataByKey("confidence") in CONFIDENCES, value.GetPath()


def test_the_cell_is_read_as_it_is_drawn(scene):
    plant, (plan,) = load_cells(scene)
    assert plan.path == CELL
    assert plan.inlet == "/BracketBin/Plant/Bin"
    assert volume(plan.parts["Bracket"]) == pytest.approx(0.1 * 0.06 * 0.008 + 0.062 * 0.06 * 0.008)
    robot = plant.robots[0]
    assert len(plan.robots[robot.path]) == robot.arm.joint_count + 1
    assert plan.picker.tip == pytest.approx([0.35, 0.0, 0.0])
    tips = robot.arm.link_frames(robot.programs[0].waypoints)[:, -1] @ [*plan.picker.tip, 1.0]
    assert tips[plan.picker.pick, :3] == pytest.approx([0.95, 0.0, 0.5], abs=1e-4)


def test_links_are_read_where_the_arm_has_them(scene):
    """At the joint positions that the robot stands at in the scene, hulls are where meshes are."""
    plant, (plan,) = load_cells(scene)
    stage = open_stage(scene)
    robot = plant.robots[0]
    home = robot.programs[0].waypoints[:1]
    frames = robot.arm.link_frames(home)[0]
    cache = UsdGeom.XformCache()
    for number, link in enumerate(plan.robots[robot.path]):
        prim = stage.GetPrimAtPath(f"{robot.path}/{f'link_{number}' if number else 'base'}")
        drawn = [
            np.array(UsdGeom.Mesh(each).GetPointsAttr().Get()) @ axes[:3, :3] + axes[3, :3]
            for each in Usd.PrimRange(prim, Usd.TraverseInstanceProxies())
            if each.IsA("Mesh")
            for axes in [np.array(cache.GetLocalToWorldTransform(each))]
        ]
        points = np.vstack([each.points for each in link if len(each.points) != 2 * SIDES])
        points = points @ frames[number, :3, :3].T + frames[number, :3, 3]
        assert points.min(axis=0) == pytest.approx(np.vstack(drawn).min(axis=0), abs=1e-4)
        assert points.max(axis=0) == pytest.approx(np.vstack(drawn).max(axis=0), abs=1e-4)


@pytest.mark.parametrize(
    ("name", "targets", "message"),
    [
        ("holds", [], r"/BracketBin/Cell twin:holds must point at a prim, got nothing"),
        ("holds", ["/BracketBin/Plant/Bim"], r"must point at a place.*did you mean .*/Plant/Bin\?"),
        ("drop", ["/BracketBin/Nowhere"], r"twin:drop must point at a prim, got /BracketBin/Now"),
        ("bodies", ["/BracketBin/Plant/Belt"], r"/Plant/Belt must have a shape below it"),
        ("picker", ["/BracketBin/Equipment"], r"twin:picker must point at a robot of a station"),
        ("tool", ["/BracketBin/Equipment/Drop"], r"twin:tool must point at a prim below .*link_6"),
    ],
)
def test_a_wrong_relation_is_named(stage, plant, name, targets, message):
    stage.GetPrimAtPath(CELL).GetRelationship(f"twin:{name}").SetTargets(targets)
    with pytest.raises(SceneError, match=message):
        read_cells(stage, plant)


@pytest.mark.parametrize(
    ("number", "message"),
    [(2, "twin:pick must name a waypoint where .* waits, got 2"), (40, "one of the 8 waypoints")],
)
def test_a_robot_that_does_not_wait_where_it_should_pick_is_named(stage, plant, number, message):
    stage.GetPrimAtPath(CELL).GetAttribute("twin:pick").Set(number)
    with pytest.raises(SceneError, match=message):
        read_cells(stage, plant)


def test_a_mesh_without_volume_and_one_that_is_hollow_are_named():
    stage = Usd.Stage.CreateInMemory()
    sheet = UsdGeom.Mesh.Define(stage, "/Sheet")
    sheet.CreatePointsAttr([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)])
    sheet.CreateFaceVertexCountsAttr([4])
    sheet.CreateFaceVertexIndicesAttr([0, 1, 2, 3])
    with pytest.raises(SceneError, match="/Sheet must have a volume"):
        list(solids_below(sheet.GetPrim(), np.eye(4)))
    assert list(solids_below(sheet.GetPrim(), np.eye(4), link=True)) == []
    angle = UsdGeom.Mesh.Define(stage, "/Angle")  # an L, extruded
    outline = [(0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (0, 4)]
    angle.CreatePointsAttr([(x, y, z) for z in (0, 1) for x, y in outline])
    sides = [corner for k in range(6) for corner in (k, (k + 1) % 6, 6 + (k + 1) % 6, 6 + k)]
    angle.CreateFaceVertexCountsAttr([6, 6] + [4] * 6)
    angle.CreateFaceVertexIndicesAttr([5, 4, 3, 2, 1, 0, 6, 7, 8, 9, 10, 11, *sides])
    with pytest.raises(SceneError, match=r"/Angle must be about convex.*fills 61% of its hull"):
        list(solids_below(angle.GetPrim(), np.eye(4)))


def test_other_shapes_are_hulls_of_points_on_them():
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.Sphere.Define(stage, "/All/Ball").CreateRadiusAttr(2.0)
    rod = UsdGeom.Cylinder.Define(stage, "/All/Rod")
    rod.CreateAxisAttr("X")
    rod.CreateHeightAttr(3.0)
    rod.CreateRadiusAttr(0.5)
    UsdGeom.Cube.Define(stage, "/All/Guide").CreatePurposeAttr("guide")
    ball, bar = solids_below(stage.GetPrimAtPath("/All"), np.eye(4))
    assert ball.volume == pytest.approx(4 / 3 * np.pi * 8, rel=0.06)
    assert bar.volume == pytest.approx(np.pi * 0.25 * 3, rel=0.02)
    assert np.ptp(bar.points, axis=0) == pytest.approx([3.0, 1.0, 1.0], abs=0.01)


def test_a_scene_without_a_cell_says_what_to_do():
    with pytest.raises(SceneError, match="must have a cell; apply TwinCellAPI"):
        load_cells(scene_path("body_shop"))


def test_the_command_tells_what_happened_and_draws_it(tmp_path):
    file = tmp_path / "bin.png"
    words = ["cell", "bracket_bin", "--until", "4s", "--image", str(file), "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert facts["seconds"] == 4
    assert facts["inside"] == facts["entered"] - facts["left"] > 0
    picture = pytest.importorskip("PIL.Image").open(file)
    assert picture.size == (1280, 720)
    assert len(picture.getcolors(1_000_000)) > 1000


def test_an_unknown_camera_is_refused_before_the_run(scene):
    assert set(cameras(scene)) == {"Cell", "Bin"}
    words = ["cell", "bracket_bin", "--image", "x.png", "--camera", "Ceiling"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
