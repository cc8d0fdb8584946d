"""Material flow as straight pieces: where every part is at any time, all parts at once.

A piece goes evenly from one pose to another; after it its end holds until the part's next piece.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.motion import Paths, Segments
from twin.motion.segment import coordinate_after
from twin.scene.export.keys import between
from twin.scene.export.part_curves import PartCurves
from twin.units import TICKS_PER_SECOND

__all__ = ["Pieces", "parts_of", "pieces_of"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pieces:
    """Pieces of all parts, by part, then time; all arrays have a row per piece."""

    serial: Rows
    look: Rows
    start: Array  # when it begins [ticks]
    end: Array  # when its motion is over
    until: Array  # when the part is no more there, or its next piece begins
    xyz: tuple[Array, Array]  # positions at start and end [m], each [n, 3]
    wxyz: tuple[Array, Array]  # orientations at start and end, each [n, 4]

    def between(self, begin: float, end: float) -> "Pieces":
        """Those that are seen at some time from `begin` to before `end` [ticks]."""
        return self.taken((self.start < end) & (self.until > begin))

    def taken(self, rows: NDArray[np.bool_] | Rows) -> "Pieces":
        """Some of them, in the order given."""
        return Pieces(
            serial=self.serial[rows], look=self.look[rows], start=self.start[rows],
            end=self.end[rows], until=self.until[rows],
            xyz=(self.xyz[0][rows], self.xyz[1][rows]),
            wxyz=(self.wxyz[0][rows], self.wxyz[1][rows]),
        )  # fmt: skip

    def poses(self, rows: Rows, ticks: Array) -> tuple[Array, Array]:
        """Where pieces [n] have their parts at times [n]: positions [n, 3], orientations [n, 4]."""
        length = np.maximum(self.end[rows] - self.start[rows], 1e-9)
        weight = np.clip((ticks - self.start[rows]) / length, 0.0, 1.0)
        a, b = self.xyz[0][rows], self.xyz[1][rows]
        xyz = a + (b - a) * weight[:, None]
        if self.turns:
            return xyz, between(self.wxyz[0][rows], self.wxyz[1][rows], weight)
        return xyz, self.wxyz[0][rows]

    @property
    def turns(self) -> bool:
        """Whether any part turns on its way."""
        return bool((self.wxyz[0] != self.wxyz[1]).any())


def parts_of(segments: Segments, robots: int, until: int) -> tuple[Segments, Array]:
    """Segments of parts in sight, by part and time, and when each is over [ticks].

    Args:
        segments: of a run, by rising tick.
        robots: how many subjects are robots.
        until: when the run ends [ticks].
    """
    mine = segments[(segments["subject"] >= robots) & (segments["tick"] <= until)]
    mine = mine[np.lexsort((mine["tick"], mine["subject"]))]
    last = np.append(mine["subject"][1:] != mine["subject"][:-1], True)[: len(mine)]
    over = np.where(last, until, np.append(mine["tick"][1:], until)[: len(mine)]).astype(float)
    seen = (mine["track"] >= 0) & (last | (over > mine["tick"]))
    mine, over = mine[seen], over[seen]
    order = np.lexsort((mine["tick"], mine["part"]))
    return mine[order], over[order]


def pieces_of(segments: Segments, over: Array, paths: Paths, curves: PartCurves) -> Pieces:
    """Cut the ways of parts into straight pieces.

    Args:
        segments: of parts in sight, from `parts_of`.
        over: when each is over [ticks].
        paths: that they move along.
        curves: fits those that are not straight at an even speed.
    """
    straight = (segments["ramp"] == 0) & (paths.count[segments["track"]] <= 2)
    parts = [_straight(segments[straight], over[straight], paths)]
    bent = np.flatnonzero(~straight).tolist()
    parts += [_bent(segments[row : row + 1], float(over[row]), curves) for row in bent]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    serial, look, start, end, until, a, b, p, q = columns
    order = np.lexsort((start, serial))
    pieces = Pieces(
        serial=serial.astype(np.int64), look=look.astype(np.int64), start=start, end=end,
        until=until, xyz=(a, b), wxyz=(p, q),
    )  # fmt: skip
    return pieces.taken(order)


def _straight(segments: Segments, over: Array, paths: Paths) -> tuple[Array, ...]:
    start = segments["tick"].astype(float)
    end = np.minimum(start + segments["duration"], over)
    after = coordinate_after(segments, (end - start) / TICKS_PER_SECOND)
    a, p = paths.pose(segments["track"], segments["start"])
    b, q = paths.pose(segments["track"], after)
    rests = segments["duration"] == 0
    a, p = np.where(rests[:, None], b, a), np.where(rests[:, None], q, p)
    return segments["part"], segments["look"], start, end, over, a, b, p, q


def _bent(segment: Segments, over: float, curves: PartCurves) -> tuple[Array, ...]:
    """One segment: pieces between all keys of its position and orientation."""
    tick = float(segment["tick"][0])
    xyz, wxyz = curves.of(segment)
    seconds = (over - tick) / TICKS_PER_SECOND
    keys = np.unique(np.concatenate([xyz.time, wxyz.time]))
    keys = np.append(keys[keys < seconds], min(seconds, keys[-1]))
    if len(keys) == 1:
        keys = np.repeat(keys, 2)
    positions, turns = xyz.at(keys), wxyz.at(keys)
    start, end = tick + keys[:-1] * TICKS_PER_SECOND, tick + keys[1:] * TICKS_PER_SECOND
    count = len(start)
    until = np.append(end[:-1], over)
    serial, look = np.repeat(segment["part"], count), np.repeat(segment["look"], count)
    return (
        serial, look, start, end, until,
        positions[:-1], positions[1:], turns[:-1], turns[1:],
    )  # fmt: skip
