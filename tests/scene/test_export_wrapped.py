"""Packages still, flat, zipped and edited: each is still the model."""

from math import dist
from pathlib import Path

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdValidation

from tests.scene.export_line import write_line
from twin.core.record import FINISHED, MADE, MOVE, STATE
from twin.core.state import STATES
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.journal import Journal
from twin.plant import Plant
from twin.scene import check_scene, load
from twin.scene.export import Format, Motion, Options, PartForm, export_usd
from twin.units import to_ticks

END = to_ticks(30.0)
WRAPPED = {
    "flat": Options(flatten=True),
    "flat text": Options(flatten=True, format=Format.USDA),
    "text": Options(format=Format.USDA),
    "zip": Options(usdz=True),
    "zipped clips": Options(usdz=True, motion=Motion.CLIPS, parts=PartForm.INSTANCER),
    "flat zip": Options(usdz=True, flatten=True),
}


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_line(tmp_path_factory.mktemp("line"))


def journal_of(plant: Plant, end: int = to_ticks(120.0)) -> Journal:
    journal = Journal(plant, seed=3)
    Simulation(plant, seed=3, motion=True, recorder=journal).advance(end)
    journal.close(end)
    return journal


def errors(stage: Usd.Stage) -> list[tuple[str, str]]:
    registry = UsdValidation.ValidationRegistry()
    context = UsdValidation.ValidationContext(registry.GetOrLoadAllValidators())
    return [(each.GetIdentifier(), each.GetMessage()) for each in context.Validate(stage)]


@pytest.mark.parametrize("name", WRAPPED)
def test_a_package_in_any_wrapping_is_the_same_plant_in_the_same_bytes(
    line: Path, tmp_path: Path, name: str
):
    roots = [
        export_usd(line, END, tmp_path / folder, options=WRAPPED[name]).root
        for folder in ("one", "another")
    ]
    assert roots[0].read_bytes() == roots[1].read_bytes()
    assert load(roots[0]).digest == load(line).digest
    assert check_scene(roots[0]) == []
    stage = Usd.Stage.Open(str(roots[0]))
    assert stage.GetCompositionErrors() == []
    assert errors(stage) == []
    link = stage.GetPrimAtPath("/Line/Weld/Robot_1/link_6").GetAttribute("xformOp:orient")
    assert link.GetNumTimeSamples() > 50
    if "text" not in name or "flat" in name:
        wrapped = sorted(each.name for each in (tmp_path / "one").iterdir())
        assert wrapped == ["export.json", roots[0].name]


def test_a_still_package_has_no_times_and_is_the_same_plant(line: Path, tmp_path: Path):
    summary = export_usd(line, None, tmp_path / "out")
    stage = Usd.Stage.Open(str(summary.root))
    assert (summary.keys, summary.animation) == (0, None)
    assert not stage.HasAuthoredTimeCodeRange()
    assert not any(a.GetNumTimeSamples() for p in stage.Traverse() for a in p.GetAttributes())
    assert load(summary.root).digest == load(line).digest
    assert errors(stage) == []


def test_a_package_runs_as_its_scene_does(line: Path, tmp_path: Path):
    root = export_usd(line, END, tmp_path / "out").root
    ours, theirs = journal_of(load(root)), journal_of(load(line))
    assert ours.events.tobytes() == theirs.events.tobytes()
    assert ours.segments.tobytes() == theirs.segments.tobytes()


def test_a_package_that_was_edited_in_usd_is_the_same_plant_with_the_edit(
    line: Path, tmp_path: Path
):
    root = export_usd(line, END, tmp_path / "out").root
    stage = Usd.Stage.Open(str(root))
    robot = stage.GetPrimAtPath("/Line/Weld/Robot_1")
    before = robot.GetAttribute("xformOp:translate").Get()
    robot.GetAttribute("xformOp:translate").Set(before + Gf.Vec3d(0, -0.25, 0))
    stage.GetPrimAtPath("/Line/Check").GetAttribute("twin:processTime").Set(21.0)
    stage.Save()
    old, new = load(line), load(root)
    assert new.digest != old.digest
    assert [each.path for each in new.places] == [each.path for each in old.places]
    changed = [a.path for a, b in zip(old.places, new.places, strict=True) if a != b]
    assert changed == ["/Line/Weld", "/Line/Check"]
    assert new.places[4].params.process_time == 21.0
    assert dist(new.robots[0].base.xyz, old.robots[0].base.xyz) == pytest.approx(0.25)
    assert check_scene(root) == []


def test_places_and_robots_say_what_they_are(line: Path, tmp_path: Path):
    stage = Usd.Stage.Open(str(export_usd(line, None, tmp_path / "out").root))
    said = {
        path: stage.GetPrimAtPath(path).GetAttribute("semantics:labels:class").Get()[0]
        for path in ("/Line/Weld", "/Line/Feed", "/Line/Weld/Robot_2", "/Line/Products/Van")
    }
    assert list(said.values()) == ["station", "conveyor", "industrial_robot", "product"]


def test_figures_are_those_of_the_run_at_any_time(line: Path, tmp_path: Path):
    end = to_ticks(120.0)
    stage = Usd.Stage.Open(str(export_usd(line, end, tmp_path / "out", seed=3).root))
    run = journal_of(load(line), end)
    events = run.events
    for tick in (0, 1, 7_654_321, 33_333_333, 90_000_001, end):
        code = tick * 60e-6
        past = events[events["tick"] <= tick]
        for row, place in enumerate(run.plant.places):
            mine = past[past["place"] == row]
            came = int(((mine["code"] == MOVE) | (mine["code"] == MADE)).sum())
            prim = stage.GetPrimAtPath(place.path)
            assert prim.GetAttribute("run:count").Get(code) == came, (place.path, tick)
            changes = mine[mine["code"] == STATE]
            borders = [0, *changes["tick"].tolist(), tick]
            states = ["starved", *(STATES[value] for value in changes["value"])]
            spans = zip(states, borders, borders[1:], strict=False)
            seconds = sum(b - a for state, a, b in spans if state == "working") / 1e6
            assert prim.GetAttribute("run:worked").Get(code) == pytest.approx(seconds, abs=1e-5)
        done = int(((past["code"] == FINISHED) & (past["value"] == 0)).sum())
        assert stage.GetPrimAtPath("/Line").GetAttribute("run:jobs").Get(code) == done


def test_a_flat_layer_holds_no_clips(line: Path, tmp_path: Path):
    options = Options(flatten=True, motion=Motion.CLIPS)
    with pytest.raises(CommandError, match="holds no value clips; leave out"):
        export_usd(line, END, tmp_path / "out", options=options)


def test_the_root_layer_names_what_the_package_is_made_of(line: Path, tmp_path: Path):
    root = export_usd(line, END, tmp_path / "out").root
    layer = Sdf.Layer.FindOrOpen(str(root))
    assert list(layer.subLayerPaths) == [
        "./animation.usdc",
        "./material_flow/products.usdc",
        "./layers/semantics.usda",
        "./layers/line.usda",
    ]
    assert UsdGeom.GetStageUpAxis(Usd.Stage.Open(layer)) == "Z"
