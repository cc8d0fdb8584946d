"""Lines whose stations fail, on either clock, and wait for a crew."""

from collections.abc import Iterator, Sequence
from itertools import chain, repeat

import simpy

from tests.theory.simpy_models.gap import Gap, Steps
from tests.theory.simpy_models.resources import Waiting
from tests.theory.simpy_models.shaky import Shaky

__all__ = ["failing_line"]

Clocks = tuple[Iterator[int], Iterator[int]]  # lives, repairs


class FailingLine:
    """Stations with gaps between them; each has its list of services, lives and repairs."""

    def __init__(self, env: simpy.Environment, buffers: Sequence[int], crew: Waiting) -> None:
        self.env = env
        self.crew = crew
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
                yield from self._mend(next(repairs))
                yet = next(lives)
            yield self.env.timeout(rest)
            yet -= rest
            yield from self._give(i)

    def calendar(self, i: int, services: Sequence[int], clocks: Clocks) -> Steps:
        """A station whose life passes always, but not while it is down."""
        station = Shaky(self.env)
        self.env.process(self._weather(station, clocks))
        for service in services:
            if i:
                yield from station.take(self.gaps[i - 1])
            yield from station.be_up()
            yield from station.work(service)
            yield from self._give(i)

    def _weather(self, station: Shaky, clocks: Clocks) -> Steps:
        lives, repairs = clocks
        for life in lives:
            yield self.env.timeout(life)
            station.set_down(1)
            yield from self._mend(next(repairs, 0))
            station.set_down(-1)

    def _mend(self, repair: int) -> Steps:
        yield self.crew.request()
        yield self.env.timeout(repair)
        self.crew.release()

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
    crews: int | None = None,
) -> list[list[int]]:
    """When parts leave each station of a saturated line that fails on a clock.

    "operating": lives are used up by work only. "calendar": always, but not while down; a station
    that is down takes no part, but one that is done may leave it. Where lives end, a station fails
    no more. Of so many `crews` each repairs one station at a time, first come, first served; None:
    there are enough. Runs through tick `until`.
    """
    env = simpy.Environment()
    line = FailingLine(env, buffers, Waiting(env, crews or len(services)))
    for i, times in enumerate(services):
        clocks = chain(lives[i], repeat(2 * until + 1)), iter(repairs[i])
        station = line.calendar if clock == "calendar" else line.operating
        env.process(station(i, times, clocks))
    env.run(until=until + 1)
    return line.left
