"""Shuttle: an indexed line, or lift-and-carry; all its parts move on by one pitch together.

A cycle goes like this. When the work at all positions is done, the part at the last one is offered;
the shuttle waits until it is taken (blocking after service). At that tick one new part may come in,
if it is offered then. Then all parts move one pitch, the new one to the first position, and work
begins. If no new part is offered the others move on without it, which leaves a gap; an empty
shuttle waits for a part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.distribution import time_problems
from twin.core.failure import PROCESS, begin_work, draw, duration, interrupt_work, work_done
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import coordinate, move, stay
from twin.core.parameters import LONGEST, Params, Vector, param
from twin.core.parts import hold, let_go
from twin.core.state import BLOCKED, STARVED, WORKING, enter_state
from twin.core.worktime import FORMULAS
from twin.core.world import NONE, SHAPE, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = [
    "COLUMNS",
    "PARAMS",
    "Shuttle",
    "blocked",
    "gave",
    "halt",
    "has_room",
    "load",
    "on_timer",
    "problems",
    "resolve",
    "resume",
    "take",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuttle(Params):
    """Positions in a row along its own X axis, from which all parts move on together.

    The first position is one pitch from its origin, where parts come in; parts leave from the last.
    Random process times have the distribution and the spread at the position with the longest mean;
    at the others they are drawn likewise, in proportion to their means.
    """

    positions: int = param(ge=1, le=1000, doc="Number of positions at which there is work.")
    pitch: float = param(unit="m", gt=0, le=1000, doc="From each position to the next.")
    index_time: float = param(
        unit="s", gt=0, le=LONGEST, doc="Time in which all parts move one pitch."
    )
    process_times: tuple[float, ...] = param(
        (0.0,), unit="s", ge=0, le=LONGEST, doc="Mean time of work at each position, or at all."
    )
    process_distribution: str = param(
        "constant", choices=FORMULAS, doc="How the process times vary around their means."
    )
    process_spread: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Half width or deviation of the longest of them."
    )

    def track(self) -> tuple[Vector, ...]:
        """Straight along the X axis to the last position."""
        return ((0.0, 0.0, 0.0), (self.positions * self.pitch, 0.0, 0.0))

    @property
    def longest_time(self) -> float:
        """The longest mean of all positions [s]."""
        return max(self.process_times, default=0.0)


PARAMS = Shuttle
COLUMNS = [
    ("process", SHAPE),
    ("phase", "i1"),
    ("pitch", "f8"),
    ("index_ticks", "i8"),
    ("longest_ticks", "i8"),  # longest mean time of work
    ("slots_first", "i8"),  # parts at the entry and at each position, in `World.number`
    ("means_first", "i8"),  # mean time of work at each position, there too
]

OPEN, INDEXING, AT_WORK, READY = range(4)  # phases; OPEN: the last part has gone
RAMP_SHARE = 0.2  # of an index, to get to full speed


def load(row: Any, params: Shuttle) -> None:
    """Write the parameters into a place's row."""
    longest = params.longest_time
    row.process = duration(params.process_distribution, longest, params.process_spread)
    row.longest_ticks = max(1, round(longest * TICKS_PER_SECOND))
    row.index_ticks = round(params.index_time * TICKS_PER_SECOND)
    row.pitch = params.pitch
    row.capacity = params.positions
    row.rigid = 1


def resolve(row: Any, params: Shuttle, directory: Directory) -> None:
    """Keep the positions and their times."""
    times = params.process_times
    means = times if len(times) == params.positions else times * params.positions
    row.means_first = directory.keep([round(each * TICKS_PER_SECOND) for each in means])
    row.slots_first = directory.keep([NONE] * (params.positions + 1))


@compilable_apart
def has_room(world: World, i: int, part: int) -> bool:
    """Whether all work is done, the last part has gone, and no new one has come in since."""
    place = world.place[i]
    return place.phase == OPEN and world.number[place.slots_first] == NONE


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Take a part that comes in with the next index."""
    place = world.place[i]
    hold(world, i, part)
    world.number[place.slots_first] = part
    move(world, part, place.path, 0.0, 0.0, 0, 0.0)
    if place.count == 1:
        _await_index(world, i)


@compilable_apart
def _await_index(world: World, i: int) -> None:
    """Let the index begin in this tick, when all that may come in has come."""
    enter_state(world, i, WORKING)
    schedule(world, i, NEXT, world.clock[0].now)


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """Parts may be moved, have been moved, or the work at all positions is done."""
    place = world.place[i]
    if timer == NEXT:
        _index(world, i)
        return
    work_done(world, i)
    if place.phase == INDEXING:
        place.phase = AT_WORK
        begin_work(world, i, _longest_work(world, i))
    else:
        place.phase = READY
        _offer_last(world, i)


@compilable_apart
def _index(world: World, i: int) -> None:
    place = world.place[i]
    place.phase = INDEXING
    for k in range(place.slots_first + place.capacity, place.slots_first, -1):
        world.number[k] = world.number[k - 1]
    world.number[place.slots_first] = NONE
    begin_work(world, i, place.index_ticks)
    _move_all(world, i)


@compilable_apart
def _move_all(world: World, i: int) -> None:
    """Move every part on to its position in what is left of the index."""
    if world.clock[0].motion == 0:
        return
    place = world.place[i]
    ticks = place.work_ticks
    for k in range(1, place.capacity + 1):
        slot = world.number[place.slots_first + k]
        if slot >= 0:
            at = coordinate(world, slot)
            move(world, slot, place.path, at, k * place.pitch, ticks, ticks * 1e-6 * RAMP_SHARE)


@compilable_apart
def _longest_work(world: World, i: int) -> int:
    """Draw the time of work at every position with a part; returns the longest."""
    place = world.place[i]
    longest = 0
    for k in range(place.capacity):
        mean = world.number[place.means_first + k]
        if world.number[place.slots_first + k + 1] >= 0 and mean > 0:
            ticks = draw(world, i, PROCESS, place.process)
            longest = max(longest, round(ticks * (mean / place.longest_ticks)))
    return longest


@compilable_apart
def _offer_last(world: World, i: int) -> None:
    """Offer the part at the last position; without one, the next index may begin."""
    place = world.place[i]
    last = world.number[place.slots_first + place.capacity]
    if last >= 0:
        place.offer = last
        announce(world, i)
    else:
        _open(world, i)


@compilable_apart
def _open(world: World, i: int) -> None:
    """Let a new part come in; if others wait for the index, it begins in this tick."""
    place = world.place[i]
    place.phase = OPEN
    if place.count > 0:
        _await_index(world, i)
    else:
        enter_state(world, i, STARVED)
    announce(world, i)


@compilable_apart
def blocked(world: World, i: int) -> None:
    """The last part can't leave, so that none can move on."""
    enter_state(world, i, BLOCKED)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """The last part has gone."""
    let_go(world, i)
    place = world.place[i]
    world.number[place.slots_first + place.capacity] = NONE
    _open(world, i)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Stop work and parts where they are; the last part can't leave."""
    place = world.place[i]
    place.offer = NONE
    cancel(world, i, NEXT)
    if place.phase in (INDEXING, AT_WORK):
        interrupt_work(world, i)
    if place.phase == INDEXING:
        slot = place.first
        for _ in range(place.count):
            stay(world, slot)
            slot = world.part[slot].next


@compilable_apart
def resume(world: World, i: int) -> None:
    """Go on where it stopped."""
    place = world.place[i]
    if place.phase == READY:
        enter_state(world, i, BLOCKED)
        _offer_last(world, i)
    elif place.phase == OPEN:
        _open(world, i)
    else:
        enter_state(world, i, WORKING)
        begin_work(world, i, place.work_ticks)
    if place.phase == INDEXING:
        _move_all(world, i)


def problems(params: Shuttle, around: Surroundings) -> Iterator[Problem]:
    """Times are possible, and there is one for each position."""
    if len(params.process_times) not in {1, params.positions}:
        rule = f"must have one value, or {params.positions}: one for each position"
        value = f"{len(params.process_times)} values"
        yield Problem(f"{around.path} twin:processTimes", rule, value)
    where = f"{around.path} twin:processSpread"
    kind, mean, spread = params.process_distribution, params.longest_time, params.process_spread
    yield from time_problems(where, kind, mean, spread)
