"""The body shop is what its documents say: its line, its products, its origins, its rate."""

import shutil

import pytest
from pxr import Usd, UsdGeom, UsdValidation

from twin.engine.simulation import Simulation
from twin.kinds.conveyor import Conveyor
from twin.kinds.source import Source
from twin.scene import check_scene, load
from twin.scene.author import CONFIDENCES
from twin.units import to_ticks

SCENARIOS = ("double_failures", "faster_transfer", "one_robot_moved")
ROBOTS = {"load": 0, "framing": 8, "respot": 6, "roof": 4, "vision": 0}


def scenario(scene, name):
    return scene.parent / "scenarios" / f"{name}.usda"


def test_the_author_script_writes_the_committed_text_again(scene, tmp_path):
    pytest.importorskip("shapely", reason="seams are taken from the bodies' outlines")
    from scenes.body_shop.authoring.shop import author

    folder = tmp_path / "scenes" / "body_shop"
    folder.mkdir(parents=True)
    shutil.copytree(
        scene.parents[2] / "assets", tmp_path / "assets", ignore=shutil.ignore_patterns("author")
    )
    for path in author(folder):
        committed = scene.parent / path.relative_to(folder)
        assert path.read_text("utf-8") == committed.read_text("utf-8"), committed.name


def test_twelve_stations_stand_at_seven_metres_with_sixty_robots(stage, plant, line):
    names = [place.path.rpartition("/")[2] for place, _ in line]
    assert names == [f"Station_{number:03d}" for number in range(10, 130, 10)]
    assert [place.pose.xyz for place, _ in line] == [(7.0 * i, 0.0, 0.0) for i in range(12)]
    for place, equipment in line:
        prim = stage.GetPrimAtPath(f"{place.path}/Equipment")
        assert prim.GetVariantSet("equipment").GetVariantSelection() == equipment
        assert len(place.robots) == ROBOTS[equipment], place.path
    assert len(plant.robots) == 60


def test_buffers_hold_six_bodies_before_the_line_and_twelve_after(plant):
    conveyors = [place.params for place in plant.places if isinstance(place.params, Conveyor)]
    assert [int(each.length / each.spacing + 1e-9) for each in conveyors] == [6, 12]
    assert all(each.accumulating and 24 / 60 <= each.speed <= 60 / 60 for each in conveyors)


def test_three_bodies_come_in_a_levelled_sequence_at_sixty_an_hour(plant, line):
    source = next(place.params for place in plant.places if isinstance(place.params, Source))
    names = [product.name for product in plant.products]
    assert names == ["Sedan", "Suv", "Crossover"]
    assert {name: source.sequence.count(name) for name in names} == {
        "Sedan": 3,
        "Suv": 4,
        "Crossover": 3,
    }
    assert source.interval == 60.0
    assert all(one != two for one, two in zip(source.sequence, source.sequence[1:], strict=False))
    assert all(product.forms == ("underbody", "framed", "complete") for product in plant.products)
    assert [place.params.form for place, _ in line] == [0, 1, *[0] * 8, 2, 0]


def test_every_value_says_where_it_comes_from(stage):
    root = stage.GetDefaultPrim()
    values = [
        attribute
        for prim in Usd.PrimRange(root)
        for attribute in prim.GetAuthoredPropertiesInNamespace("twin")
        if isinstance(attribute, Usd.Attribute)
    ]
    assert len(values) > 600
    for value in values:
        assert value.GetCustomDataByKey("confidence") in CONFIDENCES, value.GetPath()
        assert value.GetCustomDataByKey("source"), value.GetPath()
        assert "/" not in value.GetCustomDataByKey("source")[:1]


def test_the_scene_and_each_scenario_pass_the_check(scene):
    assert check_scene(scene) == []
    for name in SCENARIOS:
        assert check_scene(scene, scenarios=[scenario(scene, name)]) == [], name


def test_all_validators_of_usd_find_no_error(scene):
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    for path in (scene, scene.parent / "layout.usda", scene.parent / "spot_robot.usda"):
        found = UsdValidation.ValidationContext(validators).Validate(Usd.Stage.Open(str(path)))
        assert [error.GetMessage() for error in found] == []


def test_products_are_hidden_and_show_each_form_of_their_body(stage, plant):
    for product in plant.products:
        prim = stage.GetPrimAtPath(product.path)
        assert UsdGeom.Imageable(prim).ComputeVisibility() == UsdGeom.Tokens.invisible
        for form in product.forms:
            body = stage.GetPrimAtPath(f"{product.path}/{form}/Body")
            assert body.IsInstance()
            assert body.GetVariantSet("build").GetVariantSelection() == form
            assert stage.GetPrimAtPath(f"{product.path}/{form}/Skid").IsInstance()


class Moved:
    """Keeps which subjects were given a way of their own."""

    def __init__(self):
        self.subjects = set()

    def record(self, events, segments):  # noqa: ARG002
        moving = segments[(segments["duration"] > 0) & (segments["start"] != segments["end"])]
        self.subjects |= set(moving["subject"].tolist())

    def command(self, command):
        raise AssertionError(command)


def test_within_an_hour_every_robot_has_moved(plant):
    recorder = Moved()
    Simulation(plant, seed=1, motion=True, recorder=recorder).advance(to_ticks(3600.0))
    assert recorder.subjects >= set(range(60))


def rate(plant, hours=(1.0, 5.0), replications=4):
    """Mean jobs an hour between two times, over replications."""
    made = []
    for replication in range(replications):
        simulation = Simulation(plant, seed=1, replication=replication)
        count = []
        for hour in hours:
            simulation.advance(to_ticks(hour * 3600.0))
            count.append(int(simulation.totals().clock[0].finished))
        made.append((count[1] - count[0]) / (hours[1] - hours[0]))
    return sum(made) / len(made)


def test_the_line_makes_its_rate_and_scenarios_change_it_as_expected(scene, plant):
    base = rate(plant)
    assert 56.0 <= base <= 60.0
    worse = rate(load(scene, scenarios=[scenario(scene, "double_failures")]))
    better = rate(load(scene, scenarios=[scenario(scene, "faster_transfer")]))
    assert worse < base - 0.5
    assert base <= better <= 60.0
