"""Statistics from now on: at the end of a warm-up all counts begin again; nothing else changes.

What a kind counts besides is in its COUNTERS; the simulation clears that.
"""

from twin.core.compiled import compilable_apart
from twin.core.parts import count_parts
from twin.core.record import RESET, note
from twin.core.state import BLOCKED, STARVED
from twin.core.world import NONE, World

__all__ = ["reset"]


@compilable_apart
def reset(world: World) -> None:
    """Count times, parts and failures from now on."""
    clock = world.clock[0]
    count_parts(world)
    clock.part_ticks = 0
    clock.began = clock.now
    note(world, RESET, NONE, 0, 0)
    for i in range(len(world.place)):
        place = world.place[i]
        for state in range(len(place.times)):
            place.times[state] = 0
        waits = place.state in (STARVED, BLOCKED)
        place.active_periods = 0 if waits else 1
        place.since = clock.now
        place.waiting_since = clock.now
        place.passed = 0
        place.failures = 0
    for row in range(len(world.product)):
        tally = world.product[row]
        tally.created = 0
        tally.finished = 0
        tally.built_in = 0
        tally.scrapped = 0
        tally.late = 0
        tally.lead_ticks = 0
        tally.longest_lead = 0
        tally.seen = 0
