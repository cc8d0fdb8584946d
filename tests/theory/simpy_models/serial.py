"""Lines of stations with one server or several, told from the parts' side."""

from collections.abc import Sequence

import simpy

from tests.theory.simpy_models.gap import Steps

__all__ = ["line"]


def line(
    services: Sequence[Sequence[int]],
    buffers: Sequence[int],
    *,
    servers: Sequence[int] | None = None,
    arrivals: Sequence[int] | None = None,
) -> list[list[int]]:
    """When parts leave each station; stations of several servers, blocking after service.

    Told from the parts' side: each holds a place while it asks for the next one. `buffers[i]`
    places lie behind station i; `arrivals` are when parts come and wait outside, all at 0 if
    missing. One list per station, in the order of leaving.
    """
    env = simpy.Environment()
    counts = servers or [1] * len(services)
    stations = [simpy.Resource(env, count) for count in counts]
    gaps = [simpy.Resource(env, places) if places else None for places in [*buffers, 0]]
    draws = [iter(each) for each in services]
    left: list[list[int]] = [[] for _ in services]

    def part(arrival: int) -> Steps:
        yield env.timeout(arrival)
        held: list[tuple[simpy.Resource, simpy.resources.resource.Request]] = []

        def move_to(place: simpy.Resource) -> Steps:
            request = place.request()
            yield request
            for old, ticket in held:
                old.release(ticket)
            held[:] = [(place, request)]

        for i, station in enumerate(stations):
            yield from move_to(station)
            if i and gaps[i - 1] is None:
                left[i - 1].append(env.now)
            service = next(draws[i], None)
            if service is None:
                return
            yield env.timeout(service)
            gap = gaps[i]
            if gap is not None:
                yield from move_to(gap)
                left[i].append(env.now)
        left[-1].append(env.now)
        held[0][0].release(held[0][1])

    for arrival in arrivals or [0] * len(services[0]):
        env.process(part(arrival))
    env.run()
    return left
