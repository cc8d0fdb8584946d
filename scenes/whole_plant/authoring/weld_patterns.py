"""What robots of weld cells weld: seams by patterns, in which neighbours weld apart.

A zone is where a robot stands along the car, front to rear.
"""

from scenes.whole_plant.authoring.weld_jobs import Job

__all__ = ["FRAMING", "PATTERNS", "ROOF"]

# Respot patterns: for the zones front, middle and rear the seams visited, as (seam, start, stop).
# Neighbours weld apart in x in every pattern.
Visit = tuple[str, float, float]
PATTERNS: dict[str, tuple[tuple[Visit, Visit], ...]] = {
    "A": (
        (("arch_front", 0.06, 0.48), ("arch_front", 0.52, 0.94)),
        (("bottom_front", 0.04, 0.60), ("behind_front", 0.12, 0.90)),
        (("top_rear", 0.66, 0.97), ("arch_rear", 0.06, 0.94)),
    ),
    "B": (
        (("ahead_front", 0.32, 0.98), ("top_front", 0.03, 0.26)),
        (("top_rear", 0.03, 0.25), ("top_front", 0.72, 0.98)),
        (("arch_rear", 0.10, 0.90), ("behind_rear", 0.20, 0.80)),
    ),
    "C": (
        (("ahead_front", 0.30, 0.96), ("arch_front", 0.12, 0.88)),
        (("bottom_rear", 0.62, 0.97), ("ahead_rear", 0.12, 0.90)),
        (("top_rear", 0.58, 0.95), ("arch_rear", 0.12, 0.88)),
    ),
    "D": (
        (("arch_front", 0.10, 0.90), ("top_front", 0.02, 0.24)),
        (("ahead_rear", 0.10, 0.88), ("top_front", 0.70, 0.96)),
        (("arch_rear", 0.08, 0.92), ("behind_rear", 0.34, 0.82)),
    ),
}
FRAMING = (
    (Job("nose", 0.0, 0.4, 8, (45, 15, 0), 0.40),),
    (Job("arch_front", 0.72, 1.0, 10, (10, 0, -48), 0.40),),
    (Job("arch_rear", 0.0, 0.22, 10, (15, 15, 55), 0.45),),
    (Job("tail", 0.0, 1.0, 11, (-50, 25, 0), 0.40),),
)
ROOF = (
    (Job("top_front", 0.08, 0.92, 14),),
    (Job("top_rear", 0.08, 0.95, 15),),
)
