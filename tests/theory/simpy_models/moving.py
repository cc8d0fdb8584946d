"""Things that carry: pallets in a loop, transfer devices, shuttles, paced lines, cranes."""

from collections.abc import Mapping, Sequence

import simpy

from tests.theory.simpy_models.gap import Gap, Steps, finish, saturated
from tests.theory.simpy_models.resources import Waiting

__all__ = ["closed_loop", "mover", "paced_line", "shuttle", "warehouse"]


def closed_loop(
    services: Sequence[Sequence[int]], buffers: Sequence[int], held: Sequence[int], until: int
) -> list[list[int]]:
    """When pallets leave each station of a ring; `buffers[i]` places lie in front of station i.

    `held[i]` of them are taken at the start. Runs through tick `until`, or until it is stuck.
    """
    env = simpy.Environment()
    gaps = [Gap(env, places, count) for places, count in zip(buffers, held, strict=True)]
    left: list[list[int]] = [[] for _ in services]

    def station(i: int) -> Steps:
        for service in services[i]:
            yield gaps[i].get()
            yield env.timeout(service)
            yield gaps[(i + 1) % len(gaps)].put()
            left[i].append(env.now)

    for i in range(len(services)):
        env.process(station(i))
    env.run(until=until + 1)
    return left


def mover(
    head: Sequence[int],
    exits: Sequence[Sequence[int]],
    chosen: Sequence[int],
    move: Sequence[int],
    back: int,
) -> tuple[list[int], list[list[int]]]:
    """A saturated station, a turntable (or lift, or cross-transfer), and stations at its exits.

    The device takes a part in its home position, moves to the exit `chosen[k]` in `move[exit]`,
    gives the part when the station there is free, and moves home empty in `back`. Returns when
    parts leave the head, and the stations.
    """
    env = simpy.Environment()
    entry = Gap(env, 0)
    gaps = [Gap(env, 0) for _ in exits]
    left: list[int] = []
    out: list[list[int]] = [[] for _ in exits]

    def device() -> Steps:
        for exit_ in chosen:
            yield entry.get()
            yield env.timeout(move[exit_])
            yield gaps[exit_].put()
            yield env.timeout(back)

    env.process(saturated(env, list(head), entry, left))
    env.process(device())
    for times, gap, ticks in zip(exits, gaps, out, strict=True):
        env.process(finish(env, list(times), gap, ticks))
    env.run()
    return left, out


def shuttle(services: Sequence[Sequence[int]], index: int) -> tuple[list[int], list[int]]:
    """When a shuttle line starts to move, and when it stands again, for every cycle.

    `services[p]` are the times at position p, one per part that comes there. A part comes onto
    position 0 at tick 0, and one more with every move; in a move each part goes one position
    further, and the one at the last position leaves. All move together, once all are done.
    """
    env = simpy.Environment()
    draws = [iter(each) for each in services]
    begun: list[int] = []
    ended: list[int] = []

    def cycle() -> Steps:
        occupied = 1
        while True:
            times = [next(draw, None) for draw in draws[:occupied]]
            if None in times:
                return
            yield env.all_of([env.timeout(time) for time in times if time is not None])
            begun.append(env.now)
            yield env.timeout(index)
            ended.append(env.now)
            occupied = min(occupied + 1, len(services))

    env.process(cycle())
    env.run()
    return begun, ended


def paced_line(
    calls: Sequence[Mapping[int, tuple[int, int]]], cycle: int, *, fixed_position: bool
) -> list[int]:
    """When each pitch of a paced line is over.

    `calls[k]` maps stations to (ticks of running into pitch k, ticks that help takes). The line
    stops at once for each call, one help after the other if they come together; or, with a
    `fixed_position`, runs on to the end of the pitch and stands there until all help is done.
    """
    env = simpy.Environment()
    over: list[int] = []

    def helped(offset: int, duration: int) -> Steps:
        yield env.timeout(offset)
        yield env.timeout(duration)

    def run() -> Steps:
        for pitch in calls:
            if fixed_position:
                helps = [env.process(helped(*call)) for call in pitch.values()]
                yield env.timeout(cycle) & env.all_of(helps)
            else:
                ran = 0
                for offset, duration in sorted(pitch.values()):
                    yield env.timeout(offset - ran)
                    ran = offset
                    yield env.timeout(duration)
                yield env.timeout(cycle - ran)
            over.append(env.now)

    env.process(run())
    env.run()
    return over


def warehouse(
    arrivals: Sequence[int],
    requests: Sequence[int],
    *,
    capacity: int,
    cranes: int,
    store: int,
    fetch: int,
    back: int = 0,
) -> tuple[list[int], list[int]]:
    """When parts are in their places, and when they come out, of a store served by cranes.

    A part that has come waits for a place and then for a crane, which brings it in within `store`;
    a request waits for the oldest part that is in its place and is not asked for, and then for a
    crane, which brings it out within `fetch`. A crane goes home in `back` after either. Jobs are
    served first come, first served; a place is free when its part is out.
    """
    env = simpy.Environment()
    crew = Waiting(env, cranes)
    places = Waiting(env, capacity)
    inside = simpy.Store(env)
    stored: list[int] = []
    out: list[int] = []

    def home() -> Steps:
        yield env.timeout(back)
        crew.release()

    def bring_in(at: int) -> Steps:
        yield env.timeout(at)
        yield places.request()
        yield crew.request()
        yield env.timeout(store)
        stored.append(env.now)
        inside.put(env.now)
        env.process(home())

    def bring_out(at: int) -> Steps:
        yield env.timeout(at)
        yield inside.get()
        yield crew.request()
        yield env.timeout(fetch)
        out.append(env.now)
        places.release()
        env.process(home())

    for at in arrivals:
        env.process(bring_in(at))
    for at in requests:
        env.process(bring_out(at))
    env.run()
    return stored, out
