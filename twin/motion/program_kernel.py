"""Where one robot is in its program: `Programs.joints` for compiled code, a robot at a time."""

from typing import Any, NamedTuple

from twin.core.compiled import compilable
from twin.core.motion import fraction

__all__ = ["FlatPrograms", "joints_in"]


class FlatPrograms(NamedTuple):
    """The columns of `Programs`, as the kernel takes them."""

    first: Any
    count: Any
    start: Any
    duration: Any
    ramp: Any
    jerk: Any
    joints_from: Any
    joints_to: Any
    first_piece: Any
    piece_count: Any
    knot: Any
    cubic: Any


@compilable
def _last_begun(start: Any, first: int, count: int, time: float) -> int:
    """The last of `count` rows from `first` on that has begun at a time; the first, if none has."""
    low, size = first, count
    while size > 1:
        half = size // 2
        if start[low + half] <= time:
            low += half
        size -= half
    return low


@compilable
def joints_in(programs: FlatPrograms, row: int, time: float, joints: Any) -> bool:
    """Write joint positions [J] at `time` [s] into a program; returns whether any has changed."""
    low = _last_begun(programs.start, programs.first[row], programs.count[row], time)
    since = time - programs.start[low]
    done = fraction(since, programs.duration[low], programs.ramp[low], programs.jerk[low])
    pieces = programs.piece_count[low]
    piece, u = 0, 0.0
    if pieces > 0 and done < 1.0:
        since = max(since, 0.0)
        piece = _last_begun(programs.knot, programs.first_piece[low], pieces, since)
        u = since - programs.knot[piece]
    changed = False
    for k in range(joints.shape[0]):
        q = programs.joints_to[low, k]
        if done < 1.0:
            if pieces > 0:
                c = programs.cubic[piece]
                q = c[0, k] + u * (c[1, k] + u * (c[2, k] + u * c[3, k]))
            else:
                a = programs.joints_from[low, k]
                q = a + (q - a) * done
        if q != joints[k]:
            joints[k] = q
            changed = True
    return changed
