"""The cell factory is what its documents say: cells, routes, vehicles, people, origins, rate."""

import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from pxr import Usd, UsdGeom, UsdValidation
from scipy import stats

from scenes.cell_factory.authoring.plan import LARGE, MODELS, SEQUENCE, STEPS, cells_of, route
from scenes.cell_factory.authoring.roads import CELLS
from twin.core.record import ATTACHED, FINISHED, MADE, MOVE
from twin.engine.simulation import Simulation
from twin.kinds.pool import Pool
from twin.kinds.station import Station
from twin.kinds.vehicle import Vehicle
from twin.kinds.waypoint import Waypoint
from twin.scene import check_scene, load, open_stage
from twin.scene.author import CONFIDENCES
from twin.units import to_ticks

ROOT = "/CellFactory/Plant/"
RATE = 7.5  # cars an hour
HOUR = 3600.0


@pytest.fixture(scope="module")
def scene():
    return Path(__file__).parents[2] / "scenes" / "cell_factory" / "cell_factory.usda"


@pytest.fixture(scope="module")
def stage(scene):
    return open_stage(scene)


@pytest.fixture(scope="module")
def plant(scene):
    return load(scene)


@pytest.fixture(scope="module")
def rows(plant):
    return {place.path.removeprefix(ROOT): row for row, place in enumerate(plant.places)}


@pytest.fixture(scope="module")
def params(plant):
    return {place.path.removeprefix(ROOT): place.params for place in plant.places}


class Events:
    """Keeps all events of a run."""

    def __init__(self):
        self.blocks = []

    def record(self, events, segments):  # noqa: ARG002
        self.blocks.append(events.copy())

    def command(self, command):
        raise AssertionError(command)

    def of(self, code):
        events = np.concatenate(self.blocks)
        return events[events["code"] == code]


@pytest.fixture(scope="module")
def run(plant):
    """The events of 48 hours, and the counters after them."""
    recorder = Events()
    simulation = Simulation(plant, seed=3, recorder=recorder)
    simulation.advance(to_ticks(48 * HOUR))
    return recorder, simulation.totals()


@pytest.fixture(scope="module")
def product(run, plant):
    """The name of every part by its serial."""
    made = run[0].of(MADE)
    names = [each.name for each in plant.products]
    return {int(each["part"]): names[int(each["value"])] for each in made}


def test_the_author_script_writes_the_committed_text_again(scene, tmp_path):
    pytest.importorskip("shapely", reason="the arm is read by the body shop's authors")
    from scenes.cell_factory.authoring.shop import author

    folder = tmp_path / "scenes" / "cell_factory"
    assets = scene.parents[2] / "assets"
    shutil.copytree(assets, tmp_path / "assets", ignore=shutil.ignore_patterns("author"))
    for path in author(folder):
        committed = scene.parent / path.relative_to(folder)
        assert path.read_text("utf-8") == committed.read_text("utf-8"), committed.name


def test_27_cells_stand_in_three_rows_with_a_worker_and_a_robot_each(plant, params):
    cells = {f"C{cell.number:02d}": cell for cell in CELLS}
    places = {each.path.removeprefix(ROOT): each for each in plant.places}
    assert len(cells) == 27
    assert Counter(cell.row for cell in cells.values()) == {0: 9, 1: 9, 2: 9}
    for name, cell in cells.items():
        assert isinstance(places[name].params, Station)
        assert places[name].pose.xyz == (*cell.middle, 0.0)
        assert len(places[name].robots) == 1
        assert places[name].params.worker_count == 1
    assert sum(each.size for each in params.values() if isinstance(each, Pool)) == 27


def test_steps_take_eight_minutes_on_average_and_four_to_twelve_by_model():
    times = {name: [step.time * m.content for step in route(name)] for name, m in MODELS.items()}
    assert all(4.0 <= each <= 12.0 for times_of in times.values() for each in times_of)
    visits = [each for name in SEQUENCE for each in times[name]]
    assert np.mean(visits) == pytest.approx(8.0, abs=0.05)
    assert sum(step.cells for step in STEPS) == 27
    assert len(visits) / len(SEQUENCE) == 19.5
    load = sum(visits) / len(SEQUENCE) * RATE / 60 / 27
    assert 0.7 < load < 0.75  # of the cells, before breaks take 10 %


def test_every_model_goes_its_own_way_through_the_cells(run, product, rows):
    moves = run[0].of(MOVE)
    at = {row: int(name[1:]) for name, row in rows.items() if len(name) == 3 and name[0] == "C"}
    ways: dict[int, list[int]] = {}
    for each in moves:
        if int(each["place"]) in at:
            ways.setdefault(int(each["part"]), []).append(at[int(each["place"])])
    finished = run[0].of(FINISHED)
    cars = finished["part"][finished["value"] == 0].tolist()
    assert len(cars) > 300
    seen = {name: set() for name in MODELS}
    for serial in cars:
        name = product[serial]
        way = tuple(ways[serial])
        seen[name].add(way)
        assert len(way) == len(route(name))
        for step, cell in zip(route(name), way, strict=True):
            kept = cells_of(step)[::-1] if name in LARGE else cells_of(step)
            assert cell in (kept[:1] if step.kept else kept), (name, step.name)
    assert all(seen.values())
    assert len({len(route(name)) for name in MODELS}) == 4


def test_every_car_gets_one_kit_in_each_cell(run, product):
    attached, finished = run[0].of(ATTACHED), run[0].of(FINISHED)
    kits = Counter(attached["value"].tolist())
    for serial in finished["part"][finished["value"] == 0].tolist():
        assert kits[serial] == len(route(product[serial]))


def test_vehicles_drive_carry_and_charge(run, params, rows):
    totals = run[1]
    fleets = {"Agv_": (20, 1.0), "Amr_": (21, 1.8)}
    for prefix, (count, speed) in fleets.items():
        names = [name for name in rows if name.startswith(prefix)]
        vehicles = [params[name] for name in names]
        assert all(isinstance(each, Vehicle) for each in vehicles)
        assert len(vehicles) == count
        assert len({each.home for each in vehicles}) == count
        assert {(each.speed, each.charge_below) for each in vehicles} == {(speed, 0.2)}
        for name in names:
            row = totals.place[rows[name]]
            driven = int(row.driven_loaded) + int(row.driven_empty)
            full = round(params[name].range * 1e6)  # um
            assert 0 < int(row.charge) <= full, name
            assert driven < full or int(row.charge) > full - driven, name
        driven = sum(int(totals.place[rows[name]].driven_loaded) for name in names)
        assert driven > 100e9  # um
    charged = [
        name
        for name in rows
        if name.startswith(tuple(fleets))
        and int(totals.place[rows[name]].driven_empty) > params[name].range * 1e6
    ]
    assert len(charged) > 20


def test_all_lanes_are_one_way(params):
    onward = {name: each.lanes for name, each in params.items() if isinstance(each, Waypoint)}
    assert len(onward) > 200
    for name, lanes in onward.items():
        for each in lanes:
            assert ROOT + name not in onward[each.removeprefix(ROOT)]


def test_littles_law_holds_for_cars(run, product):
    made, finished = run[0].of(MADE), run[0].of(FINISHED)
    made = made[[product[each] in MODELS for each in made["part"].tolist()]]
    born = dict(zip(made["part"].tolist(), made["tick"].tolist(), strict=True))
    left = finished[finished["value"] == 0]
    begin, end = to_ticks(12 * HOUR), to_ticks(48 * HOUR)
    counted = left[left["tick"] > begin]
    leads = [event["tick"] - born[int(event["part"])] for event in counted]
    inside = np.clip(end - np.maximum(made["tick"], begin), 0, None).sum()
    inside -= np.clip(end - np.maximum(left["tick"], begin), 0, None).sum()
    rate = len(counted) / (end - begin)
    assert inside / (end - begin) == pytest.approx(rate * np.mean(leads), rel=0.03)


def test_the_factory_makes_its_rate_for_days_and_no_cell_is_overloaded(plant, rows):
    begin, end, made = 16, 16 + 96, []
    for seed in range(1, 7):
        simulation = Simulation(plant, seed=seed)
        simulation.advance(to_ticks(begin * HOUR))
        before = int(simulation.totals().place[rows["Cars"]].passed)
        simulation.advance(to_ticks(end * HOUR))
        totals = simulation.totals()
        made.append((int(totals.place[rows["Cars"]].passed) - before) / (end - begin))
        assert int(totals.place[rows["Painted_Bodies"]].owed) <= 1
        for cell in CELLS:
            times = totals.place[rows[f"C{cell.number:02d}"]].times
            assert int(times[0]) < 0.85 * int(totals.clock[0].now)
    half = float(stats.t.ppf(0.995, len(made) - 1)) * np.std(made, ddof=1) / np.sqrt(len(made))
    assert half < 0.1
    assert abs(np.mean(made) - RATE) <= half


def rate(plant, rows, *, hours=(16, 64), seed=5):
    """Cars an hour between two times."""
    simulation, passed = Simulation(plant, seed=seed), []
    for hour in hours:
        simulation.advance(to_ticks(hour * HOUR))
        passed.append(int(simulation.totals().place[rows["Cars"]].passed))
    return (passed[1] - passed[0]) / (hours[1] - hours[0])


def test_scenarios_change_the_factory_as_expected(scene, rows):
    def of(*names):
        layers = [scene.parent / "scenarios" / f"{name}.usda" for name in names]
        assert check_scene(scene, scenarios=layers) == []
        return rate(load(scene, scenarios=layers), rows)

    at_most = 60 / max(
        sum(step.time * MODELS[name].content for name in SEQUENCE if step in route(name))
        / len(SEQUENCE)
        / step.cells
        for step in STEPS
    )
    full = of("full_load")
    assert RATE + 0.2 < full < 0.9 * at_most  # breaks take 10 %
    assert full + 0.3 < of("full_load", "no_breaks") < at_most
    assert of("no_breaks") == pytest.approx(RATE, abs=0.1)


def test_every_value_says_where_it_comes_from(stage):
    values = [
        attribute
        for prim in Usd.PrimRange(stage.GetDefaultPrim())
        for attribute in prim.GetAuthoredPropertiesInNamespace("twin")
        if isinstance(attribute, Usd.Attribute)
    ]
    assert len(values) > 1500
    for value in values:
        assert value.GetCustomDataByKey("confidence") in CONFIDENCES, value.GetPath()
        assert value.GetCustomDataByKey("source"), value.GetPath()


def test_the_scene_passes_the_check_and_the_validators_of_usd(scene):
    assert check_scene(scene) == []
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    for name in ("cell_factory", "kit", "cell_robot"):
        path = scene.parent / f"{name}.usda"
        found = UsdValidation.ValidationContext(validators).Validate(Usd.Stage.Open(str(path)))
        assert [error.GetMessage() for error in found] == [], name


def test_products_are_hidden_and_bodies_show_four_forms(stage, plant):
    for product in plant.products:
        prim = stage.GetPrimAtPath(product.path)
        assert UsdGeom.Imageable(prim).ComputeVisibility() == UsdGeom.Tokens.invisible
        if product.name in MODELS:
            for form in product.forms:
                assert stage.GetPrimAtPath(f"{product.path}/{form}/Body").IsInstance()
