"""The whole plant is what its documents say: its size, its origins, its flow, its rate."""

import shutil
from collections import Counter
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest
from pxr import Usd, UsdValidation

from twin.data import scene_path
from twin.engine.simulation import Simulation
from twin.kinds.assembler import Assembler
from twin.kinds.disassembler import Disassembler
from twin.kinds.station import Station
from twin.kinds.store import Store
from twin.motion.frame import matrix_from
from twin.motion.program import Programs
from twin.physics.mover import Posed
from twin.physics.search import Search
from twin.physics.solids import Solids
from twin.plant.planning import plan_place
from twin.scene import load, open_stage
from twin.scene.author import CONFIDENCES
from twin.scene.solids import read_shapes
from twin.units import to_ticks

BODIES = ("Sedan", "Suv", "Crossover")
SHOPS = ("Press", "Body", "Paint", "Assembly")
DESIGN = 300_000 / (245 * 20)  # cars an hour
STUDENT = 3.182  # two-sided 95 %, three degrees of freedom
STEP = 0.04  # s, between looks at robots
DAY, WORKED = 86_400.0, 20.0  # s, h a day


@pytest.fixture(scope="module")
def scene():
    return scene_path("whole_plant")


@pytest.fixture(scope="module")
def plant(scene):
    return load(scene)


@pytest.fixture(scope="module")
def stations(plant):
    """All places where work is done; lifts only move."""
    working = Station | Assembler | Disassembler
    places = [place for place in plant.places if isinstance(place.params, working)]
    return [place for place in places if "/Lift_" not in place.path]


def test_the_author_script_writes_the_committed_text_again(scene, tmp_path):
    pytest.importorskip("shapely", reason="seams are taken from the bodies' outlines")
    from scenes.whole_plant.authoring.plant import author

    folder = tmp_path / "scenes" / "whole_plant"
    folder.mkdir(parents=True)
    shutil.copytree(
        scene.parents[2] / "assets", tmp_path / "assets", ignore=shutil.ignore_patterns("author")
    )
    shutil.copytree(scene.parents[1] / "body_shop", tmp_path / "scenes" / "body_shop")
    for path in author(folder):
        committed = scene.parent / path.relative_to(folder)
        assert path.read_text("utf-8") == committed.read_text("utf-8"), committed.name


def test_there_are_a_thousand_stations_and_475_robots(plant, stations):
    counts = Counter(place.path.split("/")[2] for place in stations)
    assert len(stations) >= 1000
    assert set(counts) == set(SHOPS)
    assert len(plant.robots) == 475
    assert all(robot.path.startswith("/WholePlant/Body/") for robot in plant.robots)


def test_robots_of_one_cell_keep_apart_whatever_body_comes(scene, plant):
    shapes = read_shapes(open_stage(scene), plant)
    solids = Solids.build(shapes.solids)
    shape = {robot.path: own for robot, own in zip(plant.robots, shapes.robots, strict=True)}
    seen = set()
    for place in plant.places:
        tasks = plan_place(place, BODIES) if len(place.robots) > 1 else []
        key = tuple(task.planned.joints_to.tobytes() for task in tasks)
        if not tasks or key in seen:
            continue
        seen.add(key)
        for own in (tasks[k :: len(BODIES)] for k in range(len(BODIES))):
            ticks = np.arange(int(max(task.planned.length for task in own) / STEP))
            movers = [posed(task, shape[task.robot.path], shapes, ticks) for task in own]
            for pair in combinations(movers, 2):
                search = Search(solids, [pair], 0.2, 0.004)
                assert search.gaps(np.zeros_like(ticks), ticks).min() > 0.1, place.path
    assert len(seen) >= 10


def posed(task, shape, shapes, ticks):
    """A robot at steps of its program."""
    joints = Programs.build([task.planned]).joints(np.zeros_like(ticks), ticks * STEP)
    return Posed(
        arm=task.robot.arm, joints=joints, solids=shape.solids, links=shape.links,
        base=matrix_from(task.robot.base.xyz, task.robot.base.wxyz),
        reaches=np.array([shapes.solids[row].reach for row in shape.solids.tolist()]),
    )  # fmt: skip


def test_the_main_line_of_assembly_has_120_stations(stations):
    main = [place for place in stations if place.path.startswith("/WholePlant/Assembly/Main/")]
    assert len(main) >= 120


def test_no_station_stands_in_anothers_way(stations):
    xyz = np.array([place.pose.xyz for place in stations])
    apart = np.linalg.norm(xyz[:, None] - xyz[None], axis=-1)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 5.0


def test_every_value_says_where_it_comes_from(scene):
    stage = open_stage(scene)
    values = [
        attribute
        for prim in Usd.PrimRange(stage.GetDefaultPrim())
        for attribute in prim.GetAuthoredPropertiesInNamespace("twin")
        if isinstance(attribute, Usd.Attribute)
    ]
    assert len(values) > 5000
    for value in values:
        joint = value.GetPrim().IsA("PhysicsRevoluteJoint")  # the asset's
        assert joint or value.GetCustomDataByKey("confidence") in CONFIDENCES, value.GetPath()
        assert joint or value.GetCustomDataByKey("source"), value.GetPath()


def test_all_validators_of_usd_find_no_error(scene):
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    found = UsdValidation.ValidationContext(validators).Validate(Usd.Stage.Open(str(scene)))
    assert [error.GetMessage() for error in found] == []


def test_its_layers_are_small(scene):
    size = sum(file.stat().st_size for file in scene.parent.rglob("*.usda"))
    assert size < 3e6


class Week(NamedTuple):
    """The third to the fifth day of a run that began with an empty plant."""

    simulation: Simulation
    cars: int
    lead: float  # mean of the cars [s]
    bodies: float  # mean number in the plant, looked at every hour


@pytest.fixture(scope="module")
def days(plant):
    """Four replications."""
    return [_days(plant, replication) for replication in range(4)]


def _days(plant, replication):
    simulation = Simulation(plant, seed=1, replication=replication)
    bodies = [row for row, product in enumerate(plant.products) if product.name in BODIES]
    simulation.advance(to_ticks(2 * DAY))
    before, led = _gone(simulation, bodies)
    present = []
    for hour in range(48, 120):
        simulation.advance(to_ticks((hour + 1) * 3600.0))
        parts = simulation.world.part
        present.append(np.isin(parts.product[parts.serial > 0], bodies).sum())
    cars, lead = _gone(simulation, bodies)
    mean = (lead - led) / (cars - before) / 1e6
    return Week(simulation, cars - before, mean, float(np.mean(present)))


def _gone(simulation, bodies):
    """How many cars have left, and the sum of their lead times [ticks]."""
    products = simulation.totals().product.reshape(-1, len(simulation.plant.products))
    by_body = products[:, bodies]  # of each place
    return int(by_body["finished"].sum()), int(by_body["lead_ticks"].sum())


def test_cars_leave_at_the_design_rate(days):
    """300,000 a year, within the interval of 95 % of four replications."""
    rates = np.array([week.cars / (3 * WORKED) for week in days])
    half = STUDENT * rates.std(ddof=1) / 2.0
    assert half < 1.5
    assert abs(rates.mean() - DESIGN) < half


def test_little_holds_for_bodies(days):
    for week in days:
        assert week.bodies == pytest.approx(week.cars / (3 * DAY) * week.lead, rel=0.03)


def test_what_came_in_is_there_or_has_left_and_no_body_is_lost(days, plant):
    for simulation, *_ in days:
        clock, parts = simulation.world.clock[0], simulation.world.part
        present = parts[parts.serial > 0]
        assert clock.created == clock.finished + clock.scrapped + len(present)
        assert clock.scrapped == 0
        places = simulation.world.place[: len(plant.places)]
        assert (places["count"] <= places["capacity"]).all()


def test_a_tenth_of_the_bodies_is_painted_again(days, plant):
    gate = next(place for place in plant.places if getattr(place.params, "rework", ()))
    again = plant.index(gate.params.rework[0])
    for simulation, *_ in days:
        seen = int(simulation.world.place[plant.index(gate.path)].passed)
        repeated = int(simulation.world.place[again].passed)
        assert gate.params.defects == 0.10
        assert abs(repeated / seen - 0.10) < 4 * (0.09 / seen) ** 0.5 + 1 / seen


def test_presses_work_in_lots_and_never_starve_the_body_shop_once_their_stores_are_filled(
    days, plant
):
    stores = [
        i
        for i, place in enumerate(plant.places)
        if isinstance(place.params, Store) and place.path.startswith("/WholePlant/Press/")
    ]
    assert len(stores) == 5
    for simulation, *_ in days:
        assert (simulation.world.place["count"][stores] > 900).all()
