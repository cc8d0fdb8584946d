"""The command line: a two-station line whose figures are known by hand, and every bad input."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.sources import ROOT
from twin import __version__
from twin.cli import app
from twin.cli.options import find_scene
from twin.journal import load
from twin.scene import load as load_plant
from twin.units import to_ticks

SCENE = """#usda 1.0
(
    defaultPrim = "Line"
    kilogramsPerUnit = 1
    metersPerUnit = 1
    upAxis = "Z"
)

def Xform "Line" (kind = "assembly")
{
    def Xform "Source" (prepend apiSchemas = ["TwinSourceAPI"])
    {
        double twin:interval = 10
        rel twin:next = </Line/First>
    }

    def Xform "First" (prepend apiSchemas = ["TwinStationAPI"])
    {
        double twin:processTime = 20
        rel twin:next = </Line/Second>
    }

    def Xform "Second" (prepend apiSchemas = ["TwinStationAPI"])
    {
        double twin:processTime = 30
        rel twin:next = </Line/Sink>
    }

    def Xform "Sink" (prepend apiSchemas = ["TwinSinkAPI"])
    {
    }
}
"""
SCENARIO = """#usda 1.0
over "Line"
{
    over "Second"
    {
        double twin:processTime = 40
    }
}
"""


@pytest.fixture
def scene(tmp_path: Path) -> str:
    (tmp_path / "line.usda").write_text(SCENE)
    (tmp_path / "slower.usda").write_text(SCENARIO)
    return str(tmp_path / "line.usda")


def unwarned(text: str) -> str:
    """A text without its warnings; the line is meant to be slower than its source."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("warning: "))


def twin(*arguments: str):
    """Run a command in this process; anything but an exit is a bug and raises."""
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def refused(*arguments: str) -> str:
    """What a command says about bad input, in one line of plain text."""
    result = twin(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    plain = re.sub(r"\x1b\[[0-9;]*m|[│╭╮╰╯─]", "", result.stderr)
    return " ".join(plain.split())


def test_run_reports_the_figures(scene: str):
    result = twin("run", scene, "--until", "200s", "--json")
    assert (result.exit_code, unwarned(result.stderr)) == (0, "")
    report = json.loads(result.stdout)
    assert report["throughput"]["jph"] == 108.0
    assert report["lead_time"] == {"mean_s": 73.333333, "max_s": 80.0}
    assert report["work_in_process"] == {"mean": 2.55, "now": 2}
    assert report["bottleneck"]["path"] == "/Line/Second"
    assert report["places"][2]["shares"]["working"] == 0.9


def test_run_tells_people_the_same(scene: str):
    result = twin("run", scene, "--until", "200s")
    assert result.exit_code == 0
    assert "108.00 JPH (6 finished of 8 made)" in result.stdout
    assert "Second is the bottleneck: it works 90.0 % of the time" in result.stdout


def test_an_override_and_a_scenario_change_the_run(scene: str, tmp_path: Path):
    as_set = twin(
        "run", scene, "--until", "1h", "--set", "/Line/Second.twin:processTime=40", "--json"
    )
    layered = twin(
        "run", scene, "--until", "1h", "--scenario", str(tmp_path / "slower.usda"), "--json"
    )
    one, other = json.loads(as_set.stdout), json.loads(layered.stdout)
    assert one.pop("what_if") == {
        "scenarios": [], "overrides": ["/Line/Second.twin:processTime=40"],
    }  # fmt: skip
    assert other.pop("what_if") == {"scenarios": [str(tmp_path / "slower.usda")], "overrides": []}
    assert one == other
    assert other["places"][2]["oee"]["ideal_cycle_s"] == 40.0


@pytest.mark.parametrize("more", [[], ["--replications", "2"]])
def test_people_are_told_what_was_changed(
    scene: str, tmp_path: Path, more: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    shown = twin("run", scene, "--until", "60s", *more).stdout
    assert "what-if" not in shown
    changes = ["--set", "/Line/First.twin:processTime=15", "--scenario", "slower.usda"]
    shown = twin("run", scene, "--until", "60s", *changes, *more).stdout
    assert "--set /Line/First.twin:processTime=15, scenario slower.usda" in shown
    tree = json.loads(twin("run", scene, "--until", "60s", *changes, *more, "--json").stdout)
    assert tree["what_if"] == {
        "scenarios": ["slower.usda"], "overrides": ["/Line/First.twin:processTime=15"],
    }  # fmt: skip


def test_replications_give_estimates(scene: str):
    tree = json.loads(twin("run", scene, "--until", "200s", "--replications", "3", "--json").stdout)
    assert tree["throughput"]["jph"] == {"mean": 108.0, "half_width": 0.0}
    shown = twin("run", scene, "--until", "200s", "--replications", "3").stdout
    assert "108.00 +- 0.00 JPH" in shown


def test_a_journal_is_kept_and_changes_no_figure(scene: str, tmp_path: Path):
    plain = json.loads(twin("run", scene, "--until", "200s", "--json").stdout)
    folder = str(tmp_path / "run")
    kept = json.loads(twin("run", scene, "--until", "200s", "--journal", folder, "--json").stdout)
    assert kept.pop("history")["finished_by_hour"] == [6]
    assert kept == plain
    journal = load(tmp_path / "run", load_plant(scene))
    assert journal.until == to_ticks(200.0)
    assert len(journal.poses(to_ticks(100.0)).serial) == 2


def test_each_replication_has_a_journal_of_its_own(scene: str, tmp_path: Path):
    folder = tmp_path / "runs"
    twin("run", scene, "--until", "60s", "--replications", "2", "--journal", str(folder))
    assert sorted(path.name for path in folder.iterdir()) == ["replication_0", "replication_1"]


def test_what_was_kept_is_told_apart_from_the_report(scene: str, tmp_path: Path):
    folder = tmp_path / "runs"
    kept = twin("run", scene, "--until", "200s", "--journal", str(folder))
    assert re.fullmatch(
        rf"journal in {re.escape(str(folder))}: \d+ events, \d+ motions, 0\.\d MB\n",
        unwarned(kept.stderr),
    )
    again = twin(
        "run", scene, "--until", "60s", "--replications", "2", "--journal", str(folder), "--json"
    )
    assert unwarned(again.stderr).startswith(
        f"2 journals in {folder}/replication_0 to replication_1: "
    )
    json.loads(again.stdout)


@pytest.mark.parametrize("more", [[], ["--replications", "2"]])
def test_a_journal_that_can_not_be_kept_is_refused_before_the_run(
    scene: str, tmp_path: Path, more: list[str]
):
    endless = ["--set", "/Line/Source.twin:interval=0"]  # a run would end with 1
    for name in ("First", "Second"):
        endless += ["--set", f"/Line/{name}.twin:processTime=0"]
    folder = f"{scene}/deep/runs"
    said = refused("run", scene, *endless, *more, "--journal", folder)
    assert f"the journal can't be written to {folder}" in said
    twin("run", scene, *endless, *more, "--journal", str(tmp_path / "runs"))
    assert not (tmp_path / "runs").exists()  # asking leaves nothing behind


def test_check_finds_nothing_in_a_clean_scene(scene: str):
    result = twin("check", scene)
    assert (result.exit_code, unwarned(result.stdout)) == (0, f"{scene}: no problems\n")
    tree = json.loads(twin("check", scene, "--json").stdout)
    doubts = tree.pop("warnings")
    assert tree == {"scene": scene, "clean": True, "problems": []}
    assert [doubt["path"] for doubt in doubts] == ["/Line/First", "/Line/Second"]


def test_what_looks_like_a_mistake_is_a_warning_before_a_run(scene: str):
    result = twin("run", scene, "--until", "60s")
    assert result.stderr.splitlines()[0] == (
        "warning: /Line/First is slower than its parts come, one every 10 s from /Line/Source, "
        "got 20 s for a part; the line can't keep up with its source"
    )


def test_check_reports_every_problem(scene: str):
    text = SCENE.replace("processTime = 20", "processTime = -1").replace(
        "</Line/Sink>", "</Line/Snk>"
    )
    Path(scene).write_text(text)
    result = twin("check", scene)
    assert result.exit_code == 2
    assert "/Line/First twin:processTime must be >= 0 and <= 1e+09 s, got -1.0" in result.stdout
    assert "did you mean /Line/Sink?" in result.stdout
    found = twin("check", scene, "--json")
    assert found.exit_code == 2
    problems = json.loads(found.stdout)["problems"]
    assert {"path", "rule", "value", "way_out"} == set(problems[0])
    assert "/Line/First twin:processTime" in [each["path"] for each in problems]


def test_version_and_help():
    assert twin("--version").stdout == f"twin {__version__}\n"
    for arguments in (["--help"], ["-h"], ["run", "--help"], ["check", "-h"], ["export", "--help"]):
        assert twin(*arguments).exit_code == 0
    shown = twin("run", "--help").stdout
    assert "twin run body_shop --until 8h --seed 1" in shown
    assert all(f"{code}  " in shown for code in (0, 1, 2))
    assert "Exit codes" in shown


def examples() -> list[list[str]]:
    """The command lines that the help texts show."""
    texts = [each.callback.__doc__ or "" for each in app.registered_commands if each.callback]
    assert app.registered_callback is not None
    texts.append(getattr(app.registered_callback.callback, "__doc__", ""))
    lines = [
        line for text in texts for line in re.findall(r"^ *twin (\w+ .*)$", text, re.MULTILINE)
    ]
    return [re.split(r"  +", line)[0].split() for line in lines]


def test_examples_in_help_work_on_the_bundled_scene(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    changed = [words for words in examples() if "--set" in words or "--scenario" in words]
    assert any("--set" in words for words in changed)
    assert any("--scenario" in words for words in changed)
    for words in changed:
        pairs = list(pairwise(words))
        load_plant(
            find_scene(words[1]),
            overrides=[value for option, value in pairs if option == "--set"],
            scenarios=[value for option, value in pairs if option == "--scenario"],
        )
    for words in examples():
        shown = twin(*words, "--help")
        assert shown.exit_code == 0, words
        assert all(word in shown.stdout for word in words if word.startswith("--")), words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "{scene}", "--until", "soon"], "'soon' is not a duration; write for example 8h"),
        (["run", "{scene}", "--until", "0"], "a duration must be above 0"),
        (["run", "{scene}", "--until", "-5"], "a duration must be above 0"),
        (["run", "{scene}", "--seed", "x"], "Invalid value for '--seed'"),
        (["run", "{scene}", "--seed", "-1"], "Invalid value for '--seed'"),
        (["run", "{scene}", "--replications", "0"], "Invalid value for '--replications'"),
        (["run", "{scene}", "--frobnicate"], "No such option: --frobnicate"),
        (["run"], "Missing argument 'SCENE'"),
        (["run", "body_shp"], "body_shp is neither a file nor a bundled scene"),
        (["run", "{folder}"], "is neither a file nor a bundled scene"),
        (["check", "nowhere.usda"], "nowhere.usda is neither a file nor a bundled scene"),
        (["run", "{scene}", "--scenario", "nowhere.usda"], "nowhere.usda"),
        (["run", "{scene}", "--set", "nonsense"], "nonsense"),
        (["run", "{scene}", "--set", "/Line/Nobody.twin:processTime=5"], "/Line/Nobody"),
        (["run", "{scene}", "--set", "/Line/First.twin:processTme=5"], "twin:processTime"),
        (["run", "{scene}", "--set", "/Line/First.twin:processTime=five"], "five"),
        (["run", "{scene}", "--set", "/Line/First.twin:processTime=-5"], "must be >= 0 and"),
        (["run", "{scene}", "--until", "60s", "--journal", "{scene}"], "can't be written to"),
        (["export", "{scene}", "--to", "fbx", "--out", "x"], "Invalid value for '--to'"),
        (["export", "{scene}"], "Missing option '--out'"),
        (["export", "{scene}", "--rate", "5", "--out", "x"], "give --to mcap with them"),
        (["export", "{scene}", "--to", "mcap", "--out", "{folder}"], "is a folder"),
        (["export", "{scene}", "--to", "mcap", "--out", "{scene}/x"], "can't write to"),
        (["export", "{scene}", "--to", "mcap", "--rate", "0", "--out", "{folder}/x"], "rate must"),
        (["export", "{scene}", "--out", "{folder}"], "is not an earlier export"),
        (["serve", "nowhere.usda"], "nowhere.usda is neither a file nor a bundled scene"),
        (["serve", "{scene}", "--port", "70000"], "Invalid value for '--port'"),
        (["serve", "{scene}", "--speed", "0"], "Invalid value for '--speed'"),
        (["simulate"], "No such command 'simulate'"),
    ],
)
def test_bad_input_gets_a_message_and_exit_code_2(
    scene: str, tmp_path: Path, arguments: list[str], message: str
):
    said = refused(*(each.format(scene=scene, folder=tmp_path) for each in arguments))
    assert message in said


@pytest.mark.parametrize("text", ["", "not usd at all", "#usda 1.0\n"])
def test_a_file_that_is_no_scene_gets_a_message(scene: str, text: str):
    Path(scene).write_text(text)
    assert "line.usda" in refused("run", scene)


def test_a_run_that_can_not_go_on_ends_with_1(scene: str):
    endless = ["--set", "/Line/Source.twin:interval=0"]
    for name in ("First", "Second"):
        endless += ["--set", f"/Line/{name}.twin:processTime=0"]
    result = twin("run", scene, "--until", "1h", *endless)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no time passes" in result.stderr


def test_export_writes_a_scene_that_moves(scene: str, tmp_path: Path):
    out = tmp_path / "out"
    result = twin("export", scene, "--until", "60s", "--out", str(out), "--json")
    assert result.exit_code == 0
    root = Path(json.loads(result.stdout)["root"])
    assert root.is_file()
    again = twin("export", scene, "--until", "60s", "--out", str(out))
    assert again.stdout.startswith(f"{root}: open it in any USD tool")


def test_export_records_a_run_for_foxglove(scene: str, tmp_path: Path):
    first, second = tmp_path / "new" / "one.mcap", tmp_path / "two.mcap"
    words = ("export", scene, "--until", "60s", "--from", "20s", "--to", "mcap", "--out")
    told = json.loads(twin(*words, str(first), "--json").stdout)
    assert (told["seconds"], told["looks"]) == (40, 401)
    assert told["bytes"] == first.stat().st_size
    again = twin(*words, str(second))
    assert again.stdout.startswith(f"{second}: open it in Foxglove")
    assert first.read_bytes() == second.read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir() if "mcap" in each.name) == ["two.mcap"]
    assert refused(*words, str(tmp_path / "x"), "--rate", "1e9")
    assert not (tmp_path / "x").exists()


def test_statistics_can_begin_after_a_warm_up():
    def told(*more: str):
        words = ["run", "body_shop", "--until", "3h", *more, "--json"]
        return json.loads(CliRunner().invoke(app, words).stdout)

    whole, after = told(), told("--warmup", "1h")
    assert (whole["elapsed_s"], after["elapsed_s"]) == (3 * 3600, 2 * 3600)
    assert whole["throughput"]["jph"] < after["throughput"]["jph"]
