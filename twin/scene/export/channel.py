"""Time samples of one attribute, gathered piece by piece in time codes, without knowing USD.

Players blend between neighbouring samples. So where a value jumps, the old one gets a sample one
tick before, and nothing is seen to fly; where a value rests, no samples are needed in between.
"""

from collections.abc import ItemsView

import numpy as np
from numpy.typing import NDArray

from twin.scene.export.keys import Curve
from twin.units import TICKS_PER_SECOND

__all__ = ["Channel", "Clock", "Steps"]

Array = NDArray[np.float64]

SAME = 1e-9  # [m], or of a quaternion: closer values are one value


class Clock:
    """Turns ticks and seconds into time codes."""

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self.tick = fps / TICKS_PER_SECOND

    def code(self, tick: float) -> float:
        """The time code of a tick; the nearest number to the exact one."""
        return tick * self.fps / TICKS_PER_SECOND


class Channel:
    """Samples of a position or an orientation, in rising time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: list[Array] = []
        self._values: list[Array] = []

    def place(self, curve: Curve, tick: float) -> None:
        """Show a curve from a tick on, its first key then; whatever was before ends there."""
        code = self._clock.code(tick)
        codes = code + (curve.time - curve.time[0]) * self._clock.fps
        values = curve.value
        if self._codes:
            last = self._values[-1][-1]
            if len(last) == 4 and float(last @ values[0]) < 0:
                values = -values  # the same turns, on the side where the last one was
            if np.abs(last - values[0]).max() > SAME:
                self._rest_until(code - self._clock.tick)
            elif len(values) == 1:
                return
            elif self._codes[-1][-1] >= code:
                codes, values = codes[1:], values[1:]
        self._codes.append(codes)
        self._values.append(values)

    def _rest_until(self, code: float) -> None:
        """Give the last value a sample at this code, and none after it."""
        codes, value = self._codes[-1], self._values[-1][-1:]
        if codes[-1] > code:  # ended this very tick: end one tick earlier
            self._codes[-1] = np.minimum(codes, code)
        elif codes[-1] < code:
            self._codes.append(np.array([code]))
            self._values.append(value)

    def samples(self) -> tuple[Array, Array]:
        """Time codes [n] and values [n, d], without those that say nothing new."""
        codes, values = np.concatenate(self._codes), np.concatenate(self._values)
        codes, first = np.unique(codes[::-1], return_index=True)  # the later of two at one code
        values = values[::-1][first]
        changes = np.any(values[1:] != values[:-1], axis=1)
        needed = np.append(True, changes) | np.append(changes, True)
        needed[-1:] &= np.append(True, changes)[-1:]  # the last value holds by itself
        return codes[needed], values[needed]


class Steps:
    """Samples of something that does not blend, such as a name: each holds until the next."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at: dict[int, str | int] = {}

    def put(self, value: str | int, tick: int) -> None:
        """Let it have a value from a tick on, no earlier than those before."""
        self._at.pop(tick, None)
        if value != next(reversed(self._at.values()), None):
            self._at[tick] = value

    def where(self, value: str | int, yes: str, no: str) -> "Steps":
        """Steps between two words: one while these have a value, the other while they have not."""
        other = Steps(self._clock)
        for tick, each in self._at.items():
            other.put(yes if each == value else no, tick)
        return other

    def items(self) -> ItemsView[int, str | int]:
        """Ticks and values."""
        return self._at.items()

    def samples(self) -> tuple[list[float], list[str | int]]:
        """Time codes and values."""
        return [self._clock.code(tick) for tick in self._at], list(self._at.values())
