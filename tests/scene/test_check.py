"""Every rule of `check_scene`, broken once, with the exact words; and bad input of every sort."""

from pathlib import Path

import pytest

from tests.scene.shop import layer, shop
from twin.data import scene_names, scene_path
from twin.errors import SceneError
from twin.scene import check_scene, load, open_stage
from twin.scene.expansion import prim_count
from twin.scene.layers import open_layers

SCENES = [scene_path(name) for name in scene_names()]
API = 'prepend apiSchemas = ["%s"]'


def said(scene: Path) -> list[str]:
    return [str(problem) for problem in check_scene(scene)]


def prim(name: str, schema: str, body: str = "", *, specifier: str = "def Xform") -> str:
    return f'{specifier} "{name}" (\n{API % schema}\n)\n{{\n{body}\n}}\n'


def test_a_sound_scene_has_no_problem(tmp_path: Path):
    assert check_scene(shop(tmp_path)) == []


@pytest.mark.parametrize("scene", SCENES, ids=lambda file: file.stem)
def test_a_bundled_scene_is_sound_alone_and_under_each_of_its_scenarios(scene: Path):
    assert said(scene) == []
    for scenario in sorted(scene.parent.glob("scenarios/*.usda")):
        found = check_scene(scene, scenarios=[scenario])
        assert [str(problem) for problem in found] == [], scenario.name


VALUES = {
    'string twin:mttr = "soon"': "/Shop/Press twin:mttr must be of type double, got string 'soon'",
    "rel twin:mttr = </Shop/Out>": (
        "/Shop/Press twin:mttr must be of type double, got a relationship"
    ),
    "double twin:mttr = -1": "/Shop/Press twin:mttr must be >= 0 and <= 1e+09 s, got -1.0",
    "double twin:mttr = inf": "/Shop/Press twin:mttr must be >= 0 and <= 1e+09 s, got inf",
    'token twin:failureClock = "calender"': (
        "/Shop/Press twin:failureClock must be one of operating, calendar, got 'calender'; "
        "did you mean calendar?"
    ),
    "double twin:mtbf = 100": ("/Shop/Press twin:mttr must be > 0 s where twin:mtbf is set, got 0"),
    "int twin:form = 1": (
        "/Shop/Press twin:form must be below 1, the most forms that a product has, got 1"
    ),
    "double twin:procesTime = 1": (
        "/Shop/Press twin:procesTime must be a parameter of Station; did you mean twin:processTime?"
    ),
    "rel twin:nexd = </Shop/Out>": (
        "/Shop/Press twin:nexd must be a parameter of Station; did you mean twin:next?"
    ),
    "double twin:mttr.timeSamples = {\n0: 1,\n1: 2,\n}": (
        "/Shop/Press twin:mttr must not change over time, got time samples; give one value"
    ),
    "double[] twin:mttr = [1, 2]": (
        "/Shop/Press twin:mttr must be of type double, got double[] [1.0, 2.0]"
    ),
    "matrix4d xformOp:transform = ( (2, 0, 0, 0), (0, 2, 0, 0), (0, 0, 2, 0), (0, 0, 0, 1) )\n"
    'uniform token[] xformOpOrder = ["xformOp:transform"]': (
        "/Shop/Press must stand in the world unscaled and unmirrored, got axes of 2, 2, 2"
    ),
    'double3 xformOp:translate = (0, 0, 1)\nuniform token[] xformOpOrder = ["xformOp:translate"]': (
        "/Shop/Press twin:transferTime must be > 0 s: /Shop/In ends 1.000 m away, got 0"
    ),
}


@pytest.mark.parametrize("line", VALUES)
def test_a_bad_value_is_named_with_its_rule(tmp_path: Path, line: str):
    assert said(shop(tmp_path, press=line)) == [VALUES[line]]


MORE = {
    prim("Lost", "TwinSinkAPI"): (
        "/Shop/Lost can't be reached from any source; link it with twin:next of the place before it"
    ),
    prim("Lost", "TwinStatoinAPI"): (
        "/Shop/Lost must not have the unknown schema TwinStatoinAPI; did you mean TwinStationAPI?"
    ),
    'def Xform "Lost"\n{\ndouble twin:processTime = 1\n}\n': (
        "/Shop/Lost twin:processTime must be declared by an applied schema; apply TwinStationAPI "
        "or TwinParallelAPI or TwinBatchAPI or TwinAssemblerAPI or TwinDisassemblerAPI"
    ),
    'over "Pres"\n{\ndouble twin:processTime = 1\n}\n': (
        "/Shop/Pres must exist to be given parameters, got over; did you mean /Shop/Press?"
    ),
    prim("Robot", "TwinRobotAPI"): (
        "/Shop must be a station, as robots stand there; apply TwinStationAPI"
    ),
    prim(
        "Weld", "TwinProgramAPI"
    ): "/Shop/Weld must be below the robot that runs it; move it there",
    prim("Coupe", "TwinProductAPI", 'string[] twin:forms = ["bare"]\ndef Xform "bear"\n{\n}'): (
        "/Shop/Coupe twin:forms must name its child prims, got bare; did you mean bear?"
    ),
}


@pytest.mark.parametrize("text", MORE)
def test_a_prim_in_the_wrong_way_is_named(tmp_path: Path, text: str):
    assert said(shop(tmp_path, more=text)) == [MORE[text]]


def test_a_robot_without_joints_is_named(tmp_path: Path):
    assert said(shop(tmp_path, press=prim("Robot", "TwinRobotAPI"))) == [
        (
            "/Shop/Press/Robot needs revolute joints below it; "
            "reference a robot asset, not instanceable"
        ),
    ]


def test_a_prim_of_two_kinds_is_named(tmp_path: Path):
    both = 'def Xform "Both" (\nprepend apiSchemas = ["TwinSinkAPI", "TwinBufferAPI"]\n)\n{\n}\n'
    assert "/Shop/Both must be one kind of place, got Sink and Buffer" in said(
        shop(tmp_path, more=both)
    )


def test_a_missing_parameter_is_told_with_its_meaning_and_nothing_is_said_of_its_stand_in(
    tmp_path: Path,
):
    belt = prim("Belt", "TwinConveyorAPI", "double twin:length = 4\nrel twin:next = </Shop/Out>")
    lines = said(shop(tmp_path, more=belt))
    assert lines[:2] == [
        (
            "/Shop/Belt twin:speed must be given, got nothing; "
            "Speed of a part that moves freely. must be > 0 and <= 100 m/s"
        ),
        (
            "/Shop/Belt twin:spacing must be given, got nothing; "
            "Least distance between the same points of two parts; not above length. must be > 0 m"
        ),
    ]
    assert [line for line in lines if "stand" in line] == []


LINKS = {
    "string twin:next = '/Shop/Press'": (
        "/Shop/In twin:next must be a relationship, got an attribute; "
        "write rel twin:next = </PATH/OF/PLACE>"
    ),
    "rel twin:next = </Shop/Pres>": (
        "/Shop/In twin:next must point at a place, got /Shop/Pres; did you mean /Shop/Press?"
    ),
    "rel twin:next = </Shop/In>": (
        "/Shop/In twin:next must not point at the place itself, got /Shop/In"
    ),
    "": "/Shop/In twin:next must point at the place that takes its parts, got nothing",
}


@pytest.mark.parametrize("line", LINKS)
def test_a_dangling_link_is_named(tmp_path: Path, line: str):
    scene = shop(tmp_path)
    scene.write_text(scene.read_text().replace("rel twin:next = </Shop/Press>", line))
    assert said(scene)[0] == LINKS[line]


def test_wrong_units_and_axis_are_named_on_the_root_and_on_every_layer_it_uses(tmp_path: Path):
    layer(
        tmp_path / "press.usda",
        '(\n    upAxis = "Y"\n    metersPerUnit = 0.01\n    defaultPrim = "A"\n)\ndef "A"\n{\n}\n',
    )
    more = 'def Xform "Dress" (\nprepend references = @./press.usda@\n)\n{\n}'
    scene = shop(tmp_path, more=more)
    text = scene.read_text().replace('upAxis = "Z"', "").replace("Unit = 1\n", "Unit = 0.1\n")
    scene.write_text(text.replace('defaultPrim = "Shop"', 'defaultPrim = "Shopp"'))
    assert said(scene) == [
        'shop.usda upAxis must be Z, got nothing; write upAxis = "Z" at the top of the file',
        (
            "shop.usda metersPerUnit must be 1.0, got 0.1; "
            "write metersPerUnit = 1 at the top of the file"
        ),
        'press.usda upAxis must be Z, got Y; write upAxis = "Z" at the top of the file',
        (
            "press.usda metersPerUnit must be 1.0, got 0.01; "
            "write metersPerUnit = 1 at the top of the file"
        ),
        "shop.usda must have its default prim, got Shopp; define it, or name another",
    ]


def test_a_missing_default_prim_is_named(tmp_path: Path):
    scene = shop(tmp_path)
    scene.write_text(scene.read_text().replace('defaultPrim = "Shop"', ""))
    assert said(scene) == ['shop.usda must have a default prim; write defaultPrim = "NAME"']


def test_errors_of_composition_are_named_by_prim(tmp_path: Path):
    layer(tmp_path / "loop.usda", 'def "A" (\nreferences = @./loop.usda@</A>\n)\n{\n}')
    layer(tmp_path / "broken.usda", 'def "A" {')
    arcs = {
        "A": "references = @./none.usda@",
        "B": "payload = @./none.usda@",
        "C": "references = @./loop.usda@</B>",
        "D": "references = @./loop.usda@</A>",
        "E": "references = @./broken.usda@</A>",
    }
    more = "".join(f'def "{name}" (\nprepend {arc}\n)\n{{\n}}\n' for name, arc in arcs.items())
    metadata = "subLayers = [\n@./gone.usda@\n]"
    assert said(shop(tmp_path, metadata=metadata, more=more)) == [
        "broken.usda must be a USD layer, got broken.usda:2:10: Expected } at '' in </A>",
        "/Shop/A must refer to a file that can be opened, got @none.usda@; repair the path",
        "/Shop/B must refer to a file that can be opened, got @none.usda@; repair the path",
        (
            "/Shop/C must refer to a prim that exists, got @loop.usda@</B>; "
            "name the prim, or give the file a default prim"
        ),
        "/Shop/D must not refer to itself, got @loop.usda@</A>; remove the reference",
        "/Shop/E must refer to a file that can be opened, got @broken.usda@; repair the path",
        "shop.usda must have sublayers that can be opened, got @gone.usda@; repair the path",
    ]


def test_overrides_and_scenarios_are_checked_with_the_scene(tmp_path: Path):
    scene = shop(tmp_path)
    overrides = ["/Shop/Pres.twin:mttr=1", "/Shop/Press.twin:mttr=x", "nonsense"]
    assert list(map(str, check_scene(scene, overrides=overrides))) == [
        "/Shop/Pres has no parameters; did you mean /Shop/Press?",
        "/Shop/Press.twin:mttr must be a number [s], got 'x'",
        (
            "'nonsense' is not an override; write PRIM.twin:attribute=VALUE, "
            "such as /Shop/Line/Press.twin:processTime=52.5"
        ),
    ]
    found = check_scene(scene, scenarios=[tmp_path / "none.usda"])
    assert str(found[0]) == (
        "none.usda must be readable, got no such file or directory; check the path"
    )


def test_the_same_problems_come_in_the_same_order(tmp_path: Path):
    more = "".join(f'def Scope "Group_{i}"\n{{\n{text}}}\n' for i, text in enumerate(MORE))
    scene = shop(tmp_path, more=more, press="double twin:mttr = -1")
    first = check_scene(scene)
    assert len(first) >= len(MORE)
    assert check_scene(scene) == first


def test_load_raises_all_problems_and_open_stage_those_of_the_files(tmp_path: Path):
    bad = shop(tmp_path, press="double twin:mttr = -1")
    with pytest.raises(
        SceneError, match=r"^/Shop/Press twin:mttr must be >= 0 and <= 1e\+09 s, got -1.0$"
    ):
        load(bad)
    assert open_stage(bad).GetDefaultPrim().GetName() == "Shop"
    with pytest.raises(SceneError, match=r"^none\.usda must be readable"):
        open_stage(tmp_path / "none.usda")


def files_of_garbage() -> dict[str, bytes]:
    every = bytes(range(256)) * 200
    return {
        "empty.usda": b"",
        "noise.usda": every,
        "header.usda": b"#usda 1.0\n" + every,
        "noise.usdc": every,
        "crate.usdc": b"PXR-USDC" + every,
        "noise.usdz": b"PK\x03\x04" + every,
        "noise.usd": every,
        "text.txt": b"not a scene",
        "open.usda": b'#usda 1.0\ndef "A"\n{\n',
        "zeros.usda": b"#usda 1.0\n" + bytes(1 << 20),
    }


@pytest.mark.parametrize("name", files_of_garbage())
def test_garbage_is_refused_in_one_line(tmp_path: Path, name: str):
    file = tmp_path / name
    file.write_bytes(files_of_garbage()[name])
    (problem,) = check_scene(file)
    assert (problem.path, problem.rule) == (name, "must be a USD layer")
    assert len(str(problem)) < 400
    assert "\n" not in str(problem)


@pytest.mark.parametrize("inner", ['def "A"\n{\n', "(" * 10, "customData = {", "[[[[["])
def test_deep_nesting_is_refused_before_usd_overflows_its_stack(tmp_path: Path, inner: str):
    file = tmp_path / "deep.usda"
    file.write_text("#usda 1.0\n" + inner * 100_000)
    (problem,) = check_scene(file)
    assert problem.rule == "must be nested at most 500 levels deep"


def test_deep_nesting_in_a_referenced_file_is_refused_too(tmp_path: Path):
    layer(tmp_path / "deep.usda", 'def "A"\n{\n' * 100_000)
    more = 'def "A" (\nprepend references = @./deep.usda@\n)\n{\n}\n'
    assert said(shop(tmp_path, more=more)) == [
        "deep.usda must be nested at most 500 levels deep, got 100000 levels"
    ]


def test_a_scene_that_would_become_too_large_is_refused_before_it_is_composed(tmp_path: Path):
    doubling = "".join(
        f'def "L{i}"\n{{\ndef "a" (\nreferences = </L{i + 1}>\n)\n{{\n}}\n'
        f'def "b" (\nreferences = </L{i + 1}>\n)\n{{\n}}\n}}\n'
        for i in range(200)
    )
    (problem,) = check_scene(shop(tmp_path, after=doubling))
    assert (problem.path, problem.rule) == ("shop.usda", "must have at most 10,000,000 prims")


def test_instances_of_a_large_asset_are_not_counted_again(tmp_path: Path):
    layer(
        tmp_path / "hall.usda",
        '(\ndefaultPrim = "Hall"\n)\ndef Xform "Hall"\n{\n'
        + "".join(f'def Xform "Bay_{i}"\n{{\n}}\n' for i in range(100))
        + "}\n",
    )
    halls = "".join(
        f'def "Hall_{i}" (\ninstanceable = true\nreferences = @./hall.usda@\n)\n{{\n}}\n'
        for i in range(100)
    )
    scene = shop(tmp_path, more=halls)
    assert prim_count(open_layers(scene)) < 200
    assert check_scene(scene) == []


def test_equipment_inside_an_instance_is_named(tmp_path: Path):
    layer(tmp_path / "cell.usda", '(\ndefaultPrim = "Cell"\n)\n' + prim("Cell", "TwinSinkAPI"))
    more = 'def "Group" (\ninstanceable = true\nreferences = @./group.usda@\n)\n{\n}\n'
    group = 'def "Cell" (\nreferences = @./cell.usda@\n)\n{\n}\n'
    layer(tmp_path / "group.usda", f'(\ndefaultPrim = "G"\n)\ndef "G"\n{{\n{group}}}\n')
    assert said(shop(tmp_path, more=more)) == [
        "/Shop/Group must not be instanceable, with TwinSinkAPI inside; set instanceable = false"
    ]


def test_equipment_authored_below_an_instance_is_named(tmp_path: Path):
    layer(
        tmp_path / "frame.usda", '(\ndefaultPrim = "Frame"\n)\ndef "Frame"\n{\ndef "A"\n{\n}\n}\n'
    )
    inside = prim("Robot", "TwinRobotAPI")
    more = f'def "F" (\ninstanceable = true\nreferences = @./frame.usda@\n)\n{{\n{inside}}}\n'
    assert said(shop(tmp_path, more=more)) == [
        (
            "/Shop/F must not be instanceable: USD ignores what is authored below it, "
            "got /Shop/F/Robot; set instanceable = false"
        )
    ]


@pytest.mark.parametrize("path", ["", ".", "no such file.usda", "nul\0.usda", "x" * 5000])
def test_a_path_to_no_file_is_a_problem_and_no_traceback(tmp_path: Path, path: str):
    assert len(check_scene(f"{tmp_path}/{path}")) == 1


def test_a_scenario_that_is_about_other_prims_is_no_scenario_of_the_scene(tmp_path: Path):
    scenario = tmp_path / "other.usda"
    scenario.write_text('#usda 1.0\nover "Shp"\n{\n}\n')
    found = [str(each) for each in check_scene(shop(tmp_path), scenarios=[scenario])]
    assert found[0].endswith(
        "other.usda must say something about /Shop, the scene's default prim, got /Shp"
    )
