"""Things taken apart one after another, and racks whose cranes fetch before they store."""

from collections.abc import Sequence

import simpy

from tests.theory.simpy_models.gap import Gap, Steps, finish, saturated

__all__ = ["rack", "taken_apart"]


def taken_apart(
    services: Sequence[int], base: Sequence[int], part: Sequence[int]
) -> tuple[list[int], list[int], list[int]]:
    """A saturated station that takes one part off each base, and a station behind each exit.

    The part leaves first, then the base. Returns when bases leave it, and what leaves both ends.
    """
    env = simpy.Environment()
    to_base, to_part = Gap(env, 0), Gap(env, 0)
    left: list[int] = []
    bases: list[int] = []
    parts: list[int] = []

    def disassemble() -> Steps:
        for service in services:
            yield env.timeout(service)
            yield to_part.put()
            yield to_base.put()
            left.append(env.now)

    env.process(disassemble())
    env.process(finish(env, list(base), to_base, bases))
    env.process(finish(env, list(part), to_part, parts))
    env.run()
    return left, bases, parts


class _Rack:
    """Slots, cranes and stands at the exit, one stand per crane."""

    def __init__(self, env: simpy.Environment, cycles: Sequence[int], cranes: int) -> None:
        self.env = env
        self.entry, self.exit = Gap(env, 0), Gap(env, 0)
        self.exit.choose = lambda waiting: waiting.index(min(waiting))  # the oldest leaves first
        self.cycles = cycles
        self.free = list(range(len(cycles)))  # the slots, nearest first
        self.stored: list[tuple[int, int]] = []  # number of coming, slot
        self.cranes = self.stands = cranes
        self.came = 0
        self.get: simpy.Event | None = None  # a crane waits for the next part

    def dispatch(self) -> None:
        """Send cranes: for the oldest part, if there is a stand for it, else for one that comes."""
        while self.cranes and self.stands and self.stored:
            self.stored.sort()
            number, slot = self.stored.pop(0)
            self.cranes -= 1
            self.stands -= 1
            self.env.process(self.fetch(number, slot))
        if self.get is None and self.cranes and self.free:
            self.get = self.entry.get()
            self.get.callbacks.append(self.come)
        elif self.get is not None and not self.cranes and not self.get.triggered:
            self.entry.give_up(self.get)
            self.get = None

    def come(self, _: simpy.Event) -> None:
        """A part has come in for a crane."""
        self.get = None
        self.cranes -= 1
        self.env.process(self.store(self.came, self.free.pop(0)))
        self.came += 1
        self.dispatch()

    def store(self, number: int, slot: int) -> Steps:
        """Bring a part into a slot."""
        yield self.env.timeout(self.cycles[slot])
        self.cranes += 1
        self.stored.append((number, slot))
        self.dispatch()

    def fetch(self, number: int, slot: int) -> Steps:
        """Bring a part to a stand, where it waits for room; its slot is free when it has left."""
        yield self.env.timeout(self.cycles[slot])
        self.cranes += 1
        leaves = self.exit.put(number)
        if not leaves.triggered:  # downstream first: a part that leaves at once frees its slot
            self.dispatch()
        yield leaves
        self.stands += 1
        self.free = sorted([*self.free, slot])
        self.dispatch()


def rack(
    head: Sequence[int], end: Sequence[int], cycles: Sequence[int], *, cranes: int
) -> tuple[list[int], list[int]]:
    """A saturated station, a rack with so long a cycle of its cranes for each slot, a station.

    A crane takes in a part when it has nothing to fetch. Returns when parts leave both stations.
    """
    env = simpy.Environment()
    store = _Rack(env, cycles, cranes)
    left: list[int] = []
    out: list[int] = []
    env.process(saturated(env, list(head), store.entry, left))
    env.process(finish(env, list(end), store.exit, out))
    store.dispatch()
    env.run()
    return left, out
