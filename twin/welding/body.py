"""How near arms come to the body that they weld. Guns, on their last links, have to touch it."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from twin.physics.mover import Posed, Still
from twin.physics.search import Search
from twin.physics.solids import Solid, Solids
from twin.welding.line import Welder

__all__ = ["Bodies"]

Array = NDArray[np.float64]

LIMIT = 0.1  # m: how far apart is no matter beyond
ERROR = 0.004  # m, of a clearance


class Bodies:
    """What stands in each station while robots weld, in the station's frame."""

    def __init__(self, standing: Mapping[str, Sequence[Solid]]) -> None:
        self._standing = {station: tuple(each) for station, each in standing.items()}
        self._known: dict[object, tuple[Solids, Posed, Still]] = {}

    def key(self, station: str) -> object:
        """The same where the same stands."""
        return tuple(id(each) for each in self._standing.get(station, ()))

    def gaps(self, welder: Welder, joints: Array) -> Array:
        """Clearance of a robot's links, its last left out, at joint positions [n, J]; shape [n].

        A lower bound [m], right to `ERROR` up to `LIMIT`; infinite where nothing is known to stand.
        """
        standing = self._standing.get(welder.station, ())
        if not standing or welder.hull is None or not len(joints):
            return np.full(len(joints), np.inf)
        key = (id(welder.hull), self.key(welder.station))
        if key not in self._known:
            rows = np.flatnonzero(welder.hull.on < welder.arm.joint_count)
            own = [welder.hull.solids[row] for row in rows.tolist()]
            count = len(own)
            self._known[key] = (
                Solids.build([*own, *standing]),
                Posed(
                    arm=welder.arm, joints=joints, base=welder.base, solids=np.arange(count),
                    links=welder.hull.on[rows], reaches=np.array([each.reach for each in own]),
                ),
                Still(
                    solids=np.arange(count, count + len(standing)),
                    reaches=np.array([each.reach for each in standing]),
                    placed=np.tile(np.eye(4), (len(standing), 1, 1)),
                ),
            )  # fmt: skip
        solids, like, still = self._known[key]
        posed = Posed(
            arm=welder.arm, joints=joints, base=welder.base, solids=like.solids, links=like.links,
            reaches=like.reaches,
        )  # fmt: skip
        search = Search(solids, [(posed, still)], LIMIT, ERROR)
        return search.gaps(np.zeros(len(joints), np.int64), np.arange(len(joints)))
