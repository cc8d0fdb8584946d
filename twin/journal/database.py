"""What the journal asks of a database, and the tables that it makes there.

The same SQL goes to SQLite and PostgreSQL; `{bytes}` stands for the type of bytes in each.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from twin.errors import CommandError, RunError

__all__ = ["MIGRATIONS", "DamagedError", "Database", "Statement", "migrate"]

Statement = tuple[str, Iterable[Sequence[Any]]]  # SQL with ? for values, and the rows of values

# Version n of the tables is what the first n of these make; a release only ever adds to the end.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE about (           -- run: RunRecord as JSON, chain: hash over it,
            name TEXT PRIMARY KEY,      -- first_batch, first_telemetry: numbers of the first
            value TEXT NOT NULL         -- that are kept
        )""",
        """CREATE TABLE command (         -- twin.journal.CommandRow
            sequence BIGINT PRIMARY KEY,
            tick BIGINT NOT NULL,
            path TEXT NOT NULL,
            action TEXT NOT NULL,
            attribute TEXT NOT NULL,
            value DOUBLE PRECISION,     -- NULL: not a number
            correlation TEXT NOT NULL,
            key TEXT NOT NULL,
            issuer TEXT NOT NULL,
            received DOUBLE PRECISION NOT NULL,
            refused TEXT NOT NULL,
            chain TEXT NOT NULL         -- hash over it and all before it
        )""",
        """CREATE TABLE batch (
            number BIGINT PRIMARY KEY,
            tick BIGINT NOT NULL,       -- the mark up to which it goes
            sequence BIGINT NOT NULL,
            last BIGINT NOT NULL,       -- tick of its last event, or -1
            events BIGINT NOT NULL,     -- how many
            content {bytes} NOT NULL,   -- twin.journal.packing
            segments BIGINT NOT NULL,   -- how many, in telemetry of the same number
            checksum TEXT NOT NULL      -- over all of it
        )""",
        """CREATE TABLE telemetry (
            number BIGINT PRIMARY KEY,  -- of the last batch in it
            first BIGINT NOT NULL,      -- number of the first batch in it
            file BIGINT NOT NULL,       -- number of its file, where it is one
            last BIGINT NOT NULL,       -- tick of its last segment
            segments BIGINT NOT NULL,
            checksum TEXT NOT NULL,     -- over the Parquet
            content {bytes}             -- NULL: it is in a file
        )""",
        """CREATE TABLE snapshot (
            tick BIGINT NOT NULL,
            sequence BIGINT NOT NULL,
            digest TEXT NOT NULL,       -- of the world
            content {bytes},            -- twin.journal.packing; NULL: only the digest is kept
            checksum TEXT NOT NULL,     -- over all of it
            PRIMARY KEY (tick, sequence)
        )""",
    ),
)


class DamagedError(RunError):
    """What the medium gave back is not what was written."""


class Database(Protocol):
    """One run's tables, over a connection of their own for reading and one for writing."""

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a question finds.

        Raises:
            DamagedError: it is damaged.
            RunError: it is gone, or busy for too long.
        """
        ...

    def write(self, statements: Iterable[Statement]) -> None:
        """Carry statements out, all or none; they are durable when this returns.

        Raises:
            RunError: they could not be written.
        """
        ...

    def version(self) -> int:
        """Number of migrations that made its tables; 0: it is new."""
        ...

    def set_version(self, version: int) -> Statement:
        """The statement that says how many migrations made its tables."""
        ...

    def tidy(self) -> None:
        """Give the room of deleted rows back."""
        ...

    def close(self) -> None:
        """Let the connections go."""
        ...


def migrate(database: Database, *, bytes_type: str, name: str) -> None:
    """Bring a database's tables to this release.

    Raises:
        CommandError: it is of a newer release.
    """
    version = database.version()
    if version > len(MIGRATIONS):
        raise CommandError(
            f"{name} has tables of version {version}, this release knows {len(MIGRATIONS)}; "
            "open it with the release that wrote it"
        )
    for number, scripts in enumerate(MIGRATIONS[version:], version + 1):
        made: list[Statement] = [(sql.format(bytes=bytes_type), [()]) for sql in scripts]
        database.write([*made, database.set_version(number)])
