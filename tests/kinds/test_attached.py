"""What is attached, at any depth, is where its base is: in a run and in its journal.

Viewers and the export to USD draw the segments of the journal.
"""

from collections.abc import Iterator

import numpy as np

from tests.kinds.shop_join import handles_on_doors_on_bodies_on_skids
from twin.core.world import World
from twin.engine.simulation import Simulation
from twin.journal import Journal

SECOND = 1_000_000
END = 60 * SECOND


def travelling(world: World) -> Iterator[tuple[list[int], int]]:
    """Every part that a place holds: serials of all that travel with it, and how deep they go."""
    parts = world.part
    for slot in np.flatnonzero((parts.serial > 0) & (parts.place >= 0)).tolist():
        found, level, depth = [int(parts.serial[slot])], [slot], 0
        while level:
            behind = []
            for base in level:
                inner = int(parts.attached[base])
                while inner >= 0:
                    behind.append(inner)
                    inner = int(parts.next[inner])
            found += parts.serial[behind].tolist()
            level, depth = behind, depth + bool(behind)
        yield found, depth


def test_all_that_is_attached_travels_with_its_base():
    plant = handles_on_doors_on_bodies_on_skids()
    journal = Journal(plant, seed=1)
    run = Simulation(plant, seed=1, motion=True, interpreted=True, recorder=journal)
    deepest = []
    for tick in range(0, END, SECOND // 4):
        run.advance(tick)
        journal.close(tick)
        for poses in (run.poses(), journal.poses(tick)):
            at = dict(zip(poses.serial.tolist(), poses.xyz.tolist(), strict=True))
            for serials, depth in travelling(run.world):
                places = [at.get(each) for each in serials]
                assert places == [places[0]] * len(places)
                deepest += [depth] * (places[0] is not None)
    assert max(deepest) == 3
    assert int(run.world.clock[0].finished) > 16
