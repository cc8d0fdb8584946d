"""Equipment for SimPy, as its users write it: a Resource for the seats, a process for every part.

A part asks the next place for a seat, gives its own back when it has one, and lets `work` pass
there: that is blocking after service. Times are in seconds. Nothing is accounted but what has
left, which is less than the engine does that this is compared with.
"""

from collections import Counter
from collections.abc import Generator, Mapping
from typing import Any

import simpy

from tests.bench.simpy_time import ALWAYS, Shifts

__all__ = ["Belt", "Exit", "Part", "Queue", "Seats", "Steps", "Takers", "Track"]

Steps = Generator[simpy.Event, Any, Any]
Takers = list[tuple["Exit", int]]  # places, and the rank of the giver at each


class Part:
    """A product, the parts that are built into it, and the base that it was taken off."""

    __slots__ = ("attached", "origin", "product")

    def __init__(self, product: str) -> None:
        self.product = product
        self.attached: list[Part] = []
        self.origin: Part | None = None


class Exit:
    """Where parts leave the plant, at once."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.finished: Counter[str] = Counter()
        self.takers: Takers = []

    def link(self, takers: Mapping[str, tuple["Exit", int]]) -> None:
        """Set where parts go from here: places, and this one's rank there, by path."""
        self.takers = list(takers.values())

    def is_open(self) -> bool:
        """Whether a part that comes now need not wait."""
        return True

    def claim(self, part: Part, rank: int) -> simpy.Event | None:  # noqa: ARG002
        """Ask for a seat; None: there is no need to."""
        return None

    def keeps(self, part: Part) -> bool:
        """Whether the way of a part as a part of its own ends here, and count it."""
        self.finished[part.product] += 1
        return True


class Seats(Exit):
    """A number of seats; givers are served by rank, and within a rank in order."""

    def __init__(
        self,
        env: simpy.Environment,
        capacity: int,
        shifts: Shifts = ALWAYS,
        *,
        ranked: bool = False,
    ) -> None:
        super().__init__(env)
        self.shifts, self.ranked = shifts, ranked
        kind = simpy.PriorityResource if ranked else simpy.Resource
        self.seats = kind(env, capacity)
        if ranked and shifts is not ALWAYS:
            env.process(self._keep_shifts())

    def is_open(self) -> bool:
        now = self.env.now
        return self.seats.count < self.seats.capacity and self.shifts.after(now, 0.0) == now

    def claim(self, part: Part, rank: int) -> simpy.Event | None:  # noqa: ARG002
        return self.seats.request(priority=rank) if self.ranked else self.seats.request()

    def keeps(self, part: Part) -> bool:  # noqa: ARG002
        return False

    def admit(self) -> Steps:
        """Wait until the part that has a seat may come in."""
        yield from self._until_work(0.0)

    def work(self, part: Part) -> Steps:  # noqa: ARG002
        """Let the time pass until the part may leave."""
        return
        yield

    def exits(self, part: Part) -> Takers:  # noqa: ARG002
        """Where a part may go from here."""
        return self.takers

    def leave(self, seat: Any) -> None:
        """Give a seat back."""
        self.seats.release(seat)

    def _keep_shifts(self) -> Steps:
        """Hold all seats off shift, so that those who wait are served by rank at its end."""
        for begin, end in self.shifts.pauses():
            yield self.env.timeout(begin - self.env.now)
            held = [self.seats.request(priority=-1) for _ in range(self.seats.capacity)]
            yield self.env.timeout(end - self.env.now)
            for seat in held:
                self.seats.release(seat) if seat.triggered else seat.cancel()

    def _until_work(self, work: float) -> Steps:
        """Let working time pass."""
        now = self.env.now
        due = self.shifts.after(now, work)
        if due > now:
            yield self.env.timeout(due - now)


class Queue(Seats):
    """A buffer: one part after another stands at its exit."""

    def __init__(
        self,
        env: simpy.Environment,
        capacity: int,
        shifts: Shifts = ALWAYS,
        *,
        ranked: bool = False,
    ) -> None:
        super().__init__(env, capacity, shifts, ranked=ranked)
        self.head = simpy.Resource(env, 1)

    def work(self, part: Part) -> Steps:  # noqa: ARG002
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
        self,
        env: simpy.Environment,
        capacity: int,
        times: tuple[float, float],
        shifts: Shifts = ALWAYS,
        *,
        ranked: bool = False,
    ) -> None:
        super().__init__(env, capacity, shifts, ranked=ranked)
        self.transit, self.headway = times
        self.entry_free = self.follow = -1.0

    def is_open(self) -> bool:
        return super().is_open() and self.env.now >= self.entry_free

    def admit(self) -> Steps:
        """Wait until the entry is free."""
        now = self.env.now
        due = max(self.shifts.after(now, 0.0), self.entry_free)
        if due > now:
            yield self.env.timeout(due - now)
        self.entry_free = self.shifts.after(due, self.headway)

    def work(self, part: Part) -> Steps:
        """Run to the exit, behind the part ahead."""
        due = self.shifts.after(self.env.now, self.transit)
        yield from super().work(part)
        due = max(due, self.follow)
        if due > self.env.now:
            yield self.env.timeout(due - self.env.now)

    def leave(self, seat: Any) -> None:
        self.follow = self.shifts.after(self.env.now, self.headway)
        super().leave(seat)


class Belt(Seats):
    """A conveyor that does not accumulate: it stands while its first part waits at the exit."""

    def __init__(
        self,
        env: simpy.Environment,
        capacity: int,
        times: tuple[float, float],
        shifts: Shifts = ALWAYS,
        *,
        ranked: bool = False,
    ) -> None:
        if shifts is not ALWAYS:
            raise NotImplementedError("this model has no belt that keeps shifts")
        super().__init__(env, capacity, ranked=ranked)
        self.transit, self.headway = times
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

    def work(self, part: Part) -> Steps:  # noqa: ARG002
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
