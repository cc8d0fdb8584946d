"""The seam between the engine and a cell: events that go in, and how far a part jumps going out."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twin.engine.command import Command
from twin.engine.poses import Poses
from twin.engine.simulation import Recorder
from twin.motion.frame import compose, invert

__all__ = ["HandOver", "Tap"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A part that the engine has taken from a cell."""

    tick: int
    serial: int
    distance: float  # between its last pose as a body and the engine's [m]; nan: out of sight
    turn: float  # between them [rad]

    @classmethod
    def of(cls, poses: Poses, serial: int, last: tuple[Array, Array]) -> Self:
        """Compare a part's last pose as a body with the engine's."""
        rows = np.flatnonzero(poses.serial == serial)
        distance = turn = float("nan")
        if len(rows):
            distance = float(np.linalg.norm(poses.xyz[rows[0]] - last[0]))
            w = abs(float(compose(invert(poses.wxyz[rows[0]]), last[1])[0]))
            turn = 2 * float(np.arccos(min(1.0, w)))
        return cls(tick=poses.tick, serial=serial, distance=distance, turn=turn)


class Tap:
    """A recorder that keeps events for a cell, and passes all on to another."""

    def __init__(self, onward: Recorder | None) -> None:
        self._onward = onward
        self._events: list[Any] = []

    def record(self, events: Any, segments: Any) -> None:
        """Keep events until they are taken."""
        self._events.extend(events.copy())
        if self._onward is not None:
            self._onward.record(events, segments)

    def command(self, command: Command) -> None:
        """Pass a command on."""
        if self._onward is not None:
            self._onward.command(command)

    def take(self) -> list[Any]:
        """The events since the last time."""
        taken, self._events = self._events, []
        return taken

    def clear(self) -> None:
        """Forget what was kept."""
        self._events = []
