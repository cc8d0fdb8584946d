"""Where streams of parts come together, and where things are put together and taken apart."""

from collections.abc import Sequence

import simpy

from tests.theory.simpy_models.gap import Gap, Steps, finish, saturated

__all__ = ["assembler", "disassembler", "merge"]


def merge(
    feeds: Sequence[Sequence[int]],
    services: Sequence[int],
    places: int,
    *,
    rule: str = "longest",
    sequence: Sequence[int] = (),
) -> tuple[list[list[int]], list[int]]:
    """Saturated stations that give to one buffer (or none) and station.

    `rule`: who has waited "longest"; the "first" feed in order; by "turn" from the one after the
    last; or strictly in a "sequence" of feeds, repeated. Returns when parts leave each feed, and
    the end.
    """
    env = simpy.Environment()
    gap = Gap(env, places)
    left: list[list[int]] = [[] for _ in feeds]
    out: list[int] = []
    last = [-1]  # number of parts taken in a sequence, or the feed that came last

    def choose(waiting: list[int]) -> int:
        if rule == "longest":
            return 0
        if rule == "first":
            return waiting.index(min(waiting))
        if rule == "turn":
            last[0] = min(waiting, key=lambda feed: (feed - last[0] - 1) % len(feeds))
            return waiting.index(last[0])
        due = sequence[(last[0] + 1) % len(sequence)]
        if due not in waiting:
            return -1
        last[0] += 1
        return waiting.index(due)

    gap.choose = choose

    def feed(number: int) -> Steps:
        for service in feeds[number]:
            yield env.timeout(service)
            yield gap.put(number)
            left[number].append(env.now)

    for number in range(len(feeds)):
        env.process(feed(number))
    env.process(finish(env, list(services), gap, out))
    env.run()
    return left, out


def assembler(
    feeds: Sequence[Sequence[int]],
    services: Sequence[int],
    buffers: Sequence[int],
    counts: Sequence[int] | None = None,
) -> tuple[list[list[int]], list[int]]:
    """Saturated stations, each with a buffer (or none), and one that needs parts of each.

    It takes each part as it comes, `counts` of each feed, and begins with the last. Returns when
    parts leave each feed, and when sets leave the assembler.
    """
    env = simpy.Environment()
    gaps = [Gap(env, places) for places in buffers]
    left: list[list[int]] = [[] for _ in feeds]
    out: list[int] = []
    needs = counts or [1] * len(feeds)

    def collect(gap: Gap, count: int) -> Steps:
        for _ in range(count):
            yield gap.get()

    def assemble() -> Steps:
        for service in services:
            pairs = zip(gaps, needs, strict=True)
            yield env.all_of([env.process(collect(gap, count)) for gap, count in pairs])
            yield env.timeout(service)
            out.append(env.now)

    for times, gap, ticks in zip(feeds, gaps, left, strict=True):
        env.process(saturated(env, list(times), gap, ticks))
    env.process(assemble())
    env.run()
    return left, out


def disassembler(
    services: Sequence[int], exits: Sequence[Sequence[int]], buffers: Sequence[int]
) -> tuple[list[int], list[list[int]]]:
    """A saturated station that takes things apart: one part for each exit, buffer and station.

    Each part leaves as soon as its exit has room; the next work begins when all have left. Returns
    when the last one has left, and when parts leave each exit's station.
    """
    env = simpy.Environment()
    gaps = [Gap(env, places) for places in buffers]
    left: list[int] = []
    out: list[list[int]] = [[] for _ in exits]

    def disassemble() -> Steps:
        for service in services:
            yield env.timeout(service)
            yield env.all_of([gap.put() for gap in gaps])
            left.append(env.now)

    env.process(disassemble())
    for times, gap, ticks in zip(exits, gaps, out, strict=True):
        env.process(finish(env, list(times), gap, ticks))
    env.run()
    return left, out
