"""One cycle of a station: when each robot may take each of its steps.

Robots begin together. They wait for signals that others set, and for zones that others are in. When
several wait for a zone, the first in the order of the station gets it. The simulation is by events
in whole ticks, so its result is exact and always the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

__all__ = ["Deadlock", "Step", "begin_steps"]

NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that takes a robot a known time, once it may begin."""

    ticks: int
    zones: tuple[str, ...] = ()  # to enter before it begins
    signal: str = ""  # that must be set before it begins
    sets: tuple[tuple[int, str], ...] = ()  # ticks after its beginning, and signal
    leaves: tuple[tuple[int, str], ...] = ()  # ticks after its beginning, and zone
    where: str = ""  # what people call it: a target


@dataclass(slots=True)
class _Robot:
    steps: Sequence[Step]
    begun: list[int] = field(default_factory=list[int])  # when each step so far began

    @property
    def next(self) -> Step:
        return self.steps[len(self.begun)]


@dataclass(frozen=True, slots=True)
class Wait:
    """A robot that waits in vain: where, and for whom because of what."""

    robot: int
    where: str
    signal: str  # that nobody sets; empty: it waits for a zone
    zone: str
    held_by: int  # robot; -1 for a signal


class Deadlock(Exception):  # noqa: N818  # caught at once and told as a SceneError
    """Robots wait for each other."""

    def __init__(self, waits: Sequence[Wait]) -> None:
        super().__init__()
        self.waits = tuple(waits)


def begin_steps(robots: Sequence[Sequence[Step]]) -> list[list[int]]:
    """Find when every step of every robot begins [ticks].

    Args:
        robots: Steps of each, in the order of the station.

    Raises:
        Deadlock: some never can begin.
    """
    cycle = _Cycle([_Robot(steps) for steps in robots])
    cycle.run()
    return [robot.begun for robot in cycle.robots]


class _Cycle:
    def __init__(self, robots: Sequence[_Robot]) -> None:
        self.robots = robots
        self._signals: set[str] = set()
        self._owner: dict[str, int] = {}  # of each zone that a robot is in
        self._agenda: list[tuple[int, int, str, str]] = []  # tick, robot, what, name

    def run(self) -> None:
        ready = {row for row, robot in enumerate(self.robots) if robot.steps}
        now = 0
        while ready or self._agenda:
            for row in iter(lambda: next(self._able(ready), NOBODY), NOBODY):  # noqa: B023
                ready.discard(row)
                self._begin(row, now)
            if not self._agenda:
                break
            now = self._agenda[0][0]
            while self._agenda and self._agenda[0][0] == now:
                ready |= self._happen(*heappop(self._agenda)[1:])
        if ready:
            raise Deadlock([self._wait(row) for row in sorted(ready)])

    def _able(self, ready: set[int]) -> Iterator[int]:
        """Rows of robots that can go on, in the order of the station."""
        for row in sorted(ready):
            step = self.robots[row].next
            free = all(self._owner.get(zone, row) == row for zone in step.zones)
            if free and (not step.signal or step.signal in self._signals):
                yield row

    def _begin(self, row: int, now: int) -> None:
        step = self.robots[row].next
        self.robots[row].begun.append(now)
        self._owner |= dict.fromkeys(step.zones, row)
        for after, signal in step.sets:
            heappush(self._agenda, (now + after, row, "1 sets", signal))
        for after, zone in step.leaves:
            heappush(self._agenda, (now + after, row, "2 leaves", zone))
        heappush(self._agenda, (now + step.ticks, row, "3 ends", ""))

    def _happen(self, row: int, what: str, name: str) -> set[int]:
        """Let something happen; returns the robot that is ready for its next step then."""
        if what == "1 sets":
            self._signals.add(name)
        elif what == "2 leaves":
            self._owner.pop(name, None)
        elif len(self.robots[row].begun) < len(self.robots[row].steps):
            return {row}
        return set()

    def _wait(self, row: int) -> Wait:
        step = self.robots[row].next
        if step.signal and step.signal not in self._signals:
            return Wait(row, step.where, step.signal, "", -1)
        zone = next(zone for zone in step.zones if self._owner.get(zone, row) != row)
        return Wait(row, step.where, "", zone, self._owner[zone])
