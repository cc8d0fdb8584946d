"""The event heap: a binary heap of (tick, sequence), in one record array.

An event names a place and one of its timers. Cancelling a timer raises its version, and an event of
an older version is passed over when its time comes.
"""

import numpy as np

from twin.core.compiled import compilable
from twin.core.world import World

__all__ = ["BELL", "FAIL", "FINISH", "NEXT", "PENDING", "REPAIR"]
__all__ += ["cancel", "pop", "schedule", "widened"]

PENDING = np.dtype(
    [("tick", "i8"), ("sequence", "i8"), ("place", "u4"), ("timer", "u2"), ("version", "u2")]
)

FINISH, NEXT, FAIL, REPAIR, BELL = range(5)  # timers of a place


@compilable
def schedule(world: World, i: int, timer: int, tick: int) -> None:
    """Let a timer of place `i` go off at a tick, after all that is already due then."""
    clock = world.clock[0]
    heap = world.heap
    child = clock.pending
    while child > 0:
        parent = (child - 1) >> 1
        if heap[parent].tick <= tick:
            break
        heap[child] = heap[parent]
        child = parent
    event = heap[child]
    event.tick = tick
    event.sequence = clock.sequence
    event.place = i
    event.timer = timer
    event.version = world.place[i].version[timer]
    clock.pending += 1
    clock.sequence += 1


@compilable
def cancel(world: World, i: int, timer: int) -> None:
    """Make every pending event of this timer stale."""
    version = world.place[i].version
    version[timer] = (version[timer] + 1) & 0x7FFF


@compilable
def pop(world: World) -> None:
    """Remove the earliest event, which is in row 0."""
    clock = world.clock[0]
    heap = world.heap
    clock.pending -= 1
    count = clock.pending
    if count == 0:
        return
    tick = heap[count].tick
    sequence = heap[count].sequence
    hole = 0
    child = 1
    while child < count:
        if child + 1 < count and _before(heap, child + 1, child):
            child += 1
        below = heap[child]
        if tick < below.tick or (tick == below.tick and sequence < below.sequence):
            break
        heap[hole] = heap[child]
        hole = child
        child = 2 * hole + 1
    heap[hole] = heap[count]


@compilable
def _before(heap: object, a: int, b: int) -> bool:
    return heap[a].tick < heap[b].tick or (  # type: ignore[index]
        heap[a].tick == heap[b].tick and heap[a].sequence < heap[b].sequence  # type: ignore[index]
    )


@compilable
def widened(value: int) -> int:
    """A narrow column's value as int64: numba compiles its users once for every type."""
    return int(np.int64(value))
