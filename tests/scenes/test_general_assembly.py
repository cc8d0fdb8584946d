"""The general assembly is what its documents say: stations, loops, origins, rate."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from pxr import Usd, UsdGeom, UsdValidation
from scipy import stats

from twin.core.record import ATTACHED, DETACHED, FINISHED, MADE
from twin.engine.simulation import Simulation
from twin.kinds.failure import Failure
from twin.kinds.paced_line import PacedLine
from twin.kinds.source import Source
from twin.scene import check_scene, load, open_stage
from twin.scene.author import CONFIDENCES
from twin.units import to_ticks

ROOT = "/GeneralAssembly/Plant/"
SHOPS = {"T": 45, "C": 25, "F": 35, "X": 15}
BODIES = ("Crossover", "Suv", "CrossoverSport", "Sedan")
KITS = ("TrimKit", "ChassisKit", "FinalKit")
GROSS, NET = 60.0, 55.7  # bodies an hour; net is 93 % of gross


@pytest.fixture(scope="module")
def scene():
    return Path(__file__).parents[2] / "scenes" / "general_assembly" / "general_assembly.usda"


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
def slats(plant):
    return [place for place in plant.places if isinstance(place.params, PacedLine)]


def test_the_author_script_writes_the_committed_text_again(scene, tmp_path):
    pytest.importorskip("shapely", reason="the arm is read by the body shop's authors")
    from scenes.general_assembly.authoring.shop import author

    folder = tmp_path / "scenes" / "general_assembly"
    assets = scene.parents[2] / "assets"
    shutil.copytree(assets, tmp_path / "assets", ignore=shutil.ignore_patterns("author"))
    for path in author(folder):
        committed = scene.parent / path.relative_to(folder)
        assert path.read_text("utf-8") == committed.read_text("utf-8"), committed.name


def test_trim_chassis_final_and_test_have_120_stations_and_40_percent_stand_free(rows, slats):
    free = [name for name in rows if re.fullmatch(r"[TCFX]\d\d", name)]
    paced = dict.fromkeys(SHOPS, 0)
    for place in slats:
        paced[place.path.removeprefix(f"{ROOT}Line_")[0]] += place.params.stations
    counts = {shop: sum(name[0] == shop for name in free) + paced[shop] for shop in SHOPS}
    assert counts == SHOPS
    assert len(free) == 48
    assert sum(paced.values()) == 72


def test_slat_lines_of_seven_metres_pitch_run_at_sixty_jobs_an_hour(slats):
    for place in slats:
        assert place.params.pitch == 7.0
        assert 3600 * place.params.speed / place.params.pitch == pytest.approx(GROSS)


def test_fourteen_robots_stand_at_the_doors(plant):
    found = {p.path.removeprefix(ROOT): len(p.robots) for p in plant.places if p.robots}
    assert found == {"T02": 8, "F35": 6}


def test_four_models_come_in_a_levelled_sequence(plant):
    source = next(p.params for p in plant.places if p.path == f"{ROOT}Bodies")
    assert isinstance(source, Source)
    assert [source.sequence.count(name) for name in BODIES] == [4, 3, 2, 1]
    assert all(one != two for one, two in zip(source.sequence, source.sequence[1:], strict=False))


def test_every_value_says_where_it_comes_from(stage):
    values = [
        attribute
        for prim in Usd.PrimRange(stage.GetDefaultPrim())
        for attribute in prim.GetAuthoredPropertiesInNamespace("twin")
        if isinstance(attribute, Usd.Attribute)
    ]
    assert len(values) > 700
    for value in values:
        assert value.GetCustomDataByKey("confidence") in CONFIDENCES, value.GetPath()
        assert value.GetCustomDataByKey("source"), value.GetPath()


def test_the_scene_passes_the_check_and_the_validators_of_usd(scene):
    assert check_scene(scene) == []
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    carriers = ("hanger", "gondola", "chassis_agv", "chassis_lift")
    for name in ("general_assembly", "kit", "door_robot", "spots", *carriers):
        path = scene.parent / f"{name}.usda"
        found = UsdValidation.ValidationContext(validators).Validate(Usd.Stage.Open(str(path)))
        assert [error.GetMessage() for error in found] == [], name


def test_bodies_are_shown_in_twelve_forms_with_what_carries_them(stage, plant):
    for product in plant.products:
        prim = stage.GetPrimAtPath(product.path)
        assert UsdGeom.Imageable(prim).ComputeVisibility() == UsdGeom.Tokens.invisible
        if product.name in BODIES:
            assert len(product.forms) == 12
            for form in product.forms:
                assert stage.GetPrimAtPath(f"{product.path}/{form}/Body").IsInstance()
                carried = bool(stage.GetPrimAtPath(f"{product.path}/{form}/Carrier"))
                assert carried != form.startswith("finished")


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
def day(plant):
    """The events of 30 hours, and the counters after them."""
    recorder = Events()
    simulation = Simulation(plant, seed=3, recorder=recorder)
    simulation.advance(to_ticks(30 * 3600.0))
    return recorder, simulation.totals()


def test_doors_return_to_the_bodies_that_they_came_from(day, rows):
    off, on = day[0].of(DETACHED), day[0].of(ATTACHED)
    off, on = off[off["place"] == rows["T03"]], on[on["place"] == rows["F34"]]
    came_from = dict(zip(off["part"].tolist(), off["value"].tolist(), strict=True))
    assert len(on) > 1000
    assert [came_from[part] for part in on["part"].tolist()] == on["value"].tolist()


def test_every_finished_body_has_its_chassis_and_all_its_kits(day, plant):
    made, finished = day[0].of(MADE), day[0].of(FINISHED)
    names = [product.name for product in plant.products]
    product = dict(zip(made["part"].tolist(), made["value"].tolist(), strict=True))
    parts = {}
    for event in finished:
        if event["value"]:
            name = names[product[int(event["part"])]]
            parts.setdefault(int(event["value"]), []).append(name)
    bodies = finished["part"][finished["value"] == 0].tolist()
    assert len(bodies) > 1000
    for serial in bodies:
        own = f"{names[product[serial]]}Doors"
        assert sorted(parts[serial]) == sorted(
            ["Chassis", "ChassisKit", own, "FinalKit", "TrimKit"]
        )


def test_littles_law_holds_for_bodies(day, plant):
    made, finished = day[0].of(MADE), day[0].of(FINISHED)
    names = [product.name for product in plant.products]
    made = made[[names[each] in BODIES for each in made["value"].tolist()]]
    born = dict(zip(made["part"].tolist(), made["tick"].tolist(), strict=True))
    left = finished[finished["value"] == 0]
    begin, end = to_ticks(6 * 3600.0), to_ticks(30 * 3600.0)
    counted = left[left["tick"] > begin]
    leads = [event["tick"] - born[int(event["part"])] for event in counted]
    inside = np.clip(end - np.maximum(made["tick"], begin), 0, None).sum()
    inside -= np.clip(end - np.maximum(left["tick"], begin), 0, None).sum()
    rate = len(counted) / (end - begin)
    assert inside / (end - begin) == pytest.approx(rate * np.mean(leads), rel=0.02)
    totals = day[1]
    assert int(totals.clock[0].created) == len(day[0].of(MADE))
    assert int(totals.clock[0].finished) == len(finished)


def alone(plant, place):
    """Bodies an hour of one slat line if it never waits: takt, failures, cords."""
    line = place.params
    stops = next(p.params for p in plant.places if p.path == f"{place.path}/Stops")
    assert isinstance(stops, Failure)
    takt, mean = line.pitch / line.speed, line.andon_time
    # A cord holds the line for what is left of an exponential time at the end of the pitch.
    held = mean * mean / takt * (1 - np.exp(-takt / mean))
    per_part = takt * (1 + stops.mttr / stops.mtbf) + line.stations * line.andon_share * held
    return 3600 / per_part


def rates(plant, rows, *, seeds, hours=(6, 54)):
    """Bodies an hour between two times, by seed."""
    found = []
    for seed in range(1, seeds + 1):
        simulation = Simulation(plant, seed=seed)
        passed = []
        for hour in hours:
            simulation.advance(to_ticks(hour * 3600.0))
            passed.append(int(simulation.totals().place[rows["Yard"]].passed))
        found.append((passed[1] - passed[0]) / (hours[1] - hours[0]))
    return np.array(found)


def test_the_plant_makes_its_net_rate_less_than_its_slowest_line_alone(plant, slats, rows):
    made = rates(plant, rows, seeds=12)
    half = float(stats.t.ppf(0.995, len(made) - 1)) * made.std(ddof=1) / np.sqrt(len(made))
    assert half < 0.5
    assert abs(made.mean() - NET) <= half
    slowest = min(alone(plant, line) for line in slats)
    assert 0.96 * slowest < made.mean() < slowest


def test_scenarios_change_the_rate_as_expected(scene, plant, rows):
    def of(name):
        layer = scene.parent / "scenarios" / f"{name}.usda"
        assert check_scene(scene, scenarios=[layer]) == []
        return rates(load(scene, scenarios=[layer]), rows, seeds=3).mean()

    base = rates(plant, rows, seeds=3).mean()
    assert of("more_cords") < base - 0.5
    assert base + 0.3 < of("quick_repairs") < GROSS


def test_a_working_week_passes_without_a_deadlock(plant, rows):
    for seed in (21, 22):
        simulation = Simulation(plant, seed=seed)
        simulation.advance(to_ticks(7 * 24 * 3600.0))
        passed = int(simulation.totals().place[rows["Yard"]].passed)
        assert passed > 0.9 * NET * 7 * 24
