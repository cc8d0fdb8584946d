"""A run's tables in one SQLite file: WAL, and on the disk at every commit."""

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from twin.errors import CommandError, RunError
from twin.journal.database import DamagedError, Statement

__all__ = ["APPLICATION_ID", "Sqlite", "locked"]

APPLICATION_ID = 0x7477696E  # "twin", which `file` and others show
DAMAGE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
PATIENCE = 30.0  # s to wait for a reader that is in the way


class Sqlite:
    """A `Database` in a file."""

    def __init__(self, file: Path, *, read_only: bool = False) -> None:
        """Open the file, which is made if it is missing.

        Raises:
            DamagedError: it is damaged, or another program's.
            RunError: it can't be written.
        """
        self._file = file
        self._reader_lock, self._writer_lock = Lock(), Lock()
        with self._told():
            self._reader = _reader(file) if read_only else _connection(file)
            owner, tables = (
                self._one(f"PRAGMA {name}") for name in ("application_id", "page_count")
            )
            if owner != APPLICATION_ID and tables > 0:
                raise DamagedError(f"{file} is no journal of ours; it has another application id")
            if not read_only:
                self._writer = _connection(file)
                self._prepare(new=tables == 0)

    def _prepare(self, *, new: bool) -> None:
        if new:
            self._writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
            self._writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("PRAGMA synchronous = FULL")

    def _one(self, sql: str) -> int:
        return int(self._reader.execute(sql).fetchone()[0])

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._told(), self._reader_lock:
            return self._reader.execute(sql, values).fetchall()

    def write(self, statements: Iterable[Statement]) -> None:
        with self._told(), self._writer_lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                for sql, rows in statements:
                    for values in rows:
                        self._writer.execute(sql, values)
                self._writer.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # it may have rolled back by itself
                    self._writer.execute("ROLLBACK")
                raise

    def version(self) -> int:
        with self._told():
            return self._one("PRAGMA user_version")

    def set_version(self, version: int) -> Statement:
        return (f"PRAGMA user_version = {version}", [()])

    def check(self) -> None:
        """See whether the file's own structure is sound.

        Raises:
            DamagedError: it is not.
        """
        found = self.rows("PRAGMA quick_check(1)")[0][0]
        if found != "ok":
            raise DamagedError(f"{self._file}: {found}")

    def tidy(self) -> None:
        with self._told(), self._writer_lock:
            self._writer.execute("PRAGMA incremental_vacuum").fetchall()
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        self._reader.close()
        if hasattr(self, "_writer"):
            self._writer.close()

    @contextmanager
    def _told(self) -> Generator[None]:
        """Tell what SQLite says as an error of ours."""
        try:
            yield
        except sqlite3.Error as error:
            kind = DamagedError if _is_damage(error) else RunError
            raise kind(f"{self._file}: {error}") from error


def _is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is to blame; not a full disk, missing rights, or someone in the way."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code == sqlite3.SQLITE_IOERR_SHORT_READ or code & 0xFF in DAMAGE


def _connection(file: Path, mode: str = "mode=rwc") -> sqlite3.Connection:
    where = f"{file.absolute().as_uri()}?{mode}"
    return sqlite3.connect(
        where, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )


def _reader(file: Path) -> sqlite3.Connection:
    """A connection only to read; where nobody may write at all, SQLite must be told so."""
    connection = _connection(file, "mode=ro")
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
        return _connection(file, "immutable=1")
    return connection


def locked(file: Path) -> sqlite3.Connection:
    """Hold a file so that no other process can, until the connection is closed or we end.

    Raises:
        CommandError: someone holds it, or nothing can be written there.
    """
    try:
        connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if "locked" in str(error):
            way_out = "end the other one, or fork the run"
            raise CommandError(f"{file.parent} is open in another process; {way_out}") from error
        raise CommandError(f"the journal can't be written to {file.parent}: {error}") from error
    return connection
