"""Who did what: one JSON object a line, for every command, every change, every refusal."""

import json
import logging
import time
from pathlib import Path
from typing import Any

from server.rate import Bucket
from twin.errors import CommandError

__all__ = ["Audit"]

LARGEST = 64 * 2**20  # bytes of a file, after which another one begins
KEPT = 8  # older files
NOISE = 20.0  # refusals at the door a second that are written; the others are counted
LONGEST = 2048  # characters of what was asked

log = logging.getLogger("twin.server")


class Audit:
    """Appends to a file; without one it writes nothing."""

    def __init__(self, file: Path | None = None) -> None:
        """Open a file.

        Raises:
            CommandError: it can't be written.
        """
        self._file = file
        self._bucket = Bucket(NOISE, 10 * NOISE)
        self._left_out = 0
        self.failures = 0
        if file is None:
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            self._size = file.stat().st_size
        except OSError as error:
            raise CommandError(f"can't write the audit log {file}: {error.strerror}") from None

    def write(self, event: str, *, caller: str, peer: str, outcome: str, **more: Any) -> None:
        """Write a line.

        Args:
            event: what was asked: an op, or a method and a path.
            caller: who asked; empty: nobody knows.
            peer: network address.
            outcome: done, or the code of the refusal.
            more: what else is worth knowing.
        """
        if self._file is None:
            return
        if not caller and not self._bucket.take(time.monotonic()):
            self._left_out += 1
            return
        record: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + "Z", "event": event,
            "caller": caller, "peer": peer, "outcome": outcome, **more,
        }  # fmt: skip
        if self._left_out:
            record["left_out"], self._left_out = self._left_out, 0
        line = json.dumps({name: _short(value) for name, value in record.items()}) + "\n"
        try:
            self._append(self._file, line)
        except OSError:
            self.failures += 1
            log.exception("the audit log can't be written:")

    def _append(self, file: Path, line: str) -> None:
        if self._size + len(line) > LARGEST:
            for number in range(KEPT - 1, 0, -1):
                older = file.with_name(f"{file.name}.{number}")
                if older.exists():
                    older.replace(file.with_name(f"{file.name}.{number + 1}"))
            file.replace(file.with_name(f"{file.name}.1"))
            self._size = 0
        with file.open("a", encoding="ascii") as out:
            out.write(line)
        self._size += len(line)


def _short(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return value if len(text) <= LONGEST else text[:LONGEST] + "..."
