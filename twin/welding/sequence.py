"""What one robot does: its spots in the order that takes least time, drawn back between seams."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.welding.line import Settings, Spots, Welder
from twin.welding.reach import move_times
from twin.welding.stretches import Offer
from twin.welding.tour import shortest_tour
from twin.welding.visits import Visits

__all__ = ["Load", "load_of", "sequence"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Load:
    """The spots that one robot welds, and how it comes to each."""

    rows: Rows  # of the spots, shape [n]
    spot: Array  # joint positions [rad], shape [n, J]
    gate: Array  # drawn back from them, shape [n, J]
    turn: Array  # of the gun [rad], shape [n]
    branch: Rows  # of the arm, from 1, shape [n]


def load_of(offers: list[tuple[Offer, Rows]], joint_count: int) -> Load:
    """The load of a robot that takes some offers, each with the spots of its stretch."""
    none = np.empty((0, joint_count))
    return Load(
        rows=np.concatenate([np.empty(0, np.int64), *(rows for _, rows in offers)]),
        spot=np.concatenate([none, *(offer.spot for offer, _ in offers)]),
        gate=np.concatenate([none, *(offer.gate for offer, _ in offers)]),
        turn=np.concatenate([none[:, 0], *(np.full(len(r), o.turn) for o, r in offers)]),
        branch=np.concatenate(
            [np.empty(0, np.int64), *(np.full(len(r), o.branch, np.int64) for o, r in offers)]
        ),
    )


def sequence(load: Load, welder: Welder, spots: Spots, settings: Settings) -> Visits:
    """Put spots in the order that takes least time, from rest to rest.

    Neighbours on a seam are gone to directly; between others the gun is drawn back.
    """
    count = len(load.rows)
    if not count:
        return Visits(spot=load.rows, turn=load.turn, back=load.turn, branch=load.branch)
    direct = _direct(load, spots, settings)
    gate, spot = load.gate, load.spot
    enter = move_times(welder, gate, spot)
    by_gates = move_times(welder, gate[:, None], gate[None]) + enter[:, None] + enter
    times = np.zeros((count + 1, count + 1))
    times[1:, 1:] = np.where(direct, move_times(welder, spot[:, None], spot[None]), by_gates)
    times[0, 1:] = times[1:, 0] = enter + move_times(welder, welder.rest, gate)
    order = shortest_tour(times, np.arange(1, count + 1)) - 1
    return _visits(load, order, direct, settings)


def _direct(load: Load, spots: Spots, settings: Settings) -> Flags:
    """Which spots are gone to from which without drawing back, shape [n, n]."""
    at, seam = spots.frames[load.rows, :3, 3], spots.seam[load.rows]
    near = np.linalg.norm(at[:, None] - at, axis=-1) <= settings.stride
    near &= seam[:, None] == seam
    near &= load.turn[:, None] == load.turn
    near &= np.abs(load.spot[:, None] - load.spot).max(axis=-1) <= settings.swing
    return near


def _visits(load: Load, order: Rows, direct: Flags, settings: Settings) -> Visits:
    """Gate, spots and gates between seams, gate."""
    rows, back = list[int](), list[float]()
    for place, row in enumerate(order.tolist()):
        first, last = place == 0, place + 1 == len(order)
        if first or not direct[order[place - 1], row]:
            rows.append(row)
            back.append(settings.gate)
        rows.append(row)
        back.append(0.0)
        if last or not direct[row, order[place + 1]]:
            rows.append(row)
            back.append(settings.gate)
    return Visits(
        spot=load.rows[rows], turn=load.turn[rows], back=np.array(back), branch=load.branch[rows]
    )
