"""Copies of scenes: which files go where, and which paths change."""

from pathlib import Path

import pytest
from pxr import Sdf, Usd, UsdUtils

from twin.errors import SceneError
from twin.scene.export.package import gather

LAYER = """#usda 1.0
def "Wall" (
    {references}
)
{{
    {attributes}
}}
"""


def layer(file: Path, references: str = "", attributes: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(LAYER.format(references=references, attributes=attributes))
    return file


def touch(*files: Path) -> None:
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"")


def test_a_scene_goes_to_layers_and_what_it_refers_to_to_components(tmp_path: Path):
    door = tmp_path / "assets" / "door"
    layer(door / "door.usda", "payload = @./payload/geo.usda@</Wall>")
    layer(door / "payload" / "geo.usda", "references = @../../knob/knob.usda@</Wall>")
    layer(tmp_path / "assets" / "knob" / "knob.usda")
    root = layer(tmp_path / "halls" / "hall.usda", "references = @../assets/door/door.usda@</Wall>")
    package = gather([root])
    assert package.roots == ("layers/hall.usda",)
    assert set(package.target.values()) == {
        "layers/hall.usda", "components/door/door.usda", "components/door/payload/geo.usda",
        "components/knob/knob.usda",
    }  # fmt: skip
    out = tmp_path / "out"
    package.write(out)
    assert "@./../components/door/door.usda@" in (out / "layers" / "hall.usda").read_text()
    for name in ("door/door.usda", "door/payload/geo.usda", "knob/knob.usda"):
        copy = (out / "components" / name).read_bytes()
        assert copy == (tmp_path / "assets" / name).read_bytes()
    assert Usd.Stage.Open(str(out / "layers" / "hall.usda")).GetCompositionErrors() == []


def test_components_of_one_name_stay_apart(tmp_path: Path):
    for side in ("left", "right"):
        layer(tmp_path / side / "door" / "door.usda")
    paths = [f"@./{side}/door/door.usda@</Wall>" for side in ("left", "right")]
    root = layer(tmp_path / "hall.usda", f"references = [{', '.join(paths)}]")
    assert sorted(gather([root]).target.values()) == [
        "components/door/door.usda", "components/door_2/door.usda", "layers/hall.usda",
    ]  # fmt: skip


def test_a_layer_beside_the_scene_is_a_component_and_a_sublayer_is_not(tmp_path: Path):
    layer(tmp_path / "hook.usda")
    layer(tmp_path / "floor.usda", "references = @./hook.usda@</Wall>")
    root = tmp_path / "hall.usda"
    root.write_text("#usda 1.0\n(\n    subLayers = [@./floor.usda@]\n)\n")
    assert sorted(gather([root]).target.values()) == [
        "components/hook/hook.usda", "layers/floor.usda", "layers/hall.usda",
    ]  # fmt: skip


def test_files_named_by_absolute_paths_go_beside_with_all_they_need(tmp_path: Path):
    far = tmp_path / "far" / "lib"
    layer(far / "a" / "door.usda", "references = @../b/knob.usda@</Wall>")
    layer(far / "b" / "knob.usda")
    root = layer(tmp_path / "near" / "hall.usda", f"references = @{far}/a/door.usda@</Wall>")
    package = gather([root])
    package.write(tmp_path / "out")
    assert set(package.target.values()) == {
        "layers/hall.usda", "components/a/door.usda", "components/b/knob.usda",
    }  # fmt: skip
    copy = tmp_path / "out" / "layers" / "hall.usda"
    assert "@./../components/a/door.usda@" in copy.read_text()
    assert Usd.Stage.Open(str(copy)).GetCompositionErrors() == []


def test_textures_and_their_tiles_come_along(tmp_path: Path):
    far, near = tmp_path / "far", tmp_path / "near"
    touch(near / "b.png", near / "w.1001.png", near / "w.1002.png", far / "v.1001.png")
    paths = ("../b.png", "../w.<UDIM>.png", f"{far}/v.<UDIM>.png")
    attributes = "\n".join(f"asset file{i} = @{path}@" for i, path in enumerate(paths))
    root = layer(near / "hall" / "hall.usda", attributes=attributes)
    package = gather([root])
    package.write(tmp_path / "out")
    assert sorted(package.target.values()) == [
        "components/far/v.1001.png", "components/near/b.png", "components/near/w.1001.png",
        "components/near/w.1002.png", "layers/hall.usda",
    ]  # fmt: skip
    text = (tmp_path / "out" / "layers" / "hall.usda").read_text()
    for name in ("near/b.png", "near/w.<UDIM>.png", "far/v.<UDIM>.png"):
        assert f"@./../components/{name}@" in text


def test_packages_come_along_as_one_file(tmp_path: Path):
    door = layer(tmp_path / "door.usda")
    (tmp_path / "lib").mkdir()
    assert UsdUtils.CreateNewUsdzPackage(str(door), str(tmp_path / "lib" / "door.usdz"))
    root = layer(tmp_path / "hall" / "hall.usda", "references = @../lib/door.usdz@</Wall>")
    package = gather([root])
    assert set(package.target.values()) == {"layers/hall.usda", "components/lib/door.usdz"}
    package.write(tmp_path / "out")
    copy = tmp_path / "out" / "layers" / "hall.usda"
    assert Usd.Stage.Open(str(copy)).GetCompositionErrors() == []


def test_a_layer_beside_the_scene_stays_beside_it(tmp_path: Path):
    root = layer(tmp_path / "hall" / "hall.usda")
    scenario = layer(tmp_path / "hall" / "scenarios" / "slow.usda")
    assert gather([root, scenario]).roots == ("layers/hall.usda", "layers/scenarios/slow.usda")


def test_a_missing_file_is_named(tmp_path: Path):
    root = layer(tmp_path / "hall.usda", attributes="asset file = @./none.png@")
    with pytest.raises(SceneError, match=r"hall\.usda refers to a file .* got .*none\.png"):
        gather([root])


def test_the_scene_itself_is_left_as_it_is(tmp_path: Path):
    far = layer(tmp_path / "far" / "door.usda")
    root = layer(tmp_path / "near" / "hall.usda", f"references = @{far}@</Wall>")
    before = root.read_bytes()
    gather([root]).write(tmp_path / "out")
    assert root.read_bytes() == before
    assert not Sdf.Layer.FindOrOpen(str(root)).dirty
