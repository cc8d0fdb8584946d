"""`twin clearance`: what it prints and writes, and what it refuses."""

import json
from pathlib import Path

import pytest
from pxr import Usd, UsdGeom
from typer.testing import CliRunner

from twin.cli import app
from twin.data import scene_path

ROOT = str(scene_path("body_shop"))


def twin(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def shop_with(tmp_path: Path, points: list[tuple[float, float, float]], faces: list[int]) -> str:
    """The body shop, with a mesh fixed to a robot's hand."""
    file = tmp_path / "shop.usda"
    stage = Usd.Stage.CreateNew(str(file))
    stage.GetRootLayer().subLayerPaths.append(ROOT)
    stage.SetDefaultPrim(stage.GetPrimAtPath("/BodyShop"))
    for setting in ("metersPerUnit", "kilogramsPerUnit"):
        stage.SetMetadata(setting, 1.0)
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    mesh = UsdGeom.Mesh.Define(stage, "/BodyShop/Line/Station_040/Robot_1/link_6/plate")
    mesh.CreatePointsAttr(points)
    mesh.CreateFaceVertexCountsAttr([3] * (len(faces) // 3))
    mesh.CreateFaceVertexIndicesAttr(faces)
    stage.Save()
    return str(file)


def test_a_body_is_followed_through_the_line_and_drawn(tmp_path: Path):
    page = tmp_path / "suv.html"
    result = twin("clearance", "body_shop", "--body", "Suv", "--html", str(page), "--json")
    assert result.exit_code == 0, result.output
    tree = json.loads(result.stdout[result.stdout.index("{") :])
    assert tree["body"] == "Suv"
    assert {row["kind"] for row in tree["pairs"]} >= {"robot, body"}
    assert all(row["lower"] <= row["upper"] <= tree["margin"] for row in tree["pairs"])
    assert page.stat().st_size > 100_000


def test_an_unknown_prim_is_refused_with_the_nearest():
    result = twin("clearance", "body_shop", "--against", "/BodyShop/Line/Station_12")
    assert result.exit_code == 2
    assert "/BodyShop/Line/Station_12 must be a prim of the scene; did you mean" in result.output


@pytest.mark.parametrize(
    ("points", "faces", "rule"),
    [
        ([], [], "must have a mesh with triangles"),
        ([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [0, 1, 2], "must enclose a volume"),
    ],
)
def test_a_mesh_without_volume_is_refused_by_path(
    tmp_path: Path, points: list[tuple[float, float, float]], faces: list[int], rule: str
):
    result = twin("clearance", shop_with(tmp_path, points, faces))
    assert result.exit_code == 2
    assert f"/BodyShop/Line/Station_040/Robot_1/link_6/plate {rule}" in result.output
