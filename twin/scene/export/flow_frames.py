"""At which times a whole flow is written: the fewest frames of a grid that keep the bounds.

A player blends all parts between two frames. Parts go straight between their kinks, so frames at
all kinks are exact. Where that would be too many, frames are on a grid: a blend is furthest off at
a kink, there each is checked, and the grid is made finer until all are right.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.scene.export.flow_pieces import Pieces
from twin.scene.export.keys import angle_between, between

__all__ = ["Frames", "frames_of"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

JUMP = 1e-6  # [m] or [rad]: what moves less has not jumped


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """Times of one stretch of a run, and what is where then."""

    pieces: Pieces
    row: Rows  # instance of each piece
    first: Rows  # first piece of each instance; then the number of pieces
    ticks: Array  # of the frames
    step: float  # of the grid [ticks]

    def piece_at(self, rows: Rows, ticks: Array) -> tuple[Rows, Array]:
        """The piece that says where an instance is, and the time to ask it for.

        Out of sight a part rests where it was, and in time is where it will be seen next.
        """
        key = self.row * 2.0**44 + self.pieces.start
        here = np.searchsorted(key, rows * 2.0**44 + ticks, "right") - 1
        here = np.maximum(here, self.first[rows])
        after = np.minimum(here + 1, self.first[rows + 1] - 1)
        hidden = ticks >= self.pieces.until[here]
        soon = hidden & (self.pieces.start[after] < ticks + 2 * self.step)
        piece = np.where(soon, after, here)
        return piece, np.minimum(ticks, self.pieces.until[piece])

    def poses(self, rows: Rows, ticks: Array) -> tuple[Array, Array]:
        """Where instances are at times."""
        return self.pieces.poses(*self.piece_at(rows, ticks))


def frames_of(
    pieces: Pieces, span: tuple[float, float], step: float, bounds: tuple[float, float]
) -> Frames:
    """Choose the frames of a stretch of a run.

    Args:
        pieces: seen in it, by part.
        span: its first tick and its last.
        step: of the first grid [ticks].
        bounds: of position [m] and orientation [rad].
    """
    _, row, count = np.unique(pieces.serial, return_inverse=True, return_counts=True)
    first = np.concatenate([[0], np.cumsum(count)])
    exact = Frames(pieces=pieces, row=row, first=first, ticks=np.array(span), step=step)
    exact = replace(exact, ticks=_clipped(np.concatenate([_kinks(pieces), _jumps(exact)]), exact))
    while True:
        frames = replace(exact, step=step)
        frames = replace(frames, ticks=_on_grid(frames))
        if len(exact.ticks) <= len(frames.ticks):
            return exact
        if _is_within(frames, bounds):
            return frames
        step /= 2


def _kinks(pieces: Pieces) -> Array:
    """When a part begins or ends an even motion."""
    return np.concatenate([pieces.start, pieces.end, pieces.until])


def _on_grid(frames: Frames) -> Array:
    """The grid's times around kinks, and both sides of jumps."""
    begin, kinks = frames.ticks[0], _kinks(frames.pieces)
    kinks = kinks[(kinks > begin) & (kinks < frames.ticks[-1])]
    number = np.unique(np.floor((kinks - begin) / frames.step))
    grid = begin + np.concatenate([number, number + 1]) * frames.step
    return _clipped(np.concatenate([grid, _jumps(frames)]), frames)


def _clipped(ticks: Array, frames: Frames) -> Array:
    begin, end = frames.ticks[0], frames.ticks[-1]
    return np.unique(np.append(ticks[(ticks > begin) & (ticks < end)], [begin, end]))


def _jumps(frames: Frames) -> Array:
    """Both sides of when a part goes out of sight, and soon after comes into sight elsewhere."""
    pieces = frames.pieces
    if len(pieces.start) < 2:
        return np.zeros(0)
    same = frames.row[1:] == frames.row[:-1]
    close = pieces.start[1:] - pieces.until[:-1] < 4 * frames.step
    far = np.linalg.norm(pieces.xyz[0][1:] - pieces.xyz[1][:-1], axis=1) > JUMP
    turned = angle_between(pieces.wxyz[0][1:], pieces.wxyz[1][:-1]) > JUMP
    jumped = same & close & (far | turned)
    times = np.concatenate([pieces.until[:-1][jumped], pieces.start[1:][jumped]])
    return np.concatenate([times - 1, times])


def _is_within(frames: Frames, bounds: tuple[float, float]) -> bool:
    """Whether a player is within the bounds at all kinks of parts in sight."""
    pieces, ticks = frames.pieces, frames.ticks
    rows = np.concatenate([frames.row, frames.row])
    when = np.concatenate([pieces.start, np.minimum(pieces.end, pieces.until - 1)])
    seen = (when > ticks[0]) & (when < ticks[-1])
    rows, when = rows[seen], when[seen]
    if not len(when):
        return True
    right = np.searchsorted(ticks, when, "left")
    a, b = ticks[right - 1], ticks[right]
    (xyz_a, wxyz_a), (xyz_b, wxyz_b) = frames.poses(rows, a), frames.poses(rows, b)
    weight = (when - a) / (b - a)
    xyz, wxyz = frames.poses(rows, when)
    off = np.linalg.norm(between(xyz_a, xyz_b, weight) - xyz, axis=1).max()
    if off > bounds[0]:
        return False
    if not pieces.turns:
        return True
    return bool(angle_between(between(wxyz_a, wxyz_b, weight), wxyz).max() <= bounds[1])
