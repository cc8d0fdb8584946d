"""Stretches of seams, and who could weld each: with the gun turned the same way all along it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.welding.line import Spots, Welder
from twin.welding.reach import Choices, move_times
from twin.welding.room import Grid, Room, Swept, shared

__all__ = ["Offer", "offers_of", "stretches_of"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

AWAY = 0.7  # of the time from rest: from elsewhere it is nearer
WAYS = 3  # offers of a robot for a stretch, at most
TRIED = 8  # that are looked at for them
ON_THE_WAY = (0.25, 0.5, 0.75)  # shares of the way from rest to a stretch that are looked at


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offer:
    """One way in which the robots of a crew can weld a stretch."""

    crew: int
    stretch: int
    turn: float  # of the gun [rad]
    branch: int  # of the arm, from 1
    spot: Array  # joint positions at its spots [rad], shape [m, J]
    gate: Array  # drawn back from them, shape [m, J]
    time: float  # for welding and moving along [s]
    around: float  # for coming from elsewhere and going [s]
    room: Room | None  # that it takes; None: no matter


def stretches_of(spots: Spots, size: int) -> list[Rows]:
    """Rows of spots: each seam cut into stretches of about so many spots."""
    found: list[Rows] = []
    for seam in np.unique(spots.seam).tolist():
        rows = np.flatnonzero(spots.seam == seam)
        found += np.array_split(rows, max(1, round(len(rows) / size)))
    return found


def offers_of(
    crew: int,
    welder: Welder,
    spots: Spots,
    stretches: Sequence[tuple[Rows, Rows]],
    choices: Choices,
    grid: Grid,
    resting: Room | None,
    clear: Callable[[Array], bool],
) -> list[Offer]:
    """The best ways of a crew to weld each stretch that it can.

    Args:
        crew: its number.
        welder: one of its robots.
        spots: of the product.
        stretches: rows of spots, and the rows of the choices for them; empty ones are not its own.
        choices: of the welder.
        grid: of the room of its station.
        resting: the room of its neighbours at rest, which it leaves free.
        clear: whether it keeps off the body at joint positions [n, J].
    """
    offers: list[Offer] = []
    for number, (rows, own) in enumerate(stretches):
        if not len(rows):
            continue
        cost = choices.cost[own].mean(axis=0)
        best = np.argsort(cost, kind="stable")[:TRIED]
        turns = set[float]()
        for way in best[np.isfinite(cost[best])].tolist():
            turn = float(choices.turn[way])
            if turn in turns or len(turns) == WAYS:
                continue
            offer = _offer(crew, number, welder, spots.time[rows], choices, own, way, grid, clear)
            if offer is None or _meets(offer, resting):
                continue
            turns.add(turn)
            offers.append(offer)
    return offers


def _offer(
    crew: int,
    number: int,
    welder: Welder,
    welding: Array,
    choices: Choices,
    rows: Rows,
    way: int,
    grid: Grid,
    clear: Callable[[Array], bool],
) -> Offer | None:
    at, back = choices.spot[rows, way], choices.gate[rows, way]
    if np.abs(np.diff(at, axis=0)).max(initial=0.0) > 1.0:  # another turn of a joint
        return None
    along = float(move_times(welder, at[:-1], at[1:]).sum())
    enter = float(move_times(welder, back[[0, -1]], at[[0, -1]]).sum())
    middle = back[len(rows) // 2]
    poses = [welder.rest + share * (middle - welder.rest) for share in ON_THE_WAY]
    room = None
    some = [0, len(rows) // 2, -1]
    joints = np.concatenate([at[some], back[some], poses])
    if not clear(joints):
        return None
    if welder.hull is not None:
        placed = welder.hull.placed(welder.arm, joints, welder.base)
        room = grid.room(Swept(placed=placed, part=np.zeros(len(joints), np.int64), count=1))[0]
    return Offer(
        crew=crew,
        stretch=number,
        turn=float(choices.turn[way]),
        branch=int(choices.branch[way]),
        spot=at,
        gate=back,
        time=along + float(welding.sum()),
        around=enter + AWAY * float(move_times(welder, welder.rest, middle)),
        room=room,
    )


def _meets(offer: Offer, resting: Room | None) -> bool:
    return bool(resting and offer.room and shared([offer.room], [resting])[0, 0])
