"""Whether something is wholly inside something else, at one tick."""

import numpy as np
from numpy.typing import NDArray

from twin.physics.mover import Mover
from twin.physics.solids import Solid, Solids

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
    pairs: list[list[int]] = np.argwhere(near).tolist()
    for i, j in pairs:
        a, b = solids.each[int(one.solids[i])], solids.each[int(other.solids[j])]
        here, there = placed[0][i], placed[1][j]
        point = _within(a, here, b, there)
        point = _within(b, there, a, here) if point is None else point
        if point is not None:
            return (i, j), np.stack([point, point])
    return None


def _within(outer: Solid, frame: Array, inner: Solid, placed: Array) -> Array | None:
    """A corner of the inner solid that is inside the outer one, in the world; None without."""
    seen: Array = np.linalg.inv(frame) @ placed
    marks: Array = inner.shell.marks @ seen[:3, :3].T + seen[:3, 3]
    inside = outer.shell.inside(marks)
    if not inside.any():
        return None
    mark: Array = marks[int(inside.argmax())]
    return frame[:3, :3] @ mark + frame[:3, 3]


def _middles(solids: Solids, mover: Mover, frames: Array) -> Array:
    """Balls around the solids in the world, shape [k, 4]."""
    rows: list[int] = mover.solids.tolist()
    balls = np.array([solids.each[row].ball for row in rows])
    middle = np.einsum("kij,kj->ki", frames[:, :3, :3], balls[:, :3]) + frames[:, :3, 3]
    return np.column_stack([middle, balls[:, 3]])
