"""The journal of one run over a database, with a log of decisions beside it where that is wise."""

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, fields
from threading import RLock
from typing import Any

from twin.errors import CommandError, RunError
from twin.journal.column import Rows
from twin.journal.compaction import compact, next_file
from twin.journal.database import DamagedError, Database
from twin.journal.decisions import DecisionLog, Line
from twin.journal.loading import Decisions, check_batches, check_snapshots, decisions
from twin.journal.reading import LATER, Reading
from twin.journal.store import Batch, CommandRow, Mark, Retention, RunRecord, SnapshotRow
from twin.journal.telemetry import Telemetry
from twin.journal.writer import Job, Writer
from twin.journal.writing import due, given_back

__all__ = ["DurableRun", "Place"]


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
        self._reading = Reading(place.name, self._database, place.telemetry, self._damage)
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
        self._number: int
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
        repairs = [*given_back(known), *batches.repairs, *repairs]
        if repairs:
            self._database.write(repairs)
        if not self._damage:
            self._place.telemetry.keep_only(batches.files)
        lines = [line for _, line in sorted(known.merged.lines.items())]
        self._log = self._place.open_log(lines if known.damage else None)
        if self._log and batches.number > 0:
            self._log.note(batches.number, batches.until)
        return batches.number, batches.until

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
        return self._reading.until()

    @property
    def kept_from(self) -> int:
        own = self._record.parent_tick + 1 if self._record.parent else 0
        dropped = self._reading.kept_from()
        return own if dropped is None else dropped

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
        ready = due(
            jobs, self._place.telemetry, chain=self._chain, number=self._number,
            until=self._until, file=next_file(self._database),
        )  # fmt: skip
        try:
            if self._log and ready.lines:
                self._log.append(ready.lines)
            try:
                self._database.write(ready.statements)
            except RunError:
                if self._log and ready.lines:
                    self._log.take_back(last=True)
                raise
            if self._log and ready.number > self._number:
                self._log.note(ready.number, ready.until)
        except OSError as error:
            raise RunError(f"{self._place.name} can't be written: {error.strerror}") from error
        self._number, self._until = ready.number, ready.until
        if ready.lines:
            self._chain = ready.lines[-1].chain
        self._commands.update((row.sequence, row) for row in ready.commands)

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
        return self._reading.snapshots()

    def snapshot(self, at: int | None = None) -> SnapshotRow | None:
        return self._reading.snapshot(at)

    def events(self, first: int = 0, last: int | None = None) -> Rows:
        return self._reading.events(first, last)

    def segments(self, first: int = 0, last: int | None = None) -> Rows:
        return self._reading.segments(first, last)

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
