"""Speed override: the same way at a share of the planned speed, and changes of that share."""

from typing import TypeVar

from twin.errors import CommandError
from twin.motion.braking import brake
from twin.motion.cubic import CubicTable
from twin.motion.profile import Timing

__all__ = ["change_of_pace", "overridden"]

Motion = TypeVar("Motion", Timing, CubicTable)


def overridden(motion: Motion, override: float) -> Motion:
    """Slow a planned motion down: speed by the override, acceleration by its square, and so on.

    The path is the same, so is the tool's error, and what kept its limits keeps them. The factor
    may be an operator's, or what a torque limit leaves.

    Args:
        motion: A timing, of any shape, or a cubic table.
        override: In (0, 1].

    Raises:
        CommandError: the override is not in (0, 1].
    """
    _check(override)
    if isinstance(motion, CubicTable):
        return motion.stretched(1.0 / override)
    return Timing(*(phase / override for phase in motion))


def change_of_pace(now: float, override: float, *, acceleration: float, jerk: float) -> CubicTable:
    """Change the override while a motion runs: the motion's own clock against time.

    Args:
        now: The override so far, in (0, 1].
        override: The override from now on.
        acceleration: How fast the clock's rate may change [1/s].
        jerk: How fast that may change [1/s2].

    Returns:
        A table of one column, seconds of the motion since now; it ends when the clock runs evenly.

    Raises:
        CommandError: an override is not in (0, 1].
    """
    _check(now)
    _check(override)
    phases = brake(now, 0.0, deceleration=acceleration, jerk=jerk, target=override)
    return CubicTable.of_pieces(
        phases.duration,
        [0.0],
        [now],
        acceleration=phases.acceleration[:, None],
        jerk=phases.jerk[:, None],
    )


def _check(override: float) -> None:
    if not 0 < override <= 1:
        raise CommandError(f"a speed override must be above 0 and at most 1, got {override:g}")
