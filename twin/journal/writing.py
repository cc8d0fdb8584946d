"""What the journal hands over, in the words of its database."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from twin.journal.compaction import KEEP_MOTION
from twin.journal.database import Statement
from twin.journal.decisions import Line, chained, text_of
from twin.journal.loading import (
    COMMAND_COLUMNS,
    Decisions,
    batch_checksum,
    command_values,
    snapshot_checksum,
)
from twin.journal.packing import checksum, packed_events, packed_segments
from twin.journal.store import Batch, CommandRow, Mark, SnapshotRow
from twin.journal.telemetry import Telemetry
from twin.journal.writer import Job

__all__ = ["Due", "due", "given_back"]

_MARKS = ", ".join("?" * (len(COMMAND_COLUMNS) + 1))
KEEP_COMMAND = f"INSERT INTO command ({', '.join(COMMAND_COLUMNS)}, chain) VALUES ({_MARKS})"
KEEP_BATCH = (
    "INSERT INTO batch (number, tick, sequence, last, events, content, segments, checksum) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
FORGET_SNAPSHOT = "DELETE FROM snapshot WHERE tick = ? AND sequence = ?"
KEEP_SNAPSHOT = (
    "INSERT INTO snapshot (tick, sequence, digest, content, checksum) VALUES (?, ?, ?, ?, ?)"
)


class Due(NamedTuple):
    """A group of jobs, ready to be written."""

    statements: list[Statement]
    lines: list[Line]  # of the commands, for a log
    commands: list[CommandRow]
    number: int  # of the last batch then
    until: Mark


def due(
    jobs: Sequence[Job], telemetry: Telemetry, *, chain: str, number: int, until: Mark, file: int
) -> Due:
    """Put jobs into statements; their motion is kept at once, where it goes to files.

    Args:
        jobs: commands, batches and snapshots.
        telemetry: where motion goes.
        chain: hash of the last decision.
        number: of the last batch.
        until: where the last batch ends.
        file: number of the next file of motion.

    Raises:
        RunError: motion can't be written.
    """
    commands = [job.what for job in jobs if isinstance(job.what, CommandRow)]
    lines = _chained(commands, chain)
    statements: list[Statement] = []
    if commands:
        values = map(command_values, commands, (line.chain for line in lines))
        statements.append((KEEP_COMMAND, list(values)))
    for job in jobs:
        if isinstance(job.what, Batch):
            number, until = number + 1, job.what.until
            statements += _batch(number, job.what, telemetry, file)
            file += 1
        elif isinstance(job.what, SnapshotRow):
            statements += _snapshot(job.what)
    return Due(statements, lines, commands, number, until)


def _chained(commands: Iterable[CommandRow], chain: str) -> list[Line]:
    lines: list[Line] = []
    for row in commands:
        text = text_of(row)
        chain = chained(chain, text)
        lines.append(Line(text, chain))
    return lines


def _batch(number: int, batch: Batch, telemetry: Telemetry, file: int) -> list[Statement]:
    events, segments = batch.events, batch.segments
    last = int(events["tick"][-1]) if len(events) else -1
    content = packed_events(events)
    values = (number, *batch.until, last, len(events), content, len(segments))
    statements: list[Statement] = [(KEEP_BATCH, [(*values, batch_checksum(values))])]
    if len(segments):
        packed = packed_segments(segments)
        inside = telemetry.put(file, packed)
        last = int(segments["tick"][-1])
        row = (number, number, file, last, len(segments), checksum(packed), inside)
        statements.append((KEEP_MOTION, [row]))
    return statements


def _snapshot(row: SnapshotRow) -> list[Statement]:
    content = row.content or None
    told = snapshot_checksum(row.mark, row.digest, content)
    return [
        (FORGET_SNAPSHOT, [row.mark]),
        (KEEP_SNAPSHOT, [(*row.mark, row.digest, content, told)]),
    ]


def given_back(known: Decisions) -> list[Statement]:
    """What puts decisions into a database that has lost them."""
    _, missing = known.merged.missing
    if not missing:
        return []
    lines = known.merged.lines
    numbers = [number for number in missing if number > 0]
    kept = [command_values(known.commands[n], lines[n].chain) for n in numbers]
    statements: list[Statement] = [
        ("DELETE FROM command WHERE sequence = ?", [(n,) for n in numbers]),
        (KEEP_COMMAND, kept),
    ]
    if 0 in missing:
        about = [("run", lines[0].text), ("chain", lines[0].chain)]
        statements.append(("DELETE FROM about WHERE name IN ('run', 'chain')", [()]))
        statements.append(("INSERT INTO about (name, value) VALUES (?, ?)", about))
    return statements
