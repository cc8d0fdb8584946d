"""What scripts author passes usd-core's own validators, and wrong use is told at once."""

from pathlib import Path

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdValidation

from twin.errors import SceneError
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.scene import check_scene
from twin.scene.author import apply, link, new_layer, new_stage, set_values, stand
from twin.scene.values import provenance


def authored(folder: Path) -> Usd.Stage:
    stage = new_stage(folder / "shop.usda", "Shop")
    prims = [stage.DefinePrim(f"/Shop/{name}", "Xform") for name in ("In", "Press", "Out")]
    for prim, params in zip(prims, (Source(), Station(transfer_time=2.0), Sink()), strict=True):
        apply(prim, params, source="a test", confidence="proposal")
    link(prims[0], prims[1])
    link(prims[1], "/Shop/Out")
    stand(prims[1], (3.0, 0.0, 0.0))
    stage.Save()
    return stage


def test_an_authored_scene_is_sound_for_us_and_for_usd(tmp_path: Path):
    stage = authored(tmp_path)
    assert check_scene(tmp_path / "shop.usda") == []
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    assert UsdValidation.ValidationContext(validators).Validate(stage) == []


def test_a_new_layer_has_the_metadata_of_a_scene(tmp_path: Path):
    layer = new_layer(tmp_path / "process.usda", "Shop")
    assert layer.defaultPrim == "Shop"
    assert UsdGeom.GetStageUpAxis(Usd.Stage.Open(layer)) == "Z"
    assert layer.pseudoRoot.GetInfo("metersPerUnit") == 1.0
    assert layer.pseudoRoot.GetInfo("kilogramsPerUnit") == 1.0


def test_authoring_again_gives_the_same_text_whatever_was_there(tmp_path: Path):
    (tmp_path / "shop.usda").write_text("garbage")
    authored(tmp_path)
    first = (tmp_path / "shop.usda").read_text()
    authored(tmp_path)
    assert (tmp_path / "shop.usda").read_text() == first


def test_only_what_is_not_the_default_is_authored_and_what_has_its_own_source():
    stage = Usd.Stage.CreateInMemory()
    prim = stage.DefinePrim("/Press", "Xform")
    own = {"mtbf": ("guess", "U")}
    apply(prim, Station(process_time=5.0), source="study", confidence="C", provenance=own)
    assert [each.GetName() for each in prim.GetAuthoredAttributes()] == [
        "twin:mtbf",
        "twin:processTime",
    ]
    assert provenance(prim) == {
        "/Press.twin:mtbf": ("guess", "U"),
        "/Press.twin:processTime": ("study", "C"),
    }


def test_values_go_into_another_layer_without_the_schema(tmp_path: Path):
    stage = authored(tmp_path)
    layer = Sdf.Layer.CreateAnonymous(".usda")
    stage.GetRootLayer().subLayerPaths.append(layer.identifier)
    prim = stage.GetPrimAtPath("/Shop/Press")
    with Usd.EditContext(stage, layer):
        set_values(prim, Station, {"mtbf": 900.0}, source="maintenance", confidence="D")
    spec = layer.GetPrimAtPath("/Shop/Press")
    assert spec.specifier == Sdf.SpecifierOver
    assert not spec.HasInfo("apiSchemas")
    assert layer.GetAttributeAtPath("/Shop/Press.twin:mtbf").default == 900.0


@pytest.mark.parametrize(
    ("values", "confidence", "message"),
    [
        ({"mtfb": 1.0}, "C", "/P mtfb must be a parameter of Station; did you mean mtbf?"),
        ({"mtbf": -1.0}, "C", "/P mtbf must be >= 0 and <= 1e+09 s, got -1.0"),
        ({"mtbf": 1.0}, "sure", "/P mtbf needs a confidence of C2, C, D, U, proposal, got 'sure'"),
    ],
)
def test_wrong_use_is_told(values: dict[str, float], confidence: str, message: str):
    stage = Usd.Stage.CreateInMemory()
    prim = stage.DefinePrim("/P")
    with pytest.raises(SceneError) as raised:
        set_values(prim, Station, values, source="", confidence=confidence)
    assert str(raised.value) == message
