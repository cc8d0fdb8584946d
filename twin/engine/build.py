"""Make the world of a plant: every table at tick 0, before the first event."""

from collections import Counter
from typing import Any

import numpy as np

from twin.core.calendar import EVER
from twin.core.crossing import Crossing
from twin.core.directory import Directory
from twin.core.draw import philox, stream_key
from twin.core.record import EVENT
from twin.core.state import STARVED
from twin.core.world import (
    CLOCK,
    COLD_COLUMNS,
    FIRST_COLUMNS,
    HOT_COLUMNS,
    LATER,
    LINK,
    NONE,
    OFF_AGENDA,
    PART,
    PRODUCT,
    PROGRAM,
    PURPOSES,
    ROBOT,
    World,
    in_lines,
    table,
)
from twin.engine.dispatch import KINDS, kind_code, place_columns
from twin.engine.grow import free_events, free_parts, limit_pending, no_events
from twin.engine.layout import Layout
from twin.kinds import gated as gated_conveyor
from twin.motion import SEGMENT
from twin.motion.brakes import brake_rows
from twin.plant import Plant

__all__ = ["PLACE", "build_world", "seed_streams"]

PLACE = in_lines([*HOT_COLUMNS, *place_columns(), *COLD_COLUMNS], FIRST_COLUMNS)

NOTHING_YET = (
    "first_in", "first_out", "feeder", "receiver", "offer", "way", "first", "last", "striker",
    "next_mode",
    "crew", "pool", "next_asking", "calendar", "next_member", "trail",
)  # fmt: skip
FIRST_PARTS = 64  # rows; the table doubles when a source needs more


def build_world(
    plant: Plant, layout: Layout, seed: int, replication: int, *, motion: bool
) -> World:
    """The world of a plant at tick 0.

    Args:
        plant: checked.
        layout: of this plant.
        seed: of the run's random streams.
        replication: number of this run among those with the same seed.
        motion: whether segments are made.
    """
    clock = table(1, CLOCK)
    clock.agenda = clock.asking = clock.stuck = clock.judged = NONE
    clock.motion = motion
    clock.today_ends = EVER
    product = _products(plant, layout)
    numbers: list[int] = [int(each) for each in plant.carriers]
    world = World(
        clock=clock,
        place=_places(plant, layout, product, numbers),
        part=_parts(clock, sum(bool(getattr(each.params, "look", "")) for each in plant.places)),
        **no_events(len(plant.places)),
        link=_links(plant, layout),
        product=product,
        program=_programs(plant, layout, numbers, motion=motion),
        number=np.array(numbers, np.int64),
        look=np.append(layout.first_look, len(layout.looks)).astype(np.int64),
        robot=_robots(layout),
        event=table(0, EVENT),
        segment=table(0, SEGMENT),
    )
    free_events(world)
    limit_pending(world)
    _link_places(world)
    _chain_modes(world)
    _chain_members(world)
    for i in _in_circles(plant):
        world.place[i].looped = 1
    seed_streams(world, plant, seed, replication)
    return world


def seed_streams(world: World, plant: Plant, seed: int, replication: int) -> None:
    """Give every place the random streams of a seed and replication, from their beginnings."""
    keys = [
        [stream_key(seed, replication, place.path, each) for each in PURPOSES]
        for place in plant.places
    ]
    stream = world.place.stream
    stream[..., 0] = np.array(keys, np.uint64).reshape(-1, len(PURPOSES))
    stream[..., 1] = 0
    stream[..., 2] = philox(stream[..., 0], stream[..., 1])


def _places(plant: Plant, layout: Layout, products: Any, numbers: list[int]) -> Any:
    rows = table(len(plant.places), PLACE)
    index = {place.path: i for i, place in enumerate(plant.places)}
    count = len(plant.products)
    around = plant.surroundings()
    xyz = np.array([place.pose.xyz for place in plant.places], np.float64)
    robots = 0
    gated = {
        each.path.rpartition("/")[0] for each in plant.places if isinstance(each.params, Crossing)
    }
    for column in NOTHING_YET:
        rows[column] = NONE
    rows.agenda = OFF_AGENDA
    rows.strike = rows.next_strike = LATER
    rows.target = np.arange(len(rows))
    for i, (row, place) in enumerate(zip(rows, plant.places, strict=True)):
        row.kind = kind_code(place.params)
        if place.path in gated:
            row.kind = KINDS.index(gated_conveyor)
        row.state = STARVED
        row.product = i * count
        row.path = layout.place_path[i]
        row.first_robot = robots
        row.robot_count = len(place.robots)
        row.calendar = index[place.calendar] if place.calendar else NONE
        robots += len(place.robots)
        KINDS[row.kind].load(row, place.params)
        resolve = getattr(KINDS[row.kind], "resolve", None)
        if resolve:
            directory = Directory(
                around=around[i], rows=index, xyz=xyz, numbers=numbers,
                products=products[row.product : row.product + count],
            )  # fmt: skip
            resolve(row, place.params, directory)
    return rows


def _parts(clock: Any, bodies: int) -> Any:
    """Free rows for parts; vehicles take some for their bodies at once."""
    rows = table(FIRST_PARTS + bodies, PART)
    free_parts(rows, clock, 0)
    return rows


def _links(plant: Plant, layout: Layout) -> Any:
    rows = table(len(plant.links), LINK)
    for row, (giver, taker), path in zip(rows, plant.links, layout.link_path, strict=True):
        row.giver, row.taker, row.path = giver, taker, path
        row.length = layout.paths.length[path] if path != NONE else 0.0
    return rows


def _link_places(world: World) -> None:
    """Chain the links of each giver and each taker, first declared first."""
    for number in reversed(range(len(world.link))):
        link = world.link[number]
        giver, taker = world.place[link.giver], world.place[link.taker]
        link.next_out, giver.first_out = giver.first_out, number
        link.next_in, taker.first_in = taker.first_in, number
        giver.receiver = link.taker if link.next_out == NONE else NONE
        taker.feeder = link.giver if link.next_in == NONE else NONE


def _chain_modes(world: World) -> None:
    """Chain the failure modes of each place, its own row first."""
    for k in reversed(range(len(world.place))):
        mode = world.place[k]
        if mode.target != k:
            target = world.place[mode.target]
            mode.next_mode, target.next_mode = target.next_mode, k
    world.place.first_mode = np.arange(len(world.place))


def _chain_members(world: World) -> None:
    """Chain the places that keep each calendar, first declared first."""
    for i in reversed(range(len(world.place))):
        place = world.place[i]
        if place.calendar != NONE:
            calendar = world.place[place.calendar]
            place.next_member, calendar.first_member = calendar.first_member, i


def _in_circles(plant: Plant) -> set[int]:
    """The places in circles of links, or on the way from one circle to another."""
    backward = _behind_circles({(taker, giver) for giver, taker in plant.links})
    links = _behind_circles({(giver, taker) for taker, giver in backward})
    return {place for link in links for place in link}


def _behind_circles(links: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The links that are in a circle, or that can be reached from one (after Kahn, 1962)."""
    onward: dict[int, list[int]] = {}
    for giver, taker in links:
        onward.setdefault(giver, []).append(taker)
    waits_for = Counter(taker for _, taker in links)
    free = [giver for giver in onward if giver not in waits_for]
    while free:
        for taker in onward.pop(free.pop(), []):
            waits_for[taker] -= 1
            if waits_for[taker] == 0:
                free.append(taker)
    return {(giver, taker) for giver, takers in onward.items() for taker in takers}


def _products(plant: Plant, layout: Layout) -> Any:
    count = len(plant.products)
    rows = table(len(plant.places) * count, PRODUCT)
    rows.exit = NONE
    ticks = np.round(layout.programs.duration.reshape(-1, count) * 1e6).astype(np.int64)
    robot = 0
    for i, place in enumerate(plant.places):
        if place.robots:
            longest = ticks[robot : robot + len(place.robots)].max(axis=0)
            rows.robot_ticks[i * count : (i + 1) * count] = longest
        robot += len(place.robots)
    return rows


def _programs(plant: Plant, layout: Layout, numbers: list[int], *, motion: bool) -> Any:
    """Lengths of all programs and, in runs with motion, how to brake in them."""
    rows = table(len(layout.programs.duration), PROGRAM)
    rows.ticks = np.round(layout.programs.duration * 1e6)
    if motion and len(rows):
        limits = np.full((len(plant.robots), layout.programs.joints_from.shape[1]), np.inf)
        for robot, limit in zip(plant.robots, limits, strict=True):
            limit[: robot.arm.joint_count] = robot.arm.acceleration
        brakes, first, count = brake_rows(
            layout.programs, np.repeat(limits, len(plant.products), axis=0)
        )
        rows.first_stop = len(numbers) + brakes.shape[1] * first
        rows.stop_count = count
        numbers += brakes.ravel().tolist()
    return rows


def _robots(layout: Layout) -> Any:
    rows = table(len(layout.first_program), ROBOT)
    rows.first_program = layout.first_program
    rows.track = layout.first_program
    return rows
