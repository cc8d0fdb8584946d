"""Worlds, events and motion as bytes that any later release can read, or refuses by name.

A pack is a line of JSON that tells what follows, and the tables behind it, compressed by zlib.
Motion is Parquet, which other tools read.
"""

import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from importlib import import_module
from typing import Any, cast

import numpy as np

from twin.core.parameters import Params, parameters
from twin.core.record import EVENT
from twin.engine.simulation import Snapshot
from twin.errors import RunError
from twin.journal.column import Rows
from twin.motion import SEGMENT
from twin.plant import Plant

__all__ = ["checksum", "packed_events", "packed_segments", "packed_snapshot"]
__all__ += ["unpacked_events", "unpacked_segments", "unpacked_snapshot"]

LEVEL = 1  # of zlib: the others take longer than they save
CHECKSUM_SIZE = 16  # bytes


def checksum(*contents: object) -> str:
    """BLAKE2b over bytes and numbers, in hexadecimal."""
    total = blake2b(digest_size=CHECKSUM_SIZE)
    for each in contents:
        total.update(each if isinstance(each, bytes) else f"|{each}|".encode())
    return total.hexdigest()


def packed_snapshot(snapshot: Snapshot, plant: Plant) -> bytes:
    """A snapshot of a plant's run as bytes."""
    header = {
        "digest": snapshot.digest,
        "tables": [[_columns(each.dtype), len(each)] for each in snapshot.tables],
        "params": _changes(snapshot.params, plant),
    }
    return _pack(header, b"".join(each.tobytes() for each in snapshot.tables))


def unpacked_snapshot(content: bytes, plant: Plant, like: Snapshot) -> Snapshot:
    """The snapshot that was packed.

    Args:
        content: what `packed_snapshot` gave.
        plant: that the run is of.
        like: any snapshot of a run of that plant: its tables tell how rows are laid out.

    Raises:
        RunError: another release laid the world out differently, or these are other bytes.
    """
    header, body = _unpack(content)
    tables: list[Any] = []
    for (columns, count), table in zip(header["tables"], like.tables, strict=False):
        if columns != _columns(table.dtype):
            raise RunError("the snapshot is of another release, whose tables were laid out else")
        size = count * table.dtype.itemsize
        blank: Any = np.empty_like(table, shape=(count,))
        blank.view(np.uint8)[:] = np.frombuffer(body[:size], np.uint8)
        tables.append(blank)
        body = body[size:]
    if len(tables) != len(like.tables) or body:
        raise RunError("the snapshot is of another release, which had other tables")
    params = [place.params for place in plant.places]
    for row, changes in header["params"].items():
        params[int(row)] = replace(params[int(row)], **_with_tuples(changes))
    return Snapshot(tuple(tables), tuple(params), header["digest"])


def _changes(params: tuple[Params, ...], plant: Plant) -> dict[int, dict[str, Any]]:
    """By row of the place, the parameters that are no longer those of the plant."""
    changes: dict[int, dict[str, Any]] = {}
    for row, (now, place) in enumerate(zip(params, plant.places, strict=True)):
        if now is not place.params and now != place.params:
            names = [each.name for each in parameters(type(now))]
            changes[row] = {
                name: getattr(now, name)
                for name in names
                if getattr(now, name) != getattr(place.params, name)
            }
    return changes


def _with_tuples(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(cast("list[Any]", value)) if isinstance(value, list) else value
        for name, value in changes.items()
    }


def packed_events(rows: Rows) -> bytes:
    """Event rows as bytes."""
    return _pack({"tables": [[_columns(rows.dtype), len(rows)]]}, rows.tobytes())


def unpacked_events(content: bytes) -> Rows:
    """The event rows that were packed; raises as `unpacked_snapshot`."""
    header, body = _unpack(content)
    if header["tables"][0][0] != _columns(EVENT):
        raise RunError("the events are of another release, whose rows were laid out else")
    return np.frombuffer(body, EVENT)


def packed_segments(rows: Rows) -> bytes:
    """Motion segments as a Parquet file with a column for each of SEGMENT."""
    arrow, parquet = _arrow()
    stream = io.BytesIO()
    table = arrow.table({name: _array(arrow, rows[name]) for name in SEGMENT.names or ()})
    parquet.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def unpacked_segments(content: bytes) -> Rows:
    """The motion segments of a Parquet file.

    Raises:
        RunError: it has other columns, or is no Parquet.
    """
    arrow, parquet = _arrow()
    try:
        table = parquet.read_table(io.BytesIO(content))
        rows = np.zeros(int(table.num_rows), SEGMENT)
        for name in SEGMENT.names or ():
            column = table[name].combine_chunks()
            rows[name] = np.frombuffer(column.buffers()[1], SEGMENT[name], len(column))
    except (arrow.ArrowException, KeyError, ValueError, OSError) as error:
        raise RunError(f"these are no motion segments of ours: {error}") from error
    return rows


def _arrow() -> tuple[Any, Any]:
    """The Parquet library, loaded when it is needed: it takes 50 MB; it tells no types."""
    return import_module("pyarrow"), import_module("pyarrow.parquet")


def _array(arrow: Any, values: Rows) -> Any:
    """A column by its bytes: to be given an array it would load pandas, for most of a second."""
    whole = np.ascontiguousarray(values)
    kind = arrow.from_numpy_dtype(whole.dtype)
    return arrow.Array.from_buffers(kind, len(whole), [None, arrow.py_buffer(whole)])


def _columns(dtype: Any) -> str:
    """How rows are laid out, as text that is equal for equal layouts."""
    return checksum(str(dtype.descr), dtype.itemsize)


def _pack(header: Mapping[str, Any], body: bytes) -> bytes:
    return zlib.compress(json.dumps(header).encode() + b"\n" + body, LEVEL)


def _unpack(content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        header, body = zlib.decompress(content).split(b"\n", 1)
        return json.loads(header), body
    except (zlib.error, ValueError) as error:
        raise RunError(f"a pack of the journal can't be read: {error}") from error
