"""Motion segments: what an engine says about motion, once, when a motion begins.

A segment is 64 bytes and holds until the subject's next one. Its coordinate is metres along a path
(parts) or seconds into a program (robots); `Paths` and `Programs` turn it into poses and joints.

A robot that brakes on its path, or starts again, has a `ramp` below zero: the rate of its program's
clock changes, as twin.core.program_clock says.
"""

from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.profile import profile
from twin.motion.rows import first_rows, last_at_or_before, read_only
from twin.units import TICKS_PER_SECOND

__all__ = ["SEGMENT", "Segments", "Timeline"]
__all__ += ["coordinate", "coordinate_after", "current", "even_and_over"]

Segments: TypeAlias = NDArray[Any]  # structured, of dtype SEGMENT

SEGMENT = np.dtype(
    [
        ("tick", "i8"),  # start [ticks]
        ("duration", "i8"),  # [ticks]; afterwards the coordinate stays at `end`
        ("start", "f8"),  # coordinate at `tick`: [m] along a path, or [s] into a program
        ("end", "f8"),  # coordinate at `tick` + `duration`
        ("ramp", "f8"),  # acceleration time of the profile [s]; 0 is constant speed; robots: < 0
        ("jerk", "f8"),  # jerk-phase time of the profile [s], at most `ramp` / 2; see below
        ("subject", "i4"),  # who: [0, robot_count) robots, robot_count + slot for parts
        ("track", "i4"),  # path row (parts) or program row (robots); -1: not in the scene
        ("look", "i4"),  # parts: row of the looks table; robots: -1
        ("part", "i4"),  # parts: serial number of the part in that slot, 1, 2, ...; robots: 0
    ],
    align=True,
)


def coordinate(segments: Segments, tick: ArrayLike) -> NDArray[np.float64]:
    """Where each segment's subject is on its track: [m] for parts, [s] for robots.

    Args:
        segments: Of dtype SEGMENT, shape [n].
        tick: One time for all, or one each, shape [n] [ticks].
    """
    since = np.asarray(tick, dtype=np.int64) - segments["tick"]
    return coordinate_after(segments, np.asarray(since / TICKS_PER_SECOND))


def coordinate_after(segments: Segments, elapsed: NDArray[np.float64]) -> NDArray[np.float64]:
    """As `coordinate`, by the time since each segment began [s], shape [n]."""
    duration = segments["duration"] / TICKS_PER_SECOND
    done = profile(elapsed, duration, np.maximum(segments["ramp"], 0.0), segments["jerk"])
    changing = segments["ramp"] < 0.0
    if np.any(changing):
        done[changing] = _share_gone(segments[changing], elapsed[changing])
    start, end = segments["start"], segments["end"]
    return np.where(done < 1.0, start + (end - start) * done, end)  # land on `end` exactly


def even_and_over(segment: Segments) -> tuple[float, float]:
    """When the rate of a program's clock begins to change, and when that is over [s].

    Args:
        segment: With a `ramp` below zero, shape [1]. If the first is below zero, the clock stands
            from its amount on until the second.
    """
    over, change = -float(segment["ramp"][0]), float(segment["jerk"][0])
    return (change if change >= 0.0 else over + change), over


def _share_gone(segments: Segments, elapsed: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of its way that a program's clock has gone whose rate changes."""
    duration, over = segments["duration"] / TICKS_PER_SECOND, -segments["ramp"]
    change = segments["jerk"]
    stops = change >= 0.0
    even = np.where(stops, change, over + change)
    since = np.maximum(elapsed - even, 0.0)
    gone = elapsed - since * since / (2.0 * np.where(over > even, over - even, 1.0))
    faded = 2.0 * gone / np.where(even + over > 0.0, even + over, 1.0)
    rests = even < 0.0
    faded = np.where(
        rests, np.maximum(elapsed + even, 0.0) / np.where(rests, over + even, 1.0), faded
    )
    faded = np.where(elapsed < over, faded, 1.0)
    way = segments["end"] - segments["start"]
    ahead = elapsed - (duration - way) * faded
    return np.where(elapsed < duration, np.where(stops, faded, ahead / way), 1.0)


def current(segments: Segments, tick: int) -> Segments:
    """Pick the segment each subject is in: its latest with start <= tick, by rising subject.

    Segments may be in any order; of two that start in the same tick the later in the array holds.
    Subjects that have not begun are left out; those with track -1 are kept, for the caller to see.
    To look at many times, build a `Timeline` once instead.
    """
    return Timeline.build(segments).at(tick)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timeline:
    """All segments of a run, sorted so that any moment is found in one vectorised search."""

    segments: Segments  # sorted by subject, then tick, shape [n]
    first: NDArray[np.int64]  # first segment of each subject that occurs, shape [subject_count]
    count: NDArray[np.int64]  # its number of segments, shape [subject_count]

    @classmethod
    def build(cls, segments: Segments) -> Self:
        """Sort segments given in any order; where ticks tie the later in the array comes later."""
        order = np.lexsort((segments["tick"], segments["subject"]))  # stable
        _, count = np.unique(segments["subject"], return_counts=True)
        count = count.astype(np.int64)
        return cls(
            segments=read_only(segments[order]),
            first=read_only(first_rows(count)),
            count=read_only(count),
        )

    def at(self, tick: int) -> Segments:
        """Pick the segment each subject is in at a time [ticks], by rising subject, shape [k]."""
        when = np.full(len(self.first), tick, dtype=np.int64)
        ticks = np.ascontiguousarray(self.segments["tick"])
        found = self.segments[last_at_or_before(ticks, self.first, self.count, when)]
        return found[found["tick"] <= tick]
