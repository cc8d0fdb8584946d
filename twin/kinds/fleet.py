"""Fleet: who of its vehicles carries which part, and when they charge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from twin.core.agenda import announce
from twin.core.apart import clear_ways, touch_problems
from twin.core.compiled import compilable_apart
from twin.core.detour import SCRATCH
from twin.core.directory import Directory, Surroundings
from twin.core.lane_shape import microradians
from twin.core.lanes import Lanes, lanes_of, tour_problems
from twin.core.parameters import LONGEST, Params, param, relation
from twin.core.road import DRIVING, IDLE, STANDING, TO_CHARGER, TO_LOAD, TURNING, head_for, trip
from twin.core.state import STARVED, WORKING, enter_state
from twin.core.transport import assign, first_load
from twin.core.world import LATER, NONE, World
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["COLUMNS", "PARAMS", "Fleet", "attend", "load", "problems", "resolve", "resume"]
__all__ += ["start"]

RULES = ("nearest", "oldest", "longest")
NEAREST, OLDEST, LONGEST_QUEUE = range(3)
PARKING = ("home", "stay", "nearest")
HOME, STAY, NEAREST_HOME = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet(Params):
    """Dispatches vehicles: each idle one to a part that waits at a dock, to a charger, or home.

    A vehicle takes the way of the shortest driving time without traffic, on which a dock that it
    only passes counts as its handling time more. On its way home it can be sent for a part at once.
    """

    takes: ClassVar[bool] = False
    gives: ClassVar[bool] = False

    rule: str = param(
        "nearest",
        choices=RULES,
        doc="Which part goes first: nearest to an idle vehicle, oldest at its dock, or longest "
        "queue; then the nearest vehicle takes it.",
    )
    chargers: tuple[str, ...] = relation(
        to=("waypoint",), doc="Where vehicles charge, one at each."
    )
    idle_vehicles: str = param(
        "home",
        choices=PARKING,
        doc="Where they wait: at their homes, where they are until another one must pass, or at "
        "the nearest of all homes that is free.",
    )
    patience: float = param(
        10.0, unit="s", ge=0, le=LONGEST,
        doc="Wait for a held waypoint after which a vehicle looks for another way, as it does at "
        "once where one on its way is down; 0: it never does.",
    )  # fmt: skip


PARAMS = Fleet
COLUMNS = [
    ("rule", "i8"),
    ("idle", "i8"),  # vehicles without a task
    ("vehicles_first", "i8"),  # numbers
    ("vehicles_count", "i8"),
    ("free_first", "i8"),  # numbers: room for those of them that are free for a load
    ("docks_first", "i8"),
    ("docks_count", "i8"),
    ("chargers_first", "i8"),
    ("chargers_count", "i8"),
    ("goals_first", "i8"),  # numbers: table row of each waypoint as a goal
    ("hops_first", "i8"),  # numbers: first lane, by goal and waypoint
    ("trips_first", "i8"),  # numbers: driving time, by goal and waypoint [ticks]
    ("knots", "i8"),  # waypoints
    ("rows_first", "i8"),  # numbers: place of each waypoint
    ("exits_first", "i8"),  # numbers: first lane and number of lanes of each waypoint
    ("scratch_first", "i8"),  # numbers: room to look for a way
    ("search", "i8"),  # how many were looked for
    ("homes_first", "i8"),
    ("homes_count", "i8"),
    ("parking_rule", "i8"),
    ("patience", "i8"),
]


def load(row: Any, params: Fleet) -> None:
    """Write the parameters into a place's row."""
    row.rule = RULES.index(params.rule)
    row.parking_rule = PARKING.index(params.idle_vehicles)
    row.patience = round(params.patience * TICKS_PER_SECOND)


def resolve(row: Any, params: Fleet, directory: Directory) -> None:
    """List its vehicles, docks and chargers, and find all ways."""
    lanes = lanes_of(directory.around)
    row.vehicles_first, row.vehicles_count = _keep(directory, lanes.vehicles)
    row.free_first = directory.keep([NONE] * row.vehicles_count)
    row.docks_first, row.docks_count = _keep(directory, lanes.givers)
    row.chargers_first, row.chargers_count = _keep(directory, params.chargers)
    row.homes_first, row.homes_count = _keep(directory, lanes.homes)
    row.rows_first, row.knots = _keep(directory, lanes.waypoints)
    row.scratch_first = directory.keep([0] * row.knots * SCRATCH)
    records = _keep_lanes(directory, lanes)
    exits = [[records[lane.start, lane.end] for lane in each] for each in lanes.out_of.values()]
    row.exits_first = directory.keep(
        [number for each in exits for number in (min(each, default=NONE), len(each))]
    )
    goals = {path: number for number, path in enumerate(lanes.goals)}
    row.goals_first = directory.keep([goals.get(path, NONE) for path in lanes.waypoints])
    first = np.array([*(records[lane.start, lane.end] for lane in lanes.lanes), NONE])
    row.hops_first = directory.keep(first[lanes.ways.hops].T.ravel().tolist())
    row.trips_first = directory.keep(lanes.ways.ticks.T.ravel().tolist())


def _keep(directory: Directory, paths: tuple[str, ...]) -> tuple[int, int]:
    return directory.keep([directory.row(path) for path in paths]), len(paths)


def _keep_lanes(directory: Directory, lanes: Lanes) -> dict[tuple[str, str], int]:
    """Keep each lane as `twin.core.road` reads it; returns its first number, by its ends."""
    clear = clear_ways(directory.around)
    return {
        (lane.start, lane.end): directory.keep(
            [
                *(directory.row(lane.end), lane.length, lane.speed, lane.number, lane.ticks),
                *(microradians(lane.leaving), microradians(lane.coming)),
                *(round(abs(lane.radius) * 1e6), lane.arrival),
                round(clear.get((lane.start, lane.end), 0.0) * 1e6),
            ]
        )
        for lane in lanes.lanes
    }


@compilable_apart
def start(world: World, i: int) -> None:
    """All vehicles are idle."""
    world.place[i].idle = world.place[i].vehicles_count


@compilable_apart
def attend(world: World, i: int) -> int:
    """Give one idle vehicle something to do; returns it, or NONE."""
    row = world.place[i]
    v = NONE
    if row.down == 0 and row.idle > 0:
        v = _to_charger(world, i)
        if v < 0:
            v = _to_work(world, i)
        if v < 0:
            v = _to_home(world, i)
    if row.down == 0:
        enter_state(world, i, WORKING if row.idle < row.vehicles_count else STARVED)
    return v


@compilable_apart
def _is_idle(world: World, v: int, low: int) -> bool:
    """Whether a vehicle has no task, and a battery that is low or not."""
    vehicle = world.place[v]
    is_low = vehicle.battery > 0 and vehicle.charge <= vehicle.charge_below
    is_ready = vehicle.down == 0 and vehicle.withdrawn == 0
    return vehicle.task == IDLE and is_ready and is_low == (low != 0)


@compilable_apart
def _to_charger(world: World, i: int) -> int:
    row = world.place[i]
    if row.chargers_count == 0:
        return NONE
    for k in range(row.vehicles_count):
        v = world.number[row.vehicles_first + k]
        if _is_idle(world, v, 1):
            charger = _nearest_charger(world, i, v)
            if charger >= 0:
                world.place[charger].charging = v
                world.place[v].charger = charger
                _send(world, i, v, TO_CHARGER, charger)
                return v
    return NONE


@compilable_apart
def _nearest_charger(world: World, i: int, v: int) -> int:
    row = world.place[i]
    best, least = NONE, LATER
    for k in range(row.chargers_count):
        w = world.number[row.chargers_first + k]
        waypoint = world.place[w]
        if waypoint.charging < 0 and waypoint.parking in (NONE, v) and _is_left(world, w, v):
            ticks = trip(world, i, world.place[v].front, w)
            if ticks < least:
                best, least = w, ticks
    return best


@compilable_apart
def _is_left(world: World, w: int, v: int) -> bool:
    """Whether no other vehicle is at a waypoint any more, so that none comes out against it."""
    return world.place[w].holder in (NONE, v)


@compilable_apart
def _send(world: World, i: int, v: int, task: int, waypoint: int) -> None:
    vehicle = world.place[v]
    vehicle.task = task
    head_for(world, v, waypoint)
    if world.place[i].parking_rule == NEAREST_HOME:
        world.place[vehicle.home].parking = NONE  # another one may take it
    world.place[i].idle -= 1


@compilable_apart
def _to_work(world: World, i: int) -> int:
    """Match a load and a vehicle by the rule."""
    row = world.place[i]
    best, chosen, least = NONE, NONE, LATER
    free = 0
    for k in range(row.vehicles_count):
        v = world.number[row.vehicles_first + k]
        if _is_idle(world, v, 0):
            world.number[row.free_first + free] = v
            free += 1
    for k in range(row.docks_count if free > 0 else 0):
        dock = world.number[row.docks_first + k]
        slot = first_load(world, dock)
        if slot < 0:
            continue
        v = _nearest_vehicle(world, i, dock, free)
        if v < 0:
            continue
        if row.rule == NEAREST:
            value = trip(world, i, world.place[v].front, world.place[dock].waypoint)
        elif row.rule == OLDEST:
            value = world.part[slot].due
        else:
            value = -world.place[dock].waiting
        if value < least:
            best, chosen, least = dock, v, value
    if best >= 0:
        assign(world, chosen, best)
        _send(world, i, chosen, TO_LOAD, world.place[best].waypoint)
    return chosen


@compilable_apart
def _nearest_vehicle(world: World, i: int, dock: int, free: int) -> int:
    """Of the vehicles that are free for a load."""
    row = world.place[i]
    best, least = NONE, LATER
    for k in range(free):
        v = world.number[row.free_first + k]
        ticks = trip(world, i, world.place[v].front, world.place[dock].waypoint)
        if ticks < least:
            best, least = v, ticks
    return best


@compilable_apart
def _to_home(world: World, i: int) -> int:
    """Send an idle vehicle home that stands elsewhere, unless it may stay there."""
    row = world.place[i]
    for k in range(row.vehicles_count):
        v = world.number[row.vehicles_first + k]
        vehicle = world.place[v]
        if vehicle.task != IDLE or vehicle.down != 0 or vehicle.drive in (DRIVING, TURNING):
            continue
        if row.parking_rule == NEAREST_HOME and world.place[vehicle.home].parking != v:
            vehicle.home = _nearest_home(world, i, v)
            world.place[vehicle.home].parking = v
        if vehicle.destination != vehicle.home and (
            row.parking_rule != STAY or _is_in_the_way(world, v)
        ):
            head_for(world, v, vehicle.home)
            return v
    return NONE


@compilable_apart
def _is_in_the_way(world: World, v: int) -> bool:
    """Whether a vehicle stands where another one waits to come in, or at a charger."""
    vehicle = world.place[v]
    if world.place[vehicle.at].is_end != 0:
        return True
    zone = world.place[world.place[vehicle.at].zone]
    return vehicle.drive == STANDING and zone.first_waiting >= 0


@compilable_apart
def _nearest_home(world: World, i: int, v: int) -> int:
    """The home that is nearest to a vehicle, of those that no other has taken."""
    row = world.place[i]
    best, least = NONE, LATER
    for k in range(row.homes_count):
        w = world.number[row.homes_first + k]
        if world.place[w].parking < 0 and world.place[w].charging < 0 and _is_left(world, w, v):
            ticks = trip(world, i, world.place[v].front, w)
            if ticks < least:
                best, least = w, ticks
    return best


@compilable_apart
def resume(world: World, i: int) -> None:
    """Dispatch again."""
    announce(world, i)


def problems(params: Fleet, around: Surroundings) -> Iterator[Problem]:
    """It has vehicles, their ways exist, and they can charge where they must."""
    lanes = lanes_of(around)
    if not lanes.vehicles:
        rule = "needs a vehicle: none points at it with twin:fleet"
        yield Problem(around.path, rule)
    yield from tour_problems(lanes, around)
    yield from touch_problems(around)
