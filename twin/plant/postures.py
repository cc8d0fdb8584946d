"""Joint positions at the visits of a route: branches chosen jointly, and kept along lines.

Joint moves may change the branch of the arm's pose, so targets reached by them are chosen together,
the least travelling time first. A line or an arc stays in its branch: if that leads it out of the
limits, the target where it begins is taken in another branch.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from twin.errors import SceneError
from twin.motion.follow import follow as follow_path
from twin.motion.inverse import follow, solve
from twin.motion.wrist import has_spherical_wrist
from twin.plant.hops import Hop, Journey

__all__ = ["postures"]

Array = NDArray[np.float64]

PLACES = np.linspace(0.0, 1.0, 25)  # on a line, where its joints are looked at
TURNS = (0.0, 2 * np.pi, -2 * np.pi)


def postures(journey: Journey) -> Array:
    """Joint positions [rad] at every visit; home first and last, shape [n + 2, J].

    A point that an arc goes through has none: not-a-number.

    Raises:
        SceneError: targets can't be reached, or the way between them.
    """
    joints = np.full((len(journey.route) + 2, journey.arm.joint_count), np.nan)
    joints[0] = joints[-1] = journey.home
    at = -1
    for jumps, paths in _stretches(journey.hops[:-1]):
        if jumps:
            visits = [hop.end for hop in jumps]
            joints[np.array(visits) + 1] = follow(
                journey.arm, journey.flanges(visits), joints[at + 1], base=journey.base,
                where=journey.where, targets=[journey.name(visit) for visit in visits],
                wanted=journey.branches(visits),
            )  # fmt: skip
            at = visits[-1]
        if not paths:
            continue
        try:
            _along(journey, paths, at, joints)
        except SceneError:
            if (
                not jumps
                or not has_spherical_wrist(journey.arm)
                or not _other(journey, paths, at, joints)
            ):
                raise
        at = paths[-1].end
    return joints


def _stretches(hops: Sequence[Hop]) -> list[tuple[list[Hop], list[Hop]]]:
    """Joint moves, and the lines and arcs after them; and so on."""
    found: list[tuple[list[Hop], list[Hop]]] = []
    for hop in hops:
        if not found or (hop.kind == "joint" and found[-1][1]):
            found.append(([], []))
        found[-1][hop.kind != "joint"].append(hop)
    return found


def _along(journey: Journey, paths: Sequence[Hop], start: int, joints: Array) -> None:
    """Fill in the joints at the ends of lines and arcs, from those at the visit they start at."""
    for hop in paths:
        path, where = journey.path(hop, start), f"{journey.where} {journey.name(hop.end)}"
        way = follow_path(
            journey.arm, path, PLACES, joints[start + 1], tool=journey.route.tool,
            base=journey.base, where=where,
        )  # fmt: skip
        joints[hop.end + 1] = way[-1]
        start = hop.end


def _other(journey: Journey, paths: Sequence[Hop], start: int, joints: Array) -> bool:
    """Begin lines in another branch, the nearest first, in which all of them can be gone."""
    arm, own = journey.arm, joints[start + 1].copy()
    branches = solve(arm, journey.flanges([start]), journey.base)[0]
    wound = np.array(list(product(TURNS, repeat=2)))
    every = np.repeat(branches[~np.isnan(branches).any(axis=1)], len(wound), axis=0)
    every[:, [3, 5]] += np.tile(wound, (len(every) // len(wound), 1))
    every = every[arm.within_limits(every)]
    for each in every[np.argsort(np.max(np.abs(every - own) / arm.speed, axis=1), kind="stable")]:
        joints[start + 1] = each
        try:
            _along(journey, paths, start, joints)
        except SceneError:
            continue
        return True
    joints[start + 1] = own
    return False
