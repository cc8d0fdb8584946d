"""Conveyors with stop gates and sensors."""

from tests.engine.lines import exponential
from twin.core.parameters import Params
from twin.kinds.calendar import Calendar
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.gate import Gate
from twin.kinds.sensor import Sensor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.plant import Place, Plant, Pose, Product, connect


def gated_belt(
    crossings: dict[str, Params],
    *,
    source: Params,
    after: Params,
    more: tuple[Place, ...] = (),
    **belt: float,
) -> Plant:
    """A source, a conveyor with children by name, a place behind it, and a sink."""
    params = Conveyor(**({"length": 12.0, "speed": 1.0, "spacing": 2.0} | belt))
    end = Pose(params.track()[-1])
    line = connect([
        Place(path="/Source", params=source),
        Place(path="/Belt", params=params),
        Place(path="/After", params=after, pose=end),
        Place(path="/Sink", params=Sink(), pose=end),
    ])  # fmt: skip
    children = [
        Place(path=f"/Belt/{name}", params=each, calendar="/Shifts" if name == "Shifted" else "")
        for name, each in crossings.items()
    ]
    products = (Product(name="A"), Product(name="B"))
    return Plant(places=(*line, *children, *more), products=products)


def metered_belt() -> Plant:
    """A meter, a gate for one part at a time, one with shifts, sensors and failures."""
    return gated_belt(
        {
            "Entry": Sensor(position=0.7),
            "Meter": Gate(position=4.0, release_time=3.0),
            "Shifted": Gate(position=6.5),
            "Single": Gate(position=9.0, one_at_a_time=True),
            "Exit": Sensor(position=11.2, part_length=0.7, full_after=4.0, closes=("/Belt/Meter",)),
            "Jam": Failure(mtbf=40.0, mttr=5.0, failure_clock="calendar"),
        },
        source=Source(interval=2.0, interval_distribution="exponential", sequence=("A", "A", "B")),
        after=exponential(2.0),
        more=(Place(path="/Shifts", params=Calendar(period=60.0, starts=(0.0,), ends=(45.0,))),),
    )


def seen_belt() -> Plant:
    """A belt that stands with its first part, with a sensor on it."""
    return gated_belt(
        {"Eye": Sensor(position=5.0)},
        source=Source(interval=2.5, interval_distribution="exponential"),
        after=exponential(2.5),
        accumulating=False,
    )


SHOPS = [metered_belt, seen_belt]
