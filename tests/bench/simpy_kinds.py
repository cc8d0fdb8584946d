"""The SimPy model of a place, by its kind."""

from collections.abc import Mapping
from random import Random
from typing import Any

import simpy

from tests.bench.simpy_failing import FailingStation
from tests.bench.simpy_joining import Join, TakeOff
from tests.bench.simpy_places import Belt, Exit, Queue, Seats, Track
from tests.bench.simpy_routing import Shelf, Turns
from tests.bench.simpy_station import RobotStation, Workplace
from tests.bench.simpy_time import Shifts
from twin.kinds.assembler import Assembler
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.disassembler import Disassembler
from twin.kinds.merge import Merge
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.station import Station
from twin.kinds.store import Store

__all__ = ["room", "workplace"]


def workplace(
    env: simpy.Environment,
    params: Station | Assembler | Disassembler,
    rng: Random,
    shifts: Shifts,
    *,
    robots: Mapping[str, float],
    ranked: bool,
) -> Workplace:
    """A place that works on one part at a time."""
    match params:
        case Station(failure_clock="calendar", mtbf=mtbf) as station if mtbf > 0:
            return FailingStation(env, station, rng, shifts, robots=robots, ranked=ranked)
        case Station() as station:
            return RobotStation(env, station, rng, shifts, robots=robots, ranked=ranked)
        case Assembler() as assembler:
            return Join(env, assembler, rng, shifts, ranked=ranked)
        case Disassembler() as disassembler:
            return TakeOff(env, disassembler, rng, shifts, ranked=ranked)


def room(env: simpy.Environment, params: Any, shifts: Shifts, *, ranked: bool) -> Exit:
    """A place that parts only pass."""
    match params:
        case Buffer(order="fifo") as buffer:
            return Queue(env, buffer.capacity, shifts, ranked=ranked)
        case Conveyor() as conveyor:
            kind = Track if conveyor.accumulating else Belt
            capacity = int(conveyor.length / conveyor.spacing + 1e-9)
            times = conveyor.length / conveyor.speed, conveyor.spacing / conveyor.speed
            return kind(env, capacity, times, shifts, ranked=ranked)
        case Store() as store:
            return Shelf(env, store, shifts, ranked=ranked)
        case Router() as router:
            return Turns(env, router, shifts, ranked=ranked)
        case Merge(rule="first"):
            return Seats(env, 1, shifts, ranked=ranked)
        case Sink():
            return Exit(env)
        case _:
            raise NotImplementedError(f"this model has no {params}")
