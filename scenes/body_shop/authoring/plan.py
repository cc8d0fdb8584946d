"""The weld plan: which robot of which station welds which part of which seam, with how many spots.

A zone is where a robot stands along the car. Robots of the right side weld the same as those of the
left, in the opposite order.
"""

from dataclasses import replace

from scenes.body_shop.authoring.welding import Job

__all__ = ["jobs_of"]

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
# Respot station: pattern, and spots of the robots in the zones front, middle and rear.
RESPOT = {
    "Station_030": ("A", (15, 16, 14)),
    "Station_040": ("B", (16, 15, 16)),
    "Station_050": ("C", (14, 15, 15)),
    "Station_060": ("D", (16, 18, 17)),
    "Station_070": ("A", (16, 16, 14)),
    "Station_080": ("B", (15, 16, 15)),
    "Station_090": ("C", (15, 16, 16)),
    "Station_100": ("D", (14, 16, 15)),
}
SHIFT = 0.012  # of the seam: later visits set their spots between earlier ones
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


def jobs_of(station: str, equipment: str, number: int) -> tuple[Job, ...]:
    """What a robot welds; number counts from 1, first the left side, front to rear."""
    zones = {"framing": FRAMING, "roof": ROOF}.get(equipment) or _respot(station)
    jobs = zones[(number - 1) % len(zones)]
    if number <= len(zones):
        return jobs
    return tuple(replace(job, start=job.stop, stop=job.start) for job in reversed(jobs))


def _respot(station: str) -> tuple[tuple[Job, ...], ...]:
    pattern, spots = RESPOT[station]
    shift = SHIFT * (list(RESPOT).index(station) // len(PATTERNS))
    return tuple(
        (
            Job(one[0], one[1] + shift, one[2] + shift, (count + 1) // 2),
            Job(
                two[0],
                two[1] - shift if two[2] > 0.9 else two[1] + shift,
                two[2] - shift,
                count // 2,
            ),
        )
        for (one, two), count in zip(PATTERNS[pattern], spots, strict=True)
    )
