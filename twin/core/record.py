"""What the engine writes down while it runs, if a journal asks for it: events and state changes.

The log is a column store of bounded size: the simulation empties it into the journal whenever it
fills, so that nothing is lost and nothing grows without bound.
"""

import numpy as np

from twin.core.compiled import compilable
from twin.core.world import World

__all__ = ["ATTACHED", "DETACHED", "EVENT", "FAILED", "FINISHED", "MADE", "MOVE", "PASSED"]
__all__ += ["REPAIRED", "RESET", "SCRAPPED", "STATE", "note"]

# code: what happened; place: to whom; part: serial number or 0; value, by code:
#     STATE      the new state
#     MOVE       row of the place that the part came from
#     MADE       the part's product; place is its source
#     FINISHED   serial number of the part that it was attached to, or 0
#     SCRAPPED   the same
#     ATTACHED   serial number of the part that it travels with from now on
#     DETACHED   serial number of the part that it traveled with
#     FAILED     row of the failure mode; place is the one that has failed
#     REPAIRED   the same
#     RESET      0; place is -1: statistics count from here on
#     PASSED     the part's product; place is the gate or sensor that it has come by
EVENT = np.dtype(
    [("tick", "i8"), ("part", "i8"), ("code", "i4"), ("place", "i4"), ("value", "i8")], align=True
)
STATE, MOVE, MADE, FINISHED, SCRAPPED, ATTACHED, DETACHED, FAILED, REPAIRED = range(9)
RESET, PASSED = 9, 10


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
