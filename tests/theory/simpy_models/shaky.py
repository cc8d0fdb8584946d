"""A station that goes down: at the bell of its shift, or in one of several failures."""

from collections.abc import Sequence
from itertools import pairwise

import simpy

from tests.theory.simpy_models.gap import Gap, Steps

__all__ = ["Shaky", "calendar", "several_failures"]


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


def several_failures(
    services: Sequence[int],
    lives: Sequence[Sequence[int]],
    repairs: Sequence[Sequence[int]],
    *,
    clock: str,
    until: int,
) -> list[int]:
    """When parts leave a saturated station with several modes of failure, each with its lives.

    "operating": every life is used up by the station's work, so that one mode fails at a time.
    "calendar": always, but not in the mode's own repair; modes may overlap.
    """
    env = simpy.Environment()
    station = Shaky(env)
    left: list[int] = []

    def mode(number: int) -> Steps:
        for life, repair in zip(lives[number], repairs[number], strict=True):
            if clock == "operating":
                yield from station.work(life)
            else:
                yield env.timeout(life)
            station.set_down(1)
            yield env.timeout(repair)
            station.set_down(-1)

    def work() -> Steps:
        for service in services:
            yield from station.be_up()
            yield from station.work(service)
            left.append(env.now)

    for number in range(len(lives)):
        env.process(mode(number))
    env.process(work())
    env.run(until=until + 1)
    return left


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
