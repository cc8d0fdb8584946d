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


def test_files_keep_their_places_to_one_another(tmp_path: Path):
    layer(tmp_path / "assets" / "door" / "door.usda")
    root = layer(tmp_path / "halls" / "hall.usda", "references = @../assets/door/door.usda@</Wall>")
    package = gather([root])
    assert package.roots == ("scene/halls/hall.usda",)
    assert sorted(package.target.values()) == ["scene/assets/door/door.usda", package.roots[0]]
    package.write(tmp_path / "out")
    assert (tmp_path / "out" / package.roots[0]).read_bytes() == root.read_bytes()


def test_files_named_by_absolute_paths_go_beside_with_all_they_need(tmp_path: Path):
    far = tmp_path / "far" / "lib"
    layer(far / "a" / "door.usda", "references = @../b/knob.usda@</Wall>")
    layer(far / "b" / "knob.usda")
    root = layer(tmp_path / "near" / "hall.usda", f"references = @{far}/a/door.usda@</Wall>")
    package = gather([root])
    package.write(tmp_path / "out")
    assert set(package.target.values()) == {
        "scene/hall.usda", "external_1/a/door.usda", "external_1/b/knob.usda",
    }  # fmt: skip
    copy = tmp_path / "out" / "scene" / "hall.usda"
    assert "@./../external_1/a/door.usda@" in copy.read_text()
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
        "external_1/v.1001.png", "scene/b.png", "scene/hall/hall.usda", "scene/w.1001.png",
        "scene/w.1002.png",
    ]  # fmt: skip
    text = (tmp_path / "out" / "scene" / "hall" / "hall.usda").read_text()
    assert [path in text for path in paths] == [True, True, False]
    assert "@./../../external_1/v.<UDIM>.png@" in text


def test_packages_come_along_as_one_file(tmp_path: Path):
    door = layer(tmp_path / "door.usda")
    (tmp_path / "lib").mkdir()
    assert UsdUtils.CreateNewUsdzPackage(str(door), str(tmp_path / "lib" / "door.usdz"))
    root = layer(tmp_path / "hall" / "hall.usda", "references = @../lib/door.usdz@</Wall>")
    package = gather([root])
    assert set(package.target.values()) == {"scene/hall/hall.usda", "scene/lib/door.usdz"}
    package.write(tmp_path / "out")
    copy = tmp_path / "out" / "scene" / "hall" / "hall.usda"
    assert Usd.Stage.Open(str(copy)).GetCompositionErrors() == []


def test_a_layer_beside_the_scene_stays_beside_it(tmp_path: Path):
    root = layer(tmp_path / "hall" / "hall.usda")
    scenario = layer(tmp_path / "hall" / "scenarios" / "slow.usda")
    assert gather([root, scenario]).roots == ("scene/hall.usda", "scene/scenarios/slow.usda")


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
