"""Where things are: handlers say how a part moves from now on, as one segment; robots do alike.

A segment is written to the mover's own row, where `poses` finds it, and to the log for the journal
and the viewers. Runs that nobody watches skip both; the flow of material does not depend on them.
"""

from typing import Any

from twin.core.compiled import compilable, compilable_apart
from twin.core.world import NONE, World

__all__ = [
    "come_over",
    "coordinate",
    "fraction",
    "hide",
    "log_motion",
    "log_subject",
    "move",
    "stay",
]

TICKS_PER_SECOND = 1e6


@compilable
def fraction(elapsed: float, duration: float, ramp: float, jerk: float) -> float:
    """The share of a move done `elapsed` [s] after its start; see twin.motion.profile."""
    if elapsed >= duration:
        return 1.0
    if elapsed <= 0.0:
        return 0.0
    if ramp == 0.0:
        return elapsed / duration
    near = min(elapsed, duration - elapsed)
    speed = 1.0 / (duration - ramp)
    acceleration = speed / (ramp - jerk)
    if near < jerk:
        done = acceleration / jerk * near * near * near / 6.0
    elif near < ramp - jerk:
        rest = near - jerk
        done = acceleration * (jerk * jerk / 6.0 + jerk * rest / 2.0 + rest * rest / 2.0)
    elif near < ramp:
        left = ramp - near
        done = speed * ramp / 2.0 - speed * left + acceleration / jerk * left * left * left / 6.0
    else:
        done = speed * ramp / 2.0 + speed * (near - ramp)
    return 1.0 - done if elapsed > near else done


@compilable
def coordinate(world: World, slot: int) -> float:
    """Where a part is along its path now [m]."""
    part = world.part[slot]
    elapsed = (world.clock[0].now - part.tick) / TICKS_PER_SECOND
    done = fraction(elapsed, part.duration / TICKS_PER_SECOND, part.ramp, part.jerk)
    return part.start + (part.end - part.start) * done


@compilable
def move(
    world: World, slot: int, track: int, start: float, end: float, duration: int, ramp: float
) -> None:
    """Move a part, and what is attached to it, along a path from `start` to `end` [m].

    It takes `duration` ticks from now on.

    `ramp` [s] is the time to full speed, half of it in each of two jerk phases; 0 is constant
    speed.
    """
    clock = world.clock[0]
    if clock.motion != 0:
        part = world.part[slot]
        part.look = world.look[part.product] + part.form
        subject = len(world.robot) + slot
        _move_part(clock, part, world.segment, subject, track, start, end, duration, ramp)
        if part.attached >= 0:
            _move_attached(world, slot)


@compilable
def come_over(world: World, slot: int, link: int, duration: int, ramp: float) -> None:
    """Move a part along the way of a link in `duration` ticks; `ramp` [s] as for `move`.

    The link is read only if it is watched: in a large plant its row is far from the processor.
    """
    if world.clock[0].motion != 0:
        way = world.link[link]
        move(world, slot, way.path, 0.0, way.length, duration, ramp)


@compilable_apart
def _move_attached(world: World, base: int) -> None:
    """Let all that travels with a part, at any depth, move as it does."""
    clock = world.clock[0]
    by = world.part[base]
    track, start, end, duration, ramp = by.track, by.start, by.end, by.duration, by.ramp
    slot = _next_attached(world, base, base)
    while slot >= 0:
        part = world.part[slot]
        part.look = world.look[part.product] + part.form
        subject = len(world.robot) + slot
        _move_part(clock, part, world.segment, subject, track, start, end, duration, ramp)
        slot = _next_attached(world, slot, base)


@compilable
def _next_attached(world: World, slot: int, base: int) -> int:
    """The part after `slot` of all that travel with `base`, at any depth, or NONE."""
    if world.part[slot].attached >= 0:
        return world.part[slot].attached
    while slot != base and world.part[slot].next < 0:
        slot = world.part[slot].carrier
    return NONE if slot == base else world.part[slot].next


@compilable_apart
def _move_part(
    clock: Any,
    part: Any,
    segments: Any,
    subject: int,
    track: int,
    start: float,
    end: float,
    duration: int,
    ramp: float,
) -> None:
    """Write a part's segment to its row and to the log.

    It takes rows, not the world: a call then hands over few words.
    """
    part.tick = clock.now
    part.duration = duration
    part.start = start
    part.end = end
    part.ramp = ramp
    part.jerk = ramp / 2.0
    part.track = track
    if clock.recording != 0:
        log_motion(clock, segments, duration, start, end, ramp, ramp / 2.0)
        log_subject(clock, segments, subject, track, part.look, part.serial)


@compilable_apart
def stay(world: World, slot: int) -> None:
    """Stop a part where it is."""
    if world.clock[0].motion != 0:
        at = coordinate(world, slot)
        move(world, slot, world.part[slot].track, at, at, 0, 0.0)


@compilable
def hide(world: World, slot: int) -> None:
    """Take a part out of sight: it is in a store, or has left the plant."""
    if world.clock[0].motion != 0 and world.part[slot].track != NONE:
        move(world, slot, NONE, 0.0, 0.0, 0, 0.0)


@compilable
def log_motion(
    clock: Any,
    segments: Any,
    duration: int,
    start: float,
    end: float,
    ramp: float,
    jerk: float,
) -> None:
    """Write how a subject moves from now on to the log; `log_subject` says which one."""
    if clock.segment_count == len(segments):
        clock.lost += 1
        return
    row = segments[clock.segment_count]
    row.tick = clock.now
    row.duration = duration
    row.start = start
    row.end = end
    row.ramp = ramp
    row.jerk = jerk
    clock.segment_count += 1


@compilable
def log_subject(clock: Any, segments: Any, subject: int, track: int, look: int, part: int) -> None:
    """Write whose motion the last one in the log is."""
    if clock.lost > 0:
        return
    row = segments[clock.segment_count - 1]
    row.subject = subject
    row.track = track
    row.look = look
    row.part = part
