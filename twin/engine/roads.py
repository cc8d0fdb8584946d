"""Paths of vehicles and their loads: along lanes, turning on the spot, between vehicle and dock.

A waypoint has a path for each of its lanes, on which a vehicle looks along the lane; then the same
lanes again for each heading that omnidirectional vehicles keep; and, where vehicles turn on the
spot, one on which the coordinate is the heading [rad]. A dock has two paths, to the vehicle and
back, for each heading with which a vehicle can stand at its waypoint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from twin.core.lane_shape import (
    arrivals,
    course_of,
    fixed_headings,
    lanes_from,
    turns_on_the_spot,
)
from twin.core.parameters import Params, Vector
from twin.kinds.waypoint import Waypoint
from twin.motion import Polyline
from twin.motion.frame import about
from twin.plant import Place, Plant, Pose

__all__ = ["Ground", "ground_of", "roads_of"]

UP = (0.0, 0.0, 1.0)
SPIN = np.arange(-16, 17) * np.pi / 8  # headings from -2 pi to 2 pi [rad]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What vehicles drive on, and how they look."""

    params: Mapping[str, Params]
    xyz: Mapping[str, Vector]
    headings: Mapping[str, list[int]]  # with which vehicles come to each waypoint [urad]
    fixed: list[int]  # headings that vehicles keep [urad]
    spins: bool  # whether vehicles turn on the spot


def ground_of(plant: Plant) -> Ground:
    """The ground of a plant."""
    params = {place.path: place.params for place in plant.places}
    xyz = {place.path: place.pose.xyz for place in plant.places}
    return Ground(
        params=params, xyz=xyz, headings=arrivals(params, xyz), fixed=fixed_headings(params, xyz),
        spins=turns_on_the_spot(params),
    )  # fmt: skip


def roads_of(place: Place, ground: Ground) -> list[Polyline]:
    """The paths of a waypoint, or of a dock."""
    if isinstance(place.params, Waypoint):
        return _lanes(place, ground)
    return [
        way
        for path in getattr(place.params, "waypoint", ())
        for heading in [*ground.headings[path], *ground.fixed]
        for way in _handling(place, Pose(ground.xyz[path], _turned(heading * 1e-6)))
    ]


def _lanes(place: Place, ground: Ground) -> list[Polyline]:
    here, found = place.pose.xyz, list[Polyline]()
    for fixed in (None, *ground.fixed):
        for path, radius in lanes_from(place.params):
            points, headings, s = course_of(here, ground.xyz[path], radius)
            if fixed is not None:
                headings = [fixed * 1e-6] * len(points)
            wxyz = [_turned(each) for each in headings]
            found.append(Polyline(xyz=points, wxyz=wxyz, s=s, where=place.path))
    if ground.spins:
        turns = [_turned(each) for each in SPIN.tolist()]
        found.append(
            Polyline(xyz=[here] * len(turns), wxyz=turns, s=SPIN.tolist(), where=place.path)
        )
    return found


def _handling(place: Place, vehicle: Pose) -> list[Polyline]:
    """The ways of a load from a dock to a vehicle, and back."""
    return [
        _between(place.path, one, two) for one, two in pairwise((place.pose, vehicle, place.pose))
    ]


def _between(where: str, start: Pose, end: Pose) -> Polyline:
    if np.allclose(start.xyz, end.xyz, atol=1e-9):
        return Polyline(xyz=[end.xyz], wxyz=end.wxyz, where=where)
    return Polyline(xyz=[start.xyz, end.xyz], wxyz=[start.wxyz, end.wxyz], where=where)


def _turned(heading: float) -> tuple[float, float, float, float]:
    w, x, y, z = about(UP, heading).tolist()
    return (w, x, y, z)
