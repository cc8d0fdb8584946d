"""NVIDIA's validators and an independent reader accept every asset, and reject broken ones.

They run in an environment of their own (tests/assets/validators.txt), which `.ci/run` makes:
TWIN_VALIDATORS is its Python. Without one these tests are skipped, unless
TWIN_REQUIRE_VALIDATORS=1.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdPhysics

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parents[1] / "assets"
PACKAGES = sorted(ASSETS.glob("*/*/simready_usd/*.usda"))
FOLDERS = sorted({path.parents[2].name for path in PACKAGES})
PYTHON = Path(
    os.environ.get("TWIN_VALIDATORS", "~/.cache/factory-twin/validators/bin/python")
).expanduser()

pytestmark = [
    pytest.mark.skipif(
        not PYTHON.exists() and not os.environ.get("TWIN_REQUIRE_VALIDATORS"),
        reason="needs the environment of tests/assets/validators.txt (TWIN_VALIDATORS)",
    ),
    pytest.mark.timeout(900),
]
each_folder = pytest.mark.parametrize("folder", FOLDERS)

# Rules of SimReady that can't run with the schemas that are published.
UNABLE = ("to TfType", "No module named 'usd'", "no attribute 'PhysxJointAPI'")
PROP = ("FET_000", "FET_001", "FET_003", "FET_006", "FET_011", "FET_031", "FET_033", "FET_046")
ROBOT = ("FET_001", "FET_003", "FET_004", "FET_006", "FET_022", "FET_024", "FET_031", "FET_033")
OPTIONAL = {"FET_000_STANDARD"}  # its optional part asks for metadata that SR.004 has replaced


def findings(what: str, paths: list[Path]) -> dict[str, object]:
    """What the script finds in each file."""
    line = [PYTHON, HERE / "validate.py", what, *paths]
    ran = subprocess.run(line, capture_output=True, text=True, check=False, timeout=800)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout[ran.stdout.index("{") :])


def of(folder: str) -> list[Path]:
    return [path for path in PACKAGES if path.parents[2].name == folder]


@each_folder
def test_nvidias_base_rules_find_nothing_in_any_variant(folder: str):
    packages = of(folder)
    found = findings("rules", [*packages, *(p.parents[1] / p.name for p in packages)])
    assert len(found) == 2 * len(packages)
    assert {path: issues for path, issues in found.items() if issues} == {}


@each_folder
def test_simready_profiles_pass_feature_by_feature(folder: str):
    robots = [path for path in of(folder) if "physics.usda" in str(list(path.parent.rglob("*")))]
    props = [path for path in of(folder) if path not in robots]
    assert len(robots) in {0, 6}
    for profile, paths, wanted in (
        ("Robotics-Prop", props, PROP),
        ("Robot-Body", robots, ROBOT),
    ):
        for path, found in (findings(profile, paths) if paths else {}).items():
            assert found["passed"], (path, found["issues"])
            assert found["issues"] == [], path
            missing = [name for name in wanted if not feature(found, name)]
            assert missing == [], path
            strange = [e for e in found["errors"] if not any(known in e for known in UNABLE)]
            assert strange == [], path


def feature(found, number: str) -> bool:
    """Whether the standard form of a feature was checked and passed, or nothing of it blocked."""
    name = f"{number}_STANDARD"
    assert name in found["features"], number
    return found["features"][name] or name in OPTIONAL


@each_folder
def test_an_independent_reader_sees_the_same_prims_and_values(folder: str):
    for path, found in findings("lightusd", of(folder)).items():
        assert found["only one sees"] == found["other type"] == found["other value"] == [], path
        assert found["values"] > 3 * found["meshes"] > 0
        assert found["points"] == found["meshes"]


def copied(place: str, tmp_path: Path) -> Path:
    """A copy of an asset's folder that may be broken; its interface layer."""
    name = place.rsplit("/", 1)[1]
    shutil.copytree(ASSETS / place, tmp_path / name)
    return tmp_path / name / "simready_usd" / f"{name}.usda"


def without_bodies(path: Path) -> None:
    """Take the rigid bodies away."""
    stage = Usd.Stage.Open(str(path))
    for prim in stage.Traverse():
        if prim.HasAPI(UsdPhysics.RigidBodyAPI):
            prim.RemoveAPI(UsdPhysics.RigidBodyAPI)
    stage.Save()


def without_picture(path: Path) -> None:
    shutil.rmtree(path.parent / ".thumbs")


def without_labels(path: Path) -> None:
    stage = Usd.Stage.Open(str(path))
    for taxonomy in ("class", "wikidata_qcode"):
        stage.GetDefaultPrim().RemoveProperty(f"semantics:labels:{taxonomy}")
    stage.Save()


def without_drives(path: Path) -> None:
    layer = Sdf.Layer.FindOrOpen(str(path.parent / "payload" / f"{path.stem}_physics.usda"))
    for number in range(1, 7):
        joint = layer.GetPrimAtPath(f"{Usd.Stage.Open(str(path)).GetDefaultPrim().GetPath()}"
                                    f"/joints/joint_{number}")  # fmt: skip
        joint.ClearInfo("apiSchemas")
    layer.Save()


def without_metadata(path: Path) -> None:
    layer = Sdf.Layer.FindOrOpen(str(path))
    layer.customLayerData = {}
    layer.Save()


def in_centimetres(path: Path) -> None:
    layer = Sdf.Layer.FindOrOpen(str(path))
    layer.pseudoRoot.SetInfo("metersPerUnit", 0.01)
    layer.Save()


BROKEN = [
    ("robots/hs220", "Robot-Body", without_drives, "FET_022_STANDARD"),
    ("robots/hh7", "Robot-Body", without_bodies, "FET_003_STANDARD"),
    ("conveyors/roller_conveyor", "Robotics-Prop", without_labels, "FET_046_STANDARD"),
    ("carriers/skid", "Robotics-Prop", without_bodies, "FET_003_STANDARD"),
    ("parts/wheel", "Robotics-Prop", in_centimetres, "FET_001_STANDARD"),
    ("vehicles/charger", "Robotics-Prop", without_picture, "FET_033_STANDARD"),
    ("stations/marriage_station", "Robotics-Prop", without_metadata, "FET_033_STANDARD"),
    ("tools/weld_gun", "Robotics-Prop", without_labels, "FET_011_STANDARD"),
]


@pytest.mark.parametrize(
    ("place", "profile", "break_it", "name"), BROKEN, ids=lambda it: getattr(it, "__name__", it)
)
def test_a_profile_names_the_feature_that_a_broken_asset_lacks(
    place, profile, break_it, name, tmp_path: Path
):
    path = copied(place, tmp_path)
    break_it(path)
    (found,) = findings(profile, [path]).values()
    assert found["features"][name] is False
    assert profile == "Robot-Body" or not found["passed"]


def with_a_strange_kind(path: Path) -> None:
    layer = Sdf.Layer.FindOrOpen(str(path))
    layer.GetPrimAtPath(f"/{layer.defaultPrim}").kind = "gadget"
    layer.Save()


def without_geometry(path: Path) -> None:
    (path.parent / "payload" / f"{path.stem}_geo.usdc").unlink()


def without_default(path: Path) -> None:
    layer = Sdf.Layer.FindOrOpen(str(path))
    layer.ClearDefaultPrim()
    layer.Save()


def with_a_lost_body(path: Path) -> None:
    """Let a joint hold a link that doesn't exist."""
    stage = Usd.Stage.Open(str(path))
    joint = UsdPhysics.Joint(
        stage.GetPrimAtPath(f"/{stage.GetDefaultPrim().GetName()}/joints/joint_3")
    )
    joint.GetBody1Rel().SetTargets(["/Nowhere"])
    stage.Save()


def with_a_body_that_has_no_place(path: Path) -> None:
    stage = Usd.Stage.Open(str(path))
    looks = stage.GetDefaultPrim().GetChild("Looks")
    UsdPhysics.RigidBodyAPI.Apply(looks)
    stage.Save()


def without_a_material(path: Path) -> None:
    """Let a mesh be bound to nothing."""
    layer = Sdf.Layer.FindOrOpen(str(path.parent / "payload" / f"{path.stem}_geo.usdc"))
    looks = layer.GetPrimAtPath(f"/{layer.defaultPrim}/Looks")
    del looks.nameChildren[looks.nameChildren[0].name]
    layer.Save()


def with_a_flat_face(path: Path) -> None:
    layer = Sdf.Layer.FindOrOpen(str(path.parent / "payload" / f"{path.stem}_geo.usdc"))
    stage = Usd.Stage.Open(layer)
    mesh = next(UsdGeom.Mesh(p) for p in stage.Traverse() if p.IsA(UsdGeom.Mesh))
    indices = list(mesh.GetFaceVertexIndicesAttr().Get())
    indices[1] = indices[0]
    mesh.GetFaceVertexIndicesAttr().Set(indices)
    layer.Save()


@pytest.mark.parametrize(
    ("place", "break_it", "rule"),
    [
        ("bodies/sedan", without_geometry, "MissingReferenceChecker"),
        ("robots/hs220", with_a_lost_body, "PhysicsJointChecker"),
        ("electrical/cable_tray", without_default, "DefaultPrimChecker"),
        ("hall/hall_light", with_a_strange_kind, "KindChecker"),
        ("safety/fence_panel", without_a_material, "UsdDanglingMaterialBinding"),
        ("carriers/skid", with_a_body_that_has_no_place, "RigidBodyChecker"),
        ("people/worker", with_a_flat_face, "ZeroAreaFaceChecker"),
        ("signals/light_mast", with_a_flat_face, "ZeroAreaFaceChecker"),
        ("storage/body_rack", without_geometry, "MissingReferenceChecker"),
    ],
    ids=lambda it: getattr(it, "__name__", it),
)
def test_a_base_rule_names_what_is_wrong_with_a_broken_asset(place, break_it, rule, tmp_path: Path):
    path = copied(place, tmp_path)
    break_it(path)
    (found,) = findings("rules", [path]).values()
    assert rule in {name for _, name, _ in found}, found
