"""`motion`: kinematics, planning and clearance against their peers, each in the same run."""

from collections.abc import Iterator

from tests.bench import motion_clearance, motion_fk, motion_ik, motion_plan, motion_poses
from tests.bench.measure import Measure

__all__ = ["measures"]

# modules with measures()
CONTESTS = (motion_fk, motion_ik, motion_plan, motion_clearance, motion_poses)


def measures() -> Iterator[Measure]:
    """Every contest, one after the other."""
    for contest in CONTESTS:
        yield from contest.measures()
