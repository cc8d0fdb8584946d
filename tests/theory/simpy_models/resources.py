"""Workers and repair crews: few, asked for by many, higher priority first, then first come."""

from collections.abc import Sequence

import simpy

from tests.theory.simpy_models.gap import Gap, Steps

__all__ = ["Waiting", "repairs", "worked"]


LAST = 9  # SimPy's own events have 0 and 1


class Waiting:
    """People of one kind, and the requests for them; a request gets all its people at once.

    The first request in line is served as soon as enough people are free; those behind it wait
    until then, even if fewer would do for them. Requests of one tick are judged together, when all
    else has happened in it.
    """

    def __init__(self, env: simpy.Environment, size: int) -> None:
        self.env = env
        self.free = size
        self.line: list[tuple[int, int, int, simpy.Event]] = []
        self.asked = 0

    def request(self, count: int = 1, priority: int = 0) -> simpy.Event:
        """An event that happens when so many people have come."""
        event = self.env.event()
        self.asked += 1
        self.line.append((-priority, self.asked, count, event))
        self.line.sort(key=lambda row: row[:2])
        self._serve_later()
        return event

    def release(self, count: int = 1) -> None:
        """So many people are free again."""
        self.free += count
        self._serve_later()

    def _serve_later(self) -> None:
        end_of_tick = self.env.event()
        end_of_tick._ok, end_of_tick._value = True, None
        end_of_tick.callbacks = [self._serve]
        self.env.schedule(end_of_tick, priority=LAST)

    def _serve(self, _: simpy.Event) -> None:
        while self.line and self.line[0][2] <= self.free:
            _, _, count, event = self.line.pop(0)
            self.free -= count
            event.succeed()


def worked(
    services: Sequence[Sequence[int]],
    buffers: Sequence[int],
    size: int,
    *,
    counts: Sequence[int] | None = None,
    priorities: Sequence[int] | None = None,
) -> list[list[int]]:
    """When parts leave each station of a saturated line whose work needs people of one pool.

    People are asked for when a part is there, and are free when its work is done, before the part
    leaves.
    """
    env = simpy.Environment()
    pool = Waiting(env, size)
    gaps = [Gap(env, places) for places in buffers]
    left: list[list[int]] = [[] for _ in services]
    needs = counts or [1] * len(services)
    ranks = priorities or [0] * len(services)

    def station(i: int) -> Steps:
        for service in services[i]:
            if i:
                yield gaps[i - 1].get()
            yield pool.request(needs[i], ranks[i])
            yield env.timeout(service)
            pool.release(needs[i])
            if i < len(gaps):
                yield gaps[i].put()
            left[i].append(env.now)

    for i in range(len(services)):
        env.process(station(i))
    env.run()
    return left


def repairs(
    lives: Sequence[Sequence[int]],
    work: Sequence[Sequence[int]],
    crews: int,
    priorities: Sequence[int] | None = None,
) -> list[list[tuple[int, int, int]]]:
    """When each machine failed, when a crew came, and when it was repaired.

    `lives` run from the last repair on, `work` is how long repairs take.
    """
    env = simpy.Environment()
    pool = Waiting(env, crews)
    told: list[list[tuple[int, int, int]]] = [[] for _ in lives]
    ranks = priorities or [0] * len(lives)

    def machine(i: int) -> Steps:
        for life, repair in zip(lives[i], work[i], strict=True):
            yield env.timeout(life)
            failed = env.now
            yield pool.request(1, ranks[i])
            begun = env.now
            yield env.timeout(repair)
            pool.release()
            told[i].append((failed, begun, env.now))

    for i in range(len(lives)):
        env.process(machine(i))
    env.run()
    return told
