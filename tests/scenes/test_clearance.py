"""Vehicles never overlap in the scenes, moving or parked: proved between all motion segments."""

import pytest

from tests.engine.lines import Tape
from tests.kinds.clearance import meetings
from twin.data import scene_path
from twin.engine.simulation import Simulation
from twin.kinds.vehicle import Vehicle
from twin.scene import load
from twin.units import to_ticks

WIDTHS = {"BodyAgv": 1.7, "PartAmr": 0.92}  # m, with what they carry


@pytest.mark.parametrize(("name", "hours"), [("cell_factory", 1.0), ("general_assembly", 3.0)])
def test_no_two_vehicles_overlap(name: str, hours: float):
    plant = load(scene_path(name))
    tape = Tape()
    simulation = Simulation(plant, seed=1, motion=True, recorder=tape)
    simulation.advance(to_ticks(hours * 3600))
    world, sizes = simulation.world, {}
    for row, place in enumerate(plant.places):
        if isinstance(place.params, Vehicle):
            body = int(world.part[int(world.place[row].first)].serial)
            sizes[body] = (place.params.length, WIDTHS[place.params.look])
    assert len(sizes) > 10
    assert meetings(tape.segments, simulation.layout, sizes, simulation.now) == []
