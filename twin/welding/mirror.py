"""Lines whose right side mirrors their left: one side is planned, the other follows.

The mirror is the plane through X and Z of the stations. A robot stands, rests and is equipped as
its partner is; a gun's frame keeps X and Z under the mirror, so turns about Z change their sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.welding.line import Spots, Welder
from twin.welding.visits import Visits

__all__ = ["Mirror", "mirror_of"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

NEAR = 1e-6  # m and of unit vectors: rounding
PLANE = np.array([1.0, -1.0, 1.0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mirror:
    """The left side, and what is opposite to it."""

    spots: Rows  # rows of those on the left, shape [n]
    partners: Rows  # of each of them on the right, shape [n]
    welders: tuple[int, ...]  # rows of those on the left
    others: tuple[int, ...]  # of each of them on the right

    def left(self, spots: Spots, welders: Sequence[Welder]) -> tuple[Spots, list[Welder]]:
        """One side alone."""
        return spots.some(self.spots), [welders[row] for row in self.welders]

    def moved(self, visits: Visits, *, other: bool) -> Visits:
        """Visits of a left robot, or of its partner, to spots of both sides."""
        spot = (self.partners if other else self.spots)[visits.spot]
        turn = 0.0 - visits.turn if other else visits.turn
        return Visits(spot=spot, turn=turn, back=visits.back, branch=visits.branch)


def mirror_of(spots: Spots, welders: Sequence[Welder]) -> Mirror | None:
    """The mirror of a line; None where its sides differ."""
    axes = np.concatenate(
        [spots.frames[:, :3, 3], spots.frames[:, :3, 0], spots.frames[:, :3, 2]], 1
    )
    words = [(*each, time) for *each, time in zip(spots.gun, spots.step, spots.time, strict=True)]
    partners = _partners(axes, words)
    stands = np.array([_stand(each) for each in welders]).reshape(len(welders), -1)
    kinds = [
        (each.station, id(each.arm), id(each.hull), each.guns, each.steps, each.tool.tobytes(),
            each.rest.tobytes(), each.work)
        for each in welders
    ]  # fmt: skip
    others = _partners(stands, kinds)
    if partners is None or others is None:
        return None
    left = np.flatnonzero(axes[:, 1] > 0)
    own = [row for row, each in enumerate(stands) if each[1] > 0]
    return Mirror(
        spots=left, partners=partners[left], welders=tuple(own),
        others=tuple(int(others[row]) for row in own),
    )  # fmt: skip


def _stand(welder: Welder) -> Array:
    """Origin, X and Z of a base."""
    return np.concatenate([welder.base[:3, 3], welder.base[:3, 0], welder.base[:3, 2]])


def _partners(axes: Array, words: Sequence[object]) -> Rows | None:
    """For each row of vectors [n, 9] the one that is its mirror image, and says the same."""
    known = {_key(row, word): k for k, (row, word) in enumerate(zip(axes, words, strict=True))}
    mirrored = axes * np.tile(PLANE, 3)
    found = [known.get(_key(row, word), -1) for row, word in zip(mirrored, words, strict=True)]
    rows = np.array(found, np.int64)
    alone = (rows < 0).any() or (np.abs(axes[:, 1]) < NEAR).any()
    return None if alone or len(known) < len(axes) else rows


def _key(row: Array, word: object) -> object:
    return tuple((np.round(row / NEAR / 10) + 0.0).tolist()), word
