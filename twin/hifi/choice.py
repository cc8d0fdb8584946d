"""Which part to pick: one that lies still, open to the tool from above, and as high as any."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.hifi.bodies import Bodies
from twin.hifi.plan import CellPlan
from twin.motion.frame import rotate

__all__ = ["Grasp", "grasps", "strayed"]

Array = NDArray[np.float64]
STILL = 0.02  # m/s, and the same in turns of 0.1 m
LEVEL = 0.8  # least Z of the normal where the tool takes hold
ASTRAY = 0.1  # m outside the volume
ABOVE = 1.0  # m over the volume, from where one looks down


class Grasp(NamedTuple):
    """A point at which a tool can take hold of a part."""

    slot: int
    point: Array  # in the world [m], shape [3]


def grasps(plan: CellPlan, bodies: Bodies, product: str) -> list[Grasp]:
    """Grasps of parts of a product, one a part, the highest first."""
    best = [_best(plan, bodies, slot, product) for slot in bodies.used if _lies(bodies, slot)]
    found = [each for each in best if each is not None]
    return sorted(found, key=lambda each: (-float(each.point[2]), each.slot))


def strayed(plan: CellPlan, bodies: Bodies, slot: int) -> bool:
    """Whether a part lies still far from where it could be picked, such as on the floor."""
    xyz = bodies.pose(slot)[0]
    low, high = plan.volume
    return _lies(bodies, slot) and bool((xyz < low - ASTRAY).any() or (xyz > high + ASTRAY).any())


def _lies(bodies: Bodies, slot: int) -> bool:
    speed, turning = bodies.speed(slot)
    return speed < STILL and turning * 0.1 < STILL


def _best(plan: CellPlan, bodies: Bodies, slot: int, product: str) -> Grasp | None:
    """The highest open point of a part, of those that are looked at."""
    if bodies.products[slot] != product:
        return None
    xyz, wxyz = bodies.pose(slot)
    low, high = plan.volume
    found: list[Array] = []
    for solid in plan.parts[product]:
        middle = solid.points.mean(axis=0)
        own = np.vstack([middle, (middle + solid.points) / 2])
        for x, y, _ in (rotate(wxyz, own) + xyz).tolist():
            sight = bodies.seen_from_above((x, y, high[2] + ABOVE))
            point = np.array([x, y, sight.height])
            if (
                sight.slot == slot
                and sight.upward >= LEVEL
                and ((low <= point) & (point <= high)).all()
            ):
                found.append(point)
    return Grasp(slot, max(found, key=lambda point: round(float(point[2]), 3))) if found else None
