"""Make the world of a plant: every table at tick 0, before the first event."""

from typing import Any

import numpy as np

from twin.core.draw import stream_key
from twin.core.heap import PENDING
from twin.core.record import EVENT
from twin.core.state import STARVED
from twin.core.world import (
    CLOCK,
    LINK,
    NONE,
    PART,
    PLACE_COLUMNS,
    PRODUCT,
    PURPOSES,
    ROBOT,
    World,
    table,
)
from twin.engine.dispatch import KINDS, kind_code, place_columns
from twin.engine.grow import free_parts, limit_pending
from twin.engine.layout import Layout
from twin.kinds.source import Source
from twin.motion import SEGMENT
from twin.plant import Plant

__all__ = ["PLACE", "build_world", "seed_streams"]

PLACE = np.dtype([*PLACE_COLUMNS, *place_columns()], align=True)

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
    clock.agenda = NONE
    clock.motion = motion
    sequence: list[int] = []
    world = World(
        clock=clock,
        place=_places(plant, layout, sequence),
        part=_parts(clock),
        heap=table(8 * len(plant.places) + 8, PENDING),
        link=_links(plant, layout),
        product=_products(plant, layout),
        sequence=np.array(sequence or [0], np.int64),
        look=layout.first_look.astype(np.int64),
        program=np.round(layout.programs.duration * 1e6).astype(np.int64),
        robot=_robots(layout),
        event=table(0, EVENT),
        segment=table(0, SEGMENT),
    )
    limit_pending(world)
    _link_places(world)
    seed_streams(world, plant, seed, replication)
    return world


def seed_streams(world: World, plant: Plant, seed: int, replication: int) -> None:
    """Give every place the random streams of a seed and replication, from their beginnings."""
    for row, place in zip(world.place, plant.places, strict=True):
        row.key[:] = [stream_key(seed, replication, place.path, each) for each in PURPOSES]
        row.draws[:] = 0


def _places(plant: Plant, layout: Layout, sequence: list[int]) -> Any:
    rows = table(len(plant.places), PLACE)
    names = [product.name for product in plant.products]
    robots = 0
    for i, (row, place) in enumerate(zip(rows, plant.places, strict=True)):
        for column in ("first_in", "first_out", "offer", "first", "last", "agenda"):
            row[column] = NONE
        row.kind = kind_code(place.params)
        row.state = STARVED
        row.product = i * len(names)
        row.path = layout.place_path[i]
        row.first_robot = robots
        row.robot_count = len(place.robots)
        robots += len(place.robots)
        KINDS[row.kind].load(row, place.params)
        if isinstance(place.params, Source):
            order = [names.index(name) for name in place.params.sequence] or list(range(len(names)))
            row.sequence_first, row.sequence_count = len(sequence), len(order)
            sequence.extend(order)
    return rows


def _parts(clock: Any) -> Any:
    rows = table(FIRST_PARTS, PART)
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


def _products(plant: Plant, layout: Layout) -> Any:
    count = len(plant.products)
    rows = table(len(plant.places) * count, PRODUCT)
    ticks = np.round(layout.programs.duration.reshape(-1, count) * 1e6).astype(np.int64)
    robot = 0
    for i, place in enumerate(plant.places):
        if place.robots:
            longest = ticks[robot : robot + len(place.robots)].max(axis=0)
            rows.robot_ticks[i * count : (i + 1) * count] = longest
        robot += len(place.robots)
    return rows


def _robots(layout: Layout) -> Any:
    rows = table(len(layout.first_program), ROBOT)
    rows.first_program = layout.first_program
    rows.track = layout.first_program
    return rows
