"""The hot loop of `Frames`: what has moved since the last look is placed again, in place."""

from typing import Any, NamedTuple

from twin.core.compiled import compilable
from twin.core.motion import fraction
from twin.core.program_clock import program_seconds
from twin.core.world import NONE
from twin.motion.chain_lanes import LANES, Room, place_lanes
from twin.motion.path_kernel import FlatPaths, place_on, pose_on
from twin.motion.program_kernel import FlatPrograms, joints_in

__all__ = ["Canvas", "Statics", "place_all"]

TICKS_PER_SECOND = 1e6


class Statics(NamedTuple):
    """What never moves but says where things are."""

    paths: FlatPaths
    programs: FlatPrograms
    table: Any  # joints of each type of arm, shape [type_count, J, JOINT]
    arm_row: Any  # type of each robot, shape [robot_count]
    order: Any  # robots of one type after another, shape [robot_count]
    bases: Any  # world from base, shape [robot_count, 4, 4]


class Canvas(NamedTuple):
    """What is written: see `Frames`; then what the kernel keeps or needs room for."""

    serial: Any
    look: Any
    xyz: Any
    wxyz: Any
    joints: Any
    links: Any
    track: Any  # path that each part was on at the last look, NONE for none, shape [part_rows]
    along: Any  # how far along it [m], shape [part_rows]
    moved: Any  # robots that have moved, shape [LANES]
    room: Room


@compilable
def place_all(  # of the world only what is needed: each costs time to hand over
    clock: Any, heap: Any, robots: Any, parts: Any, statics: Statics, canvas: Canvas, at: int
) -> int:
    """Write the poses of all robots and parts at a tick.

    Args:
        clock: The world's.
        heap: The world's.
        robots: The world's.
        parts: The world's.
        statics: Of the plant.
        canvas: As the last look left it; joints of a new one are no numbers.
        at: The tick, or NONE for now.

    Returns:
        The tick, or NONE if poses are not known then: it is past, or behind the next event.
    """
    now = clock[0].now
    tick = now if at == NONE else at
    if clock[0].motion == 0 or tick < now:
        return NONE
    if tick > now and clock[0].pending > 0 and tick > heap[0].tick:
        return NONE
    _place_parts(parts, statics.paths, canvas, tick)
    count, row = 0, 0
    for k in range(robots.shape[0]):
        n = statics.order[k]
        if count == LANES or (count > 0 and statics.arm_row[n] != row):
            _place_robots(statics, canvas, row, count)
            count = 0
        row = statics.arm_row[n]
        robot = robots[n]
        time = program_seconds(robot, tick)
        if joints_in(statics.programs, robot.track, time, canvas.joints[n]):
            canvas.moved[count] = n
            count += 1
    if count > 0:
        _place_robots(statics, canvas, row, count)
    return tick


@compilable
def _place_robots(statics: Statics, canvas: Canvas, row: int, count: int) -> None:
    """Write the link frames of the first `count` robots that have moved, all of one type."""
    moved, joints, links = canvas.moved, canvas.joints, canvas.links
    place_lanes(statics.table[row], moved, count, joints, statics.bases, canvas.room, links)


@compilable
def _place_parts(parts: Any, paths: FlatPaths, canvas: Canvas, tick: int) -> None:
    for slot in range(parts.shape[0]):
        part = parts[slot]
        if part.serial == 0 or part.track == NONE:
            canvas.serial[slot] = 0
            continue
        canvas.serial[slot] = part.serial
        canvas.look[slot] = part.look
        s = _along(part, tick)
        if part.track != canvas.track[slot]:
            canvas.track[slot] = part.track
            canvas.along[slot] = s
            pose_on(paths, part.track, s, canvas.xyz[slot], canvas.wxyz[slot])
        elif s != canvas.along[slot]:
            canvas.along[slot] = s
            if paths.straight[part.track]:
                place_on(paths, part.track, s, canvas.xyz[slot])
            else:
                pose_on(paths, part.track, s, canvas.xyz[slot], canvas.wxyz[slot])


@compilable
def _along(part: Any, tick: int) -> float:
    """How far along its path a part is [m]."""
    elapsed, duration = tick - part.tick, part.duration
    if elapsed >= duration:
        return part.end
    if part.ramp == 0.0:
        done = elapsed / duration
    else:
        seconds = duration / TICKS_PER_SECOND
        done = fraction(elapsed / TICKS_PER_SECOND, seconds, part.ramp, part.jerk)
    return part.start + (part.end - part.start) * done
