"""What is kept of a run besides its decisions: batches and snapshots, checked as they are read."""

import numpy as np

from twin.core.record import EVENT
from twin.errors import RunError
from twin.journal.column import Rows
from twin.journal.database import Database
from twin.journal.loading import batch_checksum, snapshot_checksum
from twin.journal.packing import checksum, unpacked_events, unpacked_segments
from twin.journal.store import NOTHING, Mark, SnapshotRow
from twin.journal.telemetry import Telemetry
from twin.motion import SEGMENT

__all__ = ["LATER", "Reading"]

LATER = 1 << 62  # a tick, and a sequence, after all others


class Reading:
    """The reading half of a run's store."""

    def __init__(
        self, name: str, database: Database, telemetry: Telemetry, damage: list[str]
    ) -> None:
        """Read from a database, and name in `damage` what can't be."""
        self._name, self._database, self._telemetry = name, database, telemetry
        self._damage = damage

    def until(self) -> Mark:
        """Where the last batch ends."""
        rows = self._database.rows("SELECT tick, sequence FROM batch ORDER BY number DESC LIMIT 1")
        return Mark(*rows[0]) if rows else NOTHING

    def kept_from(self) -> int | None:
        """First tick of which events are kept, where compaction has dropped some."""
        found = self._database.rows("SELECT value FROM about WHERE name = 'events_from'")
        return int(found[0][0]) if found else None

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
                raise RunError(f"{self._name}: events up to tick {values[0]} are damaged")
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
            content = self._telemetry.get(file, inside)
            if checksum(content) != told:
                raise RunError(f"{self._name}: motion up to tick {latest} is damaged")
            rows = unpacked_segments(content)
            kept.append(rows[(rows["tick"] >= first) & (rows["tick"] <= end)])
            if len(rows) and int(rows["tick"][0]) > end:
                break
        return np.concatenate(kept)
