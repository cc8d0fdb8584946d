"""A small line that the server's tests run: a conveyor, a robot that fails, a buffer."""

import numpy as np

from server.live import Live
from server.run import Run
from tests.motion.hs220 import HOME, hs220
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, Product, Program, Robot, connect

__all__ = ["Clock", "line", "make_live", "make_run"]

REACHED = (0.4, 1.3, 0.2, 0.1, 0.3, 0.0)


class Clock:
    """A wall clock that goes only when told to."""

    def __init__(self) -> None:
        self.wall = 100.0

    def __call__(self) -> float:
        return self.wall


def line() -> Plant:
    """In, belt, robot station, buffer, station, out; a part every 9 s."""
    program = Program(
        path="/Line/Weld/Robot/Programs/All",
        products=(),
        waypoints=np.array([HOME, REACHED, HOME]),
        dwells=np.array([0.0, 1.5, 0.0]),
    )
    robot = Robot(
        path="/Line/Weld/Robot", arm=hs220(), base=Pose((8.0, 2.0, 0.3)), programs=(program,)
    )
    weld = Station(process_time=1.0, transfer_time=2.0, mtbf=60.0, mttr=8.0, form=1)
    places = connect(
        [
            Place(
                path="/Line/In", params=Source(interval=9.0, interval_distribution="exponential")
            ),
            Place(path="/Line/Belt", params=Conveyor(length=8.0, speed=1.0, spacing=2.0)),
            Place(path="/Line/Weld", params=weld, pose=Pose((8.0, 0.0, 0.0)), robots=(robot,)),
            Place(path="/Line/Store", params=Buffer(capacity=2), pose=Pose((8.0, 0.0, 0.0))),
            Place(
                path="/Line/Check",
                params=Station(process_time=7.0, transfer_time=1.0),
                pose=Pose((12.0, 0.0, 0.0)),
            ),
            Place(path="/Line/Out", params=Sink(), pose=Pose((12.0, 0.0, 0.0))),
        ]
    )
    return Plant(places=places, products=(Product(name="Body", forms=("raw", "welded")),))


def make_live(clock: Clock, *, speed: float = 1.0, playing: bool = True) -> Live:
    """The line, interpreted: no compiler is needed for so little."""
    return Live(make_run(), clock=clock, speed=speed, playing=playing)


def make_run() -> Run:
    """The line, interpreted, at tick 0."""
    return Run(line(), seed=3, interpreted=True)
