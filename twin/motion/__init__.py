"""Closed-form motion: where everything is at any time, from a few numbers and no simulation.

`Paths` place parts, `Programs` move robots, `SEGMENT` records say which of them when, and one
`profile` gives every motion its timing. All of it is pure, vectorised NumPy in float64.
"""

from twin.motion.arm import Arm, Arms
from twin.motion.joint import Joint, Link
from twin.motion.kinematics import jacobian, link_poses, manipulability, singularity_distance
from twin.motion.path import Paths, Polyline, turned_in, with_headings
from twin.motion.profile import Timing, profile, synchronised, to_whole_ticks, travel
from twin.motion.program import PlannedProgram, Programs, plan_program
from twin.motion.segment import SEGMENT, Segments, Timeline, coordinate, current

__all__ = [
    "SEGMENT",
    "Arm",
    "Arms",
    "Joint",
    "Link",
    "Paths",
    "PlannedProgram",
    "Polyline",
    "Programs",
    "Segments",
    "Timeline",
    "Timing",
    "coordinate",
    "current",
    "jacobian",
    "link_poses",
    "manipulability",
    "plan_program",
    "profile",
    "singularity_distance",
    "synchronised",
    "to_whole_ticks",
    "travel",
    "turned_in",
    "with_headings",
]
