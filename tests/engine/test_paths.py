"""The engine against recursions and SimPy models written apart from it, tick by tick."""

import pytest

from tests.engine.lines import exponential, serial_line
from tests.engine.measured import left, same_start
from tests.theory import recursions
from tests.theory.streams import exponential_ticks
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.plant import Place, Plant, Pose, connect

SECOND = 1_000_000


@pytest.mark.parametrize("mean", [0.5, 3.0])
def test_a_conveyor_between_stations_is_its_recursion_to_the_tick(mean):
    end = Pose((10.0, 0.0, 0.0))
    line = [
        ("/Source", Source(interval=0.0)),
        ("/S0", exponential(1.5)),
        ("/Belt", Conveyor(length=10.0, speed=0.5, spacing=2.0)),
        Place(path="/S1", params=exponential(mean), pose=end),
        Place(path="/Sink", params=Sink(), pose=end),
    ]
    works = exponential_ticks("/S0", "process", 800, mean=1.5, seed=7)
    services = exponential_ticks("/S1", "process", 800, mean=mean, seed=7)
    expected = recursions.conveyor(works, services, 20 * SECOND, 4 * SECOND, 5)
    actual = left(Plant(places=connect(line)), 1000 * SECOND)
    for column, ticks in zip(expected.T, actual, strict=True):
        same_start(ticks, column.tolist())


@pytest.mark.parametrize("clock", ["operating", "calendar"])
@pytest.mark.parametrize("buffers", [[0, 0], [3, 1]])
def test_a_failing_line_is_the_same_in_simpy_to_the_tick(clock, buffers):
    pytest.importorskip("simpy", reason="install '.[bench]' for the models in SimPy")
    from tests.theory import simpy_models

    def draws(purpose, mean):
        return [
            exponential_ticks(f"/Station_{i}", purpose, 900, mean=mean, seed=7) for i in range(3)
        ]

    fails = {"mtbf": 12.0, "mttr": 3.0, "failure_clock": clock}
    actual = left(serial_line([exponential(**fails)] * 3, buffers), 600 * SECOND)
    services, lives, repairs = draws("process", 1.0), draws("failure", 12.0), draws("repair", 3.0)
    expected = simpy_models.failing_line(
        services, buffers, lives, repairs, clock=clock, until=600 * SECOND
    )
    assert actual == expected
    assert len(actual[-1]) > 200
