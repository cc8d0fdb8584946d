"""One declaration, one schema: every kind of thing goes to USD and back without loss."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pxr import Sdf, Usd

from tests.sources import ROOT
from twin.core.parameters import Parameter, Params, parameters
from twin.kinds.conveyor import Conveyor
from twin.scene.author import apply
from twin.scene.schema import PLUGIN, describe, files, links_of, register, schemas, usd_type
from twin.scene.values import applied, provenance, read_values

SCHEMAS = schemas()


def other(parameter: Parameter) -> Any:
    """A value that is allowed and not the default."""
    if parameter.choices:
        choice = next(choice for choice in parameter.choices if choice != parameter.default)
        return choice if parameter.type is str else (choice, choice)
    if parameter.is_relation:
        return ("/Shop/One",)
    texts = {str: "some text", tuple[str, ...]: ("first", "second"), bool: not parameter.default}
    numbers: dict[Any, Any] = {float: 0.1, int: 3, tuple[float, ...]: (0.1, 2.5e-7, 3.0)}
    numbers[tuple[int, ...]] = (3, 1, 4)
    value = (texts | numbers)[parameter.type]
    assert parameter.accepts(value)
    return value


def example(kind: type[Params]) -> Params:
    return kind(**{each.name: other(each) for each in parameters(kind)})


def authored(params: Params) -> Usd.Stage:
    stage = Usd.Stage.CreateInMemory()
    prim = stage.DefinePrim("/Thing", "Xform")
    apply(prim, params, source="a test", confidence="proposal")
    return stage


def test_committed_schema_files_are_what_the_declarations_give():
    committed = {file.name: file.read_text("utf-8") for file in sorted(PLUGIN.iterdir())}
    assert committed == files(), "renew them with: python -m twin.scene.write_plugin"


@pytest.mark.parametrize("name", SCHEMAS)
def test_parameters_come_back_as_they_were_authored(name: str):
    params = example(SCHEMAS[name])
    stage = authored(params)
    reading = read_values(stage.GetPrimAtPath("/Thing"), SCHEMAS[name])
    assert reading.problems == ()
    assert reading.params == params


@pytest.mark.parametrize("name", SCHEMAS)
def test_parameters_survive_as_text(name: str):
    params = example(SCHEMAS[name])
    first = authored(params)
    layer = Sdf.Layer.CreateAnonymous(".usda")
    layer.ImportFromString(first.GetRootLayer().ExportToString())
    stage = Usd.Stage.Open(layer)
    prim = stage.GetPrimAtPath("/Thing")
    assert applied(prim) == [name]
    assert read_values(prim, SCHEMAS[name]).params == params


@pytest.mark.parametrize("name", SCHEMAS)
def test_nothing_authored_means_the_defaults_or_what_must_be_given(name: str):
    stage = Usd.Stage.CreateInMemory()
    reading = read_values(stage.DefinePrim("/Thing"), SCHEMAS[name])
    required = [each for each in parameters(SCHEMAS[name]) if each.required]
    assert [problem.path for problem in reading.problems] == [
        f"/Thing {each.usd_name}" for each in required
    ]
    for each in parameters(SCHEMAS[name]):
        if not each.required:
            assert getattr(reading.params, each.name) == each.default


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_value_carries_its_source_and_confidence(name: str):
    kind = SCHEMAS[name]
    values = [each for each in parameters(kind) if not each.is_relation]
    expected = {f"/Thing.{each.usd_name}": ("a test", "proposal") for each in values}
    stage = authored(example(kind))
    assert provenance(stage.GetPrimAtPath("/Thing")) == expected


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_declaration_becomes_a_class_of_typed_documented_properties(name: str):
    layer = Sdf.Layer.FindOrOpen(str(PLUGIN / "generatedSchema.usda"))
    spec = layer.GetPrimAtPath(f"/{name}")
    declared = {each.usd_name: each for each in parameters(SCHEMAS[name])}
    assert {each.name for each in spec.properties} == {*declared, *links_of(SCHEMAS[name])}
    for usd_name, parameter in declared.items():
        if parameter.is_relation:
            assert spec.relationships[usd_name].documentation == parameter.doc
            continue
        attribute = spec.attributes[usd_name]
        assert attribute.typeName == usd_type(parameter)
        assert attribute.documentation == describe(parameter)
        assert tuple(attribute.allowedTokens or ()) == parameter.choices
        assert attribute.HasInfo("default") != parameter.required


def test_documentation_says_range_unit_and_when_it_may_change():
    speed = next(each for each in parameters(Conveyor) if each.name == "speed")
    assert describe(speed) == (
        "Speed of a part that moves freely. Must be > 0 and <= 100 m/s. Must be given."
    )


def test_a_number_becomes_a_double():
    assert str(usd_type(parameters(Conveyor)[0])) == "double"


def fresh(code: str, *arguments: str) -> Any:
    """What a new interpreter prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_fresh_interpreter_knows_the_schemas_after_register():
    code = """
import json
from twin.scene import register
known = register()
from pxr import Usd
stage = Usd.Stage.CreateInMemory()
prim = stage.DefinePrim("/A")
prim.ApplyAPI("TwinConveyorAPI")
fallback = prim.GetAttribute("twin:accumulating").Get()
print(json.dumps([known, prim.HasAPI("TwinConveyorAPI"), fallback]))
"""
    assert fresh(code) == [True, True, True]


def test_usd_finds_the_plugin_by_its_search_path(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PXR_PLUGINPATH_NAME", str(PLUGIN))
    code = """
import json
from pxr import Usd
known = Usd.SchemaRegistry().IsAppliedAPISchema("TwinStationAPI")
from twin.scene import register
print(json.dumps([known, register()]))
"""
    assert fresh(code) == [True, True]


SCENE = """#usda 1.0
(
    defaultPrim = "Shop"
    metersPerUnit = 1
    upAxis = "Z"
)
def Xform "Shop"
{
    def Xform "In" ( prepend apiSchemas = ["TwinSourceAPI"] )
    {
        rel twin:next = </Shop/Press>
    }
    def Xform "Press" ( prepend apiSchemas = ["TwinStationAPI"] )
    {
        double twin:processTime = 50
        rel twin:next = </Shop/Out>
    }
    def Xform "Out" ( prepend apiSchemas = ["TwinSinkAPI"] )
    {
    }
}
"""


def test_a_tool_without_the_plugin_reads_types_values_and_links(tmp_path: Path):
    scene = tmp_path / "shop.usda"
    scene.write_text(SCENE)
    code = """
import json, sys
from pxr import Usd
stage = Usd.Stage.Open(sys.argv[1])
prim = stage.GetPrimAtPath("/Shop/Press")
time = prim.GetAttribute("twin:processTime")
print(json.dumps([
    str(time.GetTypeName()), time.Get(), str(prim.GetRelationship("twin:next").GetTargets()[0]),
    [str(each) for each in stage.GetCompositionErrors()],
]))
"""
    assert fresh(code, str(scene)) == ["double", 50.0, "/Shop/Out", []]


def test_a_plant_is_the_same_where_usd_was_used_before_we_could_register(tmp_path: Path):
    scene = tmp_path / "shop.usda"
    scene.write_text(SCENE)
    late = """
import json, sys
from pxr import Usd
Usd.SchemaRegistry()
from twin.scene import load, register
print(json.dumps([register(), load(sys.argv[1]).digest]))
"""
    early = late.replace("Usd.SchemaRegistry()", "")
    known_late, digest_late = fresh(late, str(scene))
    known_early, digest_early = fresh(early, str(scene))
    assert (known_late, known_early) == (False, True)
    assert digest_late == digest_early


def test_registering_twice_is_harmless():
    assert register() == register()
