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


@compilable
def joints_in(programs: FlatPrograms, row: int, time: float, joints: Any) -> bool:
    """Write joint positions [J] at `time` [s] into a program; returns whether any has changed."""
    low, size = programs.first[row], programs.count[row]
    while size > 1:
        half = size // 2
        if programs.start[low + half] <= time:
            low += half
        size -= half
    since = time - programs.start[low]
    done = fraction(since, programs.duration[low], programs.ramp[low], programs.jerk[low])
    changed = False
    for k in range(joints.shape[0]):
        q = programs.joints_to[low, k]
        if done < 1.0:
            a = programs.joints_from[low, k]
            q = a + (q - a) * done
        if q != joints[k]:
            joints[k] = q
            changed = True
    return changed
