"""Store: holds parts and sorts them, as a painted-body store does before assembly."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.heap import NEXT, cancel, schedule
from twin.core.motion import hide
from twin.core.parameters import LONGEST, Params, param
from twin.core.parts import hold, take_out
from twin.core.state import STARVED, WAITING_PART, WORKING, enter_state
from twin.core.world import NONE, World
from twin.errors import Problem, nearest
from twin.units import TICKS_PER_SECOND

__all__ = [
    "COLUMNS",
    "PARAMS",
    "RELEASES",
    "Store",
    "gave",
    "halt",
    "load",
    "on_timer",
    "problems",
    "resolve",
    "resume",
    "take",
    "wants",
]

RELEASES = ("oldest", "batch", "target", "serial")
OLDEST, BATCH, TARGET, SERIAL = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store(Params):
    """Holds parts out of sight, and chooses which of them leaves next.

    Without lanes any part can leave. In a lane only the first can; a part that comes in goes into
    the first lane with room whose last part is of the same product, else into the emptiest lane.
    """

    capacity: int = param(10, ge=1, le=1_000_000, doc="Number of parts that fit.")
    lane_count: int = param(
        0, ge=0, le=10_000, doc="Number of lanes, each for an equal share of the parts; 0 is none."
    )
    release: str = param(
        "oldest",
        choices=RELEASES,
        doc="Which part leaves next. oldest: the one that came first. batch: one of the same "
        "product as the last one, while there is any. target: the next product of twin:target. "
        "serial: the one with the lowest serial number, which restores the order of release.",
    )
    target: tuple[str, ...] = param(
        (), doc="For release target: names of products in the order wanted, repeated."
    )
    patience: float = param(
        0.0,
        unit="s",
        ge=0,
        le=LONGEST,
        doc="For release target: after waiting so long for a product the oldest part leaves "
        "instead, and the product is still wanted. 0 waits for ever, unless the store is full.",
        live=True,
    )


PARAMS = Store
COLUMNS = [
    ("release", "i8"),
    ("patience", "i8"),
    ("impatient", "i8"),  # 1 if the oldest part may leave instead of the wanted product
    ("waits", "i8"),  # 1 while it waits for the wanted product
    ("last_product", "i8"),  # that left
    ("list_first", "i8"),
    ("list_count", "i8"),
    ("list_done", "i8"),
    ("lanes", "i8"),
    ("lane_room", "i8"),
    ("lane_first", "i8"),  # per lane: how many parts, first part, product of the last part
]
COUNT, HEAD, TAIL = range(3)  # columns of a lane


def load(row: Any, params: Store) -> None:
    """Write the parameters into a place's row."""
    row.capacity = params.capacity
    row.release = RELEASES.index(params.release)
    row.patience = round(params.patience * TICKS_PER_SECOND)
    row.lanes = params.lane_count
    row.lane_room = params.capacity // max(1, params.lane_count)


def resolve(row: Any, params: Store, directory: Directory) -> None:
    """Keep the target and the lanes."""
    row.last_product = NONE
    row.list_first = directory.keep([directory.product(name) for name in params.target])
    row.list_count = len(params.target)
    row.lane_first = directory.keep([0, NONE, NONE] * params.lane_count)


@compilable_apart
def take(world: World, i: int, part: int, link: int) -> None:
    """Store the part in its lane, and choose again which part is on offer."""
    hold(world, i, part)
    hide(world, part)
    if world.place[i].lanes > 0:
        _put_into_lane(world, i, part)
    _choose(world, i)


@compilable_apart
def _put_into_lane(world: World, i: int, slot: int) -> None:
    """A part keeps the number of its lane as its `link` while it is here."""
    place = world.place[i]
    product = world.part[slot].product
    best = NONE
    fewest = place.lane_room
    for lane in range(place.lanes):
        row = place.lane_first + 3 * lane
        count = world.number[row + COUNT]
        if count < place.lane_room and count > 0 and world.number[row + TAIL] == product:
            best = lane
            break
        if count < fewest:
            best = lane
            fewest = count
    world.part[slot].link = best
    row = place.lane_first + 3 * best
    if world.number[row + COUNT] == 0:
        world.number[row + HEAD] = slot
    world.number[row + COUNT] += 1
    world.number[row + TAIL] = product


@compilable_apart
def _leave_lane(world: World, i: int, slot: int) -> None:
    """The next part of the lane becomes its first; those behind came in later."""
    lane = world.part[slot].link
    row = world.place[i].lane_first + 3 * lane
    world.number[row + COUNT] -= 1
    if world.number[row + COUNT] == 0:
        world.number[row + HEAD] = NONE
        return
    behind = world.part[slot].next
    while world.part[behind].link != lane:
        behind = world.part[behind].next
    world.number[row + HEAD] = behind


@compilable_apart
def _choose(world: World, i: int) -> None:
    """Put the part on offer that leaves next, or wait for the wanted product."""
    place = world.place[i]
    if place.count == 0:
        place.offer = NONE
        _stop_waiting(world, i)
        enter_state(world, i, STARVED)
        return
    best = _best(world, i)
    if best >= 0:
        _stop_waiting(world, i)
    elif place.impatient != 0 or place.count == place.capacity:
        best = place.first
    elif place.waits == 0:
        place.waits = 1
        if place.patience > 0:
            schedule(world, i, NEXT, world.clock[0].now + place.patience)
    place.offer = best
    enter_state(world, i, WORKING if best >= 0 else WAITING_PART)


@compilable_apart
def _best(world: World, i: int) -> int:
    """The part that leaves next by the rule; NONE if the wanted product can't."""
    place = world.place[i]
    wanted = _wanted(world, i)
    best = NONE
    slot = place.first
    for _ in range(place.count):
        part = world.part[slot]
        if _can_leave(world, i, slot):
            if place.release == SERIAL:
                if best < 0 or part.serial < world.part[best].serial:
                    best = slot
            elif place.release == OLDEST or part.product == wanted:
                return slot
        slot = part.next
    return place.first if place.release == BATCH else best


@compilable_apart
def _wanted(world: World, i: int) -> int:
    """The product that should leave next: of the target, or the same again."""
    place = world.place[i]
    if place.release != TARGET:
        return place.last_product
    return world.number[place.list_first + place.list_done % place.list_count]


@compilable_apart
def _can_leave(world: World, i: int, slot: int) -> bool:
    place = world.place[i]
    if place.lanes == 0:
        return True
    return world.number[place.lane_first + 3 * world.part[slot].link + HEAD] == slot


@compilable_apart
def _stop_waiting(world: World, i: int) -> None:
    place = world.place[i]
    if place.waits != 0:
        place.waits = 0
        cancel(world, i, NEXT)
    place.impatient = 0


@compilable_apart
def on_timer(world: World, i: int, timer: int) -> None:
    """Patience has run out."""
    world.place[i].impatient = 1
    _choose(world, i)
    announce(world, i)


@compilable_apart
def gave(world: World, i: int, part: int) -> None:
    """Choose the next part."""
    place = world.place[i]
    product = world.part[part].product
    if place.lanes > 0:
        _leave_lane(world, i, part)
    take_out(world, i, part)
    if place.release == TARGET and product == _wanted(world, i):
        place.list_done += 1
    place.last_product = product
    _stop_waiting(world, i)
    if place.down == 0:
        _choose(world, i)


@compilable_apart
def halt(world: World, i: int) -> None:
    """Neither take nor give."""
    world.place[i].offer = NONE
    _stop_waiting(world, i)


@compilable_apart
def resume(world: World, i: int) -> None:
    """Choose again; patience begins anew."""
    _choose(world, i)
    announce(world, i)


def wants(world: World, i: int) -> list[int]:
    """The product that it waits for, if it has none of it that can leave."""
    return [_wanted(world, i)] if world.place[i].state == WAITING_PART else []


def problems(params: Store, around: Surroundings) -> Iterator[Problem]:
    """Lanes are of equal length, and the target names products where one is needed."""
    if params.lane_count and params.capacity % params.lane_count:
        rule = f"must be a multiple of twin:laneCount, {params.lane_count}"
        yield Problem(f"{around.path} twin:capacity", rule, str(params.capacity))
    where = f"{around.path} twin:target"
    if params.release == "target" and not params.target:
        yield Problem(where, "must name products where twin:release is target", "nothing")
    elif params.release != "target" and params.target:
        rule = "must be empty unless twin:release is target"
        yield Problem(where, rule, ", ".join(params.target))
    for name in dict.fromkeys(params.target):
        if name not in around.names:
            rule = "must name products of the plant"
            yield Problem(where, rule, name, nearest(name, around.names))
