"""What a run says on its stream, kept as of the tick that is shown: for those who need poses."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.tape import STATE_CHANGE
from server.wire import FULL, Frame, FrameType, decode
from twin.client.recent import Recent
from twin.motion import SEGMENT
from twin.units import TICKS_PER_SECOND

__all__ = ["Mirror"]

Rows = NDArray[Any]  # structured
NOTES = 100


class Mirror:
    """Takes frames in; tells what holds at a tick."""

    def __init__(self, place_count: int) -> None:
        """Begin with nothing known.

        Args:
            place_count: of the plant.
        """
        self._place_count = place_count
        self.epoch = -1
        self._begin()

    def _begin(self) -> None:
        self._segments = Recent(SEGMENT, "subject")
        self._states = Recent(STATE_CHANGE, "place")
        self._totals: list[tuple[int, list[float]]] = []
        self._map = (0, 0.0, 0.0)  # tick, wall [s], rate
        self._notes: list[dict[str, Any]] = []  # that are not due yet

    @property
    def rate(self) -> float:
        """Simulated seconds per second; 0 is a pause."""
        return self._map[2]

    def take(self, data: bytes) -> None:
        """Take a frame in; those of an older epoch are passed over."""
        frame = decode(data)
        epoch = frame.stamp.epoch
        if epoch < self.epoch:
            return
        if epoch > self.epoch:
            self._begin()
            self.epoch = epoch
        arrays = frame.arrays
        match frame.kind:
            case FrameType.TIME:
                wall, rate = arrays["map"].tolist()
                self._map = (frame.tick, wall, rate)
            case FrameType.KEY | FrameType.SEG:
                self._take_segments(frame)
            case FrameType.STATE:
                self._take_states(frame)
            case FrameType.KPI:
                self._totals = [each for each in self._totals if each[0] < frame.tick]
                self._totals.append((frame.tick, arrays["totals"].tolist()))
            case FrameType.EVENT:
                self._notes = [*self._notes, *frame.events][-NOTES:]
            case FrameType.POSE | FrameType.JOINT | FrameType.STEP:
                pass  # of clients that ask for them

    def _take_segments(self, frame: Frame) -> None:
        if frame.kind is FrameType.KEY:
            self._segments = Recent(SEGMENT, "subject")
        self._segments.add(_rows(frame, SEGMENT))

    def _take_states(self, frame: Frame) -> None:
        if frame.flags & FULL:
            self._states = Recent(STATE_CHANGE, "place")
        self._states.add(_rows(frame, STATE_CHANGE))

    def shown(self, wall: float) -> int:
        """The tick to show at a server's time [s]."""
        tick, since, rate = self._map
        return max(0, tick + round(rate * (wall - since) * TICKS_PER_SECOND))

    def segments(self, tick: int) -> Rows:
        """The segment of each subject at a tick; what was before is forgotten."""
        self._segments.forget(tick)
        rows = self._segments.rows
        return rows[rows["tick"] <= tick]

    def states(self, tick: int) -> list[int]:
        """The state of each place at a tick; what was before is forgotten."""
        self._states.forget(tick)
        rows = self._states.rows
        rows = rows[rows["tick"] <= tick]
        states = np.zeros(self._place_count, np.int64)
        states[rows["place"]] = rows["state"]
        return states.tolist()

    def totals(self, tick: int) -> tuple[int, list[float]] | None:
        """The newest figures that hold at a tick, and when they were taken."""
        past = [each for each in self._totals if each[0] <= tick]
        if past:
            self._totals = [each for each in self._totals if each[0] >= past[-1][0]]
        return past[-1] if past else None

    def notes(self, tick: int) -> list[dict[str, Any]]:
        """What has happened since the last call and is due at a tick."""
        due = [note for note in self._notes if note["tick"] <= tick]
        self._notes = [note for note in self._notes if note["tick"] > tick]
        return due


def _rows(frame: Frame, dtype: "np.dtype[Any]") -> Rows:
    rows = np.zeros(frame.count, dtype)
    for name in dtype.names or ():
        rows[name] = frame.arrays[name]
    return rows
