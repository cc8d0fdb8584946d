"""What all waypoints, docks, vehicles and fleets of a plant are to one another, looked at once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from twin.core.directory import Surroundings
from twin.core.lane_shape import arrivals, fixed_headings
from twin.core.parameters import Vector

__all__ = ["RoadMap", "road_map"]


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadMap:
    """Where vehicles drive; everything by prim path."""

    params: Mapping[str, Any]  # of every place
    xyz: Mapping[str, Vector]
    knots: Mapping[str, int]  # numbers of the waypoints
    zones: Mapping[str, list[str]]  # waypoints of each zone, by its name
    homes: Mapping[str, list[str]]  # vehicles that are at home at a waypoint
    ends: frozenset[str]  # waypoints that are not driven through: homes and chargers
    delays: Mapping[str, int]  # longest handling time of a dock at a waypoint [ticks]
    fleets: list[str]

    @cached_property
    def headings(self) -> Mapping[str, list[int]]:
        """Headings with which vehicles come to each waypoint [urad]."""
        return arrivals(self.params, self.xyz)

    @cached_property
    def fixed(self) -> list[int]:
        """Headings that vehicles keep [urad]."""
        return fixed_headings(self.params, self.xyz)


def road_map(around: Surroundings) -> RoadMap:
    """The map of a plant; ask for it `once`."""
    params: Mapping[str, Any] = around.params
    knots = [path for path, each in params.items() if hasattr(each, "lanes")]
    zones, homes = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    chargers = set[str]()
    delays: dict[str, int] = {}
    for path in knots:
        zones[params[path].zone].append(path)
    for path, each in params.items():
        for home in getattr(each, "home", ()):
            homes[home].append(path)
        for dock in getattr(each, "waypoint", ()):
            delays[dock] = max(delays.get(dock, 0), round(each.handling_time * 1e6))
        chargers.update(getattr(each, "chargers", ()))
    return RoadMap(
        params=params, xyz=around.xyz,
        knots={path: number for number, path in enumerate(knots)},
        zones=zones, homes=homes, ends=frozenset(homes) | chargers, delays=delays,
        fleets=[path for path, each in params.items() if hasattr(each, "chargers")],
    )  # fmt: skip
