"""Where a stream of parts divides by a rule."""

from collections.abc import Sequence

import simpy

from tests.theory.simpy_models.gap import Gap, Steps, saturated

__all__ = ["router"]


class Router:
    """Holds one part, and sends it to a branch of a buffer (or none) and a station."""

    def __init__(self, env: simpy.Environment, buffers: Sequence[int]) -> None:
        self.env = env
        self.entry = Gap(env, 0)
        self.gaps = [Gap(env, places) for places in buffers]
        self.out: list[list[int]] = [[] for _ in buffers]
        self.sent = [0] * len(buffers)
        self.room = env.event()

    def route(self, rule: str, chosen: Sequence[int], parts: int) -> Steps:
        """Send so many parts."""
        for k in range(parts):
            yield self.entry.get()
            if rule == "turn":
                branch = k % len(self.gaps)
            elif rule == "given":
                branch = chosen[k]
            else:
                while (branch := self._best(rule)) < 0:
                    yield self.room
            self.sent[branch] += 1
            yield self.gaps[branch].put()

    def _best(self, rule: str) -> int:
        """The branch with room that is the first or has fewest parts; -1 if all are full."""
        free = [branch for branch, gap in enumerate(self.gaps) if gap.has_room]
        if rule == "shortest":
            free.sort(key=lambda branch: self.sent[branch] - len(self.out[branch]))
        return free[0] if free else -1

    def serve(self, branch: int, services: Sequence[int]) -> Steps:
        """The station of a branch."""
        for service in services:
            get = self.gaps[branch].get()
            self.room.succeed()
            self.room = self.env.event()
            yield get
            yield self.env.timeout(service)
            self.out[branch].append(self.env.now)


def router(
    head: Sequence[int],
    branches: Sequence[Sequence[int]],
    buffers: Sequence[int],
    *,
    rule: str = "first",
    chosen: Sequence[int] = (),
) -> tuple[list[int], list[list[int]]]:
    """A saturated station, a router that holds one part, and branches of a buffer and a station.

    `rule`: "first" branch with room; "shortest": fewest parts in buffer and station, of those with
    room; "turn": one after the other; "given": `chosen[k]` for part k. The last two wait for their
    branch. Returns when parts leave the head, and each branch.
    """
    env = simpy.Environment()
    place = Router(env, buffers)
    left: list[int] = []
    for branch, services in enumerate(branches):
        env.process(place.serve(branch, services))
    env.process(place.route(rule, chosen, len(head)))
    env.process(saturated(env, list(head), place.entry, left))
    env.run()
    return left, place.out
