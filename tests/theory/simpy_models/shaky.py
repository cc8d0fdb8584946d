"""Stations that go down: with failures on both clocks, and with shifts."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise, repeat

import simpy

from tests.theory.simpy_models.gap import Gap, Steps

__all__ = ["calendar", "failing_line"]

Clocks = tuple[Iterator[int], Iterator[int]]  # lives, repairs


class Shaky:
    """A station that goes down: it takes no part then, and its work goes on where it stopped."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.down = 0
        self.change = env.event()

    def set_down(self, by: int) -> None:
        """One reason more (1) or fewer (-1) to be down."""
        self.down += by
        self.change.succeed()
        self.change = self.env.event()

    def weather(self, lives: Iterator[int], repairs: Iterator[int]) -> Steps:
        """Fail after a life, be up after a repair, for ever."""
        for life in lives:
            yield self.env.timeout(life)
            self.set_down(1)
            yield self.env.timeout(next(repairs, 0))
            self.set_down(-1)

    def be_up(self) -> Steps:
        """Wait until it is up."""
        while self.down:
            yield self.change

    def take(self, gap: Gap) -> Steps:
        """Take a part while up."""
        while True:
            yield from self.be_up()
            get = gap.get()
            yield get | self.change
            if get.triggered:
                return
            gap.give_up(get)

    def work(self, left: int) -> Steps:
        """Work for so many ticks of being up."""
        while left > 0:
            yield from self.be_up()
            begun = self.env.now
            yield self.env.timeout(left) | self.change
            left -= self.env.now - begun


class FailingLine:
    """Stations with gaps between them; each has its list of services, lives and repairs."""

    def __init__(self, env: simpy.Environment, buffers: Sequence[int]) -> None:
        self.env = env
        self.gaps = [Gap(env, places) for places in buffers]
        self.left: list[list[int]] = [[] for _ in range(len(buffers) + 1)]

    def operating(self, i: int, services: Sequence[int], clocks: Clocks) -> Steps:
        """A station whose life is used up by work only."""
        lives, repairs = clocks
        yet = next(lives)
        for service in services:
            if i:
                yield self.gaps[i - 1].get()
            rest = service
            while yet < rest:
                yield self.env.timeout(yet)
                rest -= yet
                yield self.env.timeout(next(repairs))
                yet = next(lives)
            yield self.env.timeout(rest)
            yet -= rest
            yield from self._give(i)

    def calendar(self, i: int, services: Sequence[int], clocks: Clocks) -> Steps:
        """A station whose life passes always, but not in repair."""
        station = Shaky(self.env)
        self.env.process(station.weather(*clocks))
        for service in services:
            if i:
                yield from station.take(self.gaps[i - 1])
            yield from station.be_up()
            yield from station.work(service)
            yield from self._give(i)

    def _give(self, i: int) -> Steps:
        if i < len(self.gaps):
            yield self.gaps[i].put()
        self.left[i].append(self.env.now)


def failing_line(
    services: Sequence[Sequence[int]],
    buffers: Sequence[int],
    lives: Sequence[Sequence[int]],
    repairs: Sequence[Sequence[int]],
    *,
    clock: str,
    until: int,
) -> list[list[int]]:
    """When parts leave each station of a saturated line that fails on a clock.

    "operating": lives are used up by work only. "calendar": always, but not in repair; a station
    that is down takes no part, but one that is done may leave it. Where lives end, a station fails
    no more. Runs through tick `until`.
    """
    env = simpy.Environment()
    line = FailingLine(env, buffers)
    for i, times in enumerate(services):
        clocks = chain(lives[i], repeat(2 * until + 1)), iter(repairs[i])
        station = line.calendar if clock == "calendar" else line.operating
        env.process(station(i, times, clocks))
    env.run(until=until + 1)
    return line.left


def calendar(
    services: Sequence[int],
    shifts: Sequence[tuple[int, int]],
    period: int,
    *,
    at_bell: str,
    until: int,
) -> list[int]:
    """When parts leave a saturated station that is manned in shifts [begin, end) of each period.

    At the bell work stops, and goes on in the next shift ("stop"), or the part at work is
    finished ("finish"); no part is begun outside the shifts.
    """
    env = simpy.Environment()
    station = Shaky(env)
    left: list[int] = []

    def bells() -> Steps:
        station.set_down(1)
        times = [
            n * period + t for n in range(until // period + 1) for pair in shifts for t in pair
        ]
        for number, (before, at) in enumerate(pairwise([0, *times])):
            yield env.timeout(at - before)
            station.set_down(-1 if number % 2 == 0 else 1)

    def work() -> Steps:
        for service in services:
            yield from station.be_up()
            if at_bell == "finish":
                yield env.timeout(service)
            else:
                yield from station.work(service)
            left.append(env.now)

    env.process(bells())
    env.process(work())
    env.run(until=until + 1)
    return left
