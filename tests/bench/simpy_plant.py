"""Any plant of sources, stations, conveyors, buffers and sinks, as a SimPy model of it.

It has the rules of the engine: a part goes to the first of the places behind it that has room; a
place takes from the first of its givers that waits. Where none of several places has room, the part
goes to the one that first gives a seat free.
"""

from collections.abc import Mapping
from itertools import cycle
from random import Random

import simpy

from tests.bench.simpy_places import Belt, Exit, Queue, Seats, Steps, Track
from tests.bench.simpy_station import Workplace, draws
from twin.engine.layout import lay_out
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant

__all__ = ["SimpyPlant"]


class SimpyPlant:
    """A run of a plant in SimPy."""

    def __init__(self, plant: Plant, *, seed: int = 1) -> None:
        """Make the model at time 0.

        Args:
            plant: checked.
            seed: of all its random numbers; every place has its own generator.

        Raises:
            NotImplementedError: a kind or a distribution that this model lacks.
        """
        self.env = simpy.Environment()
        self.products = [product.name for product in plant.products]
        robots = _robot_seconds(plant)
        self.places: dict[str, Exit] = {}
        for row, place in enumerate(plant.places):
            rng = Random(f"{seed} {place.path}")
            if isinstance(place.params, Source):
                self.env.process(self._release(place, place.params, rng))
            else:
                self.places[place.path] = self._made(place, robots[row], rng)
        self.takers = {
            place.path: [(self.places[path], _rank(plant, place, path)) for path in place.next]
            for place in plant.places
        }
        self.onward = {id(place): self.takers[path] for path, place in self.places.items()}

    @property
    def finished(self) -> int:
        """Parts that have left the plant."""
        return sum(place.finished for place in self.places.values())

    def run(self, until: float) -> None:
        """Run on to a time [s]."""
        self.env.run(until=until)

    def _made(self, place: Place, robots: Mapping[int, float], rng: Random) -> Exit:
        match place.params:
            case Station() as station:
                return Workplace(self.env, station, robots, rng)
            case Buffer() as buffer:
                return Queue(self.env, buffer.capacity)
            case Conveyor() as conveyor:
                kind = Track if conveyor.accumulating else Belt
                capacity = int(conveyor.length / conveyor.spacing + 1e-9)
                transit, headway = conveyor.length, conveyor.spacing
                speed = conveyor.speed
                return kind(self.env, capacity, transit / speed, headway / speed)
            case Sink():
                return Exit(self.env)
            case _:
                raise NotImplementedError(f"this model has no {type(place.params).__name__}")

    def _release(self, place: Place, source: Source, rng: Random) -> Steps:
        """Make one part after another, each an interval after the last one has left."""
        sequence = cycle([self.products.index(name) for name in source.sequence or self.products])
        interval = draws(rng, source.interval_distribution, source.interval, source.interval_spread)
        made = 0
        while source.limit == 0 or made < source.limit:
            part = next(sequence)
            made += 1
            taker, seat = yield from self._seat(self.takers[place.path])
            self.env.process(self._journey(part, taker, seat))
            yield self.env.timeout(interval())

    def _journey(self, part: int, place: Exit, seat: simpy.Event | None) -> Steps:
        """A part's way through the plant."""
        while isinstance(place, Seats):
            yield from place.work(part)
            taker, next_seat = yield from self._seat(self.onward[id(place)])
            place.leave(seat)
            place, seat = taker, next_seat
        place.finished += 1

    def _seat(self, takers: list[tuple[Exit, int]]) -> Steps:
        """Wait for a seat in one of some places; gives the place and the seat."""
        taker, rank = takers[0]
        if len(takers) > 1:
            taker, rank = next((each for each in takers if each[0].is_open()), (None, 0))
            if taker is None:
                return (yield from self._first_seat(takers))
        if not isinstance(taker, Seats):
            return taker, None
        seat = taker.seats.request(priority=rank)
        yield seat
        yield from taker.admit()
        return taker, seat

    def _first_seat(self, takers: list[tuple[Exit, int]]) -> Steps:
        claims = [(taker, taker.seats.request(priority=rank)) for taker, rank in takers]
        yield self.env.any_of([claim for _, claim in claims])
        chosen, seat = next(each for each in claims if each[1].triggered)
        for taker, claim in claims:
            if claim is not seat:
                taker.seats.release(claim) if claim.triggered else claim.cancel()
        yield from chosen.admit()
        return chosen, seat


def _rank(plant: Plant, giver: Place, taker: str) -> int:
    """The place of a giver among those that give to a place."""
    return [place.path for place in plant.places if taker in place.next].index(giver.path)


def _robot_seconds(plant: Plant) -> list[dict[int, float]]:
    """Time of the longest robot program [s] by product, for every place."""
    count = len(plant.products)
    durations = lay_out(plant).programs.duration.reshape(-1, count)
    seconds: list[dict[int, float]] = []
    robot = 0
    for place in plant.places:
        own = durations[robot : robot + len(place.robots)]
        robot += len(place.robots)
        seconds.append({p: float(own[:, p].max()) if len(own) else 0.0 for p in range(count)})
    return seconds
