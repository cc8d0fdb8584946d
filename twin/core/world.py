"""What is now: a few wide record arrays, one row per thing, and nothing else.

Integers are int64, as numba compiles a function once for each integer type it meets; a few narrow
columns are only compared, or widened.
A `World` is made only by its plant. It copies, compares, saves and hashes as bytes; handlers change
its rows in place. Rows read alike in both executions: `world.place[i].state`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from twin.core.compiled import compilable

__all__ = [
    "CLOCK",
    "COLD_COLUMNS",
    "FIRST_COLUMNS",
    "HOT_COLUMNS",
    "LATER",
    "LINK",
    "NONE",
    "OFF_AGENDA",
    "PART",
    "PRODUCT",
    "PROGRAM",
    "PURPOSES",
]
__all__ += ["ROBOT", "ROOM", "SHAPE", "World", "blank_table", "row", "table", "widened"]

NONE = -1  # no row
OFF_AGENDA = -2  # in place of the next place on the agenda
ROOM = -2  # in place of a way: its giver only asks whether there is room
LATER = 1 << 62  # a tick after all others: never

# A random duration: how it is distributed, and the shape's numbers (twin.core.draw.shape).
SHAPE = np.dtype([("distribution", "i8"), ("a", "f8"), ("b", "f8"), ("c", "f8")])

LINE = 64  # bytes of a line of the processor's cache
STATE_COUNT = 8
PURPOSES = ("process", "failure", "repair", "choice")
PURPOSE_COUNT = len(PURPOSES)
TIMER_COUNT = 5

CLOCK = np.dtype(
    [
        ("now", "i8"),  # ticks since the run's start
        ("sequence", "i8"),  # number of the next event; breaks ties in time
        ("pending", "i8"),  # events in the heap
        ("arranged", "i8"),  # of these in order; the others were scheduled since
        ("hole", "i8"),  # 1 if the event in row 0 was taken
        ("far", "i8"),  # events in the calendar, all of them due when today has ended
        ("free_event", "i8"),  # first free row of the calendar
        ("today_ends", "i8"),  # tick
        ("day_bits", "i8"),  # a day takes 2 to that many ticks
        ("days", "i8"),  # of the calendar's ring; 0: there is none
        ("turned", "i8"),  # days ended since the length of a day was looked at
        ("reviewed", "i8"),  # tick of that look
        ("reviewed_events", "i8"),  # and `processed` then
        ("processed", "i8"),  # events handled so far
        ("idle", "i8"),  # of these, bells and others that change nothing by themselves
        ("judged", "i8"),  # `processed` less `idle` when a standstill was found to be none, or NONE
        ("burst", "i8"),  # events handled, and parts handed over, at this same tick
        ("agenda", "i8"),  # place on top of the agenda, or NONE
        ("asking", "i8"),  # place that asks a rule outside the engine, or NONE
        ("stuck", "i8"),  # place whose part can never leave again, or NONE
        ("mark", "i8"),  # number of the last search for stuck places
        ("free_part", "i8"),  # first free row of `part`, or NONE
        ("free_parts", "i8"),
        ("created", "i8"),  # parts made so far; also the last serial number
        ("finished", "i8"),
        ("scrapped", "i8"),
        ("carriers", "i8"),  # parts in the plant that carry others, and are no work in process
        ("began", "i8"),  # tick from which statistics count: 0, or the end of the warm-up
        ("part_ticks", "i8"),  # integral of work in process over time, from `began` to `counted`
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

# The columns that every move and every service need come first, so that a move needs two lines of
# the cache, and work five. Numbers that stay small are narrow.
FIRST_COLUMNS = (
    ("kind", "state", "shut", "down", "looped", "closing", "phase", "extras", "version", "stacked")
    + ("way", "count", "capacity", "passed", "active_periods", "offer", "first", "last")
    + ("receiver", "feeder", "first_in", "first_out", "agenda", "since", "waiting_since", "times")
    + ("work_start", "work_ticks", "operated", "next_strike", "transfer_time", "form")
    + ("robot_count", "process", "stream")
)

# Columns that every place has; kinds add their own in between.
HOT_COLUMNS: list[tuple[Any, ...]] = [
    ("kind", "i1"),
    ("state", "i1"),
    ("offer", "i8"),  # part ready to leave, or NONE
    ("way", "i4"),  # link over which it must leave; NONE: the first with room; ROOM: stays
    ("shut", "i1"),  # 1 if nothing may come in: it is down, or closing
    ("down", "i1"),  # bits: FAILED, STOPPED, OFF
    ("capacity", "i4"),
    ("count", "i4"),
    ("first", "i8"),  # parts held, oldest first
    ("last", "i8"),
    ("first_in", "i4"),  # links
    ("first_out", "i4"),
    ("feeder", "i4"),  # the giver of its only link in; NONE without a link, or with several
    ("receiver", "i4"),  # the taker of its only link out; NONE without a link, or with several
    ("agenda", "i8"),  # next place on the agenda; OFF_AGENDA if it is not on it itself
    ("passed", "i4"),  # parts that have left
    ("since", "i8"),
    ("times", "i8", (STATE_COUNT,)),  # ticks spent in each state until `since`
    ("active_periods", "i4"),
    ("waiting_since", "i8"),  # tick at which its last wait began
    ("looped", "i1"),  # 1 if parts can come back to it, so that it might get stuck for ever
    ("closing", "i1"),  # 1 while it finishes its work after the bell
    ("work_start", "i8"),
    ("work_ticks", "i8"),  # what is left of its work
    ("operated", "i8"),  # ticks of work done
    ("next_strike", "i8"),  # `operated` at its next failure on the operating clock; LATER for none
    ("version", "i2", (TIMER_COUNT,)),  # a pending event of an older version is stale
    ("product", "i8"),  # first row of `product`
    ("stream", "u8", (PURPOSE_COUNT, 3)),  # by purpose: key, draws so far, word of the next one
    ("robot_count", "i8"),
]
COLD_COLUMNS: list[tuple[Any, ...]] = [
    ("rigid", "i8"),  # 1 if no part comes in while one that is offered can't leave
    ("striker", "i8"),  # failure mode that comes next on the operating clock
    ("first_mode", "i8"),  # its failure modes; the first is its own row
    ("next_mode", "i8"),
    ("failed_modes", "i8"),  # modes that have failed now
    ("failures", "i8"),
    ("target", "i8"),  # as a failure mode: place that fails
    ("failed", "i8"),  # 1 from failure to repair
    ("strike", "i8"),  # tick, or `operated` of its target, at which it fails; LATER for never
    ("operating_clock", "i8"),  # 1 if the failure clock runs only while working
    ("life", SHAPE),  # time to failure
    ("repair", SHAPE),
    ("crew", "i8"),  # pool that repairs, or NONE
    ("priority", "i8"),  # of its requests
    ("asked", "i8"),  # units asked of a pool that has not given them yet
    ("got", "i8"),  # units that a pool has given
    ("pool", "i8"),  # of which it asks or has them, or NONE
    ("next_asking", "i8"),  # behind it in the pool's queue, or in the clock's
    ("calendar", "i8"),  # row of its calendar, or NONE
    ("next_member", "i8"),  # with the same calendar
    ("finishes", "i8"),  # after the bell: see twin.core.failure
    ("path", "i8"),  # its own path, or NONE
    ("first_robot", "i8"),
    ("mark", "i8"),  # the last search that came by
    ("trail", "i8"),  # next place that this search must look at
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
    [  # a line of the cache that every move needs
        ("serial", "i8"),
        ("product", "i8"),
        ("place", "i8"),
        ("next", "i8"),  # behind it in its place or on its base, or the next free row
        ("entered", "i8"),  # tick at which it came to its place
        ("link", "i8"),  # over which it came to its place
        ("track", "i8"),  # of its motion segment
        ("form", "i8"),
        # and two more lines
        ("attached", "i8"),  # first of the parts that travel with it, or NONE
        ("carrier", "i8"),  # of an attached part: the one that it travels with
        ("due", "i8"),  # tick at which it is ready at its place
        ("tick", "i8"),  # its motion segment, as in twin.motion.segment
        ("duration", "i8"),
        ("start", "f8"),
        ("end", "f8"),
        ("ramp", "f8"),
        ("jerk", "f8"),
        ("look", "i8"),
        ("created", "i8"),
        ("origin", "i8"),  # serial number of the part that it was taken off last, or 0
        ("reworks", "i8"),  # times that it was sent back
        ("deadline", "i8"),  # tick at which it should be finished; LATER for none
        ("filling", "i8", (2,)),
    ],
    align=True,
)

PRODUCT = np.dtype(
    [
        ("robot_ticks", "i8"),  # longest robot program for this product here
        ("process", SHAPE),  # time for this product here
        ("exit", "i8"),  # number of the exit for this product, or NONE
        ("need", "i8"),  # how many of this product are built in here
        ("stock", "i8"),  # how many of it are here
        ("created", "i8"),
        ("finished", "i8"),  # by itself
        ("built_in", "i8"),  # as a part of another one
        ("scrapped", "i8"),
        ("late", "i8"),  # finished after their deadlines
        ("lead_ticks", "i8"),  # sum of lead times
        ("longest_lead", "i8"),
        ("seen", "i8"),  # by a gate or sensor
    ],
    align=True,
)

ROBOT = np.dtype(
    [
        ("tick", "i8"),  # its motion segment, as in twin.motion.segment
        ("duration", "i8"),
        ("start", "f8"),
        ("end", "f8"),
        ("ramp", "f8"),
        ("jerk", "f8"),
        ("track", "i8"),
        ("brake", "i8"),  # time in which its clock stops from full rate [ticks]; 0 at once
        ("first_program", "i8"),
    ],
    align=True,
)

PROGRAM = np.dtype(
    [
        ("ticks", "i8"),  # length
        ("first_stop", "i8"),  # in `number`: the first row that says how to brake in it
        ("stop_count", "i8"),
    ],
    align=True,
)


class World(NamedTuple):
    """The state of a run. Every field is a record array; `clock` has one row."""

    clock: Any
    place: Any
    part: Any
    heap: Any
    day: Any  # int32: first event of each day of the calendar's ring, or NONE
    link: Any
    product: Any  # a row per place and product
    number: Any  # int64: for each product 1 if it is a carrier; then the lists that kinds keep
    look: Any  # int64 per product: row of its first form; then the number of all forms
    program: Any
    robot: Any
    event: Any  # log
    segment: Any  # log


def table(rows: int, dtype: DTypeLike) -> Any:
    """A zeroed record array whose rows read as `row.column`; it begins at a line of the cache."""
    zeroed = blank_table(rows, dtype)
    zeroed.view(np.uint8).fill(0)
    return zeroed


def blank_table(rows: int, dtype: DTypeLike) -> Any:
    """A table as `table` makes it, whose rows hold anything: to be written before it is read.

    It takes memory only as it is written; numpy asks for huge pages for a large one.
    """
    kind = np.dtype(dtype)
    room = np.empty(rows * kind.itemsize + LINE, np.uint8)
    first = -room.ctypes.data % LINE
    return room[first : first + rows * kind.itemsize].view(kind).view(np.recarray)


def in_lines(columns: list[tuple[Any, ...]], first: tuple[str, ...]) -> "np.dtype[Any]":
    """A record of these columns, some of them first, filled up to an odd number of cache lines.

    With an even number, the same column of many rows would compete for few places of the cache.
    """
    ordered = sorted(columns, key=lambda each: first.index(each[0]) if each[0] in first else LATER)
    lines = -(-np.dtype(ordered, align=True).itemsize // LINE)
    filling = (lines | 1) * LINE - np.dtype(ordered, align=True).itemsize
    return np.dtype([*ordered, ("filling", "u1", (filling,))], align=True)


@compilable
def row(i: int) -> int:
    """A row number that is not NONE; seeing that, numba leaves out the rule that -1 is the last."""
    return i & 0x7FFFFFFF


@compilable
def widened(value: int) -> int:
    """A narrow column's value as int64: numba compiles its users once for every type."""
    return int(np.int64(value))
