"""Equipment for SimPy, as its users write it: a Resource for the seats, a process for every part.

A part asks the next place for a seat, gives its own back when it has one, and lets `work` pass
there: that is blocking after service. Times are in seconds. Nothing is accounted but what has
left, which is less than the engine does that this is compared with.
"""

from collections.abc import Generator
from typing import Any

import simpy

__all__ = ["Belt", "Exit", "Queue", "Seats", "Steps", "Track"]

Steps = Generator[simpy.Event, Any, Any]


class Exit:
    """Where parts leave the plant, at once."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.finished = 0

    def is_open(self) -> bool:
        return True


class Seats(Exit):
    """A number of seats; givers are served by rank, and within a rank in order."""

    def __init__(self, env: simpy.Environment, capacity: int) -> None:
        super().__init__(env)
        self.seats = simpy.PriorityResource(env, capacity)

    def is_open(self) -> bool:
        """Whether a part that comes now need not wait."""
        return self.seats.count < self.seats.capacity

    def admit(self) -> Steps:
        """Wait until the part that has a seat may come in."""
        return
        yield

    def work(self, part: int) -> Steps:
        """Let the time pass until the part may leave."""
        raise NotImplementedError

    def leave(self, seat: Any) -> None:
        """Give a seat back."""
        self.seats.release(seat)


class Queue(Seats):
    """A buffer: one part after another stands at its exit."""

    def __init__(self, env: simpy.Environment, capacity: int) -> None:
        super().__init__(env, capacity)
        self.head = simpy.Resource(env, 1)

    def work(self, part: int) -> Steps:  # noqa: ARG002
        """Become the first."""
        claim = self.head.request()
        yield claim
        self.first = claim

    def leave(self, seat: Any) -> None:
        self.head.release(self.first)
        super().leave(seat)


class Track(Queue):
    """An accumulating conveyor: parts run freely, close up, and follow at their spacing."""

    def __init__(
        self, env: simpy.Environment, capacity: int, transit: float, headway: float
    ) -> None:
        super().__init__(env, capacity)
        self.transit, self.headway = transit, headway
        self.entry_free = self.head_left = -1e12

    def is_open(self) -> bool:
        return super().is_open() and self.env.now >= self.entry_free

    def admit(self) -> Steps:
        """Wait until the entry is free."""
        while self.env.now < self.entry_free:
            yield self.env.timeout(self.entry_free - self.env.now)
        self.entry_free = self.env.now + self.headway

    def work(self, part: int) -> Steps:
        """Run to the exit, behind the part ahead."""
        due = self.env.now + self.transit
        yield from super().work(part)
        due = max(due, self.head_left + self.headway)
        if due > self.env.now:
            yield self.env.timeout(due - self.env.now)

    def leave(self, seat: Any) -> None:
        self.head_left = self.env.now
        super().leave(seat)


class Belt(Seats):
    """A conveyor that does not accumulate: it stands while its first part waits at the exit."""

    def __init__(
        self, env: simpy.Environment, capacity: int, transit: float, headway: float
    ) -> None:
        super().__init__(env, capacity)
        self.transit, self.headway = transit, headway
        self.entry_free = -1e12  # by the belt's own clock, which stops with it
        self.stood = 0.0
        self.stands_since: float | None = None
        self.moves = env.event()

    @property
    def clock(self) -> float:
        """How long the belt has run."""
        return (self.env.now if self.stands_since is None else self.stands_since) - self.stood

    def is_open(self) -> bool:
        return super().is_open() and self._has_reached(self.entry_free)

    def admit(self) -> Steps:
        """Wait until the entry is free and the belt runs."""
        while not self._has_reached(self.entry_free):
            yield from self._until(self.entry_free)
        self.entry_free = self.clock + self.headway

    def work(self, part: int) -> Steps:  # noqa: ARG002
        """Run to the exit; from then on the belt stands until the part has left."""
        yield from self._until(self.clock + self.transit)
        self.stands_since = self.env.now

    def leave(self, seat: Any) -> None:
        assert self.stands_since is not None
        self.stood += self.env.now - self.stands_since
        self.stands_since = None
        moves, self.moves = self.moves, self.env.event()
        moves.succeed()
        super().leave(seat)

    def _has_reached(self, clock: float) -> bool:
        """Whether the belt runs and its clock is there, to a nanosecond."""
        return self.stands_since is None and self.clock >= clock - 1e-9

    def _until(self, clock: float) -> Steps:
        while not self._has_reached(clock):
            if self.stands_since is not None:
                yield self.moves
            else:
                yield self.env.timeout(clock - self.clock)
