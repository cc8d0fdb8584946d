"""Room in the world's tables: they grow only when an event needs it, so always at the same one."""

from typing import Any

import numpy as np

from twin.core.heap import PENDING
from twin.core.world import NONE, World, blank_table, table

__all__ = [
    "free_events",
    "free_parts",
    "grown",
    "limit_pending",
    "no_events",
    "with_log",
    "with_room",
    "without_log",
]

TIMERS = 4  # events that one place may have pending, besides stale ones
FIRST_LOG_ROWS = 1 << 12
MOST_LOG_ROWS = 1 << 20  # unless one event may bring more; a table of some MB gets huge pages


def grown(world: World) -> World:
    """The world with room for the next event."""
    clock = world.clock[0]
    if clock.free_parts == 0:
        world = world._replace(part=_doubled(world.part))
        free_parts(world.part, clock, len(world.part) // 2)
    if clock.pending + clock.far > clock.most_pending:
        world = _more_events(world)
        limit_pending(world)
    return world


def with_room(world: World) -> World:
    """The world with a free part row, and room for the events that one event may bring."""
    clock = world.clock[0]
    while clock.free_parts == 0 or clock.pending + clock.far > clock.most_pending:
        world = grown(world)
    return world


def limit_pending(world: World) -> None:
    """Keep so much of the table free that every place can schedule within one event."""
    world.clock[0].most_pending = len(world.heap) // 2 - TIMERS * len(world.place)


def no_events(places: int) -> dict[str, Any]:
    """The tables `heap` and `day`, empty, with room for the events of so many places."""
    return _no_events(2 * (6 * places + 8))


def _no_events(count: int) -> dict[str, Any]:
    rows = table(count, PENDING)
    rows.what = NONE
    rows.next = NONE
    return {"heap": rows, "day": np.full(count // 2, NONE, np.int32)}


def free_events(world: World) -> None:
    """Put the calendar's rows without an event on the list of free ones."""
    rows, half = world.heap, len(world.heap) // 2
    free = half + np.flatnonzero(rows.what[half:] < 0)
    rows.next[free[:-1]] = free[1:]
    rows.next[free[-1]] = NONE
    world.clock[0].free_event = free[0]


def _more_events(world: World) -> World:
    """The world with twice the room for events; those of the calendar lie in the upper half."""
    old, half = world.heap, len(world.heap) // 2
    tables = _no_events(2 * len(old))
    rows = tables["heap"]
    rows[:half], rows[2 * half : 3 * half] = old[:half], old[half:]
    rows.next += np.where(rows.next >= 0, half, 0)
    tables["day"][:half] = world.day + np.where(world.day >= 0, half, 0)
    world = world._replace(**tables)
    free_events(world)
    return world


def free_parts(rows: Any, clock: Any, first: int) -> None:
    """Put the part rows from `first` on the list of free ones, which must be empty."""
    rows.next[first:-1] = np.arange(first + 1, len(rows))
    rows.next[-1] = NONE
    rows.place[first:] = NONE
    rows.track[first:] = NONE
    clock.free_part = first
    clock.free_parts = len(rows) - first


def with_log(world: World) -> World:
    """The world with a log that is recorded, with room for any one event.

    Within one event every part may pass every place at most. A table without that room makes way
    for a new one, and its rows are never written again.
    """
    clock = world.clock[0]
    events = 64 + 8 * (len(world.place) + len(world.part))
    segments = 64 + 4 * len(world.part) + 2 * len(world.robot)
    if len(world.event) - clock.event_count < events:
        world = world._replace(event=_next_log(world.event, events))
        clock.event_count = 0
    if len(world.segment) - clock.segment_count < segments:
        world = world._replace(segment=_next_log(world.segment, segments))
        clock.segment_count = 0
    clock.recording = 1
    clock.most_events = len(world.event) - events
    clock.most_segments = len(world.segment) - segments
    return world


def _next_log(rows: Any, at_least: int) -> Any:
    count = min(max(2 * len(rows), FIRST_LOG_ROWS), MOST_LOG_ROWS)
    return blank_table(max(count, 4 * at_least), rows.dtype)


def without_log(world: World) -> World:
    """The same tables with a copy of the clock, as if nothing were recorded."""
    clock = world.clock.copy()
    for column in ("recording", "event_count", "segment_count", "most_events", "most_segments"):
        clock[column] = 0
    nothing = {"event": world.event[:0], "segment": world.segment[:0]}
    return world._replace(clock=clock, **nothing)


def _doubled(rows: Any) -> Any:
    doubled = table(2 * len(rows), rows.dtype)
    doubled[: len(rows)] = rows
    return doubled
