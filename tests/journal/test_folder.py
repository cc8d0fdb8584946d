import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.report.lines import recorded, two_stations
from twin.engine.command import Command
from twin.errors import CommandError
from twin.journal import Journal, check_writable, first_difference, load, save
from twin.units import to_ticks

FILES = ["events.npy", "run.json", "segments.npy"]


@pytest.fixture
def journal() -> Journal:
    stop = Command(action="stop", path="/Line/Station_2", tick=to_ticks(40.0))
    return recorded(two_stations(), 100.0, stop, motion=True)[1]


def test_a_journal_read_back_is_the_same(journal: Journal, tmp_path: Path):
    save(journal, tmp_path / "deep" / "run")
    back = load(tmp_path / "deep" / "run", journal.plant)
    assert first_difference(journal, back) is None
    assert (back.seed, back.replication, back.until) == (1, 0, to_ticks(100.0))
    assert back.commands.tolist() == journal.commands.tolist()
    then, now = journal.poses(to_ticks(77.0)), back.poses(to_ticks(77.0))
    np.testing.assert_array_equal(now.xyz, then.xyz)


def test_the_header_tells_what_the_run_was(journal: Journal, tmp_path: Path):
    save(journal, tmp_path)
    header = json.loads((tmp_path / "run.json").read_text())
    assert {name: header[name] for name in ("format", "version", "plant", "seed", "until")} == {
        "format": "twin.journal", "version": 1, "plant": "Line", "seed": 1, "until": 100_000_000,
    }  # fmt: skip
    assert header["places"][2] == "/Line/Station_2"
    assert header["commands"] == [
        {
            "tick": 40_000_000, "path": "/Line/Station_2", "action": "stop", "attribute": "",
            "value": 0.0,
        }
    ]  # fmt: skip
    assert sorted(file.name for file in tmp_path.iterdir()) == FILES


def test_the_same_run_is_saved_as_the_same_bytes(journal: Journal, tmp_path: Path):
    for name in ("one", "two", "two"):  # the last over an older one
        save(journal, tmp_path / name)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_folder_without_a_header_is_no_journal(journal: Journal, tmp_path: Path):
    with pytest.raises(CommandError, match=r"holds no run\.json"):
        load(tmp_path, journal.plant)


@pytest.mark.parametrize("name", ["events.npy", "segments.npy"])
def test_a_changed_byte_is_noticed(journal: Journal, tmp_path: Path, name: str):
    save(journal, tmp_path)
    content = bytearray((tmp_path / name).read_bytes())
    content[-1] ^= 1
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=rf"{name} is damaged: its SHA-256"):
        load(tmp_path, journal.plant)


def test_a_missing_table_is_named(journal: Journal, tmp_path: Path):
    save(journal, tmp_path)
    (tmp_path / "events.npy").unlink()
    with pytest.raises(CommandError, match=r"events\.npy can't be read: No such file"):
        load(tmp_path, journal.plant)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is damaged"),
        ("[1, 2]", "is damaged"),
        ('"twin.journal"', "is damaged"),
        ("{}", "is not a journal of ours"),
        ('{"format": "twin.journal", "version": 99}', "version must be 1, got 99"),
        ('{"format": "twin.journal", "version": 1}', "is damaged: KeyError"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(
    journal: Journal, tmp_path: Path, text: str, message: str
):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(CommandError, match=message):
        load(tmp_path, journal.plant)


@pytest.mark.parametrize(
    ("name", "value"), [("until", None), ("commands", [{"tick": 1}]), ("sha256", {}), ("seed", "x")]
)
def test_a_header_with_a_wrong_field_is_damaged(
    journal: Journal, tmp_path: Path, name: str, value: object
):
    save(journal, tmp_path)
    header = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps(header | {name: value}))
    with pytest.raises(CommandError, match=r"run\.json is damaged"):
        load(tmp_path, journal.plant)


def test_a_journal_of_another_scene_is_refused(journal: Journal, tmp_path: Path):
    save(journal, tmp_path)
    with pytest.raises(CommandError, match="open it with the scene that it was made from"):
        load(tmp_path, replace(journal.plant, digest="another"))


def test_a_folder_that_can_not_be_written_is_named(journal: Journal, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match="can't be written to"):
        save(journal, tmp_path / "file")


def test_a_folder_can_be_asked_about_before_a_run(journal: Journal, tmp_path: Path):
    check_writable(tmp_path / "deep" / "run")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("x")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    for folder in ("file", "file/run", "nowhere/run"):
        with pytest.raises(CommandError, match="can't be written to"):
            check_writable(tmp_path / folder)
    assert save(journal, tmp_path / "run") == sum(
        file.stat().st_size for file in (tmp_path / "run").glob("*.npy")
    )
