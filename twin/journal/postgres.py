"""Runs in a PostgreSQL database, each in a schema of its own: the same tables, the same SQL.

The server sees to what is durable, so there is no log of decisions beside it. A run is held by an
advisory lock, which ends with its connection. Motion lies in the database too, as Parquet.

Needs psycopg: pip install 'factory-twin[postgres]'.
"""

from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from hashlib import blake2b
from importlib import import_module
from threading import Lock
from typing import Any

from twin.errors import CommandError, RunError, nearest
from twin.journal.database import DamagedError, Statement, migrate
from twin.journal.decisions import chained, text_of
from twin.journal.durable import DurableRun, Place
from twin.journal.folder_store import check_id
from twin.journal.store import RunRecord
from twin.journal.telemetry import Inside

__all__ = ["Postgres", "PostgresStore"]

PREFIX = "twin_"  # of schemas
PATIENCE = 1000  # ms, for the server to see that a process with the lock has died
DAMAGE = ("42P01", "42703", "XX001", "XX002")  # no such table, column; damaged data, index


class Postgres:
    """A `Database` in a schema."""

    def __init__(self, address: str, schema: str, *, read_only: bool = False) -> None:
        """Connect.

        Raises:
            CommandError: psycopg is not installed, or the server can't be reached.
        """
        self._address, self._schema = address, schema
        self._reader = _connection(address, schema)
        self._writer = None if read_only else _connection(address, schema)
        self._reader_lock, self._writer_lock = Lock(), Lock()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._told(), self._reader_lock:
            return self._reader.execute(sql.replace("?", "%s"), values).fetchall()

    def write(self, statements: Iterable[Statement]) -> None:
        if self._writer is None:
            raise RunError(f"{self._schema} is open only to be read")
        with self._told(), self._writer_lock, self._writer.transaction():
            for sql, rows in statements:
                bound = sql.replace("?", "%s")
                plain = [values for values in rows if not values]
                many = [values for values in rows if values]
                for _ in plain:
                    self._writer.execute(bound)
                if many:
                    self._writer.cursor().executemany(bound, many)

    def version(self) -> int:
        found = self.rows(
            "SELECT obj_description(oid) FROM pg_namespace WHERE nspname = ?", self._schema
        )
        return int(found[0][0]) if found and found[0][0] else 0

    def set_version(self, version: int) -> Statement:
        return (f"COMMENT ON SCHEMA \"{self._schema}\" IS '{version}'", [()])

    def tidy(self) -> None:
        """The server does this by itself."""

    def lock(self) -> None:
        """Take the run.

        Raises:
            CommandError: another process has it.
        """
        key = int.from_bytes(blake2b(self._schema.encode(), digest_size=8).digest(), signed=True)
        try:
            self.rows("SELECT pg_advisory_lock(?)", key)
        except RunError as error:
            name = self._schema.removeprefix(PREFIX)
            way_out = "end that one, or fork the run"
            raise CommandError(f"{name} is open in another process; {way_out}") from error

    def close(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()

    @contextmanager
    def _told(self) -> Generator[None]:
        """Tell what psycopg says as an error of ours."""
        psycopg = _psycopg()
        try:
            yield
        except psycopg.Error as error:
            kind = DamagedError if error.sqlstate in DAMAGE else RunError
            raise kind(f"{self._schema}: {str(error).strip()}") from error


class PostgresStore:
    """A `Store` in a database."""

    def __init__(self, address: str) -> None:
        """Connect.

        Args:
            address: postgresql://USER@HOST/DATABASE; the user may create schemas there.

        Raises:
            CommandError: psycopg is not installed, or the server can't be reached.
        """
        self._address = address
        self._open: list[DurableRun] = []
        self._all = Postgres(address, "public")

    def create(self, record: RunRecord) -> DurableRun:
        check_id(record.id)
        if record.id in self._names():
            raise CommandError(f"there is a run {record.id}; choose another id")
        text, schema = text_of(record), PREFIX + record.id
        chain = chained("", text)
        about = [("run", text), ("chain", chain)]
        with closing(Postgres(self._address, schema)) as database:
            database.write([(f'CREATE SCHEMA "{schema}"', [()])])
            migrate(database, bytes_type="BYTEA", name=schema)
            database.write([("INSERT INTO about (name, value) VALUES (?, ?)", about)])
        return self.open(record.id)

    def open(self, run: str) -> DurableRun:
        return self._opened(run, read_only=False)

    def read(self, run: str) -> DurableRun:
        return self._opened(run, read_only=True)

    def _opened(self, run: str, *, read_only: bool) -> DurableRun:
        schema = self._existing(run)
        database = Postgres(self._address, schema, read_only=read_only)
        try:
            if not read_only:
                database.lock()
                migrate(database, bytes_type="BYTEA", name=schema)
            opened = DurableRun(_place(run, database), read_only=read_only)
        except BaseException:
            database.close()
            raise
        self._open.append(opened)
        return opened

    def runs(self) -> list[RunRecord]:
        records = [self._record(name) for name in self._names()]
        return sorted(records, key=lambda each: (each.created, each.id))

    def _record(self, name: str) -> RunRecord:
        """What a run is made from; of one that can't be read, what is wrong in place of a scene."""
        try:
            with closing(self.read(name)) as run:
                return run.record
        except RunError as error:
            return RunRecord(id=name, scene=f"damaged: {error}")

    def delete(self, run: str) -> None:
        schema = self._existing(run)
        with closing(Postgres(self._address, schema)) as database:
            database.lock()
            database.write([(f'DROP SCHEMA "{schema}" CASCADE', [()])])

    def close(self) -> None:
        for run in self._open:
            run.close()
        self._all.close()

    def _names(self) -> list[str]:
        found = self._all.rows(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, ?) ORDER BY nspname",
            PREFIX,
        )
        return [name.removeprefix(PREFIX) for (name,) in found]

    def _existing(self, run: str) -> str:
        names = self._names()
        if run not in names:
            raise CommandError(f"the database has no run {run!r}; {nearest(run, names)}")
        return PREFIX + run


def _place(run: str, database: Postgres) -> Place:
    return Place(
        name=run, database=database, telemetry=Inside(), read_lines=None,
        open_log=lambda _lines: None, release=lambda: None,
    )  # fmt: skip


def _psycopg() -> Any:
    """The driver, loaded when it is needed.

    Raises:
        CommandError: it is not installed.
    """
    try:
        return import_module("psycopg")
    except ImportError as error:
        way_out = "pip install 'factory-twin[postgres]'"
        raise CommandError(f"a PostgreSQL journal needs psycopg; {way_out}") from error


def _connection(address: str, schema: str) -> Any:
    psycopg = _psycopg()
    try:
        connection = psycopg.connect(address, autocommit=True)
        connection.execute(f'SET search_path TO "{schema}"')
        connection.execute("SET synchronous_commit TO on")
        connection.execute(f"SET lock_timeout TO {PATIENCE}")
    except psycopg.Error as error:
        raise CommandError(f"the database can't be reached: {str(error).strip()}") from error
    return connection
