"""Scenes on disk in which something can't move as it should: each is refused by path and reason.

Where there is something near that would work, the message says so.
"""

from pathlib import Path

import pytest
import trimesh
from pxr import Sdf, Usd, UsdGeom, UsdPhysics, UsdSemantics
from typer.testing import CliRunner

from tests.scene.targets import BODY, TargetCell
from twin.cli import app
from twin.data import scene_path
from twin.scene.author import stand

ROBOT = "/Cell/Weld/Robot"
LANE = "/CellFactory/Plant/Lanes/A0_0070"
WELDER = "/BodyShop/Line/Station_040/Robot_1"


def told(command: str, scene: str | Path, *arguments: str) -> str:
    """What the command says of a scene that it refuses, on one line."""
    result = CliRunner().invoke(app, [command, str(scene), *arguments])
    assert result.exit_code in {1, 2}, result.output
    return " ".join(result.output.split())


def over(folder: Path, scene: str) -> Usd.Stage:
    """A scene of ours with a layer over it, to be spoilt."""
    stage = Usd.Stage.CreateNew(str(folder / "spoilt.usda"))
    base = Sdf.Layer.FindOrOpen(str(scene_path(scene)))
    stage.GetRootLayer().subLayerPaths.append(base.identifier)
    stage.SetDefaultPrim(stage.GetPrimAtPath(f"/{base.defaultPrim}"))
    for setting in ("metersPerUnit", "kilogramsPerUnit"):
        stage.SetMetadata(setting, 1.0)
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    return stage


def cell_with(folder: Path, xyz: tuple[float, float, float], **program: object) -> TargetCell:
    cell = TargetCell(folder)
    cell.program(targets=(cell.target("spot", xyz),), **program)
    return cell


def test_an_unreachable_target(tmp_path: Path):
    said = told("check", cell_with(tmp_path, (0.0, 1.9, 0.9)).saved())
    assert f"{ROBOT}/Programs/Work {BODY}/spot must be within reach, got a wrist" in said
    assert "too far from axis 2" in said
    assert "the nearest that works is" in said


def test_a_program_without_a_tool(tmp_path: Path):
    cell = cell_with(tmp_path, (0.0, -0.9, 0.9), tool=False, actions=("weld",), durations=(1.0,))
    said = told("check", cell.saved())
    assert f"{ROBOT}/Programs/Work twin:tool needs a tool to weld, got nothing" in said
    assert "name its frame, below the robot's last link" in said


def test_limits_that_are_reversed(tmp_path: Path):
    cell = cell_with(tmp_path, (0.0, -0.9, 0.9))
    robot = cell.stage.GetPrimAtPath(ROBOT)
    joint = next(prim for prim in Usd.PrimRange(robot) if prim.IsA(UsdPhysics.RevoluteJoint))
    limit = UsdPhysics.RevoluteJoint(joint).GetLowerLimitAttr()
    upper = UsdPhysics.RevoluteJoint(joint).GetUpperLimitAttr().Get()
    limit.Set(upper + 10.0)
    said = told("check", cell.saved())
    rule = "must have physics:lowerLimit below physics:upperLimit"
    assert f"{joint.GetPath()} {rule}, got {upper + 10:g} to {upper:g} deg" in said
    assert f"swap them: {upper:g} to {upper + 10:g} deg" in said


def test_a_cycle_in_the_frames_of_a_robot(tmp_path: Path):
    cell = cell_with(tmp_path, (0.0, -0.9, 0.9))
    robot = cell.stage.GetPrimAtPath(ROBOT)
    first = next(prim for prim in Usd.PrimRange(robot) if prim.IsA(UsdPhysics.RevoluteJoint))
    base = UsdPhysics.RevoluteJoint(first).GetBody0Rel().GetTargets()
    joint = UsdPhysics.RevoluteJoint.Define(cell.stage, f"{ROBOT}/back")
    joint.CreateAxisAttr("Z")
    joint.CreateBody0Rel().SetTargets([f"{ROBOT}/link_6"])
    joint.CreateBody1Rel().SetTargets(base)
    said = told("check", cell.saved())
    assert f"{ROBOT} must have joints that form one chain from a base link" in said
    assert "a cycle of" in said
    assert "leave out the one to the base, such as back" in said


def test_a_cycle_in_the_frames_of_a_scene(tmp_path: Path):
    cell = cell_with(tmp_path, (0.0, -0.9, 0.9))
    cell.stage.GetPrimAtPath(BODY).GetReferences().AddInternalReference("/Cell/Products")
    said = told("check", cell.saved())
    assert BODY in said
    assert "cycle" in said.lower()


def test_a_lane_curve_below_the_turning_radius(tmp_path: Path):
    stage = over(tmp_path, "cell_factory")
    lane = stage.GetPrimAtPath(LANE)
    lane.CreateAttribute("twin:radii", Sdf.ValueTypeNames.DoubleArray).Set([5.0, 0.0])
    vehicle = stage.GetPrimAtPath("/CellFactory/Plant/Agv_01")
    vehicle.CreateAttribute("twin:turningRadius", Sdf.ValueTypeNames.Double).Set(6.5)
    stage.Save()
    said = told("check", tmp_path / "spoilt.usda")
    least = "must be >= 6.5 m to /CellFactory/Plant/Lanes/A0_0154, the turning radius of"
    assert f"{LANE} twin:radii {least} /CellFactory/Plant/Agv_01, got 5" in said


@pytest.mark.parametrize(
    ("points", "faces", "way_out"),
    [([], [], "give it points and faces"), ([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [0, 1, 2], "close")],
)
def test_a_mesh_without_volume(tmp_path: Path, points, faces, way_out):
    stage = over(tmp_path, "body_shop")
    mesh = UsdGeom.Mesh.Define(stage, f"{WELDER}/link_6/plate")
    mesh.CreatePointsAttr(points)
    mesh.CreateFaceVertexCountsAttr([3] * (len(faces) // 3))
    mesh.CreateFaceVertexIndicesAttr(faces)
    stage.Save()
    said = told("clearance", tmp_path / "spoilt.usda")
    assert f"{WELDER}/link_6/plate must" in said
    assert way_out in said


def test_a_cell_in_which_nothing_comes_near_anything_is_no_error(tmp_path: Path):
    cell = cell_with(tmp_path, (0.0, -0.9, 0.9))
    result = CliRunner().invoke(app, ["clearance", str(cell.saved()), "--margin", "0.001"])
    assert result.exit_code == 0, result.output


def test_a_target_inside_the_fence(tmp_path: Path):
    cell = cell_with(tmp_path, (0.0, -0.9, 0.9))
    box = trimesh.creation.box((0.9, 0.9, 0.9))
    fence = UsdGeom.Mesh.Define(cell.stage, "/Cell/Weld/Fence")
    fence.CreatePointsAttr(box.vertices.tolist())
    fence.CreateFaceVertexCountsAttr([3] * len(box.faces))
    fence.CreateFaceVertexIndicesAttr(box.faces.ravel().tolist())
    stand(fence.GetPrim(), (0.0, -0.9, 0.9))
    labels = UsdSemantics.LabelsAPI.Apply(fence.GetPrim(), "category")
    labels.CreateLabelsAttr(["fence"])
    said = told("clearance", cell.saved())
    assert f"{ROBOT}/Programs/Work {BODY}/spot must keep {ROBOT} out of the fence" in said
    assert "got /Cell/Weld/Fence" in said
    assert "% of the way from waypoint 1 is clear" in said
