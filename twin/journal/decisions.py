"""What was decided in a run, as lines of text that follow from one another.

Line 0 is the run's record, line n its nth command. Each carries a hash over itself and all before
it, so a flipped bit, a missing line and a changed order all show. Two copies are kept where the
medium can fail, a log of lines and the rows of a database, and what one lost the other gives back.

    d3b0…  {"id":"r1","scene":"body_shop","seed":1}
    91ac…  {"action":"stop","path":"/L/A","sequence":1,"tick":60000000}
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from twin.journal.store import CommandRow, RunRecord

__all__ = [
    "LAST_NOTE",
    "DecisionLog",
    "Line",
    "Merged",
    "chained",
    "command_of",
    "merged",
    "read_lines",
]
__all__ += ["record_of", "text_of", "write_whole"]

HASH_SIZE, OWN_SIZE = 16, 8  # bytes
NOTE = "note"  # stands for what is before a note: notes are no part of the chain
LAST_NOTE = -1  # in place of a sequence


class Line(NamedTuple):
    """One decision: its JSON text, and the hash over it and all before it."""

    text: str
    chain: str


def text_of(decision: RunRecord | CommandRow) -> str:
    """A decision as JSON; fields of default value are left out, so that new ones change no hash."""
    told = {
        each.name: value
        for each in fields(decision)
        if (value := getattr(decision, each.name)) != each.default
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def record_of(text: str) -> RunRecord:
    """The record that a line tells.

    Raises:
        ValueError, TypeError: the text is none.
    """
    told = json.loads(text)
    lists = {name: tuple(told[name]) for name in ("scenarios", "overrides") if name in told}
    return RunRecord(**(told | lists))


def command_of(text: str) -> CommandRow:
    """The command that a line tells; raises as `record_of`."""
    return CommandRow(**json.loads(text))


def chained(previous: str, text: str) -> str:
    """The hash of a line behind one of hash `previous`, which is empty for the first.

    It ends with a hash of the text alone, which tells of a line whose past is gone.
    """
    chain = blake2b(f"{previous} {text}".encode(), digest_size=HASH_SIZE).hexdigest()
    return chain + _own_hash(text)


def _own_hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=OWN_SIZE).hexdigest()


@dataclass(frozen=True, slots=True)
class Merged:
    """Two copies made one."""

    lines: Mapping[int, Line]  # by sequence; 0 is the record
    lost: tuple[int, ...]  # sequences that neither copy has sound
    missing: tuple[tuple[int, ...], tuple[int, ...]]  # what each copy lacks that is in `lines`


def merged(one: Mapping[int, Line], two: Mapping[int, Line]) -> Merged:
    """Take each line from whichever copy has it sound."""
    lines: dict[int, Line] = {}
    lost: list[int] = []
    before = {""}
    for sequence in range(max((*one, *two), default=LAST_NOTE) + 1):
        copies = [copy[sequence] for copy in (one, two) if sequence in copy]
        after = [copy[sequence + 1] for copy in (one, two) if sequence + 1 in copy]
        sound = _sound(copies, before)
        if sound is None and lost[-1:] == [sequence - 1]:
            sound = _agreed(copies, after)
        if sound is None:
            lost.append(sequence)
            before = {copy.chain for copy in copies}
        else:
            lines[sequence] = sound
            before = {sound.chain}
    missing = tuple(
        tuple(number for number, line in lines.items() if copy.get(number) != line)
        for copy in (one, two)
    )
    return Merged(lines, tuple(lost), (missing[0], missing[1]))


def _sound(copies: list[Line], before: set[str]) -> Line | None:
    """The copy that follows from what is before it; its hash may be told by the other copy."""
    known = {copy.chain for copy in copies}
    for copy in copies:
        for previous in before:
            if (chain := chained(previous, copy.text)) in known:
                return Line(copy.text, chain)
    return None


def _agreed(copies: list[Line], after: list[Line]) -> Line | None:
    """Where what is before is gone: the copy that both have, or that the next line follows from."""
    sound = [copy for copy in copies if copy.chain.endswith(_own_hash(copy.text))]
    for copy in sound:
        followed = any(chained(copy.chain, line.text) == line.chain for line in after)
        if followed or not after or (len(sound) > 1 and sound[0] == sound[1]):
            return copy
    return None


class DecisionLog:
    """Appends lines to a file; they are on the disk when `append` returns."""

    def __init__(self, file: Path, *, sync: Callable[[int], None] = os.fsync) -> None:
        """Open the file, which is made if it is missing.

        Args:
            file: to append to.
            sync: puts a file on the disk, by its descriptor.

        Raises:
            OSError: it can't be written.
        """
        self._sync = sync
        self._stream = file.open("ab", buffering=0)
        self._before = self._size = file.stat().st_size

    def append(self, lines: Iterable[Line]) -> None:
        """Write lines to the disk, all of them or none.

        Raises:
            OSError: they could not be written.
        """
        content = b"".join(map(_packed, lines))
        self._before = self._size
        try:
            left = memoryview(content)
            while left:
                left = left[self._stream.write(left) :]
            self._sync(self._stream.fileno())
        except OSError:
            self.take_back()
            raise
        self._size += len(content)

    def note(self, batches: int, until: tuple[int, int]) -> None:
        """Write a witness to what the database has by now; it may be lost, as nothing needs it."""
        text = json.dumps({"batches": batches, "until": until}, separators=(",", ":"))
        content = _packed(Line(text, chained(NOTE, text)))
        try:
            whole = self._stream.write(content) == len(content)
        except OSError:
            whole = False
        if whole:
            self._size += len(content)
        else:
            self._stream.truncate(self._size)

    def take_back(self, *, last: bool = False) -> None:
        """Remove what was written in part; with `last`, what the last `append` wrote as well."""
        self._size = self._before if last else self._size
        self._stream.truncate(self._size)

    def close(self) -> None:
        self._stream.close()


def read_lines(file: Path) -> tuple[dict[int, Line], int]:
    """All lines of a log by sequence, its last note as LAST_NOTE, and how many can't be read.

    They have not been compared with their hashes yet. A log that is missing has no lines.

    Raises:
        OSError: it can't be read.
    """
    lines: dict[int, Line] = {}
    broken = 0
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return lines, broken
    for each in content.split(b"\n")[:-1]:
        line = _unpacked(each)
        sequence = None if line is None else _sequence(line.text)
        if line is None or sequence is None:
            broken += 1
        else:
            lines[sequence] = line
    return lines, broken + (not content.endswith(b"\n") and len(content) > 0)


def write_whole(file: Path, lines: Iterable[Line]) -> None:
    """Replace a log in one step.

    Raises:
        OSError: it can't be written; the old one is as it was.
    """
    partial = file.with_name(f"{file.name}.partial")
    with partial.open("wb") as stream:
        stream.write(b"".join(map(_packed, lines)))
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)


def _packed(line: Line) -> bytes:
    return f"{line.chain} {line.text}\n".encode()


def _unpacked(content: bytes) -> Line | None:
    try:
        chain, text = content.decode().split(" ", 1)
    except ValueError:
        return None
    return Line(text, chain)


def _sequence(text: str) -> int | None:
    """Which line of a run a text is, or None if it is none."""
    try:
        told: Any = json.loads(text)
        if "batches" in told:
            return LAST_NOTE
        if "id" in told:
            record_of(text)
            return 0
        return command_of(text).sequence or None
    except (ValueError, TypeError):
        return None
