"""What a viewer makes of the frames it gets: how tests read the protocol."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from server.stream import Welcome
from server.wire import Frame, FrameType, decode
from twin.engine.layout import Layout
from twin.engine.poses import Poses, poses_from
from twin.motion import SEGMENT, current

__all__ = ["Viewer"]


@dataclass
class Viewer:
    """Holds segments, states and figures, like the store in server/viewer/src/live."""

    epoch: int = 0
    map: tuple[float, float, float] = (0.0, 0.0, 0.0)  # tick, wall [s], rate
    segments: list[Any] = field(default_factory=list)
    states: list[tuple[float, int, int]] = field(default_factory=list)  # tick, place, state
    kpis: list[Frame] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    @classmethod
    def joining(cls, welcome: Welcome) -> "Viewer":
        viewer = cls(epoch=welcome.epoch)
        viewer.take([*welcome.frames, welcome.notes])
        return viewer

    def take(self, frames: Iterable[bytes]) -> None:
        for data in frames:
            self._take(decode(data))

    def _take(self, frame: Frame) -> None:
        if frame.stamp.epoch < self.epoch:
            return
        if frame.stamp.epoch > self.epoch:
            self._turn(frame)
        self.kinds.append(frame.kind.name)
        arrays = frame.arrays
        match frame.kind:
            case FrameType.TIME:
                self.map = (float(frame.tick), *arrays["map"].tolist())
            case FrameType.KEY | FrameType.SEG:
                rows = np.zeros(frame.count, SEGMENT)
                for name in SEGMENT.names:
                    rows[name] = arrays[name]
                self.segments = [] if frame.kind is FrameType.KEY else self.segments
                self.segments.append(rows)
            case FrameType.STATE:
                self.states = [] if frame.flags & 1 else self.states
                changes = [arrays[name].tolist() for name in ("tick", "place", "state")]
                self.states += list(zip(*changes, strict=True))
            case FrameType.KPI:
                self.kpis.append(frame)
            case FrameType.EVENT:
                self.events += frame.events

    def _turn(self, frame: Frame) -> None:
        self.epoch = frame.stamp.epoch
        self.segments, self.states = [], []
        self.kpis = [kpi for kpi in self.kpis if kpi.tick <= frame.tick]
        self.events = [event for event in self.events if event["tick"] <= frame.tick]

    def shown(self, wall: float) -> int:
        """The tick to show at a wall time [s]."""
        tick, since, rate = self.map
        return int(tick) + round(rate * max(0.0, wall - since) * 1e6)

    def poses(self, tick: int, layout: Layout) -> Poses:
        rows = np.concatenate([np.zeros(0, SEGMENT), *self.segments])
        return poses_from(current(rows, tick), layout, tick)

    def state_of(self, tick: int) -> dict[int, int]:
        """State of each place at a tick."""
        return {place: state for since, place, state in self.states if since <= tick}

    def kpi(self, tick: int) -> Frame:
        """The figures to show at a tick."""
        return max((kpi for kpi in self.kpis if kpi.tick <= tick), key=lambda kpi: kpi.tick)
