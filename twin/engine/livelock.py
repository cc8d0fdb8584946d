"""Livelock: parts that go round in a circle of places without time passing."""

from twin.core.heap import place_of
from twin.core.record import EVENT, MOVE
from twin.core.world import World, table
from twin.engine.kernel import GO_ON, run
from twin.engine.transfer import BURST_LIMIT, settle

__all__ = ["loop_without_time"]

WATCHED = 200  # further moves that are looked at


def loop_without_time(world: World) -> list[int]:
    """The places that hand parts on and on in a run that has come to a livelock.

    The run goes on for some moves in a copy of its world, interpreted, and writes them down.
    """
    copy = World(*(column.copy() for column in world))
    copy = copy._replace(event=table(8 * WATCHED, EVENT), segment=table(0, copy.segment.dtype))
    clock = copy.clock[0]
    clock.burst = BURST_LIMIT - WATCHED
    clock.motion, clock.recording, clock.event_count = 0, 1, 0
    clock.most_events = len(copy.event)
    settle(copy)  # the run broke off in the middle of it
    run(copy, int(clock.now), GO_ON, 0, 0)
    rows = copy.event[: clock.event_count]
    movers = rows["place"][rows["code"] == MOVE].tolist()
    return _circle(movers) or [place_of(world.heap[0].what)]


def _circle(places: list[int]) -> list[int]:
    """The shortest stretch that a list ends with twice."""
    for length in range(1, len(places) // 2 + 1):
        if places[-length:] == places[-2 * length : -length]:
            return places[-length:]
    return sorted(set(places))
