"""What lies between stations: places for parts, none or more, and those who wait on either side."""

from collections import deque
from collections.abc import Callable, Generator
from typing import Any

import simpy

__all__ = ["Gap", "Steps", "finish", "saturated"]

Steps = Generator[simpy.Event, Any, None]


class Gap:
    """A first-in-first-out buffer that may have no place: then a part goes from hand to hand.

    SimPy's own Store needs a capacity of at least one.
    """

    def __init__(self, env: simpy.Environment, places: int, held: int = 0) -> None:
        self.env = env
        self.places = places
        self.parts: deque[Any] = deque([None] * held)
        self.givers: list[tuple[simpy.Event, Any]] = []
        self.takers: list[simpy.Event] = []
        self.choose: Callable[[list[Any]], int] = lambda _: 0  # which giver's part comes next

    def put(self, part: Any = None) -> simpy.Event:
        """An event that happens when the part has left its giver."""
        event = self.env.event()
        self.givers.append((event, part))
        self._match()
        return event

    def get(self) -> simpy.Event:
        """An event that happens, with the part, when the taker has it."""
        event = self.env.event()
        self.takers.append(event)
        self._match()
        return event

    def give_up(self, get: simpy.Event) -> None:
        """The taker no longer wants a part."""
        self.takers.remove(get)

    @property
    def has_room(self) -> bool:
        """Whether a part that is put now leaves its giver at once."""
        return len(self.parts) < self.places or len(self.takers) > len(self.parts)

    def _match(self) -> None:
        """Serve takers, then let parts come in, as long as either is possible."""
        while True:
            if self.takers and self.parts:
                self.takers.pop(0).succeed(self.parts.popleft())
            elif self.givers and (self.takers or len(self.parts) < self.places):
                chosen = self.choose([part for _, part in self.givers])
                if chosen < 0:
                    return
                event, part = self.givers.pop(chosen)
                self.parts.append(part)
                if self.takers:  # who acts before the giver does
                    self.takers.pop(0).succeed(self.parts.popleft())
                event.succeed()
            else:
                return


def saturated(env: simpy.Environment, services: list[int], gap: Gap, left: list[int]) -> Steps:
    """A station that always has a part; notes when each has left it."""
    for service in services:
        yield env.timeout(service)
        yield gap.put(len(left))
        left.append(env.now)


def finish(env: simpy.Environment, services: list[int], gap: Gap, left: list[int]) -> Steps:
    """A station from which parts leave the plant."""
    for service in services:
        yield gap.get()
        yield env.timeout(service)
        left.append(env.now)
