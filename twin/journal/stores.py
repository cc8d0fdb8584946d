"""Opens a journal by its name: a folder, or the address of a PostgreSQL database."""

import os
from collections.abc import Callable
from pathlib import Path

from twin.journal.folder_store import FolderStore
from twin.journal.store import Store

__all__ = ["open_store"]

ADDRESSES = ("postgresql://", "postgres://")


def open_store(where: str | Path, *, sync: Callable[[int], None] = os.fsync) -> Store:
    """The store of a name; nothing is made or opened yet.

    Args:
        where: a folder, or postgresql://USER@HOST/DATABASE.
        sync: puts a folder's log on the disk, by its descriptor.

    Raises:
        CommandError: it is a database, and psycopg is not installed, or it can't be reached.
    """
    if isinstance(where, str) and where.startswith(ADDRESSES):
        from twin.journal.postgres import PostgresStore

        return PostgresStore(where)
    return FolderStore(Path(where), sync=sync)
