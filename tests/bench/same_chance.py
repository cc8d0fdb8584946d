"""Gives the SimPy model of a plant our random numbers: then both must do the same to the tick.

What is left is how the two of them read the rules. Places that are equal to the tick would give
ties, which each side breaks in its own way; `untied` makes no two places quite alike.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tests.bench.simpy_plant import SimpyPlant
from tests.bench.simpy_station import Workplace
from twin.core.draw import draw_share, draw_ticks, philox, stream_key
from twin.core.failure import duration
from twin.kinds.conveyor import Conveyor
from twin.kinds.source import Source
from twin.plant import Place, Plant

__all__ = ["same_chance", "untied"]

NO_SAMPLES = np.zeros(1, np.int64)


def same_chance(plant: Plant, *, seed: int) -> SimpyPlant:
    """The model of a plant, with the draws that a run of ours with this seed makes."""
    model = SimpyPlant(plant, seed=seed)
    for place in plant.places:
        work = model.places.get(place.path)
        if not isinstance(work, Workplace):
            continue
        params: Any = place.params
        kind, mean, spread = (
            getattr(params, f"process_{each}") for each in ("distribution", "time", "spread")
        )
        work.service = _draws(seed, place.path, "process", duration(kind, mean, spread))
        work.rng = _Shares(seed, place.path)  # type: ignore[assignment]
        if params.mtbf > 0:
            life, repair = (
                duration("exponential", params.mtbf),
                duration("exponential", params.mttr),
            )
            work.lifetime = _draws(seed, place.path, "failure", life)
            work.repair = _draws(seed, place.path, "repair", repair)
            work.life = work.lifetime()
    return model


def untied(plant: Plant) -> Plant:
    """The plant with times and speeds that differ a little from place to place."""
    return replace(plant, places=tuple(map(_a_little_different, plant.places)))


def _a_little_different(place: Place) -> Place:
    """A share of at most 0.0003, which only the path says."""
    params, share = place.params, stream_key(0, 0, place.path, "untied") / 2**64 * 3e-4
    if isinstance(params, Conveyor):
        return replace(place, params=replace(params, speed=params.speed * (1 + share)))
    if isinstance(params, Source):
        return replace(place, params=replace(params, interval=params.interval * (1 + share)))
    if hasattr(params, "transfer_time"):
        changed: Any = params
        return replace(place, params=replace(changed, transfer_time=changed.transfer_time + share))
    return place


def _draws(seed: int, path: str, purpose: str, shape: Any) -> Callable[[], float]:
    """The durations [s] that a place of ours draws for a purpose, one after another."""
    stream = _Stream(seed, path, purpose)
    kind, a, b, c = shape

    def draw() -> float:
        at = stream.key, stream.next()
        return draw_ticks(kind, a, b, c, NO_SAMPLES, philox(*at), *at) / 1e6

    return draw


class _Stream:
    """One of the random streams of a place of ours."""

    def __init__(self, seed: int, path: str, purpose: str) -> None:
        self.key = np.uint64(stream_key(seed, 0, path, purpose))
        self.count = 0

    def next(self) -> np.uint64:
        self.count += 1
        return np.uint64(self.count - 1)


class _Shares:
    """The shares in [0, 1) that a place of ours draws for its choices."""

    def __init__(self, seed: int, path: str) -> None:
        self._stream = _Stream(seed, path, "choice")

    def random(self) -> float:
        return float(draw_share(self._stream.key, self._stream.next()))
