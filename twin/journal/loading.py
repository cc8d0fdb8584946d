"""Opens what is kept of a run: checks every row, and says what is damaged and what became of it.

Decisions are never given up. Events, motion and snapshots follow from them: those damaged at the
end are dropped, as the run computes them again when it goes on; those in the middle are named.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from twin.errors import RunError
from twin.journal.database import Database, Statement
from twin.journal.decisions import (
    LAST_NOTE,
    NOTE,
    Line,
    Merged,
    chained,
    command_of,
    merged,
    record_of,
    text_of,
)
from twin.journal.packing import checksum
from twin.journal.store import NOTHING, CommandRow, Mark, RunRecord
from twin.journal.telemetry import Telemetry

__all__ = ["COMMAND_COLUMNS", "Decisions", "batch_checksum", "check_batches", "check_snapshots"]
__all__ += ["command_values", "decisions", "snapshot_checksum"]

COMMAND_COLUMNS = tuple(each.name for each in fields(CommandRow))
LISTED = 5  # numbers in a sentence about damage


@dataclass(frozen=True, slots=True)
class Decisions:
    """The record and the commands of a run, from the copies that there are."""

    record: RunRecord
    commands: dict[int, CommandRow]
    merged: Merged
    note: Mapping[str, Any]  # what the log says that the database has
    damage: list[str]

    @property
    def last(self) -> int:
        return max((0, *self.commands, *self.merged.lost))

    @property
    def chain(self) -> str:
        """The hash that the next command follows from."""
        return self.merged.lines[max(self.merged.lines)].chain


def decisions(database: Database, log: tuple[Mapping[int, Line], int] | None) -> Decisions:
    """Join what the log and the database tell.

    Args:
        database: with its copy.
        log: as `read_lines` gives it; None where there is none.

    Raises:
        RunError: neither tells what run it is, or the database can't be read.
    """
    known, broken = log or ({}, 0)
    plain = {number: line for number, line in known.items() if number != LAST_NOTE}
    joined = merged(plain, _rows(database))
    if 0 not in joined.lines:
        raise RunError("neither copy of the run's record is sound: what run it is, is lost")
    commands = {n: command_of(line.text) for n, line in joined.lines.items() if n > 0}
    damage = _told(joined, broken, with_log=log is not None)
    return Decisions(
        record_of(joined.lines[0].text), commands, joined, _note(known.get(LAST_NOTE)), damage
    )


def _note(line: Line | None) -> Mapping[str, Any]:
    if line is None or chained(NOTE, line.text) != line.chain:
        return {"batches": 0}
    return json.loads(line.text)


def _rows(database: Database) -> dict[int, Line]:
    """The database's copy, rows that can't be read left out."""
    about = dict(database.rows("SELECT name, value FROM about"))
    lines = {0: Line(about["run"], about["chain"])} if {"run", "chain"} <= about.keys() else {}
    columns = ", ".join(COMMAND_COLUMNS)
    for *values, chain in database.rows(f"SELECT {columns}, chain FROM command ORDER BY sequence"):
        told = dict(zip(COMMAND_COLUMNS, values, strict=True))
        told["value"] = math.nan if told["value"] is None else told["value"]
        try:
            row = CommandRow(**told)
            lines[row.sequence] = Line(text_of(row), chain)
        except (TypeError, ValueError):
            continue
    return lines


def command_values(row: CommandRow, chain: str) -> tuple[Any, ...]:
    """A row of the table `command`; PostgreSQL and SQLite differ on NaN, so it is NULL."""
    values = [getattr(row, name) for name in COMMAND_COLUMNS]
    return (*(None if _is_nan(each) else each for each in values), chain)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _told(joined: Merged, broken: int, *, with_log: bool) -> list[str]:
    told: list[str] = []
    from_database, from_log = joined.missing
    if from_log:
        told.append(f"{_which(from_log)} came back from the log: the database had lost it")
    if from_database and with_log:
        told.append(f"{_which(from_database)} came back from the database: the log had lost it")
    if joined.lost:
        told.append(f"{_which(joined.lost)} is lost: no sound copy is left")
    if broken > len(from_database) + len(joined.lost):
        told.append(
            "the log ends in a line that was never finished, and so never acknowledged; "
            "it is dropped"
        )
    return told


def _which(sequences: Sequence[int]) -> str:
    names = ["the record" if each == 0 else f"command {each}" for each in sequences[:LISTED]]
    more = len(sequences) - LISTED
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def batch_checksum(values: Sequence[Any]) -> str:
    """Over the columns of a batch before its checksum."""
    return checksum(*values)


def snapshot_checksum(mark: Mark, digest: str, content: bytes | None) -> str:
    """Over the columns of a snapshot before its checksum."""
    return checksum(mark.tick, mark.sequence, digest, content or b"")


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches that are kept: how far they go, and what must be removed."""

    number: int
    until: Mark
    files: tuple[int, ...]  # of motion
    repairs: list[Statement]
    damage: list[str]


def check_batches(database: Database, telemetry: Telemetry, note: Mapping[str, Any]) -> Batches:
    """See which batches are sound, with their motion.

    Raises:
        RunError: the database can't be read.
    """
    marks, bad = _checked_batches(database)
    kept, bad_motion = _checked_telemetry(database, telemetry)
    last = max(marks, default=0)
    first_bad = [first for first, _ in bad_motion]
    while last in bad or any(first <= last <= end for first, end in bad_motion):
        last -= 1
    reached = max(last, max(bad, default=0), max((end for _, end in bad_motion), default=0))
    until = marks.get(last, NOTHING)
    damage: list[str] = []
    if max(reached, int(note["batches"])) > last:
        told = f" to {note['until'][0]}" if int(note["batches"]) > last else ""
        damage.append(
            f"events and motion behind tick {until.tick}{told} are lost; "
            "they are computed again when the run goes on"
        )
    for number in sorted(each for each in (*bad, *first_bad) if each <= last):
        ticks = f"{_tick(marks, number - 1)} to {_tick(marks, number)}"
        damage.append(f"events or motion from tick {ticks} are damaged; replay the run for them")
    repairs: list[Statement] = []
    if reached > last:
        repairs.append(("DELETE FROM batch WHERE number > ?", [(last,)]))
        repairs.append(("DELETE FROM telemetry WHERE number > ?", [(last,)]))
    files = tuple(file for number, file in kept if number <= last)
    return Batches(last, until, files, repairs, damage)


def _tick(marks: Mapping[int, Mark], number: int) -> int:
    return marks[number].tick if number in marks else 0


def _checked_batches(database: Database) -> tuple[dict[int, Mark], set[int]]:
    """Marks of all batches by number, and the numbers of those that are damaged or missing."""
    marks: dict[int, Mark] = {}
    bad: set[int] = set()
    about = dict(database.rows("SELECT name, value FROM about"))
    expected = int(about.get("first_batch", 1))
    step = 256  # contents at a time in memory
    while rows := database.rows(
        "SELECT number, tick, sequence, last, events, content, segments, checksum FROM batch "
        "WHERE number >= ? ORDER BY number LIMIT ?", expected, step,
    ):  # fmt: skip
        for *values, told in rows:
            number = int(values[0])
            bad.update(range(expected, number))
            if batch_checksum(values) != told:
                bad.add(number)
            marks[number] = Mark(values[1], values[2])
            expected = number + 1
    return marks, bad


def _checked_telemetry(
    database: Database, telemetry: Telemetry
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Numbers and files of all contents; first and last batch of each that is damaged or gone."""
    files: list[tuple[int, int]] = []
    bad: list[tuple[int, int]] = []
    covered: set[int] = set()
    for first, number, file, told, inside in database.rows(
        "SELECT first, number, file, checksum, content FROM telemetry ORDER BY number"
    ):
        files.append((number, file))
        covered.update(range(first, number + 1))
        try:
            sound = checksum(telemetry.get(file, inside)) == told
        except RunError:
            sound = False
        if not sound:
            bad.append((first, number))
    about = dict(database.rows("SELECT name, value FROM about"))
    needed = database.rows(
        "SELECT number FROM batch WHERE segments > 0 AND number >= ?",
        int(about.get("first_telemetry", 1)),
    )
    bad.extend((number, number) for (number,) in needed if number not in covered)
    return files, bad


def check_snapshots(database: Database) -> tuple[list[Statement], list[str]]:
    """What to remove, and what to say, about snapshots that are damaged."""
    repairs: list[Statement] = []
    damage: list[str] = []
    for tick, sequence in database.rows("SELECT tick, sequence FROM snapshot ORDER BY tick"):
        ((digest, content, told),) = database.rows(
            "SELECT digest, content, checksum FROM snapshot WHERE tick = ? AND sequence = ?",
            tick, sequence,
        )  # fmt: skip
        if snapshot_checksum(Mark(tick, sequence), digest, content) != told:
            repairs.append(
                ("DELETE FROM snapshot WHERE tick = ? AND sequence = ?", [(tick, sequence)])
            )
            damage.append(f"the snapshot of tick {tick} was damaged; an earlier one serves")
    return repairs, damage
