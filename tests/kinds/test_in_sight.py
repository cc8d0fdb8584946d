"""Components that stay in sight: they wait where they were given, and move in as work begins."""

import pytest

from twin.engine.simulation import Simulation
from twin.errors import SceneError
from twin.journal import Journal
from twin.kinds.assembler import Assembler
from twin.kinds.disassembler import Disassembler
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, Product

SECOND = 1_000_000
FORMS = ("loose", "built_in", "off")


def doors_on_and_off(*, component_form: int = 1) -> Plant:
    """A door waits at x = 3 for its body, comes to x = 5 in 4 s, and is taken off at x = 9."""
    on = Assembler(
        components=("Door",), in_sight=True, component_form=component_form, process_time=6.0,
        transfer_time=4.0,
    )  # fmt: skip
    off = Disassembler(components=("Door",), component_form=2, process_time=2.0, transfer_time=1.0)
    hold = Station(process_time=0.0, transfer_time=1.0)
    rack = Station(process_time=20.0, transfer_time=1.0)
    return Plant(
        places=(
            Place(path="/Doors", params=Source(interval=30.0, sequence=("Door",)), next=("/Hold",)),
            Place(path="/Hold", params=hold, pose=Pose((3.0, 0.0, 0.0)), next=("/On",)),
            Place(path="/Bodies", params=Source(interval=30.0, sequence=("Body",)), next=("/On",)),
            Place(path="/On", params=on, pose=Pose((5.0, 0.0, 0.0)), next=("/Off",)),
            Place(path="/Off", params=off, pose=Pose((9.0, 0.0, 0.0)), next=("/End", "/Rack")),
            Place(path="/Rack", params=rack, next=("/Sink",)),
            Place(path="/End", params=Sink()),
            Place(path="/Sink", params=Sink()),
        ),
        products=(Product(name="Body"), Product(name="Door", forms=FORMS)),
    )  # fmt: skip


def test_a_component_is_seen_to_wait_and_to_move_in_and_has_its_forms():
    plant = doors_on_and_off()
    journal = Journal(plant, seed=1)
    run = Simulation(plant, seed=1, motion=True, interpreted=True, recorder=journal)
    run.advance(20 * SECOND)
    journal.close(20 * SECOND)
    names = [product.name for product in plant.products]
    looks = [f"{name}/{form}" for name, form in journal.layout.looks]
    assert names == ["Body", "Door"]

    def door(second):
        poses = journal.poses(round(second * SECOND))
        row = next(k for k, each in enumerate(poses.look) if looks[each].startswith("Door"))
        return float(poses.xyz[row, 0]), looks[poses.look[row]]

    assert door(3.5) == (3.0, "Door/loose")  # the body comes until 4 s
    assert door(6.0) == (pytest.approx(4.0, abs=1e-9), "Door/loose")  # half the way
    assert door(9.9) == (5.0, "Door/loose")
    assert door(10.0) == (5.0, "Door/built_in")
    assert door(10.9)[1] == "Door/built_in"
    assert door(13.0)[1] == "Door/off"


def test_a_form_that_no_component_has_is_refused():
    with pytest.raises(SceneError, match="componentForm must be below 3"):
        Simulation(doors_on_and_off(component_form=3), seed=1, interpreted=True)
