"""When parts come to a place and leave it, and what a stop of the place does to that."""

import numpy as np

from tests.engine.lines import Tape
from twin.core.record import MOVE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.plant import Plant

__all__ = ["SECOND", "stopped_visits", "visits"]

SECOND = 1_000_000


def _moves(tape: Tape, row: int) -> tuple[list[int], list[int]]:
    events = np.concatenate(tape.events)
    events = events[events["code"] == MOVE]
    came = events["tick"][events["place"] == row].tolist()
    return came, events["tick"][events["value"] == row].tolist()


def visits(plant: Plant, path: str, until: float, seed: int = 7) -> tuple[list[int], list[int]]:
    """Ticks at which parts came to a place, and at which they left it, up to a time [s]."""
    tape = Tape()
    Simulation(plant, seed=seed, recorder=tape, interpreted=True).advance(round(until * SECOND))
    return _moves(tape, plant.index(path))


def stopped_visits(
    plant: Plant, path: str, stop: float, start: float, until: float
) -> tuple[list[float], list[float]]:
    """The same in seconds, for a run in which a command stops the place for some time."""
    tape = Tape()
    simulation = Simulation(plant, seed=7, recorder=tape, interpreted=True)
    simulation.advance(round(stop * SECOND))
    simulation.apply(Command(action="stop", path=path))
    simulation.advance(round(start * SECOND))
    simulation.apply(Command(action="start", path=path))
    simulation.advance(round(until * SECOND))
    came, left = _moves(tape, plant.index(path))
    return [tick / SECOND for tick in came], [tick / SECOND for tick in left]
