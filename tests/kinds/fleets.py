"""Small fleets that tests build: a ring road with docks, and spurs on which vehicles park."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from twin.core.parameters import Params
from twin.kinds.dock import Dock
from twin.kinds.fleet import Fleet
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.vehicle import Vehicle
from twin.kinds.waypoint import Waypoint
from twin.plant import Place, Plant, Pose, Product

FLEET = "/Fleet"


def place(
    path: str, params: Params, x: float = 0.0, y: float = 0.0, *following: str, **more: Any
) -> Place:
    return Place(path=path, params=params, pose=Pose((x, y, 0.0)), next=following, **more)


def roads(
    points: Mapping[str, tuple[float, float]], lanes: Sequence[str], **more: Any
) -> tuple[Place, ...]:
    """Waypoints by name, and lanes as texts "A B C": from A to B to C."""
    onward: dict[str, list[str]] = {name: [] for name in points}
    for way in lanes:
        names = way.split()
        for one, two in pairwise(names):
            onward[one] += [f"/{two}"] if f"/{two}" not in onward[one] else []
    return tuple(
        place(f"/{name}", Waypoint(lanes=tuple(onward[name]), **more), *xy)
        for name, xy in points.items()
    )


def shuttle_road(
    *, vehicle: Mapping[str, Any] | None = None, dock: Mapping[str, Any] | None = None,
    source: Mapping[str, Any] | None = None, chargers: tuple[str, ...] = (),
) -> Plant:  # fmt: skip
    """A source at A, a sink at B, 20 m of lane there and 20 m back, one vehicle at H beside A.

    Way: H (0, -5), A (0, 0), B (20, 0); lanes H-A and A-H of 5 m, A-B and B-A of 20 m.
    """
    points = {"H": (0.0, -5.0), "A": (0.0, 0.0), "B": (20.0, 0.0), "C": (20.0, -10.0)}
    docks: dict[str, Any] = dict(dock or {})
    moves: dict[str, Any] = {"speed": 1.0, **(vehicle or {})}
    makes: dict[str, Any] = {"interval": 0.0, "limit": 3, **(source or {})}
    return Plant(
        places=(
            place("/Source", Source(**makes), 0, 0,
                  "/From"),
            place("/From", Dock(waypoint=("/A",), fleet=(FLEET,), **docks), 0, 0, "/To"),
            place("/To", Dock(waypoint=("/B",), **docks), 20, 0, "/Sink"),
            place("/Sink", Sink(), 20, 0),
            *roads(points, ["H A B A H", "B C B"]),
            place(FLEET, Fleet(chargers=chargers)),
            place("/V", Vehicle(fleet=(FLEET,), home=("/H",), **moves)),
        )
    )  # fmt: skip


def ring(
    nodes: int,
    vehicles: int,
    *,
    pitch: float = 5.0,
    vehicle: Mapping[str, Any] | None = None,
    fleet: Mapping[str, Any] | None = None,
    dock: Mapping[str, Any] | None = None,
    source: Mapping[str, Any] | None = None,
    products: tuple[Product, ...] = (Product(name="part"),),
    chargers: int = 0,
) -> Plant:
    """A straight road of waypoints there and a parallel one back, 3 m apart, one-way.

    The source's dock is at the first waypoint, the sink's at the middle one. Vehicles park on
    spurs beside the waypoints, from the second one on; chargers are on further spurs.
    """
    half = nodes // 2
    where = [(k * pitch, 0.0) for k in range(half)]
    where += [((nodes - 1 - k) * pitch, 3.0) for k in range(half, nodes)]
    points = {f"N{k}": xy for k, xy in enumerate(where)}
    lanes = [" ".join([*points, "N0"])]
    spurs = [k for k in range(1, nodes) if k != half]
    for k in range(vehicles + chargers):
        beside = spurs[k % len(spurs)]
        x, y = where[beside]
        off = 2.0 * (1 + k // len(spurs))
        name = f"P{k}" if k < vehicles else f"C{k - vehicles}"
        points[name] = (x + 0.1 * (k // len(spurs)), y - off if y == 0.0 else y + off)
        lanes.append(f"N{beside} {name} N{beside}")
    plugs = tuple(f"/C{k}" for k in range(chargers))
    makes: dict[str, Any] = {"interval": 0.0, **(source or {})}
    docks: dict[str, Any] = {"capacity": 4, **(dock or {})}
    more_docks: dict[str, Any] = {"capacity": 4 + vehicles, **(dock or {})}
    places = (
        place("/Source", Source(**makes), 0, 0, "/From"),
        place("/From", Dock(waypoint=("/N0",), fleet=(FLEET,), **docks), 0, 0, "/To"),
        place("/To", Dock(waypoint=(f"/N{half}",), **more_docks), *where[half], "/Sink"),
        place("/Sink", Sink(), *where[half]),
        *roads(points, lanes),
        place(FLEET, Fleet(chargers=plugs, **dict(fleet or {}))),
        *(
            place(f"/V{k}", Vehicle(fleet=(FLEET,), home=(f"/P{k}",), **dict(vehicle or {})))
            for k in range(vehicles)
        ),
    )  # fmt: skip
    return Plant(places=places, products=products)
