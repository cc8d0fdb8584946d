"""Files that are cut or flipped: all that was acknowledged comes back, or is named as lost."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.journal.lines import begun, decided, failing_line, record_of, went_on
from twin.engine.command import Command
from twin.errors import RunError
from twin.journal import last_tick, open_store, recover, verify

PLANT = failing_line()
CUTS = 4096  # bytes from the end
STATION = "/Line/Station_1"


def scene(folder: Path) -> Path:
    """A journal with commands, events, motion and snapshots, left as a crash would leave it."""
    journal = folder / "journal"
    run = open_store(journal).create(record_of())
    keeper, simulation = begun(run, PLANT)
    went_on(keeper, simulation, 20.0, times=3)
    run.flush()
    for value in range(40):
        decided(keeper, simulation, Command(action="fail", path=STATION, value=value / 8))
    simulation.advance(simulation.now + 10_000_000)
    keeper.settle(simulation.now, whole=True)
    run.flush()
    left = folder / "left"
    shutil.copytree(journal, left)
    run.close()
    return left


@pytest.fixture(scope="module")
def left(tmp_path_factory) -> Path:
    memory = Path("/dev/shm")
    if not memory.is_dir():
        return scene(tmp_path_factory.mktemp("damage"))
    folder = memory / f"twin-damage-{os.getpid()}"
    folder.mkdir()
    yield scene(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def sound(left):
    """What an undamaged copy says: its commands, and the digest at its end."""
    with closing(open_store(shutil.copytree(left, left.parent / "sound"))) as store:
        run = store.open("r1")
        assert run.damage == ()
        end = last_tick(run)
        return run.commands(), run.until, recover(run, PLANT, at=end, interpreted=True).digest()


def damaged(left: Path, file: str, change) -> Path:
    copy = left.parent / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(left, copy)
    target = next((copy / "r1").glob(file))
    content = target.read_bytes()
    target.write_bytes(change(content))
    return copy


def held(copy: Path, sound, *, deep: bool) -> None:
    """All commands are there; whatever else is missing is named, and is computed again."""
    commands, until, digest = sound
    with closing(open_store(copy)) as store:
        run = store.open("r1")
        assert run.commands() == commands
        assert run.until == until or run.damage, "events are gone, and nobody says so"
        if not deep:
            return
        keeper, simulation = begun(run, PLANT)
        simulation.advance(max(until.tick, simulation.now))
        assert simulation.digest() == digest
        keeper.finish(simulation)
        found = verify(run, PLANT, interpreted=True)
        assert found.differs_at is None, found.why
        run.close()
        assert store.open("r1").damage == ()


def test_a_crash_by_itself_damages_nothing(left, sound):
    held(shutil.copytree(left, left.parent / "plain"), sound, deep=True)


@pytest.mark.parametrize("file", ["decisions.log", "run.sqlite-wal", "run.sqlite"])
def test_a_file_may_be_cut_at_each_of_its_last_bytes(left, sound, file):
    size = (left / "r1" / file).stat().st_size
    for cut in range(1, min(CUTS, size) + 1):
        copy = damaged(left, file, lambda content, cut=cut: content[:-cut])
        held(copy, sound, deep=cut % 512 == 1)


@pytest.mark.parametrize("file", ["run.sqlite-wal", "run.sqlite", "decisions.log"])
def test_a_file_may_be_gone(left, sound, file):
    copy = damaged(left, file, lambda content: content)
    (copy / "r1" / file).unlink()
    held(copy, sound, deep=True)
    with closing(open_store(copy)) as store:
        store.open("r1")


@pytest.mark.parametrize("file", ["decisions.log", "run.sqlite-wal", "run.sqlite"])
def test_a_flipped_byte_anywhere_loses_nothing(left, sound, file):
    size = (left / "r1" / file).stat().st_size
    for at in range(3, size, max(1, size // 300)):

        def flipped(content: bytes, at: int = at) -> bytes:
            return content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :]

        held(damaged(left, file, flipped), sound, deep=at % 64 == 0)


@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_each_byte_of_the_last_decision_may_be_flipped(left, sound, bit):
    content = (left / "r1" / "decisions.log").read_bytes()
    begin = content.rstrip(b"\n").rfind(b"\n") + 1
    assert 20 < len(content) - begin < 2000
    for at in range(begin, len(content)):

        def flipped(content: bytes, at: int = at) -> bytes:
            return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]

        held(damaged(left, "decisions.log", flipped), sound, deep=at % 64 == 0)


def test_a_closed_journal_may_be_cut_too(left, sound):
    """Then all is in the database itself, as SQLite has taken its log over."""
    closed = shutil.copytree(left, left.parent / "closed")
    with closing(open_store(closed)) as store:
        store.open("r1")
    for cut in range(1, CUTS + 1, 5):
        copy = damaged(closed, "run.sqlite", lambda content, cut=cut: content[:-cut])
        held(copy, sound, deep=cut % 512 == 1)


def test_damaged_motion_at_the_end_is_named_and_computed_again(left, sound):
    newest = max((left / "r1" / "motion").iterdir()).name
    for change in (
        lambda content: content[:-7],
        lambda content: content[:99] + b"!" + content[100:],
    ):
        copy = damaged(left, f"motion/{newest}", change)
        with closing(open_store(copy)) as store:
            assert "computed again" in " ".join(store.open("r1").damage)
        copy = damaged(left, f"motion/{newest}", change)
        held(copy, sound, deep=True)


def test_damaged_motion_of_the_past_is_named_when_opened_and_when_read(left):
    oldest = min((left / "r1" / "motion").iterdir()).name
    copy = damaged(left, f"motion/{oldest}", lambda content: content[:-7])
    with closing(open_store(copy)) as store:
        run = store.open("r1")
        assert "are damaged" in run.damage[0]
        with pytest.raises(RunError, match="motion up to tick"):
            run.segments()
        run.close()
        assert "are damaged" in store.open("r1").damage[0]


def both(
    left: Path, sequence: int, *, how: str = "UPDATE command SET value = 99 WHERE sequence = ?"
) -> Path:
    """A copy in which a command is damaged in the log and in the database."""

    copy = damaged(left, "decisions.log", lambda content: content.replace(
        b'"sequence":%d,' % sequence, b'"sequence":%d,"x":1,' % sequence))  # fmt: skip
    with closing(sqlite3.connect(copy / "r1" / "run.sqlite")) as database:
        database.execute(how, (sequence,))
        database.commit()
    return copy


@pytest.mark.parametrize(
    "how",
    [
        "UPDATE command SET value = 99 WHERE sequence = ?",
        "DELETE FROM command WHERE sequence = ?",
    ],
)
def test_a_command_that_both_copies_have_lost_is_named_each_time(left, how):
    copy = both(left, 20, how=how)
    with closing(open_store(copy)) as store:
        store.open("r1")
    with closing(open_store(copy)) as store:
        run = store.open("r1")
        assert run.damage[0] == "command 20 is lost: no sound copy is left"
        with pytest.raises(RunError, match="command 20 is lost"):
            recover(run, PLANT, interpreted=True)
        assert recover(run, PLANT, at=60_000_000 - 1, interpreted=True).now == 60_000_000 - 1
        assert len(run.commands(after=20)) == 23


def test_a_command_lost_before_a_sound_snapshot_stops_nothing(left, sound):
    copy = both(left, 2)
    with closing(open_store(copy)) as store:
        run = store.open("r1")
        assert run.damage
        found = recover(run, PLANT, interpreted=True)
        assert found.digest() == sound[2]


def test_a_damaged_snapshot_gives_way_to_an_earlier_one(left, sound):
    copy = shutil.copytree(left, left.parent / "snapshots")
    with closing(sqlite3.connect(copy / "r1" / "run.sqlite")) as database:
        database.execute("UPDATE snapshot SET content = x'00' WHERE tick = 60000000")
        database.commit()
    with closing(open_store(copy)) as store:
        run = store.open("r1")
        assert run.damage == ("the snapshot of tick 60000000 was damaged; an earlier one serves",)
        assert recover(run, PLANT, interpreted=True).digest() == sound[2]
