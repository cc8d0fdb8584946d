"""Small plants that tests build, and a recorder that keeps everything."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.motion.hs220 import HOME, hs220
from twin.core.parameters import Params
from twin.engine.command import Command
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.motion import SEGMENT, Segments
from twin.plant import Place, Plant, Pose, Product, Program, Robot, connect


class Tape:
    """Keeps all that a run records."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.chunks: list[Segments] = [np.zeros(0, SEGMENT)]
        self.commands: list[Command] = []

    def record(self, events: Any, segments: Segments) -> None:
        self.events.append(events.copy())
        self.chunks.append(segments.copy())

    def command(self, command: Command) -> None:
        self.commands.append(command)

    @property
    def segments(self) -> Segments:
        return np.concatenate(self.chunks)

    def bytes(self) -> bytes:
        return np.concatenate(self.events).tobytes() + self.segments.tobytes()


def serial_line(stations: list[Station], buffers: list[int] | None = None, **source: Any) -> Plant:
    """A saturated line: stations in a row, each but the last with so many places behind it."""
    places: list[tuple[str, Params]] = [("/Source", Source(**({"interval": 0.0} | source)))]
    for number, station in enumerate(stations):
        places.append((f"/Station_{number}", station))
        if buffers and number < len(stations) - 1 and buffers[number]:
            places.append((f"/Buffer_{number}", Buffer(capacity=buffers[number])))
    return Plant(places=connect([*places, ("/Sink", Sink())]))


def exponential(mean: float = 1.0, **more: Any) -> Station:
    """A station with exponential process times [s]."""
    return Station(process_time=mean, process_distribution="exponential", **more)


def robot_for_all(path: str) -> Robot:
    """An HS220 with one program for all products."""
    robot = robot_at(path)
    return replace(robot, programs=robot.programs[:1])


def robot_at(path: str) -> Robot:
    """An HS220 with a short program for all products and a longer one for the SUV."""
    near = HOME + np.radians([30, -10, 20, 15, -30, 40])
    far = HOME + np.radians([-60, 20, 40, -90, 45, 120])
    return Robot(
        path=path,
        arm=hs220(),
        base=Pose((20.0, 2.5, 0.3)),
        programs=(
            Program(
                path=f"{path}/All",
                products=(),
                waypoints=np.array([HOME, near, HOME]),
                dwells=np.array([0.0, 0.7, 0.0]),
            ),
            Program(
                path=f"{path}/Suv",
                products=("Suv",),
                waypoints=np.array([HOME, far, near, HOME]),
                dwells=np.array([0.1, 0.7, 0.7, 0.0]),
            ),
        ),
    )


def little_shop(*, accumulating: bool = True, failure_clock: str = "operating") -> Plant:
    """Every kind once: source, conveyor, robot station, buffer, station, belt, sink."""
    forms = ("underbody", "framed")
    products = (Product(name="Sedan", forms=forms), Product(name="Suv", forms=forms))
    fails = {"mtbf": 40.0, "mttr": 6.0, "failure_clock": failure_clock}
    line = (
        Place(
            path="/Line/Source",
            params=Source(
                interval=5.0,
                interval_distribution="exponential",
                sequence=("Sedan", "Sedan", "Suv"),
            ),
        ),
        Place(
            path="/Line/In",
            params=Conveyor(length=14.0, speed=1.0, spacing=3.0, accumulating=accumulating),
        ),
        Place(
            path="/Line/Framing",
            params=Station(process_time=1.0, transfer_time=2.5, form=1, **fails),
            pose=Pose((20.0, 0.0, 0.0)),
            robots=(robot_at("/Line/Framing/Robot_1"), robot_at("/Line/Framing/Robot_2")),
        ),
        Place(path="/Line/Buffer", params=Buffer(capacity=2), pose=Pose((20.0, 0.0, 0.0))),
        Place(
            path="/Line/Check",
            params=Station(
                process_time=4.0, process_distribution="uniform", process_spread=3.0, **fails
            ),
            pose=Pose((20.0, 0.0, 0.0)),
        ),
        Place(
            path="/Line/Out",
            params=Conveyor(length=9.0, speed=0.7, spacing=2.9, accumulating=not accumulating),
            pose=Pose((20.0, 0.0, 0.0)),
        ),
        Place(path="/Line/Sink", params=Sink(), pose=Pose((29.0, 0.0, 0.0))),
    )
    return Plant(name="Little shop", places=connect(line), products=products)
