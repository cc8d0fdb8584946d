"""A stage becomes a plant: values, poses, links, robots, products, provenance."""

import math
from pathlib import Path

import numpy as np
import pytest
from pxr import Usd

from tests.scene.shop import layer, shop
from twin.data import share_folder
from twin.errors import SceneError
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.motion import Arm
from twin.plant import Plant
from twin.plant.declared import ProgramParams, RobotParams
from twin.scene import load, open_stage, read_plant
from twin.scene.author import apply, link, new_stage, stand

HS220 = share_folder() / "assets" / "robots" / "hs220" / "hs220.usda"


def test_places_come_in_the_stage_s_order_with_values_and_links(tmp_path: Path):
    plant = read_plant(open_stage(shop(tmp_path)))
    assert [(place.path, place.params, place.next) for place in plant.places] == [
        ("/Shop/In", Source(interval=60.0), ("/Shop/Press",)),
        ("/Shop/Press", Station(process_time=50.0), ("/Shop/Out",)),
        ("/Shop/Out", Sink(), ()),
    ]
    assert plant.name == "Shop"
    assert [product.name for product in plant.products] == ["part"]


def test_provenance_is_kept_by_attribute(tmp_path: Path):
    assert load(shop(tmp_path)).provenance == {"/Shop/Press.twin:processTime": ("time study", "C")}


def test_a_pose_is_that_in_the_world(tmp_path: Path):
    half = math.sqrt(0.5)
    stage = new_stage(tmp_path / "poses.usda", "Shop")
    line = stage.DefinePrim("/Shop/Line", "Xform")
    stand(line, (10.0, 0.0, 0.0), (half, 0.0, 0.0, half))  # a quarter turn about Z
    press = stage.DefinePrim("/Shop/Line/Press", "Xform")
    stand(press, (2.0, 0.0, 0.5))
    apply(press, Station(), source="", confidence="proposal")
    pose = read_plant(stage).places[0].pose
    assert pose.xyz == pytest.approx((10.0, 2.0, 0.5), abs=1e-12)
    assert pose.wxyz == pytest.approx((half, 0.0, 0.0, half), abs=1e-12)


def test_integers_and_floats_are_taken_where_a_double_is_declared(tmp_path: Path):
    plant = load(shop(tmp_path, press="int twin:mttr = 3\nfloat twin:mtbf = 0.5"))
    params = plant.places[1].params
    assert isinstance(params, Station)
    assert (params.mttr, params.mtbf) == (3.0, 0.5)
    assert type(params.mttr) is float


def test_a_blocked_value_is_the_default(tmp_path: Path):
    plant = load(shop(tmp_path, press="double twin:mttr = None"))
    assert plant.places[1].params == Station(process_time=50.0)


def test_an_inactive_prim_does_not_exist(tmp_path: Path):
    more = 'def Xform "Spare" (\nactive = false\nprepend apiSchemas = ["TwinSinkAPI"]\n)\n{\n}'
    assert len(load(shop(tmp_path, more=more)).places) == 3


def test_a_scenario_layer_is_over_the_scene_and_an_override_over_both(tmp_path: Path):
    scene = shop(tmp_path)
    text = 'over "Shop"\n{\n over "Press"\n {\n  double twin:processTime = %d\n }\n}\n'
    slow = layer(tmp_path / "slow.usda", text % 70)
    slower = layer(tmp_path / "slower.usda", text % 80)

    def time(**options: list[str]) -> float:
        params = load(scene, **options).places[1].params
        assert isinstance(params, Station)
        return params.process_time

    assert time() == 50.0
    assert time(scenarios=[str(slow)]) == 70.0
    assert time(scenarios=[str(slow), str(slower)]) == 70.0  # the first is the strongest
    assert time(scenarios=[str(slower), str(slow)]) == 80.0
    one = ["/Shop/Press.twin:processTime=55.5"]
    assert time(scenarios=[str(slow)], overrides=one) == 55.5
    assert scene.read_text().count("50") == 1  # the files stay as they are


def test_the_digest_tells_plants_apart_and_nothing_else(tmp_path: Path):
    scene = shop(tmp_path)
    digest = load(scene).digest
    assert len(digest) == 64
    assert load(scene).digest == digest
    assert load(scene, overrides=["/Shop/Press.twin:processTime=50.5"]).digest != digest
    (tmp_path / "other").mkdir()
    dressed = shop(tmp_path / "other", more='def Cube "Decoration"\n{\n}')
    assert load(dressed).digest == digest


def test_products_have_the_forms_of_their_child_prims(tmp_path: Path):
    more = """def Scope "Products"
    {
        def Xform "Coupe" (
            prepend apiSchemas = ["TwinProductAPI"]
        )
        {
            string[] twin:forms = ["bare", "painted"]
            def Xform "painted"
            {
            }
            def Xform "bare"
            {
            }
        }
        def Xform "Van" (
            prepend apiSchemas = ["TwinProductAPI"]
        )
        {
        }
    }"""
    products = load(shop(tmp_path, more=more)).products
    assert [(each.name, each.path, each.forms) for each in products] == [
        ("Coupe", "/Shop/Products/Coupe", ("bare", "painted")),
        ("Van", "/Shop/Products/Van", ("",)),
    ]


def robot_cell(folder: Path, *, robots: int = 1) -> tuple[Path, Usd.Stage]:
    """A source, a welding station with robots, and a sink."""
    stage = new_stage(folder / "cell.usda", "Cell")
    places = [stage.DefinePrim(f"/Cell/{name}", "Xform") for name in ("In", "Weld", "Out")]
    for prim, params in zip(places, (Source(), Station(transfer_time=5.0), Sink()), strict=True):
        apply(prim, params, source="", confidence="proposal")
    link(places[0], places[1])
    link(places[1], "/Cell/Out")
    stand(places[1], (7.0, 0.0, 0.0))
    for number in range(robots):
        robot = stage.DefinePrim(f"/Cell/Weld/Robot_{number}", "Xform")
        robot.GetReferences().AddReference(str(HS220))
        stand(robot, (0.0, 1.5 + number, 0.3))
        apply(robot, RobotParams(), source="", confidence="proposal")
        weld = stage.DefinePrim(f"/Cell/Weld/Robot_{number}/Programs/Weld", "Scope")
        home, reached = (0.0, 90.0, 0.0, 0.0, 0.0, 0.0), (30.0, 80.0, -5.0, 90.0, 45.0, -10.0)
        program = ProgramParams(waypoints=(*home, *reached, *home), dwells=(0.0, 1.5, 0.0))
        apply(weld, program, source="", confidence="proposal")
    stage.Save()
    return folder / "cell.usda", stage


def cell(folder: Path, *, robots: int = 1) -> Plant:
    return load(robot_cell(folder, robots=robots)[0])


def test_a_robot_s_arm_is_its_joint_chain(tmp_path: Path):
    (robot,) = cell(tmp_path).robots
    arm = robot.arm
    assert isinstance(arm, Arm)
    assert robot.path == "/Cell/Weld/Robot_0"
    assert robot.base.xyz == pytest.approx((7.0, 1.5, 0.3), abs=1e-6)
    assert arm.joint_count == 6
    home = np.radians([[0.0, 90.0, 0.0, 0.0, 0.0, 0.0]])
    flange = arm.flange(home)[0]
    assert flange == pytest.approx(
        np.array([[1, 0, 0, 1.782], [0, 1, 0, 0], [0, 0, 1, 1.938], [0, 0, 0, 1]]), abs=1e-6
    )
    assert np.degrees(arm.speed) == pytest.approx([120, 105, 110, 145, 145, 220])
    assert np.degrees(arm.lower[1]) == pytest.approx(10.0)
    assert np.degrees(arm.upper[1]) == pytest.approx(155.0)


def test_robots_of_one_type_share_their_arm(tmp_path: Path):
    robots = cell(tmp_path, robots=2).robots
    assert len(robots) == 2
    assert robots[0].arm is robots[1].arm


def test_a_program_has_waypoints_in_radians_and_dwells(tmp_path: Path):
    (program,) = cell(tmp_path).robots[0].programs
    assert program.path == "/Cell/Weld/Robot_0/Programs/Weld"
    assert program.products == ()
    assert program.waypoints.shape == (3, 6)
    assert program.waypoints[1] == pytest.approx(np.radians([30, 80, -5, 90, 45, -10]))
    assert program.dwells.tolist() == [0.0, 1.5, 0.0]


def test_reading_raises_everything_that_can_t_be_read(tmp_path: Path):
    press = 'string twin:mttr = "soon"\nbool twin:mtbf = true'
    with pytest.raises(SceneError) as raised:
        read_plant(open_stage(shop(tmp_path, press=press)))
    assert str(raised.value).splitlines() == [
        "/Shop/Press twin:mtbf must be of type double, got bool True",
        "/Shop/Press twin:mttr must be of type double, got string 'soon'",
    ]
