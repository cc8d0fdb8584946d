"""What a durable journal does, whoever keeps it: runs, their commands, events and snapshots.

A run is f(scene, seed, commands), so these three are written first and never lost: a command is
acknowledged only when it is durable. All else follows from them and can be computed again.

Knows no database and no clock: times of day and names of runs come from the caller.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, Self

from twin.engine.command import Command
from twin.journal.column import Rows

__all__ = [
    "NOTHING",
    "Batch",
    "CommandRow",
    "Mark",
    "Retention",
    "RunRecord",
    "RunStore",
    "SnapshotRow",
]
__all__ += ["Store"]


class Mark(NamedTuple):
    """A point in a run: all that happened up to a tick, with its first so many commands."""

    tick: int
    sequence: int  # of the last command carried out before it; 0: none yet


NOTHING = Mark(-1, 0)  # not even what happens at tick 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What a run is made from."""

    id: str  # letters, digits, - and _; the caller's choice, never used again
    scene: str  # a USD file, or the name of a bundled scene
    scenarios: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()  # PRIM.twin:attr=VALUE
    plant: str = ""  # digest of the plant that came from them
    seed: int = 0
    replication: int = 0
    motion: bool = True
    parent: str = ""  # the run that it was forked from
    parent_tick: int = 0
    created: float = 0.0  # s since 1970, by the caller's clock


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRow:
    """A command as it is kept: what was asked, by whom, and what became of it.

    Besides those of the engine there is one action of the journal's own, `seed`: chances are drawn
    anew from here with the seed in `attribute` and the replication in `value`, as after a fork.
    """

    tick: int  # when it was carried out, after everything else of that tick
    action: str
    path: str = ""
    attribute: str = ""
    value: float = 0.0
    sequence: int = 0  # 1 for the run's first; the store gives it
    correlation: str = ""  # ties it to the request that it came with
    key: str = ""  # idempotency key; empty: none
    issuer: str = ""
    received: float = 0.0  # s since 1970, by the caller's clock
    refused: str = ""  # why it was not carried out; such a row is kept but never replayed

    @property
    def command(self) -> Command:
        """What the engine is given."""
        return Command(
            action=self.action, path=self.path, attribute=self.attribute, value=self.value,
            tick=self.tick,
        )  # fmt: skip

    @classmethod
    def of(cls, command: Command) -> Self:
        """The row of a command that was carried out, as the engine stamped it."""
        return cls(
            tick=command.tick, action=command.action, path=command.path,
            attribute=command.attribute, value=command.value,
        )  # fmt: skip

    def numbered(self, sequence: int) -> Self:
        """The same with its place among the run's commands."""
        return replace(self, sequence=sequence)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """What happened since the last batch; nothing in it is ever taken back."""

    until: Mark  # all that happened up to here is in this batch or an earlier one
    events: Rows  # dtype twin.core.record.EVENT, in the order in which they happened
    segments: Rows  # dtype twin.motion.SEGMENT, by rising tick


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRow:
    """The state of a run at one point."""

    mark: Mark
    digest: str  # of the world, as `Simulation.digest` gives it
    content: bytes = b""  # of `twin.journal.packing`; empty: only the digest is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What compaction leaves; commands and the digests of snapshots stay in any case."""

    snapshots: int = 100  # the newest so many keep their content
    segments: int | None = None  # ticks before the end for which motion is kept; None: for ever
    events: int | None = None  # the same for events


class RunStore(Protocol):
    """The journal of one run, held open by one writer.

    All methods may be called from any thread. One thread of its own writes what they hand over, in
    the order in which it came, and makes all that waits durable in one go. Once a write has failed
    (a full disk, a lost server) all later ones fail with the same error, so that nothing is
    acknowledged behind a gap: close it, open it again when the cause is gone, and recover.
    """

    @property
    def record(self) -> RunRecord:
        """What the run is made from."""
        ...

    @property
    def damage(self) -> tuple[str, ...]:
        """What was found damaged at opening, and what became of it, a sentence each."""
        ...

    @property
    def until(self) -> Mark:
        """How far events and segments go that are handed over: the end of the last batch.

        NOTHING before the first. A run that was forked begins with one that has only a mark: its
        past is its parent's.
        """
        ...

    @property
    def kept_from(self) -> int:
        """First tick from which all events up to `until` are kept, but for what is damaged."""
        ...

    @property
    def sequence(self) -> int:
        """Number of the last command handed over; 0 if there is none."""
        ...

    def find(self, key: str) -> CommandRow | None:
        """The command that came with an idempotency key, whether it is durable yet or not.

        Ask before you carry a command out. If there is one already, don't: `submit` that row, whose
        future tells when the first answer may be given again.
        """
        ...

    def submit(self, row: CommandRow) -> "Future[CommandRow]":
        """Hand a command over; the future gives it with its sequence, once it is durable.

        A row whose key came before is not kept again: its future is the first one's. Futures come
        true in the order of their rows, on the writer's thread.

        Raises:
            RunError: a write has failed before, or the store is closed; the future raises it if
                this one fails.
        """
        ...

    def append_commands(self, rows: Sequence[CommandRow]) -> list[CommandRow]:
        """Keep commands; they are durable when this returns.

        Raises:
            RunError: they could not be written; none of them is acknowledged.
        """
        ...

    def append(self, batch: Batch) -> None:
        """Hand over what happened; it is durable after `flush`, at the latest.

        Waits while much is still to be written, so that memory is bounded.

        Raises:
            RunError: a write has failed before.
        """
        ...

    def put_snapshot(self, row: SnapshotRow) -> None:
        """Hand over a snapshot; as `append`. One of the same mark is replaced."""
        ...

    def flush(self) -> None:
        """Wait until all that was handed over is durable, and so there to be read.

        Raises:
            RunError: it could not be written.
        """
        ...

    def commands(self, after: int = 0, *, until: int | None = None) -> list[CommandRow]:
        """The durable commands behind a sequence, in their order, those refused among them.

        Args:
            after: the sequence; 0: from the first.
            until: a tick; commands behind it are left out, lost or not.

        Raises:
            RunError: one of them is lost; it says which.
        """
        ...

    def snapshots(self) -> list[SnapshotRow]:
        """Marks and digests of all snapshots, by rising mark, without content."""
        ...

    def snapshot(self, at: int | None = None) -> SnapshotRow | None:
        """The newest sound snapshot with content at or before a tick, or None; `at` None: of all.

        Damaged ones are passed over and named in `damage`.
        """
        ...

    def events(self, first: int = 0, last: int | None = None) -> Rows:
        """Durable events from a tick to a tick, both included, but those that compaction dropped.

        Raises:
            RunError: some of them are damaged.
        """
        ...

    def segments(self, first: int = 0, last: int | None = None) -> Rows:
        """Durable motion segments that begin from a tick to a tick, both included; as `events`."""
        ...

    def compact(self, retention: Retention) -> None:
        """Drop what need not be kept, join small files, and give the room back."""
        ...

    def close(self) -> None:
        """Make all durable and let the run go; calling it again does nothing."""
        ...


class Store(Protocol):
    """A place where runs are kept: a folder, or a database."""

    def create(self, record: RunRecord) -> RunStore:
        """Begin a run; it is durable when this returns, and open for writing.

        Raises:
            CommandError: the id is malformed or taken, or nothing can be written there.
        """
        ...

    def open(self, run: str) -> RunStore:
        """Open a run to go on with it; only one process may have it open.

        Raises:
            CommandError: there is none, someone else has it open, it is of a newer release, or
                nothing can be written there.
            RunError: it is damaged beyond repair; it says what is lost.
        """
        ...

    def read(self, run: str) -> RunStore:
        """Open a run only to read, while someone else may write; writing raises RunError.

        Raises:
            CommandError: there is none, or it is of a newer release.
        """
        ...

    def runs(self) -> list[RunRecord]:
        """All runs, by their time of creation."""
        ...

    def delete(self, run: str) -> None:
        """Remove a run with all that is kept of it; its forks stay whole.

        Raises:
            CommandError: there is none, or someone has it open.
        """
        ...

    def close(self) -> None:
        """Close all runs that are open here."""
        ...
