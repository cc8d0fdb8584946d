"""How simulated time follows the wall clock: an affine map, set anew when someone changes it.

Knows nothing of the simulation but how far it has come: where that is not far enough, time is set
back to it and runs slower for a while.
"""

from math import inf

from twin.errors import CommandError
from twin.units import TICKS_PER_SECOND

__all__ = ["FASTEST", "LEAD", "SPEEDS", "Pace"]

LEAD = 0.25  # s of wall time that the simulation is ahead of what is shown
SPEEDS = (0.01, 1000.0)  # and FASTEST
FASTEST = inf  # as fast as the simulation can: then what is reached is what is shown
MARGIN = 0.7  # share of the speed that the simulation can sustain when it could not keep up
RECOVERY = 2.0  # s of wall time after which a lowered rate is raised again
RAISE = 1.5


class Pace:
    """The map from the server's clock to ticks; `rate` is 0 while paused."""

    def __init__(self, wall: float, *, speed: float = 1.0, playing: bool = True) -> None:
        """Start at tick 0.

        Raises:
            CommandError: the speed is out of range.
        """
        self.speed = _checked(speed)
        self.playing = playing
        self.wall = wall
        self.tick = 0
        self.rate = self._chosen()

    @property
    def is_fastest(self) -> bool:
        """Whether time runs as fast as it can."""
        return self.playing and self.speed == FASTEST

    def shown(self, wall: float) -> int:
        """The tick that is shown at a wall time [s]."""
        if self.is_fastest:
            return self.tick
        return self.tick + round(self.rate * max(0.0, wall - self.wall) * TICKS_PER_SECOND)

    def goal(self, wall: float) -> int:
        """The tick that the simulation should have reached at a wall time [s]."""
        return self.shown(wall) + round(self.rate * LEAD * TICKS_PER_SECOND)

    def play(self, wall: float, *, playing: bool) -> None:
        """Go on, or pause."""
        tick = self.shown(wall)
        self.playing = playing
        self._turn(wall, tick, self._chosen())

    def set_speed(self, wall: float, speed: float) -> None:
        """Show `speed` simulated seconds per second from now on.

        Raises:
            CommandError: the speed is out of range.
        """
        tick = self.shown(wall)
        self.speed = _checked(speed)
        self._turn(wall, tick, self._chosen())

    def jump(self, wall: float, tick: int) -> None:
        """Show another time from now on."""
        self._turn(wall, tick, self.rate)

    def reach(self, wall: float, tick: int) -> None:
        """At the fastest speed: show what is reached; the rate is how fast that went."""
        spent = max(wall - self.wall, 1e-3)
        self._turn(wall, tick, max(tick - self.tick, 0) / TICKS_PER_SECOND / spent)

    def keep_up(self, wall: float, reached: int, capacity: float) -> bool:
        """Adapt to how far the simulation has come; true if the map has changed.

        Args:
            wall: now [s].
            reached: tick that the simulation has reached.
            capacity: simulated seconds per second that it managed, if it did all it could.
        """
        shown = self.shown(wall)
        if self.rate > 0 and shown > reached:
            slower = max(MARGIN * capacity, SPEEDS[0])
            self._turn(wall, reached, min(self.rate, slower))
            return True
        ahead = (reached - shown) / TICKS_PER_SECOND  # less than the lead: time has gone on
        ready = ahead >= self.rate * LEAD / 2 and wall - self.wall >= RECOVERY
        if 0 < self.rate < self.speed and ready:
            self._turn(wall, shown, min(RAISE * self.rate, self.speed))
            return True
        return False

    def _chosen(self) -> float:
        """The rate to begin with; as fast as possible begins with the fastest of the others."""
        return min(self.speed, SPEEDS[1]) if self.playing else 0.0

    def _turn(self, wall: float, tick: int, rate: float) -> None:
        self.wall, self.tick, self.rate = wall, tick, rate


def _checked(speed: float) -> float:
    slowest, fastest = SPEEDS
    if not slowest <= speed <= fastest and speed != FASTEST:
        raise CommandError(f"speed must be >= {slowest:g} and <= {fastest:g}, got {speed:g}")
    return float(speed)
