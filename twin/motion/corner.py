"""Corners and lines of a blended way: how fast a robot turns from one line into the next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.motion.arm import Arm

__all__ = ["STOP", "Corner", "Line", "corner_in", "line_between"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corner:
    """A turn from one line's velocity to the next one's."""

    before: float  # speed along the line that comes in [lines/s]
    after: float  # speed along the line that goes out [lines/s]
    duration: float  # [s]; 0 at a waypoint where the robot stops
    rise: float  # jerk-phase time [s]

    def slowed(self, share: float) -> "Corner":
        """The same corner in space at a share of its speed."""
        if share >= 1:
            return self
        return Corner(
            before=self.before * share,
            after=self.after * share,
            duration=self.duration / share,
            rise=self.rise / share,
        )


STOP = Corner(before=0.0, after=0.0, duration=0.0, rise=0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """A straight line between waypoints, without the zones at its ends."""

    way: Array  # from waypoint to waypoint [rad], shape [J]
    length: float  # share of it outside zones
    speed: float  # limits along it [lines/s]
    acceleration: float
    jerk: float

    def ramp(self, change: float) -> tuple[float, float]:
        """Shortest time to change speed, and its jerk-phase time [s]."""
        a, j = self.acceleration, self.jerk
        if change * j >= a * a:
            return change / a + a / j, a / j
        return 2 * float(np.sqrt(change / j)), float(np.sqrt(change / j))

    def distance(self, one: float, other: float) -> float:
        """How much of the line a change of speed takes."""
        return (one + other) / 2 * self.ramp(abs(other - one))[0]


def line_between(arm: Arm, way: Array, length: float) -> Line:
    """The line along a way [J] of which a share `length` is outside zones."""
    speed, acceleration, jerk = (
        _least(limit, way) for limit in (arm.speed, arm.acceleration, arm.jerk)
    )
    return Line(way=way, length=length, speed=speed, acceleration=acceleration, jerk=jerk)


def _least(limit: Array, way: Array) -> float:
    """The largest factor of a way in joint space that no joint's limit forbids."""
    size = np.abs(way)
    return float(np.min(limit[size > 0] / size[size > 0], initial=np.inf))


def corner_in(arm: Arm, way_in: Array, way_out: Array, zone: Array) -> Corner:
    """The fastest turn in a zone.

    It takes b seconds; with v = 2 zone way / b on either side, the velocity changes by 2 / b times
    the difference d of the two vectors zone way. Within limits a and j per unit of d that takes
    b = (2 / b) / a + a / j, or b = 2 sqrt((2 / b) / j) where a is not reached.
    """
    into, out = way_in * zone[0], way_out * zone[1]
    if not (into.any() and out.any()):
        return STOP
    turn = out - into
    a, j = _least(arm.acceleration, turn), _least(arm.jerk, turn)
    slowest = max(2 / _least(arm.speed, into), 2 / _least(arm.speed, out))
    rise, duration = slowest / 4, slowest  # straight on: no acceleration at all
    if turn.any():
        rise = a / j
        duration = rise / 2 + float(np.sqrt(rise * rise / 4 + 2 / a))
        if 2 * rise > duration:
            duration = 2 / float(np.cbrt(j))
            rise = duration / 2
    stretch = max(1.0, slowest / duration)
    duration, rise = duration * stretch, rise * stretch
    before, after = 2 * float(zone[0]) / duration, 2 * float(zone[1]) / duration
    return Corner(before=before, after=after, duration=duration, rise=rise)
