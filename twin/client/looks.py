"""A stream of poses, for those who ask for poses instead of segments: each look replaces the last.

Parts come with POSE frames, robots' joints with JOINT frames of the same tick.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.client.wire import Frame, FrameType
from twin.engine.layout import Layout
from twin.engine.poses import Poses

__all__ = ["Looks"]

Arrays = dict[str, NDArray[Any]]


@dataclass(slots=True)
class _Look:
    tick: int
    parts: Arrays = field(default_factory=dict[str, NDArray[Any]])
    robots: Arrays = field(default_factory=dict[str, NDArray[Any]])


class Looks:
    """The looks of the last while, and those that come, by rising tick."""

    def __init__(self) -> None:
        self._looks: list[_Look] = []

    def __len__(self) -> int:
        return len(self._looks)

    def take(self, frame: Frame) -> None:
        """Take a POSE or JOINT frame."""
        last = self._looks[-1] if self._looks else None
        if last is None or last.tick != frame.tick:
            self._looks = [each for each in self._looks if each.tick < frame.tick]
            last = _Look(frame.tick)
            self._looks.append(last)
        if frame.kind is FrameType.POSE:
            last.parts = frame.arrays
        else:
            last.robots = frame.arrays

    def at(self, tick: int, layout: Layout) -> Poses:
        """The last look at or before a tick, or the first; with its own tick."""
        past = sum(each.tick <= tick for each in self._looks)
        look = self._looks[max(0, past - 1)]
        first = layout.first_program
        joints = layout.programs.joints(first, np.zeros(len(first)))
        if look.robots:
            rows = look.robots["robot"]
            axes = np.arange(len(rows)) - np.searchsorted(rows, rows)
            joints[rows, axes] = look.robots["joint"]
        parts = look.parts
        return Poses(
            tick=look.tick,
            serial=parts["part"],
            look=parts["look"],
            xyz=parts["xyz"].reshape(-1, 3).astype(np.float64),
            wxyz=parts["wxyz"].reshape(-1, 4).astype(np.float64),
            joints=joints,
            layout=layout,
        )

    def forget(self, tick: int) -> None:
        """Drop what no longer matters at a tick."""
        past = sum(each.tick <= tick for each in self._looks)
        self._looks = self._looks[max(0, past - 1) :]
