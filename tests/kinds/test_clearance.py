"""Vehicles keep clear of one another, proved between any two of their motion segments."""

import numpy as np
import pytest

from tests.engine.lines import Tape
from tests.kinds.clearance import meetings
from tests.kinds.fleets import ring
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.plant import Product

SECOND = 1_000_000
BODY = (Product(name="part"), Product(name="AMR"))


def driven(length: float, width: float, hours: float, **vehicle):
    """Six vehicles on a ring of 12 waypoints 5 m apart; what the test finds for a size."""
    moves = {"speed": 1.7, "acceleration": 0.6, "length": length, "look": "AMR", **vehicle}
    plant = ring(
        12, 6, vehicle=moves, dock={"handling_time": 4.0}, source={"sequence": ("part",)},
        products=BODY,
    )  # fmt: skip
    tape = Tape()
    simulation = Simulation(plant, motion=True, recorder=tape)
    simulation.advance(100 * SECOND)
    simulation.apply(Command(action="fail", path="/V2", value=60.0))
    simulation.advance(round(hours * 3600) * SECOND)
    world = simulation.world
    rows = [i for i, each in enumerate(plant.places) if each.path.startswith("/V")]
    bodies = [int(world.part[int(world.place[i].first)].serial) for i in rows]
    sizes = dict.fromkeys(bodies, (length, width))
    return meetings(tape.segments, simulation.layout, sizes, simulation.now)


@pytest.mark.parametrize("vehicle", [{}, {"turn_speed": 1.0}, {"acceleration": 0.0}])
def test_vehicles_that_reserve_their_length_never_touch(vehicle):
    assert driven(1.4, 0.8, 1.0, **vehicle) == []


def test_vehicles_longer_than_their_lanes_are_found_to_overlap():
    found = driven(6.0, 0.8, 0.2)
    assert found
    for each in found:
        assert np.hypot(*np.subtract(*each.xyz)) < 6.1
