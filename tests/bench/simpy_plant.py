"""A plant as a SimPy model of it, for the kinds that cars are built with.

Its rules are those that the README gives: a part goes to the first of the places behind it that has
room; a place takes from the first of its givers that waits. Where none of several places has room,
the part goes to the one that first gives a seat free.
"""

from collections.abc import Mapping
from itertools import cycle
from random import Random
from typing import Any

import simpy

from tests.bench.simpy_joining import TakeOff
from tests.bench.simpy_kinds import room, workplace
from tests.bench.simpy_places import Exit, Part, Steps, Takers
from tests.bench.simpy_time import ALWAYS, Shifts, draws
from twin.engine.layout import lay_out
from twin.kinds.assembler import Assembler
from twin.kinds.calendar import Calendar
from twin.kinds.disassembler import Disassembler
from twin.kinds.merge import Merge
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
            NotImplementedError: a kind, a rule or a distribution that this model lacks.
        """
        self.env = simpy.Environment()
        self.products = [product.name for product in plant.products]
        self.shifts = {
            place.path: Shifts(place.params)
            for place in plant.places
            if isinstance(place.params, Calendar)
        }
        self.givers = _givers(plant)
        robots = _robot_seconds(plant)
        chance = {place.path: Random(f"{seed} {place.path}") for place in plant.places}
        self.places: dict[str, Exit] = {
            place.path: self._made(place, robots[row], chance[place.path])
            for row, place in enumerate(plant.places)
            if not isinstance(place.params, Source | Calendar)
        }
        for place in plant.places:
            takers = {
                path: (self.places[path], self.givers[path].index(place.path))
                for path in place.next
            }
            if isinstance(place.params, Source):
                steps = self._release(place, place.params, list(takers.values()), chance)
                self.env.process(steps)
            elif place.path in self.places:
                self.places[place.path].link(takers)

    @property
    def finished(self) -> int:
        """Parts that have left the plant; what is built into another doesn't count."""
        return sum(place.finished.total() for place in self.places.values())

    def run(self, until: float) -> None:
        """Run on to a time [s]."""
        self.env.run(until=until)

    def _made(self, place: Place, robots: Mapping[str, float], rng: Random) -> Exit:
        """The model of a place."""
        env, params, shifts = self.env, place.params, self._shifts(place)
        ranked = len(self.givers.get(place.path, ())) > 1
        if isinstance(params, Station | Assembler | Disassembler):
            return workplace(env, params, rng, shifts, robots=robots, ranked=ranked)
        return room(env, params, shifts, ranked=ranked)

    def _shifts(self, place: Place) -> Shifts:
        return self.shifts[place.calendar] if place.calendar else ALWAYS

    def _release(
        self, place: Place, source: Source, takers: Takers, chance: Mapping[str, Random]
    ) -> Steps:
        """Make one part after another, each an interval after the last one has left."""
        names = source.sequence or self.products
        sequence = cycle([name for name in names for _ in range(source.lot)])
        rng, shifts, timeout = chance[place.path], self._shifts(place), self.env.timeout
        interval = draws(rng, source.interval_distribution, source.interval, source.interval_spread)
        made = 0
        while source.limit == 0 or made < source.limit:
            part = Part(next(sequence))
            made += 1
            taker, seat = yield from self._seat(part, takers)
            self.env.process(self._journey(part, taker, seat))
            now = self.env.now
            yield timeout(shifts.anew(now, interval()) - now)

    def _journey(self, part: Part, place: Any, seat: simpy.Event | None) -> Steps:
        """A part's way through the plant, until it leaves or is built in."""
        while not place.keeps(part):
            yield from place.work(part)
            if isinstance(place, TakeOff):
                for piece, exits in place.taken_off(part):
                    taker, its_seat = yield from self._seat(piece, exits)
                    self.env.process(self._journey(piece, taker, its_seat))
            taker, next_seat = yield from self._seat(part, place.exits(part))
            place.leave(seat)
            place, seat = taker, next_seat

    def _seat(self, part: Part, takers: Takers) -> Steps:
        """Wait for a seat in one of some places; gives the place and the seat."""
        taker, rank = takers[0]
        if len(takers) > 1:
            taker, rank = next((each for each in takers if each[0].is_open()), (None, 0))
            if taker is None:
                return (yield from self._first_seat(part, takers))
        seat = taker.claim(part, rank)
        if seat is not None:
            yield seat
            if not taker.keeps(part):
                yield from taker.admit()
        return taker, seat

    def _first_seat(self, part: Part, takers: Takers) -> Steps:
        claims = [(taker, taker.claim(part, rank)) for taker, rank in takers]
        yield self.env.any_of([claim for _, claim in claims])
        chosen, seat = next(each for each in claims if each[1].triggered)
        for taker, claim in claims:
            if claim is not seat:
                taker.seats.release(claim) if claim.triggered else claim.cancel()
        yield from chosen.admit()
        return chosen, seat


def _givers(plant: Plant) -> dict[str, list[str]]:
    """Those that give to each place, the first served first."""
    givers: dict[str, list[str]] = {}
    for place in plant.places:
        for path in place.next:
            givers.setdefault(path, []).append(place.path)
    for place in plant.places:
        if isinstance(place.params, Merge):
            first = [path for path in place.params.order if path in givers[place.path]]
            others = [path for path in givers[place.path] if path not in first]
            givers[place.path] = first + others
    return givers


def _robot_seconds(plant: Plant) -> list[dict[str, float]]:
    """Time of the longest robot program [s] by product, for every place."""
    names = [product.name for product in plant.products]
    durations = lay_out(plant).programs.duration.reshape(-1, len(names))
    seconds: list[dict[str, float]] = []
    robot = 0
    for place in plant.places:
        own = durations[robot : robot + len(place.robots)]
        robot += len(place.robots)
        longest = own.max(axis=0) if len(own) else [0.0] * len(names)
        seconds.append(dict(zip(names, map(float, longest), strict=True)))
    return seconds
