"""A run as a client knows it: poses, states and figures at any tick that it has been told of.

It holds what has begun lately and what comes, up to the server's lead; poses are evaluated by the
engine's own code. Feed it the frames of one stream, in their order.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.client.errors import ClientError
from twin.client.looks import Looks
from twin.client.pack import Pack
from twin.client.recent import Recent
from twin.client.wire import FULL, STATE_COUNT, Frame, FrameType
from twin.engine.poses import Poses, poses_from
from twin.motion import SEGMENT, Segments
from twin.units import TICKS_PER_SECOND, to_ticks

__all__ = ["STATE_CHANGE", "Figures", "Mirror", "TimeMap"]

KEPT = 5.0  # s of the run, behind what is shown
EVENTS_KEPT = 1000
UNKNOWN = -1  # state of a place that lies outside the topic
STATE_CHANGE = np.dtype([("tick", "i8"), ("place", "i4"), ("state", "i4")])
TOTALS = ("finished", "wip", "jph", "jph_total", "lead_mean", "lead_max", "created")


@dataclass(frozen=True, slots=True)
class TimeMap:
    """How time runs: at clock `wall` [s] of the server `tick` is shown; `rate` 0 is a pause."""

    tick: int = 0
    wall: float = 0.0
    rate: float = 0.0

    def shown(self, wall: float) -> int:
        """The tick to show at a time of the server's clock [s]."""
        passed = max(0.0, wall - self.wall)
        return self.tick + round(self.rate * passed * TICKS_PER_SECOND)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """The key figures at a tick."""

    tick: int
    totals: dict[str, float]  # finished, wip, jph, jph_total, lead_mean, lead_max [s], created
    times: NDArray[np.float64]  # in each state [s], shape [place_count, 8]
    finished: NDArray[np.int32]  # parts that each place has completed, shape [place_count]
    level: NDArray[np.int32]  # parts now in each place, shape [place_count]


class Mirror:
    """What holds in a run; every method takes ticks, so that nothing here has a clock."""

    def __init__(self, *, kept: float = KEPT) -> None:
        """Begin with nothing.

        Args:
            kept: of the past, so much may still be asked for [s].
        """
        self.kept = to_ticks(kept)
        self.pack: Pack | None = None
        self.time = TimeMap()
        self.epoch = 0
        self.seq = 0  # of the last frame
        self.dropped = 0  # frames of older epochs
        self.events: deque[dict[str, Any]] = deque(maxlen=EVENTS_KEPT)
        self._clear()

    def begin(self, epoch: int) -> None:
        """Forget all: a stream begins anew, at an epoch."""
        self.epoch = epoch
        self.seq = 0
        self.events.clear()
        self._clear()

    @property
    def is_ready(self) -> bool:
        """Whether it has been told all that holds now."""
        return self._is_ready

    def take(self, frame: Frame) -> bool:
        """Take in a frame; false if it is of an older epoch, and so of no meaning any more."""
        if frame.stamp.epoch < self.epoch:
            self.dropped += 1
            return False
        if frame.stamp.epoch > self.epoch:
            self._turn(frame)
        self.seq = max(self.seq, frame.stamp.seq)
        match frame.kind:
            case FrameType.TIME:
                self._take_time(frame)
            case FrameType.KEY | FrameType.SEG:
                self._take_segments(frame)
            case FrameType.STATE:
                self._take_states(frame)
            case FrameType.KPI:
                self._take_figures(frame)
            case FrameType.EVENT:
                self.events.extend(frame.events)
            case FrameType.POSE | FrameType.JOINT:
                self._looks.take(frame)
            case FrameType.STEP:
                pass  # it says when, not what
        return True

    def poses(self, tick: int) -> Poses:
        """Where everything is at a tick; of a stream of poses: at the last one before it.

        Raises:
            ClientError: the scene pack is not loaded yet.
        """
        if self.pack is None:
            raise ClientError("not_ready", "the scene pack is not loaded yet; wait for the hello")
        if len(self._looks):
            return self._looks.at(tick, self.pack.layout)
        return poses_from(self._segments.at(tick), self.pack.layout, tick)

    def segments(self, tick: int) -> Segments:
        """The segment that each subject is in at a tick, of dtype SEGMENT; shape [n]."""
        return self._segments.at(tick)

    def states(self, tick: int) -> NDArray[np.int32]:
        """The state of each place at a tick, -1 where it is not known, shape [place_count]."""
        rows = self._states.at(tick)
        known = int(rows["place"].max(initial=-1)) + 1
        states = np.full(known if self.pack is None else len(self.pack.places), UNKNOWN, np.int32)
        states[rows["place"]] = rows["state"]
        return states

    def changes(self, since: int, until: int) -> NDArray[Any]:
        """State changes with `since` <= tick < `until`: rows of tick, place, state; shape [n]."""
        rows = self._states.rows
        return rows[(rows["tick"] >= since) & (rows["tick"] < until)]

    def figures(self, tick: int) -> Figures | None:
        """The newest figures at a tick; None before the first."""
        known = [each for each in self._figures if each.tick <= tick]
        return known[-1] if known else None

    def forget(self, tick: int) -> None:
        """Drop what no longer matters at a tick."""
        self._segments.forget(tick)
        self._states.forget(tick)
        self._looks.forget(tick)
        past = sum(each.tick <= tick for each in self._figures)
        self._figures = self._figures[max(0, past - 1) :]

    def _clear(self) -> None:
        self._segments = Recent(SEGMENT, "subject")
        self._states = Recent(STATE_CHANGE, "place")
        self._looks = Looks()
        self._is_ready = False
        self._figures: list[Figures] = []

    def _turn(self, frame: Frame) -> None:
        """A higher epoch: time was set anew. What is later than its tick never happened."""
        self.epoch = frame.stamp.epoch
        events = [event for event in self.events if event["tick"] <= frame.tick]
        self.events.clear()
        self.events.extend(events)
        self._clear()

    def _take_time(self, frame: Frame) -> None:
        wall, rate = frame.arrays["map"].tolist()
        self.time = TimeMap(frame.tick, wall, rate)
        self.forget(frame.tick - self.kept)

    def _take_segments(self, frame: Frame) -> None:
        if frame.kind is FrameType.KEY:
            self._segments = Recent(SEGMENT, "subject")
        self._segments.add(_rows(frame, SEGMENT))

    def _take_states(self, frame: Frame) -> None:
        if frame.flags & FULL:
            self._states = Recent(STATE_CHANGE, "place")
            self._is_ready = True  # TIME and motion came before it
        self._states.add(_rows(frame, STATE_CHANGE))

    def _take_figures(self, frame: Frame) -> None:
        arrays = frame.arrays
        last = self._figures[-1] if self._figures else None
        if last is not None and not frame.count:  # only the totals are told each second
            times, finished, level = last.times, last.finished, last.level
        else:
            times = arrays["times"].reshape(-1, STATE_COUNT)
            finished, level = arrays["finished"], arrays["level"]
        totals: dict[str, float] = dict(zip(TOTALS, arrays["totals"].tolist(), strict=False))
        self._figures = [each for each in self._figures if each.tick < frame.tick]
        self._figures.append(
            Figures(tick=frame.tick, totals=totals, times=times, finished=finished, level=level)
        )


def _rows(frame: Frame, dtype: "np.dtype[Any]") -> NDArray[Any]:
    rows = np.zeros(frame.count, dtype)
    for name in dtype.names or ():
        rows[name] = frame.arrays[name]
    return rows
