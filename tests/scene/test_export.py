"""An export as a whole: what is in the folder, that it is sound, and what is refused."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdPhysics, UsdValidation

from tests.scene.export_line import write_line
from tests.scene.shop import shop
from tests.sources import ROOT
from twin.errors import CommandError, SceneError, TwinError
from twin.scene import check_scene, load, open_stage, read_plant
from twin.scene.export import ExportSummary, export_usd
from twin.units import to_ticks

END = to_ticks(60.0)
WELD_MTBF = "/Line/Weld.twin:mtbf"


def contents(folder: Path) -> dict[str, bytes]:
    files = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def export(folder: Path, **options: object) -> ExportSummary:
    return export_usd(write_line(folder), END, folder / "out", **options)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene to export; nothing is written to its folder."""
    return write_line(tmp_path_factory.mktemp("line"))


@pytest.fixture(scope="module")
def summary(line: Path, tmp_path_factory: pytest.TempPathFactory) -> ExportSummary:
    return export_usd(line, END, tmp_path_factory.mktemp("export") / "out")


def test_the_export_has_no_errors_by_all_validators_of_usd(summary: ExportSummary):
    registry = UsdValidation.ValidationRegistry()
    context = UsdValidation.ValidationContext(registry.GetOrLoadAllValidators())
    stage = Usd.Stage.Open(str(summary.root))
    found = [(e.GetIdentifier(), e.GetMessage()) for e in context.Validate(stage)]
    assert found == []
    assert stage.GetCompositionErrors() == []


def test_the_root_layer_says_how_to_play_it(summary: ExportSummary):
    assert summary.animation
    for file in (summary.root, summary.animation):
        layer = Sdf.Layer.FindOrOpen(str(file))
        assert (layer.startTimeCode, layer.endTimeCode) == (0.0, 3600.0)
        assert (layer.timeCodesPerSecond, layer.framesPerSecond) == (60.0, 60.0)
        assert layer.defaultPrim == "Line"
    stage = Usd.Stage.Open(str(summary.root))
    assert UsdGeom.GetStageUpAxis(stage) == "Z"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert UsdPhysics.GetStageKilogramsPerUnit(stage) == 1.0


def test_the_exported_plant_is_the_same_plant(line: Path, summary: ExportSummary):
    assert read_plant(open_stage(summary.root)).digest == load(line).digest
    assert check_scene(summary.root) == []


def test_the_export_needs_nothing_outside_its_folder(tmp_path: Path):
    summary = export(tmp_path)
    moved = tmp_path / "elsewhere" / "moved"
    shutil.copytree(summary.root.parent, moved)
    for name in ("scenes", "assets", "out"):
        shutil.rmtree(tmp_path / name)
    stage = Usd.Stage.Open(str(moved / summary.root.name))
    assert stage.GetCompositionErrors() == []
    geometry = stage.GetPrimAtPath("/Line/Weld/Robot_1/link_3/geometry")
    meshes = Usd.PrimRange(geometry, Usd.TraverseInstanceProxies())
    assert any(prim.IsA(UsdGeom.Mesh) for prim in meshes)


def test_absolute_paths_become_relative(tmp_path: Path):
    path = write_line(tmp_path, copied=False)
    summary = export_usd(path, END, tmp_path / "out")
    texts = [data for name, data in contents(tmp_path / "out").items() if name.endswith(".usda")]
    assert not any(str(each).encode() in text for each in (ROOT, tmp_path) for text in texts)
    assert (tmp_path / "out" / "components" / "hs220" / "hs220.usda").is_file()
    assert Usd.Stage.Open(str(summary.root)).GetCompositionErrors() == []
    assert read_plant(open_stage(summary.root)).digest == load(path).digest


def test_parts_are_instances_of_their_products(summary: ExportSummary):
    stage = Usd.Stage.Open(str(summary.root))
    part = stage.GetPrimAtPath("/Line/Parts/Part_1/Car_raw")
    assert part.IsInstance()
    assert stage.GetPrimAtPath("/Line/Parts/Part_1/Car_raw/body").IsA(UsdGeom.Cube)


def test_the_same_arguments_give_the_same_bytes_also_in_another_process(
    line: Path, summary: ExportSummary, tmp_path: Path
):
    code = "import sys; from twin.scene.export import export_usd as e; e(sys.argv[1], %d, 'out')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "77"}
    command = [sys.executable, "-c", code % END, str(line)]
    subprocess.run(command, cwd=tmp_path, check=True, env=environment, timeout=120)
    assert contents(tmp_path / "out") == contents(summary.root.parent)


def test_another_seed_gives_another_run(line: Path, summary: ExportSummary, tmp_path: Path):
    other = export_usd(line, END, tmp_path / "out", seed=2)
    assert other.animation
    assert summary.animation
    assert other.animation.read_bytes() != summary.animation.read_bytes()


def test_the_summary_counts_what_was_written(summary: ExportSummary):
    files = contents(summary.root.parent)
    assert summary.files == len(files)
    assert summary.bytes == sum(map(len, files.values()))
    moving = ("animation.usdc", "material_flow/products.usdc")
    assert summary.animation_bytes == sum(len(files[name]) for name in moving)
    keys = 0
    for name in moving:
        layer = Sdf.Layer.FindOrOpen(str(summary.root.parent / name))
        paths: list[Sdf.Path] = []
        layer.Traverse("/", paths.append)
        keys += sum(layer.GetNumTimeSamplesForPath(path) for path in paths)
    assert summary.keys == keys
    assert (summary.robots, summary.links, summary.places) == (2, 12, 7)
    stage = Usd.Stage.Open(str(summary.root))
    assert summary.parts == len(stage.GetPrimAtPath("/Line/Parts").GetChildren())


def test_an_override_and_a_scenario_travel_with_the_export(line: Path, tmp_path: Path):
    scenario = tmp_path / "slow.usda"
    text = 'over "Line"\n{\nover "Check"\n{\ndouble twin:processTime = 21\n}\n}'
    scenario.write_text(f'#usda 1.0\n(\n defaultPrim = "Line"\n)\n{text}\n')
    options = {"overrides": [f"{WELD_MTBF}=0"], "scenario": [scenario]}
    summary = export_usd(line, END, tmp_path / "out", **options)
    expected = load(line, scenarios=[scenario], overrides=[f"{WELD_MTBF}=0"])
    plant = read_plant(open_stage(summary.root))
    assert plant.digest == expected.digest != load(line).digest
    assert plant.places[2].params.mtbf == 0
    assert plant.places[4].params.process_time == 21


def test_progress_rises_to_one_and_says_what_is_done(line: Path, tmp_path: Path):
    told: list[tuple[str, float]] = []
    export_usd(line, END, tmp_path / "out", progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    kinds = ["simulating", "robots", "parts", "states", "writing", "packaging"]
    assert list(dict.fromkeys(what for what, _ in told)) == kinds


def test_an_earlier_export_is_replaced_whole(line: Path, tmp_path: Path):
    export_usd(line, END, tmp_path / "out", overrides=[f"{WELD_MTBF}=0"])
    assert (tmp_path / "out" / "layers" / "overrides.usda").exists()
    export_usd(line, END, tmp_path / "out")
    assert not (tmp_path / "out" / "layers" / "overrides.usda").exists()
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_an_empty_folder_is_filled(line: Path, tmp_path: Path):
    (tmp_path / "out").mkdir()
    export_usd(line, END, tmp_path / "out")
    assert (tmp_path / "out" / "line.usda").exists()


@pytest.mark.parametrize("beside", ["nothing", "an export"])
def test_a_folder_with_other_files_is_left_alone(line: Path, tmp_path: Path, beside: str):
    out = tmp_path / "out"
    if beside == "an export":
        export_usd(line, END, out)
    else:
        out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    before = contents(out)
    with pytest.raises(CommandError, match=r"out holds .*: thesis.txt; empty it, or choose"):
        export_usd(line, END, out)
    assert contents(out) == before


def test_a_broken_marker_is_no_earlier_export(line: Path, tmp_path: Path):
    for text in ("[]", '{"format": 1}', '{"format": "twin export 1", "files": 3}', "{"):
        (tmp_path / "export.json").write_text(text)
        with pytest.raises(CommandError, match="not an earlier export"):
            export_usd(line, END, tmp_path)


def test_a_file_in_the_way_is_left_alone(line: Path, tmp_path: Path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(CommandError, match="is not a folder"):
        export_usd(line, END, tmp_path / "out")
    with pytest.raises(CommandError, match="can't be written: Not a directory"):
        export_usd(line, END, tmp_path / "out" / "deeper")


@pytest.mark.parametrize(
    ("until", "options", "message"),
    [
        (0, {}, "until must be > 0, got 0 s"),
        (END, {"fps": 0.0}, "fps must be > 0"),
        (END, {"position_error": float("nan")}, "position_error must be > 0"),
        (END, {"angle_error": -1.0}, "angle_error must be > 0"),
        (END, {"overrides": ["/Line/Weld.twin:mtbf=long"]}, "must be a number"),
    ],
)
def test_a_wrong_argument_is_named(line: Path, tmp_path: Path, until, options, message):
    with pytest.raises(CommandError, match=message):
        export_usd(line, until, tmp_path / "out", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_leaves_what_was_there(line: Path, tmp_path: Path):
    export_usd(line, END, tmp_path / "out")
    before = contents(tmp_path)
    with pytest.raises(TwinError, match=r"nowhere\.usda must"):
        export_usd(tmp_path / "nowhere.usda", END, tmp_path / "out")
    assert contents(tmp_path) == before


def test_an_export_is_not_exported_again(summary: ExportSummary, tmp_path: Path):
    with pytest.raises(SceneError, match="must not be an export itself"):
        export_usd(summary.root, END, tmp_path / "out")


def test_a_product_that_the_scene_does_not_show_is_a_box(tmp_path: Path):
    summary = export_usd(shop(tmp_path), to_ticks(200.0), tmp_path / "out")
    stage = Usd.Stage.Open(str(summary.root))
    assert summary.serials > 0
    assert stage.GetPrimAtPath("/Shop/Parts/Part_1/part").GetTypeName() == "Cube"
    assert check_scene(summary.root) == []


def test_a_product_without_forms_is_shown_as_it_is_but_is_no_product_itself(tmp_path: Path):
    more = 'def Sphere "Ball" (\n prepend apiSchemas = ["TwinProductAPI"]\n) {\n}'
    path = shop(tmp_path, more=more)
    summary = export_usd(path, to_ticks(200.0), tmp_path / "out")
    stage = Usd.Stage.Open(str(summary.root))
    look = stage.GetPrimAtPath("/Shop/Parts/Part_1/Ball")
    assert look.GetTypeName() == "Sphere"
    assert look.GetAppliedSchemas() == ["SemanticsLabelsAPI:class"]
    assert read_plant(open_stage(summary.root)).digest == load(path).digest


LATE = """
import sys
from pxr import Usd
Usd.SchemaRegistry()  # from now on USD takes no more schemas
Usd.Stage.CreateInMemory()
from twin.scene import load
from twin.scene.export import export_usd
root = export_usd(sys.argv[1], 200_000_000, sys.argv[2]).root
assert load(root).digest == load(sys.argv[1]).digest
"""


def test_a_look_is_no_product_even_where_usd_does_not_know_our_schemas(tmp_path: Path):
    more = 'def Sphere "Ball" (\n prepend apiSchemas = ["TwinProductAPI"]\n) {\n}'
    command = [sys.executable, "-c", LATE, str(shop(tmp_path, more=more)), str(tmp_path / "out")]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_a_scene_that_has_parts_of_its_own_keeps_them(tmp_path: Path):
    path = shop(tmp_path, more='def Xform "Parts" {\n}')
    summary = export_usd(path, to_ticks(200.0), tmp_path / "out")
    stage = Usd.Stage.Open(str(summary.root))
    assert not stage.GetPrimAtPath("/Shop/Parts").GetChildren()
    assert stage.GetPrimAtPath("/Shop/Parts_2/Part_1")


def test_a_link_that_is_not_placed_by_translate_and_orient_is_named(tmp_path: Path):
    path = write_line(tmp_path)
    stage = Usd.Stage.Open(str(path))
    link = UsdGeom.Xformable(stage.GetPrimAtPath("/Line/Weld/Robot_2/link_2"))
    link.ClearXformOpOrder()
    link.AddTransformOp()
    stage.Save()
    rule = r"Robot_2/link_2 must be placed by translate and orient .*got xformOp:transform"
    with pytest.raises(SceneError, match=rule):
        export_usd(path, END, tmp_path / "out")


@pytest.mark.parametrize(
    ("hand", "message"),
    [
        ("link_5/hand", "link_5/hand must be a sibling of the robot's base"),
        ("link_5/geometry/Looks", "Looks must not be inside an instance to be animated"),
    ],
)
def test_a_link_that_is_not_beside_the_others_is_named(tmp_path: Path, hand: str, message: str):
    path = write_line(tmp_path)
    stage = Usd.Stage.Open(str(path))
    robot = "/Line/Weld/Robot_1"
    UsdGeom.Xform.Define(stage, f"{robot}/link_5/hand")
    joint = UsdPhysics.RevoluteJoint(stage.GetPrimAtPath(f"{robot}/joints/joint_6"))
    joint.GetBody1Rel().SetTargets([f"{robot}/{hand}"])
    stage.Save()
    with pytest.raises(SceneError, match=message):
        export_usd(path, END, tmp_path / "out")


def test_the_marker_tells_how_the_export_was_made(summary: ExportSummary):
    marker = json.loads((summary.root.parent / "export.json").read_text())
    assert marker["scene"] == "line.usda"
    assert (marker["seed"], marker["until_ticks"]) == (1, END)
    assert sorted(marker["files"]) == sorted(contents(summary.root.parent))
