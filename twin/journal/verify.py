"""Plays a run again from its beginning, and compares every hash that its journal has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from twin.core.record import EVENT
from twin.engine.simulation import Rule, Simulation
from twin.errors import RunError
from twin.journal.column import Rows
from twin.journal.packing import unpacked_snapshot
from twin.journal.recovery import Player
from twin.journal.store import Mark, RunStore, SnapshotRow
from twin.plant import Plant

__all__ = ["Verification", "verify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What came of playing a run again."""

    until: int  # the tick up to which it was played
    digest: str  # of the world there
    commands: int  # of the run
    snapshots: int  # whose digests are equal
    events: int  # that are equal, of those that are kept
    differs_at: int | None = None  # first tick at which it is known to differ; None: nowhere
    why: str = ""  # what differs there


class _Again:
    """The events of the run that is played again, as a recorder, behind those compared."""

    def __init__(self) -> None:
        self._events: list[Rows] = [np.zeros(0, EVENT)]

    def record(self, events: Any, segments: Any) -> None:  # noqa: ARG002  # motion follows events
        self._events.append(events)

    def command(self, command: Any) -> None:
        """Commands are those of the journal."""

    def since(self, tick: int) -> Rows:
        """What happened from a tick on; what is before it is forgotten."""
        rows = np.concatenate(self._events)
        self._events = [rows[np.searchsorted(rows["tick"], tick) :]]
        return self._events[0]


def verify(
    run: RunStore,
    plant: Plant,
    *,
    rules: Mapping[str, Rule] | None = None,
    interpreted: bool = False,
) -> Verification:
    """Replay a run with its commands; compare the digest of every snapshot, and all events.

    It ends at the first difference. Its tick is that of the first event that is not the one
    recorded; where events agree and only a digest differs, it is the snapshot's.

    Raises:
        CommandError: the plant is not the one of the run.
        RunError: a command is lost, or what is recorded is damaged.
    """
    run.flush()
    until, snapshots = run.until, run.snapshots()  # read first, while another process writes on
    commands, again = run.commands(), _Again()
    player = Player(
        run.record, plant, commands, recorder=again, rules=rules, interpreted=interpreted
    )
    done = [Mark(row.tick, row.sequence) for row in commands if not row.refused]
    ends = [until, *(row.mark for row in snapshots), *done]
    end = Mark(max(0, *(mark.tick for mark in ends)), max(mark.sequence for mark in ends))
    equal = events = 0
    differs_at, why = None, ""
    since = run.kept_from
    for row in [*snapshots, None]:
        mark = row.mark if row else end
        why = _played(player, mark)
        if row and not why and player.simulation.digest() != row.digest:
            why = _difference(run, row, player.simulation)
        recorded, replayed = run.events(since, mark.tick), again.since(since)
        complete = min(mark.tick, until.tick)  # before it, none may be missing
        different = _first_difference(recorded, replayed, complete)
        if different is not None:
            differs_at, why = _at(different, recorded, replayed, plant)
        elif why:
            differs_at = player.simulation.now
        if differs_at is not None:
            break
        equal += row is not None
        events += len(recorded) if row is None else int((recorded["tick"] < mark.tick).sum())
        since = max(since, mark.tick)
    simulation = player.simulation
    return Verification(
        until=simulation.now, digest=simulation.digest(), snapshots=equal, events=events,
        commands=sum(not row.refused for row in commands), differs_at=differs_at, why=why,
    )  # fmt: skip


def _played(player: Player, mark: Mark) -> str:
    """Go on to a mark; why it could not be reached, or nothing."""
    try:
        player.play(mark)
    except RunError as error:
        return str(error)
    return ""


def _first_difference(recorded: Rows, replayed: Rows, complete: int) -> int | None:
    """The first row that differs; at and behind a tick, rows of one may still be to come."""
    count = min(len(recorded), len(replayed))
    different = np.flatnonzero(recorded[:count] != replayed[:count])
    if len(different):
        return int(different[0])
    more = recorded if len(recorded) > count else replayed
    return count if len(more) > count and more["tick"][count] < complete else None


def _at(row: int, recorded: Rows, replayed: Rows, plant: Plant) -> tuple[int, str]:
    """The tick of a row, and what it says in both."""
    pair = [rows[row] if row < len(rows) else None for rows in (recorded, replayed)]
    told = [_event(each, plant) for each in pair]
    return min(int(each["tick"]) for each in pair if each is not None), (
        f"recorded: {told[0]}; now: {told[1]}"
    )


def _event(row: Any, plant: Plant) -> str:
    if row is None:
        return "nothing"
    place = int(row["place"])
    where = plant.places[place].path if 0 <= place < len(plant.places) else "the run"
    numbers = f"code {row['code']}, part {row['part']}, value {row['value']}"
    return f"at tick {row['tick']} {where} {numbers}"


def _difference(run: RunStore, row: SnapshotRow, simulation: Simulation) -> str:
    """Which column of which table differs first from a snapshot, if its content is kept."""
    told = f"the snapshot of tick {row.mark.tick} has digest {row.digest[:12]}, not "
    told += simulation.digest()[:12]
    kept, now = run.snapshot(row.mark.tick), simulation.snapshot()
    if kept is None or kept.mark != row.mark:
        return told
    try:
        tables = unpacked_snapshot(kept.content, simulation.plant, now).tables
    except RunError as error:
        return f"{told}; {error}"
    for name, one, two in zip(simulation.world._fields, tables, now.tables, strict=True):
        if len(one) != len(two):
            return f"{told}: {name} has {len(one)} rows, and now {len(two)}"
        for column in one.dtype.names:
            different = (one[column] != two[column]).reshape(len(one), -1).any(axis=1)
            if different.any():
                at = int(np.flatnonzero(different)[0])
                return f"{told}: {name}[{at}].{column} is {one[column][at]}, now {two[column][at]}"
    return told
