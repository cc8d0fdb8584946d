"""Sinks count what is finished, when, and how late."""

from tests.kinds.flow import Flow, line
from twin.engine.command import Command
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station


def test_lead_times_and_late_parts_are_counted_by_product():
    source = Source(
        order_products=("A", "B", "A"), order_times=(0.0, 0.0, 1.0),
        order_deadlines=(3.0, 5.0, 9.0),
    )  # fmt: skip
    plant = line(("/In", source), ("/Work", Station(process_time=3.0)), ("/Out", Sink()),
                 names=("A", "B"))  # fmt: skip
    flow = Flow(plant, 20)  # made at 0, 0 and 3, done at 3, 6 and 9
    tally = flow.world.product[2 * plant.index("/Out") :]
    assert tally.finished.tolist() == [2, 1]
    assert tally.late.tolist() == [0, 1]
    assert (tally.lead_ticks / 1e6).tolist() == [3 + 6, 6]
    assert (tally.longest_lead / 1e6).tolist() == [6, 6]


def test_a_sink_that_is_stopped_takes_nothing():
    plant = line(("/In", Source(interval=1.0)), ("/Out", Sink()))
    stops = [
        (2.5, Command(action="stop", path="/Out")),
        (6.5, Command(action="start", path="/Out")),
    ]
    assert Flow(plant, 9, commands=stops).into("/Out") == [0, 1, 2, 6.5, 7.5, 8.5]
