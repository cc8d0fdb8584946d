"""The states a place can be in: exclusive, complete, and timed so that they sum to the run."""

from twin.core.compiled import compilable
from twin.core.record import STATE, note
from twin.core.world import World, row, widened

__all__ = [
    "BLOCKED",
    "DOWN",
    "OFF_SHIFT",
    "SETUP",
    "STARVED",
    "STATES",
    "WAITING_OPERATOR",
    "WAITING_PART",
    "WORKING",
    "close_states",
    "enter_state",
]

STATES = (
    "working",
    "starved",
    "blocked",
    "down",
    "setup",
    "waiting operator",
    "waiting part",
    "off shift",
)
WORKING, STARVED, BLOCKED, DOWN, SETUP, WAITING_OPERATOR, WAITING_PART, OFF_SHIFT = range(8)


@compilable
def enter_state(world: World, i: int, state: int) -> None:
    """Put place `i` into a state from now on; its time in the old one is added up.

    An active period is a stretch without waiting for others: neither starved nor blocked. A wait
    that ends in the tick in which it began, as between two parts that follow at once, is none.
    """
    place = world.place[i]
    old = row(widened(place.state))
    if old == state:
        return
    now = world.clock[0].now
    place.times[old] += now - place.since
    waits = _waits(state)
    if waits != _waits(old):
        if waits:
            place.waiting_since = now
        elif place.waiting_since < now or place.active_periods == 0:
            place.active_periods += 1
    place.state = state
    place.since = now
    note(world, STATE, i, 0, state)


@compilable
def _waits(state: int) -> bool:
    return STARVED <= state <= BLOCKED


@compilable
def close_states(world: World) -> None:
    """Add the time since the last change to every place, so that times sum to the clock."""
    now = world.clock[0].now
    for i in range(len(world.place)):
        place = world.place[i]
        place.times[place.state] += now - place.since
        place.since = now
