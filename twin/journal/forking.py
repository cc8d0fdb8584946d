"""Makes a run that shares another's past up to a tick, and then goes its own way."""

from dataclasses import replace

import numpy as np

from twin.core.record import EVENT
from twin.errors import CommandError
from twin.journal.recovery import SEED, last_tick
from twin.journal.store import Batch, CommandRow, Mark, RunStore, SnapshotRow, Store
from twin.motion import SEGMENT

__all__ = ["fork"]


def fork(
    store: Store,
    parent: RunStore,
    at: int,
    *,
    run: str,
    created: float = 0.0,
    seed: int | None = None,
    replication: int | None = None,
) -> RunStore:
    """A new run, open, that is as its parent was at a tick; `recover` gives its simulation.

    It keeps copies of the parent's commands, so the parent may go. Events and motion before the
    tick stay the parent's.

    Args:
        store: where the new run is kept.
        parent: the run to fork, open or only read.
        at: the tick; all commands of that tick belong to the shared past.
        run: id of the new run.
        created: s since 1970, by the caller's clock.
        seed: of chances from here on; None: as before.
        replication: the same.

    Raises:
        CommandError: the parent has no such tick, or the run can't be made.
        RunError: a command of the parent is lost, or a write has failed.
    """
    parent.flush()
    end = parent.until.tick if at <= parent.until.tick else last_tick(parent)
    if not 0 <= at <= end:
        raise CommandError(f"run {parent.record.id} goes from tick 0 to {end}, not to {at}")
    rows = [row for row in parent.commands(until=at) if not row.refused]
    shared = [replace(row, key="") for row in rows]
    if seed is not None or replication is not None:
        old_seed, old_replication = _chances(parent, rows)
        new_replication = old_replication if replication is None else replication
        shared.append(_drawn_anew(at, old_seed if seed is None else seed, new_replication))
    record = replace(
        parent.record, id=run, parent=parent.record.id, parent_tick=at, created=created
    )
    child = store.create(record)
    child.append_commands(shared)
    if snapshot := parent.snapshot(at):
        before = sum(row.sequence <= snapshot.mark.sequence for row in rows)
        mark = Mark(snapshot.mark.tick, before)
        content, digest = snapshot.content, snapshot.digest
        child.put_snapshot(SnapshotRow(mark=mark, digest=digest, content=content))
    nothing = np.zeros(0, EVENT), np.zeros(0, SEGMENT)
    child.append(Batch(until=Mark(at, len(shared)), events=nothing[0], segments=nothing[1]))
    child.flush()
    return child


def _chances(parent: RunStore, rows: list[CommandRow]) -> tuple[int, int]:
    """Seed and replication of a run behind some of its commands."""
    for row in reversed(rows):
        if row.action == SEED:
            return int(row.attribute), int(row.value)
    return parent.record.seed, parent.record.replication


def _drawn_anew(tick: int, seed: int, replication: int) -> CommandRow:
    """The command after which chances are others."""
    return CommandRow(tick=tick, action=SEED, attribute=str(seed), value=float(replication))
