"""Small lines for the tests of reports, journals and studies."""

import numpy as np

from twin.core.parameters import Params
from twin.core.record import EVENT
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.journal import Journal
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.motion import SEGMENT
from twin.plant import Plant, Product, connect
from twin.units import to_ticks

Row = tuple[float, int, int, int]  # second, code, place, value: state, or former place


def plant_of(*params: Params, products: tuple[str, ...] = ("part",)) -> Plant:
    """A line of places named after their kinds: /Line/Source_1, /Line/Station_1, ..."""
    count: dict[str, int] = {}
    places: list[tuple[str, Params]] = []
    for each in params:
        kind = type(each).__name__
        count[kind] = count.get(kind, 0) + 1
        places.append((f"/Line/{kind}_{count[kind]}", each))
    return Plant(
        name="Line", places=connect(places), products=tuple(Product(name=name) for name in products)
    )


def two_stations() -> Plant:
    """Made at 10 s intervals, worked on for 20 s, then for 30 s, with nothing in between."""
    return plant_of(
        Source(interval=10.0), Station(process_time=20.0), Station(process_time=30.0), Sink()
    )


def recorded(
    plant: Plant,
    seconds: float,
    *commands: Command,
    seed: int = 1,
    motion: bool = False,
    interpreted: bool = True,
) -> tuple[Simulation, Journal]:
    """Run a plant with a journal; each command is carried out at its tick."""
    journal = Journal(plant, seed=seed)
    simulation = Simulation(
        plant, seed=seed, motion=motion, recorder=journal, interpreted=interpreted
    )
    for command in commands:
        simulation.advance(command.tick)
        simulation.apply(command)
    simulation.advance(to_ticks(seconds))
    journal.close(simulation.now)
    return simulation, journal


def written(plant: Plant, rows: list[Row], seconds: float) -> Journal:
    """A journal by hand, of one part."""
    events = np.zeros(len(rows), EVENT)
    for event, (second, code, place, value) in zip(events, rows, strict=True):
        event["tick"], event["part"], event["code"] = to_ticks(second), 1, code
        event["place"], event["value"] = place, value
    journal = Journal(plant)
    journal.record(events, np.zeros(0, SEGMENT))
    journal.close(to_ticks(seconds))
    return journal
