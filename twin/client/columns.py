"""A recording's files: four tables in Parquet, and what their numbers mean in JSON."""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import RunError

__all__ = ["FILES", "Columns"]

FILES: Mapping[str, Mapping[str, str]] = {
    "poses": {
        "tick": "int64", "part": "int32", "look": "int32", "x": "float64", "y": "float64",
        "z": "float64", "qw": "float64", "qx": "float64", "qy": "float64", "qz": "float64",
    },
    "joints": {"tick": "int64", "robot": "int32", "joint": "int32", "position": "float64"},
    "states": {"tick": "int64", "place": "int32", "state": "int32"},
    "events": {"tick": "int64", "kind": "string", "path": "string", "text": "string"},
}  # fmt: skip
GROUP = 100_000  # rows that are written at once


class Columns:
    """Tables that grow at their end."""

    def __init__(self, folder: Path) -> None:
        """Begin the files of a recording.

        Raises:
            RunError: the folder can't be written to.
        """
        self._folder = folder
        self._arrow, self._parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        self._waiting: dict[str, list[dict[str, Any]]] = {name: [] for name in FILES}
        self.rows = dict.fromkeys(FILES, 0)
        self._writers: dict[str, Any] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, columns in FILES.items():
                fields = [(each, getattr(self._arrow, kind)()) for each, kind in columns.items()]
                file, schema = folder / f"{name}.parquet", self._arrow.schema(fields)
                self._writers[name] = self._parquet.ParquetWriter(str(file), schema)
        except OSError as error:
            raise self._unwritable(error) from None

    def add(self, name: str, count: int, **columns: Any) -> None:
        """Add rows to a table; a single number stands in every row.

        Raises:
            RunError: they can't be written.
        """
        if not count:
            return
        block = {
            each: np.broadcast_to(columns[each], count) if kind != "string" else columns[each]
            for each, kind in FILES[name].items()
        }
        self._waiting[name].append(block)
        self.rows[name] += count
        if sum(len(each["tick"]) for each in self._waiting[name]) >= GROUP:
            self._write(name)

    def close(self, about: Mapping[str, Any]) -> None:
        """Write what is left, and what the numbers mean.

        Raises:
            RunError: it can't be written.
        """
        for name in FILES:
            self._write(name)
            self._writers[name].close()
        text = json.dumps(about, indent=1, ensure_ascii=False)
        try:
            (self._folder / "recording.json").write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from None

    def _write(self, name: str) -> None:
        blocks, self._waiting[name] = self._waiting[name], []
        if not blocks:
            return
        writer = self._writers[name]
        columns = {
            field.name: self._arrow.array(
                np.concatenate([block[field.name] for block in blocks])
                if field.type != self._arrow.string()
                else [text for block in blocks for text in block[field.name]],
                field.type,
            )
            for field in writer.schema
        }
        try:
            writer.write_table(self._arrow.table(columns, schema=writer.schema))
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> RunError:
        reason = error.strerror or error
        return RunError(f"the recording in {self._folder} can't be written: {reason}")
