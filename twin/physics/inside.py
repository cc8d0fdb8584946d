"""Whether something is wholly inside something else, at one tick."""

import numpy as np
from numpy.typing import NDArray

from twin.physics.mover import Mover
from twin.physics.solids import Solids

__all__ = ["contained"]

Array = NDArray[np.float64]
Hidden = tuple[tuple[int, int], Array]


def contained(solids: Solids, one: Mover, other: Mover, *, tick: int) -> Hidden | None:
    """The first solid of one mover that has a piece inside a closed solid of the other.

    It is for movers whose surfaces don't touch: then a piece is inside if one corner of it is.

    Returns:
        Numbers of the solids in both movers, and where they are, shape [2, 3] [m]; None if nothing
        is inside anything.
    """
    ticks = np.array([tick])
    placed = one.frames(ticks)[0], other.frames(ticks)[0]
    middles = [_middles(solids, mover, at) for mover, at in zip((one, other), placed, strict=True)]
    apart = np.linalg.norm(middles[0][:, None, :3] - middles[1][:, :3], axis=2)
    near = apart <= middles[0][:, None, 3] + middles[1][:, 3]
    for i, j in np.argwhere(near).tolist():
        a, b = (solids.each[int(mover.solids[k])] for mover, k in ((one, i), (other, j)))
        seen = np.linalg.inv(placed[0][i]) @ placed[1][j]
        back = np.linalg.inv(seen)
        for inner, outer, turn, at in (
            (b, a, seen, placed[0][i]),
            (a, b, back, placed[1][j]),
        ):
            marks = inner.shell.marks @ turn[:3, :3].T + turn[:3, 3]
            inside = outer.shell.inside(marks)
            if inside.any():
                point = at[:3, :3] @ marks[int(inside.argmax())] + at[:3, 3]
                return (i, j), np.stack([point, point])
    return None


def _middles(solids: Solids, mover: Mover, frames: Array) -> Array:
    """Balls around the solids in the world, shape [k, 4]."""
    rows: list[int] = mover.solids.tolist()
    balls = np.array([solids.each[row].ball for row in rows])
    middle = np.einsum("kij,kj->ki", frames[:, :3, :3], balls[:, :3]) + frames[:, :3, 3]
    return np.column_stack([middle, balls[:, 3]])
