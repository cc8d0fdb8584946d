"""Runs of small plants as tests read them: what happened when, in seconds."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from tests.engine.lines import Tape
from twin.core.parameters import Params
from twin.core.record import FINISHED, MOVE, STATE
from twin.core.state import STATES
from twin.engine.simulation import Simulation
from twin.plant import Place, Plant, Product, connect

__all__ = ["Flow", "line", "plant_of"]

SECOND = 1_000_000


def plant_of(places: Iterable[Place], *names: str) -> Plant:
    """A plant of these places for products of these names."""
    products = tuple(Product(name=name, forms=("raw", "made")) for name in names or ("part",))
    return Plant(places=tuple(places), products=products)


def line(*kinds: tuple[str, Params], names: tuple[str, ...] = (), more: Iterable[Place] = ()):
    """Places in a row, and others beside it."""
    return plant_of((*connect(kinds), *more), *names)


class Flow:
    """A run of a plant to a time [s], with all its events."""

    def __init__(self, plant: Plant, until: float, *, seed: int = 1, commands: Any = ()) -> None:
        self.plant, tape = plant, Tape()
        self.simulation = Simulation(plant, seed=seed, recorder=tape)
        for at, command in commands:
            self.simulation.advance(round(at * SECOND))
            self.simulation.apply(command)
        self.simulation.advance(round(until * SECOND))
        self.events = np.concatenate(tape.events)
        self.world = self.simulation.totals()

    def _of(self, code: int) -> Any:
        return self.events[self.events["code"] == code]

    def into(self, path: str) -> list[float]:
        """When parts came into a place."""
        moves = self._of(MOVE)
        return (moves["tick"][moves["place"] == self.plant.index(path)] / SECOND).tolist()

    def out(self, path: str) -> list[float]:
        """When parts left a place for another one."""
        moves = self._of(MOVE)
        return (moves["tick"][moves["value"] == self.plant.index(path)] / SECOND).tolist()

    def finished(self) -> list[int]:
        """Serial numbers of the finished parts, in order."""
        return self._of(FINISHED)["part"].tolist()

    def states(self, path: str) -> list[tuple[float, str]]:
        """When a place entered which state; states that lasted no time are left out."""
        changes = self._of(STATE)
        changes = changes[changes["place"] == self.plant.index(path)]
        found: list[tuple[float, str]] = []
        for tick, value in zip(changes["tick"].tolist(), changes["value"].tolist(), strict=True):
            if found and found[-1][0] == tick / SECOND:
                found.pop()
            if not found or found[-1][1] != STATES[value]:
                found.append((tick / SECOND, STATES[value]))
        return found

    def row(self, path: str) -> Any:
        """The place's row at the end."""
        return self.world.place[self.plant.index(path)]
