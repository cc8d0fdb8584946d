"""What the engine writes down while it runs, if a journal asks for it: events and state changes.

The log is a column store of bounded size: the simulation empties it into the journal whenever it
fills, so that nothing is lost and nothing grows without bound.
"""

import numpy as np

from twin.core.compiled import compilable
from twin.core.world import World

__all__ = ["EVENT", "MOVE", "STATE", "note"]

# code: what happened; place: to whom; part: serial number or 0; value: state, or former place
EVENT = np.dtype(
    [("tick", "i8"), ("part", "i8"), ("code", "i4"), ("place", "i4"), ("value", "i8")], align=True
)
STATE, MOVE = range(2)


@compilable
def note(world: World, code: int, place: int, part: int, value: int) -> None:
    """Append one event to the log, if the run is recorded."""
    clock = world.clock[0]
    if clock.recording == 0:
        return
    n = clock.event_count
    if n == len(world.event):
        clock.lost += 1
        return
    row = world.event[n]
    row.tick = clock.now
    row.part = part
    row.code = code
    row.place = place
    row.value = value
    clock.event_count = n + 1
