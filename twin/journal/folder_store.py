"""Runs in a folder, each in one of its own: SQLite, a log of decisions, and Parquet.

    JOURNAL/RUN/decisions.log   what was decided, a line each; written first, and never rewritten
    JOURNAL/RUN/run.sqlite      all but motion
    JOURNAL/RUN/motion/         Parquet
    JOURNAL/RUN/lock            held by the process that has the run open

A run whose database is damaged is rebuilt from the log and from what can still be read of it; the
damaged file stays beside it as run.sqlite.damaged.
"""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from twin.errors import CommandError, RunError, nearest
from twin.journal.database import DamagedError, Database, migrate
from twin.journal.decisions import DecisionLog, Line, chained, read_lines, text_of, write_whole
from twin.journal.durable import DurableRun, Place
from twin.journal.sqlite import Sqlite, locked
from twin.journal.store import RunRecord
from twin.journal.telemetry import Files, sync_folder

__all__ = ["FolderStore", "check_id"]

LOG, DATABASE, MOTION, LOCK = "decisions.log", "run.sqlite", "motion", "lock"
TABLES = ("about", "command", "batch", "telemetry", "snapshot")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,47}")


class FolderStore:
    """A `Store` in a folder, which is made when the first run is."""

    def __init__(self, folder: Path, *, sync: Callable[[int], None] = os.fsync) -> None:
        """Say where.

        Args:
            folder: that the runs are in, or will be.
            sync: puts a log on the disk, by its descriptor.
        """
        self._folder = folder
        self._sync = sync
        self._open: list[DurableRun] = []

    def create(self, record: RunRecord) -> DurableRun:
        check_id(record.id)
        folder, new = self._folder / record.id, self._folder / f".new-{record.id}"
        if folder.exists():
            raise CommandError(f"{folder} exists; choose another id")
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(parents=True)
            _begin(new, record)
            new.rename(folder)
            sync_folder(self._folder)
        except OSError as error:
            why = f"the journal can't be written to {self._folder}: {error.strerror}"
            raise CommandError(why) from error
        except RunError as error:
            raise CommandError(str(error)) from error
        return self.open(record.id)

    def open(self, run: str) -> DurableRun:
        folder = self._existing(run)
        lock = locked(folder / LOCK)
        try:
            opened = self._opened(folder, lock)
        except BaseException as error:
            lock.close()
            if isinstance(error, OSError) or isinstance(error.__cause__, sqlite3.OperationalError):
                raise CommandError(f"{folder} can't be opened for writing: {error}") from error
            raise
        self._open.append(opened)
        return opened

    def _opened(self, folder: Path, lock: sqlite3.Connection) -> DurableRun:
        """Open a run; where its database is damaged, rebuild that first."""
        try:
            return self._as_it_is(folder, lock)
        except DamagedError as error:
            damage = _rebuilt(folder, error)
            return self._as_it_is(folder, lock, *damage)

    def _as_it_is(self, folder: Path, lock: sqlite3.Connection, *damage: str) -> DurableRun:
        database = Sqlite(folder / DATABASE)
        try:
            database.check()
            migrate(database, bytes_type="BLOB", name=str(folder))
            return DurableRun(self._place(folder, database, lock.close, *damage))
        except BaseException:
            database.close()
            raise

    def read(self, run: str) -> DurableRun:
        folder = self._existing(run)
        database = Sqlite(folder / DATABASE, read_only=True)
        opened = DurableRun(self._place(folder, database, _nothing), read_only=True)
        self._open.append(opened)
        return opened

    def _place(
        self, folder: Path, database: Database, release: Callable[[], None], *damage: str
    ) -> Place:
        log = folder / LOG

        def open_log(lines: Iterable[Line] | None) -> DecisionLog:
            if lines is not None:
                write_whole(log, lines)
            return DecisionLog(log, sync=self._sync)

        return Place(
            name=str(folder), database=database, telemetry=Files(folder / MOTION),
            read_lines=lambda: read_lines(log), open_log=open_log, release=release,
            damage=list(damage),
        )  # fmt: skip

    def runs(self) -> list[RunRecord]:
        records = [self._record(name) for name in self._names()]
        return sorted(records, key=lambda each: (each.created, each.id))

    def _record(self, name: str) -> RunRecord:
        """What a run is made from; of one that can't be read, what is wrong in place of a scene."""
        try:
            with closing(self.read(name)) as run:
                return run.record
        except (RunError, OSError) as error:
            return RunRecord(id=name, scene=f"damaged: {error}")

    def _names(self) -> list[str]:
        with suppress(FileNotFoundError):
            return sorted(
                each.name for each in self._folder.iterdir()
                if ID.fullmatch(each.name) and ((each / LOG).exists() or (each / DATABASE).exists())
            )  # fmt: skip
        return []

    def delete(self, run: str) -> None:
        folder = self._existing(run)
        lock = locked(folder / LOCK)
        gone = self._folder / f".deleted-{run}"
        try:
            shutil.rmtree(gone, ignore_errors=True)
            folder.rename(gone)
            sync_folder(self._folder)
            shutil.rmtree(gone)
        except OSError as error:
            raise CommandError(f"{folder} can't be removed: {error.strerror}") from error
        finally:
            lock.close()

    def close(self) -> None:
        for run in self._open:
            run.close()

    def _existing(self, run: str) -> Path:
        names = self._names()
        if run not in names:
            raise CommandError(f"{self._folder} has no run {run!r}; {nearest(run, names)}")
        return self._folder / run


def check_id(name: str) -> None:
    """See whether a name may be a run's.

    Raises:
        CommandError: it may not.
    """
    if not ID.fullmatch(name):
        rule = "must be 1 to 48 letters, digits, - and _, and begin with no sign"
        raise CommandError(f"the run's id {rule}, got {name!r}")


def _begin(folder: Path, record: RunRecord) -> None:
    text = text_of(record)
    write_whole(folder / LOG, [Line(text, chained("", text))])
    with closing(Sqlite(folder / DATABASE)) as database:
        migrate(database, bytes_type="BLOB", name=str(folder))
        about = [("run", text), ("chain", chained("", text))]
        database.write([("INSERT INTO about (name, value) VALUES (?, ?)", about)])
    sync_folder(folder)


def _rebuilt(folder: Path, error: DamagedError) -> list[str]:
    """Put a new database in the place of a damaged one, with what can be read of that.

    Raises:
        RunError: there is no sound log to rebuild it from.
    """
    lines, _ = read_lines(folder / LOG)
    if 0 not in lines:
        raise error
    damaged = folder / f"{DATABASE}.damaged"
    for end in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            (folder / f"{DATABASE}{end}").replace(f"{damaged}{end}")
    with closing(Sqlite(folder / DATABASE)) as database:
        migrate(database, bytes_type="BLOB", name=str(folder))
        for table in TABLES:
            _salvage(damaged, table, database)
    return [f"the database was damaged ({error}); it is rebuilt, and the old one is {damaged}"]


def _salvage(damaged: Path, table: str, database: Database) -> None:
    """Copy rows of a table up to the first that can't be read."""
    rows: list[tuple[Any, ...]] = []
    with suppress(sqlite3.Error), closing(sqlite3.connect(damaged)) as old:
        for row in old.execute(f"SELECT * FROM {table}"):
            rows.append(row)  # noqa: PERF402  # one by one: those before the damage count
    if not rows:
        return
    sql = f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})"
    try:
        database.write([(sql, rows)])
    except RunError:  # a row that breaks a rule of the table is none of ours
        for row in rows:
            with suppress(RunError):
                database.write([(sql, [row])])


def _nothing() -> None:
    pass
