"""What every store promises, held against a folder and a PostgreSQL server alike."""

import math
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from tests.journal.lines import FIRST, SECOND, begun, decided, record_of, reference, went_on
from twin.core.record import EVENT
from twin.engine.command import Command
from twin.errors import CommandError, RunError
from twin.journal import (
    NOTHING,
    Batch,
    CommandRow,
    Keeper,
    Mark,
    Retention,
    SnapshotRow,
    fork,
    last_tick,
    open_store,
    recover,
    verify,
)
from twin.motion import SEGMENT
from twin.units import to_ticks


def rows(first: int, count: int, dtype) -> np.ndarray:
    made = np.zeros(count, dtype)
    made["tick"] = np.arange(first, first + count)
    return made


def batch(first: int, count: int, sequence: int = 0) -> Batch:
    return Batch(
        until=Mark(first + count, sequence),
        events=rows(first, count, EVENT),
        segments=rows(first, count, SEGMENT),
    )


def test_a_run_is_found_again_with_all_that_was_said_of_it(store, where):
    record = record_of(scenarios=("a.usda",), overrides=("/L.twin:speed=1",), plant="d" * 64)
    store.create(record).close()
    store.create(record_of("r0", created=0.5)).close()
    again = open_store(where)
    assert again.runs() == [record_of("r0", created=0.5), record]
    assert again.open("r1").record == record
    again.close()


def test_a_run_begins_with_nothing(store):
    run = store.create(record_of())
    assert (run.until, run.sequence, run.damage, run.kept_from) == (NOTHING, 0, (), 0)
    assert (run.commands(), run.snapshots(), run.snapshot()) == ([], [], None)
    assert len(run.events()) == len(run.segments()) == 0


@pytest.mark.parametrize("name", ["", "../r", "a/b", ".r", "a" * 49, "r\n"])
def test_a_malformed_id_is_refused(store, name):
    with pytest.raises(CommandError, match="id must be"):
        store.create(record_of(name))


def test_an_id_is_used_once(store):
    store.create(record_of())
    with pytest.raises(CommandError, match="choose another id"):
        store.create(record_of())


def test_a_run_that_is_not_there_is_named_with_the_nearest(store):
    store.create(record_of("monday"))
    with pytest.raises(CommandError, match="did you mean monday"):
        store.open("munday")


def test_only_one_may_have_a_run_open_and_others_may_read_it(store, where):
    run = store.create(record_of())
    run.append_commands([CommandRow(tick=0, action="stop", path=FIRST)])
    other = open_store(where)
    with pytest.raises(CommandError, match="open in another process"):
        other.open("r1")
    with pytest.raises(CommandError, match="open in another process"):
        other.delete("r1")
    read = other.read("r1")
    assert read.commands() == run.commands()
    run.append_commands([CommandRow(tick=1, action="start", path=FIRST)])
    assert (read.commands(), read.sequence) == (run.commands(), 2)
    with pytest.raises(RunError, match="only to be read"):
        read.submit(CommandRow(tick=2, action="stop"))
    other.close()
    run.close()
    store.open("r1")


def test_commands_come_back_as_they_were_given(store):
    given = CommandRow(
        tick=5, action="set", path="/L/Ünïcode", attribute="twin:processTime", value=0.1 + 0.2,
        correlation="c-1", key="k-1", issuer="anna", received=1_700_000_000.25,
    )  # fmt: skip
    run = store.create(record_of())
    kept = run.append_commands([given, replace(given, key="", value=-1e300, refused="too low")])
    assert kept == [given.numbered(1), replace(given, key="", value=-1e300, refused="too low",
                                               sequence=2)]  # fmt: skip
    run.close()
    run = store.open("r1")
    assert run.commands() == kept
    assert run.commands(after=1) == kept[1:]


def test_a_value_that_is_no_number_is_kept(store):
    run = store.create(record_of())
    run.append_commands([CommandRow(tick=0, action="set", value=math.nan, refused="NaN")])
    run.close()
    run = store.open("r1")
    assert math.isnan(run.commands()[0].value)
    assert run.damage == ()


@pytest.mark.parametrize(
    "wrong", [{"path": "a\0b"}, {"key": "\ud800"}, {"tick": 1 << 63}, {"received": math.inf}]
)
def test_what_a_database_could_not_keep_is_refused_and_harms_nothing(store, wrong):
    run = store.create(record_of())
    with pytest.raises(CommandError):
        run.submit(replace(CommandRow(tick=0, action="stop"), **wrong))
    assert run.append_commands([CommandRow(tick=0, action="stop")])[0].sequence == 1


def test_the_same_key_gives_the_first_answer_also_after_opening_again(store):
    run = store.create(record_of())
    (first,) = run.append_commands([CommandRow(tick=0, action="stop", path="/a", key="k")])
    other = CommandRow(tick=9, action="start", path="/b", key="k")
    assert run.append_commands([other]) == [first]
    run.close()
    run = store.open("r1")
    assert run.find("k") == first
    assert run.append_commands([other]) == [first]
    assert run.commands() == [first]
    assert run.find("unknown") is None


def test_many_threads_get_a_sequence_each_and_all_is_kept(store):
    run = store.create(record_of())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(
            lambda n: run.append_commands([CommandRow(tick=0, action="stop", key=str(n % 150))])[0],
            range(200),
        ))  # fmt: skip
    assert {row.sequence for row in answers} == set(range(1, 151))
    run.close()
    assert [row.sequence for row in store.open("r1").commands()] == list(range(1, 151))


def test_a_command_can_not_change_what_is_settled(store):
    run = store.create(record_of())
    run.append(batch(0, 100))
    with pytest.raises(CommandError, match="fork the run"):
        run.submit(CommandRow(tick=99, action="stop"))
    run.submit(CommandRow(tick=99, action="stop", refused="it was refused")).result()
    with pytest.raises(CommandError, match="can't follow"):
        run.append(batch(0, 50))


def test_events_and_motion_come_back_by_ticks(store):
    run = store.create(record_of())
    for first in (0, 100, 200):
        run.append(batch(first, 100))
    run.flush()
    for read in (run.events, run.segments):
        assert read()["tick"].tolist() == list(range(300))
        assert read(150, 249)["tick"].tolist() == list(range(150, 250))
        assert len(read(300)) == 0
    run.close()
    assert store.open("r1").until == Mark(300, 0)


def test_the_newest_snapshot_at_or_before_a_tick_is_given(store):
    run = store.create(record_of())
    for mark in (Mark(10, 0), Mark(10, 1), Mark(20, 1)):
        run.put_snapshot(SnapshotRow(mark=mark, digest=f"d{mark}", content=b"x" * mark.tick))
    run.put_snapshot(SnapshotRow(mark=Mark(10, 1), digest="again", content=b"y"))
    run.flush()
    assert [row.mark for row in run.snapshots()] == [(10, 0), (10, 1), (20, 1)]
    assert run.snapshot(19) == SnapshotRow(mark=Mark(10, 1), digest="again", content=b"y")
    assert run.snapshot(9) is None
    assert run.snapshot().mark == (20, 1)


def test_compaction_keeps_commands_hashes_and_the_newest(store):
    run = store.create(record_of())
    run.append_commands([CommandRow(tick=0, action="stop")])
    for first in range(0, 1000, 100):
        run.append(batch(first, 100, 1))
        content = b"x" * 100
        run.put_snapshot(SnapshotRow(mark=Mark(first, 1), digest="d", content=content))
    run.compact(Retention(snapshots=2, segments=300, events=500))
    run.compact(Retention(snapshots=2, segments=300, events=500))
    for _ in range(2):
        assert run.damage == ()
        assert len(run.commands()) == 1
        assert (len(run.snapshots()), run.snapshot(850).mark.tick) == (10, 800)
        assert run.snapshot(799) is None
        assert run.events()["tick"].tolist() == list(range(500, 1000))
        assert run.segments()["tick"].tolist() == list(range(700, 1000))
        assert run.kept_from == 501
        run.close()
        run = store.open("r1")


def test_a_run_that_is_deleted_is_gone(store):
    store.create(record_of()).close()
    store.create(record_of("r2")).close()
    store.delete("r1")
    assert [each.id for each in store.runs()] == ["r2"]
    with pytest.raises(CommandError, match="no run"):
        store.delete("r1")
    store.create(record_of()).close()


def test_a_run_goes_on_where_it_was_left_as_if_it_had_not_been(store, plant):
    run = store.create(record_of())
    keeper, simulation = begun(run, plant)
    went_on(keeper, simulation, 50.0, times=4)
    simulation.advance(to_ticks(220.0))
    decided(keeper, simulation, Command(action="stop", path=FIRST))
    run.close()  # what the keeper still had is lost, as in a crash

    run = store.open("r1")
    assert run.until == (to_ticks(200.0), 4)
    keeper, simulation = begun(run, plant)
    assert simulation.now == to_ticks(220.0)
    assert simulation.digest() == reference(run, plant, simulation.now).digest()
    decided(keeper, simulation, Command(action="start", path=FIRST))
    went_on(keeper, simulation, 50.0)
    keeper.finish(simulation)
    found = verify(run, plant, interpreted=True)
    assert (found.differs_at, found.why) == (None, "")
    assert found.digest == simulation.digest()
    assert (found.commands, found.snapshots) == (7, len(run.snapshots()))
    assert found.events == len(run.events()) > 100
    assert len(run.segments()) > 20


@pytest.mark.parametrize("second", [0.0, 33.3, 50.0, 110.0, 200.0])
def test_any_past_tick_can_be_seen_again(store, plant, second):
    run = store.create(record_of())
    keeper, simulation = begun(run, plant)
    went_on(keeper, simulation, 50.0, times=4)
    at = to_ticks(second)
    past = recover(run, plant, at=at, interpreted=True)
    assert past.now == at
    assert past.digest() == reference(run, plant, at).digest()


def test_a_fork_shares_the_past_and_nothing_else(store, plant):
    run = store.create(record_of())
    keeper, simulation = begun(run, plant)
    went_on(keeper, simulation, 50.0, times=4)
    at = to_ticks(120.0)
    fork(store, run, at, run="r2", created=2.0).close()
    child = store.open("r2")
    assert (child.record.parent, child.record.parent_tick) == ("r1", at)
    child_keeper, forked = begun(child, plant)
    assert forked.now == at == last_tick(child)
    assert forked.digest() == recover(run, plant, at=at, interpreted=True).digest()
    assert [row.tick for row in child.commands()] == [to_ticks(50.0), to_ticks(100.0)]
    went_on(child_keeper, forked, 30.0, times=2)
    child_keeper.finish(forked)
    assert verify(child, plant, interpreted=True).differs_at is None
    assert child.events()["tick"].min() > at
    assert verify(run, plant, interpreted=True).differs_at is None


def test_a_fork_may_draw_other_chances_and_is_still_proven(store, plant):
    run = store.create(record_of())
    keeper, simulation = begun(run, plant)
    went_on(keeper, simulation, 50.0, times=2)
    keeper.finish(simulation)
    same = fork(store, run, simulation.now, run="same")
    other = fork(store, run, simulation.now, run="other", seed=77)
    ends = []
    for child in (same, other):
        child_keeper, forked = begun(child, plant)
        forked.advance(to_ticks(400.0))
        child_keeper.finish(forked)
        assert verify(child, plant, interpreted=True).differs_at is None
        ends.append(forked.digest())
    simulation.advance(to_ticks(400.0))
    assert simulation.digest() == ends[0] != ends[1]


@pytest.mark.parametrize("at", [-1, to_ticks(51.0)])
def test_a_fork_at_a_tick_that_never_was_is_refused(store, plant, at):
    run = store.create(record_of())
    keeper, simulation = begun(run, plant)
    went_on(keeper, simulation, 50.0)
    with pytest.raises(CommandError, match="goes from tick 0 to 50000000"):
        fork(store, run, at, run="r2")


def test_a_change_of_chances_is_named_by_its_tick(store, plant):
    """As after an upgrade that simulates otherwise: here by a command that was never given."""
    run = store.create(record_of())
    keeper, simulation = begun(run, plant)
    went_on(keeper, simulation, 50.0, times=2)
    simulation.apply(Command(action="stop", path=SECOND))
    went_on(keeper, simulation, 50.0, times=2)
    keeper.finish(simulation)
    found = verify(run, plant, interpreted=True)
    assert found.differs_at == to_ticks(100.0)
    assert SECOND in found.why
    assert found.snapshots == 2


def test_a_world_that_differs_without_an_event_is_named_by_its_column(store, plant):
    run = store.create(record_of())
    keeper, simulation = begun(run, plant)
    went_on(keeper, simulation, 50.0)
    simulation.world.place[1].failures += 1
    went_on(keeper, simulation, 50.0)
    found = verify(run, plant, interpreted=True)
    assert found.differs_at == to_ticks(100.0)
    assert "place[1].failures" in found.why


def test_another_plant_is_refused(store, plant):
    run = store.create(record_of(plant="0" * 64))
    with pytest.raises(CommandError, match="open it with the scene"):
        recover(run, plant, interpreted=True)


def test_who_goes_back_drops_what_will_not_happen(store, plant):
    run = store.create(record_of())
    keeper, simulation = begun(run, plant)
    simulation.advance(to_ticks(50.0))
    keeper.settle(simulation.now, whole=True)
    shown = simulation.snapshot()
    simulation.advance(to_ticks(90.0))
    keeper.take(simulation)
    keeper.cut(to_ticks(50.0))
    simulation.restore(shown)
    decided(keeper, simulation, Command(action="fail", path=FIRST, value=30.0))
    simulation.advance(to_ticks(120.0))
    keeper.finish(simulation)
    assert verify(run, plant, interpreted=True).differs_at is None
    with pytest.raises(CommandError, match="settled"):
        keeper.cut(to_ticks(50.0))


def test_a_fork_that_was_interrupted_is_not_taken_for_whole(store, plant):
    run = store.create(record_of(parent="r0", parent_tick=to_ticks(10.0)))
    with pytest.raises(RunError, match="not forked to its end"):
        recover(run, plant, keeper=Keeper(run, plant), interpreted=True)


def test_a_server_that_goes_away_is_told_and_nothing_is_acknowledged(postgres):
    import psycopg

    with closing(open_store(postgres)) as store:
        for record in store.runs():
            store.delete(record.id)
        run = store.create(record_of())
        (kept,) = run.append_commands([CommandRow(tick=0, action="stop")])
        with psycopg.connect(postgres, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        for _ in range(2):
            with pytest.raises(RunError):
                run.append_commands([CommandRow(tick=0, action="start")])
    with closing(open_store(postgres)) as store:
        assert store.open("r1").commands() == [kept]
