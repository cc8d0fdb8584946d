"""What is now: a few wide record arrays, one row per thing, and nothing else.

Integers are int64 throughout, as numba compiles a function once for each integer type it meets.
A `World` is made only by its plant. It copies, compares, saves and hashes as bytes; handlers change
its rows in place. Rows read alike in both executions: `world.place[i].state`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from twin.core.compiled import compilable

__all__ = ["CLOCK", "LINK", "NONE", "PART", "PLACE_COLUMNS", "PRODUCT", "PURPOSES", "ROBOT"]
__all__ += ["World", "row", "table"]

NONE = -1  # no row

STATE_COUNT = 8
PURPOSES = ("process", "failure", "repair")
PURPOSE_COUNT = len(PURPOSES)
TIMER_COUNT = 4

CLOCK = np.dtype(
    [
        ("now", "i8"),  # ticks since the run's start
        ("sequence", "i8"),  # number of the next event; breaks ties in time
        ("pending", "i8"),  # events in the heap
        ("arranged", "i8"),  # of these in order; the others were scheduled since
        ("hole", "i8"),  # 1 if the event in row 0 was taken
        ("processed", "i8"),  # events handled so far
        ("burst", "i8"),  # events handled at this same tick
        ("agenda", "i8"),  # place on top of the agenda, or NONE
        ("free_part", "i8"),  # first free row of `part`, or NONE
        ("free_parts", "i8"),
        ("created", "i8"),  # parts made so far; also the last serial number
        ("finished", "i8"),
        ("part_ticks", "i8"),  # integral of work in process over time, up to `counted`
        ("counted", "i8"),
        ("motion", "i8"),  # 1 if segments are emitted
        ("recording", "i8"),  # 1 if events and segments are logged
        ("event_count", "i8"),
        ("segment_count", "i8"),
        ("most_pending", "i8"),  # above these a table must grow, or be emptied
        ("most_events", "i8"),
        ("most_segments", "i8"),
        ("lost", "i8"),  # rows that found no room in a log; always 0, or the run ends
    ]
)

# Columns that every place has; kinds add their own.
PLACE_COLUMNS: list[tuple[Any, ...]] = [
    ("kind", "i8"),
    ("state", "i8"),
    ("since", "i8"),
    ("times", "i8", (STATE_COUNT,)),  # ticks spent in each state until `since`
    ("active_periods", "i8"),
    ("waiting_since", "i8"),  # tick at which its last wait began
    ("passed", "i8"),  # parts that have left
    ("key", "u8", (PURPOSE_COUNT,)),  # random streams by purpose
    ("draws", "u8", (PURPOSE_COUNT,)),
    ("version", "i8", (TIMER_COUNT,)),  # a pending event of an older version is stale
    ("agenda", "i8"),  # next place on the agenda
    ("on_agenda", "i8"),
    ("first_in", "i8"),  # links
    ("first_out", "i8"),
    ("offer", "i8"),  # part ready to leave, or NONE
    ("first", "i8"),  # parts held, oldest first
    ("last", "i8"),
    ("count", "i8"),
    ("capacity", "i8"),
    ("product", "i8"),  # first row of `product`
    ("down", "i8"),  # bits: FAILED, STOPPED
    ("failures", "i8"),
    ("mtbf", "f8"),  # ticks; 0 = never fails
    ("mttr", "f8"),  # ticks
    ("operating_clock", "i8"),  # 1 if the failure clock runs only while working
    ("path", "i8"),  # its own path, or NONE
    ("first_robot", "i8"),
    ("robot_count", "i8"),
    ("to_failure", "i8"),  # ticks of operation left
]

LINK = np.dtype(
    [
        ("giver", "u4"),
        ("taker", "u4"),
        ("next_out", "i8"),  # the giver's next link
        ("next_in", "i8"),  # the taker's next link
        ("path", "i8"),  # from the giver's exit to the taker
        ("length", "f8"),  # m
    ],
    align=True,
)

PART = np.dtype(
    [
        ("serial", "i8"),
        ("created", "i8"),
        ("entered", "i8"),  # tick at which it came to its place
        ("due", "i8"),  # tick at which it is ready there
        ("product", "i8"),
        ("form", "i8"),
        ("place", "i8"),
        ("next", "i8"),  # behind it in its place, or the next free row
        ("link", "i8"),  # over which it came to its place
        ("tick", "i8"),  # its motion segment, as in twin.motion.segment
        ("duration", "i8"),
        ("start", "f8"),
        ("end", "f8"),
        ("ramp", "f8"),
        ("jerk", "f8"),
        ("track", "i8"),
        ("look", "i8"),
    ],
    align=True,
)

PRODUCT = np.dtype(
    [
        ("robot_ticks", "i8"),  # longest robot program for this product here
        ("finished", "i8"),
        ("lead_ticks", "i8"),  # sum of lead times
        ("longest_lead", "i8"),
    ],
    align=True,
)

ROBOT = np.dtype(
    [
        ("tick", "i8"),  # since when it runs, or stands
        ("duration", "i8"),  # ticks left of the program then; 0 if it stands
        ("done", "i8"),  # ticks into the program then
        ("track", "i8"),  # program row
        ("first_program", "i8"),
    ],
    align=True,
)


class World(NamedTuple):
    """The state of a run. Every field is a record array; `clock` has one row."""

    clock: Any
    place: Any
    part: Any
    heap: Any
    link: Any
    product: Any  # a row per place and product
    sequence: Any  # int64: products in the order of release, all sources' one after another
    look: Any  # int64 per product: row of its first form
    program: Any  # int64 per program: length [ticks]
    robot: Any
    event: Any  # log
    segment: Any  # log


def table(rows: int, dtype: DTypeLike) -> Any:
    """A zeroed record array whose rows read as `row.column`."""
    return np.zeros(rows, dtype).view(np.recarray)


@compilable
def row(i: int) -> int:
    """A row number that is not NONE; seeing that, numba leaves out the rule that -1 is the last."""
    return i & 0x7FFFFFFF
