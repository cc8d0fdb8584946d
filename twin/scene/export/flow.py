"""Material flow as one point instancer: arrays of positions, orientations and ids over time.

A run is cut into stretches. In each, an instance is one part that is seen in it, and `ids` are
their serial numbers; one that is not yet or no longer there is in `invisibleIds`. Between two
stretches the arrays change their length, so players do not blend there.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, Vt

from twin.scene.export.channel import Clock
from twin.scene.export.flow_frames import Frames, frames_of
from twin.scene.export.flow_pieces import Pieces
from twin.scene.export.samples import SampleWriter
from twin.units import TICKS_PER_SECOND

__all__ = ["FlowWriter", "stretches"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

STRETCH = 300 * TICKS_PER_SECOND


def stretches(until: int) -> Iterator[tuple[int, int]]:
    """The stretches of a run, first and last tick of each."""
    for begin in range(0, until, STRETCH):
        yield begin, min(begin + STRETCH, until)


class FlowWriter:
    """Writes stretches of a flow, each into the layer that is given for it."""

    def __init__(
        self,
        pieces: Pieces,
        clock: Clock,
        *,
        position_error: float,
        angle_error: float,
    ) -> None:
        """Prepare to write.

        Args:
            pieces: of the whole run, fitted within a tenth of the bounds.
            clock: turns ticks to time codes.
            position_error: bound [m].
            angle_error: bound [rad].
        """
        self._pieces = pieces
        self._clock = clock
        self._bounds = (0.9 * position_error, 0.9 * angle_error)
        self.instances = 0

    def declare(self, writer: SampleWriter, path: str, prototypes: Sequence[str]) -> None:
        """Make the instancer, without what changes."""
        prim = writer.define(path, "PointInstancer")
        targets = Sdf.RelationshipSpec(prim, "prototypes")
        targets.targetPathList.explicitItems = [Sdf.Path(each) for each in prototypes]

    def write(
        self, writer: SampleWriter, path: str, begin: int, end: int, *, is_last: bool
    ) -> None:
        """Write one stretch.

        Args:
            writer: of the layer.
            path: the instancer.
            begin: its first tick.
            end: the first tick after it, or the run's last.
            is_last: which of the two `end` is.
        """
        pieces = self._pieces.between(begin, end + 1 if is_last else end)
        final = end if is_last else end - 1
        step = TICKS_PER_SECOND / self._clock.fps
        frames = frames_of(pieces, (begin, final), step, self._bounds)
        serials = pieces.serial[frames.first[:-1]]
        self.instances = max(self.instances, len(serials))
        start = self._clock.code(begin)
        put = writer.sample
        put(f"{path}.ids", "int64[]", start, _array(Vt.Int64Array, serials))
        for tick, look in _looks(frames, begin):
            rows = _array(Vt.IntArray, look)
            put(f"{path}.protoIndices", "int[]", self._clock.code(tick), rows)
        for tick, hidden in _hidden(frames, begin, end):
            ids = _array(Vt.Int64Array, serials[hidden])
            put(f"{path}.invisibleIds", "int64[]", self._clock.code(tick), ids)
        self._poses(writer, path, frames)

    def _poses(self, writer: SampleWriter, path: str, frames: Frames) -> None:
        rows = np.arange(len(frames.first) - 1)
        name, kind = "orientationsf", "quatf[]"  # blends of half precision are off by 0.2 degrees
        before: tuple[float, Array] | None = None
        written = False
        for tick in frames.ticks.tolist():
            xyz, wxyz = frames.poses(rows, np.full(len(rows), tick))
            code = self._clock.code(tick)
            positions = _array(Vt.Vec3fArray, xyz.astype(np.float32))
            writer.sample(f"{path}.positions", "point3f[]", code, positions)
            same = before is not None and np.array_equal(before[1], wxyz)
            if not same:
                if before is not None and not written:
                    writer.sample(f"{path}.{name}", kind, before[0], _turns(before[1]))
                writer.sample(f"{path}.{name}", kind, code, _turns(wxyz))
            written = not same
            before = (code, wxyz)


def _turns(wxyz: Array) -> object:
    rows = np.ascontiguousarray(np.roll(wxyz, -1, axis=1), np.float32)
    return _array(Vt.QuatfArray, rows)


def _array(kind: Any, rows: Any) -> object:
    """Rows of numbers as an array of USD."""
    return kind.FromNumpy(rows)


def _looks(frames: Frames, begin: int) -> Iterator[tuple[float, NDArray[np.int32]]]:
    """When looks change, and the looks of all instances from then on."""
    pieces = frames.pieces
    look = pieces.look[frames.first[:-1]].astype(np.int32)
    changes = np.append(False, pieces.look[1:] != pieces.look[:-1])[: len(pieces.look)]
    changes[frames.first[:-1]] = False
    changes &= pieces.start > begin
    early = pieces.start <= begin
    look[frames.row[early]] = pieces.look[early]
    yield begin, look.copy()
    yield from _steps(look, np.flatnonzero(changes), frames, pieces.look)


def _steps(
    now: NDArray[np.int32], rows: Rows, frames: Frames, value: Rows
) -> Iterator[tuple[float, NDArray[np.int32]]]:
    ticks = frames.pieces.start[rows]
    order = np.argsort(ticks, kind="stable")
    rows, ticks = rows[order], ticks[order]
    for tick, mine in zip(*_grouped(ticks, rows), strict=True):
        now[frames.row[mine]] = value[mine]
        yield tick, now.copy()


def _hidden(frames: Frames, begin: int, end: int) -> Iterator[tuple[float, NDArray[np.bool_]]]:
    """When parts come into sight or go out of it, and which are out of sight from then on."""
    pieces = frames.pieces
    comes, goes = _spans(pieces, frames)
    hidden = np.ones(len(frames.first) - 1, bool)
    first = comes[pieces.start[comes] <= begin]
    hidden[frames.row[first]] = False
    yield begin, hidden.copy()
    late = comes[pieces.start[comes] > begin]
    early = goes[pieces.until[goes] < end]
    rows = np.concatenate([early, late])
    ticks = np.concatenate([pieces.until[early], pieces.start[late]])
    seen = np.concatenate([np.zeros(len(early), bool), np.ones(len(late), bool)])
    order = np.argsort(ticks, kind="stable")
    for tick, mine in zip(*_grouped(ticks[order], order), strict=True):
        hidden[frames.row[rows[mine]]] = ~seen[mine]
        yield tick, hidden.copy()


def _spans(pieces: Pieces, frames: Frames) -> tuple[Rows, Rows]:
    """Pieces with which a part comes into sight, and those after which it goes out of it."""
    follows = np.zeros(len(pieces.start), bool)
    follows[1:] = (frames.row[1:] == frames.row[:-1]) & (pieces.start[1:] <= pieces.until[:-1])
    ends = np.append(~follows[1:], True)[: len(follows)]
    return np.flatnonzero(~follows), np.flatnonzero(ends)


def _grouped(ticks: Array, rows: Rows) -> tuple[list[float], list[Rows]]:
    """Rows that belong to one tick, tick by tick; both by rising tick."""
    if not len(ticks):
        return [], []
    each, first = np.unique(ticks, return_index=True)
    return each.tolist(), np.split(rows, first[1:])
