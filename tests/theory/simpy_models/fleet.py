"""Vehicles on a one-way ring of waypoints, from one dock to another."""

from collections.abc import Mapping, Sequence

import simpy

from tests.theory.simpy_models.gap import Steps

__all__ = ["ring"]


def ring(
    homes: Mapping[int, int], lanes: Sequence[int], unload: int, handling: int, until: int
) -> list[int]:
    """When vehicles set loads down that are always there at waypoint 0, for the one at `unload`.

    From each of the `homes` a lane of so many ticks leads to the waypoint of that number; nobody
    comes back to them. A vehicle holds its waypoint until it comes to the next, which it must have
    before it sets off; lane k begins at waypoint k, and takes `lanes[k]` ticks. `handling` is the
    time to load, and to unload. Runs through `until`.
    """
    env = simpy.Environment()
    knots = [simpy.Resource(env) for _ in lanes]
    down: list[int] = []

    def vehicle(at: int) -> Steps:
        ticket = knots[at].request()
        yield ticket
        yield env.timeout(homes[at])
        loaded = False
        while True:
            if at == (unload if loaded else 0):
                yield env.timeout(handling)
                if loaded:
                    down.append(env.now)
                loaded = not loaded
            ahead = (at + 1) % len(lanes)
            following = knots[ahead].request()
            yield following
            yield env.timeout(lanes[at])
            knots[at].release(ticket)
            at, ticket = ahead, following

    for at in homes:
        env.process(vehicle(at))
    env.run(until=until + 1)
    return down
