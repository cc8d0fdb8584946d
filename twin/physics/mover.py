"""What moves, for clearances: where its solids are at any tick, and how far they can have gone.

The odometer of a mover never runs slower than any of its points: between two ticks no point goes
farther than the odometer advances. That is all that a guarantee along continuous motion needs.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from twin.motion import Arm

__all__ = ["Mover", "Posed", "Still", "swept_box"]

Array = NDArray[np.float64]
Ticks = NDArray[np.int64]

SAMPLES = 512  # of a swept box


class Mover(Protocol):
    """Some solids that move together or stand still."""

    @property
    def solids(self) -> NDArray[np.int64]:
        """Rows in `Solids`, shape [k]."""
        ...

    @property
    def reaches(self) -> Array:
        """How far each solid's corners are from its origin [m], shape [k]."""
        ...

    def frames(self, ticks: Ticks) -> Array:
        """Frames of the solids in the world at ticks [n], shape [n, k, 4, 4]."""
        ...

    def odometer(self, ticks: Ticks) -> Array:
        """How far any point of it can have gone at ticks [n] [m], shape [n]; it never falls."""
        ...


def swept_box(mover: Mover, since: int, until: int) -> Array:
    """A box around all that a mover reaches from tick to tick, shape [2, 3] [m].

    Between samples no point goes farther from the nearer one than half the odometer's advance.
    """
    ticks = np.unique(np.linspace(since, until, SAMPLES).astype(np.int64))
    if not np.ptp(mover.odometer(ticks)):
        ticks = ticks[:1]
    origins, reaches = mover.frames(ticks)[:, :, :3, 3], mover.reaches[:, None]
    slack = float(np.diff(mover.odometer(ticks)).max(initial=0.0)) / 2
    low = (origins - reaches).min(axis=(0, 1)) - slack
    high = (origins + reaches).max(axis=(0, 1)) + slack
    return np.stack([low, high])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Still:
    """Solids that stand where they are."""

    solids: NDArray[np.int64]
    reaches: Array
    placed: Array  # frames in the world, shape [k, 4, 4]

    def frames(self, ticks: Ticks) -> Array:
        """As placed, shape [n, k, 4, 4]."""
        return np.broadcast_to(self.placed, (len(ticks), *self.placed.shape))

    def odometer(self, ticks: Ticks) -> Array:
        """It goes nowhere."""
        return np.zeros(len(ticks))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posed:
    """An arm in a pose of its own at every tick 0, 1, ...: to look at poses, not at motion."""

    arm: Arm
    joints: Array  # [rad], shape [n, J]
    base: Array  # in the world, shape [4, 4] or [n, 4, 4]
    solids: NDArray[np.int64]  # shape [k]
    links: NDArray[np.int64]  # the link that each is on, 0 for the base, shape [k]
    reaches: Array

    def frames(self, ticks: Ticks) -> Array:
        """Frames of the links that its solids are on, shape [n, k, 4, 4]."""
        base = self.base if self.base.ndim == 2 else self.base[ticks]
        return self.arm.link_frames(self.joints[ticks], base)[:, self.links]

    def odometer(self, ticks: Ticks) -> Array:
        """Nothing goes from pose to pose."""
        return np.zeros(len(ticks))
