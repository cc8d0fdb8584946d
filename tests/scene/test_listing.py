"""Scenes from lists of equipment: what was listed is written, and what is wrong is named."""

from math import sqrt
from pathlib import Path

import openpyxl
import pytest
from pxr import Usd, UsdGeom
from typer.testing import CliRunner

from twin.cli.app import app
from twin.engine.simulation import Simulation
from twin.errors import CommandError, SceneError
from twin.kinds.conveyor import Conveyor
from twin.kinds.station import Station
from twin.scene.listing import import_list, template, template_names
from twin.scene.read import read_plant
from twin.scene.stage import open_stage

LIST = """name,kind,x,y,turn,interval,process_time,processDistribution,length,speed,spacing
In,source,0,0,,50,,,,,
Line/Belt,conveyor,0,0,90,,,,6.5,0.5,2
Line/Press,station,0,7,,,45,exponential,,,
Out,sink,,,,,,,,,
"""


def plant_of(file):
    return read_plant(open_stage(file))


def listed(folder: Path, text: str, **options):
    file = folder / "shop.csv"
    file.write_text(text)
    return import_list(file, folder / "shop", **options)


def test_a_list_becomes_the_places_that_it_names(tmp_path):
    made = listed(tmp_path, LIST)
    source, belt, press, sink = plant_of(made.scene).places
    assert (made.places, made.things) == (4, 4)
    assert belt.params == Conveyor(length=6.5, speed=0.5, spacing=2.0)
    assert press.params == Station(process_time=45.0, process_distribution="exponential")
    assert [each.next for each in (source, belt, press, sink)] == [
        ("/Shop/Line/Belt",), ("/Shop/Line/Press",), ("/Shop/Out",), (),
    ]  # fmt: skip
    assert belt.pose.xyz == (0.0, 0.0, 0.0)
    assert belt.pose.wxyz == pytest.approx((sqrt(0.5), 0, 0, sqrt(0.5)))


def test_every_value_says_from_which_line_it_is(tmp_path):
    plant = plant_of(listed(tmp_path, LIST).scene)
    assert plant.provenance["/Shop/Line/Press.twin:processTime"] == ("shop.csv line 4", "proposal")


def test_a_workbook_gives_the_same_scene_as_its_csv(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    sheet = book.create_sheet("Plant")
    for line in LIST.splitlines():
        sheet.append(
            [float(each) if each[:1].isdigit() else each or None for each in line.split(",")]
        )
    book.save(tmp_path / "shop.xlsx")
    made = import_list(tmp_path / "shop.xlsx", tmp_path / "one" / "shop", sheet="Plant")
    listed(tmp_path, LIST)
    text = (tmp_path / "shop" / "shop.usda").read_text().replace("shop.csv", "shop.xlsx")
    assert made.scene.read_text() == text


def test_semicolons_part_cells_too(tmp_path):
    listed(tmp_path, LIST)
    comma = (tmp_path / "shop" / "shop.usda").read_text()
    listed(tmp_path, LIST.replace(",", ";"))
    assert (tmp_path / "shop" / "shop.usda").read_text() == comma


def test_a_relation_names_things_of_the_list(tmp_path):
    text = (
        "name,kind,next,interval,process_time,workers\nIn,source,A,60,,\nA,station,Out,,30,Crew\n"
    )
    text += "Out,sink,,,,\nPeople/Crew,pool,,,,\n"
    plant = plant_of(listed(tmp_path, text).scene)
    assert plant.places[1].params.workers == ("/Shop/People/Crew",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Press,station", "Press,staton", "got staton; did you mean station?"),
        ("45,exp", "-1,exp", "line 4 process_time must be >= 0 and <= 1e+09 s, got -1"),
        ("45,exp", "fast,exp", "line 4 process_time must be a number [s], got 'fast'"),
        ("exponential", "exponental", "did you mean exponential?"),
        ("6.5,0.5,2", "6.5,,2", "line 3 speed must be given: it must be > 0 and <= 100 m/s"),
        ("In,source,0", "In,source,here", "line 2 x must be a number up to 100000 m, got here"),
        ("Line/Press", "Line/Belt", "line 4 name must be given once, got Line/Belt"),
        ("Line/Press", "Line 1/Press", "line 4 name must be words of letters, digits and _"),
        ("Out,sink,,,,,", "Out,sink,,,,9,", "line 5 interval must be empty: sink has no"),
        ("process_time", "procestime", "or a parameter, got procestime; did you"),
        ("name,kind,x", "name,sort,x", "line 1 must name the column kind"),
        ("name,kind,x", "name,kind,name", "line 1 must name each column once, got name"),
        (",speed,spacing", ",speed", "line 3 must have at most 10 cells"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_with_its_rule(tmp_path, old, new, message):
    assert old in LIST
    with pytest.raises(SceneError) as raised:
        listed(tmp_path, LIST.replace(old, new))
    assert message in str(raised.value)
    assert not (tmp_path / "shop").exists()


def test_an_unknown_next_suggests_the_nearest(tmp_path):
    text = "name,kind,next,interval\nIn,source,Outt,60\nLine/Out,sink,,\n"
    with pytest.raises(
        SceneError, match=r"next must name a thing of the list, got Outt; did you mean"
    ):
        listed(tmp_path, text)


def test_a_short_name_must_mean_one_thing(tmp_path):
    text = "name,kind,next,interval\nIn,source,Out,60\nA/Out,sink,,\nB/Out,sink,,\n"
    with pytest.raises(
        SceneError, match=r"must name one thing, got Out; write one of: A/Out, B/Out"
    ):
        listed(tmp_path, text)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04 no workbook"])
@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_what_is_no_list_is_refused(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SceneError, match="list"):
        import_list(tmp_path / name, tmp_path / "out")


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    book = openpyxl.Workbook()
    book.active.append(["name", "kind"])
    book.save(tmp_path / "list.xlsx")
    monkeypatch.setattr("twin.scene.listing.table.LARGEST", 5_500)
    with pytest.raises(SceneError, match="5,500 bytes when unpacked"):
        import_list(tmp_path / "list.xlsx", tmp_path / "out")


@pytest.mark.parametrize("name", template_names())
def test_every_template_makes_parts_for_an_hour(tmp_path, name):
    made = import_list(template(name), tmp_path / "mine")
    run = Simulation(plant_of(made.scene), interpreted=True)
    run.advance(3600 * 1_000_000)
    assert 40 < run.world.product["finished"].sum() <= 60


def test_an_unknown_template_suggests_the_nearest():
    with pytest.raises(CommandError, match="did you mean line"):
        template("lin")


def test_the_assets_of_a_new_scene_come_with_it(tmp_path):
    import_list(template("line"), tmp_path / "mine")
    (tmp_path / "mine").rename(tmp_path / "moved")
    stage = Usd.Stage.Open(str(tmp_path / "moved" / "mine.usda"))
    assert UsdGeom.Mesh.Get(stage, "/Mine/Products/Sedan/Body") is not None
    box = UsdGeom.BBoxCache(0, ["default", "render"]).ComputeWorldBound(
        stage.GetPrimAtPath("/Mine/Line/Station_10")
    )
    assert box.ComputeAlignedRange().GetSize()[0] > 3.0
    assert all(
        Path(each.realPath).is_relative_to(tmp_path)
        for each in stage.GetUsedLayers()
        if each.realPath
    )


def hall(folder, *, metres, up):
    stage = Usd.Stage.CreateNew(str(folder / "hall.usda"))
    UsdGeom.SetStageMetersPerUnit(stage, metres)
    UsdGeom.SetStageUpAxis(stage, up)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/Hall").GetPrim())
    column = UsdGeom.Cube.Define(stage, "/Hall/Column")  # 2 units wide
    column.AddTranslateOp().Set((0, 500, 0) if up == "Y" else (0, 0, 500))
    stage.Save()
    return folder / "hall.usda"


@pytest.mark.parametrize("up", ["Y", "Z"])
def test_a_hall_in_centimetres_stands_in_metres_with_z_up(tmp_path, up):
    made = listed(tmp_path, LIST, hall=hall(tmp_path, metres=0.01, up=up))
    stage = open_stage(made.scene)
    box = UsdGeom.BBoxCache(0, ["default"]).ComputeWorldBound(stage.GetPrimAtPath("/Shop/Hall"))
    middle, size = box.ComputeAlignedRange().GetMidpoint(), box.ComputeAlignedRange().GetSize()
    assert tuple(middle) == pytest.approx((0, 0, 5.0))
    assert tuple(size) == pytest.approx((0.02, 0.02, 0.02))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no usd", "must be a USD file that opens"),
        ("#usda 1.0\n", "must have a default prim"),
        ('#usda 1.0\n(defaultPrim = "A")\ndef "A" (references = @gone.usda@) {}', "must compose"),
        ('#usda 1.0\n(defaultPrim = "A"\nmetersPerUnit = 0)\ndef "A" {}', "metersPerUnit must be"),
    ],
)
def test_a_hall_that_is_broken_is_refused(tmp_path, text, message):
    (tmp_path / "hall.usda").write_text(text)
    with pytest.raises(SceneError, match=message):
        listed(tmp_path, LIST, hall=tmp_path / "hall.usda")


def test_the_commands_say_what_to_do_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["new", "mine", "--template", "joining"])
    assert done.output == "mine/mine.usda: 7 places; twin run, serve or check it\n"
    (tmp_path / "shop.csv").write_text(LIST)
    done = CliRunner().invoke(app, ["import", "list", "shop.csv", "--json"])
    assert '"places": 4' in done.output
