"""Drops of a run what its retention lets go, and joins small files of motion."""

from typing import NamedTuple

import numpy as np

from twin.journal.column import Rows
from twin.journal.database import Database
from twin.journal.loading import snapshot_checksum
from twin.journal.packing import checksum, packed_segments, unpacked_segments
from twin.journal.store import Mark, Retention
from twin.journal.telemetry import Telemetry

__all__ = ["KEEP_MOTION", "compact", "next_file"]

KEEP_MOTION = (
    "INSERT INTO telemetry (number, first, file, last, segments, checksum, content) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
WHOLE = 1 << 20  # segments of a file that is joined to no other


def compact(database: Database, telemetry: Telemetry, retention: Retention, *, end: int) -> None:
    """Drop what is too old at a tick, join what is small, and give the room back.

    Raises:
        RunError: it could not be written; what was kept is as it was, or already smaller.
    """
    _drop_snapshots(database, retention.snapshots)
    if retention.events is not None:
        _drop(database, "batch", end - retention.events)
    if retention.segments is not None:
        _drop(database, "telemetry", end - retention.segments)
    _join(database, telemetry)
    kept = database.rows("SELECT file FROM telemetry")
    telemetry.keep_only([file for (file,) in kept])
    database.tidy()


def next_file(database: Database) -> int:
    """A number that no file of motion has yet."""
    ((last,),) = database.rows("SELECT coalesce(max(file), 0) FROM telemetry")
    return int(last) + 1


def _drop_snapshots(database: Database, count: int) -> None:
    found = database.rows(
        "SELECT tick, sequence, digest FROM snapshot WHERE content IS NOT NULL "
        "ORDER BY tick DESC, sequence DESC"
    )
    changes = [
        (snapshot_checksum(Mark(tick, sequence), digest, None), tick, sequence)
        for tick, sequence, digest in found[count:]
    ]
    sql = "UPDATE snapshot SET content = NULL, checksum = ? WHERE tick = ? AND sequence = ?"
    database.write([(sql, changes)])


def _drop(database: Database, table: str, before: int) -> None:
    """Remove the first rows, as long as they end before a tick, and note what is first now."""
    rows = database.rows(f"SELECT number, last FROM {table} ORDER BY number")
    first = next((number for number, last in rows if last >= before), None)
    first = rows[-1][0] if first is None and rows else first  # the last one tells how far it goes
    if first is None or first == rows[0][0]:
        return
    notes = [(f"first_{table}", str(first))]
    if table == "batch":
        ((tick,),) = database.rows("SELECT tick FROM batch WHERE number = ?", first - 1)
        notes.append(("events_from", str(tick + 1)))
    database.write(
        [
            (f"DELETE FROM {table} WHERE number < ?", [(first,)]),
            ("DELETE FROM about WHERE name = ?", [(name,) for name, _ in notes]),
            ("INSERT INTO about (name, value) VALUES (?, ?)", notes),
        ]
    )


def _join(database: Database, telemetry: Telemetry) -> None:
    """Make one file of neighbours that are small together."""
    group: list[_Piece] = []
    for found in database.rows(
        "SELECT number, first, file, last, segments FROM telemetry ORDER BY number"
    ):
        piece = _Piece(*found)
        if sum(each.segments for each in group) + piece.segments > WHOLE:
            _join_group(database, telemetry, group)
            group = []
        group.append(piece)
    _join_group(database, telemetry, group)


class _Piece(NamedTuple):
    number: int
    first: int
    file: int
    last: int
    segments: int


def _join_group(database: Database, telemetry: Telemetry, group: list[_Piece]) -> None:
    if len(group) < 2:
        return
    rows = [_content(database, telemetry, each) for each in group]
    if any(each is None for each in rows):
        return  # a damaged one is named when it is read
    packed = packed_segments(np.concatenate([each for each in rows if each is not None]))
    file = next_file(database)
    inside = telemetry.put(file, packed)
    last = group[-1]
    count = sum(each.segments for each in group)
    row = (last.number, group[0].first, file, last.last, count, checksum(packed), inside)
    numbers = [(each.number,) for each in group]
    forget = "DELETE FROM telemetry WHERE number = ?"
    database.write([(forget, numbers), (KEEP_MOTION, [row])])


def _content(database: Database, telemetry: Telemetry, piece: _Piece) -> Rows | None:
    ((inside, told),) = database.rows(
        "SELECT content, checksum FROM telemetry WHERE number = ?", piece.number
    )
    content = telemetry.get(piece.file, inside)
    return unpacked_segments(content) if checksum(content) == told else None
