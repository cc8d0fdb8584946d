"""Poses along moves, and how near moves come to the body.

Robots that stand alike and move alike come as near, so every move is looked at once.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.motion.program import PlannedProgram
from twin.plant import Task
from twin.welding.body import Bodies
from twin.welding.line import Welder

__all__ = ["Ways", "moves_of", "poses"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

STRIDE = 0.08  # m, at most between poses that are looked at
ARM = 2.5  # m, how far out a joint swings what it carries


class Ways:
    """How near moves come to the body, of all that were looked at."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._known: dict[object, float] = {}

    def gaps(self, welder: Welder, task: Task) -> Array:
        """How near each move of a robot comes, in their order [m]; see `Bodies.gaps`."""
        before, after = moves_of(task.planned)
        stand = id(welder.arm), id(welder.hull), welder.base.tobytes()
        body = self._bodies.key(welder.station)
        keys = [
            (stand, body, one.tobytes(), other.tobytes())
            for one, other in zip(before, after, strict=True)
        ]
        new = [row for row, key in enumerate(keys) if key not in self._known]
        if new:
            joints, part = poses(before[new], after[new])
            gaps = np.full(len(new), np.inf)
            np.minimum.at(gaps, part, self._bodies.gaps(welder, joints))
            self._known |= {keys[row]: gap for row, gap in zip(new, gaps.tolist(), strict=True)}
        return np.array([self._known[key] for key in keys])


def moves_of(planned: PlannedProgram) -> tuple[Array, Array]:
    """Joint positions before and after each move of a program, waits left out, [m, J] each."""
    moving = np.any(planned.joints_from != planned.joints_to, axis=1)
    return planned.joints_from[moving], planned.joints_to[moving]


def poses(before: Sequence[Array] | Array, after: Sequence[Array] | Array) -> tuple[Array, Rows]:
    """Joint positions along joint moves, [n, J], and the move of each, [n].

    Both ends of long moves are there; of a move shorter than the stride its middle alone.
    """
    begin, end = np.asarray(before, np.float64), np.asarray(after, np.float64)
    counts = np.ceil(np.abs(end - begin).max(axis=1, initial=0.0) * ARM / STRIDE).astype(np.int64)
    counts += counts > 1
    part = np.repeat(np.arange(len(begin)), counts)
    shares = [np.linspace(0.0, 1.0, n) if n > 1 else np.full(n, 0.5) for n in counts.tolist()]
    share = np.concatenate([np.empty(0), *shares])
    return begin[part] + (end - begin)[part] * share[:, None], part
