"""What one robot does: its spots in an order, with attitudes and branches chosen jointly.

Order and choices depend on each other, so they take turns: the shortest order for the choices
made, then the best choices for that order by dynamic programming over all of them.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from twin.welding.line import Settings, Spots, Welder
from twin.welding.reach import Choices, move_times
from twin.welding.tour import shortest_tour, tour_length

__all__ = ["Round", "Worker", "sequence"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

ROUNDS = 6
LEAST = 1e-9  # gain [s]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worker:
    """A robot with all the ways in which it can weld the spots of a body."""

    welder: Welder
    spots: Spots
    choices: Choices  # for all spots of the body
    settings: Settings

    def legs(self, one: Rows, other: Rows) -> tuple[Array, NDArray[np.bool_]]:
        """Times from spots to spots [m, k, k] by choice of each, and which are direct."""
        a, b = (_rows(self.choices, rows) for rows in (one, other))
        by_gates = move_times(self.welder, a.gate[:, :, None], b.gate[:, None])
        by_gates = by_gates + a.enter[:, :, None] + b.enter[:, None]
        swing = np.abs(a.spot[:, :, None] - b.spot[:, None]).max(axis=-1)
        away = self.spots.frames[one, :3, 3] - self.spots.frames[other, :3, 3]
        near = np.linalg.norm(away, axis=1) <= self.settings.stride
        near &= self.spots.seam[one] == self.spots.seam[other]
        direct = near[:, None, None] & (swing <= self.settings.swing)
        times = move_times(self.welder, a.spot[:, :, None], b.spot[:, None])
        times = np.where(direct, times, by_gates)
        return np.where(np.isfinite(times), times, np.inf), direct

    def ends(self, rows: Rows) -> Array:
        """Times from rest to spots, by choice, shape [m, k]."""
        own = _rows(self.choices, rows)
        times = own.enter + move_times(self.welder, self.welder.rest, own.gate)
        return np.where(np.isfinite(times), times, np.inf)

    def choose(self, order: Rows) -> tuple[Rows, float]:
        """The best choices for spots in an order, and how long all moves then take [s]."""
        ends = self.ends(order[[0, -1]])
        legs, _ = self.legs(order[:-1], order[1:])
        cost, before = ends[0], list[Rows]()
        for leg in legs:
            ways = cost[:, None] + leg
            before.append(np.argmin(ways, axis=0))
            cost = ways.min(axis=0)
        total = cost + ends[1]
        chosen = [int(np.argmin(total))]
        for back in reversed(before):
            chosen.append(int(back[chosen[-1]]))
        return np.array(chosen[::-1], np.int64), float(total.min())

    def times(self, rows: Rows, chosen: Rows) -> Array:
        """Times between rest (0) and spots with choices made, shape [n + 1, n + 1]."""
        count = len(rows)
        own = _picked(self.choices, rows, chosen)
        fixed = Worker(welder=self.welder, spots=self.spots, choices=own, settings=self.settings)
        one, other = (each.ravel() for each in np.indices((count, count)))
        legs, _ = fixed._legs_of(rows, one, other)
        times = np.zeros((count + 1, count + 1))
        times[1:, 1:] = legs.reshape(count, count)
        ends = own.enter[:, 0] + move_times(self.welder, self.welder.rest, own.gate[:, 0])
        times[0, 1:] = times[1:, 0] = ends
        return times

    def _legs_of(self, rows: Rows, one: Rows, other: Rows) -> tuple[Array, NDArray[np.bool_]]:
        local = Worker(
            welder=self.welder,
            spots=_spots_of(self.spots, rows),
            choices=self.choices,
            settings=self.settings,
        )
        return local.legs(one, other)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Round:
    """The spots that a robot welds from rest to rest."""

    order: Rows  # rows of the spots, shape [n]
    chosen: Rows  # the choice at each
    moving: float  # s
    welding: float  # s

    @property
    def time(self) -> float:
        """From rest to rest [s]."""
        return self.moving + self.welding


def sequence(worker: Worker, rows: Rows) -> Round:
    """Put spots in the order that takes least time, and choose attitudes and branches.

    Args:
        worker: the robot; it must reach all of them.
        rows: of the spots, in an order to begin with; shape [n].
    """
    if not len(rows):
        return Round(order=rows, chosen=rows, moving=0.0, welding=0.0)
    order = np.asarray(rows, np.int64)
    chosen, moving = worker.choose(order)
    for _ in range(ROUNDS):
        times = worker.times(order, chosen)
        tour = shortest_tour(times, np.arange(1, len(order) + 1)) - 1
        if tour_length(times, tour + 1) > moving - LEAST:
            break
        order = order[tour]
        chosen, moving = worker.choose(order)
    welding = float(worker.spots.time[order].sum())
    return Round(order=order, chosen=chosen, moving=moving, welding=welding)


def _rows(choices: Choices, rows: Rows) -> Choices:
    return Choices(**{each.name: getattr(choices, each.name)[rows] for each in fields(choices)})


def _picked(choices: Choices, rows: Rows, chosen: Rows) -> Choices:
    """One choice of each spot, shape [n, 1, ...]."""
    picked = {each.name: getattr(choices, each.name) for each in fields(choices)}
    return Choices(**{name: value[rows, chosen][:, None] for name, value in picked.items()})


def _spots_of(spots: Spots, rows: Rows) -> Spots:
    names = tuple(spots.names[row] for row in rows.tolist())
    return Spots(
        names=names,
        frames=spots.frames[rows],
        seam=spots.seam[rows],
        gun=tuple(spots.gun[row] for row in rows.tolist()),
        step=tuple(spots.step[row] for row in rows.tolist()),
        time=spots.time[rows],
    )
