"""The journal of one run over a database, with a log of decisions beside it where that is wise."""

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, fields
from threading import RLock
from typing import Any, NamedTuple

import numpy as np

from twin.core.record import EVENT
from twin.errors import CommandError, RunError
from twin.journal.column import Rows
from twin.journal.compaction import KEEP_MOTION, compact, next_file
from twin.journal.database import DamagedError, Database, Statement
from twin.journal.decisions import DecisionLog, Line, chained, text_of
from twin.journal.loading import (
    COMMAND_COLUMNS,
    Decisions,
    batch_checksum,
    check_batches,
    check_snapshots,
    command_values,
    decisions,
    snapshot_checksum,
)
from twin.journal.packing import (
    checksum,
    packed_events,
    packed_segments,
    unpacked_events,
    unpacked_segments,
)
from twin.journal.store import NOTHING, Batch, CommandRow, Mark, Retention, RunRecord, SnapshotRow
from twin.journal.telemetry import Telemetry
from twin.journal.writer import Job, Writer
from twin.motion import SEGMENT

__all__ = ["DurableRun", "Place"]

LATER = 1 << 62  # a tick, and a sequence, after all others
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run is kept."""

    name: str  # for messages
    database: Database
    telemetry: Telemetry
    read_lines: Callable[[], tuple[dict[int, Line], int]] | None  # of the log; None without one
    open_log: Callable[[Iterable[Line] | None], DecisionLog | None]  # its new content, or as is
    release: Callable[[], None]  # the lock, when all is closed
    damage: list[str] = field(default_factory=list[str])


class _Due(NamedTuple):
    """A group of jobs in the words of the database."""

    statements: list[Statement]
    lines: list[Line]
    commands: list[CommandRow]
    number: int
    until: Mark


class DurableRun:
    """A `RunStore` over a `Place`."""

    def __init__(self, place: Place, *, read_only: bool = False) -> None:
        """Check what is there, repair what can be, and hold it open.

        Raises:
            RunError: it is damaged beyond repair.
        """
        self._place = place
        self._database = place.database
        self._damage = list(place.damage)
        self._lock = RLock()
        self._closed = False
        self._writer: Writer | None = None
        known = self._read_decisions()
        if not read_only:  # one who writes meanwhile has one copy ahead of the other
            self._damage.extend(known.damage)
        self._sequence, self._chain = known.last, known.chain
        self._record = known.record
        self._known: dict[str, tuple[CommandRow, Future[CommandRow]]] = {}
        for row in known.commands.values():
            self._remember(row, _done(row))
        if read_only:
            return
        self._commands, self._lost = known.commands, known.merged.lost
        self._number, self._until = self._repaired(known)
        self._handed_over = self._until
        self._writer = Writer(self._write)

    def _read_decisions(self) -> Decisions:
        read = self._place.read_lines
        try:
            return decisions(self._database, read() if read else None)
        except (TypeError, ValueError) as error:
            raise DamagedError(f"{self._place.name}: its rows can't be read: {error}") from error

    def _repaired(self, known: Decisions) -> tuple[int, Mark]:
        """Write what one copy had lost, and drop what is damaged; how far batches go then."""
        batches = check_batches(self._database, self._place.telemetry, known.note)
        repairs, damage = check_snapshots(self._database)
        self._damage += [*batches.damage, *damage]
        for_log, for_database = known.merged.missing
        due = [*self._returned(known, for_database), *batches.repairs, *repairs]
        if due:
            self._database.write(due)
        if not self._damage:
            self._place.telemetry.keep_only(batches.files)
        lines = [line for _, line in sorted(known.merged.lines.items())]
        self._log = self._place.open_log(lines if for_log or known.damage else None)
        if self._log and batches.number > 0:
            self._log.note(batches.number, batches.until)
        return batches.number, batches.until

    def _returned(self, known: Decisions, missing: Sequence[int]) -> list[Statement]:
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

    def _remember(self, row: CommandRow, done: "Future[CommandRow]") -> None:
        if row.key:
            self._known.setdefault(row.key, (row, done))

    @property
    def record(self) -> RunRecord:
        return self._record

    @property
    def damage(self) -> tuple[str, ...]:
        return tuple(self._damage)

    @property
    def until(self) -> Mark:
        if self._writer is not None:
            return self._handed_over
        rows = self._database.rows("SELECT tick, sequence FROM batch ORDER BY number DESC LIMIT 1")
        return Mark(*rows[0]) if rows else NOTHING

    @property
    def kept_from(self) -> int:
        found = self._database.rows("SELECT value FROM about WHERE name = 'events_from'")
        return (
            int(found[0][0])
            if found
            else (self._record.parent_tick + 1) * bool(self._record.parent)
        )

    @property
    def sequence(self) -> int:
        return self._sequence if self._writer is not None else self._read_decisions().last

    def find(self, key: str) -> CommandRow | None:
        with self._lock:
            return self._known[key][0] if key in self._known else None

    def submit(self, row: CommandRow) -> "Future[CommandRow]":
        _check(row)
        self._writing()
        with self._lock:
            if row.key in self._known:
                return self._known[row.key][1]
            if row.tick < self._handed_over.tick and not row.refused:
                raise CommandError(
                    f"a command of tick {row.tick} can't change what is past, up to tick "
                    f"{self._handed_over.tick}; fork the run there"
                )
            row = row.numbered(self._sequence + 1)
            done = self._put(row, 256)
            self._sequence += 1
            self._remember(row, done)
            return done

    def append_commands(self, rows: Sequence[CommandRow]) -> list[CommandRow]:
        return [done.result() for done in [self.submit(row) for row in rows]]

    def append(self, batch: Batch) -> None:
        self._writing()
        with self._lock:
            if batch.until < self._handed_over:
                raise CommandError(
                    f"a batch up to tick {batch.until.tick} can't follow one up to tick "
                    f"{self._handed_over.tick}"
                )
            self._put(batch, batch.events.nbytes + batch.segments.nbytes)
            self._handed_over = batch.until

    def put_snapshot(self, row: SnapshotRow) -> None:
        self._put(row, len(row.content))

    def flush(self) -> None:
        if self._writer is not None:
            self._put(_nothing, 0).result()

    def _put(self, what: Any, size: int) -> "Future[Any]":
        job = Job(what, size)
        self._writing().put(job)
        return job.done

    def _writing(self) -> Writer:
        if self._writer is None:
            raise RunError(f"{self._place.name} is open only to be read")
        return self._writer

    def _write(self, jobs: Sequence[Job]) -> None:
        """Make a group of jobs durable; the writer's thread calls this."""
        due = self._due(jobs)
        try:
            if self._log and due.lines:
                self._log.append(due.lines)
            try:
                self._database.write(due.statements)
            except RunError:
                if self._log and due.lines:
                    self._log.take_back(last=True)
                raise
            if self._log and due.number > self._number:
                self._log.note(due.number, due.until)
        except OSError as error:
            raise RunError(f"{self._place.name} can't be written: {error.strerror}") from error
        self._number, self._until = due.number, due.until
        if due.lines:
            self._chain = due.lines[-1].chain
        self._commands.update((row.sequence, row) for row in due.commands)

    def _due(self, jobs: Sequence[Job]) -> _Due:
        statements: list[Statement] = []
        commands = [job.what for job in jobs if isinstance(job.what, CommandRow)]
        lines = self._chained(commands)
        if commands:
            values = map(command_values, commands, (line.chain for line in lines))
            statements.append((KEEP_COMMAND, list(values)))
        number, until, file = self._number, self._until, next_file(self._database)
        for job in jobs:
            if isinstance(job.what, Batch):
                number, until, file = number + 1, job.what.until, file + 1
                statements += self._batch(number, file, job.what)
            elif isinstance(job.what, SnapshotRow):
                statements += _snapshot(job.what)
        return _Due(statements, lines, commands, number, until)

    def _chained(self, commands: Sequence[CommandRow]) -> list[Line]:
        lines: list[Line] = []
        chain = self._chain
        for row in commands:
            text = text_of(row)
            chain = chained(chain, text)
            lines.append(Line(text, chain))
        return lines

    def _batch(self, number: int, file: int, batch: Batch) -> list[Statement]:
        events, segments = batch.events, batch.segments
        last = int(events["tick"][-1]) if len(events) else -1
        content = packed_events(events)
        values = (number, *batch.until, last, len(events), content, len(segments))
        statements: list[Statement] = [(KEEP_BATCH, [(*values, batch_checksum(values))])]
        if len(segments):
            packed = packed_segments(segments)
            inside = self._place.telemetry.put(file, packed)
            last = int(segments["tick"][-1])
            row = (number, number, file, last, len(segments), checksum(packed), inside)
            statements.append((KEEP_MOTION, [row]))
        return statements

    def commands(self, after: int = 0, *, until: int | None = None) -> list[CommandRow]:
        if self._writer is None:
            kept = self._read_decisions()
            self._commands, self._lost = kept.commands, kept.merged.lost
        rows = [row for row in list(self._commands.values()) if row.sequence > after]
        goal = LATER if until is None else until
        later = (row.sequence for row in rows if row.tick > goal and not row.refused)
        end = min(later, default=LATER)
        lost = [number for number in self._lost if after < number < end]
        if lost:
            raise RunError(
                f"{self._place.name}: command {lost[0]} is lost, so what follows it can't be "
                "computed again; go back to a snapshot behind it, or fork the run before it"
            )
        return [row for row in rows if row.sequence < end]

    def snapshots(self) -> list[SnapshotRow]:
        found = self._database.rows(
            "SELECT tick, sequence, digest FROM snapshot ORDER BY tick, sequence"
        )
        return [SnapshotRow(mark=Mark(tick, n), digest=digest) for tick, n, digest in found]

    def snapshot(self, at: int | None = None) -> SnapshotRow | None:
        goal = Mark(LATER if at is None else at, LATER)
        while True:
            found = self._database.rows(
                "SELECT tick, sequence, digest, content, checksum FROM snapshot WHERE "
                "content IS NOT NULL AND (tick < ? OR tick = ? AND sequence < ?) "
                "ORDER BY tick DESC, sequence DESC LIMIT 1", goal.tick, *goal,
            )  # fmt: skip
            if not found:
                return None
            tick, sequence, digest, content, told = found[0]
            goal = Mark(tick, sequence)
            if snapshot_checksum(goal, digest, content) == told:
                return SnapshotRow(mark=goal, digest=digest, content=content)
            self._damage.append(f"the snapshot of tick {tick} is damaged; an earlier one serves")

    def events(self, first: int = 0, last: int | None = None) -> Rows:
        end = LATER if last is None else last
        kept = [np.zeros(0, EVENT)]
        for number, *values, told in self._database.rows(
            "SELECT number, tick, sequence, last, events, content, segments, checksum FROM batch "
            "WHERE last >= ? ORDER BY number", first,
        ):  # fmt: skip
            if batch_checksum((number, *values)) != told:
                raise RunError(f"{self._place.name}: events up to tick {values[0]} are damaged")
            rows = unpacked_events(values[4])
            kept.append(rows[(rows["tick"] >= first) & (rows["tick"] <= end)])
            if values[0] > end:
                break
        return np.concatenate(kept)

    def segments(self, first: int = 0, last: int | None = None) -> Rows:
        end = LATER if last is None else last
        kept = [np.zeros(0, SEGMENT)]
        for file, latest, inside, told in self._database.rows(
            "SELECT file, last, content, checksum FROM telemetry WHERE last >= ? ORDER BY number",
            first,
        ):
            content = self._place.telemetry.get(file, inside)
            if checksum(content) != told:
                raise RunError(f"{self._place.name}: motion up to tick {latest} is damaged")
            rows = unpacked_segments(content)
            kept.append(rows[(rows["tick"] >= first) & (rows["tick"] <= end)])
            if len(rows) and int(rows["tick"][0]) > end:
                break
        return np.concatenate(kept)

    def compact(self, retention: Retention) -> None:
        def work() -> None:
            compact(self._database, self._place.telemetry, retention, end=self._until.tick)

        self._put(work, 0).result()

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
        if self._writer is not None:
            self._writer.close()
            if self._log is not None:
                self._log.close()
        self._database.close()
        self._place.release()


def _nothing() -> None:
    pass


def _done(row: CommandRow) -> "Future[CommandRow]":
    done: Future[CommandRow] = Future()
    done.set_result(row)
    return done


def _snapshot(row: SnapshotRow) -> list[Statement]:
    content = row.content or None
    told = snapshot_checksum(row.mark, row.digest, content)
    return [
        (FORGET_SNAPSHOT, [row.mark]),
        (KEEP_SNAPSHOT, [(*row.mark, row.digest, content, told)]),
    ]


def _check(row: CommandRow) -> None:
    """Refuse texts that not every database can keep.

    Raises:
        CommandError: a text has a NUL or half a character, or a number is too large.
    """
    for each in fields(row):
        value = getattr(row, each.name)
        if isinstance(value, str):
            if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
                raise CommandError(f"{each.name} must be text without NUL and half characters")
        elif isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
            raise CommandError(f"{each.name} must be a number of 64 bits, got {value}")
    if math.isinf(row.received) or math.isnan(row.received):
        raise CommandError("received must be a time")
