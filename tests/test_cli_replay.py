"""`twin replay`: a run of a durable journal is played again from the command line."""

import json
from contextlib import closing

import pytest
from typer.testing import CliRunner

from tests.test_cli import SCENE
from twin.cli import app
from twin.engine import Command, Simulation
from twin.journal import CommandRow, Keeper, RunRecord, open_store, recover
from twin.scene import load
from twin.units import to_ticks


@pytest.fixture
def scene(tmp_path):
    file = tmp_path / "line.usda"
    file.write_text(SCENE)
    return file


def journaled(scene, folder, *, secretly: bool = False) -> Simulation:
    """A run of 200 s with a command at 100 s; with one more that the journal never heard of."""
    plant = load(scene)
    record = RunRecord(id="monday", scene=str(scene), plant=plant.digest, seed=3)
    with closing(open_store(folder)) as store:
        run = store.create(record)
        keeper = Keeper(run, plant)
        simulation = recover(run, plant, keeper=keeper, interpreted=True)
        simulation.advance(to_ticks(100.0))
        stop = Command(action="fail", path="/Line/First", value=12.0)
        run.append_commands([CommandRow.of(simulation.apply(stop))])
        keeper.take(simulation)
        if secretly:
            simulation.apply(Command(action="stop", path="/Line/Second"))
        simulation.advance(to_ticks(200.0))
        keeper.finish(simulation)
    return simulation


def replayed(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["replay", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_a_sound_run_is_proven(scene, tmp_path):
    simulation = journaled(scene, tmp_path / "runs")
    code, told, _ = replayed(tmp_path / "runs" / "monday", "--verify")
    assert code == 0
    assert simulation.digest() in told
    assert "2 snapshots and " in told
    code, told, _ = replayed("monday", "--journal", tmp_path / "runs", "--json", "--verify")
    assert (code, json.loads(told)["differs_at"]) == (0, None)


def test_without_verify_it_is_only_played(scene, tmp_path):
    simulation = journaled(scene, tmp_path / "runs")
    code, told, _ = replayed(tmp_path / "runs" / "monday")
    assert (code, told.split()[-1]) == (0, simulation.digest())


def test_the_first_tick_that_differs_is_named(scene, tmp_path):
    journaled(scene, tmp_path / "runs", secretly=True)
    code, _, told = replayed(tmp_path / "runs" / "monday", "--verify")
    assert code == 1
    assert "differs from its journal at tick 100000000" in told
    assert "/Line/Second" in told


def test_a_scene_that_is_another_now_is_refused(scene, tmp_path):
    journaled(scene, tmp_path / "runs")
    scene.write_text(SCENE.replace("processTime = 30", "processTime = 31"))
    code, _, told = replayed(tmp_path / "runs" / "monday", "--verify")
    assert code == 2
    assert "open it with the scene that it was made from" in told


@pytest.mark.parametrize("words", [["nowhere"], ["x", "--journal", "nowhere"]])
def test_a_run_that_is_not_there_is_named(words):
    code, _, told = replayed(*words)
    assert code == 2
    assert "nowhere" in told
